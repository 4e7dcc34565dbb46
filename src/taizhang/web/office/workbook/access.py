"""The only door to forms of other offices: absent and forbidden look alike."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from taizhang.core.base.issue import Issue, Refused
from taizhang.web.accounts.access import may
from taizhang.web.accounts.models import User
from taizhang.web.ledger.access import codes_for
from taizhang.web.office.code import OfficeCode
from taizhang.web.office.models import FilledForm, OutsideForm
from taizhang.web.units.queries import history


def forms_for(
    user: User, unit: str, now: datetime, action: str = "document.read"
) -> QuerySet[OutsideForm]:
    """Give the forms that a unit fills: its own, those of units above it, and those below that the
    user may read.

    A unit above has put its form there for all below it; whoever may read the unit may read that.
    """
    tree = history().tree(timezone.localdate(now))
    mine = codes_for(user, now, action)
    reads = action == "document.read" and may(user, action, unit)
    above = [unit, *tree.ancestors(unit)] if reads else []
    rows = OutsideForm.objects.filter(dropped_at=None).order_by("unit", "title", "pk")
    if mine is None:
        below = [below.code for below in tree.below(unit)]
        return rows.filter(unit__in=[*below, unit, *tree.ancestors(unit)])
    return rows.filter(Q(unit__in=above) | Q(unit__in=mine))


def form_for(
    user: User, unit: str, number: int, now: datetime, action: str = "document.read"
) -> OutsideForm:
    """Give one form that a unit fills.

    :raises Refused: OFFICE_015, the same for absent and forbidden
    """
    form = forms_for(user, unit, now, action).filter(pk=number).first()
    if form is None:
        raise Refused([Issue(OfficeCode.OFFICE_015)])
    return form


def filled_for(user: User, now: datetime) -> QuerySet[FilledForm]:
    """Give the filled forms of units below the user's roles, the last first, books left sealed."""
    codes = codes_for(user, now, "document.read")
    rows = FilledForm.objects.defer("content").filter(form__dropped_at=None).order_by("-pk")
    return rows if codes is None else rows.filter(unit__in=codes)
