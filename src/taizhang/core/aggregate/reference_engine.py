"""The reference engine: every aggregate by loops over all facts.

It is the second route that proves the fast engines, and what pack tests run on; so it is written
to be seen to be right, not to be fast.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from statistics import median
from zoneinfo import ZoneInfo

from taizhang.core.aggregate.query import (
    Aggregate,
    AggregateQuery,
    Aggregation,
    DimensionFilter,
    Presence,
)
from taizhang.core.base.quantity import QuantityKind
from taizhang.core.counting.fact import Fact
from taizhang.core.unit.tree import History, Way

#: A day of the ledger is a day in Shanghai.
ZONE = ZoneInfo("Asia/Shanghai")
_EARLIEST = datetime.min.replace(tzinfo=UTC)


class ReferenceEngine:
    """Answer filtered aggregates from facts in memory."""

    def __init__(self, facts: Iterable[Fact], history: History) -> None:
        self._history = history
        self._facts: dict[str, list[Fact]] = defaultdict(list)
        for fact in facts:
            self._facts[fact.measure].append(fact)

    def totals(
        self,
        asks: Sequence[AggregateQuery],
        units: Sequence[str],
        *,
        tree: date,
        as_of: date | None = None,
        without: frozenset[str] = frozenset(),
        without_months: frozenset[tuple[str, int]] = frozenset(),
    ) -> dict[tuple[AggregateQuery, str, str | None], Aggregate]:
        """Answer each ask for each unit; the key is (ask, unit code, bucket or None)."""
        homes = {unit: self._history.tree(tree).homes(unit) for unit in units}
        left_out = {code for unit in without for code in self._history.tree(tree).homes(unit)}
        answer: dict[tuple[AggregateQuery, str, str | None], Aggregate] = {}
        for ask in dict.fromkeys(asks):
            chosen = [
                fact
                for fact in self._facts.get(ask.measure, ())
                if ask.start <= fact.date <= ask.end
                and _stands(fact, as_of)
                and fact.unit not in left_out
                and (fact.unit, fact.month) not in without_months
                and all(_passes(fact, where) for where in ask.where)
            ]
            if ask.how is Aggregation.LAST:
                chosen = _latest(chosen, by_month=ask.by == "month")
            for unit, ways in homes.items():
                buckets: dict[str | None, list[Fact]] = defaultdict(list)
                for fact in chosen:
                    if fact.unit in ways:
                        buckets[_bucket(fact, ask.by)].append(fact)
                for bucket, facts in buckets.items():
                    answer[ask, unit, bucket] = _total(ask.how, facts, ways)
        return answer

    def present(
        self,
        measures: Sequence[str],
        units: Sequence[str],
        start: date,
        end: date,
        *,
        tree: date,
        as_of: date | None = None,
    ) -> dict[tuple[str, str], Presence]:
        """Say for each (measure, unit) which months hold facts and how many are missing."""
        answer: dict[tuple[str, str], Presence] = {}
        for unit in units:
            ways = self._history.tree(tree).homes(unit)
            for measure in measures:
                facts = [
                    fact
                    for fact in self._facts.get(measure, ())
                    if start <= fact.date <= end and _stands(fact, as_of) and fact.unit in ways
                ]
                if facts:
                    once = _once(facts, ways)
                    answer[measure, unit] = Presence(
                        frozenset(fact.month for fact in facts),
                        sum(fact.value.missing for fact, _ in once),
                    )
        return answer


def _stands(fact: Fact, as_of: date | None) -> bool:
    """Say whether the ledger had accepted the fact and not retired it by the end of a day."""
    if as_of is None:
        return fact.retired_at is None
    if fact.accepted_at is not None and _day(fact.accepted_at) > as_of:
        return False
    return fact.retired_at is None or _day(fact.retired_at) > as_of


def _day(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()


def _passes(fact: Fact, where: DimensionFilter) -> bool:
    return (fact.dimensions.get(where.dimension, "") in where.values) != where.negated


def _bucket(fact: Fact, by: str | None) -> str | None:
    if by is None:
        return None
    return str(fact.month) if by == "month" else fact.dimensions.get(by, "")


def _latest(facts: Iterable[Fact], by_month: bool) -> list[Fact]:
    """Keep per code, dimensions and entity the latest fact (per month where months are asked)."""
    latest: dict[tuple[object, ...], Fact] = {}
    for fact in facts:
        key = (fact.unit, fact.dims, fact.entity or "", fact.month if by_month else None)
        if key not in latest or _age(fact) > _age(latest[key]):
            latest[key] = fact
    return list(latest.values())


def _age(fact: Fact) -> tuple[date, datetime, str, int]:
    return (fact.date, fact.accepted_at or _EARLIEST, fact.record, fact.ordinal)


def _once(facts: Iterable[Fact], ways: Mapping[str, str]) -> list[tuple[Fact, str]]:
    """Count a joint fact once for a unit; of its copies the one that moved least is kept."""
    kept: dict[tuple[str, int, int], tuple[Fact, str]] = {}
    for place, fact in enumerate(facts):
        way = ways[fact.unit]
        key = (fact.record, fact.ordinal, -1 if fact.joint else place)
        if key not in kept or _moves(way) < _moves(kept[key][1]):
            kept[key] = (fact, way)
    return list(kept.values())


def _middle(ends: Sequence[Decimal | float]) -> Decimal | None:
    """Give the middle of upper ends; ``None`` where one that it is taken from is open."""
    ordered = sorted(ends)
    half = len(ordered) // 2
    pair = (ordered[half], ordered[-1 - half])
    finite = [end for end in pair if isinstance(end, Decimal)]
    return sum(finite, Decimal(0)) / 2 if len(finite) == 2 else None


def _moves(way: str) -> int:
    return 0 if way == Way.OWN else 2 if way == Way.SPLIT else 1


def _total(how: Aggregation, facts: Iterable[Fact], ways: Mapping[str, str]) -> Aggregate:
    once = _once(facts, ways)
    known = [fact.value for fact, _ in once if not fact.value.missing]
    lows = [value.low for value in known if value.low is not None]
    highs = [value.high for value in known if value.high is not None]
    if how is Aggregation.COUNT:
        low, high = Decimal(len(once)), Decimal(len(once))
    elif how is Aggregation.DISTINCT:
        tokens = {fact.person or fact.entity for fact, _ in once} - {None, ""}
        low = high = Decimal(len(tokens))
    elif how is Aggregation.MAX:
        low, high = max(lows, default=Decimal(0)), max(highs, default=Decimal(0))
    else:
        low, high = sum(lows, Decimal(0)), sum(highs, Decimal(0))
    counted = how in (Aggregation.COUNT, Aggregation.DISTINCT)
    top = high if counted or len(highs) == len(once) else None
    if how is Aggregation.MIN:
        low, top = min(lows, default=Decimal(0)), min(highs, default=None)
    elif how is Aggregation.MEDIAN:
        low = median(lows) if lows else Decimal(0)
        ends = [math.inf if value.high is None else value.high for value in known]
        top = _middle(ends) if len(known) == len(once) else None
    return Aggregate(
        low=low,
        high=top,
        facts=len(once),
        missing=len(once) - len(known),
        about=sum(value.kind is QuantityKind.ABOUT for value in known),
        records=len({fact.record for fact, _ in once}),
        moved=sum(way != Way.OWN for _, way in once),
        split=sum(way == Way.SPLIT for _, way in once),
    )
