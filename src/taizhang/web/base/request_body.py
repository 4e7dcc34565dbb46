"""How large the body of a request may be: little where nothing is sent up, more where a view says.

Known before a body is taken in, so that nobody fills the disk through an address that wants none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.urls import Resolver404, resolve

#: Bytes of the fields of a form, as Django takes them at most (DATA_UPLOAD_MAX_MEMORY_SIZE).
ORDINARY = 2_500_000
#: Bytes from somebody who shows no log-in: a name and a password, a complaint.
FROM_A_STRANGER = 100_000
#: Bytes of a submission with its pictures, or of a file; views say so in their own words.
WITH_FILES = 42_000_000

View = TypeVar("View", bound=Callable[..., Any])


def takes_files(view: View) -> View:
    """Say that a view takes files, whose size it sees to itself."""
    view.most_bytes = WITH_FILES  # type: ignore[attr-defined]
    return view


def most_bytes(path: str) -> int:
    """Give the bytes that the view at an address takes from somebody who shows a log-in."""
    try:
        return int(getattr(resolve(path).func, "most_bytes", ORDINARY))
    except Resolver404:
        return FROM_A_STRANGER
