"""The checker of a form: required, relevant, constraints, choices and calculations of answers."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter

from taizhang.core.base.issue import NOWHERE, Code, Issue, Place
from taizhang.core.form.answer import Read, calculated, is_blank, is_unknown, reader_of
from taizhang.core.form.code import SEE_OTHERS, AnswerCode
from taizhang.core.form.expression.bound import compile_constraint
from taizhang.core.form.expression.compiler import Expression, compile_expression
from taizhang.core.form.model import SILENT, Choice, Field, Form

Answers = Mapping[str, object]
_NO_ANSWERS: Answers = {}
#: More rows than this in one record is a register, not a record.
MOST_ROWS = 1000
#: Words of expressions that the check of one record may evaluate: a full register of 1,000 rows
#: takes a third of it, and a second is not reached.
MOST_STEPS = 1_000_000
#: Choices that a message names, and wrong answers for which it names only those that fit.
MOST_SHOWN = 20
#: Texts longer than this make the expressions that read them as much longer.
SHORT = 256


@dataclass(slots=True)
class _Step:
    """One field made ready: its reader and expressions."""

    field: Field
    read: Read
    relevant: Expression | None
    required: Expression | None
    constraint: Expression | None
    calculation: Expression | None
    choice_filter: Expression | None
    silent: bool
    steps: int  # words of its expressions, those of the filter aside
    names: frozenset[str]  # what these read


@dataclass(slots=True)
class _Run:
    """What one check gathers."""

    place: Place
    today: date | None
    issues: list[Issue]
    later: list[tuple[_Step, object, Answers, str]]  # constraints, when every answer is known
    steps: int = 0
    longest: int = 0  # characters of the longest text so far

    @property
    def over(self) -> bool:
        """Say whether the check has become more work than one record may be."""
        return self.steps > MOST_STEPS


class Checker:
    """A form compiled for many records.

    ``take`` does check and clean in one pass; all expressions are compiled once here.
    """

    def __init__(self, form: Form) -> None:
        self.form = form
        steps = {field.name: _step(field) for field in form.fields}
        self._order = tuple(field.name for field in form.fields if field.repeat is None)
        self._rows: dict[str, tuple[_Step, ...]] = {}
        order = evaluation_order(form.fields, form.repeats)
        for repeat in form.repeats:
            inside = {field.name for field in form.fields if field.repeat == repeat}
            self._rows[repeat] = tuple(steps[name] for name in order if name in inside)
        self._steps: tuple[_Step | str, ...] = tuple(
            name if name in self._rows else steps[name]
            for name in order
            if name in self._rows or steps[name].field.repeat is None
        )
        self._known = frozenset(self._order) | frozenset(form.repeats)
        self._gathered = self._seen_from_outside(steps.values())

    def _seen_from_outside(self, steps: Iterable[_Step]) -> Mapping[str, tuple[str, ...]]:
        """Find repeated fields that expressions outside read as a list, as sum(${copies})."""
        wanted: set[str] = set()
        for step in steps:
            if step.field.repeat is None:
                for expression in (step.relevant, step.required, step.constraint, step.calculation):
                    wanted |= expression.names if expression else frozenset()
        return {
            repeat: tuple(step.field.name for step in rows if step.field.name in wanted)
            for repeat, rows in self._rows.items()
        }

    def take(
        self, answers: Answers, place: Place = NOWHERE, today: date | None = None
    ) -> tuple[dict[str, object], tuple[Issue, ...]]:
        """Give the canonical answers and every issue of a record's answers.

        Answers that do not apply or are wrong are left out, calculations are made anew.
        """
        run = _Run(place, today, [], [])
        if not self._known.issuperset(answers):
            self._unknown(answers, self._known, "", run)
        scope: dict[str, object] = {}
        for step in self._steps:
            if isinstance(step, str):
                self._repeat(step, answers.get(step), scope, run)
            else:
                _field(step, answers.get(step.field.name), scope, scope, run, "")
        if run.over:
            _say(run, AnswerCode.ANSWER_014, self.form.key.rpartition(".")[2], most=MOST_STEPS)
            return {}, tuple(run.issues)
        row, seen = _NO_ANSWERS, _NO_ANSWERS
        for late, value, here, path in run.later:
            # A row saw only the answers before it; its constraint may speak of the later ones.
            if path and here is not row:
                row, seen = here, {**scope, **here}
            _constrain(late, value, seen if path else here, path, run)
        clean = {name: scope[name] for name in self._order if name in scope}
        clean.update((name, scope[name]) for name in self._rows if name in scope)
        return clean, tuple(run.issues)

    def check(
        self, answers: Answers, place: Place = NOWHERE, today: date | None = None
    ) -> tuple[Issue, ...]:
        """Give every issue of a record's answers."""
        return self.take(answers, place, today)[1]

    def clean(self, answers: Answers, today: date | None = None) -> dict[str, object]:
        """Give the canonical answers: what does not apply is dropped, calculations are made."""
        return self.take(answers, NOWHERE, today)[0]

    def _repeat(self, name: str, rows: object, scope: dict[str, object], run: _Run) -> None:
        given = _rows(rows)
        if given is None:
            label = (
                next((group.label for group in self.form.groups if group.name == name), "") or name
            )
            _say(run, AnswerCode.ANSWER_006, name, label=label, most=MOST_ROWS)
            return
        steps = self._rows[name]
        known = frozenset(step.field.name for step in steps)
        kept: list[dict[str, object]] = []
        for number, row in enumerate(given, 1):
            path = f"{name}[{number}]."
            if not known.issuperset(row):
                self._unknown(row, known, path, run)
            if run.over:
                return
            here, values = dict(scope), dict[str, object]()
            run.steps += len(scope) // 8
            for step in steps:
                _field(step, row.get(step.field.name), here, values, run, path)
            if values:
                kept.append({key: values[key] for key in _in_order(steps, values)})
        if kept:
            scope[name] = kept
        for inner in self._gathered[name]:
            scope[inner] = [row.get(inner) for row in kept]

    def _unknown(self, answers: Answers, known: frozenset[str], path: str, run: _Run) -> None:
        for name in answers:
            if name not in known:
                near = difflib.get_close_matches(str(name), sorted(known), 1)
                facts = {"form": self.form.key, "known": ", ".join(near) or "-"}
                _say(run, AnswerCode.ANSWER_001, f"{path}{name}", name=f"{path}{name}", **facts)


