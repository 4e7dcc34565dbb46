"""Secondary suppression: cells withheld beside the small ones, so that none can be worked out.

A table has one number a unit, and a unit's number is the sum of those right below it, and of a
rest: what it recorded itself or has from units that are gone, less what joint records count at
several of them.  No table shows the rest, yet it may be known (from how the table stood before a
split, from equal numbers side by side), so that nothing withheld may hang on it; and where all
beside it is shown it is had by difference, so that it must not be small itself.

Somebody who reads all that is shown knows bounds of what is not: sums hang together as a tree, so
that one walk up and one down give these bounds as narrow as they can be known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from taizhang.core.unit.tree import Tree

#: Counts of people from 1 up to below this are small.
FEW = 5
_NOTHING = Decimal(0)


def withheld(tables: Sequence[SuppressionTable], hidden: Iterable[str]) -> frozenset[str]:
    """Give what is withheld of tables that withhold the same units, with what goes beside it."""
    closed = set(hidden)
    while more := {code for table in tables for code in table.beside(closed)}:
        closed |= more
    return frozenset(closed)


class SuppressionTable:
    """The numbers of one aggregate over a tree; units without one have nothing.

    :param least: the least that a withheld number can be; 1 where only those are withheld that
        are not nothing
    """

    def __init__(self, tree: Tree, numbers: Mapping[str, Decimal], least: int) -> None:
        self._least = Decimal(least)
        # Only units that have something take part; the rest is nothing and shown as such.
        self._value = {code: number for code, number in numbers.items() if number > 0}
        parents = {code: tree.above(code) for code in self._value}
        self._parent = {
            code: above if above in self._value else None for code, above in parents.items()
        }
        self._below: dict[str, list[str]] = {code: [] for code in self._value}
        for code, above in self._parent.items():
            if above is not None:
                self._below[above].append(code)
        self._order = self._downwards()
        self._rest = {
            code: self._value[code] - sum((self._value[child] for child in below), _NOTHING)
            for code, below in self._below.items()
        }

    def _downwards(self) -> list[str]:
        """Give all units, each after the one above it."""
        order = sorted(code for code, above in self._parent.items() if above is None)
        for code in order:  # grows while it is walked
            order += sorted(self._below[code])
        return order

    def beside(self, hidden: set[str]) -> set[str]:
        """Find one more number for each sum that gives a withheld one away, or leaves it alone."""
        more: dict[str | None, str] = {}  # by the unit whose sum it is
        for parent, children in self._below.items():
            left = [child for child in children if child not in hidden]
            alone = len(children) - len(left) == 1
            bare = left == children and parent not in hidden and 0 < abs(self._rest[parent]) < FEW
            if left and (alone or bare):
                more[parent] = min(left, key=self._size)
        if more:
            return set(more.values())
        low, high = self._bounds(hidden)
        for code in reversed(self._order):
            if code not in hidden or low[code] != high[code]:
                continue
            above = self._parent[code]
            sums = (
                (code, self._below[code]),
                (above, [*self._siblings(code), *([above] if above else [])]),
            )
            for total, parts in sums:
                left = [part for part in parts if part not in hidden]
                if left and total not in more:
                    same_level = [part for part in left if part != above] or left
                    more[total] = min(same_level, key=self._size)
        return set(more.values())

    def _size(self, code: str) -> tuple[Decimal, str]:
        return self._value[code], code

    def _siblings(self, code: str) -> list[str]:
        above = self._parent[code]
        return (
            [] if above is None else [sibling for sibling in self._below[above] if sibling != code]
        )

    def _bounds(
        self, hidden: set[str]
    ) -> tuple[Mapping[str, Decimal], Mapping[str, Decimal | None]]:
        """Give the least and the most that each number can be for one who sees what is shown."""
        low, high = self._bounds_from_below(hidden)
        for code in self._order:
            above = self._parent[code]
            if code not in hidden or above is None:
                continue
            # What is left for one part when the others are as large, or small, as they can be.
            siblings, rest = self._siblings(code), self._rest[above]
            if (most := _sum(high[sibling] for sibling in siblings)) is not None:
                low[code] = max(low[code], low[above] - rest - most)
            top = high[above]
            if top is not None:
                left = top - rest - sum((low[sibling] for sibling in siblings), _NOTHING)
                known = high[code]
                high[code] = left if known is None else min(known, left)
        return low, high

    def _bounds_from_below(
        self, hidden: set[str]
    ) -> tuple[dict[str, Decimal], dict[str, Decimal | None]]:
        """Give the bounds that follow from what is shown below each unit."""
        low: dict[str, Decimal] = {}
        high: dict[str, Decimal | None] = {}
        for code in reversed(self._order):
            below, rest = self._below[code], self._rest[code]
            if code not in hidden:
                low[code] = high[code] = self._value[code]
            elif not below:
                low[code], high[code] = self._least, None
            else:
                low[code] = max(self._least, rest + sum((low[child] for child in below), _NOTHING))
                most = _sum(high[child] for child in below)
                high[code] = None if most is None else most + rest
        return low, high


def _sum(ends: Iterable[Decimal | None]) -> Decimal | None:
    """Add upper ends; ``None`` where one is open."""
    total = _NOTHING
    for end in ends:
        if end is None:
            return None
        total += end
    return total
