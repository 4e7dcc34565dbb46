"""Ibis expressions with slots for values, compiled once per shape to a store's own SQL.

Ibis needs some milliseconds to compile a query, a store a tenth of one to answer it: so an
expression is built with named slots in the place of values, and its SQL text is kept.  Values only
ever travel as parameters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import sqlglot.expressions as sge

from taizhang.figures.dialect import Dialect

_SLOT = re.compile(r"⟦(\w+)⟧")

#: A value, or the values of a list, by the name of its slot.
Values = Mapping[str, object]


def text_slot(name: str) -> ir.StringValue:
    """Give a place for a text; inside ``isin([…])`` for a list of texts."""
    slot: ir.StringValue = ibis.literal(f"⟦{name}⟧")
    return slot


def number_slot(name: str) -> ir.IntegerValue:
    """Give a place for a whole number."""
    slot: ir.IntegerValue = text_slot(name).cast("int64")
    return slot


def typed_slot(name: str, dtype: str) -> ir.Value:
    """Give a place for a day or a moment of a dialect's type."""
    return text_slot(name) if dtype == "string" else text_slot(name).cast(dtype)


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL text with marked slots, and the names of its columns."""

    text: str
    columns: tuple[str, ...]
    placeholder: str

    def bound(self, values: Values) -> tuple[str, dict[str, object]]:
        """Give SQL with named parameters, a list taking as many as it is long, and their values.

        A list is never empty: a filter without values has another shape.
        """
        params: dict[str, object] = {}

        def parameter(slot: re.Match[str]) -> str:
            name = slot[1]
            value = values[name]
            if not isinstance(value, (list, tuple)):
                params[name] = value
                return self.placeholder.format(name)
            named = {f"{name}{index}": one for index, one in enumerate(_filled(list(value)))}
            params.update(named)
            return ", ".join(map(self.placeholder.format, named))

        return _SLOT.sub(parameter, self.text), params


def _filled(values: list[object]) -> list[object]:
    """Repeat the last value up to a power of two, so that a store can keep prepared statements."""
    length: int = 1 << (len(values) - 1).bit_length()
    return values + values[-1:] * (length - len(values))


def compiled(expression: ir.Table, dialect: Dialect) -> Statement:
    """Compile an expression with slots to a statement with the same slots."""
    tree = dialect.compiler().to_sqlglot(expression)

    def unquoted(node: sge.Expression) -> sge.Expression:
        if isinstance(node, sge.Literal) and node.is_string and _SLOT.fullmatch(node.this):
            return sge.Var(this=node.this)
        if isinstance(node, sge.JSONPath):  # sqlglot reads the second argument of such functions
            keys = [part.this for part in node.expressions if isinstance(part, sge.JSONPathKey)]
            if len(keys) == 1 and isinstance(keys[0], str) and _SLOT.fullmatch(keys[0]):
                return sge.Var(this=keys[0])
        return node

    text = tree.transform(unquoted, copy=False).sql(dialect=dialect.compiler.dialect)  # type: ignore[attr-defined]
    return Statement(text, tuple(expression.columns), dialect.placeholder)
