"""Theme days (fixed, floating, lunar, spans) and recurring duties."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from taizhang.core.base.issue import NOWHERE, Place
from taizhang.core.base.period import Month, Period, periods_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRule:
    """When a theme day falls.

    Exactly one of: ``on`` ("03-24"), ``span`` ("04-15..04-21" or "04" for a whole month),
    ``nth`` ("2nd sun of 05", "last mon of 03", "3rd weekend of 09", "last day of 02"), ``lunar``
    ("09-09", "12-last"), ``solar_term`` ("清明"), ``every`` (recurring duty: "month:1" = 1st of
    each month, "quarter", "year:03").
    """

    key: str
    label: str
    on: str | None = None
    span: str | None = None
    nth: str | None = None
    lunar: str | None = None
    solar_term: str | None = None
    every: str | None = None
    since: int | None = None  # first year it exists
    topic: str = ""
    source: str = ""
    verified: bool = True
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Day:
    """One occurrence of a rule: ``start`` and ``end`` are its first and last day."""

    start: date
    end: date
    key: str
    label: str
    topic: str = ""


Span = tuple[date, date]

SOLAR_TERMS = tuple(
    "小寒 大寒 立春 雨水 惊蛰 春分 清明 谷雨 立夏 小满 芒种 夏至 "
    "小暑 大暑 立秋 处暑 白露 秋分 寒露 霜降 立冬 小雪 大雪 冬至".split()
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NTH = re.compile(
    r"(?:(?P<nth>[1-5])(?:st|nd|rd|th)|(?P<last>last)) "
    rf"(?P<what>{'|'.join(_WEEKDAYS)}|weekend|day) of (?P<month>\d\d)",
    re.ASCII,
)
_DAY = re.compile(r"(\d\d)-(\d\d)", re.ASCII)
_LUNAR = re.compile(r"(?P<month>\d\d)-(?:(?P<day>\d\d)|last)", re.ASCII)
_EVERY = re.compile(
    r"(?:month(?::(?P<day>\d\d?))?|quarter|half|year(?::(?P<when>\d\d(?:-\d\d)?))?)",
    re.ASCII,
)


def days(rules: Iterable[DayRule], year: int) -> tuple[Day, ...]:
    """Give all occurrences of the rules that begin in a calendar year, in order of their dates.

    A fifth weekday or 02-29 that the year does not have gives no occurrence.

    :raises ValueError: if a rule says not exactly one "when", or says it in an unknown way
    """
    occurrences = [
        Day(start=start, end=end, key=rule.key, label=rule.label, topic=rule.topic)
        for rule in rules
        if rule.since is None or year >= rule.since
        for start, end in spans(rule, year)
    ]
    return tuple(sorted(occurrences))


def days_in(rules: Iterable[DayRule], period: Period) -> tuple[Day, ...]:
    """Give the occurrences that touch a period, in order of their dates."""
    rules = tuple(rules)
    years = range(period.start.year - 1, period.end.year + 1)  # a span may reach over New Year
    return tuple(
        day
        for year in years
        for day in days(rules, year)
        if day.start <= period.end and day.end >= period.start
    )


def spans(rule: DayRule, year: int) -> tuple[Span, ...]:
    """Give (first day, last day) of each occurrence of a rule that begins in ``year``.

    :raises ValueError: as :func:`days`
    """
    stated = [
        (read, text)
        for read, text in (
            (_fixed, rule.on),
            (_span, rule.span),
            (_nth, rule.nth),
            (_lunar, rule.lunar),
            (_solar_term, rule.solar_term),
            (occurrences, rule.every),
        )
        if text is not None
    ]
    if len(stated) != 1:
        raise ValueError(f"{rule.key}: exactly one of on, span, nth, lunar, solar_term, every")
    read, text = stated[0]
    return tuple(read(text, year))


def occurrences(every: str, year: int) -> Iterator[Span]:
    """Give the spans in which a recurring duty falls due in ``year``.

    ``month``, ``quarter``, ``half`` and ``year`` are due any time inside each of them;
    ``month:5`` on the 5th (or a shorter month's last day) of each month; ``year:03`` any time in
    March; ``year:03-05`` on that day.

    :raises ValueError: if ``every`` is none of these
    """
    match = _EVERY.fullmatch(every)
    if not match:
        raise ValueError(f"{every!r} is no recurrence")
    if match["when"]:
        yield from (_span if len(match["when"]) == 2 else _fixed)(match["when"], year)
        return
    if match["day"]:
        number = int(match["day"])
        if not 1 <= number <= 31:
            raise ValueError(f"{every!r}: no month has a day {number}")
        for month in range(1, 13):
            day = date(year, month, min(number, monthrange(year, month)[1]))
            yield day, day
        return
    for period in periods_of(year, every):
        yield period.start, period.end


def _fixed(text: str, year: int) -> Iterator[Span]:
    """Read ``03-24``; 02-29 exists in leap years only."""
    match = _DAY.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is no day of a year (MM-DD)")
    month, number = int(match[1]), int(match[2])
    if not (1 <= month <= 12 and 1 <= number <= monthrange(2024, month)[1]):
        raise ValueError(f"{text!r} is no day of any year")
    if number <= monthrange(year, month)[1]:
        day = date(year, month, number)
        yield day, day


def _span(text: str, year: int) -> Iterator[Span]:
    """Read ``04-15..04-21``, which may reach over New Year, or ``04``."""
    if re.fullmatch(r"0[1-9]|1[0-2]", text):
        month = Month(year, int(text))
        yield month.start, month.end
        return
    first, separator, last = text.partition("..")
    if not separator:
        raise ValueError(f"{text!r} is no span (MM-DD..MM-DD or MM)")
    for start, _ in _fixed(first, year):
        ends = [_last_day(last, year), _last_day(last, year + 1)]
        yield start, next(end for end in ends if end >= start)


def _last_day(text: str, year: int) -> date:
    """Read the end of a span; one that ends on 02-29 ends on 02-28 in other years."""
    for day, _ in _fixed(text, year):
        return day
    return date(year, 2, 28)


def _nth(text: str, year: int) -> Iterator[Span]:
    """Read ``2nd sun of 05``, ``last mon of 03``, ``3rd weekend of 09``, ``last day of 02``.

    A weekend is a Saturday with the Sunday after it; its number is the Saturday's.
    """
    match = _NTH.fullmatch(text)
    if not match or not 1 <= int(match["month"]) <= 12:
        raise ValueError(f"{text!r} is no floating day")
    month = Month(year, int(match["month"]))
    if match["what"] == "day":
        if not match["last"]:
            raise ValueError(f"{text!r}: write a numbered day of a month as on: MM-DD")
        yield month.end, month.end
        return
    weekend = match["what"] == "weekend"
    weekday = _WEEKDAYS.index("sat" if weekend else match["what"])
    first = month.start + timedelta(days=(weekday - month.start.weekday()) % 7)
    all_days = [day for week in range(5) if (day := first + timedelta(weeks=week)) <= month.end]
    index = -1 if match["last"] else int(match["nth"]) - 1
    if index < len(all_days):
        day = all_days[index]
        yield day, day + timedelta(days=int(weekend))


def _lunar(text: str, year: int) -> Iterator[Span]:
    """Read ``09-09`` of the lunar calendar; a leap month never holds the festival.

    Lunar months 11 and 12 may fall into January, so that a solar year can see a day twice or not
    at all; ``12-last`` is 除夕 in a month of 29 as of 30 days.
    """
    match = _LUNAR.fullmatch(text)
    if not match or not 1 <= int(match["month"]) <= 12 or not 1 <= int(match["day"] or 1) <= 30:
        raise ValueError(f"{text!r} is no day of the lunar calendar (MM-DD or MM-last)")
    month = int(match["month"])
    for lunar_year in (year - 1, year):
        length = _lunar_month_length(lunar_year, month)
        number = int(match["day"] or length)
        if number <= length:
            day = _from_lunar(lunar_year, month, number)
            if day.year == year:
                yield day, day


@lru_cache(maxsize=512)
def _lunar_month_length(year: int, month: int) -> int:
    from lunar_python import LunarMonth

    return int(LunarMonth.fromYm(year, month).getDayCount())


@lru_cache(maxsize=512)
def _from_lunar(year: int, month: int, day: int) -> date:
    from lunar_python import Lunar  # its tables take long to load, and few questions need them

    return date.fromisoformat(Lunar.fromYmd(year, month, day).getSolar().toYmd())


def _solar_term(text: str, year: int) -> Iterator[Span]:
    """Read one of the 24 solar terms by its Chinese name."""
    if text not in SOLAR_TERMS:
        raise ValueError(f"{text!r} is no solar term")
    day = _solar_terms(year)[text]
    yield day, day


@lru_cache(maxsize=64)
def _solar_terms(year: int) -> dict[str, date]:
    """Give the 24 terms of a solar year; the library tabulates from one 大雪 to the next 惊蛰."""
    from lunar_python import Lunar

    terms = {}
    for lunar_year in (year, year + 1):
        for name, solar in Lunar.fromYmd(lunar_year, 5, 1).getJieQiTable().items():
            day = date.fromisoformat(solar.toYmd())
            if name in SOLAR_TERMS and day.year == year:
                terms[name] = day
    return terms
