"""Completeness of closings: unit-months due under a unit, those closed, those closed in time.

A month is due from the end of its closing day on, and never before the ledger or the pack began.
In time is what a person closed by then; a month that closes by itself is closed, never in time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from taizhang.core.base.figure import ReasonCode
from taizhang.core.base.period import Month, Period
from taizhang.core.book import Book, Closings
from taizhang.core.formula.leaf import Window
from taizhang.core.formula.value import Value, exactly, missing
from taizhang.core.indicator.reporting import Reporting
from taizhang.core.unit.tree import Tree

#: The packs whose closings are asked for, and the window.
Asked = tuple[tuple[str, ...], Window]


@dataclass(frozen=True, slots=True)
class _Owed:
    """One month that one unit owes of one pack; ``member`` is the unit on the answer's tree."""

    member: str
    closed: bool
    in_time: bool


class ClosingReports:
    """What units have closed, for the questions of one answer."""

    def __init__(self, owed: Mapping[tuple[Asked, str], tuple[_Owed, ...] | None]) -> None:
        self._owed = owed

    def sides(self, function: str, asked: Asked, unit: str) -> tuple[Value, Value]:
        """Give what is counted, and of how many; twice the reason where nothing can be."""
        owed = self._owed[asked, unit]
        if owed is None:
            waiting = missing(ReasonCode.WAITING, "none_due")
            return waiting, waiting
        if not owed:
            unbound = missing(ReasonCode.NOT_APPLICABLE, "not_bound")
            return unbound, unbound
        if function == "reported_units":
            members = {part.member for part in owed}
            behind = {part.member for part in owed if not part.closed}
            return exactly(len(members - behind)), exactly(len(members))
        counted = (part.in_time if function == "on_time_rate" else part.closed for part in owed)
        return exactly(sum(counted)), exactly(len(owed))


def fetch_reports(
    book: Book, tree: Tree, closings: Closings, asked: Mapping[Asked, Iterable[str]]
) -> ClosingReports:
    """Read the closings asked about, once for each pack and window, in time month by month."""
    owed: dict[tuple[Asked, str], tuple[_Owed, ...] | None] = {}
    for (packs, window), units in asked.items():
        looked_at = tuple(units)
        reporting = Reporting(
            book.programmes, book.history, tree, book.due, book.due_from, looked_at
        )
        parts: dict[str, list[_Owed]] = {unit: [] for unit in looked_at}
        any_due = False
        for pack in packs:
            months = _due(book, pack, window)
            any_due = any_due or bool(months)
            for unit, part in _of_pack(book, closings, reporting, pack, months, looked_at):
                parts[unit].append(part)
        for unit, own in parts.items():
            owed[(packs, window), unit] = tuple(own) if any_due else None
    return ClosingReports(owed)


def _due(book: Book, pack: str, window: Window) -> list[Month]:
    start = book.due_from.get(pack)
    return [
        month
        for month in window.period.months()
        if book.due.is_due(month.plus(window.back)) and (start is None or month.end >= start)
    ]


def _of_pack(
    book: Book,
    closings: Closings,
    reporting: Reporting,
    pack: str,
    months: list[Month],
    units: tuple[str, ...],
) -> Iterator[tuple[str, _Owed]]:
    """Walk what each unit owes of a pack."""
    if not months:
        return
    kinds = book.programmes.by_key[pack].unit_kinds
    owing = {
        (unit, month): reporting.reporters(kinds, month.end, unit)
        for month in months
        for unit in units
    }
    reporters = sorted({code for some in owing.values() for code, _ in some})
    if not reporters:
        return
    closed = closings.closed(pack, reporters, Period(months[0], months[-1]), book.as_of)
    in_time: dict[Month, Mapping[str, frozenset[int]]] = {}
    for month in months:
        day = min(book.closing_days.due_on(month), book.as_of)
        in_time[month] = closings.closed_by_people(pack, reporters, Period(month, month), day)
    for (unit, month), some in owing.items():
        for code, member in some:
            yield (
                unit,
                _Owed(
                    member,
                    month.number in closed.get(code, ()),
                    month.number in in_time[month].get(code, ()),
                ),
            )
