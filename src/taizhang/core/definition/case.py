"""Kinds of cases 事项: states, steps, clocks and hand-over, as a pack's cases.yaml defines them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from taizhang.core.base.issue import NOWHERE, Place
from taizhang.core.counting.measure import About

#: The step that opens a case; the only one that no pack declares and no state leads to.
OPENS = "opens"
#: Steps that every kind has.  They change no state but `void`, which ends the case.
ACCEPT = "accept"  # 签收: the receiver has it, and its clocks start
ASSIGN = "assign"  # 指派: the owner hands it to a unit below or a body beside
NOTE = "note"  # 进展: the owner or a helper says how far it is
PROLONG = "prolong"  # 延期: the parent moves a limit
VOID = "void"  # 作废: it should never have been opened, and others have acted already
BUILT_IN = (ACCEPT, ASSIGN, NOTE, PROLONG, VOID)
#: States in which a case ends without any step of its kind.
WITHDRAWN = "withdrawn"
ENDED_ASIDE = (WITHDRAWN, VOID)

#: Whom a step hands the case to; any other word is a kind of unit or body.
PARENT, DOWN, ACROSS, BACK, OPENER = "parent", "down", "across", "back", "opener"
DIRECTIONS = (PARENT, DOWN, ACROSS, BACK, OPENER)
#: Who may do a step; any other word is a kind of unit or body.
OWNER, ANYONE = "owner", "anyone"
DOERS = (OWNER, PARENT, OPENER, ANYONE)
#: How a pack says that a reason is given in the doer's own words.
TEXT = "text"
#: Reasons of a return that undo the stop of the sender's clock: it should not have been sent so.
VOIDING_REASONS = frozenset(("not_ours", "needs_facts"))

#: What steps and reasons of the everyday are called where the pack says nothing else.
STEP_LABELS: Mapping[str, str] = {
    "start": "开始办理",
    "ask_up": "请上级协调",
    "hand_down": "交办",
    "hand_over": "转办",
    "back": "退回",
    "finish": "办结",
    "verify": "核实销号",
    "reopen": "重新办理",
    ACCEPT: "签收",
    ASSIGN: "指派",
    NOTE: "记进展",
    PROLONG: "延期",
    VOID: "作废",
}
REASON_LABELS: Mapping[str, str] = {
    "not_ours": "不属本单位职责",
    "needs_facts": "情况不清，需补充",
    "settled_above": "上级已协调解决",
    "not_settled": "未解决",
    "duplicate": "重复",
}

#: What may be counted of cases, and the unit of each measure.
COUNTS: Mapping[str, tuple[str, str]] = {
    "opened": ("件", "新发生"),
    "finished": ("件", "办结"),
    "days": ("天", "办结用时"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A state of a case; one that ``ends`` needs no owner any more."""

    key: str
    label: str
    ends: bool = False
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStep:
    """What may be done with a case.

    ``target`` is ``None`` for a step that leaves the state as it is.  ``form`` is the qualified key
    of the form of its records; the loader makes a small one where the pack names none.
    """

    key: str
    label: str
    sources: tuple[str, ...]
    target: str | None = None
    form: str = ""
    hands_over: str = ""  # a direction, or a kind of unit or body
    by: tuple[str, ...] = (OWNER,)
    not_by: tuple[str, ...] = ()  # whoever did one of these may not do this
    reasons: Mapping[str, str] = field(default_factory=dict)  # closed list: key → label
    words: bool = False  # a reason in the doer's own words
    document: str = ""  # qualified key of the template that it drafts
    place: Place = NOWHERE


