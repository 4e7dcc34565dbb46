"""Ibis expressions with slots for values, compiled once per shape to a store's own SQL.

Ibis needs some milliseconds to compile a query, a store a tenth of one to answer it: so an
expression is built with named slots in the place of values, and its SQL text is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import sqlglot.expressions as sge

from taizhang.figures.dialect import Dialect

_SLOT = re.compile(r"⟦(\w+)⟧")


def text_slot(name: str) -> ir.StringValue:
    """Give a place for a text."""
    slot: ir.StringValue = ibis.literal(f"⟦{name}⟧")
    return slot


def number_slot(name: str) -> ir.IntegerValue:
    """Give a place for a whole number."""
    slot: ir.IntegerValue = text_slot(name).cast("int64")
    return slot


def typed_slot(name: str, dtype: str) -> ir.Value:
    """Give a place for a day or a moment of a dialect's type."""
    return text_slot(name) if dtype == "string" else text_slot(name).cast(dtype)


def text_slots(name: str, count: int) -> list[ir.StringValue]:
    """Give places for ``count`` texts, to be bound by :func:`texts`."""
    return [text_slot(f"{name}{index}") for index in range(count)]


def padded(count: int) -> int:
    """Give the next power of two, so that lists of many lengths share few statements."""
    return 1 << (count - 1).bit_length() if count else 0


def texts(name: str, values: list[str]) -> dict[str, object]:
    """Bind a list to its padded slots; the last value is repeated."""
    filled = values + values[-1:] * (padded(len(values)) - len(values))
    return {f"{name}{index}": value for index, value in enumerate(filled)}


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL text with named parameters and the names of its columns."""

    sql: str
    columns: tuple[str, ...]
    parameters: frozenset[str]


def compiled(expression: ir.Table, dialect: Dialect) -> Statement:
    """Compile an expression with slots to SQL with parameters."""
    tree = dialect.compiler().to_sqlglot(expression)
    found: set[str] = set()

    def parameter(node: sge.Expression) -> sge.Expression:
        if not (isinstance(node, sge.Literal) and node.is_string):
            return node
        slot = _SLOT.fullmatch(node.this)
        if slot is None:
            return node
        found.add(slot[1])
        return sge.Var(this=dialect.placeholder.format(slot[1]))

    sql = tree.transform(parameter).sql(dialect=dialect.compiler.dialect)  # type: ignore[attr-defined]
    return Statement(sql, tuple(expression.columns), frozenset(found))
