"""A cursor for the few statements that every acceptance asks, some of them while others wait.

Django's own puts a dozen calls around each statement; measured, 15 microseconds against 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def quick_cursor() -> Iterator[Any]:
    """Give a cursor of the database's own, with ``%s`` for values; its errors are Django's.

    Where somebody watches the statements (a log, a test), it is Django's cursor.
    """
    with connection.cursor() as cursor:
        if connection.execute_wrappers or connection.queries_logged:
            yield cursor
        else:
            with connection.wrap_database_errors:
                yield cursor.cursor
