"""The one write of the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from django.conf import settings
from django.db import transaction

from taizhang.web.audit import chain
from taizhang.web.audit.models import Entry, Head
from taizhang.web.home import Home


class Actor(Protocol):
    """Whoever acts; the users of the accounts app fit."""

    @property
    def pk(self) -> int:
        """Give the id that the log keeps."""
        ...


@lru_cache(maxsize=8)
def _key(home: Home) -> bytes:
    return home.key("audit")


def audit_key() -> bytes:
    """Give the key of the instance at work.

    :raises Refused: INSTANCE_005 when it is missing
    """
    return _key(settings.TAIZHANG_INSTANCE)


def audit_append(
    *,
    actor: Actor | None,
    action: str,
    objects: Sequence[str],
    contents: Iterable[str] = (),
    now: datetime,
) -> Entry:
    """Append one row to the log, inside the transaction of the write that it tells of.

    :param actor: the acting user, ``None`` for the software itself
    :param action: what was done, ``noun.verb``
    :param objects: ids of what was written (for a batch the id of the batch, or first and last)
    :param contents: canonical texts of what was written, in order; only their keyed digest is kept
    :raises RuntimeError: outside a transaction
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("audit_append must stand inside the transaction of its write")
    key = audit_key()
    digest, count = chain.contents_digest(key, contents)
    head = Head.objects.select_for_update().get(pk=1)
    row = chain.Row(
        sequence=head.count + 1,
        at=chain.moment_text(now),
        actor=None if actor is None else actor.pk,
        action=action,
        objects=chain.objects_text(objects),
        covered=count,
        digest=digest,
        previous=head.digest,
    )
    entry = Entry(
        sequence=row.sequence,
        at=row.at,
        actor=row.actor,
        action=row.action,
        objects_text=row.objects,
        count=row.covered,
        digest=row.digest,
        previous=row.previous,
        hash=chain.row_hash(key, row),
    )
    entry.save(force_insert=True)
    Head.objects.filter(pk=1).update(count=entry.sequence, digest=entry.hash)
    return entry
