"""Stocks over a change of the tree: what the units of after have counted replaces what the units
of before had counted.

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

from taizhang.core.book import Book
from taizhang.core.engine import Ask, How, Total
from taizhang.core.formula.evaluate import Leaf
from taizhang.core.indicator.member import Members
from taizhang.core.unit import Change, ChangeKind

Totals = dict[tuple[Ask, str, str | None], Total]


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


class Handover:
    """Finds what is stale for the stock leaves of one answer, and asks around it."""

    def __init__(
        self, book: Book, members: Members, leaves: Iterable[Leaf], known_at: date | None
    ) -> None:
        self._book = book
        self._members = members
        self._known_at = known_at
        self._changes: dict[Leaf, list[Change]] = {}
        for leaf in leaves:
            ask = leaf.ask(book.as_of)
            found = [
                change
                for change in book.history.changes
                if change.kind is not ChangeKind.RENAME and ask.start < change.date <= ask.end
            ]
            if leaf.how is How.LAST and found:
                self._changes[leaf] = found
        self._after: dict[tuple[Leaf, date, str], Total] = {}
        self._before: dict[tuple[Leaf, date, str], Total] = {}
        self._read()
        self._stale = {leaf: self._find(leaf) for leaf in self._changes}

    def _read(self) -> None:
        """Read what the units of each change counted before and after it, on the trees of then."""
        leaves: dict[date, list[Leaf]] = defaultdict(list)
        units: dict[date, set[str]] = defaultdict(set)
        sources: dict[date, set[str]] = defaultdict(set)
        for leaf, changes in self._changes.items():
            for change in changes:
                if leaf not in leaves[change.date]:
                    leaves[change.date].append(leaf)
                units[change.date].update(change.targets)
                sources[change.date].update(change.sources)
        for day, concerned in leaves.items():
            eve = day - timedelta(days=1)
            after = {leaf: replace(leaf.ask(self._book.as_of), start=day) for leaf in concerned}
            before = {leaf: leaf.ask(self._book.as_of) for leaf in concerned}
            self._fill(self._after, after, units[day], day, day)
            self._fill(self._before, before, sources[day], eve, day)

    def _fill(
        self,
        into: dict[tuple[Leaf, date, str], Total],
        asks: Mapping[Leaf, Ask],
        units: Iterable[str],
        tree: date,
        day: date,
    ) -> None:
        found = self._book.engine.totals(
            list(dict.fromkeys(asks.values())), sorted(units), tree=tree, as_of=self._known_at
        )
        for leaf, ask in asks.items():
            for unit in units:
                if (ask, unit, None) in found:
                    into[leaf, day, unit] = found[ask, unit, None]

    def _taken_over(self, leaf: Leaf, change: Change) -> bool:
        return any((leaf, change.date, unit) in self._after for unit in change.targets)

    def _find(self, leaf: Leaf) -> Stale:
        gone: set[str] = set()
        since: dict[str, date] = {}
        for change in self._changes[leaf]:
            if self._taken_over(leaf, change):
                before = {self._members.member(code) for code in change.sources}
                after = {self._members.member(code) for code in change.targets}
                gone |= before - after
                since.update(dict.fromkeys(before & after, change.date))
        return Stale(frozenset(gone), since)

    def known(self, leaf: Leaf, reporter: str, total: Total | None) -> bool:
        """Say whether a reporter's stock is known; ``total`` is what stands under its code."""
        for change in reversed(self._changes.get(leaf, [])):
            if reporter not in change.targets:
                continue
            if self._taken_over(leaf, change):
                total = self._after.get((leaf, change.date, reporter))
            elif change.kind is ChangeKind.MERGE:
                parts = [self._before.get((leaf, change.date, code)) for code in change.sources]
                return all(part is not None and not part.missing for part in parts)
            break
        return total is not None and not total.missing

    def correct(
        self,
        found: Totals,
        asks: Mapping[Leaf, Ask],
        units: Sequence[str],
        without: frozenset[str],
    ) -> None:
        """Put into ``found`` what stands in place of totals that hold stale values."""
        for stale, leaves in self._same(asks):
            below = {unit: self._below(unit, stale) for unit in units}
            touched = [unit for unit in units if below[unit]]
            if not touched:
                continue
            ours = {asks[leaf] for leaf in leaves}
            for key in [key for key in found if key[0] in ours and key[1] in touched]:
                del found[key]
            left_out = without | stale.gone | frozenset(stale.since)
            above = [unit for unit in touched if unit not in stale.since]
            if above:
                found.update(self._ask(ours, above, left_out))
            for member, day in stale.since.items():
                if member in without:
                    continue
                fresh = {replace(ask, start=max(ask.start, day)): ask for ask in ours}
                for (ask, _, bucket), total in self._ask(fresh, [member], frozenset()).items():
                    for unit in touched:
                        if member in below[unit]:
                            key = (fresh[ask], unit, bucket)
                            found[key] = _added(found.get(key), total)

    def _same(self, asks: Mapping[Leaf, Ask]) -> list[tuple[Stale, list[Leaf]]]:
        """Group leaves for which the same values are stale."""
        groups: dict[tuple[frozenset[str], frozenset[tuple[str, date]]], list[Leaf]] = {}
        for leaf in asks:
            stale = self._stale.get(leaf)
            if stale:
                key = (stale.gone, frozenset(stale.since.items()))
                groups.setdefault(key, []).append(leaf)
        return [(Stale(gone, dict(since)), leaves) for (gone, since), leaves in groups.items()]

    def _below(self, unit: str, stale: Stale) -> frozenset[str]:
        """Give the stale members under a unit; a replaced one asked for itself keeps its values."""
        homes = self._members.tree.homes(unit)
        found = {member for member in (*stale.gone, *stale.since) if member in homes}
        return frozenset(found - ({unit} & stale.gone))

    def _ask(
        self, asks: Iterable[Ask], units: Sequence[str], without: frozenset[str]
    ) -> Mapping[tuple[Ask, str, str | None], Total]:
        return self._book.engine.totals(
            list(asks),
            units,
            tree=self._members.tree.day,
            as_of=self._known_at,
            without=without,
        )


def _added(one: Total | None, other: Total) -> Total:
    """Add two aggregates over different facts."""
    if one is None:
        return other
    return Total(
        low=one.low + other.low,
        high=None if one.high is None or other.high is None else one.high + other.high,
        facts=one.facts + other.facts,
        missing=one.missing + other.missing,
        about=one.about + other.about,
        records=one.records + other.records,
        moved=one.moved + other.moved,
        split=one.split + other.split,
    )
