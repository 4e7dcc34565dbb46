"""Sealed rows: each stored row that names a row of the log must be as it was then.

The log covers a row by the keyed digest of its canonical text (its seal), and many rows of one
write by the digest over their seals in order.  A stored row keeps the number of the row of the log
and half of its seal, so that of a hundred thousand rows of one import the changed one is named.
Whoever lacks the key can make neither fit again.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from taizhang.core.base.issue import Issue, Place
from taizhang.web.audit import chain
from taizhang.web.audit.code import SealedRowsCode
from taizhang.web.audit.models import SEAL

#: So many changed rows are named one by one; of more only the number is told.
MOST_NAMED = 100


class Stored(NamedTuple):
    """A stored row as the log should know it; without ``seal`` only the row of the log tells."""

    sequence: int  # row of the log that it names
    name: str  # how people know it: an id
    content: str  # canonical text, made again from what is stored now
    seal: str | None = None
    at: str = ""  # moment of the write, as the log writes it
    actor: int | None = None
    is_sound: bool = True  # what else must hold among the stored rows


@dataclass(frozen=True, slots=True)
class SealedTable:
    """A table whose rows the log covers, as the app that owns it tells of them.

    ``rows`` gives those that name a row of the log, by that and then by their keys; ``unlinked``
    how many name none, and one of them.
    """

    name: str
    actions: frozenset[str]  # those of the log that write such rows
    rows: Callable[[], Iterator[Stored]]
    unlinked: Callable[[], tuple[int, str]]


class Fault(NamedTuple):
    """A stored row that is not as the log knows it."""

    code: SealedRowsCode
    table: str
    name: str
    sequence: int = 0  # the row of the log that speaks of it; 0 for none


_sealed: dict[str, SealedTable] = {}


def sealed_table_register(table: SealedTable) -> None:
    """Have the rows of a table compared whenever the log is verified."""
    _sealed[table.name] = table


@dataclass(slots=True)
class Comparison:
    """One comparison of the stored rows with the log, whose rows come in order."""

    key: bytes
    issues: list[Issue] = field(default_factory=list)
    more: int = 0  # changed rows that are not named
    before: dict[str, int] = field(default_factory=dict)  # by action: contents that nobody links
    _rows: Iterator[tuple[int, str, Stored]] = field(init=False)
    _next: tuple[int, str, Stored] | None = field(init=False)

    def __post_init__(self) -> None:
        streams = [_named(sealed) for sealed in _sealed.values()]
        self._rows = heapq.merge(*streams, key=lambda row: row[0])
        self._next = next(self._rows, None)

    def step(self, row: chain.Row) -> None:
        """Take the next row of the log."""
        if not row.linked:
            self.before[row.action] = self.before.get(row.action, 0) + row.covered
            return
        self._astray(row.sequence)
        seals = []
        changed = False
        while self._next is not None and self._next[0] == row.sequence:
            _, table, stored = self._next
            sealed = chain.keyed(self.key, stored.content.encode())
            seals.append(sealed)
            if stored.seal is not None and not _fits(stored, sealed, row):
                changed = True
                self._tell(Fault(SealedRowsCode.AUDIT_008, table, stored.name, row.sequence))
            self._next = next(self._rows, None)
        whole = len(seals) == row.covered
        if not whole or not (changed or chain.seals_digest(self.key, seals) == row.digest):
            facts = {"row": row.sequence, "wanted": row.covered, "found": len(seals)}
            self.issues.append(Issue(SealedRowsCode.AUDIT_009, _place(row.sequence), facts))

    def end(self, faults: Iterable[Fault]) -> tuple[list[Issue], int]:
        """Give every issue, and how many stored rows are from before rows named the log.

        :param faults: found by another comparison of stored rows (:func:`.snapshot.faults`)
        """
        self._astray(None)
        for fault in faults:
            self._tell(fault)
        uncovered = 0
        for sealed in _sealed.values():
            stored, name = sealed.unlinked()
            wanted = sum(self.before.get(action, 0) for action in sealed.actions)
            uncovered += stored
            if stored != wanted:
                facts = {"table": sealed.name, "found": stored, "wanted": wanted, "id": name}
                self.issues.append(Issue(SealedRowsCode.AUDIT_011, Place(sealed.name), facts))
        if self.more:
            self.issues.append(Issue(SealedRowsCode.AUDIT_012, facts={"count": self.more}))
        return self.issues, uncovered

    def _astray(self, sequence: int | None) -> None:
        """Tell of rows that name a row of the log before this one that has not come."""
        while self._next is not None and (sequence is None or self._next[0] < sequence):
            number, table, stored = self._next
            self._tell(Fault(SealedRowsCode.AUDIT_010, table, stored.name, number))
            self._next = next(self._rows, None)

    def _tell(self, fault: Fault) -> None:
        if len(self.issues) >= MOST_NAMED:
            self.more += 1
            return
        facts = {"id": fault.name, "table": fault.table, "row": fault.sequence}
        self.issues.append(Issue(fault.code, Place(fault.table), facts))


def _fits(stored: Stored, sealed: bytes, row: chain.Row) -> bool:
    is_same_write = (stored.at, stored.actor) == (row.at, row.actor)
    return is_same_write and stored.is_sound and sealed.hex()[:SEAL] == stored.seal


def _named(sealed: SealedTable) -> Iterator[tuple[int, str, Stored]]:
    return ((row.sequence, sealed.name, row) for row in sealed.rows())


def _place(sequence: int) -> Place:
    return Place("audit_entry", sequence)
