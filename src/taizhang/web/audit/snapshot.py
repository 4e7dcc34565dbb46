"""Snapshots of tables whose rows may change: the log keeps each as its last write left it.

A write names the rows that it touched (``audit_append(..., rows={Model: keys})``).  Each of them
is read again, and the keyed digest of what is stored, '' for a row that is gone, goes into
``audit_state`` beside the number of the row of the log, whose own digest covers those states.  So
the table of states cannot be changed without the key, and what is stored must be as the last state
of each row says: a row changed, taken away or put in by hand is named.

An app registers its tables when Django starts; the app below it, the log, knows none by name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import models

from taizhang.web.audit import chain
from taizhang.web.audit.code import SealedRowsCode
from taizhang.web.audit.models import State
from taizhang.web.audit.sealed_rows import Fault, SealedTable, Stored
from taizhang.web.base.bulk import chunks
from taizhang.web.base.raw_cursor import raw_cursor

#: Rows that one query names, and rows that are read at once.
_LOT = 5000


class Text(NamedTuple):
    """A stored row: its key, how people know it, and its canonical text."""

    key: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class SnapshotTable:
    """A table as the log keeps it; ``read`` gives the rows of some keys, all without keys."""

    name: str
    read: Callable[[Sequence[object] | None], Iterator[Text]]
    columns: tuple[str, ...]  # what is kept of each row


_tables: dict[type[models.Model], SnapshotTable] = {}
#: Keys of rows by their table.
Rows = Mapping[type[models.Model], Iterable[object]]


def snapshot_register(
    model: type[models.Model],
    *names: str,
    columns: Sequence[str] = (),
    where: Mapping[str, object] | None = None,
    former: Mapping[str, Mapping[object, object]] | None = None,
) -> None:
    """Have the log keep each row of a table, every column of it.

    A column without a value says nothing, so that rows written before a later version added it
    stay as the log knows them.

    :param names: columns by which people know a row; its key without
    :param columns: those that are kept, where a library writes the others at any time
    :param where: what rows must be to be kept; others are as if they were not there
    :param former: by column, what an earlier version stored for what is stored now: the log, which
        is never rewritten, goes on telling that
    """
    told_of = tuple(columns) or tuple(field.attname for field in model._meta.concrete_fields)

    def read(keys: Sequence[object] | None) -> Iterator[Text]:
        rows = model._default_manager.filter(**(where or {})).order_by("pk")
        for some in [None] if keys is None else chunks(keys, _LOT):
            chosen = rows if some is None else rows.filter(pk__in=some)
            for pk, *values in chosen.values_list("pk", *told_of).iterator(_LOT):
                told = dict(zip(told_of, values, strict=True))
                for column, was in (former or {}).items():
                    told[column] = was.get(told[column], told[column])
                name = " ".join(str(told[column]) for column in names).strip() or str(pk)
                yield Text(str(pk), name, _canonical(told))

    _tables[model] = SnapshotTable(model._meta.db_table, read, told_of)


def snapshot_whole_register(model: type[models.Model], *columns: str) -> None:
    """Have the log keep a table that is always written anew as one thing, whose key is ''.

    :param columns: what its rows say, in the order by which they are read; their keys say nothing
    """
    table = model._meta.db_table

    def read(keys: Sequence[object] | None) -> Iterator[Text]:
        digest = hashlib.sha256()
        count = 0
        rows = model._default_manager.order_by(*columns).values_list(*columns)
        for count, row in enumerate(rows.iterator(_LOT), 1):  # noqa: B007 - told below
            digest.update(_ENCODER.encode(row).encode() + b"\n")
        if count or keys is not None:
            yield Text("", table, digest.hexdigest())

    _tables[model] = SnapshotTable(table, read, columns)


def snapshot_models() -> frozenset[type[models.Model]]:
    """Give every registered table."""
    return frozenset(_tables)


def snapshot_columns(model: type[models.Model]) -> tuple[str, ...]:
    """Name the columns of a registered table that the log keeps."""
    return _tables[model].columns


def _canonical(told: Mapping[str, object]) -> str:
    return _ENCODER.encode({name: value for name, value in told.items() if value is not None})


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return chain.moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return hashlib.sha256(value).hexdigest()
    raise TypeError(f"{type(value).__name__} is in no table")


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
)


#: The state of a row that is gone.
GONE = ""
#: Table, key, state.
Entry = tuple[str, str, str]


def states_of(key: bytes, rows: Rows) -> list[Entry]:
    """Read rows as they are stored now and give the state of each, in the order they are named.

    :param rows: keys of rows that a write touched, by their table
    :raises LookupError: for a table that is not registered
    """
    entries: list[Entry] = []
    for model, keys in rows.items():
        table = _tables[model]
        wanted = list(dict.fromkeys(keys))
        now = {row.key: _state(key, table.name, row) for row in table.read(wanted)}
        entries += [(table.name, str(row_key), now.get(str(row_key), GONE)) for row_key in wanted]
    return entries


def _state(key: bytes, table: str, row: Text) -> str:
    return chain.keyed(key, f"{table}\x1f{row.key}\x1f{row.text}".encode()).hex()


def _content(entry: Entry) -> str:
    return "\x1f".join(entry)


def entry_seals(key: bytes, entries: Iterable[Entry]) -> list[bytes]:
    """Give the keyed digests of entries, over which goes the digest of their row of the log."""
    return [chain.keyed(key, _content(entry).encode()) for entry in entries]


def states_write(sequence: int, entries: Sequence[Entry]) -> None:
    """Store the states that the row ``sequence`` of the log covers."""
    with raw_cursor() as cursor:
        cursor.executemany(
            'INSERT INTO audit_state (sequence, ordinal, "table", "key", state) '
            "VALUES (%s, %s, %s, %s, %s)",
            [(sequence, ordinal, *entry) for ordinal, entry in enumerate(entries)],
        )


def _states() -> Iterator[tuple[int, Entry]]:
    """Give all states in the order in which they were written."""
    columns = ("sequence", "table", "key", "state")
    rows = State.objects.order_by("sequence", "ordinal").values_list(*columns)
    for sequence, *entry in rows.iterator(_LOT):
        yield sequence, (entry[0], entry[1], entry[2])


def _stored() -> Iterator[Stored]:
    for sequence, entry in _states():
        yield Stored(sequence, f"{entry[0]} {entry[1]}", _content(entry))


#: The states themselves, as rows that name a row of the log for ever.
STATES = SealedTable(
    name=State._meta.db_table,
    actions=frozenset(),
    rows=_stored,
    unlinked=lambda: (0, "-"),  # a state without a row of the log cannot be stored
)


def faults(key: bytes) -> Iterator[Fault]:
    """Compare what is stored in the registered tables with the last state of each row."""
    latest = {(table, name): (sequence, state) for sequence, (table, name, state) in _states()}
    for snapshot in _tables.values():
        for row in snapshot.read(None):
            sequence, state = latest.pop((snapshot.name, row.key), (0, GONE))
            if not sequence:
                yield Fault(SealedRowsCode.AUDIT_013, snapshot.name, row.name)
            elif state != _state(key, snapshot.name, row):
                yield Fault(SealedRowsCode.AUDIT_008, snapshot.name, row.name, sequence)
    for (table, name), (sequence, state) in latest.items():
        if state != GONE:
            yield Fault(SealedRowsCode.AUDIT_014, table, name or table, sequence)


def rows_unkept() -> Mapping[type[models.Model], Sequence[str]]:
    """Give the keys of rows in tables of which the log has no state yet: an older version's."""
    known = set(State.objects.values_list("table", flat=True).distinct())
    unkept = {}
    for model, table in _tables.items():
        if table.name not in known and (keys := [row.key for row in table.read(None)]):
            unkept[model] = keys
    return unkept
