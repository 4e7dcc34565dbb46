"""A span of days that a figure, plan or score speaks about: a year down to a month."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from taizhang.core.base.code import PeriodCode
from taizhang.core.base.issue import Issue, Place, Refused
from taizhang.core.base.literal import day_of

#: Years of the ledger: the oldest texts that are read in, and the plans that are made.
FIRST_YEAR, LAST_YEAR = 1900, 2199
#: Kinds of period, and how many months each is long.
KIND_MONTHS = {"year": 12, "half": 6, "quarter": 3, "month": 1}
#: Names of the parts of a year, by their kind; ``2026H1`` and ``2026-05`` end with one.
PART_NAMES = {
    "half": ("H1", "H2"),
    "quarter": ("Q1", "Q2", "Q3", "Q4"),
    "month": tuple(f"{number:02d}" for number in range(1, 13)),
}
#: Months that one question may span; a page would otherwise work for minutes on what nobody reads.
MOST_MONTHS = 36


class PeriodError(ValueError):
    """A period or a day that can be read, yet lies out of bounds; ``refused`` says why."""

    def __init__(self, code: PeriodCode, **facts: object) -> None:
        super().__init__(code.name)
        self.refused = Refused([Issue(code, Place(), facts)])


def year_check(text: str, *years: int) -> None:
    """See that the years that a text names are years of the ledger.

    :raises PeriodError: PERIOD_001
    """
    if not all(FIRST_YEAR <= year <= LAST_YEAR for year in years):
        raise PeriodError(PeriodCode.PERIOD_001, text=text, first=FIRST_YEAR, last=LAST_YEAR)


def parse_day(text: str) -> date:
    """Read a day like ``2026-05-31``.

    :raises ValueError: if it is none
    :raises PeriodError: PERIOD_001
    """
    day = day_of(text)
    year_check(text, day.year)
    return day


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month; its number ``yyyymm`` is what cube and closings store."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Month:
        """Give the month that holds ``day``."""
        return cls(day.year, day.month)

    @classmethod
    def from_number(cls, number: int) -> Month:
        """Read ``202605``."""
        return cls(number // 100, number % 100)

    @property
    def number(self) -> int:
        """Give ``yyyymm``."""
        return self.year * 100 + self.month

    @property
    def start(self) -> date:
        """Give the first day."""
        return date(self.year, self.month, 1)

    @property
    def end(self) -> date:
        """Give the last day."""
        return _last_day(self.year, self.month)

    def plus(self, months: int) -> Month:
        """Give the month ``months`` later (earlier when negative)."""
        index = self.year * 12 + self.month - 1 + months
        return Month(index // 12, index % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@lru_cache(maxsize=4096)  # a page of figures asks a hundred thousand times
def _last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole months from ``first`` to ``last``, both included."""

    first: Month
    last: Month

    @classmethod
    def from_numbers(cls, first: int, last: int) -> Period:
        """Give the period of two months that are stored as numbers (yyyymm)."""
        return cls(Month.from_number(first), Month.from_number(last))

    @property
    def start(self) -> date:
        """Give the first day."""
        return self.first.start

    @property
    def end(self) -> date:
        """Give the last day."""
        return self.last.end

    @property
    def length(self) -> int:
        """Count the months."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    def months(self) -> Iterator[Month]:
        """Walk the months in order."""
        for index in range(self.length):
            yield self.first.plus(index)

    def shifted(self, months: int) -> Period:
        """Give the period moved by ``months``."""
        return Period(self.first.plus(months), self.last.plus(months))

    def previous(self) -> Period:
        """Give the period of the same length just before (环比)."""
        return self.shifted(-self.length)

    def year_before(self) -> Period:
        """Give the same months of the year before (同比)."""
        return self.shifted(-12)

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        first, last = self.first, self.last
        if first.year == last.year:
            key = (first.month, last.month)
            if key == (1, 12):
                return f"{first.year:04d}"
            if key in ((1, 6), (7, 12)):
                return f"{first.year:04d}H{1 if key[0] == 1 else 2}"
            if key[0] % 3 == 1 and key[1] == key[0] + 2:
                return f"{first.year:04d}Q{key[0] // 3 + 1}"
        return str(first) if first == last else f"{first}..{last}"


_FORMS = re.compile(
    r"(?P<year>\d{4})(?:(?P<half>H[12])|(?P<quarter>Q[1-4])|-(?P<month>\d\d)"
    r"(?:\.\.(?P<year2>\d{4})-(?P<month2>\d\d))?)?",
    re.ASCII,
)


def parse_period(text: str) -> Period:
    """Read ``2026``, ``2026H1``, ``2026Q3``, ``2026-05`` or ``2026-01..2026-05``.

    :raises ValueError: if the text is none of these or ends before it begins
    :raises PeriodError: PERIOD_001, PERIOD_002
    """
    match = _FORMS.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a period")
    year = int(match["year"])
    if match["half"]:
        first = 1 if match["half"] == "H1" else 7
        months = (first, first + 5)
    elif match["quarter"]:
        first = int(match["quarter"][1]) * 3 - 2
        months = (first, first + 2)
    elif match["month"]:
        months = (int(match["month"]), int(match["month2"] or match["month"]))
    else:
        months = (1, 12)
    last_year = int(match["year2"] or year)
    if not (year and last_year and all(1 <= month <= 12 for month in months)):
        raise ValueError(f"{text!r} names no month of the calendar")
    year_check(text.strip(), year, last_year)
    period = Period(Month(year, months[0]), Month(last_year, months[1]))
    if period.length < 1:
        raise ValueError(f"{text!r} ends before it begins")
    if period.length > MOST_MONTHS:
        facts = {"months": period.length, "most": MOST_MONTHS}
        raise PeriodError(PeriodCode.PERIOD_002, text=text.strip(), **facts)
    return period


def is_month(text: str | None) -> bool:
    """Say whether a text, such as the bucket of a figure, names a month."""
    try:
        return text is not None and parse_period(text).length == 1
    except ValueError:
        return False


def year_of(year: int) -> Period:
    """Give the whole calendar year."""
    return Period(Month(year, 1), Month(year, 12))


def part_of(year: int, name: str) -> Period:
    """Give a part of a year by its name: ``H1``, ``Q3``, ``05``."""
    return parse_period(f"{year}{name}" if name[0] in "HQ" else f"{year}-{name}")


def periods_of(year: int, *kinds: str) -> tuple[Period, ...]:
    """Give the periods of a year, of these kinds or of all: year, halves, quarters, months."""
    lengths = [KIND_MONTHS[kind] for kind in kinds or KIND_MONTHS]
    return tuple(
        Period(Month(year, first), Month(year, first + length - 1))
        for length in lengths
        for first in range(1, 13, length)
    )


def fits(period: Period, kind: str) -> bool:
    """Say whether a period is a whole one of a kind; every period is of kind ``any``."""
    return around(period, kind) == period


def around(period: Period, kind: str) -> Period:
    """Give the year, half, quarter or month that holds the first month of ``period``."""
    if kind == "any":
        return period
    length = KIND_MONTHS[kind]
    first = Month(period.first.year, (period.first.month - 1) // length * length + 1)
    return Period(first, first.plus(length - 1))


def months_earlier(day: date, months: int) -> date:
    """Give the day ``months`` before, or the last day of that month when it is shorter."""
    month = Month.of(day).plus(-months)
    return min(month.start + timedelta(days=day.day - 1), month.end)
