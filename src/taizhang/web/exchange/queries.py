"""Reads for programs: the forms of a unit and the lists from which they pick."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from taizhang.core.form import Form
from taizhang.core.form.phone import xform
from taizhang.core.form.picked import list_of
from taizhang.core.issue import Issue, Refused
from taizhang.web.exchange.code import ExchangeCode
from taizhang.web.ledger.queries import LedgerEntities
from taizhang.web.programmes.queries import programmes_on
from taizhang.web.units.queries import history


@dataclass(frozen=True, slots=True)
class Offered:
    """A form that a unit may fill in, and the title of the pack that it belongs to."""

    form: Form
    pack: str

    @property
    def content(self) -> bytes:
        """Give the XForm as it is served."""
        return xform(self.form)[0].encode()

    @property
    def lists(self) -> tuple[str, ...]:
        """Name the lists of things from which its fields pick."""
        return tuple(dict.fromkeys(name for one in self.form.fields if (name := list_of(one))))


def forms_offered(unit: str, now: datetime) -> Mapping[str, Offered]:
    """Give the forms of the packs in force that a unit keeps, by qualified key."""
    today = timezone.localdate(now)
    found = history().unit_on(unit, today)
    if found is None:
        return {}
    return {
        key: Offered(form, pack.label)
        for pack in programmes_on(today).packs
        if found.kind in pack.unit_kinds
        for key, form in pack.forms.items()
    }


def form_offered(unit: str, form_id: str, now: datetime) -> Offered:
    """Give one form of a unit.

    :raises Refused: EXCHANGE_010
    """
    found = forms_offered(unit, now).get(form_id)
    if found is None:
        raise Refused([Issue(ExchangeCode.EXCHANGE_010)])
    return found


def list_content(unit: str, dataset: str, now: datetime) -> bytes:
    """Give the things of a unit that records have begun, as CSV: name, label, what they keep."""
    today = timezone.localdate(now)
    states = LedgerEntities(history()).states(dataset, unit, today, None)
    own = {"entity", "unit", "label", "date", "due", "name"}
    columns = sorted({name for one in states for name in one} - own)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["name", "label", *columns])
    for one in states:
        kept = [one.get(name, "") for name in columns]
        writer.writerow([one["entity"], one["label"] or one["entity"], *kept])
    return out.getvalue().encode()
