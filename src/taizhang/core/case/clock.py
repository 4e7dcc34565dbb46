"""Clocks 时限: runs of a limit with lawful stops and prolongations, and what they say on a day.

Ownership moves on sending, and the sender's clock stands from then on; a return that says the case
should not have been sent so (``not_ours``, ``needs_facts``) undoes the stop.  A receiver stops a
clock once.  Only a prolongation by the parent moves a limit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from taizhang.core.case.step import StepRecord
from taizhang.core.case.working_day import WorkCalendar, WorkingDays
from taizhang.core.definition.case import (
    ACCEPT,
    BACK,
    OPENS,
    VOIDING_REASONS,
    CaseClock,
    CaseKind,
    CaseStep,
    Span,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A stretch in which a clock stands; ``depth`` is the number of hand-overs under it."""

    start: date
    receiver: str
    depth: int
    end: date | None = None
    voided: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a clock, from the step that started it until its step is done.

    ``unit`` owes it; ``named`` is the day that a field gave as limit.
    """

    clock: str
    unit: str
    unit_since: date
    start: date
    started_by: str
    started_known: date  # when the step that started it was accepted
    received: bool = False  # begun as a receiver signed for the case: it is the receiver's own
    named: date | None = None
    stops: tuple[Stop, ...] = ()
    prolonged: tuple[tuple[date, date], ...] = ()  # (day of the step, new limit)
    answered: date | None = None
    answered_known: date | None = None
    answered_by: str = ""  # record
    void: bool = False

    @property
    def running(self) -> bool:
        """Say whether its step is still owed."""
        return self.answered is None and not self.void

    @property
    def standing(self) -> bool:
        """Say whether it stands at the moment."""
        return self.running and bool(self.stops) and self.stops[-1].end is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a run says on a day.

    ``limit`` is the day first given, ``due`` the day with stops and prolongations.  ``was_due`` is
    the due day by the calendar known when the run began, where a later notice moved it.
    """

    clock: str
    unit: str
    unit_since: date
    start: date
    limit: date
    due: date
    standing: bool
    answered: date | None
    overdue: bool
    days_over: int  # days past the due day, 0 where there is none
    next_reminder: date | None
    was_due: date | None = None

    @property
    def in_time(self) -> bool | None:
        """Say whether the step was done in time; ``None`` while it is owed and may still be."""
        if self.answered is not None:
            return self.answered <= self.due
        return False if self.overdue else None

    def fell_due(self, first: date, last: date, known: date) -> bool:
        """Say whether the limit fell between two days, as known on a day.

        The limit of the last day itself has fallen when it was met, or the day after.
        """
        met = self.answered is not None
        return first <= self.due <= last and not self.standing and (self.due < known or met)


def _counted(calendar: WorkCalendar, day: date, count: int, span: Span) -> date:
    if span is Span.WORKING_DAYS:
        return calendar.after(day, count)
    return day + timedelta(days=count)


def _limit(run: Run, clock: CaseClock, calendar: WorkCalendar) -> date:
    if run.named is not None:
        return run.named
    return _counted(calendar, run.start, clock.limit.count, clock.limit.span)


def course(run: Run, clock: CaseClock, calendar: WorkCalendar, on: date) -> tuple[date, bool]:
    """Give the day until which a run may last as it stands on a day, and whether it stands still.

    A stop that begins after the due day changes nothing, a second one with the same receiver
    neither; while a clock stands, its due day moves on with every day.
    """
    due = _limit(run, clock, calendar)
    since, standing = run.start, False
    events: list[tuple[date, int, Stop | date]] = [
        *((day, 0, until) for day, until in run.prolonged),
        *((stop.start, 1, stop) for stop in run.stops),
    ]
    receivers: set[str] = set()
    for day, _, event in sorted(events, key=lambda event: event[:2]):
        if isinstance(event, date):
            due, since = event, day
            continue
        if event.voided or event.receiver in receivers or event.start > due:
            continue
        receivers.add(event.receiver)
        begin, end = max(event.start, since), max(event.end or on, event.start)
        due = _shifted(due, begin, end, clock, calendar)
        standing = event.end is None and run.running
    return due, standing


def _shifted(due: date, begin: date, end: date, clock: CaseClock, calendar: WorkCalendar) -> date:
    if clock.limit.span is Span.WORKING_DAYS and not clock.limit.field:
        return calendar.after(due, calendar.between(begin, end))
    return due + (end - begin)


