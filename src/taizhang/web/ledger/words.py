"""Periods and quantities in the words of a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from taizhang.core.figure import round_half_up
from taizhang.core.period import Month, Period, year_of
from taizhang.core.quantity import Kind, Quantity


def period_words(period: Period) -> str:
    """Write a period: 2026年, 2026年上半年, 2026年第三季度, 2026年5月, 2026年1月至2026年5月."""
    text = str(period)
    facts: dict[str, object] = {"year": period.first.year, "month": period.first.month}
    if ".." in text:
        return _("%(first)s to %(last)s") % {
            "first": month_words(period.first),
            "last": month_words(period.last),
        }
    if text.endswith("H1"):
        return _("first half of %(year)s") % facts
    if text.endswith("H2"):
        return _("second half of %(year)s") % facts
    if "Q" in text:
        return _("quarter %(quarter)s of %(year)s") % {**facts, "quarter": text[-1]}
    return month_words(period.first) if "-" in text else _("year %(year)s") % facts


def month_words(month: Month) -> str:
    """Write a month: 2026年5月."""
    return date_format(month.start, "YEAR_MONTH_FORMAT")


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
    found = []
    for year in sorted(set(years), reverse=True):
        months = [Month(year, number) for number in range(1, 13)]
        periods = [
            year_of(year),
            *(Period(months[at], months[at + 5]) for at in (0, 6)),
            *(Period(months[at], months[at + 2]) for at in (0, 3, 6, 9)),
            *(Period(month, month) for month in months),
        ]
        if chosen.first.year == year and chosen not in periods:
            periods.insert(0, chosen)
        found.append(
            (year, [Choice(str(one), period_words(one), one == chosen) for one in periods])
        )
    return found


def number_words(number: Fraction) -> str:
    """Write an exact number: whole, or with at most four digits after the point."""
    return f"{Decimal(round_half_up(number, 4)).normalize():f}"


def quantity_words(quantity: Quantity) -> str:
    """Write a quantity as it is known: 500+, ≤ 500, 200–999, about 40, missing."""
    low, high = (
        None if end is None else number_words(Fraction(end))
        for end in (quantity.low, quantity.high)
    )
    match quantity.kind:
        case Kind.MISSING:
            return _("missing")
        case Kind.EXACT:
            return str(low)
        case Kind.AT_LEAST:
            return f"≥ {low}"
        case Kind.AT_MOST:
            return f"≤ {high}"
        case Kind.ABOUT if low == high:
            return _("about %(number)s") % {"number": low}
        case _:
            return f"{low}–{high}"
