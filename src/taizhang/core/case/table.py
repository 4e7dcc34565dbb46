"""The state table: where each case stands on a day, its clocks, and what can be asked of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from taizhang.core.case.clock import Reading, reading
from taizhang.core.case.fold import CaseWorld, Standing, fold
from taizhang.core.case.step import StepRecord, end_of
from taizhang.core.definition.case import ENDED_ASIDE, OPENS, CaseKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """What lists and formulas read of a case.

    ``due`` is the nearest day of its running clocks, ``None`` where none runs or all stand still;
    a case is overdue on every day after it.  ``runs`` holds every run that was not undone.
    """

    uid: str
    kind: str
    version: str
    number: str
    opener: str
    opened: date
    state: str
    owner: str
    owner_since: date
    ended: date | None
    before_start: bool
    due: date | None
    reminder: date | None
    standing: bool  # a clock stands, as another owner has the case
    accepted: bool  # the owner has signed for it, or it was never handed over
    helpers: tuple[str, ...]
    idle: int  # steps kept without effect
    runs: tuple[Reading, ...]

    @property
    def days(self) -> int | None:
        """Give the days from opening to end, ``None`` for an open one."""
        return None if self.ended is None else (self.ended - self.opened).days


def row_of(standing: Standing, world: CaseWorld, on: date, known: date | None = None) -> CaseRow:
    """Give the row of a case on a day.

    :param known: the day of knowledge, for the calendar of working days; ``on`` by default
    """
    kind = standing.kind
    readings = tuple(
        reading(run, kind.clocks[run.clock], on, world.days, known or on)
        for run in standing.runs
        if not run.void
    )
    owed = [each for each in readings if each.answered is None]
    running = [each for each in owed if not each.standing]
    reminders = [each.next_reminder for each in running if each.next_reminder is not None]
    return CaseRow(
        uid=standing.uid,
        kind=kind.key,
        version=kind.version,
        number=standing.number,
        opener=standing.opener,
        opened=standing.opened,
        state=standing.state,
        owner=standing.owner,
        owner_since=standing.owner_since,
        ended=standing.ended,
        before_start=standing.before_start,
        due=min((each.due for each in running), default=None),
        reminder=min(reminders, default=None),
        standing=any(each.standing for each in owed),
        accepted=not standing.frames or standing.frames[-1].accepted,
        helpers=standing.helpers,
        idle=len(standing.idle),
        runs=readings,
    )


def as_json(standing: Standing, world: CaseWorld, on: date) -> Mapping[str, object]:
    """Give a case as the command `cases` prints it.

    ``days`` are the days it has taken until its end, or until the day asked about.
    """
    row = row_of(standing, world, on)
    return {
        "number": row.number,
        "uid": row.uid,
        "kind": row.kind,
        "label": standing.kind.label,
        "opener": row.opener,
        "owner": row.owner,
        "state": row.state,
        "opened": row.opened.isoformat(),
        "due": None if row.due is None else row.due.isoformat(),
        "overdue": any(each.overdue for each in row.runs),
        "days": ((row.ended or on) - row.opened).days,
        "next": list(standing.next_steps),
        "steps": [
            {
                "step": "opened" if line.step == OPENS else line.step,
                "at": _moment(line.date, line.time),
                "unit_code": line.unit,
                "record": line.record,
                "effect": line.effect,
                "why": None if line.why is None else line.why.value,
            }
            for line in standing.line
        ],
    }


def _moment(day: date, hour: object) -> str:
    return day.isoformat() if hour is None else f"{day.isoformat()}T{hour}"


class Asked(StrEnum):
    """What can be asked of the state table."""

    OPEN = "open"
    OVERDUE = "overdue"
    DUE = "due"
    IN_TIME = "in_time"
    STANDING = "standing"
    DAYS = "days"


#: Those that speak of how cases stand on one day.
STATES = frozenset((Asked.OPEN, Asked.OVERDUE, Asked.STANDING))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseQuestion:
    """A question about the cases of a kind at a unit and below it.

    ``open`` and ``overdue`` speak of ``last`` and of whoever owns a case then, ``standing`` of
    whoever's limit stands then, as another has the case; ``due`` and
    ``in_time`` of limits that fell between ``first`` and ``last``, none before the first day of a
    kind that takes the place of sums, and of whoever owed the step;
    ``days`` of cases that ended between the two and of whoever opened them.
    """

    asked: Asked
    kind: str  # qualified
    unit: str
    first: date
    last: date
    clock: str = ""  # step; the first clock of the kind where none is named
    state: str = ""  # of open and overdue cases
    known: date | None = None  # the day of knowledge, None for the present


class CaseTable:
    """All cases by their records, folded anew for each day and knowledge asked about."""

    def __init__(
        self,
        kind_of: Callable[[str], CaseKind | None],
        records: Iterable[tuple[str, StepRecord]],
        world: CaseWorld,
        today: date,
    ) -> None:
        """Take (qualified kind, record) of every step.

        :param kind_of: the definition by which a case goes on, by its uid
        """
        self._kind_of = kind_of
        self._world = world
        self._today = today
        self._cases: dict[str, list[StepRecord]] = {}
        self._kinds: dict[str, str] = {}
        for kind, record in records:
            self._cases.setdefault(record.case, []).append(record)
            self._kinds[record.case] = kind
        self._rows: dict[tuple[date, date | None], Mapping[str, CaseRow]] = {}

    def __contains__(self, uid: str) -> bool:
        return uid in self._cases

    def standing(self, uid: str, on: date, known: date | None = None) -> Standing | None:
        """Give where one case stands on a day, as known at the end of another."""
        kind = self._kind_of(uid)
        if kind is None:
            return None
        as_of = None if known is None else end_of(known)
        return fold(kind, self._cases[uid], self._world, on, as_of)

    def rows(self, on: date, known: date | None = None) -> Mapping[str, CaseRow]:
        """Give the rows of all cases that had begun on a day, by uid."""
        if (on, known) not in self._rows:
            standings = {uid: self.standing(uid, on, known) for uid in self._cases}
            self._rows[on, known] = {
                uid: row_of(standing, self._world, on, known or self._today)
                for uid, standing in standings.items()
                if standing is not None
            }
        return self._rows[on, known]

    def count(self, question: CaseQuestion) -> int:
        """Count the cases, or limits, that a question asks about."""
        homes = self._homes(question)
        rows = self._of_kind(question)
        if question.asked in (Asked.DUE, Asked.IN_TIME):
            return sum(_limits(row, question, homes, self) for row in rows)
        if question.asked is Asked.STANDING:
            return sum(_stands(row, question, homes, self) for row in rows)
        opened = (row for row in rows if row.ended is None and row.owner in homes)
        chosen = [row for row in opened if question.state in ("", row.state)]
        if question.asked is Asked.OPEN:
            return len(chosen)
        return sum(row.due is not None and row.due < question.last for row in chosen)

    def days(self, question: CaseQuestion) -> Sequence[int]:
        """Give the days from opening to end of the cases that ended."""
        homes = self._homes(question)
        return sorted(
            row.days
            for row in self._of_kind(question)
            if row.days is not None
            and row.opener in homes
            and row.state not in ENDED_ASIDE
            and row.ended is not None
            and question.first <= row.ended <= question.last
        )

    def opened(
        self, records: Sequence[str], on: date, known: date | None = None
    ) -> Mapping[str, CaseRow]:
        """Give by record the cases that these records opened, as they stood on a day."""
        rows, wanted = self.rows(on, known), frozenset(records)
        return {
            step.record: rows[uid]
            for uid, steps in self._cases.items()
            if uid in rows
            for step in steps
            if step.step == OPENS and step.record in wanted
        }

    def clock(self, question: CaseQuestion, uid: str) -> str:
        """Give the clock that a question is about."""
        kind = self._kind_of(uid)
        clock = None if kind is None else kind.clock_of(question.clock)
        return "" if clock is None else clock.step

    def first_day(self, question: CaseQuestion, uid: str) -> date:
        """Give the first day whose limits a question counts: months before have sums."""
        kind = self._kind_of(uid)
        start = None if kind is None else kind.start
        return question.first if start is None else max(question.first, start)

    @property
    def today(self) -> date:
        """The present."""
        return self._today

    def _of_kind(self, question: CaseQuestion) -> Iterator[CaseRow]:
        # What fell due or ended may be undone by a later step: the latest word counts.
        present = question.asked not in STATES
        on = (question.known or self._today) if present else question.last
        for uid, row in self.rows(on, question.known).items():
            if self._kinds[uid] == question.kind:
                yield row

    def _homes(self, question: CaseQuestion) -> frozenset[str]:
        """Give the codes of a unit and all below it, with the bodies beside any of them."""
        owners = self._world.ownership
        units = owners.history.tree(question.last).homes(question.unit)
        bodies = (body.code for body in owners.bodies.bodies if body.parent in units)
        return frozenset((question.unit, *units, *bodies))


def _stands(row: CaseRow, question: CaseQuestion, homes: frozenset[str], table: CaseTable) -> bool:
    """Say whether a limit of these units stands in an open case."""
    clock = table.clock(question, row.uid)
    return row.ended is None and any(
        run.clock == clock and run.standing and run.unit in homes for run in row.runs
    )


def _limits(row: CaseRow, question: CaseQuestion, homes: frozenset[str], table: CaseTable) -> int:
    """Count the runs of a case whose limit fell in the period, or which were done in time."""
    if row.state in ENDED_ASIDE:
        return 0
    clock, first = table.clock(question, row.uid), table.first_day(question, row.uid)
    fallen = [
        run
        for run in row.runs
        if run.clock == clock
        and run.unit in homes
        and run.fell_due(first, question.last, question.known or table.today)
    ]
    if question.asked is Asked.DUE:
        return len(fallen)
    return sum(run.in_time is True for run in fallen)