def _rows(rows: object) -> Sequence[Answers] | None:
    """Give the rows of a repeat, ``None`` where the answer is no list of named answers."""
    if is_blank(rows):
        return ()
    if not isinstance(rows, Sequence) or isinstance(rows, str) or len(rows) > MOST_ROWS:
        return None
    return rows if all(isinstance(row, Mapping) for row in rows) else None


def _in_order(steps: Sequence[_Step], values: Answers) -> list[str]:
    return [step.field.name for step in steps if step.field.name in values]


#: Stands before the names of columns in a ``choice_filter``, which may be called like fields.
COLUMN = "."


def filter_of(field: Field) -> Expression | None:
    """Compile a field's ``choice_filter``: bare names are columns of its choices."""
    return (
        None
        if field.choice_filter is None
        else compile_expression(field.choice_filter, bare=COLUMN)
    )


def _step(field: Field) -> _Step:
    def compiled(text: str | None) -> Expression | None:
        return None if text is None else compile_expression(text)

    relevant, required = compiled(field.relevant), compiled(field.required_when)
    constraint = None if field.constraint is None else compile_constraint(field.constraint)
    calculation = compiled(field.calculation)
    parts = (relevant, required, constraint, calculation)
    own = [part for part in parts if part is not None]
    return _Step(
        field,
        reader_of(field),
        relevant,
        required,
        constraint,
        calculation,
        filter_of(field),
        field.type in SILENT,
        sum(part.steps for part in own),
        frozenset().union(*(part.names for part in own)),
    )


