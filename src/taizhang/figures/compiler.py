"""Compiler: Ibis expressions with slots for values, made a store's own SQL.

An expression is built with named slots in the place of values; values only ever travel as
parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ibis
import ibis.expr.types as ir
import sqlglot.expressions as sge
from ibis.backends.sql.compilers import (
    DuckDBCompiler,
    PostgresCompiler,
    PySparkCompiler,
    SQLiteCompiler,
)
from ibis.backends.sql.compilers.base import SQLGlotCompiler

from taizhang.figures.dialect import Dialect
from taizhang.figures.shape import SLOT, Statement


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


@ibis.udf.scalar.builtin(name="json_extract", signature=(("string", "string"), "string"))
def _sqlite_json(text, path):  # type: ignore[no-untyped-def]
    """Stand for SQLite's own function."""


@ibis.udf.scalar.builtin(name="json_extract_string", signature=(("string", "string"), "string"))
def _duckdb_json(text, path):  # type: ignore[no-untyped-def]
    """Stand for DuckDB's own function."""


@ibis.udf.scalar.builtin(name="json_extract_path_text", signature=(("json", "string"), "string"))
def _postgresql_json(text, key):  # type: ignore[no-untyped-def]
    """Stand for PostgreSQL's own function."""


@ibis.udf.scalar.builtin(name="get_json_object", signature=(("string", "string"), "string"))
def _spark_json(text, path):  # type: ignore[no-untyped-def]
    """Stand for Spark's own function."""


def json_value(text: ir.StringValue, path: ir.StringValue, dialect: Dialect) -> ir.StringValue:
    """Give one value of a JSON object, which is empty where there is none."""
    source = text.nullif("")
    if dialect.name == "postgresql":
        source = source.cast("json")
    value: ir.StringValue = _JSON[dialect.name](source, path)
    return value


_JSON: Mapping[str, Callable[[ir.Value, ir.StringValue], ir.StringValue]] = {
    "sqlite": _sqlite_json,
    "postgresql": _postgresql_json,
    "duckdb": _duckdb_json,
    "spark": _spark_json,
}

_COMPILERS: Mapping[str, type[SQLGlotCompiler]] = {
    "sqlite": SQLiteCompiler,
    "postgresql": PostgresCompiler,
    "duckdb": DuckDBCompiler,
    "spark": PySparkCompiler,
}


def compiled_text(expression: ir.Table, dialect: Dialect) -> Statement:
    """Compile an expression with slots to a statement with the same slots."""
    compiler = _COMPILERS[dialect.name]
    tree = compiler().to_sqlglot(expression)

    def unquoted(node: sge.Expression) -> sge.Expression:
        if isinstance(node, sge.Literal) and node.is_string and SLOT.fullmatch(node.this):
            return sge.Var(this=node.this)
        if isinstance(node, sge.JSONPath):  # sqlglot reads the second argument of such functions
            keys = [part.this for part in node.expressions if isinstance(part, sge.JSONPathKey)]
            if len(keys) == 1 and isinstance(keys[0], str) and SLOT.fullmatch(keys[0]):
                return sge.Var(this=keys[0])
        return node

    text = tree.transform(unquoted, copy=False).sql(dialect=compiler.dialect)
    return Statement(text, tuple(expression.columns), dialect)
