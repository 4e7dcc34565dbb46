"""Fetch: all reads of engine and closings for the figures of a plan, in order; the frozen result.

What a read needs of the reads before it is what it takes; nothing is read later or elsewhere, apart
from quotas and entities, which are kept outside the facts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from taizhang.core.aggregate.query import COUNTED, Aggregate, AggregateQuery, Aggregation, Engine
from taizhang.core.base.period import Month, Period
from taizhang.core.book import Closings
from taizhang.core.formula.leaf import Group, Leaf
from taizhang.core.formula.name_scope import pack_of
from taizhang.core.indicator.closing_completeness import ClosingReports, fetch_reports
from taizhang.core.indicator.completeness import Completeness, OpenDuty, Settlement
from taizhang.core.indicator.crossing import Crossed, fetch_crossed
from taizhang.core.indicator.engine_reader import EngineReader, Totals
from taizhang.core.indicator.leaf_query import LeafQueries
from taizhang.core.indicator.query_plan import QueryPlan
from taizhang.core.indicator.succession import Succession, fetch_succession

#: Aggregates of a leaf for a unit over the members that a division keeps, by bucket.
Divisions = Mapping[tuple[frozenset[Leaf], Leaf, str], Mapping[str | None, Aggregate]]

#: Members left out whole, and codes with months (yyyymm) that are left out.
LeftOut = tuple[frozenset[str], frozenset[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What engine and closings say of one plan.

    ``of_members`` are each member's own values, where the largest stands for several members.
    """

    queries: LeafQueries
    totals: Totals
    crossed: Crossed
    of_members: Totals
    completeness: Completeness
    divisions: Divisions
    reports: ClosingReports

    def total(self, leaf: Leaf, unit: str, bucket: str | None, group: Group) -> Aggregate | None:
        """Give the aggregate of a leaf for a unit, inside a division over the members it knows."""
        query, place = self.queries.place(leaf, bucket)
        if self.queries.over_units(leaf) == "max":
            members = frozenset(self.queries.reporting.duties(leaf, unit))
            if len(members) > 1:
                if group:
                    members -= self.completeness.coverage(group, unit).left_out
                parts = [self.of_members.get((query, member, place)) for member in sorted(members)]
                return _largest([part for part in parts if part is not None])
        if group and (group, leaf, unit) in self.divisions:
            return self.divisions[group, leaf, unit].get(place)
        return self.totals.get((query, unit, place))

    def buckets(self, leaves: Iterable[Leaf]) -> tuple[str, ...]:
        """Give every value of the dimension that facts of these leaves have."""
        queries = {self.queries.query(leaf) for leaf in leaves if leaf in self.queries.units}
        buckets = {bucket for query, _, bucket in self.totals if query in queries}
        return tuple(sorted(bucket for bucket in buckets if bucket is not None))


@dataclass(frozen=True, slots=True)
class _Reads:
    """What all reads of leaves share."""

    reader: EngineReader
    queries: LeafQueries
    succession: Succession

    def totals(
        self,
        leaves: Sequence[Leaf],
        units: Sequence[str],
        without: frozenset[str] = frozenset(),
        without_months: frozenset[tuple[str, int]] = frozenset(),
    ) -> Totals:
        """Read leaves for units in one call, and levels over a change of the tree again."""
        if not leaves or not units:
            return {}
        queries = self.queries.narrowed(leaves)
        day = self.queries.tree.day
        narrowed = self.reader.totals(queries, units, day, without, without_months)
        totals = {
            (queries[query], unit, bucket): total
            for (query, unit, bucket), total in narrowed.items()
        }
        levels = {leaf: self.queries.query(leaf) for leaf in leaves if leaf.how is Aggregation.LAST}
        self.succession.correct(totals, self.reader, levels, units, without)
        return totals


def fetch(plan: QueryPlan, engine: Engine, closings: Closings) -> Fetched:
    """Read all that the figures of a plan need, in a handful of calls."""
    book, tree, queries = plan.book, plan.tree, plan.queries
    reader = EngineReader(engine, book.known_at)
    succession = fetch_succession(reader, book.history, tree, queries.levels(), book.as_of)
    reads = _Reads(reader, queries, succession)
    settlement = Settlement(queries.reporting, _closed_months(queries, closings))
    levels = _levels(reads)
    totals = _totals(reads)
    crossed = fetch_crossed(reader, book.history, queries)
    of_members = _of_members(reads)
    doubtful = _doubtful(reads, totals)
    present = _present(reads, settlement)
    unadded = frozenset(leaf for leaf in queries.units if queries.over_units(leaf) != "sum")
    completeness = Completeness(
        queries.reporting, settlement, succession, levels, doubtful, present, unadded
    )
    divisions = _divisions(reads, completeness)
    reports = fetch_reports(book, tree, closings, plan.reports)
    return Fetched(queries, totals, crossed, of_members, completeness, divisions, reports)


