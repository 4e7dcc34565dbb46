"""Periods and flags in the words of a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from taizhang.core.figure import Figure, round_half_up
from taizhang.core.issue import gettext_noop
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
    return _("%(year)s-%(month)s") % {"year": month.year, "month": f"{month.month:02}"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of the list of periods."""

    value: str
    label: str
    chosen: bool


def period_choices(years: Iterable[int], chosen: Period) -> list[tuple[int, list[Choice]]]:
    """Give the periods of each year, the latest year first: year, halves, quarters, months."""
    found = []
    for year in sorted(set(years), reverse=True):
        months = [Month(year, number) for number in range(1, 13)]
        periods = [
            year_of(year),
            *(Period(months[at], months[at + 5]) for at in (0, 6)),
            *(Period(months[at], months[at + 2]) for at in (0, 3, 6, 9)),
            *(Period(month, month) for month in months),
        ]
        found.append(
            (year, [Choice(str(one), period_words(one), one == chosen) for one in periods])
        )
    return found


#: Flags of figures in a few words; the figure's sentence says them in full.
FLAGS = {
    "incomplete": gettext_noop("incomplete: %(argument)s known"),
    "of": gettext_noop("of %(argument)s"),
    "to_date": gettext_noop("until %(argument)s"),
    "inexact": gettext_noop("inexact"),
    "moved": gettext_noop("with %(argument)s from former units"),
    "split": gettext_noop("with %(argument)s of split units"),
    "by_analogy": gettext_noop("by analogy"),
    "capped": gettext_noop("capped"),
    "about": gettext_noop("partly approximate"),
    "back": gettext_noop("with records of units from before they existed"),
    "unverified_source": gettext_noop("source not verified"),
    "implausible": gettext_noop("implausible"),
}


def flag_words(flag: str) -> str:
    """Say a flag of a figure in a few words."""
    name, _space, argument = flag.partition(" ")
    return _(FLAGS[name]) % {"argument": argument} if name in FLAGS else flag


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


def parts_words(figure: Figure) -> list[tuple[str, str]]:
    """Name the parts of a figure: numerator, denominator, bounds, status, days."""
    status = {
        "current": _("in use"),
        "audit": _("for auditing"),
        "survey": _("from a survey"),
        "historic": _("historic"),
    }
    numbers = [(_("Numerator"), figure.numerator), (_("Denominator"), figure.denominator)]
    if figure.low != figure.high:
        numbers += [(_("At least"), figure.low), (_("At most"), figure.high)]
    return [
        *((label, number_words(value)) for label, value in numbers if value is not None),
        (_("Key"), figure.key),
        (_("Status"), status.get(figure.status, figure.status)),
        (_("Known by"), figure.as_of.isoformat()),
        (_("Tree of"), figure.tree.isoformat()),
    ]
