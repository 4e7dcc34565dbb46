"""Reads of the ledger: records, closings and entities."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from taizhang.core.base.period import Period
from taizhang.core.counting.credit import CreditState
from taizhang.core.counting.fact import Submission
from taizhang.core.unit.ownership import Ownership
from taizhang.core.unit.tree import History
from taizhang.web.accounts.models import User
from taizhang.web.ledger import models
from taizhang.web.ledger.access import closings_for, credits_waiting, record_for, records_for
from taizhang.web.ledger.facts.closing import day_end
from taizhang.web.units.queries import bodies, history, homes


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilter:
    """Which records are wanted; every part may be left away."""

    unit: str = ""  # and everything below it today
    form: str = ""  # qualified
    first_day: date | None = None
    last_day: date | None = None
    waiting: bool = False  # for the user to confirm it as held together
    live: bool = False  # neither replaced nor withdrawn, and no withdrawal itself


def records_list(
    *, acting_user: User, wanted: RecordFilter, now: datetime, limit: int | None = None
) -> Sequence[models.Record]:
    """Give records that the user may see, the newest date first."""
    records = _filtered(records_for(acting_user, now), wanted, now)
    if wanted.waiting:
        waiting = credits_waiting(acting_user, now).values("record_id")
        records = records.filter(pk__in=waiting.order_by())
    ordered = records.select_related("replaces", "withdraws").order_by("-date", "-pk")
    return list(ordered if limit is None else ordered[:limit])


def units_waiting(records: Sequence[models.Record]) -> Mapping[int, Sequence[str]]:
    """Name the units whose confirmation standing records wait for, by the key of the record."""
    waiting: dict[int, list[str]] = {}
    joint = [record.pk for record in records if record.with_units and record.retired_at is None]
    rows = models.Credit.objects.filter(record__in=joint, state=CreditState.WAITING.value)
    for record, unit in rows.order_by("record", "unit").values_list("record_id", "unit"):
        waiting.setdefault(record, []).append(unit)
    return waiting


def _filtered(
    records: QuerySet[models.Record], wanted: RecordFilter, now: datetime
) -> QuerySet[models.Record]:
    if wanted.unit:
        records = records.filter(unit__in=homes(wanted.unit, timezone.localdate(now)))
    if wanted.form:
        records = records.filter(form=wanted.form)
    if wanted.first_day:
        records = records.filter(date__gte=wanted.first_day)
    if wanted.last_day:
        records = records.filter(date__lte=wanted.last_day)
    if wanted.live:
        records = records.filter(retired_at=None, withdraws=None)
    return records


@dataclass(frozen=True, slots=True)
class RecordDetail:
    """A record with what it states and what became of it."""

    record: models.Record
    answers: Mapping[str, Any]
    facts: Sequence[models.Fact]
    evidence: Sequence[models.Evidence]
    followed_by: models.Record | None  # the record that replaced or withdrew it
    open: frozenset[int]  # keys of those beside it in its chain that the user may see too


def record_show(*, acting_user: User, uid: str, now: datetime) -> RecordDetail:
    """Give one record by its id.

    :raises Refused: RECORD_022
    """
    record = record_for(acting_user, uid, now)
    later = models.Record.objects.filter(Q(replaces=record) | Q(withdraws=record)).first()
    facts = models.Fact.objects.filter(record=record).order_by("ordinal", "unit")
    evidence = models.Evidence.objects.filter(record=record).order_by("pk")
    beside = [later and later.pk, record.replaces_id, record.withdraws_id]
    seen = records_for(acting_user, now).filter(pk__in=[key for key in beside if key])
    answers = json.loads(record.answers)
    keys = frozenset(seen.values_list("pk", flat=True))
    return RecordDetail(record, answers, list(facts), list(evidence), later, keys)


def closings_list(
    *,
    acting_user: User,
    now: datetime,
    unit: str = "",
    pack: str = "",
    period: Period | None = None,
) -> Sequence[models.Closing]:
    """Give the closings that people made and the user may see, by month, pack and unit."""
    closings = closings_for(acting_user, now).order_by("month", "pack", "unit")
    if unit:
        codes = history().tree(timezone.localdate(now)).homes(unit)
        closings = closings.filter(unit__in=[unit, *codes])
    if pack:
        closings = closings.filter(pack=pack)
    if period is not None:
        closings = closings.filter(month__gte=period.first.number, month__lte=period.last.number)
    return list(closings)


#: A Book that asks for the things of so many units one by one gets those of all units at once.
MANY_UNITS = 3

States = Sequence[Mapping[str, object]]


class LedgerEntities:
    """The entities of the instance as a Book asks for them (``core.book.EntityStates``).

    What was answered once is kept as long as the Book: the score of a district asks again and
    again, for a hundred units, about the same day.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._told: dict[tuple[str, date, date | None], dict[str, States]] = {}  # by unit asked
        self._all: dict[tuple[str, date, date | None], Mapping[str, States]] = {}  # by own unit

    def states(self, dataset: str, unit: str, on: date, as_of: date | None) -> States:
        """Give each entity of a dataset below ``unit`` as its latest record by ``on`` says.

        Besides the properties its form saves, each has ``entity``, ``unit``, ``label``, ``date``
        and ``due`` (a day or ``None``).  ``as_of`` keeps what the ledger had accepted and not yet
        retired by that day's end.
        """
        asked = (dataset, on, as_of)
        told = self._told.setdefault(asked, {})
        if unit not in told:
            codes = [unit, *self._history.tree(on).homes(unit)]
            if asked not in self._all and len(told) + 1 >= MANY_UNITS:
                self._all[asked] = _by_unit(_states(*asked))
            whole = self._all.get(asked)
            if whole is None:
                told[unit] = _states(*asked, codes)
            else:
                told[unit] = [state for code in sorted(set(codes)) for state in whole.get(code, ())]
        return told[unit]


