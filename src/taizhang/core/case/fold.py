"""The fold of a case: its steps in the order of time give its state, its one owner and its clocks.

A step that does not fit is kept without effect, with the reason, and never refused for being late.
The fold is a function of the records alone, however they arrived.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum

from taizhang.core.case.access import Doers, Frame, acts_for, receiver_of
from taizhang.core.case.clock import Moved, Run, after_step, course
from taizhang.core.case.step import ADOPTED, TAKEN_OVER, Idle, Line, StepRecord, holds
from taizhang.core.case.working_day import WorkingDays
from taizhang.core.definition.case import (
    ACCEPT,
    ASSIGN,
    BACK,
    BUILT_IN,
    DOWN,
    ENDED_ASIDE,
    NOTE,
    OPENER,
    OPENS,
    PROLONG,
    VOID,
    WITHDRAWN,
    CaseKind,
    CaseStep,
    Span,
)
from taizhang.core.unit.ownership import Ownership


@dataclass(frozen=True, slots=True)
class CaseWorld:
    """What folding needs besides a case's own records."""

    ownership: Ownership
    days: WorkingDays = field(default_factory=WorkingDays)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a case stands after its steps up to now.

    ``owner`` has held it since ``owner_since``; of a case that is over it is the last owner.
    """

    kind: CaseKind
    uid: str
    number: str
    opener: str
    opened: date
    opening: str  # record
    state: str
    owner: str
    owner_since: date
    frames: tuple[Frame, ...] = ()
    helpers: tuple[str, ...] = ()  # units and bodies that handle it jointly (协办)
    doers: Mapping[str, str] = field(default_factory=dict)  # step → account of its latest effect
    runs: tuple[Run, ...] = ()
    line: tuple[Line, ...] = ()
    ended: date | None = None
    ended_by: str = ""  # record
    before_start: bool = False
    last: tuple[object, ...] = ()  # order of the latest step taken

    @property
    def over(self) -> bool:
        """Say whether the case has ended."""
        return self.ended is not None

    @property
    def idle(self) -> tuple[Line, ...]:
        """Give the steps without effect, which the owner should see."""
        return tuple(line for line in self.line if not line.effect)

    @property
    def next_steps(self) -> tuple[str, ...]:
        """Give the keys of the declared steps that lead on from here."""
        return tuple(step.key for step in self.kind.next_steps(self.state))


def begin(kind: CaseKind, opening: StepRecord, world: CaseWorld) -> Standing:
    """Give a case as its opening leaves it."""
    day, state = opening.date, _begun(kind, opening)
    ends = kind.ends(state)
    # What a body that may not own has opened is the unit's beside which it stands.
    owner = world.ownership.holder(opening.unit, day, day).code
    line = Line(
        step=OPENS,
        date=day,
        unit=opening.unit,
        record=opening.record,
        time=opening.time,
        state=state,
        owner=owner,
    )
    fresh = Standing(
        kind=kind,
        uid=opening.case,
        number=opening.number,
        opener=opening.unit,
        opened=day,
        opening=opening.record,
        state=state,
        owner=owner,
        owner_since=day,
        doers={OPENS: opening.account},
        line=(line,),
        ended=day if ends else None,
        ended_by=opening.record if ends else "",
        before_start=opening.adopted or (kind.start is not None and day < kind.start),
        last=opening.order,
    )
    step = CaseStep(key=OPENS, label="", sources=(), target=state)
    runs = _limited(after_step((), kind, _moved(fresh, fresh, step, opening)), kind, opening)
    if ends:  # settled as it was opened: whatever was to be done in time is done
        known, record = opening.known_on, opening.record
        runs = tuple(
            replace(run, answered=day, answered_known=known, answered_by=record) for run in runs
        )
    return replace(fresh, runs=runs)


def _begun(kind: CaseKind, opening: StepRecord) -> str:
    """Give the state in which a case begins, by the answers of its opening."""
    leading = (
        state for state, when in kind.begins.items() if holds(when, opening.answers, opening.date)
    )
    return next(leading, kind.first_state)


def take(standing: Standing, record: StepRecord, world: CaseWorld) -> Standing:
    """Give a case after its next step, with effect or without.

    :raises ValueError: when a later step has been taken already; then the case is folded anew
    """
    if record.order <= standing.last:
        raise ValueError(f"{record.record} comes before what was taken")
    current = settled(standing, record.date, world)
    step, why = step_of(current, record), unfit(current, record, world)
    if step is None or why is not None:
        return _written(current, record, why, current.runs)
    after = _done(current, step, record, world)
    return _written(after, record, None, _runs(current, after, step, record, world))


def settled(standing: Standing, day: date, world: CaseWorld) -> Standing:
    """Give a case with its owner followed through changes of units and bodies up to a day."""
    if standing.over:
        return standing
    owners = world.ownership
    held = owners.holder(standing.owner, standing.owner_since, day)
    runs = tuple(_followed(run, owners, day) for run in standing.runs)
    if held.code == standing.owner:
        return standing if runs == standing.runs else replace(standing, runs=runs)
    line = Line(
        step=TAKEN_OVER,
        date=held.since,
        unit=held.code,
        state=standing.state,
        owner=held.code,
    )
    return replace(
        standing,
        owner=held.code,
        owner_since=held.since,
        runs=runs,
        line=(*standing.line, line),
    )


def _followed(run: Run, owners: Ownership, day: date) -> Run:
    if not run.running:
        return run
    held = owners.holder(run.unit, run.unit_since, day)
    if held.code == run.unit:
        return run
    return replace(run, unit=held.code, unit_since=held.since)


def step_of(standing: Standing, record: StepRecord) -> CaseStep | None:
    """Give what the kind says of a record's step; ``None`` for a step that it does not know."""
    kind = standing.kind
    if record.step == ADOPTED:
        return _adopted(standing, record)
    declared = kind.steps.get(record.step)
    if declared is not None:
        return declared
    if record.step not in BUILT_IN:
        return None
    here = (standing.state,)
    return CaseStep(
        key=record.step,
        label=record.step,
        sources=() if kind.ends(standing.state) else here,
        target=VOID if record.step == VOID else None,
        hands_over=DOWN if record.step == ASSIGN else "",
        words=record.step in (PROLONG, VOID),
        by=(record.step,),
    )