def _closed_months(
    queries: LeafQueries, closings: Closings
) -> dict[tuple[str, str], frozenset[int]]:
    """Read the closed months of every unit that settles something, once per pack."""
    closers: dict[str, set[str]] = defaultdict(set)
    months: dict[str, set[int]] = defaultdict(set)
    for leaf, *_ in (*queries.alike(), *((leaf,) for leaf in queries.levels())):
        pack = pack_of(leaf.measure)
        for duties in queries.owed(leaf).values():
            closers[pack].update([duty.closer for duty in duties])
        end = leaf.window.end(queries.as_of)
        looked = leaf.window.period.months()
        months[pack].update(month.number for month in looked if month.start <= end)
    closed: dict[tuple[str, str], frozenset[int]] = {}
    for pack, units in closers.items():
        if not units:
            continue
        first, last = min(months[pack]), max(months[pack])
        period = Period(Month.from_number(first), Month.from_number(last))
        by_unit = closings.closed(pack, sorted(units), period, queries.as_of)
        closed.update({(pack, unit): numbers for unit, numbers in by_unit.items()})
    return closed


def _levels(reads: _Reads) -> dict[tuple[Leaf, str], Aggregate]:
    """Read each reporter's own standing values, on the tree of the day they stand on."""
    queries = reads.queries
    days: dict[int, date] = {}
    leaves: dict[int, list[Leaf]] = defaultdict(list)
    units: dict[int, set[str]] = defaultdict(set)
    for leaf in queries.levels():
        day = leaf.window.end(queries.as_of)
        stretch = queries.reporting.stretch(day)
        days[stretch] = day
        leaves[stretch].append(leaf)
        for duties in queries.owed(leaf).values():
            units[stretch].update([duty.reporter for duty in duties])
    levels: dict[tuple[Leaf, str], Aggregate] = {}
    for stretch, standing in leaves.items():
        by_query: dict[AggregateQuery, list[Leaf]] = defaultdict(list)
        for leaf in standing:
            by_query[leaf.ask(queries.as_of)].append(leaf)
        totals = reads.reader.totals(by_query, sorted(units[stretch]), days[stretch])
        for (query, unit, _), total in totals.items():
            for leaf in by_query[query]:
                levels[leaf, unit] = total
    return levels


def _totals(reads: _Reads) -> Totals:
    """Read every leaf, those that are looked at for the same units in one call."""
    alike: dict[tuple[str, ...], list[Leaf]] = defaultdict(list)
    for leaf, units in reads.queries.units.items():
        alike[units].append(leaf)
    totals: Totals = {}
    for units, leaves in alike.items():
        totals.update(reads.totals(leaves, units))
    return totals


def _of_members(reads: _Reads) -> Totals:
    """Read each member's own value of the measures of which the largest stands for several."""
    queries = reads.queries
    leaves = [leaf for leaf in queries.units if queries.over_units(leaf) == "max"]
    members = {member: None for leaf in leaves for member in queries.owed(leaf)}
    return reads.totals(leaves, tuple(members))


def _doubtful(reads: _Reads, totals: Totals) -> Mapping[tuple[Leaf, str], frozenset[int]]:
    """Find the months of members in whose part of a division's leaf a value is missing."""
    queries = reads.queries
    suspects: dict[Leaf, None] = {}
    members: dict[str, None] = {}
    divided = frozenset().union(*queries.divisions)
    for leaf in queries.events():
        if leaf not in divided or leaf.how in COUNTED:
            continue
        for unit in queries.units[leaf]:
            if _misses(queries, leaf, unit, totals):
                suspects[leaf] = None
                members.update(dict.fromkeys(queries.reporting.duties(leaf, unit)))
    if not suspects:
        return {}
    by_month: dict[AggregateQuery, list[Leaf]] = defaultdict(list)
    for leaf in suspects:
        by_month[leaf.ask(queries.as_of, "month")].append(leaf)
    months: dict[tuple[Leaf, str], frozenset[int]] = defaultdict(frozenset)
    totals_by_month = reads.reader.totals(by_month, tuple(members), queries.tree.day)
    for (query, member, month), total in totals_by_month.items():
        for leaf in by_month[query] if total.missing else ():
            months[leaf, member] |= {int(month or 0)}
    return dict(months)


