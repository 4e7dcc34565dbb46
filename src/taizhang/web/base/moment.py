"""Reading at one moment: what is asked inside agrees with itself, and no writer waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

#: Tells how far long work is: steps done, steps in all.
Tell = Callable[[int, int], None]


def untold(done: int, total: int) -> None:
    """Tell nobody."""


@contextmanager
def one_moment(*, scratch: bool = False) -> Iterator[None]:
    """Let everything read inside see the store at one moment, while others go on writing.

    For what asks many times and must agree with itself: a score, a document, a verification.
    Nothing may be written inside, but for temporary tables where ``scratch`` says so; they are gone
    behind it.  Within a transaction of the caller's own it does nothing.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        # Django's own transactions here take the lock of the writers; a plain one only reads, and
        # temporary tables lie in a file of their own.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            # PostgreSQL makes no table in a transaction that only reads.
            only = "" if scratch else ", READ ONLY"
            cursor.execute(f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ{only}")
            yield
            transaction.set_rollback(scratch)
