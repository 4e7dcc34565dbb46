"""What apps above the ledger give it at the start: readers of records, parts of a Book, notes.

Each is named with a function that makes it, so that nothing is loaded before it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from taizhang.core.unit.tree import History

#: Makes a reader of accepted records (``facts.projection.Projection``), by its name.
MAKERS: dict[str, Callable[[], Any]] = {}
#: Makes what answers a field of every Book, of the tree and today.
PARTS: dict[str, Callable[[History, date], Any]] = {}
#: Says something of a record that was just taken in, by its id.
NOTES: list[Callable[[str, datetime], Sequence[str]]] = []


def note_register(note: Callable[[str, datetime], Sequence[str]]) -> None:
    """Have an app say something of records that were just taken in."""
    NOTES.append(note)


def projection_register(name: str, maker: Callable[[], Any]) -> None:
    """Have a reader read every record from now on."""
    MAKERS[name] = maker


def part_register(name: str, maker: Callable[[History, date], Any]) -> None:
    """Have a field of every Book answered by an app above the ledger."""
    PARTS[name] = maker
