"""A record in words: its answers as its form says them, its facts as their measures say them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from taizhang.core.fact import dims_of
from taizhang.core.form import Form
from taizhang.core.measure import Measure
from taizhang.core.quantity import from_scaled
from taizhang.core.unit import Tree
from taizhang.web.ledger.models import Fact
from taizhang.web.ledger.words import quantity_words
from taizhang.web.units.queries import history


def unit_named(tree: Tree, code: str) -> str:
    """Give a unit's name on the tree's day, its last name where it no longer exists."""
    unit = tree.unit(code) or next(
        (one for one in reversed(history().units) if one.code == code), None
    )
    return unit.name if unit else code


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered question of a record, in words."""

    label: str
    value: str


def answers_shown(form: Form | None, answers: Mapping[str, object]) -> list[Answer]:
    """Give the answers of a record with the words of its form; names where it is unknown."""
    shown: list[Answer] = []
    for name, value in answers.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            for number, row in enumerate(value, 1):
                for key, one in row.items():
                    path = f"{name}.{key}"
                    shown.append(Answer(f"{number}. {_label(form, path)}", _said(form, path, one)))
        else:
            shown.append(Answer(_label(form, name), _said(form, name, value)))
    return shown


def _label(form: Form | None, path: str) -> str:
    field = form.field(path) if form else None
    return field.label if field and field.label else path.rpartition(".")[2]


def _said(form: Form | None, path: str, value: object) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, Mapping):
        low, high = value.get("low"), value.get("high")
        return f"{'' if low is None else low}–{'' if high is None else high} ({value.get('kind')})"
    field = form.field(path) if form else None
    labels = {choice.name: choice.label for choice in field.choices} if field else {}
    values = value if isinstance(value, list) else str(value).split(" ") if labels else [value]
    return "、".join(labels.get(str(one), str(one)) for one in values)


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact that a record states, in words."""

    label: str
    unit_name: str
    value: str
    dimensions: str


def facts_shown(
    facts: Iterable[Fact], measures: Mapping[str, Measure], tree: Tree
) -> list[FactRow]:
    """Give the facts of a record with the words of its measures."""
    rows = []
    for fact in facts:
        measure = measures.get(fact.measure)
        value = quantity_words(from_scaled(fact.low, fact.high, fact.kind))
        rows.append(
            FactRow(
                label=measure.label if measure else fact.measure,
                unit_name=unit_named(tree, fact.unit),
                value=f"{value} {measure.unit}" if measure else value,
                dimensions="、".join(dims_of(fact.dims).values()),
            )
        )
    return rows