def _misses(queries: LeafQueries, leaf: Leaf, unit: str, totals: Totals) -> bool:
    """Say whether a value is missing in any part of an aggregate."""
    query, place = queries.place(leaf)
    places = {place}
    if query.by is not None and place is None:
        places = {bucket for other, _, bucket in totals if other == query}
    return any(
        (query, unit, place) in totals and totals[query, unit, place].missing for place in places
    )


def _present(reads: _Reads, settlement: Settlement) -> Mapping[tuple[str, str], frozenset[int]]:
    """Read which months hold facts, one call for each stretch of time with the same tree.

    Only where a month is open does it matter whether it holds a fact.
    """
    queries = reads.queries
    spans: dict[int, tuple[int, date]] = {}
    units: dict[int, set[str]] = defaultdict(set)
    measures: dict[int, set[str]] = defaultdict(set)

    def note(leaves: Sequence[Leaf], part: OpenDuty) -> None:
        stretch, _, day = part.duty.span
        units[stretch].add(part.duty.reporter)
        span = (min(part.months), day)
        known = spans.setdefault(stretch, span)
        if known != span:
            spans[stretch] = min(known[0], span[0]), max(known[1], day)
        measures[stretch].update([leaf.measure for leaf in leaves])

    for leaves in queries.alike():
        for member, duties in queries.owed(leaves[0]).items():
            for part in settlement.unsettled(leaves[0], member, duties):
                note(leaves, part)
    months: dict[tuple[str, str], frozenset[int]] = defaultdict(frozenset)
    for stretch, (first, end) in spans.items():
        start = Month.from_number(first).start
        present = reads.reader.present(measures[stretch], units[stretch], start, end)
        for key, presence in present.items():
            months[key] |= presence.months
    return months


def _divisions(reads: _Reads, completeness: Completeness) -> Divisions:
    """Read again, for the units where a division leaves facts out, without these.

    A member's month is known or not whoever asks, so one call serves all units of a division, and
    all divisions that leave the same out.
    """
    units: dict[frozenset[Leaf], list[str]] = {}
    without: dict[LeftOut, list[tuple[frozenset[Leaf], Leaf]]] = defaultdict(list)
    for group, looked_at in reads.queries.divisions.items():
        covers = {unit: completeness.coverage(group, unit) for unit in looked_at}
        # A unit that alone has too little known is still a part of a sum that has enough.
        summed = any(cover.enough for cover in covers.values())
        taken = [
            unit for unit, cover in covers.items() if cover.enough or (summed and not cover.none)
        ]
        left_out = {
            back: _left_out(reads, completeness, group, taken, back)
            for back in {leaf.window.back for leaf in group}
        }
        if any(any(parts) for parts in left_out.values()):
            units[group] = taken
            for leaf in group:
                without[left_out[leaf.window.back]].append((group, leaf))
    divisions: dict[tuple[frozenset[Leaf], Leaf, str], Mapping[str | None, Aggregate]] = {}
    for (members, months), parts in without.items():
        leaves = tuple(dict.fromkeys(leaf for _, leaf in parts))
        asked = tuple(dict.fromkeys(unit for group, _ in parts for unit in units[group]))
        buckets: dict[tuple[AggregateQuery, str], dict[str | None, Aggregate]] = defaultdict(dict)
        for (query, unit, bucket), total in reads.totals(leaves, asked, members, months).items():
            buckets[query, unit][bucket] = total
        for group, leaf in parts:
            for unit in units[group]:
                divisions[group, leaf, unit] = buckets[reads.queries.query(leaf), unit]
    return divisions


def _left_out(
    reads: _Reads,
    completeness: Completeness,
    group: frozenset[Leaf],
    units: Sequence[str],
    back: int,
) -> LeftOut:
    """Find what leaves of a division, which look back so far, leave out under some units."""
    members: set[str] = set()
    months: dict[str, tuple[int, ...]] = {}
    for unit in units:
        cover = completeness.coverage(group, unit)
        if cover.whole:
            members |= cover.left_out
        else:
            months.update(completeness.months_out(group, unit, back))
    homes = reads.queries.tree.homes
    cells = {
        (code, month) for member, some in months.items() for month in some for code in homes(member)
    }
    return frozenset(members), frozenset(cells)


def _largest(parts: Sequence[Aggregate]) -> Aggregate | None:
    """Let the largest value stand for several members."""
    if not parts:
        return None
    tops = [part.high for part in parts if part.high is not None]
    return Aggregate(
        low=max(part.low for part in parts),
        high=max(tops) if len(tops) == len(parts) else None,
        facts=sum(part.facts for part in parts),
        missing=sum(part.missing for part in parts),
        about=sum(part.about for part in parts),
        records=sum(part.records for part in parts),
        moved=sum(part.moved for part in parts),
        split=sum(part.split for part in parts),
    )
