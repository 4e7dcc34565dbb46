"""The closing day: until which day of the next month a month is not yet due, through time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from taizhang.core.base.period import Month, Period

#: Where a host has set nothing: the 10th of the next month.
CLOSING_DAY = 10
#: A later day does not exist in every month.
LAST_CLOSING_DAY = 28


@dataclass(frozen=True, slots=True)
class ClosingRow:
    """What a host has set, for the months that end on this day or later.

    ``closes_after`` are the days after a month's end when it closes by itself; ``None``: never.
    """

    holds_from: date
    closing_day: int = CLOSING_DAY
    closes_after: int | None = None


@dataclass(frozen=True, slots=True)
class ClosingDays:
    """The closing day through time, in the order of the days from which rows hold.

    A month goes by the row that holds on its last day, so that a row set today changes nothing
    that was due, or closed, before.
    """

    rows: tuple[ClosingRow, ...] = ()

    def row(self, month: Month) -> ClosingRow:
        """Give the row by which a month goes."""
        place = bisect_right(self.rows, month.end, key=lambda row: row.holds_from)
        return self.rows[place - 1] if place else ClosingRow(date.min)

    def due_on(self, month: Month) -> date:
        """Give the day from whose end on a month is due."""
        return month.plus(1).start + timedelta(days=self.row(month).closing_day - 1)

    def closes_on(self, month: Month) -> date | None:
        """Give the day on which a month closes by itself, never before it is due."""
        after = self.row(month).closes_after
        if after is None:
            return None
        return max(self.due_on(month), month.end + timedelta(days=after))


@dataclass(frozen=True, slots=True)
class DueMonths:
    """Which months are due by the end of one day."""

    days: ClosingDays
    as_of: date

    def is_due(self, month: Month) -> bool:
        """Say whether the closing day of a month has come."""
        return _due_on(self.days, month) <= self.as_of

    def is_over(self, period: Period) -> bool:
        """Say whether a period is over, and so written whole."""
        return period.end <= self.as_of

    def cut(self, period: Period) -> Period | None:
        """Cut a running period at its last due month; ``None`` where no month of it is due."""
        if self.is_over(period):
            return period
        due = [month for month in period.months() if self.is_due(month)]
        return Period(period.first, due[-1]) if due else None


@lru_cache(maxsize=4096)
def _due_on(days: ClosingDays, month: Month) -> date:
    return days.due_on(month)


def closing_days(rows: Sequence[ClosingRow]) -> ClosingDays:
    """Put rows in the order of the days from which they hold."""
    return ClosingDays(tuple(sorted(rows, key=lambda row: row.holds_from)))
