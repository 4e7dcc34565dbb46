"""The time that one file may take: set once around its reading, asked in every long loop."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock
from time import thread_time

from taizhang.core.base.issue import Issue, Place, Refused
from taizhang.reading.base.code import ReadingCode

#: seconds of computing for a file, and megabytes for the parsers of other formats
SECONDS = 8
MEMORY = 450
#: of how many questions one looks at the clock: asking it costs more than the work between
_SELDOM = 16


@dataclass
class _Limit:
    name: str
    until: float
    asked: int = 0


_limit: ContextVar[_Limit | None] = ContextVar("limit", default=None)


def too_much(name: str) -> Refused:
    """Make the refusal of a file that takes too long or too much."""
    facts = {"seconds": SECONDS, "memory": MEMORY}
    return Refused([Issue(ReadingCode.READING_006, Place(name), facts)])


@contextmanager
def limited(name: str, seconds: float = SECONDS) -> Iterator[None]:
    """Bound the time of all reading inside to ``seconds``."""
    token = _limit.set(_Limit(name, thread_time() + seconds))
    try:
        yield
    finally:
        _limit.reset(token)


@dataclass
class _Rest:
    """How many files are being read, and whether the collector worked before."""

    files: int = 0
    worked: bool = False


_rest = _Rest()
_rest_lock = Lock()


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Let the collector of cycles rest while a file is read.

    What reading makes stays until its end and holds no cycles worth a search; walking it again
    and again took up to a third of the time.  Several threads may read at once.
    """
    with _rest_lock:
        if not _rest.files:
            _rest.worked = gc.isenabled()
            gc.disable()
        _rest.files += 1
    try:
        yield
    finally:
        with _rest_lock:
            _rest.files -= 1
            if not _rest.files and _rest.worked:
                gc.enable()


def spend(seconds: float) -> None:
    """Take what another process has computed for the file off its time."""
    limit = _limit.get()
    if limit is not None:
        limit.until -= seconds
        limit.asked = 0


def check() -> None:
    """Refuse the file that is being read when its time is up.

    :raises Refused: READING_006
    """
    limit = _limit.get()
    if limit is None:
        return
    limit.asked += 1
    if limit.asked % _SELDOM == 1 and thread_time() > limit.until:
        raise too_much(limit.name)
