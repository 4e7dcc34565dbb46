"""What apps above the ledger say of a record that was just taken in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

_notes: list[Callable[[str, datetime], Sequence[str]]] = []


def note_register(note: Callable[[str, datetime], Sequence[str]]) -> None:
    """Have an app say something of records that were just taken in, by their id."""
    _notes.append(note)


def noted(uid: str, now: datetime) -> list[str]:
    """Give what the apps above say of a record."""
    return [words for note in _notes for words in note(uid, now)]
