"""The aggregates that core asks of an engine: filters, ways of adding up, their answers.

Division, caps, comparison and sentences happen once, in :mod:`taizhang.core.indicator`.  Two
engines answer: :mod:`taizhang.core.aggregate.reference_engine` in plain Python (pack tests, and the
second route that proves figures) and :mod:`taizhang.figures` on Ibis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


class Aggregation(StrEnum):
    """How the values of one measure come together."""

    SUM = "sum"  # event: add all facts dated inside the window
    LAST = "last"  # level: per (code, dims, entity) the latest fact, then add over them
    MEAN = "mean"  # sum and number of known values; core divides
    COUNT = "count"  # number of facts
    DISTINCT = "distinct"  # number of different entities, or person tokens where there are some
    MAX = "max"  # largest single value
    MIN = "min"  # smallest single value
    MEDIAN = "median"  # middle of the single values, or half-way between the two in the middle


#: Ways that count facts, whatever was stated, so that a missing value is no gap in them.
COUNTED = (Aggregation.COUNT, Aggregation.DISTINCT)


@dataclass(frozen=True, slots=True, order=True)
class DimensionFilter:
    """A filter on one dimension: its value is (or is not) one of ``values``."""

    dimension: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class AggregateQuery:
    """One aggregate wanted: facts of ``measure`` dated in [start, end] that pass ``where``.

    ``by`` is ``None``, ``"month"`` (bucket ``"202605"``) or a dimension (bucket = its value, ``""``
    where the fact lacks it).  For LAST, ``start`` is the first day a value may date from (the day
    after 12 months before ``end``).
    """

    measure: str
    how: Aggregation
    start: date
    end: date
    where: tuple[DimensionFilter, ...] = ()
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The answer to one ask for one unit and bucket, over all codes below that unit.

    ``low``/``high`` are sums of the known lower and upper bounds (``high`` is ``None`` where a
    fact is open above or missing); for COUNT and DISTINCT they are the count; for MAX the largest.
    For MIN they are the smallest of the known bounds, for MEDIAN the middles of them (``high`` is
    ``None`` where that middle is open or a fact is missing).
    """

    low: Decimal
    high: Decimal | None
    facts: int  # facts that took part, missing ones included
    missing: int  # of these, facts with a missing value
    about: int  # of these, facts marked 左右/约
    records: int  # different records behind them
    moved: int = 0  # facts that reached this unit over a dated change of the tree
    split: int = 0  # of these, facts that stayed on a unit that was later split


@dataclass(frozen=True, slots=True)
class Presence:
    """Which months a unit has facts in for one measure, and how many of them are missing."""

    months: frozenset[int]  # yyyymm
    missing: int


class Engine(Protocol):
    """The whole contract between core and an engine.

    ``tree`` picks the tree in force on that day (merged and recoded codes are followed, facts of
    split units stay).  ``as_of`` (a day, or ``None`` for the present) keeps what the ledger had
    accepted and not yet retired by that day's end.  ``without`` leaves out facts whose home lies
    under one of these units, ``without_months`` those that one of these codes recorded in that
    month (yyyymm).  A joint record counts once for each asked unit.  Units that have no
    fact are absent from the answer.
    """

    def totals(
        self,
        asks: Sequence[AggregateQuery],
        units: Sequence[str],
        *,
        tree: date,
        as_of: date | None = None,
        without: frozenset[str] = frozenset(),
        without_months: frozenset[tuple[str, int]] = frozenset(),
    ) -> Mapping[tuple[AggregateQuery, str, str | None], Aggregate]:
        """Answer each ask for each unit; the key is (ask, unit code, bucket or None)."""
        ...

    def present(
        self,
        measures: Sequence[str],
        units: Sequence[str],
        start: date,
        end: date,
        *,
        tree: date,
        as_of: date | None = None,
    ) -> Mapping[tuple[str, str], Presence]:
        """Say for each (measure, unit) which months hold facts and how many are missing."""
        ...
