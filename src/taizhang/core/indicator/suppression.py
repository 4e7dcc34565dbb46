"""Secondary suppression: cells withheld beside the small ones, so that none can be worked out.

A table has one number a unit, and a unit's number is the sum of those right below it (and of what
it recorded itself, which no table shows).  Somebody who reads all that is shown knows bounds of
what is not: sums hang together as a tree, so that one walk up and one down give these bounds as
narrow as they can be known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from taizhang.core.aggregate.query import Aggregate
from taizhang.core.unit.tree import Tree

_NOTHING = Decimal(0)


class SuppressionTable:
    """The numbers of one aggregate over a tree.

    :param least: the least that a withheld number can be; 1 where only those are withheld that
        are not nothing
    """

    def __init__(self, tree: Tree, cells: Mapping[str, Aggregate], least: int) -> None:
        self._least = Decimal(least)
        self._value = {code: total.low for code, total in cells.items() if total.low > 0}
        # Only units that have something take part; the rest is nothing and shown as such.
        parents = {code: tree.above(code) for code in self._value}
        self._parent = {
            code: above if above in self._value else None for code, above in parents.items()
        }
        self._below: dict[str, list[str]] = {code: [] for code in self._value}
        for code, above in self._parent.items():
            if above is not None:
                self._below[above].append(code)
        self._order = self._downwards()
        self._own = {
            code: self._value[code] != sum((self._value[child] for child in below), _NOTHING)
            for code, below in self._below.items()
        }

    def _downwards(self) -> list[str]:
        """Give all units, each after the one above it."""
        order = sorted(code for code, above in self._parent.items() if above is None)
        for code in order:  # grows while it is walked
            order += sorted(self._below[code])
        return order

    def closed(self, hidden: Iterable[str]) -> frozenset[str]:
        """Give what is withheld, with what must be withheld beside it."""
        withheld = set(hidden)
        while more := self._beside(withheld):
            withheld |= more
        return frozenset(withheld)

    def _beside(self, hidden: set[str]) -> set[str]:
        """Find one more number for each sum that gives a withheld one away, or leaves it alone."""
        more: dict[str | None, str] = {}  # by the unit whose sum it is
        for parent, children in self._below.items():
            left = [child for child in children if child not in hidden]
            if left and len(children) - len(left) == 1:
                more[parent] = min(left, key=self._size)
        if more:
            return set(more.values())
        low, high = self._bounds(hidden)
        for code in reversed(self._order):
            if code not in hidden or low[code] != high[code]:
                continue
            above = self._parent[code]
            sums: list[tuple[str | None, list[str]]] = []
            if not self._own[code]:
                sums.append((code, self._below[code]))
            sums.append((above, [*self._beside_it(code), *([above] if above else [])]))
            for total, parts in sums:
                left = [part for part in parts if part not in hidden]
                if left and total not in more:
                    same_level = [part for part in left if part != above] or left
                    more[total] = min(same_level, key=self._size)
        return set(more.values())

    def _size(self, code: str) -> tuple[Decimal, str]:
        return self._value[code], code

    def _beside_it(self, code: str) -> list[str]:
        above = self._parent[code]
        return (
            [] if above is None else [sibling for sibling in self._below[above] if sibling != code]
        )

    def _bounds(
        self, hidden: set[str]
    ) -> tuple[Mapping[str, Decimal], Mapping[str, Decimal | None]]:
        """Give the least and the most that each number can be for one who sees what is shown."""
        low: dict[str, Decimal] = {}
        for code in reversed(self._order):
            parts = sum((low[child] for child in self._below[code]), _NOTHING)
            low[code] = max(parts, self._least) if code in hidden else self._value[code]
        high: dict[str, Decimal | None] = {}
        for code in self._order:
            high[code] = self._value[code] if code not in hidden else self._most(code, low, high)
        for code in reversed(self._order):
            tops = [high[child] for child in self._below[code]]
            if code in hidden and not self._own[code] and tops and None not in tops:
                summed = sum((top for top in tops if top is not None), _NOTHING)
                known = high[code]
                high[code] = summed if known is None else min(known, summed)
        # What is left for one part when the others are as large as they can be.
        for code in self._order:
            above = self._parent[code]
            if code in hidden and above is not None and not self._own[above]:
                others = [high[sibling] for sibling in self._beside_it(code)]
                if None not in others:
                    rest = low[above] - sum((top for top in others if top is not None), _NOTHING)
                    low[code] = max(low[code], rest)
        return low, high

    def _most(
        self, code: str, low: Mapping[str, Decimal], high: Mapping[str, Decimal | None]
    ) -> Decimal | None:
        above = self._parent[code]
        top = None if above is None else high[above]
        if top is None or above is None or self._own[above]:
            return None
        return top - sum((low[sibling] for sibling in self._beside_it(code)), _NOTHING)
