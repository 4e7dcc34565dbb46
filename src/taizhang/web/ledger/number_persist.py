"""The write of numbers that the ledger gives, sealed by one row of the log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from taizhang.web.audit.actions import Actor, audit_append, seal
from taizhang.web.audit.models import SEAL


def numbers_put(
    rows: Sequence[Any],
    text: Callable[[Any], str],
    action: str,
    acting_user: Actor | None,
    now: datetime,
    name: str = "uid",
) -> None:
    """Seal numbers with a row of the log and store them.

    :param text: gives the canonical text of a row
    :param name: the column by which the log knows it
    """
    rows = sorted(rows, key=lambda row: row.uid)
    seals = [seal(text(row)) for row in rows]
    logged = audit_append(
        actor=acting_user,
        action=action,
        objects=list(dict.fromkeys((getattr(rows[0], name), getattr(rows[-1], name)))),
        seals=seals,
        now=now,
    )
    for row, sealed in zip(rows, seals, strict=True):
        row.logged, row.seal = logged, sealed.hex()[:SEAL]
    type(rows[0])._default_manager.bulk_create(rows, batch_size=500)
