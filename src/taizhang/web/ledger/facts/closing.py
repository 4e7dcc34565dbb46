"""Which months units have closed: by a person's word, or by themselves so many days after the end.

Closing by itself is computed when it is asked for and never stored.  What the host sets holds from
a day on, so that what was closed or due before never changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from taizhang.core.base.issue import Issue, Refused
from taizhang.core.base.period import Month, Period
from taizhang.core.unit.tree import History
from taizhang.web.accounts.queries import closing_days_set, starts_on
from taizhang.web.base.bulk import places
from taizhang.web.base.raw_cursor import raw_cursor
from taizhang.web.ledger.code import ClosingCode
from taizhang.web.ledger.models import Closing
from taizhang.web.programmes.queries import installed, programmes_on
from taizhang.web.units.queries import history

#: Pack, unit, month (yyyymm).
Key = tuple[str, str, int]
MOST_UNITS = 500  # more of them are not named in a query but picked from its answer


def due_from(day: date = date.max) -> Mapping[str, date]:
    """Give for each pack the day from which its months are due; packs always in force: absent.

    It is the day on which the instance starts, or the pack's first version came into force, the
    later of both.  The month in which it lies is due, no month before.

    :param day: on which it was set so
    """
    start = starts_on(day) or date.min
    first: dict[str, date] = {}
    for version in installed():
        first[version.key] = min(first.get(version.key, date.max), version.in_force_from)
    begins = {pack: max(start, day) for pack, day in first.items()}
    return {pack: day for pack, day in begins.items() if day > date.min}


def is_due(pack: str, month: Month, start: Mapping[str, date]) -> bool:
    """Say whether a month of a pack is due at all, once it is over.

    :param start: from :func:`due_from`
    """
    return month.end >= start.get(pack, date.min)


def closed_months(keys: Iterable[Key], now: datetime) -> frozenset[Key]:
    """Give those of the (pack, unit, month) that are closed at ``now``."""
    wanted = set(keys)
    own = _by_themselves({(pack, month) for pack, _, month in wanted}, timezone.localdate(now))
    return closings_stored(wanted) | {key for key in wanted if (key[0], key[2]) in own}


def closings_stored(keys: Iterable[Key]) -> frozenset[Key]:
    """Give those of the (pack, unit, month) that people have closed."""
    wanted = set(keys)
    if not wanted:
        return frozenset()
    months = {month for _, _, month in wanted}
    packs = sorted({pack for pack, _, _ in wanted})
    units = sorted({unit for _, unit, _ in wanted})
    sql = f"{_STORED} AND pack IN ({places(packs)})"
    values: list[object] = [min(months), max(months), *packs]
    if len(units) <= MOST_UNITS:
        sql += f" AND unit IN ({places(units)})"
        values += units
    with raw_cursor() as cursor:  # plain SQL: every acceptance asks
        cursor.execute(sql, values)
        return frozenset(wanted.intersection(cursor.fetchall()))


_STORED = "SELECT pack, unit, month FROM ledger_closing WHERE month BETWEEN %s AND %s"


def closings_meant(
    units: Sequence[str], packs: Sequence[str], months: Sequence[Month]
) -> tuple[tuple[str, str, Month], ...]:
    """Give the (unit, pack, month) to close where people name units, packs and months.

    A unit, such as a street, stands for itself and those below, as far as they keep the pack; no
    packs named stand for all in force in the month.

    :raises Refused: CLOSING_003 with every unit for which, in some month, there is nothing to close
    """
    known = history()
    meant: dict[tuple[str, str, Month], None] = {}
    issues: dict[str, Issue] = {}
    for month in months:
        ruling = programmes_on(month.end).packs
        wanted = [pack for pack in ruling if not packs or pack.key in packs]
        absent = [key for key in packs if key not in {pack.key for pack in ruling}]
        for unit in units:
            # A pack that is not in force is named by the action, with those that are.
            here = [(unit, key, month) for key in absent]
            row = known.unit_on(unit, month.end) or known.unit_on(unit, month.start)
            below = known.tree(month.end).below(unit) or ((row,) if row else ())
            for pack in wanted:
                here += [
                    (node.code, pack.key, month) for node in below if node.kind in pack.unit_kinds
                ]
            if not here:
                kinds = ", ".join(sorted({kind for pack in wanted for kind in pack.unit_kinds}))
                keys = ", ".join(pack.key for pack in wanted) or "-"
                facts = {"unit": unit, "pack": keys, "kinds": kinds or "-"}
                issues.setdefault(unit, Issue(ClosingCode.CLOSING_003, facts=facts))
            meant.update(dict.fromkeys(here))
    if issues:
        raise Refused(list(issues.values()))
    return tuple(meant)


def day_end(day: date) -> datetime:
    """Give the first moment after ``day``, as the clocks of the instance go."""
    return timezone.make_aware(datetime.combine(day, time()) + timedelta(days=1))


class LedgerClosings:
    """The closings of the instance as a Book asks for them (``core.book.Closings``)."""

    def __init__(self, history: History) -> None:
        self._history = history

    def closed(
        self, pack: str, units: Sequence[str], period: Period, as_of: date
    ) -> Mapping[str, frozenset[int]]:
        """Give for each unit the closed months (yyyymm) of ``period``; units without: absent.

        A month from before a unit's birth is closed when every unit that became it closed it.
        """
        months = list(period.months())
        numbers = frozenset(month.number for month in months)
        by_itself = _by_themselves({(pack, number) for number in numbers}, as_of)
        own = frozenset(number for _, number in by_itself)
        if own == numbers:
            return dict.fromkeys(units, own)
        return self._declared(pack, units, period, as_of, own)

    def closed_by_people(
        self, pack: str, units: Sequence[str], period: Period, as_of: date
    ) -> Mapping[str, frozenset[int]]:
        """Give the months of :meth:`closed` that people closed by the end of ``as_of``."""
        return self._declared(pack, units, period, as_of, _NONE)

    def _declared(
        self, pack: str, units: Sequence[str], period: Period, as_of: date, own: frozenset[int]
    ) -> Mapping[str, frozenset[int]]:
        """Give what people closed; ``own`` are the months that closed by themselves."""
        months = list(period.months())
        tellers = {unit: self._tellers(unit, months, as_of) for unit in units}
        born = {code for told in tellers.values() for codes in told.values() for code in codes}
        declared = self._told(pack, {*units, *born}, period, as_of)
        months_of: dict[str, frozenset[int]] = {}
        for unit in units:
            told, elsewhere = declared.get(unit, _NONE), tellers[unit]
            if elsewhere:
                told = told.difference(elsewhere) | {
                    number
                    for number, codes in elsewhere.items()
                    if codes and all(number in declared.get(code, _NONE) for code in codes)
                }
            if told or own:
                months_of[unit] = told | own
        return months_of

    def _tellers(
        self, unit: str, months: Sequence[Month], as_of: date
    ) -> Mapping[int, tuple[str, ...]]:
        """Give the codes whose closings tell of a unit's months, where it is not the unit itself.

        Those are months at whose end it did not exist, though it does on ``as_of``.
        """
        if self._history.exists_always(unit):
            return {}
        later = self._history.unit_on(unit, as_of)
        if later is None:
            return {}
        tellers: dict[int, tuple[str, ...]] = {}
        for month in months:
            if self._history.unit_on(unit, month.end) is None:
                before = self._history.tree(as_of).homes(unit)
                rows = (self._history.unit_on(code, month.end) for code in before)
                same = (
                    unit_then.code
                    for unit_then in rows
                    if unit_then is not None and unit_then.level == later.level
                )
                tellers[month.number] = tuple(same)
        return tellers

    def _told(
        self, pack: str, codes: set[str], period: Period, as_of: date
    ) -> Mapping[str, frozenset[int]]:
        rows = Closing.objects.filter(
            pack=pack,
            month__gte=period.first.number,
            month__lte=period.last.number,
            closed_at__lt=day_end(as_of),
        )
        if len(codes) <= MOST_UNITS:
            rows = rows.filter(unit__in=codes)
        closed: dict[str, set[int]] = defaultdict(set)
        for unit, month in rows.values_list("unit", "month"):
            closed[unit].add(month)
        return {unit: frozenset(months) for unit, months in closed.items()}


_NONE: frozenset[int] = frozenset()


def _by_themselves(months: Iterable[tuple[str, int]], day: date) -> frozenset[tuple[str, int]]:
    """Give the months of packs that have closed by themselves by the end of ``day``.

    A month that was never due does not close by itself either: it is not known to be empty.
    """
    days = closing_days_set()
    if all(row.closes_after is None for row in days.rows):
        return frozenset()
    start = due_from(day)
    closed = set()
    for pack, number in months:
        month = Month.from_number(number)
        closes_on = days.closes_on(month)
        if closes_on is not None and closes_on <= day and is_due(pack, month, start):
            closed.add((pack, number))
    return frozenset(closed)