def _adopted(standing: Standing, record: StepRecord) -> CaseStep:
    """Read an old record as the step that leads to the state it names."""
    state = record.text("state")
    here = CaseStep(key=ADOPTED, label="", sources=(standing.state,), target=state)
    if state == standing.state or state not in standing.kind.states:
        return replace(here, target=None)
    leading = [step for step in standing.kind.steps.values() if step.target == state]
    fitting = [step for step in leading if standing.state in step.sources]
    chosen = next(iter((*fitting, *leading)), here)
    return replace(chosen, sources=(standing.state,))


def unfit(standing: Standing, record: StepRecord, world: CaseWorld) -> Idle | None:
    """Say why a record would have no effect where the case stands; ``None`` where it would."""
    step = step_of(standing, record)
    return Idle.UNKNOWN_STEP if step is None else _unfit(standing, step, record, world)


def _unfit(standing: Standing, step: CaseStep, record: StepRecord, world: CaseWorld) -> Idle | None:
    """Say why a step has no effect; ``None`` where it has."""
    if record.date < standing.opened:
        return Idle.BEFORE_OPENING
    if standing.state not in step.sources:
        return Idle.ENDED if standing.over else Idle.NOT_FROM_HERE
    if record.step == ADOPTED:
        return None
    doers = Doers(standing.owner, standing.owner_since, standing.opener, standing.helpers)
    if not any(doers.may(by, record, world.ownership) for by in step.by):
        return Idle.NOT_YOURS
    earlier = [standing.doers[key] for key in step.not_by if key in standing.doers]
    if earlier and not (record.account and all(earlier)):
        return Idle.PERSON_UNKNOWN
    if record.account in earlier:
        return Idle.SAME_PERSON
    if not _reason_given(step, record):
        return Idle.NO_REASON
    waiting = bool(standing.frames) and not standing.frames[-1].accepted
    if step.key == ACCEPT and step.target is None and not waiting:
        return Idle.NOTHING_TO_ACCEPT
    if step.key == PROLONG and _prolonged(standing, record, world) is None:
        return Idle.NO_LONGER_LIMIT
    if step.hands_over and _receiver(standing, step, record, world) is None:
        return Idle.NO_RECEIVER
    return None


def _reason_given(step: CaseStep, record: StepRecord) -> bool:
    if step.reasons:
        return record.reason in step.reasons
    return bool(record.reason) or not step.words


def _receiver(
    standing: Standing, step: CaseStep, record: StepRecord, world: CaseWorld
) -> str | None:
    return receiver_of(
        step.hands_over,
        record,
        standing.owner,
        standing.opener,
        standing.frames,
        world.ownership,
    )


