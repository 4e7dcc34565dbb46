"""The only door to records: what a user may see of the tree, absent and forbidden look alike."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from taizhang.core.base.issue import Issue, Refused
from taizhang.core.counting.credit import CreditState
from taizhang.web.accounts.access import held_then, may, reach
from taizhang.web.accounts.models import User
from taizhang.web.ledger.code import RecordCode
from taizhang.web.ledger.models import Closing, Credit, Evidence, Record
from taizhang.web.units.models import Body, Closure


def codes_for(
    user: User, now: datetime, action: str = "record.read"
) -> QuerySet[Closure, Any] | None:
    """Give the codes below the user's roles as a query of one column, ``None`` for all."""
    reached = reach(user, action)
    if "" in reached:
        return None
    today = timezone.localdate(now)
    rows = Closure.objects.filter(ancestor__in=reached, valid_from__lte=today, valid_to__gte=today)
    codes = rows.values("code")
    beside = Body.objects.filter(Q(code__in=reached) | Q(parent__in=codes))
    return codes.union(beside.order_by().values("code")) if Body.objects.exists() else codes


def crediting(units: Any) -> QuerySet[Credit, Any]:
    """Give the keys of the records that credit one of these units, whatever it answered."""
    return Credit.objects.filter(unit__in=units).values("record_id")


def records_for(user: User, now: datetime) -> QuerySet[Record]:
    """Give the records of the units below the user's roles, and those that credit such a unit."""
    codes = codes_for(user, now)
    if codes is None:
        return Record.objects.all()
    credited = crediting(codes)
    return Record.objects.filter(Q(unit__in=codes) | Q(pk__in=credited))


#: More units than this are found quicker by walking the dates than by looking up each unit.
WIDE = 30


def records_listed(user: User, now: datetime) -> QuerySet[Record]:
    """Give the same records as :func:`records_for`, for a list of which the newest are shown."""
    codes = codes_for(user, now)
    if codes is None:
        return Record.objects.all()
    credited = crediting(codes)
    records = Record.objects.all()
    if codes[: WIDE + 1].count() > WIDE:
        return by_date(records).filter(Q(home__in=codes) | Q(pk__in=credited))
    return records.filter(Q(unit__in=codes) | Q(pk__in=credited))


def by_date(records: QuerySet[Record]) -> QuerySet[Record]:
    """Add ``home``, the unit in a form that no index knows.

    SQLite would fetch every record of many units and sort them; so it walks the index of dates and
    stops when it has enough.  PostgreSQL counts beforehand and chooses rightly by itself.
    """
    home = F("unit") if connection.vendor != "sqlite" else Concat("unit", Value(""))
    return records.annotate(home=home)


def credited_for(user: User, now: datetime) -> QuerySet[Record]:
    """Give the records that credit units below the user's roles and were written by other units.

    Whoever sees every unit has none: no other stands outside.
    """
    codes = codes_for(user, now)
    if codes is None:
        return Record.objects.none()
    return records_for(user, now).exclude(unit__in=codes)


def credits_waiting(user: User, now: datetime) -> QuerySet[Credit]:
    """Give the credits that a person may confirm and nobody has answered, the newest date first."""
    waiting = Credit.objects.filter(state=CreditState.WAITING.value, record__retired_at=None)
    codes = codes_for(user, now, "record.accept")
    if codes is not None:
        waiting = waiting.filter(unit__in=codes)
    return waiting.select_related("record").order_by("-record__date", "-record", "unit")


def closings_for(user: User, now: datetime) -> QuerySet[Closing]:
    """Give the closings of the units below the user's roles."""
    codes = codes_for(user, now)
    return Closing.objects.all() if codes is None else Closing.objects.filter(unit__in=codes)


def record_for(user: User, uid: str, now: datetime) -> Record:
    """Give one record by its id.

    :raises Refused: RECORD_022, the same for absent and forbidden
    """
    record = records_for(user, now).filter(uid=uid).first()
    if record is None:
        raise Refused([Issue(RecordCode.RECORD_022, facts={"id": uid})])
    return record


def evidence_for(user: User, number: int, now: datetime) -> Evidence | None:
    """Give an attached file of a record that the user may see; absent and forbidden look alike."""
    return Evidence.objects.filter(pk=number, record__in=records_for(user, now)).first()


def record_to_change(user: User, uid: str, now: datetime) -> Record:
    """Give one record that the user may add to: one of a unit that they record for.

    :raises Refused: RECORD_022, the same for absent and forbidden
    """
    record = record_for(user, uid, now)
    if not may(user, "record.attach", record.unit):
        raise Refused([Issue(RecordCode.RECORD_022, facts={"id": uid})])
    return record


def record_to_attach(user: User, uid: str, now: datetime) -> Record:
    """Give one record to which the user may add a picture: one that they may change.

    Or their own of a unit that they have left since: its pictures come after it.

    :raises Refused: RECORD_022, the same for absent and forbidden
    """
    own = Record.objects.filter(uid=uid, accepted_by=user).first()
    if own is not None and held_then(user, "record.attach", own.unit, own.date, now):
        return own
    return record_to_change(user, uid, now)
