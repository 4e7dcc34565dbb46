"""What a person fills in to make an address for a program."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from taizhang.web.accounts.access import home_unit, tops_reached
from taizhang.web.accounts.models import User
from taizhang.web.exchange.models import NAME, Kind
from taizhang.web.units.queries import history

DAYS = ((30, _("30 days")), (90, _("90 days")), (180, _("half a year")), (365, _("a year")))


class TokenForm(forms.Form):
    """Kind, name, unit and life of an address."""

    kind = forms.ChoiceField(label=_("For"), choices=Kind.choices, initial=Kind.PHONE)
    name = forms.CharField(
        label=_("Name"),
        max_length=NAME,
        help_text=_("What you will know it by, such as: my phone, office computer."),
    )
    unit = forms.ChoiceField(label=_("Unit"))
    days = forms.TypedChoiceField(label=_("Usable for"), choices=DAYS, coerce=int, initial=180)

    def __init__(self, user: User, now: datetime, data: Any = None) -> None:
        super().__init__(data, initial={"unit": home_unit(user, now)})
        tree = history().tree(timezone.localdate(now))
        tops = tops_reached(user, "token.own", tree)
        units = {unit.code: unit.name for top in tops for unit in tree.below(top.code)}
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = sorted(units.items())