def _done(standing: Standing, step: CaseStep, record: StepRecord, world: CaseWorld) -> Standing:
    """Give a case after a step with effect, its clocks aside."""
    day, state = record.date, _after(standing, step)
    receiver = _receiver(standing, step, record, world) if step.hands_over else None
    ends = standing.kind.ends(state)
    ended, ended_by = (day, record.record) if ends else (None, "")
    if ends and standing.over and state not in ENDED_ASIDE:  # such as the feedback on what is done
        ended, ended_by = standing.ended, standing.ended_by
    return replace(
        standing,
        state=state,
        owner=standing.owner if receiver is None else receiver,
        owner_since=standing.owner_since if receiver is None else day,
        frames=_frames(standing, step, receiver, day),
        helpers=_helpers(standing, record, receiver, world),
        doers={**standing.doers, step.key: record.account},
        ended=ended,
        ended_by=ended_by,
    )


def _after(standing: Standing, step: CaseStep) -> str:
    """Give the state after a step.

    Whoever had itself received the case gets it back as it had it, so that it can return it, too.
    """
    if step.hands_over == BACK and len(standing.frames) > 1:
        return standing.frames[-1].state
    return standing.state if step.target is None else step.target


def _frames(
    standing: Standing, step: CaseStep, receiver: str | None, day: date
) -> tuple[Frame, ...]:
    frames = standing.frames
    if step.key == ACCEPT and frames:
        return (*frames[:-1], replace(frames[-1], accepted=True))
    if receiver is None:
        return frames
    if step.hands_over == BACK:
        return frames[:-1]
    if step.hands_over == OPENER:
        return ()
    return (*frames, Frame(standing.owner, receiver, day, standing.state))


def _helpers(
    standing: Standing, record: StepRecord, receiver: str | None, world: CaseWorld
) -> tuple[str, ...]:
    """Give who handles the case jointly: a hand-over names them anew, other steps add to them."""
    named = [unit for unit in record.with_units if world.ownership.exists(unit, record.date)]
    before = () if receiver is not None else standing.helpers
    return tuple(dict.fromkeys((*before, *named)))


def _runs(
    before: Standing, after: Standing, step: CaseStep, record: StepRecord, world: CaseWorld
) -> tuple[Run, ...]:
    if after.state in ENDED_ASIDE:
        return tuple(replace(run, void=True) for run in before.runs)
    if step.key == NOTE:
        return before.runs
    if step.key == PROLONG:
        prolonged = _prolonged(before, record, world)
        return before.runs if prolonged is None else prolonged
    runs = after_step(before.runs, before.kind, _moved(before, after, step, record))
    return _limited(runs, before.kind, record)


def _limited(runs: tuple[Run, ...], kind: CaseKind, record: StepRecord) -> tuple[Run, ...]:
    """Give the runs with the limits that an old record names, which had its own way to prolong."""
    adopts = kind.adopts
    if adopts is None or not (record.adopted or record.step == ADOPTED):
        return runs
    named = {clock: record.day(field) for clock, field in adopts.limits.items()}
    return tuple(replace(run, named=named.get(run.clock) or run.named) for run in runs)


def _moved(before: Standing, after: Standing, step: CaseStep, record: StepRecord) -> Moved:
    return Moved(
        step=step,
        record=record,
        before=before.state,
        after=after.state,
        sender=before.owner,
        owner=after.owner,
        owner_since=after.owner_since,
        depth=len(after.frames),
        ended=after.over,
    )


def _prolonged(standing: Standing, record: StepRecord, world: CaseWorld) -> tuple[Run, ...] | None:
    """Give the runs with one limit moved, ``None`` where the step may move none."""
    wanted = record.text("clock")
    calendar = world.days.known_on(record.known_on)
    for index, run in enumerate(standing.runs):
        clock = standing.kind.clocks[run.clock]
        if not run.running or clock.prolong is None or wanted not in ("", run.clock):
            continue
        due, _ = course(run, clock, calendar, record.date)
        most = _most(due, clock.prolong.most, clock.prolong.span, world, record)
        until = record.day("until") or most
        if not due < until <= most or len(run.prolonged) >= clock.prolong.times:
            return None
        longer = replace(run, prolonged=(*run.prolonged, (record.date, until)))
        return (*standing.runs[:index], longer, *standing.runs[index + 1 :])
    return None


