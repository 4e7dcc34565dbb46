"""Working days: each year's holidays and make-up days as dated editions, and counting by them.

The State Council announces the exchanged days of a year late in the year before.  Until then a year
is counted by its weekends and legal holidays; the announcement is an edition of its own, known from
its day on, so that what was known on any day can be counted again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from holidays import country_holidays

DAY = timedelta(days=1)
#: Days on which the notices of these years were published; of others nobody has looked it up.
_PUBLISHED = {2024: date(2023, 10, 25), 2025: date(2024, 11, 12), 2026: date(2025, 11, 4)}
_LAW = "全国年节及纪念日放假办法"
_EXCHANGED = "休息日"  # how the holidays package names a day that is worked on another one


@dataclass(frozen=True, slots=True, kw_only=True)
class YearEdition:
    """The holidays of one year as known from a day on.

    ``rest`` are working days of the week that are free, ``work`` days of the weekend that are
    worked.  ``verified`` says that somebody compared it with the notice.
    """

    year: int
    known_from: date
    rest: frozenset[date]
    work: frozenset[date] = frozenset()
    document: str = ""
    verified: bool = False

    def works(self, day: date) -> bool:
        """Say whether a day of the year is worked."""
        return day in self.work or (day.weekday() < 5 and day not in self.rest)


@lru_cache(maxsize=400)
def legal_edition(year: int) -> YearEdition:
    """Give a year as the law alone has it: weekends and legal holidays, nothing exchanged."""
    days = country_holidays("CN", years=year, language="zh_CN")
    rest = frozenset(
        day for day, name in days.items() if day.year == year and not name.startswith(_EXCHANGED)
    )
    return YearEdition(year=year, known_from=date.min, rest=rest, document=_LAW)


@lru_cache(maxsize=400)
def announced_edition(year: int) -> YearEdition | None:
    """Give a year with its exchanged days, as the holidays package knows them; else ``None``.

    Where nobody has looked up the day of the notice, the first of November before stands for it.
    """
    days = country_holidays("CN", years=year, language="zh_CN")
    work = frozenset(day for day in days.weekend_workdays if day.year == year)
    if not work:
        return None
    known_from = _PUBLISHED.get(year, date(year - 1, 11, 1))
    rest = frozenset(day for day in days if day.year == year)
    document = f"国务院办公厅关于{year}年部分节假日安排的通知"
    return YearEdition(year=year, known_from=known_from, rest=rest, work=work, document=document)


class WorkingDays:
    """All editions of all years; ``known_on`` gives the calendar as it was known on a day."""

    def __init__(self, editions: Iterable[YearEdition] = ()) -> None:
        self._editions: dict[int, list[YearEdition]] = {}
        for edition in sorted(editions, key=lambda edition: edition.known_from):
            self._editions.setdefault(edition.year, []).append(edition)
        days = {edition.known_from for own in self._editions.values() for edition in own}
        self._turns = sorted(days)
        self._calendars: dict[int, WorkCalendar] = {}

    def known_on(self, day: date) -> WorkCalendar:
        """Give the calendar known on a day."""
        index = bisect_right(self._turns, day)
        if index not in self._calendars:
            latest = {
                year: known[-1]
                for year, own in self._editions.items()
                if (known := [edition for edition in own if edition.known_from <= day])
            }
            self._calendars[index] = WorkCalendar(latest)
        return self._calendars[index]


class WorkCalendar:
    """Working days by one edition a year."""

    def __init__(self, editions: dict[int, YearEdition]) -> None:
        self._editions = editions

    def works(self, day: date) -> bool:
        """Say whether a day is worked."""
        edition = self._editions.get(day.year)
        return (legal_edition(day.year) if edition is None else edition).works(day)

    def after(self, day: date, count: int) -> date:
        """Give the ``count``-th working day after ``day``."""
        while count > 0:
            day += DAY
            count -= self.works(day)
        return day

    def between(self, first: date, last: date) -> int:
        """Count the working days after ``first`` up to ``last``."""
        span = range(1, (last - first).days + 1)
        return sum(self.works(first + timedelta(days=number)) for number in span)


@lru_cache(maxsize=8)
def shipped_editions(first: int = 2024, last: int = 2035) -> tuple[YearEdition, ...]:
    """Give the editions that the holidays package knows for a span of years."""
    announced = (announced_edition(year) for year in range(first, last + 1))
    return tuple(edition for edition in announced if edition is not None)


@lru_cache(maxsize=8)
def shipped_working_days(first: int = 2024, last: int = 2035) -> WorkingDays:
    """Give the calendar by the editions that the holidays package knows."""
    return WorkingDays(shipped_editions(first, last))
