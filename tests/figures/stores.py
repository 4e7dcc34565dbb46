"""Every store an engine reads, each filled with the same ledger."""

from __future__ import annotations

import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol

import duckdb
import psycopg
import pyarrow as pa

from taizhang.core.base.quantity import QuantityKind
from taizhang.core.counting.fact import Fact
from taizhang.core.unit.tree import History
from taizhang.figures.dialect import SQLITE
from taizhang.figures.fact_source import DuckDBTables, FactSource, Parquet, PostgreSQL, SQLiteFile
from taizhang.figures.parcel.export import export

FACT = (
    *("record_id", "ordinal", "measure", "unit", "date", "month", "low", "high", "kind", "dims"),
    *("entity", "person", "joint", "accepted_at", "retired_at"),
)
CUBE = (
    *("measure", "unit", "month", "dims", "low", "high", "facts", "open_high", "about"),
    *("missing", "records"),
)
CLOSURE = ("ancestor", "code", "depth", "way", "valid_from", "valid_to")
COLUMNS = {"ledger_fact": FACT, "ledger_cube": CUBE, "units_closure": CLOSURE}
EMPTY = {table: f"DELETE FROM {table}" for table in COLUMNS}  # noqa: S608 - the names above
PLACES = {
    table: f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
    for table, columns in COLUMNS.items()
}
GIVEN = {table: f"INSERT INTO {table} SELECT * FROM given" for table in COLUMNS}  # noqa: S608
DDL = """
CREATE TABLE ledger_fact (record_id {text}, ordinal integer, measure {text}, unit {text},
    date date, month integer, low bigint, high bigint, kind smallint, dims {text}, entity {text},
    person {text}, joint {bool}, accepted_at {moment}, retired_at {moment});
CREATE TABLE ledger_cube (measure {text}, unit {text}, month integer, dims {text}, low bigint,
    high bigint, facts integer, open_high integer, about integer, missing integer,
    records integer);
CREATE TABLE units_closure (ancestor {text}, code {text}, depth integer, way {text},
    valid_from date, valid_to date);
"""
Rows = list[tuple[Any, ...]]


def fact_rows(facts: Iterable[Fact]) -> Rows:
    """Give the rows of ``ledger_fact``."""
    return [
        (
            *(one.record, one.ordinal, one.measure, one.unit, one.date, one.month),
            *one.value.scaled(),
            *(int(one.value.kind), one.dims, one.entity, one.person, one.joint),
            *(one.accepted_at, one.retired_at),
        )
        for one in facts
    ]


def cube_rows(facts: Iterable[Fact]) -> Rows:
    """Give the rows of ``ledger_cube``, added up fact by fact."""
    cells: dict[tuple[str, str, int, str], list[int]] = defaultdict(lambda: [0] * 7)
    counted: set[tuple[str, str]] = set()
    for one in sorted(facts, key=lambda one: (one.record, one.ordinal)):
        if one.joint or one.retired_at is not None:
            continue
        cell = cells[one.measure, one.unit, one.month, one.dims]
        low, high = one.value.scaled()
        first = (one.record, one.measure) not in counted
        counted.add((one.record, one.measure))
        more = (low or 0, high or 0, 1, high is None)
        kinds = (
            one.value.kind is QuantityKind.ABOUT,
            one.value.kind is QuantityKind.MISSING,
            first,
        )
        for place, number in enumerate((*more, *kinds)):
            cell[place] += number
    return [(*key, *cell) for key, cell in cells.items()]


def closure_rows(history: History) -> Rows:
    """Give the rows of ``units_closure``."""
    return [
        (
            *(row.ancestor, row.code, row.depth, row.way.value),
            *(row.valid_from or date.min, row.valid_to or date.max),
        )
        for row in history.closure()
    ]


class Store(Protocol):
    """One kind of store for the length of a test session."""

    source: FactSource

    def fill(self, facts: Sequence[Fact], history: History) -> None:
        """Replace what it holds."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


def tables(facts: Sequence[Fact], history: History) -> dict[str, Rows]:
    """Give all rows by table."""
    return {
        "ledger_fact": fact_rows(facts),
        "ledger_cube": cube_rows(facts),
        "units_closure": closure_rows(history),
    }


class DuckDBStore:
    """Tables in memory."""

    def __init__(self, cube: bool) -> None:
        self.connection = duckdb.connect()
        self.connection.execute(DDL.format(text="varchar", bool="boolean", moment="timestamp"))
        self.source: FactSource = DuckDBTables(self.connection, cube=cube)

    def fill(self, facts: Sequence[Fact], history: History) -> None:
        """Replace what it holds."""
        for table, rows in tables(facts, history).items():
            self.connection.execute(EMPTY[table])
            if rows:
                naive = [[_naive(value) for value in row] for row in rows]
                columns = zip(COLUMNS[table], zip(*naive, strict=True), strict=True)
                given = pa.table({name: list(values) for name, values in columns})
                self.connection.register("given", given)
                self.connection.execute(GIVEN[table])

    def close(self) -> None:
        """Let go of it."""
        self.connection.close()


def _naive(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    return value


class SQLiteStore:
    """A file, written by one connection and read by the engine's own."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="taizhang-figures-")
        self.file = Path(self.folder.name) / "db.sqlite3"
        self.writer = sqlite3.connect(self.file)
        self.writer.execute("PRAGMA synchronous = OFF")
        self.writer.executescript(DDL.format(text="varchar", bool="bool", moment="datetime"))
        self.sqlite = SQLiteFile(self.file)
        self.source: FactSource = self.sqlite

    def fill(self, facts: Sequence[Fact], history: History) -> None:
        """Replace what it holds."""
        with self.writer:
            for table, rows in tables(facts, history).items():
                self.writer.execute(EMPTY[table])
                self.writer.executemany(
                    PLACES[table],
                    [[_as_django(value) for value in row] for row in rows],
                )

    def close(self) -> None:
        """Let go of it."""
        self.sqlite.close()
        self.writer.close()
        self.folder.cleanup()


def _as_django(value: Any) -> Any:
    if isinstance(value, datetime):
        return str(_naive(value))
    if isinstance(value, date):
        return value.isoformat()
    return value


class ParquetStore(SQLiteStore):
    """What a district exports from its file, as the level above reads it."""

    def fill(self, facts: Sequence[Fact], history: History) -> None:
        """Replace what it holds."""
        super().fill(facts, history)
        folder = Path(tempfile.mkdtemp(dir=self.folder.name))
        export(SQLITE, str(self.file), folder, district="360602000000")
        self.source = Parquet(folder / "facts", folder / "closure")


class PostgreSQLStore:
    """A database of the server that the tests run."""

    def __init__(self, url: str) -> None:
        self.writer = psycopg.connect(url)
        self.writer.execute(DDL.format(text="varchar", bool="boolean", moment="timestamptz"))
        self.writer.commit()
        self.postgresql = PostgreSQL(url)
        self.source: FactSource = self.postgresql

    def fill(self, facts: Sequence[Fact], history: History) -> None:
        """Replace what it holds."""
        with self.writer.transaction(), self.writer.cursor() as cursor:
            for table, rows in tables(facts, history).items():
                cursor.execute(EMPTY[table])
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)

    def close(self) -> None:
        """Let go of it."""
        self.postgresql.close()
        self.writer.close()


MAKERS: dict[str, Callable[[], Store]] = {
    "duckdb": lambda: DuckDBStore(cube=False),
    "duckdb-cube": lambda: DuckDBStore(cube=True),
    "sqlite": SQLiteStore,
    "parquet": ParquetStore,
}
