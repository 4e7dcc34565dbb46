"""Answers kept as long as nothing changed, for pages that many people open.

Whatever changes a figure writes a row of the audit log in its own transaction.  So an answer holds
exactly as long as the newest of these rows, and the day, are the same.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import date
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection

Kept = TypeVar("Kept")
#: Rows of the log about people, devices and papers; all others may change what a page says.
ASIDE = ("account.", "user.", "grant.", "token.", "complaint.", "exchange.", "audit.", "document.")
_MOST = 400
_answers: OrderedDict[Hashable, Any] = OrderedDict()
_at_work: dict[Hashable, threading.Lock] = {}
_guard = threading.Lock()

_CHANGES = " AND ".join(["action NOT LIKE %s"] * len(ASIDE))
_NEWEST = (
    f"SELECT sequence, hash FROM audit_entry WHERE {_CHANGES} "  # noqa: S608 - places only
    "ORDER BY sequence DESC LIMIT 1"
)


def state() -> Hashable:
    """Give what changes whenever the ledger, the tree, the packs, quotas or settings change."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [f"{prefix}%" for prefix in ASIDE])
        row = cursor.fetchone()
    return (str(settings.TAIZHANG_HOME), str(settings.DATABASES["default"]["NAME"]), row)


class AnswerCache:
    """Keeps answers for one request: the state is read once, at its beginning.

    Inside ``web.moment.one_moment`` an answer is that of the state; elsewhere it is at least as
    new.  What is kept is shared by all requests and must not be changed.
    """

    def __init__(self, today: date, as_of: date | None = None, tree: date | None = None) -> None:
        # Whoever asks how things stood earlier leaves no answer for those who ask about today.
        self._about = (state(), today, as_of or today, tree)

    def __call__(self, name: str, *about: Hashable, compute: Callable[[], Kept]) -> Kept:
        """Give the answer called ``name`` about ``about``, computed where it is not there."""
        key = (*self._about, name, *about)
        with _guard:
            if key in _answers:
                _answers.move_to_end(key)
                kept: Kept = _answers[key]
                return kept
            lock = _at_work.setdefault(key, threading.Lock())
        with lock:  # others that ask for the same wait for it instead of computing it too
            return self._made(key, compute)

    def _made(self, key: Hashable, compute: Callable[[], Kept]) -> Kept:
        with _guard:
            if key in _answers:
                kept: Kept = _answers[key]
                return kept
        try:
            made = compute()
            with _guard:
                _answers[key] = made
                while len(_answers) > _MOST:
                    _answers.popitem(last=False)
            return made
        finally:
            with _guard:
                _at_work.pop(key, None)

    def has(self, name: str, *about: Hashable) -> bool:
        """Say whether an answer is there without being computed."""
        with _guard:
            return (*self._about, name, *about) in _answers
