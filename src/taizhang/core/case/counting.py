"""Facts of cases: opened, finished and the days between, as steps state them through time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from taizhang.core.base.quantity import Quantity, exact, from_answer
from taizhang.core.case.fold import CaseWorld, Standing, gather, take
from taizhang.core.case.step import Line, StepRecord, holds
from taizhang.core.counting.fact import Fact, dims_of, dims_text
from taizhang.core.definition.case import ENDED_ASIDE, OPENS, WITHDRAWN, CaseKind, StepCount

#: Places of a case's facts in their record begin here, behind those of any counting rule.
FIRST_ORDINAL = 1_000_000


class _Stated(NamedTuple):
    """What a fold states at one moment; a record states a measure once."""

    measure: str
    record: str
    unit: str
    day: date
    dims: str
    value: Quantity

    @property
    def place(self) -> tuple[str, ...]:
        """Give by what statements of one moment are told apart and stand in order."""
        return self.measure, self.record


def facts_of_case(
    kind: CaseKind, records: Iterable[StepRecord], world: CaseWorld
) -> tuple[Fact, ...]:
    """Give the facts of a case with the moments at which they came and went.

    All speak of the unit that opened the case, so that their ratios mean something, and are told
    apart by the answers of its opening.  Nothing is stated of days before the kind's first day.
    A fact comes when the fold first states it and goes when the fold no longer does: a reopening
    retires the finish before it at the reopening's own moment.  The result follows from the records
    alone, so that a rebuild gives the same rows.
    """
    every = tuple(records)
    if not kind.counted:
        return ()
    by_name = {record.record: record for record in every}
    live: dict[_Stated, datetime] = {}
    places: dict[str, int] = {}
    facts: list[Fact] = []
    standing: Standing | None = None
    for moment in _moments(every):
        standing = _known(kind, every, world, moment, standing)
        stated = set(_stated(standing, by_name, world))
        for gone in _ordered(live.keys() - stated):
            facts.append(_fact(gone, places, live.pop(gone), moment))
        for come in stated - live.keys():
            live[come] = moment
    facts += [_fact(stood, places, live[stood], None) for stood in _ordered(live)]
    return tuple(facts)


def _ordered(stated: Iterable[_Stated]) -> list[_Stated]:
    return sorted(stated, key=lambda each: each.place)


def _known(
    kind: CaseKind,
    records: tuple[StepRecord, ...],
    world: CaseWorld,
    moment: datetime,
    before: Standing | None,
) -> Standing | None:
    """Give where the case stands as known at a moment; one step more is taken, else all folded."""
    fresh = [record for record in records if record.accepted_at == moment]
    gone = any(record.retired_at == moment for record in records)
    if before is not None and len(fresh) == 1 and not gone and before.state != WITHDRAWN:
        (record,) = fresh
        if record.step != OPENS and record.order > before.last:
            return take(before, record, world)
    return gather(kind, records, world, date.max, moment)


def _moments(records: tuple[StepRecord, ...]) -> list[datetime]:
    """Give every moment at which knowledge of the case changed."""
    retired = (record.retired_at for record in records if record.retired_at is not None)
    return sorted({*(record.accepted_at for record in records), *retired})


def _stated(
    standing: Standing | None, by_name: Mapping[str, StepRecord], world: CaseWorld
) -> Iterator[_Stated]:
    if standing is None or standing.state in ENDED_ASIDE:
        return
    kind, unit = standing.kind, standing.opener
    body = world.ownership.bodies.body_on(unit, standing.opened)
    if body is not None:
        unit = body.parent  # figures are of units
    opening = by_name[standing.opening]
    dims = dims_text(
        {name: text for name, field in kind.by.items() if (text := opening.text(field))}
    )
    for measure, record, day, value in (*_counts(standing), *_steps(standing, by_name)):
        if kind.start is None or day >= kind.start:
            yield _Stated(measure, record, unit, day, dims, value)


#: (measure, record, day, value)
_Counted = tuple[str, str, date, Quantity]


def _counts(standing: Standing) -> Iterator[_Counted]:
    """Count the opening and the end of a case."""
    kind, ended = standing.kind, standing.ended
    if "opened" in kind.counts and not standing.before_start:
        yield kind.measure("opened"), standing.opening, standing.opened, exact(1)
    if ended is None or not standing.ended_by:
        return
    days = (ended - standing.opened).days
    for count, value in (("finished", 1), ("days", days)):
        if count in kind.counts:
            yield kind.measure(count), standing.ended_by, ended, exact(value)


def _steps(standing: Standing, by_name: Mapping[str, StepRecord]) -> Iterator[_Counted]:
    """Count the steps that have effect and that no later one has led back behind."""
    if not standing.kind.measures:
        return
    done, kind = _held(standing), standing.kind
    counted: dict[str, list[StepRecord]] = {}
    for measure, count in kind.measures.items():
        own = [by_name[line.record] for line in done if line.step in count.steps]
        latest = own if count.value else own[-1:]
        counted[measure] = [
            record for record in latest if holds(count.when, record.answers, record.date)
        ]
    for measure, count in kind.measures.items():
        if not any(counted[other] for other in count.unless):
            for record in counted[measure]:
                yield measure, record.record, record.date, _value(count, record)


def _held(standing: Standing) -> list[Line]:
    """Give the steps with effect, but for those that a later one has led back behind."""
    places = {state: place for place, state in enumerate(standing.kind.states)}
    held: list[Line] = []
    lowest = len(places)
    for line in reversed([line for line in standing.line if line.record and line.effect]):
        place = places.get(line.state, 0)
        if place <= lowest:
            held.append(line)
        lowest = min(lowest, place)
    return held[::-1]


def _value(count: StepCount, record: StepRecord) -> Quantity:
    return from_answer(record.answers.get(count.value)) if count.value else exact(1)


def _fact(stated: _Stated, places: dict[str, int], since: datetime, until: datetime | None) -> Fact:
    place = places[stated.record] = places.get(stated.record, -1) + 1
    return Fact(
        record=stated.record,
        ordinal=FIRST_ORDINAL + place,
        measure=stated.measure,
        unit=stated.unit,
        date=stated.day,
        value=stated.value,
        dimensions=dims_of(stated.dims),
        accepted_at=since,
        retired_at=until,
    )
