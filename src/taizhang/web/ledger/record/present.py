"""A record in words: its answers as its form says them, its facts as their measures say them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from taizhang.core.base.quantity import from_scaled
from taizhang.core.counting.fact import dims_of
from taizhang.core.counting.measure import Measure
from taizhang.core.definition.pack import Indicator, Pack
from taizhang.core.definition.programme import Programmes
from taizhang.core.definition.rubric import Item
from taizhang.core.definition.task import Task
from taizhang.core.form import Field, Form
from taizhang.core.form.model import MEDIA
from taizhang.core.formula import NameScope
from taizhang.core.formula.dimension import answers_named
from taizhang.core.unit.body import BODY_SIGN
from taizhang.core.unit.tree import Tree
from taizhang.web.base.wording import quantity_words
from taizhang.web.ledger.facts.form_in_force import forms_in_force
from taizhang.web.ledger.models import Fact, Record
from taizhang.web.programmes.readers import NOBODY, readers
from taizhang.web.units.queries import bodies, history

#: A record in a list is told by so many answers, each cut to so many letters.
_GIST_ANSWERS, _GIST_LETTERS = 3, 24


def unit_named(tree: Tree, code: str) -> str:
    """Give a unit's or body's name on the tree's day, its last name where it no longer exists."""
    unit = tree.unit(code) or next(
        (unit_then for unit_then in reversed(history().units) if unit_then.code == code), None
    )
    if unit is None and BODY_SIGN in code:
        beside = bodies()
        body = beside.body_on(code, tree.day) or next(reversed(beside.rows(code)), None)
        return body.name if body else code
    return unit.name if unit else code


@dataclass(frozen=True, slots=True)
class AnswerText:
    """One answered question of a record, in words; ``path`` tells the same question anywhere."""

    label: str
    value: str
    path: str


def answers_shown(form: Form | None, answers: Mapping[str, object]) -> list[AnswerText]:
    """Give the answers of a record with the words of its form; names where it is unknown."""
    shown: list[AnswerText] = []
    order = {name: at for at, name in enumerate(_names(form))}
    for name, value in sorted(answers.items(), key=lambda pair: order.get(pair[0], len(order))):
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            for number, row in enumerate(value, 1):
                inner = {key: order.get(f"{name}.{key}", len(order)) for key in row}
                for key, answer in sorted(row.items(), key=lambda pair: inner[pair[0]]):
                    path = f"{name}.{key}"
                    label = f"{number}. {label_of(form, path)}"
                    shown.append(
                        AnswerText(label, _answer_text(form, path, answer), f"{number}. {path}")
                    )
        else:
            shown.append(AnswerText(label_of(form, name), _answer_text(form, name, value), name))
    return shown


def pictures_named(
    form: Form | None, answers: Mapping[str, object], names: Iterable[str]
) -> dict[str, str]:
    """Give, for each attached file, the question that it answers, ``""`` for a picture beside."""
    asked: dict[str, str] = {}
    for field in form.fields if form else ():
        if field.type not in MEDIA:
            continue
        rows = answers.get(field.repeat, ()) if field.repeat else (answers,)
        for number, row in enumerate(rows if isinstance(rows, (list, tuple)) else (), 1):
            file = row.get(field.name) if isinstance(row, Mapping) else None
            if isinstance(file, str):
                label = f"{number}. {field.label}" if field.repeat else field.label
                asked[PurePath(file).stem] = label
    return {name: asked.get(PurePath(name).stem, "") for name in names}


def gist(form: Form | None, answers: Mapping[str, object]) -> str:
    """Give the first few answers in words, so that records of one form can be told apart."""
    texts = []
    for field in form.fields if form else ():
        telling = field.type == "text" or (field.type == "select_one" and len(field.choices) > 2)
        if telling and not field.repeat and answers.get(field.name) not in (None, ""):
            texts.append(_answer_text(form, field.path, answers[field.name])[:_GIST_LETTERS])
    return " · ".join(texts[:_GIST_ANSWERS])