def reading(run: Run, clock: CaseClock, on: date, days: WorkingDays, known: date) -> Reading:
    """Say what a run means on a day.

    An answered run is judged by the calendar known when its answer was accepted; an open one
    follows every notice, and says what it was before.

    :param known: the day of knowledge
    """
    then = known if run.answered_known is None else min(known, run.answered_known)
    due, standing = course(run, clock, days.known_on(then), on)
    first, _ = course(run, clock, days.known_on(run.started_known), on)
    late = run.running and not standing and due < on
    end = on if run.answered is None else run.answered
    over = max((end - due).days, 0) if not run.void and not standing else 0
    reminders = [due - timedelta(days=before) for before in clock.remind]
    ahead = [day for day in reminders if day > on] if run.running and not standing else []
    return Reading(
        clock=run.clock,
        unit=run.unit,
        unit_since=run.unit_since,
        start=run.start,
        limit=_limit(run, clock, days.known_on(then)),
        due=due,
        standing=standing,
        answered=run.answered,
        overdue=late,
        days_over=over,
        next_reminder=min(ahead, default=None),
        was_due=None if first == due else first,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """How a step with effect changed a case, as its clocks see it."""

    step: CaseStep
    record: StepRecord
    before: str  # state
    after: str
    sender: str
    owner: str
    owner_since: date
    depth: int  # hand-overs under the case after the step
    ended: bool


def after_step(runs: tuple[Run, ...], kind: CaseKind, moved: Moved) -> tuple[Run, ...]:
    """Give the runs of a case after a step."""
    changed = [
        run if run.void else _changed(run, kind.clocks[run.clock], kind, moved) for run in runs
    ]
    started = [
        _started(clock, moved) for clock in kind.clocks.values() if moved.step.key in clock.starts
    ]
    fresh = [run for run in started if run is not None]
    begun = {run.clock for run in fresh}
    kept = [
        replace(run, void=True) if run.running and not run.standing and run.clock in begun else run
        for run in changed
    ]
    return (*kept, *fresh)


def _started(clock: CaseClock, moved: Moved) -> Run | None:
    named = moved.record.day(clock.limit.field) if clock.limit.field else None
    if clock.limit.field and named is None:
        return None  # no day was given: nothing falls due
    return Run(
        clock=clock.step,
        unit=moved.owner,
        unit_since=moved.owner_since,
        start=moved.record.date,
        started_by=moved.step.key,
        started_known=moved.record.known_on,
        received=moved.step.key == ACCEPT and moved.depth > 0,
        named=named,
    )


def _changed(run: Run, clock: CaseClock, kind: CaseKind, moved: Moved) -> Run:
    """Give a run after a step: answered, owed again, undone, standing or passed on."""
    step = kind.steps.get(clock.step)
    sources = () if step is None else step.sources
    is_open = moved.after in sources
    was_open = moved.before in sources
    if not run.running:
        again = is_open and not was_open and moved.step.key not in clock.starts
        return _unanswered(run) if again and not run.received else run
    done = moved.step.key == clock.step and not (step and step.hands_over == BACK and run.standing)
    dealt = run.received and was_open and not is_open  # in another way, such as by finishing itself
    if done or dealt or moved.ended:
        return replace(
            _unstopped(run, moved.record.date, voided=False),
            answered=moved.record.date,
            answered_known=moved.record.known_on,
            answered_by=moved.record.record,
        )
    starter = kind.steps.get(run.started_by)
    began = () if starter is None else starter.sources
    undone = moved.after in began and moved.before not in began
    handed = moved.step.hands_over != "" and moved.owner != moved.sender
    is_return = handed and moved.step.hands_over == BACK
    given_back = is_return and run.unit == moved.sender and not run.standing
    if undone or (given_back and run.started_by != OPENS):
        return replace(run, void=True)
    return _stopped(run, clock, moved, handed)


def _unanswered(run: Run) -> Run:
    return replace(run, answered=None, answered_known=None, answered_by="")


def _stopped(run: Run, clock: CaseClock, moved: Moved, handed: bool) -> Run:
    """Open, end or leave the stop of a run, and let it follow the owner while it runs.

    The clock of a receiver who sends the case on stands, whatever the state is.
    """
    day = moved.record.date
    is_return = moved.step.hands_over == BACK
    if run.standing:
        stop = run.stops[-1]
        home = moved.depth < stop.depth or moved.owner == run.unit
        if not (home if stop.depth else moved.after not in clock.stops):
            return run
        return _unstopped(run, day, is_return and moved.record.reason in VOIDING_REASONS)
    sends_on = handed and not is_return and run.received
    if sends_on or (moved.after in clock.stops and (handed or moved.before not in clock.stops)):
        receiver = moved.owner if handed else moved.after
        stop = Stop(start=day, receiver=receiver, depth=moved.depth if handed else 0)
        return replace(run, stops=(*run.stops, stop))
    if handed:
        return replace(run, unit=moved.owner, unit_since=moved.owner_since)
    return run


def _unstopped(run: Run, day: date, voided: bool) -> Run:
    if not run.standing:
        return run
    last = replace(run.stops[-1], end=day, voided=voided)
    return replace(run, stops=(*run.stops[:-1], last))
