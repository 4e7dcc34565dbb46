"""The fold of things: what their records say, merges of two that are one, and counts.

A thing is one for every pack whose forms write its list.  Merging joins the records of things that
turned out to be one; undoing the merge parts them again, as nothing was rewritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from taizhang.core.base.literal import day_read
from taizhang.core.base.number_label import is_given_id
from taizhang.core.definition.thing import ThingKind, kind_of
from taizhang.core.unit.ownership import Ownership

Day = date


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingRecord:
    """What one record says of one thing.

    ``uid`` names the thing: the unit whose record named it first, a colon, and the name that this
    record gave it, as facts name entities.
    """

    record: str
    uid: str
    unit: str
    date: Day
    accepted_at: datetime
    properties: Mapping[str, object]
    retired_at: datetime | None = None

    @property
    def order(self) -> tuple[Day, datetime, str]:
        """Give its place in the line of time."""
        return (self.date, self.accepted_at, self.record)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingMerge:
    """A sealed act: ``gone`` is the same thing as ``kept``; undone from ``undone_at`` on."""

    kept: str
    gone: str
    accepted_at: datetime
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingState:
    """A thing on a day.  ``unit`` has it then; a merged thing stands under the one that is kept."""

    uid: str
    kind: str
    number: str
    name: str
    place: str
    unit: str
    since: Day
    ended: Day | None
    due: Day | None
    last: Day  # of its latest record
    merged: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """Give ``standing`` or ``ended``."""
        return "standing" if self.ended is None else "ended"

    def as_json(self) -> Mapping[str, object]:
        """Give the thing as the command `things` prints it."""
        return {
            "number": self.number,
            "name": self.name,
            "kind": self.kind,
            "place": self.place,
            "unit_code": self.unit,
            "state": self.state,
            "due": None if self.due is None else self.due.isoformat(),
        }


def _stands(since: datetime, until: datetime | None, as_of: datetime | None) -> bool:
    if as_of is None:
        return until is None
    return since <= as_of and (until is None or until > as_of)


def fold_things(
    kinds: Sequence[ThingKind],
    records: Iterable[ThingRecord],
    merges: Iterable[ThingMerge],
    ownership: Ownership,
    on: date,
    as_of: datetime | None = None,
    numbers: Mapping[str, str] | None = None,
) -> Mapping[str, ThingState]:
    """Give every thing of a list on a day by uid, as known at a moment (``None`` is the present).

    A thing that no kind takes is left out.

    :param kinds: of the list
    :param numbers: by uid the numbers that the software gave; one that people gave before goes on
    """
    kept = heirs(merges, as_of)
    grouped: dict[str, list[ThingRecord]] = {}
    for record in records:
        if record.date <= on and _stands(record.accepted_at, record.retired_at, as_of):
            grouped.setdefault(kept.get(record.uid, record.uid), []).append(record)
    given = numbers or {}
    states: dict[str, ThingState] = {}
    for uid, own in sorted(grouped.items()):
        own.sort(key=lambda record: record.order)
        kind = kind_of(kinds, _latest(own))
        if kind is not None:
            states[uid] = _state(kind, uid, own, ownership, on, given)
    return states


def _answered(record: ThingRecord) -> Mapping[str, object]:
    return {name: value for name, value in record.properties.items() if value not in (None, "")}


def _latest(records: Sequence[ThingRecord]) -> Mapping[str, object]:
    """Give the last answer to each property."""
    return {name: value for record in records for name, value in _answered(record).items()}


def heirs(merges: Iterable[ThingMerge], as_of: datetime | None) -> Mapping[str, str]:
    """Give for each merged thing the one it is in the end; a circle is cut where it would close."""
    joined: dict[str, str] = {}
    for merge in sorted(merges, key=lambda merge: (merge.accepted_at, merge.gone)):
        kept = joined.get(merge.kept, merge.kept)
        if kept == merge.gone or not _stands(merge.accepted_at, merge.undone_at, as_of):
            continue
        joined = {gone: kept if heir == merge.gone else heir for gone, heir in joined.items()}
        joined[merge.gone] = kept
    return joined


def _state(
    kind: ThingKind,
    uid: str,
    records: Sequence[ThingRecord],
    ownership: Ownership,
    on: date,
    numbers: Mapping[str, str],
) -> ThingState:
    """Fold the records of one thing: of each property the last answer stands."""
    properties: dict[str, object] = {}
    ended: date | None = None
    for record in records:
        properties.update(_answered(record))
        due = record.properties.get(kind.due)
        if kind.due in record.properties and due in (None, ""):
            properties.pop(kind.due, None)
        over = kind.over(properties)
        ended = (ended or record.date) if over else None
    last, key = records[-1], uid.partition(":")[2]
    # What was merged into it had its own number, too.
    named = _latest([record for record in records if record.uid == uid])
    return ThingState(
        uid=uid,
        kind=kind.key,
        number=numbers.get(uid) or kind.adopted(named),
        name=str(properties.get(kind.name) or (kind.label if is_given_id(key) else key)),
        place=str(properties.get(kind.place_field) or ""),
        unit=ownership.holder(last.unit, last.date, on).code,
        since=records[0].date,
        ended=ended,
        due=None if ended is not None else _day(properties.get(kind.due)),
        last=last.date,
        merged=tuple(sorted({record.uid for record in records} - {uid})),
    )


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else day_read(str(value or "")[:10])


def counted(
    what: str, things: Iterable[ThingState], units: frozenset[str], first: date, last: date
) -> int:
    """Count things of some units, as they stand on ``last``.

    :param what: ``new`` or ``ended`` between the two days, ``standing`` or ``overdue`` on the last
    """
    return sum(1 for thing in things if thing.unit in units and _counts(what, thing, first, last))


def _counts(what: str, thing: ThingState, first: date, last: date) -> bool:
    if what == "new":
        return first <= thing.since <= last
    if what == "ended":
        return thing.ended is not None and first <= thing.ended <= last
    if what == "overdue":
        return thing.due is not None and thing.due < last
    return thing.ended is None


def thing_uids(named: Iterable[tuple[str, str, date]], ownership: Ownership) -> Iterator[str]:
    """Give the uid of each (unit, name, date) in their order.

    People number their boards 1, 2, 3 in every community, so a name holds inside the unit that used
    it first; whoever holds what that unit had goes on with the same thing.
    """
    begun: dict[str, list[tuple[str, date]]] = {}
    for unit, name, day in named:
        known = begun.setdefault(name, [])
        for first, since in known:
            if unit == first or ownership.holder(first, since, day).code == unit:
                yield f"{first}:{name}"
                break
        else:
            known.append((unit, day))
            yield f"{unit}:{name}"
