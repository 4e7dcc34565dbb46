"""Reads of the ledger: records, entities and what is due."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from taizhang.core.fact import Record as Submission
from taizhang.core.period import Period
from taizhang.core.unit import History
from taizhang.web.accounts.models import User
from taizhang.web.ledger.access import closings_for, record_for, records_for
from taizhang.web.ledger.closings import day_end
from taizhang.web.ledger.models import Closing, EntityState, Evidence, Fact, Record
from taizhang.web.units.queries import history


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilter:
    """Which records are wanted; every part may be left away."""

    unit: str = ""  # and everything below it today
    form: str = ""  # qualified
    first_day: date | None = None
    last_day: date | None = None
    live: bool = False  # neither replaced nor withdrawn, and no withdrawal itself


def records_list(
    *, acting_user: User, wanted: RecordFilter, now: datetime, limit: int | None = None
) -> Sequence[Record]:
    """Give records that the user may see, the newest date first."""
    found = _filtered(records_for(acting_user, now), wanted, now)
    ordered = found.select_related("replaces", "withdraws").order_by("-date", "-pk")
    return list(ordered if limit is None else ordered[:limit])


def _filtered(found: QuerySet[Record], wanted: RecordFilter, now: datetime) -> QuerySet[Record]:
    if wanted.unit:
        homes = history().tree(timezone.localdate(now)).homes(wanted.unit)
        found = found.filter(unit__in=[wanted.unit, *homes])
    if wanted.form:
        found = found.filter(form=wanted.form)
    if wanted.first_day:
        found = found.filter(date__gte=wanted.first_day)
    if wanted.last_day:
        found = found.filter(date__lte=wanted.last_day)
    if wanted.live:
        found = found.filter(retired_at=None, withdraws=None)
    return found


@dataclass(frozen=True, slots=True)
class RecordShown:
    """A record with what it states and what became of it."""

    record: Record
    answers: Mapping[str, Any]
    facts: Sequence[Fact]
    evidence: Sequence[Evidence]
    followed_by: Record | None  # the record that replaced or withdrew it


def record_show(*, acting_user: User, uid: str, now: datetime) -> RecordShown:
    """Give one record by its id.

    :raises Refused: RECORD_022
    """
    record = record_for(acting_user, uid, now)
    later = Record.objects.filter(Q(replaces=record) | Q(withdraws=record)).first()
    facts = Fact.objects.filter(record=record).order_by("ordinal", "unit")
    evidence = Evidence.objects.filter(record=record).order_by("pk")
    return RecordShown(record, json.loads(record.answers), list(facts), list(evidence), later)


def closings_list(
    *,
    acting_user: User,
    now: datetime,
    unit: str = "",
    pack: str = "",
    period: Period | None = None,
) -> Sequence[Closing]:
    """Give the closings that people made and the user may see, by month, pack and unit."""
    found = closings_for(acting_user, now).order_by("month", "pack", "unit")
    if unit:
        homes = history().tree(timezone.localdate(now)).homes(unit)
        found = found.filter(unit__in=[unit, *homes])
    if pack:
        found = found.filter(pack=pack)
    if period is not None:
        found = found.filter(month__gte=period.first.number, month__lte=period.last.number)
    return list(found)


class LedgerEntities:
    """The entities of the instance as a Book asks for them (``core.book.EntityStates``)."""

    def __init__(self, history: History) -> None:
        self._history = history

    def states(
        self, dataset: str, unit: str, on: date, as_of: date | None
    ) -> Sequence[Mapping[str, object]]:
        """Give each entity of a dataset below ``unit`` as its latest record by ``on`` says.

        Besides the properties its form saves, each has ``entity``, ``unit``, ``label``, ``date``
        and ``due`` (a day or ``None``).  ``as_of`` keeps what the ledger had accepted and not yet
        retired by that day's end.
        """
        codes = [unit, *self._history.tree(on).homes(unit)]
        found = EntityState.objects.filter(
            entity__dataset=dataset, entity__unit__in=codes, date__lte=on
        )
        found = found.filter(_stood(as_of))
        ordered = found.select_related("entity").order_by(
            "entity__unit", "entity__key", "entity_id", "-date", "-pk"
        )
        latest: dict[int, EntityState] = {}
        for state in ordered:
            latest.setdefault(state.entity_id, state)
        return [_state_shown(state) for state in latest.values()]


class LedgerRecords:
    """The records of the instance as a Book asks for them (``core.book.Records``)."""

    def __init__(self, history: History) -> None:
        self._history = history

    def latest(
        self, form: str, unit: str, period: Period, limit: int, as_of: date | None
    ) -> Sequence[Submission]:
        """Give the last ``limit`` live records of a form below ``unit``, oldest first."""
        codes = [unit, *self._history.tree(period.end).homes(unit)]
        found = Record.objects.filter(
            _stood(as_of),
            form=form,
            unit__in=codes,
            withdraws=None,
            date__gte=period.start,
            date__lte=period.end,
        ).order_by("-date", "-pk")[:limit]
        return [
            Submission(
                id=one.uid,
                form=one.form,
                unit=one.unit,
                date=one.date,
                answers=json.loads(one.answers),
                accepted_at=one.accepted_at,
            )
            for one in reversed(found)
        ]


def _stood(as_of: date | None) -> Q:
    """Keep what the ledger had accepted and not yet retired by a day's end; ``None`` is now."""
    if as_of is None:
        return Q(retired_at=None)
    end = day_end(as_of)
    return Q(accepted_at__lt=end) & (Q(retired_at=None) | Q(retired_at__gte=end))


def _state_shown(state: EntityState) -> dict[str, object]:
    shown: dict[str, object] = dict(json.loads(state.properties))
    shown.update(
        entity=state.entity.key,
        unit=state.entity.unit,
        label=state.label,
        date=state.date,
        due=state.due,
    )
    return shown


def entities_due(
    *, unit: str, on: date, dataset: str, as_of: date | None = None
) -> Sequence[Mapping[str, object]]:
    """Give the entities below a unit whose due date has passed on a day, the longest due first."""
    states = LedgerEntities(history()).states(dataset, unit, on, as_of)
    late = [(due, state) for state in states if isinstance(due := state["due"], date) and due < on]
    return [state for _, state in sorted(late, key=lambda pair: pair[0])]
