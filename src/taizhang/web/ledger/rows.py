"""Rows into tables as fast as the database at work takes them, and the keys they get."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from taizhang.web.ledger.settle import chunks

#: So many rows go in one statement where every statement is a way to a server and back.
FEW = 50


@lru_cache(maxsize=512)
def insert_sql(table: str, columns: Sequence[str], rows: int = 1, after: str = "") -> str:
    """Give the INSERT of so many rows; ``after`` says what becomes of rows that are there."""
    values = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * rows)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {values}{after}"  # noqa: S608 - own names


def rows_insert(
    cursor: CursorWrapper,
    table: str,
    columns: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    after: str = "",
) -> None:
    """Insert rows in lots, so that not all of them stand in memory at once."""
    for some in chunks(rows):
        if len(some) <= FEW and connection.vendor != "sqlite":
            cursor.execute(
                insert_sql(table, columns, len(some), after), [*chain.from_iterable(some)]
            )
        else:
            cursor.executemany(insert_sql(table, columns, 1, after), some)


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
