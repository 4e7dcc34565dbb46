"""Periods in the words of the field, in Chinese and English: the one place that names them."""

from __future__ import annotations

from calendar import month_name

from taizhang.core.period import Month, Period

_QUARTERS = "一二三四"


def month_chinese(month: Month) -> str:
    """Write a month: 2026年5月."""
    return f"{month.year}年{month.month}月"


def period_chinese(period: Period) -> str:
    """Write a period as officials do: 2026年, 2026年上半年, 2026年第三季度, 2026年1月至5月."""
    first, last = period.first, period.last
    if first == last:
        return month_chinese(first)
    if first.year != last.year:
        return f"{month_chinese(first)}至{month_chinese(last)}"
    year = f"{first.year}年"
    match first.month, last.month:
        case 1, 12:
            return year
        case 1, 6:
            return f"{year}上半年"
        case 7, 12:
            return f"{year}下半年"
        case start, end if start % 3 == 1 and end == start + 2:
            return f"{year}第{_QUARTERS[start // 3]}季度"
        case start, end:
            return f"{year}{start}月至{end}月"


def month_english(month: Month) -> str:
    """Write a month: May 2026."""
    return f"{month_name[month.month]} {month.year}"


def period_english(period: Period) -> str:
    """Write a period: year 2026, first half of 2026, quarter 3 of 2026, May 2026 to July 2026."""
    first, last = period.first, period.last
    if first == last:
        return month_english(first)
    year = first.year
    match first.year == last.year, first.month, last.month:
        case True, 1, 12:
            return f"year {year}"
        case True, 1, 6:
            return f"first half of {year}"
        case True, 7, 12:
            return f"second half of {year}"
        case True, start, end if start % 3 == 1 and end == start + 2:
            return f"quarter {start // 3 + 1} of {year}"
        case _:
            return f"{month_english(first)} to {month_english(last)}"
