"""Fact sources: where the tables that engines read live, and how a statement is run there.

A live store answers in its own SQL on its own connection, so that a record counts the moment it is
committed and the store's indexes are used; DuckDB reads Parquet, and copies a live store out
(docs/decisions says why, with the measured times).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from taizhang.figures.dialect import DUCKDB, POSTGRESQL, SQLITE, Dialect, Params, Rows

if TYPE_CHECKING:  # loaded by the source that needs one: a live store needs none of them
    import duckdb
    import psycopg
    import pyarrow as pa


class FactSource(Protocol):
    """A place with the tables ``ledger_fact`` and ``units_closure``, and mostly ``ledger_cube``."""

    @property
    def dialect(self) -> Dialect:
        """The SQL it understands."""
        ...

    @property
    def cube(self) -> bool:
        """Whether it has the month cube."""
        ...

    def rows(self, sql: str, params: Params) -> Rows:
        """Run a statement and give all its rows."""
        ...


class ColumnarSource(FactSource, Protocol):
    """A source that gives a large answer as one table, for roll-ups."""

    def arrow(self, sql: str, params: Params) -> pa.Table:
        """Run a statement and give its rows as one table."""
        ...


@dataclass(frozen=True)
class Connected:
    """A connection that somebody else opened, such as Django's: reads inside its transaction.

    :param cursor: opens a cursor that is a context manager
    """

    dialect: Dialect
    cursor: Callable[[], Any]
    cube: bool = True

    def rows(self, sql: str, params: Params) -> Rows:
        """Run a statement and give all its rows."""
        with self.cursor() as cursor:
            cursor.execute(sql, params)
            rows: Rows = cursor.fetchall()
            return rows


@dataclass(frozen=True)
class SQLiteFile:
    """A live SQLite file, opened read-only on first use."""

    path: Path
    dialect = SQLITE
    cube = True

    @cached_property
    def connection(self) -> sqlite3.Connection:
        """The read-only connection."""
        return sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True, timeout=20)

    def rows(self, sql: str, params: Params) -> Rows:
        """Run a statement and give all its rows."""
        return self.connection.execute(sql, params).fetchall()

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


@dataclass(frozen=True)
class PostgreSQL:
    """A PostgreSQL database, opened read-only on first use."""

    url: str
    dialect = POSTGRESQL
    cube = True

    @cached_property
    def connection(self) -> psycopg.Connection[tuple[object, ...]]:
        """The read-only connection."""
        import psycopg

        connection = psycopg.connect(self.url, autocommit=True)
        connection.read_only = True
        return connection

    def rows(self, sql: str, params: Params) -> Rows:
        """Run a statement and give all its rows."""
        return self.connection.execute(sql.encode(), params).fetchall()

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


@dataclass(frozen=True)
class Parquet:
    """Parquet partitions that districts sent, read by DuckDB in memory; they hold no cube.

    ``facts`` and ``closure`` are folders (with ``key=value`` partitions or without) or files; a
    folder without files is an empty table.
    """

    facts: Path
    closure: Path
    dialect = DUCKDB
    cube = False

    @cached_property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The DuckDB in memory that sees both folders as tables."""
        import duckdb

        from taizhang.figures.table import closure_table, fact_table

        connection = duckdb.connect()
        for table, place in (
            (fact_table(DUCKDB), self.facts),
            (closure_table(DUCKDB), self.closure),
        ):
            files = [str(file) for file in sorted(place.rglob("*.parquet"))]
            if place.is_file():
                files = [str(place)]
            if files:
                relation = connection.read_parquet(files, union_by_name=True)
            else:
                relation = connection.from_arrow(table.schema().to_pyarrow().empty_table())
            relation.create_view(table.get_name())
        return connection

    def rows(self, sql: str, params: Params) -> Rows:
        """Run a statement and give all its rows."""
        return self.connection.execute(sql, dict(params)).fetchall()

    def arrow(self, sql: str, params: Params) -> pa.Table:
        """Run a statement and give its rows as one table."""
        return self.connection.execute(sql, dict(params)).to_arrow_table()

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


@dataclass(frozen=True)
class DuckDBTables:
    """Tables of a DuckDB connection that somebody else opened."""

    connection: duckdb.DuckDBPyConnection
    cube: bool = False
    dialect = DUCKDB

    def rows(self, sql: str, params: Params) -> Rows:
        """Run a statement and give all its rows."""
        return self.connection.execute(sql, dict(params)).fetchall()

    def arrow(self, sql: str, params: Params) -> pa.Table:
        """Run a statement and give its rows as one table."""
        return self.connection.execute(sql, dict(params)).to_arrow_table()


#: Django's name of a database → the dialect it speaks through Django's cursors.
VENDORS: Mapping[str, Dialect] = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
