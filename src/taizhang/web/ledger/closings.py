"""Which months units have closed: by a person's word, or by themselves so many days after the end.

Closing by itself is computed when it is asked for and never stored, so that the host may change
the number of days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from taizhang.core.issue import Issue, Refused
from taizhang.core.period import Month, Period
from taizhang.core.unit import History
from taizhang.web.accounts.queries import close_after
from taizhang.web.ledger.code import ClosingCode
from taizhang.web.ledger.models import Closing
from taizhang.web.programmes.queries import programmes_on
from taizhang.web.quick import quick_cursor
from taizhang.web.units.queries import history

#: Pack, unit, month (yyyymm).
Key = tuple[str, str, int]
MOST_UNITS = 500  # more of them are not named in a query but picked from its answer


def closed_months(keys: Iterable[Key], now: datetime) -> frozenset[Key]:
    """Give those of the (pack, unit, month) that are closed at ``now``."""
    wanted = set(keys)
    own = _by_themselves({month for _, _, month in wanted}, timezone.localdate(now))
    return closings_said(wanted) | {key for key in wanted if key[2] in own}


def closings_said(keys: Iterable[Key]) -> frozenset[Key]:
    """Give those of the (pack, unit, month) that people have closed."""
    wanted = set(keys)
    if not wanted:
        return frozenset()
    months = {month for _, _, month in wanted}
    packs = sorted({pack for pack, _, _ in wanted})
    units = sorted({unit for _, unit, _ in wanted})
    sql = f"{_SAID} AND pack IN ({places(packs)})"
    values: list[object] = [min(months), max(months), *packs]
    if len(units) <= MOST_UNITS:
        sql += f" AND unit IN ({places(units)})"
        values += units
    with quick_cursor() as cursor:  # plain SQL: every acceptance asks
        cursor.execute(sql, values)
        return frozenset(wanted.intersection(cursor.fetchall()))


_SAID = "SELECT pack, unit, month FROM ledger_closing WHERE month BETWEEN %s AND %s"


def places(values: Collection[object]) -> str:
    """Give the places of so many values in a statement."""
    return ", ".join(["%s"] * len(values))


def closings_meant(
    units: Sequence[str], packs: Sequence[str], months: Sequence[Month]
) -> tuple[tuple[str, str, Month], ...]:
    """Give the (unit, pack, month) to close where people name units, packs and months.

    A unit, such as a street, stands for itself and those below, as far as they keep the pack; no
    packs named stand for all in force in the month.

    :raises Refused: CLOSING_003 with every unit for which, in some month, there is nothing to close
    """
    known = history()
    found: dict[tuple[str, str, Month], None] = {}
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
                    (one.code, pack.key, month) for one in below if one.kind in pack.unit_kinds
                ]
            if not here:
                kinds = ", ".join(sorted({kind for pack in wanted for kind in pack.unit_kinds}))
                keys = ", ".join(pack.key for pack in wanted) or "-"
                facts = {"unit": unit, "pack": keys, "kinds": kinds or "-"}
                issues.setdefault(unit, Issue(ClosingCode.CLOSING_003, facts=facts))
            found.update(dict.fromkeys(here))
    if issues:
        raise Refused(list(issues.values()))
    return tuple(found)


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
        own = _by_themselves({month.number for month in months}, as_of)
        needs = {(unit, m.number): self._tellers(unit, m, as_of) for unit in units for m in months}
        told = self._told(pack, {code for codes in needs.values() for code in codes}, period, as_of)
        found: dict[str, set[int]] = defaultdict(set)
        for (unit, number), codes in needs.items():
            if number in own or (codes and all((code, number) in told for code in codes)):
                found[unit].add(number)
        return {unit: frozenset(closed) for unit, closed in found.items()}

    def _tellers(self, unit: str, month: Month, as_of: date) -> tuple[str, ...]:
        """Give the codes whose closings tell of a unit's month: mostly itself."""
        existing = self._history.unit_on(unit, month.end)
        later = existing or self._history.unit_on(unit, as_of)
        if existing is not None or later is None:
            return (unit,)
        before = self._history.tree(as_of).homes(unit)
        rows = (self._history.unit_on(code, month.end) for code in before)
        return tuple(one.code for one in rows if one is not None and one.level == later.level)

    def _told(
        self, pack: str, codes: set[str], period: Period, as_of: date
    ) -> frozenset[tuple[str, int]]:
        rows = Closing.objects.filter(
            pack=pack,
            month__gte=period.first.number,
            month__lte=period.last.number,
            closed_at__lt=day_end(as_of),
        )
        if len(codes) <= MOST_UNITS:
            rows = rows.filter(unit__in=codes)
        return frozenset(rows.values_list("unit", "month"))


def _by_themselves(months: Iterable[int], day: date) -> frozenset[int]:
    """Give the months that have closed by themselves by the end of ``day``."""
    after = close_after()
    if after is None:
        return frozenset()
    return frozenset(
        number for number in months if Month.from_number(number).end + timedelta(days=after) <= day
    )
