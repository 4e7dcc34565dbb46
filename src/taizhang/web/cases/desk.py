"""The part of a desk about cases: so many in each part, and the first of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet

from taizhang.web.cases.kinds import Kinds
from taizhang.web.cases.models import Case
from taizhang.web.cases.present import CaseLine, case_lines
from taizhang.web.cases.queries import CaseFilter, desk_of

#: So many cases of each part are named; the list has the others.
SHOWN = 4


@dataclass(frozen=True, slots=True)
class DeskPart:
    """One part of the desk: its key, how many cases, the first of them, where the others are."""

    key: str  # overdue, returned, unsigned, verify, have
    count: int
    lines: list[CaseLine]
    query: str  # of the list, '' where it cannot show just these


def desk_parts(unit: str, today: date) -> list[DeskPart]:
    """Give the parts of a unit's desk that hold something, the most pressing first."""
    kinds = Kinds(today)
    if not kinds.now and not Case.objects.exists():
        return []
    desk = desk_of(unit, today, kinds)
    listed = CaseFilter(unit=unit, part="owned")
    parts = (
        ("overdue", desk.overdue, CaseFilter(unit=unit, part="owned", overdue=True)),
        ("returned", desk.returned, listed),
        ("unsigned", desk.unsigned, listed),
        ("verify", desk.verify, CaseFilter(unit=unit)),
        ("have", desk.have, listed),
    )
    made = (_part(key, cases, wanted.query(), kinds, today) for key, cases, wanted in parts)
    return [part for part in made if part.count]


def _part(key: str, cases: QuerySet[Case], query: str, kinds: Kinds, today: date) -> DeskPart:
    first = list(cases.order_by(F("due").asc(nulls_last=True), "uid")[: SHOWN + 1])
    count = cases.count() if len(first) > SHOWN else len(first)
    return DeskPart(key, count, case_lines(first[:SHOWN], kinds, today), query)
