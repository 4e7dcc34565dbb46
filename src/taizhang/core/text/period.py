"""Periods, months and days in the words of the field, in Chinese and English."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Sequence
from datetime import date

from taizhang.core.base.period import Month, Period
from taizhang.core.text.bilingual import Bilingual

#: The parts of a year by their names: 上半年, 一季度, 5月.
PARTS = {
    "H1": Bilingual("上半年", "first half"),
    "H2": Bilingual("下半年", "second half"),
    **{
        f"Q{at}": Bilingual(f"{sign}季度", f"quarter {at}") for at, sign in enumerate("一二三四", 1)
    },
    **{f"{at:02d}": Bilingual(f"{at}月", f"month {at}") for at in range(1, 13)},
}


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
    year, part = f"{first.year}年", str(period)[4:]
    if part in PARTS:
        return f"{year}{'第' if part[0] == 'Q' else ''}{PARTS[part].zh}"
    return f"{year}{first.month}月至{last.month}月" if part else year


def month_english(month: Month) -> str:
    """Write a month: May 2026."""
    return f"{month_name[month.month]} {month.year}"


def period_english(period: Period) -> str:
    """Write a period: year 2026, first half of 2026, quarter 3 of 2026, May 2026 to July 2026."""
    first, last = period.first, period.last
    if first == last:
        return month_english(first)
    part = str(period)[4:]
    if part in PARTS:
        return f"{PARTS[part].en} of {first.year}"
    return f"{month_english(first)} to {month_english(last)}" if part else f"year {first.year}"


def period_bilingual(period: Period) -> Bilingual:
    """Write a period in a sentence: 2026年上半年, 2026H1."""
    return Bilingual(period_chinese(period), str(period))


def months_chinese(months: Sequence[Month]) -> str:
    """Write months as people list them: 3月、10—11月; with their years where there are two."""
    runs, years = _runs(months), {month.year for month in months}
    return "、".join(_run_chinese(*run, named=len(years) > 1) for run in runs)


def _run_chinese(first: Month, last: Month, *, named: bool) -> str:
    start = f"{first.year}年" if named else ""
    if first == last:
        return f"{start}{first.month}月"
    if first.year != last.year:
        return f"{month_chinese(first)}至{month_chinese(last)}"
    return f"{start}{first.month}—{last.month}月"


def months_english(months: Sequence[Month]) -> str:
    """List months: March 2026, October to November 2026."""
    return ", ".join(
        month_english(first)
        if first == last
        else f"{month_english(first)} to {month_english(last)}"
        for first, last in _runs(months)
    )


def _runs(months: Sequence[Month]) -> list[tuple[Month, Month]]:
    """Give each unbroken run of months by its first and last one."""
    runs: list[tuple[Month, Month]] = []
    for month in sorted(months):
        if runs and runs[-1][1].plus(1) == month:
            runs[-1] = (runs[-1][0], month)
        else:
            runs.append((month, month))
    return runs


def months_of_year(period: Period) -> str:
    """Write the months of a running period: 2026年1—10月."""
    return f"{period.first.year}年" + _run_chinese(period.first, period.last, named=False)


def day_chinese(day: date) -> str:
    """Write a day with Arabic digits, full year, no leading noughts: 2025年3月8日."""
    return f"{day.year}年{day.month}月{day.day}日"


def day_bilingual(day: date) -> Bilingual:
    """Write a day: 2026年11月22日, 2026-11-22."""
    return Bilingual(day_chinese(day), day.isoformat())
