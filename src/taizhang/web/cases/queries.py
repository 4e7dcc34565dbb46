"""Reads of cases: lists with filters, what the desk of an owner holds, one case with its line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from taizhang.core.base.issue import Issue, Refused
from taizhang.core.case.fold import CaseWorld, Standing, fold
from taizhang.core.case.step import end_of
from taizhang.core.case.table import as_json
from taizhang.core.definition.case import ENDED_ASIDE, OWNER, PARENT, CaseKind
from taizhang.core.unit.ownership import Ownership
from taizhang.core.unit.tree import UnitLevel
from taizhang.web.accounts.access import may
from taizhang.web.accounts.models import User
from taizhang.web.cases.access import by_number, case_for, cases_for
from taizhang.web.cases.code import StepCode
from taizhang.web.cases.kinds import Kinds, case_world
from taizhang.web.cases.models import Case, Member, Number
from taizhang.web.cases.records import CaseRecords, case_records
from taizhang.web.units.queries import bodies, history, homes

#: What a state filter says besides a state: every case, whatever its state.
ALL = "all"


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases are wanted; every part may be left away, and only open ones are given then."""

    unit: str = ""  # that opened or has it, and everything below it today
    kind: str = ""  # qualified
    state: str = ""  # a state, or ALL
    part: str = ""  # owned or opened by the unit itself or below; '' for either
    overdue: bool = False
    age: int = 0  # days since it was opened, at least
    stuck: int = 0  # days without a step, at least; of open cases
    words: str = ""  # of its number

    def query(self) -> str:
        """Write it as the query of an address."""
        told = {
            "unit": self.unit,
            "kind": self.kind,
            "state": self.state,
            "part": self.part,
            "overdue": "1" if self.overdue else "",
            "age": str(self.age) if self.age else "",
            "stuck": str(self.stuck) if self.stuck else "",
            "q": self.words,
        }
        return urlencode({name: text for name, text in told.items() if text})


def cases_found(user: User, wanted: CaseFilter, now: datetime) -> QuerySet[Case]:
    """Find the cases that a person may see, the longest due first, then the oldest."""
    today = timezone.localdate(now)
    if wanted.unit and may(user, "record.read", wanted.unit):
        cases = Case.objects.all()  # what a unit below one's roles opened or has, one may see
    else:
        cases = cases_for(user, now)
    if wanted.unit:
        codes = homes(wanted.unit, today, Ownership(history(), bodies()))
        owned, opened = Q(owner__in=codes), Q(opener__in=codes)
        parts = {"owned": owned, "opened": opened}
        cases = cases.filter(parts.get(wanted.part, owned | opened))
    if wanted.kind:
        cases = cases.filter(kind=wanted.kind)
    if wanted.state not in ("", ALL):
        cases = cases.filter(state=wanted.state)
    elif not wanted.state and not wanted.words:
        cases = cases.filter(ended=None)
    if wanted.overdue:
        cases = cases.filter(ended=None, due__lt=today)
    if wanted.age:
        cases = cases.filter(opened__lte=today - timedelta(days=wanted.age))
    if wanted.stuck:
        cases = stuck(cases, today - timedelta(days=wanted.stuck))
    if wanted.words:
        cases = by_number(cases, wanted.words)
    return cases.order_by(F("ended").desc(nulls_first=True), F("due").asc(nulls_last=True), "uid")


def stuck(cases: QuerySet[Case], since: date) -> QuerySet[Case]:
    """Keep the open cases of which no standing record tells anything after a day."""
    steps = Member.objects.filter(
        uid=OuterRef("uid"),
        record__date__gt=since,
        record__retired_at=None,
        record__withdraws=None,
    )
    return cases.filter(~Exists(steps), ended=None, opened__lte=since)


@dataclass(frozen=True, slots=True)
class Desk:
    """What an owner's desk holds: for each part the cases that it means."""

    have: QuerySet[Case]  # nothing presses: neither overdue, returned nor to be signed for
    verify: QuerySet[Case]
    returned: QuerySet[Case]
    overdue: QuerySet[Case]
    unsigned: QuerySet[Case]


def desk_of(unit: str, today: date, kinds: Kinds) -> Desk:
    """Give the cases that a unit, or body, has to do with today."""
    owners = Ownership(history(), bodies())
    tree = owners.history.tree(today)
    grids = [child.code for child in tree.children(unit) if child.level is UnitLevel.GRID]
    own = [unit, *grids]
    below = [child.code for child in tree.children(unit)]
    beside = [body.code for code in (unit, *below) for body in owners.bodies.beside(code, today)]
    open_cases = Case.objects.filter(ended=None)
    mine = open_cases.filter(owner__in=own)
    states = verified_states(kinds.now)
    top = not owners.above(unit, today)
    waiting = open_cases.filter(owner__in=[*below, *beside, *(own if top else ())])
    verify = Case.objects.none()
    for kind, names in states.items():
        verify |= waiting.filter(kind=kind, state__in=names)
    overdue, returned = mine.filter(due__lt=today), mine.filter(returned=True)
    quiet = mine.filter(Q(due=None) | Q(due__gte=today), returned=False, accepted=True)
    return Desk(quiet, verify, returned, overdue, mine.filter(accepted=False))


