"""Bulk rows: plain INSERTs as fast as the database at work takes them, and free primary keys."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from itertools import chain, islice
from typing import Any, TypeVar

from django.db import connection
from django.db.backends.utils import CursorWrapper

Item = TypeVar("Item")
#: So many rows go in one statement where every statement is a way to a server and back.
FEW = 50


def chunks(items: Iterable[Item], size: int = 5000) -> Iterator[list[Item]]:
    """Give the items in lists that fit the parameters of one query."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def places(values: Collection[object]) -> str:
    """Give the places of so many values in a statement."""
    return ", ".join(["%s"] * len(values))


@lru_cache(maxsize=512)
def insert_sql(table: str, columns: Sequence[str], rows: int = 1, after: str = "") -> str:
    """Give the INSERT of so many rows; ``after`` says what becomes of rows that are there."""
    values = ", ".join([f"({places(columns)})"] * rows)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {values}{after}"  # noqa: S608 - own names


def rows_insert(
    cursor: CursorWrapper,
    table: str,
    columns: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    after: str = "",
) -> None:
    """Insert rows in lots, so that not all of them stand in memory at once."""
    for chunk in chunks(rows):
        if len(chunk) <= FEW and connection.vendor != "sqlite":
            sql = insert_sql(table, columns, len(chunk), after)
            cursor.execute(sql, [*chain.from_iterable(chunk)])
        else:
            cursor.executemany(insert_sql(table, columns, 1, after), chunk)


def ids_reserve(cursor: CursorWrapper, table: str, count: int) -> Sequence[int]:
    """Give ``count`` free primary keys of a table; needs the lock of writers."""
    if not count:
        return ()
    if connection.vendor == "sqlite":
        cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}")  # noqa: S608 - own names
        last = cursor.fetchone()[0]
        return range(last + 1, last + 1 + count)
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
        [table, count],
    )
    return [row[0] for row in cursor.fetchall()]


class Adapter:
    """Days and moments as the database at work stores them; made once for many rows."""

    def __init__(self) -> None:
        adapt = connection.ops.adapt_datefield_value
        self.day: Callable[[date | None], Any] = lru_cache(maxsize=8192)(adapt)
        self.moment: Callable[[datetime | None], Any] = connection.ops.adapt_datetimefield_value
        self.hour: Callable[[time | None], Any] = connection.ops.adapt_timefield_value
