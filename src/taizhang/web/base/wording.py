"""Periods and quantities in the words of a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from taizhang.core.base.period import Month, Period, periods_of
from taizhang.core.base.quantity import Quantity, QuantityKind
from taizhang.core.text.bilingual import is_chinese
from taizhang.core.text.number import number_text
from taizhang.core.text.period import month_chinese, month_english, period_chinese, period_english


def period_words(period: Period) -> str:
    """Write a period in the language of the page: 2026年第三季度, quarter 3 of 2026."""
    return period_chinese(period) if _is_chinese() else period_english(period)


def month_words(month: Month) -> str:
    """Write a month in the language of the page: 2026年5月, May 2026."""
    return month_chinese(month) if _is_chinese() else month_english(month)


def _is_chinese() -> bool:
    return is_chinese(get_language() or "zh-hans")


def day_words(day: date) -> str:
    """Write a day: 2026年5月6日."""
    return date_format(day, "DATE_FORMAT")


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of the list of periods."""

    value: str
    label: str
    chosen: bool


def period_choices(years: Iterable[int], chosen: Period) -> list[tuple[int, list[Choice]]]:
    """Give the periods of each year, the latest year first: year, halves, quarters, months.

    Another span that is chosen stands first in its year, so that a list shows what it asks.
    """
    choices = []
    for year in sorted(set(years), reverse=True):
        periods = periods_of(year)
        if chosen.first.year == year and chosen not in periods:
            periods = (chosen, *periods)
        choices.append(
            (
                year,
                [Choice(str(period), period_words(period), period == chosen) for period in periods],
            )
        )
    return choices


def number_words(number: Fraction) -> str:
    """Write an exact number: whole, or with at most four digits after the point."""
    return number_text(number, 4)


def quantity_words(quantity: Quantity) -> str:
    """Write a quantity as it is known: 500+, ≤ 500, 200–999, about 40, missing."""
    low, high = (
        None if end is None else number_words(Fraction(end))
        for end in (quantity.low, quantity.high)
    )
    match quantity.kind:
        case QuantityKind.MISSING:
            return _("missing")
        case QuantityKind.EXACT:
            return str(low)
        case QuantityKind.AT_LEAST:
            return f"≥ {low}"
        case QuantityKind.AT_MOST:
            return f"≤ {high}"
        case QuantityKind.ABOUT if low == high:
            return _("about %(number)s") % {"number": low}
        case _:
            return f"{low}–{high}"