def blanks_named(record: Record, answers: Mapping[str, object]) -> list[str]:
    """Name the questions left blank for which a record lacks a number, as its own form asks them.

    What its version did not ask is nothing that it lacks.
    """
    form = forms_in_force().form(record.form, record.date, record.pack_version)
    if form is None:
        return []
    return [label_of(form.form, path) for path in form.counter.blanks(answers, record.date)]


def _names(form: Form | None) -> Iterator[str]:
    """Walk the names of a form's questions in its order, repeats with what stands in them."""
    for field in form.fields if form else ():
        if field.repeat:
            yield field.repeat
        yield field.path


def label_of(form: Form | None, path: str) -> str:
    """Give the words of a question, or of a repeat, its name where the form has none."""
    group = next((group.label for group in form.groups if group.name == path), "") if form else ""
    if group:
        return group
    field = form.field(path) if form else None
    return field.label if field and field.label else path.rpartition(".")[2]


def _answer_text(form: Form | None, path: str, value: object) -> str:
    return answer_text(labels_of(form.field(path)) if form else {}, value)


def labels_of(field: Field | None) -> Mapping[str, str]:
    """Give the words of a question's choices by their names."""
    return {choice.name: choice.label for choice in field.choices} if field else {}


def answer_text(labels: Mapping[str, str], value: object) -> str:
    """Give an answer in the words of its question's choices."""
    if value is None or value == "":
        return "—"
    if isinstance(value, Mapping):
        low, high = value.get("low"), value.get("high")
        return f"{'' if low is None else low}–{'' if high is None else high} ({value.get('kind')})"
    values = value if isinstance(value, list) else str(value).split(" ") if labels else [value]
    return "、".join(labels.get(str(choice), str(choice)) for choice in values)


@dataclass(frozen=True, slots=True)
class FactText:
    """One fact that a record states, in words."""

    label: str
    unit_name: str
    value: str
    dimensions: str


def facts_shown(facts: Iterable[Fact], programmes: Programmes, tree: Tree) -> list[FactText]:
    """Give the facts of a record with the words of its measures and of the answers it is by.

    :param programmes: in force; their other versions help with words that are gone since
    """
    rows = []
    scope = NameScope(programmes)
    for fact in facts:
        measure = programmes.measure_ever(fact.measure)
        value = quantity_words(from_scaled(fact.low, fact.high, fact.kind))
        rows.append(
            FactText(
                label=measure.label if measure else fact.measure,
                unit_name=unit_named(tree, fact.unit),
                value=f"{value} {measure.unit}" if measure else value,
                dimensions="、".join(_dimensions(fact, measure, scope)),
            )
        )
    return rows


def _dimensions(fact: Fact, measure: Measure | None, scope: NameScope) -> Iterator[str]:
    for name, value in dims_of(fact.dims).items():
        words = answers_named(scope, measure, name, [value]) if measure is not None else {}
        yield words.get(value, value)


@dataclass(frozen=True, slots=True)
class StatedMeasure:
    """One measure that a record states, and what reads it."""

    key: str
    label: str
    values: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    tasks: tuple[tuple[Pack, Task], ...]
    items: tuple[tuple[Pack, Item], ...]


def counted_for(
    facts: Sequence[Fact], texts: Sequence[str], programmes: Programmes
) -> Iterator[StatedMeasure]:
    """Walk the measures of a record's facts with what reads each.

    :param texts: the value of each fact in words
    """
    index = readers(programmes)
    values: dict[str, list[str]] = {}
    for fact, text in zip(facts, texts, strict=True):
        values.setdefault(fact.measure, []).append(text)
    for key, of_measure in values.items():
        reading = index.get(key, NOBODY)
        measure = programmes.measure_ever(key)
        yield StatedMeasure(
            key=key,
            label=measure.label if measure else key,
            values=tuple(dict.fromkeys(of_measure)),
            indicators=reading.indicators,
            tasks=reading.tasks,
            items=reading.items,
        )