class Span(StrEnum):
    """How the days of a limit are counted."""

    DAYS = "days"
    WORKING_DAYS = "working days"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How long a step may take: a number of days, or the date that a field of the form gives."""

    count: int = 0
    span: Span = Span.DAYS
    field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prolongation:
    """How far a parent may move a limit: ``most`` days more each time, ``times`` times."""

    most: int
    span: Span = Span.DAYS
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClock:
    """The limit of one step; it runs from each step of ``starts`` until ``step`` is done."""

    step: str
    limit: Limit
    starts: tuple[str, ...] = (OPENS,)
    remind: tuple[int, ...] = ()  # days before the due day
    stops: tuple[str, ...] = ()  # states in which it stands
    prolong: Prolongation | None = None
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """Today's entities that are read as cases of a kind: old records as steps."""

    dataset: str
    number: str  # property, or field that names the entity, which holds the number people gave
    states: Mapping[str, str]  # old answer → state
    state: str = "state"  # property that holds the old answer
    days: Mapping[str, str] = field(default_factory=dict)  # state → field with its own day
    limits: Mapping[str, str] = field(default_factory=dict)  # clock → field with its old limit
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCount:
    """What a measure counts of the steps with effect: a case once, or a number each time.

    Of a case the latest of ``steps`` counts where ``when`` holds of its answers; with ``value``
    each of them counts what that question was answered.  A step is no longer counted once a later
    one has led back to a state before the one it led to, nor where a measure of ``unless`` counts
    the case.
    """

    steps: tuple[str, ...]  # OPENS is the opening
    when: str | None = None
    value: str = ""  # question of the steps' forms
    unless: tuple[str, ...] = ()  # qualified measures of the same kind
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseKind:
    """A kind of case; ``key`` is qualified (``pack.kind``), states stand in their order."""

    key: str
    label: str
    about: About
    number: str
    opens: str  # qualified key of the form that opens it
    states: Mapping[str, State]
    steps: Mapping[str, CaseStep]
    clocks: Mapping[str, CaseClock] = field(default_factory=dict)
    counts: tuple[str, ...] = ()
    petition: bool = False  # lends rubrics its timeliness only
    adopts: Adoption | None = None
    moves: Mapping[str, str] = field(
        default_factory=dict
    )  # dropped state or step → what stands now
    start: date | None = None  # cases begun earlier enter once, open and never as opened
    continues: Mapping[str, str] = field(default_factory=dict)  # count → measure that goes on
    replaces: str = ""  # qualified key of the form of monthly sums whose place it takes
    by: Mapping[str, str] = field(default_factory=dict)  # dimension → question of the opening
    measures: Mapping[str, StepCount] = field(default_factory=dict)  # by qualified measure
    begins: Mapping[str, str] = field(default_factory=dict)  # state → when the opening leads there
    version: str = ""  # of its pack
    place: Place = NOWHERE

    @property
    def pack(self) -> str:
        """Give the key of the pack that owns it."""
        return self.key.partition(".")[0]

    @property
    def first_state(self) -> str:
        """Give the state in which a case begins."""
        return next(iter(self.states), "")

    @property
    def forms(self) -> tuple[str, ...]:
        """Give the qualified keys of all forms of the kind, that which opens first."""
        return tuple(dict.fromkeys((self.opens, *(step.form for step in self.steps.values()))))

    @property
    def counted(self) -> tuple[str, ...]:
        """Give the qualified keys of all measures that its cases make."""
        return (*map(self.measure, self.counts), *self.measures)

    def ends(self, state: str) -> bool:
        """Say whether a case in this state is over."""
        known = self.states.get(state)
        return state in ENDED_ASIDE or (known is not None and known.ends)

    def state_label(self, state: str) -> str:
        """Give the label of a state, its key where an older version alone knew it."""
        aside = {WITHDRAWN: "已撤回", VOID: "已作废"}
        known = self.states.get(state)
        return aside.get(state, state) if known is None else known.label

    def next_steps(self, state: str) -> tuple[CaseStep, ...]:
        """Give the declared steps that lead on from a state, in the pack's order."""
        return tuple(step for step in self.steps.values() if state in step.sources)

    def measure(self, count: str) -> str:
        """Give the qualified key of the measure of a count."""
        return self.continues.get(count, f"{self.key}_{count}")

    def clock_of(self, name: str = "") -> CaseClock | None:
        """Give the clock of a step, the first of the kind where none is named."""
        if name:
            return self.clocks.get(name)
        return next(iter(self.clocks.values()), None)


def carried(opened_under: CaseKind, now: CaseKind) -> CaseKind:
    """Give the definition by which a case opened under an older version goes on.

    It ends under the version that opened it.  Only where the version in force says ``moves:`` for a
    state or step that it drops, the case passes to that version at the state named there; its
    earlier steps keep their effect.
    """
    if opened_under.version == now.version or not now.moves:
        return opened_under
    moves = now.moves

    def moved(keys: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(moves.get(key, key) for key in keys))

    steps: dict[str, CaseStep] = {}
    for key, step in opened_under.steps.items():
        target = None if step.target is None else moves.get(step.target, step.target)
        steps[key] = replace(step, sources=moved(step.sources), target=target)
    for key, step in now.steps.items():
        before = steps.get(key)
        sources = step.sources if before is None else (*step.sources, *before.sources)
        steps[key] = replace(step, sources=tuple(dict.fromkeys(sources)))
    states = {**now.states}
    for key, state in opened_under.states.items():
        states.setdefault(moves.get(key, key), state)
    return replace(now, steps=steps, states=states)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A state or step that open cases need and a new version no longer has."""

    sort: str  # "state" or "step"
    name: str


def dropped(before: CaseKind, after: CaseKind | None, in_use: Iterable[str]) -> Iterator[Dropped]:
    """Find what a new version drops although open cases need it, and ``moves:`` says nothing.

    :param after: ``None`` when the new version has no such kind at all
    :param in_use: states in which cases of the kind are open
    """
    states = frozenset(in_use)
    if not states:
        return
    moves = {} if after is None else after.moves
    known_states = frozenset(() if after is None else after.states)
    known_steps = frozenset(() if after is None else after.steps)
    for state in before.states:
        if state in states and state not in known_states and moves.get(state) not in known_states:
            yield Dropped("state", state)
    for step in before.steps.values():
        if not states.intersection(step.sources) or step.key in known_steps:
            continue
        if moves.get(step.key) not in known_steps:
            yield Dropped("step", step.key)