def cases_due(codes: Sequence[str], first: date, last: date) -> list[tuple[date, str, int]]:
    """Count the open cases of these owners by the day of their limit and their kind."""
    mine = Case.objects.filter(ended=None, owner__in=codes, due__gte=first, due__lte=last)
    counted = mine.values("due", "kind").annotate(number=Count("pk")).order_by("due", "kind")
    return [
        (due, kind, number)
        for due, kind, number in counted.values_list("due", "kind", "number")
        if due is not None
    ]


def verified_states(kinds: Mapping[str, CaseKind]) -> dict[str, frozenset[str]]:
    """Name, by kind, the states from which only the unit above leads on to the end."""
    return {
        key: frozenset(
            state
            for step in kind.steps.values()
            if PARENT in step.by and OWNER not in step.by and kind.ends(step.target or "")
            for state in step.sources
        )
        for key, kind in kinds.items()
    }


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """One case as it stands today, with the records that it came from."""

    row: Case
    records: CaseRecords
    standing: Standing
    world: CaseWorld


def case_detail(user: User, uid: str, now: datetime) -> CaseDetail:
    """Give one case.

    :raises Refused: STEP_001, the same for absent and forbidden
    """
    row = case_for(user, uid, now)
    today = timezone.localdate(now)
    world = case_world()
    for records in case_records([uid], Kinds(today)):
        standing = fold(records.kind, records.steps, world, today)
        if standing is not None:
            return CaseDetail(row, records, standing, world)
    raise Refused([Issue(StepCode.STEP_001, facts={"case": uid})])


def provisional_number(uid: str) -> str:
    """Give the number under which a phone knew a case, ``""`` for an adopted one."""
    given = Number.objects.filter(uid=uid).values_list("provisional", flat=True)
    return given.first() or ""


def cases_told(
    user: User,
    wanted: CaseFilter,
    now: datetime,
    on: date | None = None,
    as_of: date | None = None,
) -> Iterator[Mapping[str, object]]:
    """Give cases as the command prints them, by number and uid.

    :param on: as they stood on that day
    :param as_of: by what the ledger knew at the end of that day
    """
    today = timezone.localdate(now)
    day = min(on or as_of or today, today)
    kinds = Kinds(today)
    _known(wanted, kinds)
    world = case_world()
    if wanted.unit and not world.ownership.known(wanted.unit):
        raise Refused([Issue(StepCode.CASES_006, facts={"unit": wanted.unit})])
    every = CaseFilter(kind=wanted.kind, state=ALL)
    uids = cases_found(user, every, now).values_list("uid", flat=True)
    codes = homes(wanted.unit, day, world.ownership) if wanted.unit else None
    if day >= today and as_of is None:
        uids = cases_found(user, wanted, now).values_list("uid", flat=True)
    told = []
    for case in case_records(list(uids), kinds):
        standing = _stood(case, world, day, as_of)
        if standing is not None and _is_wanted(standing, wanted, codes):
            shown = as_json(standing, world, day)
            if not wanted.overdue or shown["overdue"]:
                told.append(shown)
    yield from sorted(told, key=lambda shown: (str(shown["number"]), str(shown["uid"])))


def _stood(case: CaseRecords, world: CaseWorld, day: date, as_of: date | None) -> Standing | None:
    known = None if as_of is None else end_of(as_of)
    return fold(case.kind, case.steps, world, day, known)


def _is_wanted(standing: Standing, wanted: CaseFilter, codes: Collection[str] | None) -> bool:
    if codes is not None and standing.owner not in codes and standing.opener not in codes:
        return False
    if wanted.state == ALL:
        return True
    return standing.state == wanted.state if wanted.state else not standing.over


def _known(wanted: CaseFilter, kinds: Kinds) -> None:
    """See that kind and state are known.

    :raises Refused: CASES_005, CASES_007
    """
    if wanted.kind and wanted.kind not in kinds.now:
        facts = {"kind": wanted.kind, "known": ", ".join(kinds.now) or "-"}
        raise Refused([Issue(StepCode.CASES_005, facts=facts)])
    chosen = [kind for key, kind in kinds.now.items() if wanted.kind in ("", key)]
    states = dict.fromkeys((*(s for kind in chosen for s in kind.states), *ENDED_ASIDE))
    if wanted.state not in ("", ALL, *states):
        facts = {"state": wanted.state, "known": ", ".join(states)}
        raise Refused([Issue(StepCode.CASES_007, facts=facts)])
