"""The arithmetic of the chain: keyed digests (HMAC-SHA256) of contents and of rows."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

#: What the first row follows.
START = "0" * 64


def keyed(key: bytes, content: bytes) -> bytes:
    """Give the keyed digest of ``content``, 32 bytes."""
    return hmac.digest(key, content, "sha256")


def contents_digest(key: bytes, contents: Iterable[str]) -> tuple[str, int]:
    """Give the keyed digest over the ordered digests of ``contents``, and how many there are.

    One write of many records is one row of the log: its digest changes when a content changes,
    comes, goes or moves.
    """
    seals = [keyed(key, content.encode()) for content in contents]
    return seals_digest(key, seals), len(seals)


def seals_digest(key: bytes, seals: Iterable[bytes]) -> str:
    """Give the keyed digest over the digests of contents, in order."""
    return keyed(key, b"".join(seals)).hex()


def moment_text(moment: datetime) -> str:
    """Write a moment in UTC with microseconds, always of one length."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.isoformat(timespec="microseconds")[:26] + "Z"


def objects_text(objects: Sequence[str]) -> str:
    """Write ids as compact JSON."""
    return _ENCODER.encode(list(objects))


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Row(NamedTuple):
    """What a row says: everything its hash covers, in this order."""

    sequence: int
    at: str
    actor: int | None
    action: str
    objects: str
    covered: int
    digest: str
    previous: str
    linked: bool = False  # each stored row that it covers names it


def row_hash(key: bytes, row: Row) -> str:
    """Give the hash of a row: it covers every column and, through ``previous``, all rows before.

    It is keyed, so that who changes the table cannot forge the rows after without the key.
    ``objects`` is JSON, which keeps the separator escaped; no other part can hold it.
    """
    parts = [*map(str, row[:-1])]
    if row.linked:  # a row of an older version says nothing of it
        parts.append("linked")
    return keyed(key, "\x1f".join(parts).encode()).hex()
