"""The one write of the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from django.conf import settings
from django.db import connection, transaction

from taizhang.web.audit import chain, snapshot
from taizhang.web.audit.models import Head
from taizhang.web.base.raw_cursor import raw_cursor


class Actor(Protocol):
    """Whoever acts; the users of the accounts app fit."""

    @property
    def pk(self) -> int:
        """Give the id that the log keeps."""
        ...


_HEAD = "SELECT count, digest FROM audit_head WHERE id = 1"
#: One writer at a time: PostgreSQL locks the head's row, SQLite's transaction holds the whole file.
_LOCK = {"sqlite": _HEAD, "postgresql": f"{_HEAD} FOR UPDATE"}


class _Keys(Protocol):
    """The instance at work, which settings hand down: it reads its own keys."""

    def key(self, name: str) -> bytes: ...


@lru_cache(maxsize=8)
def _key(instance: _Keys) -> bytes:
    return instance.key("audit")


def audit_key() -> bytes:
    """Give the key of the instance at work.

    :raises Refused: INSTANCE_005 when it is missing
    """
    return _key(settings.TAIZHANG_INSTANCE)


def seal(content: str) -> bytes:
    """Give the keyed digest of the canonical text of one row; can be taken before any lock.

    :raises Refused: INSTANCE_005 when the key is missing
    """
    return chain.keyed(audit_key(), content.encode())


def audit_append(
    *,
    actor: Actor | None,
    action: str,
    objects: Sequence[str],
    contents: Iterable[str] = (),
    seals: Sequence[bytes] = (),
    rows: snapshot.Rows | None = None,
    now: datetime,
) -> int:
    """Append one row to the log, inside the transaction of its write, and give its number.

    What is written is told by ``rows``, which are read again, so it is called after they were
    written; by ``seals`` where each stored row keeps this number and its seal
    (:class:`.models.SealedRow`), for the many rows of the ledger; or, where no row is left that
    could be verified, by ``contents``.

    :param actor: the acting user, ``None`` for the software itself
    :param action: what was done, ``noun.verb``
    :param objects: ids of what was written (for a batch the id of the batch, or first and last)
    :param contents: canonical texts of what was written, in order; only their keyed digest is kept
    :param seals: from :func:`seal`, of the rows written, in the order of their keys
    :param rows: keys of the rows written, changed or deleted, by their table, which is registered
        with :mod:`.snapshot`
    :raises RuntimeError: outside a transaction
    """
    if not connection.in_atomic_block:
        raise RuntimeError("audit_append must stand inside the transaction of its write")
    key = audit_key()
    entries = snapshot.states_of(key, rows) if rows else []
    if entries:
        seals = snapshot.entry_seals(key, entries)
    if seals:
        digest, covered = chain.seals_digest(key, seals), len(seals)
    else:
        digest, covered = chain.contents_digest(key, contents)
    sequence = _row_append(
        key,
        at=chain.moment_text(now),
        actor=None if actor is None else actor.pk,
        action=action,
        objects=chain.objects_text(objects),
        covered=covered,
        digest=digest,
        linked=bool(seals),
    )
    if entries:
        snapshot.states_write(sequence, entries)
    return sequence


def _row_append(key: bytes, **content: Any) -> int:
    """Write the row that follows the head, and the head; give the number of the row."""
    # Plain SQL: every record passes here, and objects would take three times as long.
    with raw_cursor() as cursor:
        cursor.execute(_LOCK[connection.vendor])
        count, previous = cursor.fetchone()
        row = chain.Row(sequence=count + 1, previous=previous, **content)
        hashed = chain.row_hash(key, row)
        cursor.execute(
            "INSERT INTO audit_entry "
            "(sequence, at, actor, action, objects, count, digest, previous, linked, hash) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (*row, hashed),
        )
        cursor.execute(
            "UPDATE audit_head SET count = %s, digest = %s WHERE id = 1", (row.sequence, hashed)
        )
    return row.sequence


def write_lock() -> None:
    """Take the whole store for writing until the transaction ends: one writer at a time.

    Whoever looks before writing (is there room, is the name free) calls this before looking.
    SQLite gave the lock when the transaction began; on PostgreSQL everybody locks the head of the
    log, which each write needs in the end: after its locks of rows, never before, so that no two
    writers can wait for each other.
    """
    if connection.features.has_select_for_update:
        Head.objects.select_for_update().get(pk=1)


@transaction.atomic
def rows_cover(now: datetime) -> int:
    """Have the log know the rows of tables that it did not keep before; give how many.

    A version that keeps more tables calls this when it brings an instance up to date.  The rows are
    taken as they are found, and a row of the log says when.
    """
    write_lock()
    rows = snapshot.rows_unkept()
    if rows:
        tables = sorted(model._meta.db_table for model in rows)
        audit_append(actor=None, action="audit.cover", objects=tables, rows=rows, now=now)
    return sum(map(len, rows.values()))
