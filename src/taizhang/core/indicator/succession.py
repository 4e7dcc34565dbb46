"""Succession of levels over a merge, split or recode: a new count replaces those of before.

After a merge the old communities' last values stand until the new one has counted, and not beside
it; after a split the old community's stands until one of its parts has counted.  An engine takes
the last value of every code and so would add both; this module asks it again without the stale
ones, whichever tree is used.  Events need none of this: what happened stays where it happened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from taizhang.core.aggregate.query import Aggregate, AggregateQuery
from taizhang.core.formula.leaf import Leaf
from taizhang.core.indicator.engine_reader import EngineReader, Totals
from taizhang.core.unit.tree import ChangeKind, History, Tree, UnitChange

#: What a unit counted of a leaf just before, or since, the change of a day.
Counted = Mapping[tuple[Leaf, date, str], Aggregate]


@dataclass(frozen=True, slots=True)
class Stale:
    """What no longer stands for one leaf.

    ``gone`` are members whose values were replaced by other members'; ``since`` are members that
    hold old and new values, of which only those from a day on stand.
    """

    gone: frozenset[str] = frozenset()
    since: Mapping[str, date] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.gone or self.since)


@dataclass(frozen=True)
class Succession:
    """What was counted around each change of the tree, for the level leaves that it concerns."""

    tree: Tree
    changes: Mapping[Leaf, Sequence[UnitChange]]
    before: Counted
    after: Counted

    @cached_property
    def stale(self) -> Mapping[Leaf, Stale]:
        """What no longer stands, by leaf."""
        return {leaf: self._find(leaf) for leaf in self.changes}

    def _find(self, leaf: Leaf) -> Stale:
        gone: set[str] = set()
        since: dict[str, date] = {}
        for change in self.changes[leaf]:
            if self._taken_over(leaf, change):
                before = {self.tree.seat(code) for code in change.sources}
                after = {self.tree.seat(code) for code in change.targets}
                gone |= before - after
                since.update(dict.fromkeys(before & after, change.date))
        return Stale(frozenset(gone), since)

    def _taken_over(self, leaf: Leaf, change: UnitChange) -> bool:
        return any((leaf, change.date, unit) in self.after for unit in change.targets)

    def known(self, leaf: Leaf, reporter: str, total: Aggregate | None) -> bool:
        """Say whether a reporter's level is known; ``total`` is what stands under its code."""
        for change in reversed(self.changes.get(leaf, ())):
            if reporter not in change.targets:
                continue
            if self._taken_over(leaf, change):
                total = self.after.get((leaf, change.date, reporter))
            elif change.kind is ChangeKind.MERGE:
                parts = [self.before.get((leaf, change.date, code)) for code in change.sources]
                return all(part is not None and not part.missing for part in parts)
            break
        return total is not None and not total.missing

    def correct(
        self,
        totals: Totals,
        reader: EngineReader,
        queries: Mapping[Leaf, AggregateQuery],
        units: Sequence[str],
        without: frozenset[str] = frozenset(),
    ) -> None:
        """Put into ``totals`` what stands in place of aggregates that hold stale values.

        :param queries: the level leaves among what was read, each with its query
        """
        for stale, leaves in self._alike(queries):
            below = {unit: self._below(unit, stale) for unit in units}
            touched = [unit for unit in units if below[unit]]
            if not touched:
                continue
            ours = {queries[leaf] for leaf in leaves}
            for key in [key for key in totals if key[0] in ours and key[1] in touched]:
                del totals[key]
            left_out = without | stale.gone | frozenset(stale.since)
            above = [unit for unit in touched if unit not in stale.since]
            if above:
                totals.update(reader.totals(ours, above, self.tree.day, left_out))
            for member, day in stale.since.items():
                if member in without:
                    continue
                fresh = {replace(query, start=max(query.start, day)): query for query in ours}
                renewed = reader.totals(fresh, [member], self.tree.day)
                for (query, _, bucket), total in renewed.items():
                    for unit in touched:
                        if member in below[unit]:
                            key = (fresh[query], unit, bucket)
                            totals[key] = _sum(totals.get(key), total)

    def _alike(self, leaves: Iterable[Leaf]) -> list[tuple[Stale, list[Leaf]]]:
        """Group leaves for which the same values are stale."""
        groups: dict[tuple[frozenset[str], frozenset[tuple[str, date]]], list[Leaf]] = {}
        for leaf in leaves:
            stale = self.stale.get(leaf)
            if stale:
                key = (stale.gone, frozenset(stale.since.items()))
                groups.setdefault(key, []).append(leaf)
        return [(Stale(gone, dict(since)), alike) for (gone, since), alike in groups.items()]

    def _below(self, unit: str, stale: Stale) -> frozenset[str]:
        """Give the stale members under a unit; a replaced one asked for itself keeps its values."""
        homes = self.tree.homes(unit)
        members = {member for member in (*stale.gone, *stale.since) if member in homes}
        return frozenset(members - ({unit} & stale.gone))


def fetch_succession(
    reader: EngineReader, history: History, tree: Tree, levels: Iterable[Leaf], as_of: date
) -> Succession:
    """Read what the units of each change counted before and after it, on the trees of then."""
    changes: dict[Leaf, list[UnitChange]] = {}
    concerned: dict[date, list[Leaf]] = defaultdict(list)
    targets: dict[date, set[str]] = defaultdict(set)
    sources: dict[date, set[str]] = defaultdict(set)
    for leaf in levels:
        for change in _changes(history, leaf.ask(as_of)):
            changes.setdefault(leaf, []).append(change)
            if leaf not in concerned[change.date]:
                concerned[change.date].append(leaf)
            targets[change.date].update(change.targets)
            sources[change.date].update(change.sources)
    before: dict[tuple[Leaf, date, str], Aggregate] = {}
    after: dict[tuple[Leaf, date, str], Aggregate] = {}
    for day, leaves in concerned.items():
        eve = day - timedelta(days=1)
        queries = {leaf: leaf.ask(as_of) for leaf in leaves}
        fresh = {leaf: replace(query, start=day) for leaf, query in queries.items()}
        after.update(_counted(reader, fresh, targets[day], tree=day, change=day))
        before.update(_counted(reader, queries, sources[day], tree=eve, change=day))
    return Succession(tree, changes, before, after)


def _changes(history: History, query: AggregateQuery) -> list[UnitChange]:
    """Find the changes of units while values of a level that still stand were counted."""
    return [
        change
        for change in history.changes
        if change.kind is not ChangeKind.RENAME and query.start < change.date <= query.end
    ]


def _counted(
    reader: EngineReader,
    queries: Mapping[Leaf, AggregateQuery],
    units: Iterable[str],
    *,
    tree: date,
    change: date,
) -> Counted:
    totals = reader.totals(dict.fromkeys(queries.values()), sorted(units), tree)
    return {
        (leaf, change, unit): totals[query, unit, None]
        for leaf, query in queries.items()
        for unit in units
        if (query, unit, None) in totals
    }


def _sum(total: Aggregate | None, other: Aggregate) -> Aggregate:
    """Add two aggregates over different facts."""
    if total is None:
        return other
    return Aggregate(
        low=total.low + other.low,
        high=None if total.high is None or other.high is None else total.high + other.high,
        facts=total.facts + other.facts,
        missing=total.missing + other.missing,
        about=total.about + other.about,
        records=total.records + other.records,
        moved=total.moved + other.moved,
        split=total.split + other.split,
    )
