"""Leaf queries: the units that each leaf is looked at for, and the query that answers it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from taizhang.core.aggregate.query import AggregateQuery, Aggregation
from taizhang.core.book import Book
from taizhang.core.formula.leaf import Group, Leaf
from taizhang.core.indicator.reporting import Duty, Reporting
from taizhang.core.unit.tree import Tree

#: Leaves with the division around them, each with the units it is looked at for.
Wanted = Mapping[tuple[Leaf, Group], Iterable[str]]


class LeafQueries:
    """All that must be read for one answer, before anything is read.

    :param wanted: leaves with the division around them, and the units that will be looked at
    :param dimension: what the answer is split by, if it is a dimension
    """

    def __init__(self, book: Book, tree: Tree, wanted: Wanted, dimension: str | None) -> None:
        self.tree = tree
        self.as_of = book.as_of
        self.dimension = dimension
        self._measures = book.programmes.measures
        units = {unit: None for looked_at in wanted.values() for unit in looked_at}
        self.reporting = Reporting(
            book.programmes, book.history, tree, book.due, book.due_from, tuple(units)
        )
        divisions = _divisions(wanted)
        looked_at = _looked_at(wanted, divisions)
        self._begun = {
            leaf: leaf.window.period.start <= leaf.window.end(book.as_of) for leaf in looked_at
        }
        #: Every leaf whose window has begun, with the units it is looked at for.
        self.units = {leaf: units for leaf, units in looked_at.items() if self._begun[leaf]}
        #: Every division whose windows have all begun, with the units it is looked at for.
        self.divisions = {
            group: units
            for group, units in divisions.items()
            if all(self._begun[leaf] for leaf in group)
        }
        self._queries = self._write()

    def begun(self, leaf: Leaf) -> bool:
        """Say whether the leaf's window has begun by the day counted up to."""
        return self._begun[leaf]

    def events(self) -> list[Leaf]:
        """Give the leaves that add facts up."""
        return [leaf for leaf in self.units if leaf.how is not Aggregation.LAST]

    def levels(self) -> list[Leaf]:
        """Give the leaves that read a level's last value."""
        return [leaf for leaf in self.units if leaf.how is Aggregation.LAST]

    def over_units(self, leaf: Leaf) -> str:
        """Give how values of several members come together: ``sum``, ``max`` or ``last``."""
        if leaf.how not in (Aggregation.SUM, Aggregation.LAST):
            return "sum"  # facts are counted and compared one by one, wherever they are
        return self._measures[leaf.measure].over_units

    # queries

    def _write(self) -> dict[Leaf, tuple[AggregateQuery, str | None]]:
        """Write one query per leaf; single months of one measure share a query by month."""
        queries: dict[Leaf, tuple[AggregateQuery, str | None]] = {}
        months: dict[tuple[object, ...], list[Leaf]] = defaultdict(list)
        for leaf in self.units:
            queries[leaf] = (leaf.ask(self.as_of, self._by(leaf)), None)
            if leaf.how is not Aggregation.LAST and leaf.window.period.length == 1:
                if self._by(leaf) is None and (leaf.window.back == 0 or self._whole(leaf)):
                    months[leaf.measure, leaf.how, leaf.where].append(leaf)
        for leaves in months.values():
            if len(leaves) > 1:
                first = min(leaf.window.period.start for leaf in leaves)
                last = max(leaf.window.end(self.as_of) for leaf in leaves)
                shared = AggregateQuery(
                    leaves[0].measure, leaves[0].how, first, last, leaves[0].where, "month"
                )
                for leaf in leaves:
                    queries[leaf] = (shared, str(leaf.window.period.first.number))
        return queries

    def _whole(self, leaf: Leaf) -> bool:
        return leaf.window.end(self.as_of) == leaf.window.period.end

    def _by(self, leaf: Leaf) -> str | None:
        dimensions = self._measures[leaf.measure].dimensions
        return self.dimension if self.dimension in dimensions else None

    def query(self, leaf: Leaf) -> AggregateQuery:
        """Give the query that answers a leaf, alone or with other months."""
        return self._queries[leaf][0]

    def place(self, leaf: Leaf, bucket: str | None = None) -> tuple[AggregateQuery, str | None]:
        """Give the query of a leaf, and the bucket of its answer that is the leaf's.

        :param bucket: the value of the dimension that is asked for
        """
        query, month = self._queries[leaf]
        split = query.by is not None and query.by == self.dimension
        return query, bucket if split else month

    def narrowed(self, leaves: Sequence[Leaf]) -> dict[AggregateQuery, AggregateQuery]:
        """Give the queries of these leaves; a shared one over no more months than theirs."""
        spans: dict[AggregateQuery, list[tuple[date, date]]] = defaultdict(list)
        for leaf in leaves:
            query, month = self._queries[leaf]
            own = (leaf.window.period.start, leaf.window.end(self.as_of))
            spans[query].append((query.start, query.end) if month is None else own)
        return {
            replace(query, start=min(some)[0], end=max(last for _, last in some)): query
            for query, some in spans.items()
        }

    # duties

    def owed(self, leaf: Leaf) -> Mapping[str, Sequence[Duty]]:
        """Give the months owed for a leaf under the units looked at, by member."""
        owed: dict[str, Sequence[Duty]] = {}
        for unit in self.units[leaf]:
            for member, duties in self.reporting.duties(leaf, unit).items():
                owed.setdefault(member, duties)
        return owed

    def alike(self) -> Iterable[list[Leaf]]:
        """Give the event leaves in groups that owe the same months of the same units."""
        alike: dict[tuple[int, tuple[str, ...]], list[Leaf]] = defaultdict(list)
        for leaf in self.events():
            alike[self.reporting.kept(leaf), self.units[leaf]].append(leaf)
        return alike.values()


def _divisions(wanted: Wanted) -> dict[frozenset[Leaf], dict[str, None]]:
    """Give every division with the units it is looked at for."""
    divisions: dict[frozenset[Leaf], dict[str, None]] = {}
    for (_, group), units in wanted.items():
        if group:
            divisions.setdefault(group, {}).update(dict.fromkeys(units))
    return divisions


def _looked_at(
    wanted: Wanted, divisions: Mapping[frozenset[Leaf], Iterable[str]]
) -> dict[Leaf, tuple[str, ...]]:
    """Give every leaf with the units it is looked at for, alone or in a division."""
    looked_at: dict[Leaf, dict[str, None]] = {}
    for (leaf, _), units in wanted.items():
        looked_at.setdefault(leaf, {}).update(dict.fromkeys(units))
    for group, units in divisions.items():
        for leaf in group:
            looked_at.setdefault(leaf, {}).update(dict.fromkeys(units))
    return {leaf: tuple(sorted(units)) for leaf, units in looked_at.items()}
