"""Where stores differ: SQL dialect, parameter style, how days are kept, how JSON is opened.

Everything else of this room is written once, in Ibis, for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import ibis
import ibis.expr.types as ir
from ibis.backends.sql.compilers import (
    DuckDBCompiler,
    PostgresCompiler,
    PySparkCompiler,
    SQLiteCompiler,
)
from ibis.backends.sql.compilers.base import SQLGlotCompiler

Params = Mapping[str, object]
Rows = Sequence[Sequence[object]]


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


@dataclass(frozen=True)
class Dialect:
    """What one kind of store needs to know; compared and hashed by ``name`` alone."""

    name: str
    compiler: Callable[[], SQLGlotCompiler]
    placeholder: str  # how a named parameter stands in the SQL text
    day_type: str
    moment_type: str
    json_path: str  # how a key is written for ``json_get``
    json_get: Callable[[ir.StringValue, ir.StringValue], ir.StringValue]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dialect) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    def day(self, day: date) -> object:
        """Give a day as a parameter."""
        return day.isoformat() if self.day_type == "string" else day

    def moment(self, moment: datetime) -> object:
        """Give a moment as a parameter; stores keep UTC."""
        there = moment.astimezone(UTC)
        if self.moment_type == "string":
            # As Django writes it; a moment with microseconds sorts after the same one without.
            return there.replace(tzinfo=None).isoformat(sep=" ")
        return there if self.moment_type == "timestamp('UTC')" else there.replace(tzinfo=None)

    def json_key(self, name: str) -> str:
        """Give the parameter that opens a dimension of this name.

        :raises ValueError: for a name that no form can have, so that no path can be smuggled in
        """
        if not name or any(sign in name for sign in "\"'\\[]⟦⟧"):
            raise ValueError(f"{name!r} cannot be a dimension")
        return self.json_path.format(name)


SQLITE = Dialect(
    "sqlite",
    SQLiteCompiler,
    ":{}",
    day_type="string",
    moment_type="string",
    json_path='$."{}"',
    json_get=lambda text, path: _sqlite_json(text.nullif(""), path),
)
POSTGRESQL = Dialect(
    "postgresql",
    PostgresCompiler,
    "%({})s",
    day_type="date",
    moment_type="timestamp('UTC')",
    json_path="{}",
    json_get=lambda text, path: _postgresql_json(text.nullif("").cast("json"), path),
)
DUCKDB = Dialect(
    "duckdb",
    DuckDBCompiler,
    "${}",
    day_type="date",
    moment_type="timestamp",
    json_path='$."{}"',
    json_get=lambda text, path: _duckdb_json(text.nullif(""), path),
)
SPARK = Dialect(
    "spark",
    PySparkCompiler,
    ":{}",
    day_type="date",
    moment_type="timestamp",
    json_path="$['{}']",
    json_get=lambda text, path: _spark_json(text.nullif(""), path),
)
