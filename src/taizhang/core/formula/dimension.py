"""Dimensions of measures: the form questions that fill them, and the answers by name and label."""

from __future__ import annotations

from collections.abc import Iterable

from taizhang.core.counting.measure import CountingRule, Measure
from taizhang.core.definition.programme import Programmes
from taizhang.core.formula.name_scope import NameScope


def counting_rules(scope: NameScope, measure: Measure) -> tuple[CountingRule, ...]:
    """Give the counting rules that make a measure."""
    return tuple(
        rule
        for pack in scope.programmes.packs
        for rule in pack.counting
        if measure.key in rule.facts
    )


def dimension_answers(scope: NameScope, measure: Measure, dimension: str) -> dict[str, str]:
    """Give name → label of the answers that can fill a dimension; empty where no form tells."""
    answers: dict[str, str] = {}
    for rule in counting_rules(scope, measure):
        form = scope.programmes.forms.get(rule.form)
        path = rule.by.get(dimension)
        for question in form.fields if form is not None else ():
            if question.path == path:
                answers.update({choice.name: choice.label for choice in question.choices})
    return answers


def answers_named(
    scope: NameScope, measure: Measure, dimension: str, values: Iterable[str]
) -> dict[str, str]:
    """Give name → label of the answers of a dimension, those of other versions of the packs too.

    The others are asked only where one of ``values`` is no answer now; the last label that any of
    them gave stands.
    """
    answers = dimension_answers(scope, measure, dimension)
    if all(value in answers for value in values):
        return answers
    for pack in scope.programmes.others():
        earlier = NameScope(Programmes((pack,)))
        answers = {**dimension_answers(earlier, measure, dimension), **answers}
    return answers


def dimension_label(scope: NameScope, measure: Measure, dimension: str) -> str:
    """Give the question that fills a dimension, as its form asks it."""
    for rule in counting_rules(scope, measure):
        form = scope.programmes.forms.get(rule.form)
        path = rule.by.get(dimension)
        for question in form.fields if form is not None else ():
            if question.path == path and question.label:
                return question.label
    return dimension


def bucket_label(
    scope: NameScope, measures: tuple[Measure, ...], dimension: str, value: str
) -> str:
    """Give the label of a dimension's value."""
    for measure in measures:
        label = answers_named(scope, measure, dimension, [value]).get(value)
        if label:
            return label
    return value
