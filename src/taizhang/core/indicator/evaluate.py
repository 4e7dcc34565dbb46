"""Cells of an answer: each row's value, or the reason for none (no such unit, not reported)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from taizhang.core.base.figure import ReasonCode
from taizhang.core.formula.duty import Duty
from taizhang.core.formula.evaluate import outcome
from taizhang.core.formula.type_checker import type_in
from taizhang.core.formula.unit_type import BOOL
from taizhang.core.formula.value import Value, missing
from taizhang.core.indicator.evaluation_scope import UnitScope
from taizhang.core.indicator.fetch import Fetched
from taizhang.core.indicator.query_plan import FigureRow, QueryPlan


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the answer: the value of a row, for one value of the dimension if one is asked.

    ``sides`` are numerator and denominator of a division, of a ``duty`` those of the units that
    owe; ``scope`` is what the formula saw, ``None`` where there was nothing to evaluate.
    """

    row: FigureRow
    bucket: str | None
    value: Value
    sides: tuple[Value, Value] | None = None
    duty: Duty | None = None
    scope: UnitScope | None = None


def evaluate(plan: QueryPlan, fetched: Fetched) -> Iterator[Cell]:
    """Evaluate every row of a plan: once, or once for each value of the dimension."""
    scopes: dict[tuple[str, str | None], UnitScope] = {}
    for row in plan.rows:
        for bucket in _buckets(plan, fetched, row):
            place = (row.unit, bucket)
            if place not in scopes:
                scopes[place] = UnitScope(plan.book, fetched, row.unit, bucket)
            yield _evaluated(plan, row, scopes[place])


def _buckets(plan: QueryPlan, fetched: Fetched, row: FigureRow) -> tuple[str | None, ...]:
    """Give the values of the dimension that a row is split into."""
    if plan.dimension is None or not plan.splits(row.definition):
        return (None,)
    return fetched.buckets(plan.leaves(row.definition, row.window)) or (None,)


def _evaluated(plan: QueryPlan, row: FigureRow, scope: UnitScope) -> Cell:
    bucket = row.month if plan.dimension is None else scope.bucket
    definition = row.definition
    if plan.tree.unit(row.unit) is None:
        return Cell(row, bucket, missing(ReasonCode.NO_UNIT))
    if definition.status == "historic":
        return Cell(row, bucket, missing(ReasonCode.NOT_IN_FORCE, "historic"))
    if plan.dimension is not None and not plan.splits(definition):
        return Cell(row, bucket, missing(ReasonCode.NOT_APPLICABLE, "no_dimension"))
    known = outcome(definition, plan.context(definition, row.window), scope)
    return Cell(row, bucket, _decided(row, known.value), known.sides, known.duty, scope)


def _decided(row: FigureRow, value: Value) -> Value:
    """Take back a value that is no answer: an open condition, a number without lower end."""
    definition = row.definition
    if value.known and not value.exact and type_in(definition.scope, definition.node) == BOOL:
        return missing(ReasonCode.WAITING, "undecided", value.notes)
    if value.known and value.low is None:
        return replace(value, reason=ReasonCode.NOT_REPORTED, detail="no_lower_end")
    return value
