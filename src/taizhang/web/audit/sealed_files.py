"""Sealed files and texts beside rows, opened whenever the log is verified.

A row says which file there must be; only who opens the file knows that it is there and whole.  An
app registers what it keeps; the log, below it, knows none by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Protocol

from taizhang.core.base.issue import Issue
from taizhang.web.audit.code import SealedFilesCode

#: So many of one app are named one by one; of more only the number is told.
MOST_NAMED = 100


class SealedFiles(Protocol):
    """What one app keeps, as the store named it at one moment; made inside that moment."""

    total: int  # how many there are to open

    def issues(self, step: Callable[[], None]) -> Iterator[Issue]:
        """Open one after the other and tell what is wrong; call ``step`` after each."""
        ...


_registered: list[Callable[[], SealedFiles]] = []


def sealed_files_register(make: Callable[[], SealedFiles]) -> None:
    """Have what an app keeps be opened whenever the log is verified."""
    _registered.append(make)


def sealed_files_now() -> list[SealedFiles]:
    """Read, at the moment of the caller, what every app keeps."""
    return [make() for make in _registered]


def sealed_files_issues(kept: Iterable[SealedFiles], step: Callable[[], None]) -> tuple[Issue, ...]:
    """Open all of it and give what is wrong."""
    issues: list[Issue] = []
    for some in kept:
        issues_of_app = some.issues(step)
        issues.extend(islice(issues_of_app, MOST_NAMED))
        if more := sum(1 for _ in issues_of_app):
            issues.append(Issue(SealedFilesCode.AUDIT_015, facts={"count": more}))
    return tuple(issues)
