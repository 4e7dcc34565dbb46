"""Rules on kinds of cases and things: states that end, steps with forms, clocks, receivers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from taizhang.core.base.issue import Issue, Marked, Place, Refused, gettext_noop
from taizhang.core.base.number_label import NumberPattern
from taizhang.core.definition.case import (
    ACROSS,
    BACK,
    BUILT_IN,
    COUNTS,
    DIRECTIONS,
    DOERS,
    DOWN,
    ENDED_ASIDE,
    NOTE,
    OPENS,
    REASON_LABELS,
    STEP_LABELS,
    VOID,
    CaseKind,
    CaseStep,
    StepCount,
)
from taizhang.core.form import Field, Form
from taizhang.core.form.expression.compiler import compile_expression
from taizhang.core.rules.case_code import CaseCode
from taizhang.core.rules.code import RuleCode
from taizhang.core.rules.context import RuleContext, bare, doubtful, near, wrong
from taizhang.core.rules.counting import NUMBERS, never_held
from taizhang.core.unit.body import BODY_KINDS
from taizhang.core.unit.check import KINDS

NO_MEASURE = Marked(gettext_noop("the pack has no such measure"))
NO_START = Marked(gettext_noop("nothing says from when"))
NOT_FIRST = Marked(gettext_noop("it begins within a month"))
NO_FORM = Marked(gettext_noop("the pack has no such form"))
OF_CASES = Marked(gettext_noop("it is a form of a case itself"))
NOT_COUNTED = Marked(gettext_noop("it is not among its counts"))
_DATED = ("date", "calculate")  # types of fields that may give a limit
_RESERVED = frozenset((OPENS, NOTE, VOID, *ENDED_ASIDE, "adopted", "taken_over"))


def _steps(context: RuleContext) -> Iterator[tuple[CaseKind, CaseStep]]:
    for kind in context.pack.cases.values():
        for step in kind.steps.values():
            yield kind, step


def forms_known(context: RuleContext) -> Iterator[Issue]:
    """Find openings and steps whose form no pack has."""
    forms = context.programmes.forms
    for kind in context.pack.cases.values():
        if kind.opens not in forms:
            facts = {"kind": bare(kind.key), "name": bare(kind.opens)}
            yield wrong(CaseCode.CASE_001, kind.place, **facts, known=near(kind.opens, forms))
    for _, step in _steps(context):
        if step.form not in forms:
            facts = {"step": step.key, "name": bare(step.form)}
            yield wrong(CaseCode.CASE_002, step.place, **facts, known=near(step.form, forms))


def states_known(context: RuleContext) -> Iterator[Issue]:
    """Find names of states that a kind does not have, and keys that mean something else."""
    for kind in context.pack.cases.values():
        label = bare(kind.key)
        named = [
            *((step.place, step.key, state) for step in kind.steps.values()
              for state in (*step.sources, *((step.target,) if step.target else ()))),
            *((clock.place, "stops", state) for clock in kind.clocks.values()
              for state in clock.stops),
        ]  # fmt: skip
        named += [(kind.place, "begins", state) for state in kind.begins]
        if kind.adopts is not None:
            named += [(kind.adopts.place, "adopts", state) for state in kind.adopts.states.values()]
        for place, where, state in named:
            if state not in kind.states:
                facts = {"where": where, "name": state, "kind": label}
                yield wrong(CaseCode.CASE_003, place, **facts, known=near(state, kind.states))
        places = {key: state.place for key, state in kind.states.items()}
        places |= {key: step.place for key, step in kind.steps.items()}
        for key in sorted(places.keys() & _RESERVED):
            yield wrong(CaseCode.CASE_019, places[key], name=key, kind=label)


def every_state_has_a_way(context: RuleContext) -> Iterator[Issue]:
    """Find states that nothing leads to, and states from which no case can end."""
    for kind in context.pack.cases.values():
        forward: dict[str, set[str]] = {}
        backward: dict[str, set[str]] = {}
        for step in kind.steps.values():
            for source in step.sources if step.target else ():
                forward.setdefault(source, set()).add(step.target or "")
                backward.setdefault(step.target or "", set()).add(source)
        reached = _reached({kind.first_state, *kind.begins}, forward)
        ending = _reached({key for key in kind.states if kind.ends(key)}, backward)
        for key, state in kind.states.items():
            facts = {"state": key, "kind": bare(kind.key)}
            if key not in reached:
                yield wrong(CaseCode.CASE_004, state.place, **facts)
            elif key not in ending:
                yield wrong(CaseCode.CASE_005, state.place, **facts)


def _reached(begin: set[str], leads: dict[str, set[str]]) -> set[str]:
    pending, seen = list(begin), set(begin)
    while pending:
        fresh = leads.get(pending.pop(), set()) - seen
        seen |= fresh
        pending += fresh
    return seen


def numbers_sound(context: RuleContext) -> Iterator[Issue]:
    """Find patterns that give no number."""
    patterns = [(kind.number, kind.place) for kind in context.pack.cases.values()]
    patterns += [(kind.number, kind.place) for kind in context.pack.things.values()]
    for number, place in patterns:
        if not NumberPattern(number).sound:
            yield wrong(CaseCode.CASE_006, place, found=number)


def receivers_known(context: RuleContext) -> Iterator[Issue]:
    """Find receivers and doers that are nobody, and returns of what was never sent."""
    kinds = KINDS | BODY_KINDS
    for kind, step in _steps(context):
        named = [(step.hands_over, DIRECTIONS), *((by, DOERS) for by in step.by)]
        for name, words in named:
            if name and name not in words and name not in kinds:
                known = ", ".join(words)
                yield wrong(CaseCode.CASE_007, step.place, step=step.key, name=name, known=known)
        if step.hands_over != BACK:
            continue
        sending = [other for other in kind.steps.values() if other.hands_over not in ("", BACK)]
        if not any(other.target in (None, *step.sources) for other in sending):
            yield wrong(CaseCode.CASE_011, step.place, step=step.key)
        if not step.reasons:
            yield wrong(CaseCode.CASE_012, step.place, step=step.key)


def steps_known(context: RuleContext) -> Iterator[Issue]:
    """Find clocks, ``starts`` and ``not_by`` that name no step."""
    for kind in context.pack.cases.values():
        known = {OPENS, *kind.steps, *BUILT_IN}
        named = [
            *((step.place, step.key, name) for step in kind.steps.values() for name in step.not_by),
            *((count.place, bare(measure), name) for measure, count in kind.measures.items()
              for name in count.steps),
            *((clock.place, "clocks", clock.step) for clock in kind.clocks.values()),
            *((clock.place, clock.step, name) for clock in kind.clocks.values()
              for name in clock.starts),
        ]  # fmt: skip
        for place, where, name in named:
            if name not in known or (where == "clocks" and name == OPENS):
                facts = {"where": where, "name": name, "kind": bare(kind.key)}
                yield wrong(CaseCode.CASE_008, place, **facts, known=near(name, known))


def limits_sound(context: RuleContext) -> Iterator[Issue]:
    """Find limits that are neither days nor a date that each starting step asks."""
    for kind in context.pack.cases.values():
        for clock in kind.clocks.values():
            for start in clock.starts if clock.limit.field else ():
                form = _form_of(context, kind, start)
                if form is None:
                    continue  # said elsewhere
                dates = [asked.path for asked in form.fields if asked.type in _DATED]
                if clock.limit.field not in dates:
                    facts = {"found": clock.limit.field, "step": clock.step, "start": start}
                    known = near(clock.limit.field, dates)
                    yield wrong(CaseCode.CASE_009, clock.place, **facts, known=known)


def _form_of(context: RuleContext, kind: CaseKind, step: str) -> Form | None:
    declared = kind.steps.get(step)
    key = kind.opens if step == OPENS else (declared.form if declared else f"{kind.key}_step")
    return context.programmes.forms.get(key)


def answers_asked(context: RuleContext) -> Iterator[Issue]:
    """Find forms of steps that do not ask the reason or the receiver that the step needs."""
    for _, step in _steps(context):
        form = context.programmes.forms.get(step.form)
        if form is None:
            continue
        wanted: list[tuple[str, ...]] = []
        if step.reasons:
            wanted.append(("reason",))
        elif step.words:
            wanted.append(("reason", "reason_text"))
        if step.hands_over in (DOWN, ACROSS):
            wanted.append(("to",))
        for names in wanted:
            if not any(form.field(name) for name in names):
                facts = {"form": bare(form.key), "step": step.key, "name": names[0]}
                yield wrong(CaseCode.CASE_017, step.place, **facts)


def counts_lawful(context: RuleContext) -> Iterator[Issue]:
    """Find counts that are none, and counts of petitions."""
    for kind in context.pack.cases.values():
        for name in (*kind.counts, *kind.continues):
            if name not in COUNTS:
                yield wrong(CaseCode.CASE_010, kind.place, name=name)
        if kind.petition and kind.counted:
            yield wrong(CaseCode.CASE_018, kind.place, kind=bare(kind.key))


def continued_soundly(context: RuleContext) -> Iterator[Issue]:
    """Find measures that cannot go on by cases: no month has both."""
    for kind in context.pack.cases.values():
        for count, measure in kind.continues.items():
            whys = {
                NO_MEASURE: measure not in context.pack.measures,
                NOT_COUNTED: count not in kind.counts,
                NO_START: kind.start is None,
                NOT_FIRST: kind.start is not None and kind.start.day != 1,
            }
            for why in (why for why, holds in whys.items() if holds):
                facts = {"name": bare(measure), "kind": bare(kind.key), "why": why}
                yield wrong(CaseCode.CASE_016, kind.place, **facts)


def replaced_soundly(context: RuleContext) -> Iterator[Issue]:
    """Find forms of monthly sums whose place cases cannot take."""
    of_cases = {form for kind in context.pack.cases.values() for form in kind.forms}
    for kind in context.pack.cases.values():
        if not kind.replaces:
            continue
        whys = {
            NO_FORM: kind.replaces not in context.pack.forms,
            OF_CASES: kind.replaces in of_cases,
            NO_START: kind.start is None,
            NOT_FIRST: kind.start is not None and kind.start.day != 1,
        }
        for why in (why for why, holds in whys.items() if holds):
            facts = {"name": bare(kind.replaces), "kind": bare(kind.key), "why": why}
            yield wrong(CaseCode.CASE_020, kind.place, **facts)


def questions_asked(context: RuleContext) -> Iterator[Issue]:
    """Find conditions and numbers of counts, and of the beginning, that no form asks."""
    for kind in context.pack.cases.values():
        opening = context.programmes.forms.get(kind.opens)
        for when in kind.begins.values():
            yield from _condition(when, [opening] if opening else [], "begins", kind.place)
        for measure, count in kind.measures.items():
            asked = [_form_of(context, kind, step) for step in count.steps]
            forms = [form for form in asked if form is not None]
            yield from _condition(count.when, forms, bare(measure), count.place)
            for form in forms if count.value else ():
                yield from _number(form, count, measure)
            for other in count.unless:
                if other not in kind.measures:
                    known = near(bare(other), map(bare, kind.measures))
                    facts = {"where": bare(measure), "name": bare(other), "kind": bare(kind.key)}
                    yield wrong(CaseCode.CASE_022, count.place, **facts, known=known)


def _condition(
    when: str | None, forms: Sequence[Form], where: str, place: Place
) -> Iterator[Issue]:
    """Check a condition on records of several forms: to each what others ask is blank."""
    if when is None or not forms:
        return
    try:
        condition = compile_expression(when, place)
    except Refused as refused:
        yield from refused.issues
        return
    if condition.uses_today:
        yield wrong(RuleCode.RULE_008, place, text=when)
    fields: dict[str, Field] = {}
    for field in (field for form in forms for field in form.fields):
        before = fields.get(field.path)
        choices = (*before.choices, *field.choices) if before else field.choices
        fields[field.path] = replace(field, choices=choices)
    for name in sorted(condition.names - fields.keys()):
        yield _unasked(forms[0], name, where, place)
    yield from never_held(condition, fields, when, place)


def _number(form: Form, count: StepCount, measure: str) -> Iterator[Issue]:
    field = form.field(count.value)
    if field is None:
        yield _unasked(form, count.value, bare(measure), count.place)
    elif field.type not in NUMBERS:
        yield wrong(RuleCode.RULE_006, count.place, measure=measure, name=count.value)


def _unasked(form: Form, name: str, where: str, place: Place) -> Issue:
    facts = {"where": where, "name": name, "form": form.key}
    known = near(name, [field.path for field in form.fields])
    return wrong(CaseCode.CASE_021, place, **facts, known=known)


def documents_known(context: RuleContext) -> Iterator[Issue]:
    """Find steps that draft a document which no pack has."""
    documents = context.programmes.documents
    for _, step in _steps(context):
        if step.document and step.document not in documents:
            facts = {"step": step.key, "name": bare(step.document)}
            known = near(step.document, documents)
            yield wrong(CaseCode.CASE_013, step.place, **facts, known=known)


def adopted_known(context: RuleContext) -> Iterator[Issue]:
    """Find adopted lists and properties that no form writes, and moves to nowhere."""
    saved = saved_by_list(context)
    asked = asked_by_list(context)
    for kind in context.pack.cases.values():
        adopts = kind.adopts
        if adopts is not None:
            facts: dict[str, object] = {"kind": bare(kind.key)}
            names = saved.get(adopts.dataset, set())
            if adopts.dataset not in saved:
                facts |= {"name": adopts.dataset, "known": near(adopts.dataset, saved)}
                yield wrong(CaseCode.CASE_014, adopts.place, **facts)
            for name in sorted({adopts.state, adopts.number} - names if names else ()):
                facts |= {"name": name, "known": near(name, names)}
                yield wrong(CaseCode.CASE_014, adopts.place, **facts)
            answers = asked.get(adopts.dataset, set())
            dated = {*adopts.days.values(), *adopts.limits.values()}
            for name in sorted(dated - answers if answers else ()):
                facts |= {"name": name, "known": near(name, answers)}
                yield wrong(CaseCode.CASE_014, adopts.place, **facts)
            for named, known in ((adopts.days, kind.states), (adopts.limits, kind.clocks)):
                for name in sorted(named.keys() - known.keys()):
                    where = {"where": "adopts", "name": name, "kind": bare(kind.key)}
                    yield wrong(CaseCode.CASE_003, adopts.place, **where, known=near(name, known))
        here = {*kind.states, *kind.steps}
        for name, target in kind.moves.items():
            if target not in here:
                move = {"name": name, "target": target, "known": near(target, here)}
                yield wrong(CaseCode.CASE_015, kind.place, **move)


def asked_by_list(context: RuleContext) -> dict[str, set[str]]:
    """Give by list the questions of its forms."""
    asked: dict[str, set[str]] = {}
    for form in context.programmes.forms.values():
        if form.entity is not None:
            asked.setdefault(form.entity.dataset, set()).update(field.name for field in form.fields)
    return asked


def saved_by_list(context: RuleContext) -> dict[str, set[str]]:
    """Give by list what its forms save, with the fields that name its things."""
    saved: dict[str, set[str]] = {}
    for form in context.programmes.forms.values():
        if form.entity is not None:
            names = saved.setdefault(form.entity.dataset, set())
            names |= {*form.entity.saves, form.entity.id_field}
    return saved


def words_given(context: RuleContext) -> Iterator[Issue]:
    """Find steps and reasons for which people would read a key."""
    for kind, step in _steps(context):
        named = [(step.key, step.label, STEP_LABELS)]
        named += [(reason, label, REASON_LABELS) for reason, label in step.reasons.items()]
        for name, label, usual in named:
            if name == label and name.isascii():
                facts = {"name": name, "kind": bare(kind.key), "known": ", ".join(usual)}
                yield doubtful(CaseCode.CASE_023, step.place, **facts)


RULES = (
    forms_known,
    states_known,
    every_state_has_a_way,
    numbers_sound,
    receivers_known,
    steps_known,
    limits_sound,
    answers_asked,
    counts_lawful,
    continued_soundly,
    replaced_soundly,
    questions_asked,
    documents_known,
    adopted_known,
    words_given,
)
