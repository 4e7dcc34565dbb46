"""Facts of cases: opened, finished and the days between, as steps state them through time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from taizhang.core.base.quantity import exact
from taizhang.core.case.fold import CaseWorld, Standing, gather, take
from taizhang.core.case.step import StepRecord
from taizhang.core.counting.fact import Fact
from taizhang.core.definition.case import ENDED_ASIDE, OPENS, WITHDRAWN, CaseKind

#: Places of a case's facts in their record begin here, behind those of any counting rule.
FIRST_ORDINAL = 1_000_000
_COUNTS = ("opened", "finished", "days")

#: (count, record, unit, date, value): what a fold states at one moment.
_Stated = tuple[str, str, str, date, int]


def facts_of_case(
    kind: CaseKind, records: Iterable[StepRecord], world: CaseWorld
) -> tuple[Fact, ...]:
    """Give the facts of a case with the moments at which they came and went.

    Opened and finished speak of the unit that opened the case, so that their ratio means something.
    A fact comes when the fold first states it and goes when the fold no longer does: a reopening
    retires the finish before it at the reopening's own moment.  The result follows from the records
    alone, so that a rebuild gives the same rows.
    """
    every = tuple(records)
    if not kind.counts:
        return ()
    live: dict[_Stated, datetime] = {}
    places: dict[str, int] = {}
    facts: list[Fact] = []
    standing: Standing | None = None
    for moment in _moments(every):
        standing = _known(kind, every, world, moment, standing)
        stated = set(_stated(standing, world))
        for gone in sorted(live.keys() - stated):
            facts.append(_fact(kind, gone, places, live.pop(gone), moment))
        for come in sorted(stated - live.keys()):
            live[come] = moment
    facts += [_fact(kind, stood, places, since, None) for stood, since in sorted(live.items())]
    return tuple(facts)


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


def _stated(standing: Standing | None, world: CaseWorld) -> Iterator[_Stated]:
    if standing is None or standing.state in ENDED_ASIDE:
        return
    counts, unit = standing.kind.counts, standing.opener
    body = world.ownership.bodies.body_on(unit, standing.opened)
    if body is not None:
        unit = body.parent  # figures are of units
    if "opened" in counts and not standing.before_start:
        yield "opened", standing.opening, unit, standing.opened, 1
    if standing.ended is None or not standing.ended_by:
        return
    days = (standing.ended - standing.opened).days
    for count, value in (("finished", 1), ("days", days)):
        if count in counts:
            yield count, standing.ended_by, unit, standing.ended, value


def _fact(
    kind: CaseKind,
    stated: _Stated,
    places: dict[str, int],
    since: datetime,
    until: datetime | None,
) -> Fact:
    count, record, unit, day, value = stated
    place = places[record] = places.get(record, -1) + 1
    return Fact(
        record=record,
        ordinal=FIRST_ORDINAL + place,
        measure=kind.measure(count),
        unit=unit,
        date=day,
        value=exact(value),
        accepted_at=since,
        retired_at=until,
    )