def _field(
    step: _Step,
    answer: object,
    scope: dict[str, object],
    values: dict[str, object],
    run: _Run,
    path: str,
) -> None:
    """Take one answer: ``scope`` is what expressions see, ``values`` what is kept."""
    name = step.field.name
    if step.steps:
        run.steps += step.steps if run.longest <= SHORT else _steps(step, answer, scope)
        if run.over:
            return
    if step.relevant is not None and not step.relevant(scope, run.today):
        return
    if step.calculation is not None:
        result = step.calculation(scope, run.today)
        answer = calculated(step.field.type, result)
        if step.field.type == "calculate":
            if answer != "":
                # Others reckon on with all places of a number, four of which are kept.
                scope[name] = result if isinstance(result, Decimal) else _number_or_text(answer)
                values[name] = _number_or_text(answer)
                _measured(answer, run)
            return
        if not is_blank(answer) and not _holds(step, answer, scope, run):
            answer = ""  # what a calculation gives and its type does not hold, nobody could mend
    if is_blank(answer):
        if step.calculation is not None:
            return  # nor could anybody answer in its place
        if step.field.required or (step.required and step.required(scope, run.today)):
            _say(run, AnswerCode.ANSWER_002, path + name, label=_label(step.field, path))
        return
    value, wrong = step.read(answer)
    if wrong is None and step.silent:
        return
    if wrong is not None:
        _wrong(step, wrong, answer, path, run)
        return
    if step.choice_filter is not None and not _passes(step, value, scope, run):
        _wrong(step, AnswerCode.ANSWER_005, answer, path, run, _open(step, scope, run))
        return
    scope[name] = values[name] = value
    _measured(value, run)
    if step.constraint is not None:
        run.later.append((step, value, scope, path))


def _holds(step: _Step, answer: object, scope: dict[str, object], run: _Run) -> bool:
    """Say whether a calculated answer is one of its field's."""
    value, wrong = step.read(answer)
    return wrong is None and _passes(step, value, scope, run)


def _measured(value: object, run: _Run) -> None:
    """Note how long the texts are that expressions will read; a long one is work by itself."""
    if type(value) is str and len(value) > run.longest:
        run.longest = len(value)
    if type(value) is str and len(value) > SHORT:
        run.steps += len(value) // SHORT


