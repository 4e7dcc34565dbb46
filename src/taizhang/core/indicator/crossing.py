"""Crossings: facts of units that have moved to another parent since, told to both sides.

A unit's facts count where it hangs on the tree used, so that a community that moves takes its past
to the new street.  The numbers are right, yet the half-year's report of the old street and its
report of the year differ by what left; both sides are told how much that is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from taizhang.core.aggregate.query import AggregateQuery
from taizhang.core.formula.leaf import Leaf
from taizhang.core.indicator.engine_reader import EngineReader
from taizhang.core.indicator.leaf_query import LeafQueries
from taizhang.core.unit.tree import History, Tree, Unit


@dataclass(frozen=True, slots=True)
class Crossing:
    """A row of a unit that hung elsewhere: in its time it was under ``there`` alone, on the tree
    used it is under ``here`` alone."""

    row: Unit
    there: frozenset[str]
    here: frozenset[str]


def crossings(history: History, tree: Tree) -> tuple[Crossing, ...]:
    """Find every row of a unit, of another time than the tree's, that hung under other units."""
    moved: list[Crossing] = []
    for code in history.moving:
        now = frozenset((*tree.ancestors(code), code))
        for row in history.rows(code):
            if row.exists_on(tree.day):
                continue
            past = row.last_day < tree.day
            then = frozenset((*history.tree(_day_of(row, tree)).ancestors(code), code))
            # What followed a merge or a recode is told as moved by the engine already, and nobody
            # misses what only a later tree brings.
            here = now - then if tree.unit(code) is not None else frozenset()
            there = then - now if past else frozenset()
            if here or there:
                moved.append(Crossing(row, there, here))
    return tuple(moved)


def _day_of(row: Unit, tree: Tree) -> date:
    """Give the day of a row that is nearest to the tree's."""
    return row.last_day if row.last_day < tree.day else row.first_day


#: Facts of a leaf under a unit: how many came with units from elsewhere, how many left with units.
Crossed = Mapping[tuple[Leaf, str], tuple[int, int]]


def fetch_crossed(reader: EngineReader, history: History, queries: LeafQueries) -> Crossed:
    """Count, for each leaf and unit looked at, the facts that crossed its border.

    A level's last value belongs to where the unit is now, so only events are counted.
    """
    events = {leaf: leaf.ask(queries.as_of) for leaf in queries.events()}
    crossed: dict[tuple[Leaf, str], list[int]] = defaultdict(lambda: [0, 0])
    for crossing in crossings(history, queries.tree):
        row = crossing.row
        wanted: dict[AggregateQuery, list[Leaf]] = defaultdict(list)
        for leaf, query in events.items():
            start, end = max(query.start, row.first_day), min(query.end, row.last_day)
            touched = not (crossing.there | crossing.here).isdisjoint(queries.units[leaf])
            if start <= end and touched:
                wanted[replace(query, start=start, end=end)].append(leaf)
        if not wanted:
            continue
        totals = reader.totals(wanted, [row.code], _day_of(row, queries.tree))
        for (query, _, _), total in totals.items():
            for leaf in wanted[query]:
                for unit in queries.units[leaf]:
                    crossed[leaf, unit][0] += total.facts if unit in crossing.here else 0
                    crossed[leaf, unit][1] += total.facts if unit in crossing.there else 0
    return {key: (came, left) for key, (came, left) in crossed.items() if came or left}
