"""Places at work: a few threads for each kind of request, and a line before them that has an end.

Whoever only reads never stands behind somebody who waits for the one writer of the database, and
the question "are you ready?" stands behind nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from taizhang.web.base.sqlite.base import patience_set

Done = TypeVar("Done")


class FullError(Exception):
    """No place came free in time, or too many wait already."""


class GoneError(Exception):
    """Whoever asked went away while waiting."""


class Places:
    """So many threads that do one kind of work.

    :param name: of the threads
    :param threads: work done at once
    :param waiting: requests that may wait for a place; one more is turned away at once
    :param longest: seconds that a request waits for a place
    :param patience: seconds that its work waits for the database's one writer
    """

    def __init__(
        self, name: str, *, threads: int, waiting: int, longest: float, patience: float
    ) -> None:
        self._pool = ThreadPoolExecutor(
            threads, thread_name_prefix=name, initializer=partial(patience_set, patience)
        )
        self._free = asyncio.Semaphore(threads)
        self._waiting, self._most, self._longest = 0, waiting, longest

    async def do(
        self, work: Callable[[], Done], gone: Callable[[], Awaitable[object]] | None = None
    ) -> Done:
        """Do work in one of the places.

        :param gone: ends when whoever asked is gone; what has not begun is then left
        :raises FullError: when no place is to be had
        :raises GoneError: when nobody waits for the answer any more
        """
        if self._free.locked():
            await self._wait(gone)
        else:
            await self._free.acquire()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._free.release()

    async def _wait(self, gone: Callable[[], Awaitable[object]] | None) -> None:
        if self._waiting >= self._most:
            raise FullError
        self._waiting += 1
        free = asyncio.ensure_future(self._free.acquire())
        left = asyncio.ensure_future(gone()) if gone is not None else None
        try:
            await asyncio.wait(
                {free, left} if left is not None else {free},
                timeout=self._longest,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if not free.done():
                raise GoneError if left is not None and left.done() else FullError
        finally:
            self._waiting -= 1
            if left is not None:
                left.cancel()
            if not free.done():
                free.cancel()
