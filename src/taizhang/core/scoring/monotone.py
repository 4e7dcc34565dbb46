"""Monotone figures: whether the rest of a period can only add to a figure or change it at will."""

from __future__ import annotations

from enum import StrEnum

from taizhang.core.aggregate.query import Aggregation
from taizhang.core.base.period import Period
from taizhang.core.counting.measure import Measure
from taizhang.core.formula import Definition, EvaluationContext, Node, Window
from taizhang.core.formula.definition import define
from taizhang.core.formula.evaluate import default_how, needs
from taizhang.core.formula.function import AGGREGATES
from taizhang.core.formula.name_scope import NameScope
from taizhang.core.formula.node import Binary, Call, Name, Number

#: Aggregates of events that further events never make smaller.
_GROWING = frozenset((Aggregation.SUM, Aggregation.COUNT, Aggregation.DISTINCT, Aggregation.MAX))


class Change(StrEnum):
    """What the rest of the period can do to a figure."""

    NONE = "none"  # it reads no facts: a norm, a quota, a number
    GROWS = "grows"  # events can only be added (a correction is known when it comes)
    ANY = "any"  # a rate, a level, a difference, what is overdue


def change_of(definition: Definition, period: Period) -> Change:
    """Say how a definition's figure may change until the period is over."""
    needed = needs(definition.node, EvaluationContext(definition.scope, Window(period)))
    read = (needed.leaves, needed.surveys, needed.datasets, needed.reports_asked, needed.over)
    if not any(read):
        return Change.NONE
    return Change.GROWS if _grows(definition.node, definition.scope) else Change.ANY


def _grows(node: Node, scope: NameScope) -> bool:
    match node:
        case Number():
            return True
        case Name() if scope.constant(node.key) is not None:
            return True
        case Name():
            named = scope.find(node.key)
            if isinstance(named, Measure):
                return default_how(named) in _GROWING
            inner = define(named, scope)
            return _grows(inner.node, inner.scope)
        case Binary(operator="+"):
            return _grows(node.left, scope) and _grows(node.right, scope)
        case Call() if node.function in AGGREGATES:
            return AGGREGATES[node.function] in _GROWING
        case Call(function="min" | "max"):
            return all(_grows(argument, scope) for argument in node.arguments)
        case _:
            return False
