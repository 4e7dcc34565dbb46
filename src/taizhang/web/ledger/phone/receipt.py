"""What a record that was just taken in counted for, and which blank answers left a number open."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from taizhang.core.base.issue import Refused
from taizhang.core.base.quantity import QuantityKind
from taizhang.core.counting.credit import CreditState
from taizhang.web.accounts.models import User
from taizhang.web.ledger.queries import record_show
from taizhang.web.ledger.record.credit import credits_shown
from taizhang.web.ledger.record.present import blanks_named, facts_shown
from taizhang.web.ledger.registry import NOTES
from taizhang.web.programmes.queries import programmes_on
from taizhang.web.units.queries import history

#: So many values of one measure are written out; the record's page has them all.
MOST_VALUES = 4


def counted(user: User, uid: str, now: datetime) -> dict[str, list[str]]:
    """Give what a record counted for and what it left open, in words (plain JSON).

    Nothing of a record that its sender may not see any more, having moved.
    """
    try:
        detail = record_show(acting_user=user, uid=uid, now=now)
    except Refused:
        return {}
    record = detail.record
    programmes = programmes_on(timezone.localdate(now))
    tree = history().tree(timezone.localdate(now))
    own = [
        fact
        for fact in detail.facts
        if fact.unit not in record.with_units.split() and fact.kind != QuantityKind.MISSING
    ]
    values_of: dict[str, list[str]] = {}
    for row in facts_shown(own, programmes, tree):
        values_of.setdefault(row.label, []).append(row.value)
    lines = []
    for label, values in values_of.items():
        several = "、".join(dict.fromkeys(values[:MOST_VALUES]))
        lines.append(f"{label} {several}{'…' if len(values) > MOST_VALUES else ''}")
    lines += [
        _("%(unit)s: counts there once it confirms") % {"unit": credit.unit_name}
        for credit in credits_shown(user, record, tree, now)
        if credit.state is CreditState.WAITING
    ]
    return {"counted": lines, "blank": blanks_named(record, detail.answers)}


def noted(uid: str, now: datetime) -> list[str]:
    """Give what the apps above say of a record that was just taken in."""
    return [words for note in NOTES for words in note(uid, now)]
