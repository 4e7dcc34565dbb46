"""The counts of things as a Book asks for them: the present by SQL, the past folded anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property

from django.db.models import Q

from taizhang.core.case.step import end_of
from taizhang.core.thing.fold import ThingState, counted, fold_things
from taizhang.core.unit.ownership import Ownership
from taizhang.core.unit.tree import History
from taizhang.web.things.kinds import Kinds, owners_now
from taizhang.web.things.models import Thing
from taizhang.web.things.records import (
    entities_of,
    grouped,
    merges,
    numbers_of,
    thing_records,
)

#: A Book that asks for so many units one by one gets the things of all units folded at once.
MANY_UNITS = 3

States = Mapping[str, ThingState]


class StoredThings:
    """Answers counts over things (``core.book.ThingStates``)."""

    def __init__(self, history: History, today: date) -> None:
        self._history = history
        self._today = today
        self._told: dict[tuple[str, date, date | None], dict[str, States]] = {}  # by unit asked

    @cached_property
    def _kinds(self) -> Kinds:
        return Kinds(self._today)

    @cached_property
    def _owners(self) -> Ownership:
        return owners_now()

    def things(
        self, kind: str, what: str, unit: str, first: date, last: date, as_of: date | None
    ) -> int:
        """Count things at a unit and below: new or ended in a period, standing or overdue after."""
        homes = frozenset(self._history.tree(last).homes(unit)) | {unit}
        if as_of is None and last >= self._today:
            stored = Thing.objects.filter(kind=kind, unit__in=sorted(homes))
            return stored.filter(_counted(what, first, last)).count()
        states = self._states(kind, unit, sorted(homes), last, as_of).values()
        of_kind = (state for state in states if state.kind == kind)
        return counted(what, of_kind, homes, first, last)

    def _states(
        self, kind: str, unit: str, homes: Sequence[str], on: date, as_of: date | None
    ) -> States:
        known = self._kinds.now.get(kind)
        if known is None:
            return {}
        told = self._told.setdefault((known.dataset, on, as_of), {})
        if "" in told:
            return told[""]
        if unit not in told and len(told) + 1 >= MANY_UNITS:
            told[""] = things_on(known.dataset, self._kinds, self._owners, on, as_of)
            return told[""]
        if unit not in told:
            told[unit] = things_on(known.dataset, self._kinds, self._owners, on, as_of, homes)
        return told[unit]


def things_on(
    dataset: str,
    kinds: Kinds,
    owners: Ownership,
    on: date,
    as_of: date | None,
    units: Iterable[str] | None = None,
) -> States:
    """Give the things of a list by uid as they stood on a day, by what was known at a day's end.

    :param units: only what these units named first, with what is one thing with any of it
    """
    merged = merges(dataset)
    entities = None
    if units is not None:
        entities = grouped(dataset, entities_of(dataset, frozenset(units)), merged)
    records = [*thing_records(dataset, entities, kinds)]
    known = None if as_of is None else end_of(as_of)
    numbers = numbers_of({record.uid for record in records})
    return fold_things(kinds.lists[dataset], records, merged, owners, on, known, numbers)


def _counted(what: str, first: date, last: date) -> Q:
    """Choose the stored things that count, as :func:`core.thing.fold.counted` has it."""
    if what == "new":
        return Q(since__gte=first, since__lte=last)
    if what == "ended":
        return Q(ended__gte=first, ended__lte=last)
    if what == "overdue":
        return Q(ended=None, due__lt=last)
    return Q(ended=None)
