"""Bodies 机构: dated nodes beside the tree (bureau, health centre, school) that record and own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from taizhang.core.base.issue import NOWHERE, Issue, Level, Place
from taizhang.core.unit.code import BodyCode
from taizhang.core.unit.tree import DAY, History

#: Bodies that the everyday of an office knows.
BODY_KINDS = frozenset(
    "区县部门 街道站所 卫生服务中心 卫生服务站 卫生院 卫生室 疾控中心 医院 学校 幼儿园 "
    "派出所 司法所 综治中心 法律援助中心 调解委员会 环卫所 驻区单位 其他机构".split()
)
#: Who only works for others: the unit that deals with a firm owns the case, never the firm.
FIRMS = frozenset("企业 公司 物业企业 物业公司 施工单位 消杀公司 个体工商户".split())


#: No code of a unit has it: 360602001000-B01 is a body beside the unit 360602001000.
BODY_SIGN = "-B"


class Body(NamedTuple):
    """A node beside the tree in a span of time; the row key is (code, valid_from).

    ``valid_from``/``valid_to`` are the first and last day it exists; ``None`` means always.
    """

    code: str
    name: str
    kind: str  # 卫生服务中心, 学校, 区县部门 …
    parent: str  # code of the unit that it stands beside
    may_record: bool = False  # sends records of packs whose `records:` names its kind
    may_own: bool = False  # may be handed a case
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def first_day(self) -> date:
        """Give the first day it exists, the calendar's first for always."""
        return self.valid_from or date.min

    @property
    def last_day(self) -> date:
        """Give the last day it exists, the calendar's last for always."""
        return self.valid_to or date.max

    def exists_on(self, day: date) -> bool:
        """Say whether it exists on ``day``."""
        return self.first_day <= day <= self.last_day


class Bodies:
    """All bodies ever known, immutable."""

    def __init__(self, bodies: Iterable[Body] = ()) -> None:
        """Take bodies that passed :func:`check_bodies`."""
        self.bodies = tuple(sorted(bodies, key=lambda body: (body.code, body.first_day)))
        self._rows: dict[str, tuple[Body, ...]] = {}
        for body in self.bodies:
            self._rows[body.code] = (*self._rows.get(body.code, ()), body)

    def __contains__(self, code: str) -> bool:
        return code in self._rows

    def rows(self, code: str) -> tuple[Body, ...]:
        """Give every row of ``code`` through time."""
        return self._rows.get(code, ())

    def body_on(self, code: str, day: date) -> Body | None:
        """Give the row of ``code`` that exists on ``day``."""
        return next((body for body in self.rows(code) if body.exists_on(day)), None)

    def seat(self, code: str, day: date) -> str:
        """Give the unit at which what ``code`` records counts: that beside a body, else itself.

        What a body sent before it was given an earlier end counts where it did.
        """
        rows = self.rows(code)
        began = (body for body in reversed(rows) if body.first_day <= day)
        return next(began, rows[0]).parent if rows else code

    def beside(self, unit: str, day: date) -> tuple[Body, ...]:
        """Give the bodies that stand beside a unit on ``day``, in code order."""
        return tuple(body for body in self.bodies if body.parent == unit and body.exists_on(day))


NO_BODIES = Bodies()


def check_bodies(bodies: Mapping[Body, Place], history: History) -> tuple[Issue, ...]:
    """Find everything by which bodies contradict themselves, each other or the tree.

    :param bodies: all rows, stored and new, each with its place
    """
    rows: dict[str, list[Body]] = {}
    for body in sorted(bodies, key=lambda body: (body.code, body.first_day)):
        rows.setdefault(body.code, []).append(body)
    issues = [
        *_overlaps(rows, bodies),
        *(issue for body, place in bodies.items() for issue in _faults(body, place, history)),
    ]
    return tuple(sorted(issues, key=lambda issue: (issue.place.file, issue.place.line or 0)))


def _overlaps(rows: Mapping[str, list[Body]], places: Mapping[Body, Place]) -> Iterator[Issue]:
    for code, of_code in rows.items():
        for earlier, later in pairwise(of_code):
            if later.first_day <= earlier.last_day:
                place = places[later] if places[later] != NOWHERE else places[earlier]
                yield Issue(BodyCode.BODY_002, place, {"code": code, "day": later.first_day})


def _faults(body: Body, place: Place, history: History) -> Iterator[Issue]:
    facts: dict[str, object] = {"code": body.code, "kind": body.kind, "parent": body.parent}
    if not history.rows(body.parent):
        yield Issue(BodyCode.BODY_001, place, facts)
    elif (day := _first_gap(body, history)) is not None:
        yield Issue(BodyCode.BODY_003, place, facts | {"day": day})
    if body.may_own and body.kind in FIRMS:
        yield Issue(BodyCode.BODY_004, place, facts)
    if not body.may_record and not body.may_own:
        yield Issue(BodyCode.BODY_005, place, facts, Level.WARNING)
    if body.kind not in BODY_KINDS | FIRMS:
        yield Issue(BodyCode.BODY_006, place, facts, Level.WARNING)


def _first_gap(body: Body, history: History) -> date | None:
    """Give the first day on which ``body`` exists and the unit beside it does not."""
    day = body.first_day
    for unit in history.rows(body.parent):  # in order of their first days
        if unit.exists_on(day):
            if unit.last_day >= body.last_day:
                return None
            day = unit.last_day + DAY
    return day


def changed_columns(stored: Body, new: Body) -> tuple[str, ...]:
    """Name the columns in which two rows of one key differ, each as ``column stored → new``.

    As for units: an end may be learnt later, a name may be corrected.
    """
    names = ["kind", "parent", "may_record", "may_own"]
    if stored.valid_to is not None and new.valid_to is not None:
        names.append("valid_to")
    pairs = ((name, getattr(stored, name), getattr(new, name)) for name in names)
    return tuple(f"{name} {old} → {now}" for name, old, now in pairs if old != now)