def _states(
    dataset: str, on: date, as_of: date | None, units: Sequence[str] | None = None
) -> list[Mapping[str, object]]:
    """Give the latest states by ``on``, of all units or of those named, by unit and key."""
    states = models.EntityState.objects.filter(_stood(as_of), entity__dataset=dataset, date__lte=on)
    if units is not None:
        states = states.filter(entity__unit__in=units)
    ordered = states.order_by("entity__unit", "entity__key", "entity_id", "-date", "-pk")
    columns = ("entity_id", "entity__key", "entity__unit", "label", "date", "due", "properties")
    shown: list[Mapping[str, object]] = []
    last = None
    for entity, key, unit, label, day, due, properties in ordered.values_list(*columns):
        if entity != last:
            named = {"entity": key, "unit": unit, "label": label, "date": day, "due": due}
            shown.append({**json.loads(properties), **named})
            last = entity
    return shown


def _by_unit(states: States) -> Mapping[str, States]:
    by_unit: dict[str, list[Mapping[str, object]]] = {}
    for state in states:
        by_unit.setdefault(str(state["unit"]), []).append(state)
    return by_unit


class LedgerRecords:
    """The records of the instance as a Book asks for them (``core.book.Records``)."""

    def __init__(self, history: History) -> None:
        self._history = history

    def latest(
        self, form: str, unit: str, period: Period, limit: int, as_of: date | None
    ) -> Sequence[Submission]:
        """Give the last ``limit`` live records of a form below ``unit``, oldest first."""
        codes = homes(unit, period.end, Ownership(self._history, bodies()))
        records = models.Record.objects.filter(
            _stood(as_of),
            form=form,
            unit__in=codes,
            withdraws=None,
            date__gte=period.start,
            date__lte=period.end,
        ).order_by("-date", "-pk")[:limit]
        return [
            Submission(
                id=stored.uid,
                form=stored.form,
                unit=stored.unit,
                date=stored.date,
                answers=json.loads(stored.answers),
                pack_version=stored.pack_version,
                accepted_at=stored.accepted_at,
            )
            for stored in reversed(records)
        ]


def _stood(as_of: date | None) -> Q:
    """Keep what the ledger had accepted and not yet retired by a day's end; ``None`` is now."""
    if as_of is None:
        return Q(retired_at=None)
    end = day_end(as_of)
    return Q(accepted_at__lt=end) & (Q(retired_at=None) | Q(retired_at__gte=end))