def _steps(step: _Step, answer: object, scope: Answers) -> int:
    """Give how much work a field's expressions are where texts are long."""
    read = [len(text) for name in step.names if isinstance(text := scope.get(name), str)]
    read.append(len(answer) if isinstance(answer, str) else 0)
    return step.steps * (1 + max(read) // SHORT)


def _number_or_text(answer: object) -> object:
    """Calculated numbers are kept as numbers, so that they count; dates and words as text."""
    if isinstance(answer, str):
        try:
            whole = int(answer)
        except ValueError:
            return answer
        return whole if str(whole) == answer else answer
    return answer


def _passes(step: _Step, value: object, scope: Answers, run: _Run) -> bool:
    """Say whether a choice, or each of several, passes the filter of its field, if there is one."""
    test = step.choice_filter
    if test is None:
        return True
    chosen = frozenset(value if isinstance(value, list) else [value])
    choices = [choice for choice in step.field.choices if choice.name in chosen]
    # Each choice is seen beside all answers, which are copied for it.
    run.steps += len(choices) * (test.steps + len(scope) // 8) + len(step.field.choices) // 8
    return run.over or all(test({**scope, **_columns(choice)}, run.today) for choice in choices)


def _open(step: _Step, scope: Answers, run: _Run) -> Sequence[Choice]:
    """Give the choices that pass the filter of a field; all, where much is wrong already."""
    test = step.choice_filter
    choices = step.field.choices
    if test is None or len(run.issues) >= MOST_SHOWN:
        return choices
    return [choice for choice in choices if test({**scope, **_columns(choice)}, run.today)]


def _columns(choice: Choice) -> dict[str, object]:
    named = {"name": choice.name, "label": choice.label, **choice.extra}
    return {f"{COLUMN}{column}": text for column, text in named.items()}


def _constrain(step: _Step, value: object, scope: Answers, path: str, run: _Run) -> None:
    test = step.constraint
    if test is None or is_unknown(value) or test(scope, run.today, value):
        return
    field = step.field
    _say(
        run,
        AnswerCode.ANSWER_004,
        path + field.name,
        label=_label(field, path),
        found=shown(value),
        message=field.constraint_message or SEE_OTHERS,
    )


def _wrong(
    step: _Step,
    code: Code,
    answer: object,
    path: str,
    run: _Run,
    choices: Sequence[Choice] | None = None,
) -> None:
    """Say what is wrong with an answer; ``choices`` are those that could be chosen, if not all."""
    field = step.field
    known = field.choices if choices is None else choices
    if field.type == "select_multiple":
        names = {choice.name for choice in known}
        given = answer.split() if isinstance(answer, str) else answer
        if isinstance(given, (list, tuple)):
            answer = [name for name in given if str(name).strip() not in names]
    facts: dict[str, object] = {
        "label": _label(field, path),
        "found": shown(answer),
        "known": ", ".join(_choice(choice) for choice in known[:MOST_SHOWN])
        or _ONLY.get(field.type, "-"),
        "most": 10_000,
        "low": field.parameters.get("start", "1"),
        "high": field.parameters.get("end", "10"),
    }
    _say(run, code, path + field.name, **facts)


#: What can be chosen where a form has no list.
_ONLY = {"acknowledge": "OK"}


def _choice(choice: Choice) -> str:
    return choice.name if choice.label in ("", choice.name) else f"{choice.label} ({choice.name})"


def _label(field: Field, path: str) -> str:
    """Give the words by which a person knows a question, in a repeat with the number of its row."""
    label = field.label or field.name
    row = path.rpartition("[")[2].rstrip("].")
    return f"{label} #{row}" if row else label


def shown(answer: object) -> str:
    """Show an answer in a message, cut where it is long."""
    if isinstance(answer, (list, tuple)):
        answer = ", ".join(str(part) for part in answer)
    elif isinstance(answer, Mapping):
        answer = ", ".join(f"{name} {bound}" for name, bound in answer.items())
    shown_ = str(answer.isoformat() if isinstance(answer, (date, datetime)) else answer)
    return shown_ if len(shown_) <= 60 else f"{shown_[:57]}…"


def _say(run: _Run, code: Code, path: str, **facts: object) -> None:
    run.issues.append(Issue(code, replace(run.place, column=path), {"name": path, **facts}))


def evaluation_order(fields: Sequence[Field], repeats: Sequence[str]) -> tuple[str, ...]:
    """Give the names of fields and repeats, each after those that its expressions read.

    :raises CycleError: when fields depend on each other in a circle; its second argument names
        them
    """
    by_name = {field.name: field for field in fields}
    graph: dict[str, list[str]] = {name: [] for name in (*by_name, *repeats)}
    for field in fields:
        needs = graph[field.name]
        if field.repeat is not None:
            graph[field.repeat].append(field.name)
        texts = (field.relevant, field.calculation, field.required_when)
        parts = [compile_expression(text) for text in texts if text]
        parts += [choice_filter] if (choice_filter := filter_of(field)) else []
        for name in sorted(name for part in parts for name in part.names):
            other = by_name.get(name)
            if other is not None and other.repeat not in (None, field.repeat):
                needs.append(other.repeat)
            elif name in graph and name != field.name:
                needs.append(name)
    return tuple(TopologicalSorter(graph).static_order())


__all__ = ["Checker", "CycleError", "evaluation_order", "shown"]
