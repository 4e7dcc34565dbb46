"""Months that are over and that units have still to close."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from taizhang.core.base.period import Month, Period, year_of
from taizhang.core.book import Book
from taizhang.core.definition.pack import Pack
from taizhang.core.unit.tree import Unit
from taizhang.web.base.wording import month_words
from taizhang.web.figures.request_params import RequestParams
from taizhang.web.ledger.facts.closing import is_due
from taizhang.web.programmes.queries import programmes_on


@dataclass(frozen=True, slots=True)
class OpenMonth:
    """A month that is over and not closed: of one unit, or of how many of those below."""

    month: Month
    packs: tuple[Pack, ...]  # open ones, of the unit itself
    units: tuple[Unit, ...]  # those with an open pack, in the order of their codes

    @property
    def words(self) -> str:
        """Write the month."""
        return month_words(self.month)


def months_open(book: Book, unit: Unit) -> tuple[OpenMonth, ...]:
    """Give the months of this year, and last December, that units have still to close.

    Months before the ledger, or the pack, began are asked of nobody.
    """
    months = months_over(book.today)
    keeping: dict[Month, list[tuple[Pack, list[str]]]] = {}
    codes: dict[str, set[str]] = defaultdict(set)  # of each pack, in any of the months
    for month in months:
        tree = book.history.tree(month.end)
        keeping[month] = [
            (pack, [member.code for member in tree.members(unit.code, pack.unit_kinds)])
            for pack in programmes_on(month.end).packs
            if is_due(pack.key, month, book.due_from)
        ]
        for pack, members in keeping[month]:
            codes[pack.key].update(members)
    span = Period(months[-1], months[0])
    closed = {
        key: book.closings.closed(key, sorted(units), span, book.today)
        for key, units in codes.items()
    }
    open_months = []
    for month, packs in keeping.items():
        missing: dict[str, list[Pack]] = defaultdict(list)
        for pack, members in packs:
            for code in members:
                if month.number not in closed[pack.key].get(code, ()):
                    missing[code].append(pack)
        if missing:
            known = book.history.tree(month.end).units
            units = tuple(known[code] for code in sorted(missing))
            open_months.append(OpenMonth(month, tuple(missing.get(unit.code, ())), units))
    return tuple(open_months)


def months_over(today: date) -> tuple[Month, ...]:
    """Give last December and the months of this year that are over, the latest first."""
    months = [Month(today.year - 1, 12), *year_of(today.year).months()]
    return tuple(month for month in reversed(months) if month.end < today)


def months_kept(params: RequestParams, unit: Unit) -> tuple[OpenMonth, ...]:
    """Give the months that a unit or those below it have still to close."""
    return params.keep("months", unit.code, compute=lambda: months_open(params.book, unit))
