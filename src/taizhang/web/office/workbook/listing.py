"""Lists for workbooks that rooms beside the records keep: cases and things, as one may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction

from django.utils import timezone

from taizhang.core.base.issue import Refused
from taizhang.core.base.period import Period
from taizhang.core.definition.programme import UnknownName
from taizhang.core.definition.thing import ThingKind
from taizhang.documents.template.data_source import Unanswerable
from taizhang.documents.workbook.answer import ListLine, Value
from taizhang.documents.workbook.mapping import MOST_LINES, CellKind, CellMapping
from taizhang.web.accounts.models import User
from taizhang.web.cases.kinds import Kinds, kind_key
from taizhang.web.cases.queries import ALL, CaseFilter, cases_told
from taizhang.web.cases.wording import Names
from taizhang.web.things.queries import STANDING, ThingFilter, things_told

CASE_COLUMNS = (
    *("serial", "number", "label", "opener", "owner", "state"),
    *("opened", "due", "overdue", "days"),
)


THING_COLUMNS = ("serial", "number", "name", "place", "kind", "unit", "state", "due")
_STATES = {"standing": "在用", "ended": "已撤"}


class LedgerLists:
    """Lists of a unit as a person may see them, by what was known up to a day."""

    def __init__(self, user: User, now: datetime, as_of: date | None = None) -> None:
        self.user, self.now, self.as_of = user, now, as_of
        self.today = timezone.localdate(now)
        self.kinds = Kinds(self.today)
        self.names = Names(self.today)

    def label(self, cell: CellMapping) -> str:
        """Give the label of the kind of a list.

        :raises Unanswerable: if there is no such list
        """
        if cell.kind is CellKind.THINGS:
            return self._thing_kind(cell).label
        return self.kinds.now[self._key(cell)].label

    def columns(self, cell: CellMapping) -> Sequence[str]:
        """Name the columns that it has."""
        return THING_COLUMNS if cell.kind is CellKind.THINGS else CASE_COLUMNS

    def lines(self, cell: CellMapping, unit: str, period: Period) -> Sequence[ListLine]:
        """Give what stood at the period's end: things in use, and cases that were open, in a state,
        or with ``state: all`` opened in the period."""
        if cell.kind is CellKind.THINGS:
            return self._things(cell, unit, period)
        kind = self.kinds.now[self._key(cell)]
        wanted = CaseFilter(unit=unit, kind=kind.key, state=cell.state, overdue=cell.overdue)
        try:
            told = list(cases_told(self.user, wanted, self.now, period.end, self.as_of))
        except Refused as refused:
            raise Unanswerable(_why(refused)) from refused
        lines = []
        for case in told:
            opened = date.fromisoformat(str(case["opened"]))
            if cell.state == ALL and opened not in period:
                continue
            state = str(case["state"])
            label = kind.states[state].label if state in kind.states else state
            lines.append(ListLine(self._values(case, opened, label), f"case:{case['uid']}"))
        return lines[: MOST_LINES + 1]

    def _values(self, case: Mapping[str, object], opened: date, state: str) -> dict[str, Value]:
        due = case["due"]
        return {
            "number": str(case["number"]),
            "label": str(case["label"]),
            "opener": self.names(str(case["opener"])),
            "owner": self.names(str(case["owner"])),
            "state": state,
            "opened": opened,
            "due": date.fromisoformat(str(due)) if due else None,
            "overdue": "是" if case["overdue"] else "否",
            "days": Fraction(str(case["days"])),
        }

    def _things(self, cell: CellMapping, unit: str, period: Period) -> Sequence[ListLine]:
        kind = self._thing_kind(cell)
        wanted = ThingFilter(unit=unit, kind=kind.key, state=cell.state or STANDING)
        on = min(period.end, self.today)
        told = things_told(self.user, wanted, self.now, on, self.as_of)
        return [self._thing(thing, kind.label) for thing in told][: MOST_LINES + 1]

    def _thing(self, thing: Mapping[str, object], label: str) -> ListLine:
        due, state = thing["due"], str(thing["state"])
        values: dict[str, Value] = {
            "number": str(thing["number"]),
            "name": str(thing["name"]),
            "place": str(thing["place"]),
            "kind": label,
            "unit": self.names(str(thing["unit_code"])),
            "state": _STATES.get(state, state),
            "due": date.fromisoformat(str(due)) if due else None,
        }
        return ListLine(values)

    def _thing_kind(self, cell: CellMapping) -> ThingKind:
        try:
            return self.kinds.programmes.thing(cell.name)
        except UnknownName as unknown:
            raise Unanswerable(f"no installed pack has things '{unknown}'") from unknown

    def _key(self, cell: CellMapping) -> str:
        try:
            return kind_key(cell.name, self.today)
        except Refused as refused:
            raise Unanswerable(_why(refused)) from refused


def _why(refused: Refused) -> str:
    return "; ".join(issue.sentence().rstrip(".") for issue in refused.issues)
