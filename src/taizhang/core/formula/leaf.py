"""Leaves: aggregates that formulas read; running and earlier periods, levels of twelve months.

Here stand the rules of time: to which day a running period is counted, what an earlier period is
compared with, and how long a level's value stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from taizhang.core.aggregate.query import AggregateQuery, Aggregation, DimensionFilter
from taizhang.core.base.closing_day import DueMonths
from taizhang.core.base.period import Month, Period, months_earlier

#: A level's value stands this many months.
LEVEL_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Window:
    """A period and by how many months it lies before the one asked for."""

    period: Period
    back: int = 0
    whole: int = 0  # months of the period before it was cut; 0 where it was not

    @property
    def span(self) -> int:
        """Count the months of the period, those that were cut off included."""
        return self.whole or self.period.length

    def earlier(self, months: int) -> Window:
        """Give the window moved back."""
        return Window(self.period.shifted(-months), self.back + months, self.whole)

    def asked(self) -> Period:
        """Give the period asked for, of which this is the same time earlier."""
        return self.period.shifted(self.back) if self.back else self.period

    def cut(self, due: DueMonths) -> Window | None:
        """Cut a running period at its last due month; ``None`` where no month of it is due."""
        asked = self.asked()
        cut = due.cut(asked)
        if cut is None or cut == asked:
            return None if cut is None else self
        return Window(cut.shifted(-self.back), self.back, self.span)

    def to_date(self) -> Window:
        """Give the months from January of the year in which the period ends to its end (累计)."""
        last = self.period.last
        whole = last.month + self.whole - self.period.length if self.whole else 0
        return Window(Period(Month(last.year, 1), last), self.back, whole)

    def months(self) -> Iterator[Window]:
        """Walk the months of the period, each as a window of its own."""
        for month in self.period.months():
            yield Window(Period(month, month), self.back)

    def end(self, as_of: date) -> date:
        """Give the last day counted.

        A period that runs past ``as_of`` is counted up to it, and an earlier period compared
        with it up to the same day of that time, so that like is compared with like.
        """
        return min(self.period.end, months_earlier(as_of, self.back))


#: The functions that look at another time, and where each of them moves the window.
MOVES: Mapping[str, Callable[[Window], Window]] = {
    "previous": lambda window: window.earlier(window.span),
    "year_before": lambda window: window.earlier(12),
    "to_date": Window.to_date,
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One aggregate of one measure in one window: all that formulas read from facts.

    Leaves are looked up many times for each figure, so the hash is worked out once.
    """

    measure: str
    how: Aggregation
    where: tuple[DimensionFilter, ...]
    window: Window
    _hash: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        parts = (self.measure, self.how, self.where, self.window)
        object.__setattr__(self, "_hash", hash(parts))

    def __hash__(self) -> int:
        return self._hash

    def ask(self, as_of: date, by: str | None = None) -> AggregateQuery:
        """Write the question that an engine answers."""
        end = self.window.end(as_of)
        start = self.window.period.start
        if self.how is Aggregation.LAST:
            start = level_start(end)
        return AggregateQuery(self.measure, self.how, start, end, self.where, by)


#: The leaves of a division: it is taken over the members known in all of them.  ``None`` stands
#: outside a division; the empty group takes all members, known or not.
Group = frozenset[Leaf] | None
EVERYONE: Group = frozenset()


def level_start(end: date) -> date:
    """Give the first day from which a level's value still stands on ``end``: twelve months of days,
    whole ones where ``end`` closes a month."""
    month = Month.of(end)
    if end == month.end:
        return month.plus(1 - LEVEL_MONTHS).start
    return months_earlier(end, LEVEL_MONTHS) + timedelta(days=1)