def _most(due: date, count: int, span: Span, world: CaseWorld, record: StepRecord) -> date:
    if span is Span.WORKING_DAYS:
        return world.days.known_on(record.known_on).after(due, count)
    return date.fromordinal(due.toordinal() + count)


def _written(
    standing: Standing, record: StepRecord, why: Idle | None, runs: tuple[Run, ...]
) -> Standing:
    line = Line(
        step=record.step,
        date=record.date,
        unit=record.unit,
        record=record.record,
        time=record.time,
        why=why,
        state=standing.state,
        owner=standing.owner,
    )
    return replace(standing, runs=runs, line=(*standing.line, line), last=record.order)


class Withdrawal(Enum):
    """What the withdrawal of an opening does."""

    NONE = 0
    DONE = 1
    IDLE = 2  # another unit had acted: only a `void` step ends the case


def _opening(
    records: Iterable[StepRecord], as_of: datetime | None, world: CaseWorld
) -> tuple[StepRecord | None, Withdrawal]:
    """Give the opening that counts at a moment, and what became of a withdrawal of it."""
    every = [record for record in records if as_of is None or record.accepted_at <= as_of]
    openings = [record for record in every if record.step == OPENS]
    live = [record for record in openings if record.stands(as_of)]
    if live:
        return max(live, key=lambda record: (record.accepted_at, record.record)), Withdrawal.NONE
    gone = [(record.retired_at, record) for record in openings if record.retired_at is not None]
    if not gone:
        return None, Withdrawal.NONE
    moment, opening = max(gone, key=lambda pair: (pair[0], pair[1].record))
    others = (record for record in every if record.step != OPENS and record.accepted_at <= moment)
    acted = any(
        record.retired_at is None or record.retired_at > moment
        for record in others
        if not acts_for(record.unit, opening.unit, record, world.ownership)
    )
    return opening, Withdrawal.IDLE if acted else Withdrawal.DONE


def undone_by(
    kind: CaseKind, records: Iterable[StepRecord], record: str, world: CaseWorld, on: date
) -> tuple[Line, ...]:
    """Give the other steps that lose their effect when a record is taken out, for a person to see.

    A correction is looked at by taking out what it replaces and putting its own step in.
    """
    every = tuple(records)
    before = fold(kind, every, world, on)
    after = fold(kind, [each for each in every if each.record != record], world, on)
    if before is None:
        return ()
    kept = {line.record for line in after.line if line.effect} if after is not None else set()
    return tuple(
        line
        for line in before.line
        if line.effect and line.record not in ("", record) and line.record not in kept
    )


def _withdrawn(standing: Standing) -> Standing:
    """Give a case whose opening was withdrawn: it was never open."""
    runs = tuple(replace(run, void=True) for run in standing.runs)
    return replace(standing, state=WITHDRAWN, ended=standing.opened, runs=runs)


def fold(
    kind: CaseKind,
    records: Iterable[StepRecord],
    world: CaseWorld,
    on: date,
    as_of: datetime | None = None,
) -> Standing | None:
    """Give where a case stands on a day, by what was known at a moment.

    :param kind: the definition by which the case goes on, see
        :func:`taizhang.core.definition.case.carried`
    :param records: every record of the case, in any order, retired ones too
    :param on: what stood on that day; steps dated later are left out
    :param as_of: what was known then, ``None`` for all that is known
    :returns: ``None`` where the case was not known or not begun
    """
    gathered = gather(kind, records, world, on, as_of)
    return None if gathered is None else settled(gathered, on, world)


def gather(
    kind: CaseKind,
    records: Iterable[StepRecord],
    world: CaseWorld,
    on: date,
    as_of: datetime | None = None,
) -> Standing | None:
    """Give where a case stands after its last step up to a day, see :func:`fold`.

    The owner is that of the last step: :func:`settled` follows it to a day, and :func:`take` goes
    on from here with any step that comes later in the order of time.
    """
    every = tuple(records)
    opening, withdrawal = _opening(every, as_of, world)
    if opening is None or opening.date > on:
        return None
    standing = begin(kind, opening, world)
    if withdrawal is Withdrawal.DONE:
        return _withdrawn(standing)
    if withdrawal is Withdrawal.IDLE:
        standing = _written(standing, opening, Idle.WITHDRAWAL, standing.runs)
    steps = [
        record
        for record in every
        if record.step != OPENS and record.stands(as_of) and record.date <= on
    ]
    for record in sorted(steps, key=lambda record: record.order):
        standing = take(standing, record, world)
    return standing
