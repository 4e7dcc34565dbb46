"""The fair queue of writers: those of one SQLite file follow each other, in any process.

SQLite itself has no queue: who finds the file locked sleeps 1, 2, 5 … 100 ms and looks again, so
that among eight writers the file lies idle most of the time.  Here a writer first takes a lock of
the operating system (``flock`` on a file beside the database), which wakes the next one as soon as
it is free, and which the kernel takes back from a process that dies.  The lock only orders the
writers; that a transaction is whole and alone is SQLite's doing as before, also against programs
that do not know of this file.
"""

from __future__ import annotations

import fcntl
import os
import threading
from functools import lru_cache
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base, features

#: Ending of the file beside the database; it is empty and may be deleted when nobody works.
QUEUE = "-queue"


_thread = threading.local()


def patience_set(seconds: float | None) -> None:
    """Say how long a writer of this thread waits for the others; ``None``, as at first, for ever.

    A place at work of the web server must come free again; a command has nobody behind it.
    """
    _thread.patience = seconds


@lru_cache(maxsize=2048)
def _converted(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class Cursor(base.SQLiteCursorWrapper):
    """A cursor that rewrites the places of a statement once, not each time it is asked."""

    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        """Write ``?`` for ``%s``, as :class:`SQLiteCursorWrapper` does."""
        if param_names is None:
            return _converted(query)
        converted: str = super().convert_query(query, param_names=param_names)
        return converted


class _Waiter:
    """Waits for the lock in a thread; when it is given up, the lock that comes late is let go."""

    def __init__(self, queue: int) -> None:
        self._queue = queue
        self._guard = threading.Lock()
        self._taken, self._given_up = threading.Event(), False

    def wait(self, seconds: float) -> bool:
        """Say whether the lock was had in time; the file is not to be used again if not."""
        threading.Thread(target=self._take, name="writer-queue", daemon=True).start()
        if self._taken.wait(seconds):
            return True
        with self._guard:
            self._given_up = not self._taken.is_set()
        return not self._given_up

    def _take(self) -> None:
        fcntl.flock(self._queue, fcntl.LOCK_EX)
        with self._guard:
            self._taken.set()
            if self._given_up:
                os.close(self._queue)  # and with it the lock


class DatabaseFeatures(features.DatabaseFeatures):
    """What this SQLite can do.

    Django finds out about JSON in a transaction of its own, which would be a writing one, wherever
    it is first asked; the migrations, which need JSON, have found out before.
    """

    supports_json_field = True


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to SQLite whose writing transactions queue up."""

    features_class = DatabaseFeatures

    _queue: int | None = None  # descriptor of the file, opened by the first transaction

    def create_cursor(self, name: str | None = None) -> Cursor:
        """Give a cursor; SQLite has none with names."""
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        mode = self.transaction_mode  # type: ignore[attr-defined]  # the stubs know no such parts
        if mode != "IMMEDIATE" or self.is_in_memory_db():
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
            return
        if self.connection.in_transaction:
            # SQLite would refuse it too, yet take the lock of the writers for what only reads.
            raise OperationalError("a write inside what is read at one moment")
        if self._queue is None:
            name = f"{self.settings_dict['NAME']}{QUEUE}"
            self._queue = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._enter(self._queue, getattr(_thread, "patience", None))
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._leave()
            raise

    def _enter(self, queue: int, patience: float | None) -> None:
        """Take the lock, or fail as SQLite does when it is not to be had in so many seconds."""
        try:
            fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if patience is None:
                fcntl.flock(queue, fcntl.LOCK_EX)
                return
        # The kernel knows no limit to this waiting, so that a thread waits that may be left alone.
        if not _Waiter(queue).wait(patience):
            self._queue = None
            raise OperationalError("database is locked: others have written for too long")

    def _leave(self) -> None:
        if self._queue is not None:
            fcntl.flock(self._queue, fcntl.LOCK_UN)

    def _commit(self) -> Any:
        try:
            return super()._commit()  # type: ignore[misc]
        finally:
            if self.connection is None or not self.connection.in_transaction:
                self._leave()

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._leave()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]
        finally:
            if self._queue is not None:
                os.close(self._queue)
                self._queue = None
