"""Engine on Ibis: which rows answer an aggregate — cube, facts, joint facts, latest, tokens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from operator import add
from typing import Any
from zoneinfo import ZoneInfo

from taizhang.core.aggregate.query import (
    Aggregate,
    AggregateQuery,
    Aggregation,
    DimensionFilter,
    Presence,
)
from taizhang.core.base.period import Month
from taizhang.core.base.quantity import SCALE
from taizhang.figures.catalogue import statement
from taizhang.figures.fact_source import FactSource
from taizhang.figures.shape import Fold, Read, Shape, span_values, where_values

#: A day of the ledger is a day in Shanghai.
ZONE = ZoneInfo("Asia/Shanghai")

#: Ways of adding up that fold the ends of facts, and those that one statement answers whole.
_FOLDS = {Aggregation.MAX: Fold.MAX, Aggregation.MIN: Fold.MIN}
_WHOLE = {Aggregation.LAST: Read.LATEST, Aggregation.MEDIAN: Read.MIDDLE}

Key = tuple[str, str, str | None]  # measure, unit, bucket
Totals = Mapping[tuple[AggregateQuery, str, str | None], Aggregate]


@dataclass(frozen=True, slots=True)
class _Window:
    """What the asks of one statement share."""

    start: date
    end: date
    where: tuple[DimensionFilter, ...]
    by: str | None


@dataclass(frozen=True, slots=True)
class _View:
    """What all statements of one call share."""

    units: tuple[str, ...]
    tree: date
    as_of: date | None
    without: tuple[str, ...]
    without_months: tuple[str, ...]


@dataclass(slots=True)
class _Tally:
    """Sums of one key, collected over statements; bounds in ten-thousandths."""

    low: int | None = None
    high: int | None = None
    facts: int = 0
    missing: int = 0
    about: int = 0
    open_high: int = 0
    records: int = 0
    moved: int = 0
    split: int = 0

    def add(self, row: Mapping[str, Any], fold: Fold) -> None:
        """Take the sums of one row in."""
        self.low = _folded(fold, self.low, row["low"])
        self.high = _folded(fold, self.high, row["high"])
        for name in ("facts", "missing", "about", "open_high", "records", "moved", "split"):
            setattr(self, name, getattr(self, name) + int(row[name]))

    def total(self, low: Decimal, high: Decimal | None) -> Aggregate:
        """Give the answer with these bounds."""
        return Aggregate(
            low=low,
            high=high,
            facts=self.facts,
            missing=self.missing,
            about=self.about,
            records=self.records,
            moved=self.moved,
            split=self.split,
        )


def _folded(fold: Fold, known: int | None, more: Any) -> int | None:
    if more is None:
        return known
    if known is None:
        return int(more)
    fold_two = {Fold.MAX: max, Fold.MIN: min}.get(fold, add)
    return int(fold_two(known, int(more)))


class IbisEngine:
    """Answer filtered aggregates from any source by one set of Ibis expressions.

    :param today: the day it is; what the ledger knows on that day or later is what it knows now,
        so that such an ``as_of`` may be answered from the month cube
    :param scattered: measures of which one record may state facts in several months
    """

    def __init__(
        self,
        source: FactSource,
        today: date | None = None,
        scattered: frozenset[str] = frozenset(),
    ) -> None:
        self._source = source
        self._today = today
        self._scattered = scattered

    def totals(
        self,
        asks: Sequence[AggregateQuery],
        units: Sequence[str],
        *,
        tree: date,
        as_of: date | None = None,
        without: frozenset[str] = frozenset(),
        without_months: frozenset[tuple[str, int]] = frozenset(),
    ) -> Totals:
        """Answer each ask for each unit; the key is (ask, unit code, bucket or None)."""
        if not units:
            return {}
        view = self._view(units, tree, as_of, without, without_months)
        groups: dict[tuple[Aggregation, _Window], dict[str, list[AggregateQuery]]] = {}
        for ask in dict.fromkeys(asks):
            how: Aggregation = (
                Aggregation.SUM if ask.how in (Aggregation.MEAN, Aggregation.COUNT) else ask.how
            )
            window = _Window(ask.start, ask.end, ask.where, ask.by)
            groups.setdefault((how, window), {}).setdefault(ask.measure, []).append(ask)
        answer: dict[tuple[AggregateQuery, str, str | None], Aggregate] = {}
        for (how, window), wanted in groups.items():
            tallies = self._tallies(how, window, sorted(wanted), view)
            tokens = (
                self._tokens(window, sorted(wanted), view) if how is Aggregation.DISTINCT else {}
            )
            for key, tally in tallies.items():
                measure, unit, bucket = key
                for ask in wanted[measure]:
                    answer[ask, unit, bucket] = _total(ask.how, tally, tokens.get(key, 0))
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
    ) -> Mapping[tuple[str, str], Presence]:
        """Say for each (measure, unit) which months hold facts and how many are missing."""
        if not units or not measures:
            return {}
        view = self._view(units, tree, as_of)
        window = _Window(start, end, (), None)
        months: dict[tuple[str, str], frozenset[int]] = {}
        missing: dict[tuple[str, str], int] = defaultdict(int)
        for read, first, last in self._readings(Aggregation.SUM, window, view):
            asked = sorted(set(measures))
            for row in self._rows(read, Fold.MONTHS, window, first, last, asked, view):
                key = (str(row["measure"]), str(row["ancestor"]))
                held = _months(str(row["months"]))
                months[key] = months[key] | held if key in months else held
                missing[key] += int(row["missing"])
        return {key: Presence(held, missing[key]) for key, held in months.items()}

    def _view(
        self,
        units: Sequence[str],
        tree: date,
        as_of: date | None,
        without: frozenset[str] = frozenset(),
        without_months: frozenset[tuple[str, int]] = frozenset(),
    ) -> _View:
        now = as_of is None or (self._today is not None and as_of >= self._today)
        return _View(
            units=tuple(sorted(set(units))),
            tree=tree,
            as_of=None if now else as_of,
            without=tuple(sorted(without)),
            without_months=tuple(sorted(f"{code}/{month}" for code, month in without_months)),
        )

    def _tallies(
        self, how: Aggregation, window: _Window, measures: list[str], view: _View
    ) -> dict[Key, _Tally]:
        """Collect the sums of each key from the statements that ``how`` needs."""
        tallies: dict[Key, _Tally] = defaultdict(_Tally)
        fold = _FOLDS.get(how, Fold.SUM)
        for read, start, end in self._readings(how, window, view):
            for key, row in self._read(read, fold, window, start, end, measures, view):
                tallies[key].add(row, fold)
        if (
            how in (Aggregation.SUM, Aggregation.DISTINCT)
            and self._source.cube
            and view.as_of is None
        ):
            self._records_recount(tallies, window, view)
        return tallies

    def _readings(
        self, how: Aggregation, window: _Window, view: _View
    ) -> Iterator[tuple[Read, date, date]]:
        """Choose what to read: the cube for whole months of the present, else the facts."""
        if how in _WHOLE:  # facts lie beside facts: no parts add up to the answer
            yield _WHOLE[how], window.start, window.end
            return
        yield Read.JOINT, window.start, window.end
        from_cells = how in (Aggregation.SUM, Aggregation.DISTINCT) and self._source.cube
        if not from_cells or view.as_of is not None:
            yield Read.ALONE, window.start, window.end
            return
        whole = _whole_months(window.start, window.end)
        if whole is None:
            yield Read.ALONE, window.start, window.end
            return
        first, last = whole
        yield Read.CUBE, first, last
        if window.start < first:
            yield Read.ALONE, window.start, first - timedelta(days=1)
        if last < window.end:
            yield Read.ALONE, last + timedelta(days=1), window.end

    def _records_recount(self, tallies: dict[Key, _Tally], window: _Window, view: _View) -> None:
        """Count records from the facts where the cube cannot say.

        A cube cell counts the records whose *first* fact of the measure it holds.  A record with
        several facts may have its first in another cell: of other dimensions, or of another month
        where its rows have dates of their own.
        """
        parted = bool(window.where) or window.by not in (None, "month")
        doubtful = sorted(
            {
                measure
                for (measure, _, _), tally in tallies.items()
                if measure in self._scattered or (parted and tally.records != tally.facts)
            }
        )
        if not doubtful:
            return
        for key in tallies:
            if key[0] in doubtful:
                tallies[key].records = 0
        for read in (Read.ALONE, Read.JOINT):
            rows = self._read(read, Fold.SUM, window, window.start, window.end, doubtful, view)
            for key, row in rows:
                tallies[key].records += int(row["records"])

    def _tokens(self, window: _Window, measures: list[str], view: _View) -> dict[Key, int]:
        rows = self._read(Read.TOKENS, Fold.SUM, window, window.start, window.end, measures, view)
        return {key: int(row["tokens"]) for key, row in rows}

    def _read(
        self,
        read: Read,
        fold: Fold,
        window: _Window,
        start: date,
        end: date,
        measures: list[str],
        view: _View,
    ) -> Iterable[tuple[Key, Mapping[str, Any]]]:
        """Run one statement and give its rows by key."""
        for row in self._rows(read, fold, window, start, end, measures, view):
            bucket = None if window.by is None else str(row["bucket"])
            yield (str(row["measure"]), str(row["ancestor"]), bucket), row

    def _rows(
        self,
        read: Read,
        fold: Fold,
        window: _Window,
        start: date,
        end: date,
        measures: list[str],
        view: _View,
    ) -> Iterable[Mapping[str, Any]]:
        """Run one statement and give its rows."""
        if start > end:
            return
        if any(not where.values and not where.negated for where in window.where):
            return
        where = tuple(where for where in window.where if where.values)
        query = statement(
            Shape(
                dialect=self._source.dialect,
                read=read,
                fold=fold,
                by=window.by,
                measures=True,
                units=True,
                without=bool(view.without),
                without_months=bool(view.without_months),
                where=tuple(condition.negated for condition in where),
                as_of=view.as_of is not None,
            )
        )
        values = self._values(where, start, end, measures, view)
        for row in self._source.rows(*query.bound(values)):
            yield dict(zip(query.columns, row, strict=True))

    def _values(
        self,
        where: tuple[DimensionFilter, ...],
        start: date,
        end: date,
        measures: list[str],
        view: _View,
    ) -> dict[str, object]:
        dialect = self._source.dialect
        values = {
            **span_values(dialect, tree=view.tree, start=start, end=end),
            "measures": measures,
            "units": view.units,
            "without": view.without,
            "without_months": view.without_months,
            **where_values(dialect, where),
        }
        if view.as_of is not None:
            # The day's end is the next day's beginning.
            morning = datetime.combine(view.as_of + timedelta(days=1), time(), ZONE)
            values["cut"] = dialect.moment(morning)
        return values


@lru_cache(maxsize=4096)
def _months(text: str) -> frozenset[int]:
    """Read the months that a statement gathered; mostly the same ones over and over."""
    return frozenset(int(month) for month in text.split(","))


def _whole_months(start: date, end: date) -> tuple[date, date] | None:
    """Give the first and last day of the whole months inside [start, end], if there are any."""
    first, last = Month.of(start), Month.of(end)
    if first.start != start:
        first = first.plus(1)
    if last.end != end:
        last = last.plus(-1)
    return None if first > last else (first.start, last.end)


def _total(how: Aggregation, tally: _Tally, tokens: int) -> Aggregate:
    if how is Aggregation.COUNT:
        return tally.total(Decimal(tally.facts), Decimal(tally.facts))
    if how is Aggregation.DISTINCT:
        return tally.total(Decimal(tokens), Decimal(tokens))
    if how is Aggregation.MEDIAN:
        above = tally.open_high > 0 or tally.missing > 0 or tally.high is None
        middle = None if above else Decimal(tally.high or 0) / (2 * SCALE)
        return tally.total(Decimal(tally.low or 0) / (2 * SCALE), middle)
    if how is Aggregation.MIN and tally.high is not None:
        return tally.total(Decimal(tally.low or 0) / SCALE, Decimal(tally.high) / SCALE)
    open_above = tally.open_high > 0 or tally.high is None
    return tally.total(
        Decimal(tally.low or 0) / SCALE, None if open_above else Decimal(tally.high or 0) / SCALE
    )
