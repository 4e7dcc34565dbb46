"""What apps above the ledger give it at the start: readers of records, parts of a Book, notes, what
stands beside a record, and the register of things.

Each is named with a function that makes it, so that nothing is loaded before it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from taizhang.core.base.issue import Issue, Place
from taizhang.core.unit.tree import History

#: Makes a reader of accepted records (``facts.projection.Projection``), by its name.
MAKERS: dict[str, Callable[[], Any]] = {}
#: Makes what answers a field of every Book, of the tree and today.
PARTS: dict[str, Callable[[History, date], Any]] = {}
#: Says something of a record that was just taken in, by its id.
NOTES: list[Callable[[str, datetime], Sequence[str]]] = []


class ThingWords(NamedTuple):
    """How people know a thing, and the address of its page."""

    number: str
    name: str
    place: str
    address: str


class Register(Protocol):
    """What is known of the things of lists that have kinds, on one day."""

    def kept(self, dataset: str) -> bool:
        """Say whether the things of a list have kinds, so that nobody types their ids."""
        ...

    def offered(self, dataset: str, unit: str) -> list[dict[str, Any]]:
        """Give what a phone offers of a list at a unit: those in use first, then by number.

        Each has ``key`` (what the record says), ``uid`` (of its page), ``number``, ``label`` (its
        name), ``place``, ``initials`` (of the pinyin of both), ``kind`` (qualified),
        ``kind_label``, ``state`` (standing or ended) and ``due`` (ISO day or "").
        """
        ...

    def named(self, dataset: str, names: Collection[tuple[str, str]]) -> Mapping[Name, ThingWords]:
        """Give the words for things by (unit that named it first, key)."""
        ...

    def meant(self, dataset: str, unit: str, day: date, text: str) -> str:
        """Give the key that a text in an id question means: that of a number, else the text."""
        ...

    def refused(
        self, dataset: str, unit: str, day: date, text: str, label: str, name: str, place: Place
    ) -> Issue | None:
        """Say why a thing cannot begin with an id: a number typed by hand."""
        ...


Name = tuple[str, str]  # unit and key of an entity
#: Makes the register of things for a day; empty where no app keeps them.
REGISTERS: list[Callable[[date], Register]] = []


def things_register(maker: Callable[[date], Register]) -> None:
    """Have an app tell of things with names."""
    REGISTERS[:] = [maker]


def register_of(day: date) -> Register | None:
    """Give what is known of things on a day, ``None`` where no app keeps them."""
    return REGISTERS[0](day) if REGISTERS else None


class RecordAside(NamedTuple):
    """What a record belongs to beside the ledger, and what its change would undo there."""

    label: str
    address: str
    undoes: tuple[str, ...] = ()  # later steps that lose their effect if the record goes, in words

    @property
    def token(self) -> str:
        """Name what would be undone, for whoever has read it to send back."""
        return "|".join(self.undoes)


#: Says what a record, by its id, belongs to, as far as a person may see it.
ASIDES: list[Callable[[str, Any, datetime], RecordAside | None]] = []


def aside_register(aside: Callable[[str, Any, datetime], RecordAside | None]) -> None:
    """Have an app say what stands beside a record."""
    ASIDES.append(aside)


def asides_of(uid: str, user: Any, now: datetime) -> list[RecordAside]:
    """Give what stands beside a record for a person."""
    told = (aside(uid, user, now) for aside in ASIDES)
    return [aside for aside in told if aside is not None]


def note_register(note: Callable[[str, datetime], Sequence[str]]) -> None:
    """Have an app say something of records that were just taken in."""
    NOTES.append(note)


def projection_register(name: str, maker: Callable[[], Any]) -> None:
    """Have a reader read every record from now on."""
    MAKERS[name] = maker


def part_register(name: str, maker: Callable[[History, date], Any]) -> None:
    """Have a field of every Book answered by an app above the ledger."""
    PARTS[name] = maker
