"""Persistence of a batch with all it states: rows in bulk, plain SQL for both databases.

One record from a phone and a hundred thousand from a file take this same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Max

from taizhang.core.unit.tree import History
from taizhang.web.accounts.models import User
from taizhang.web.audit.models import SEAL
from taizhang.web.base.bulk import Adapter, chunks, ids_reserve, rows_insert
from taizhang.web.base.raw_cursor import raw_cursor
from taizhang.web.ledger import models
from taizhang.web.ledger.accept.resolve import Batch, PendingRecord
from taizhang.web.ledger.facts.credit import asked_since
from taizhang.web.ledger.facts.cube import Cells
from taizhang.web.ledger.facts.persist import (
    Stated,
    cells_add,
    cells_take,
    entities_retire,
    entities_write,
)
from taizhang.web.ledger.facts.stored_fact import CELL_COLUMNS, FACT_COLUMNS, cell_part, fact_rows


class RecordRow(NamedTuple):
    """The columns of ``ledger_record``, with days and moments as the database takes them."""

    id: int
    uid: str
    form: str
    pack_version: str
    unit: str
    date: Any
    with_units: str
    answers: str
    digest: str
    replaces_id: int | None
    withdraws_id: int | None
    reason: str
    accepted_at: Any
    accepted_by_id: int
    retired_at: Any
    logged: int
    seal: str
    case_uid: str
    step: str
    hour: Any
    doer: str


def persist(batch: Batch, history: History, acting_user: User, now: datetime) -> int:
    """Write pending records, their facts, cells and entity states; give the number of facts.

    Runs inside the lock of writers; ``pk`` of each pending record is set.
    """
    if not batch.pending:
        return 0
    adapter = Adapter()
    cells = Cells()
    with raw_cursor() as cursor:
        keys = ids_reserve(cursor, "ledger_record", len(batch.pending))
        for pending, pk in zip(batch.pending, keys, strict=True):
            pending.pk = pk
            if not pending.retired:
                cells.add(map(cell_part, pending.facts))
        if batch.retired:
            _retire(batch.retired, now)
        moment = adapter.moment(now)
        records = _record_rows(batch.pending, acting_user.pk, adapter, moment)
        rows_insert(cursor, "ledger_record", RecordRow._fields, records)
        facts = _fact_rows(batch.pending, adapter, moment)
        rows_insert(cursor, "ledger_fact", FACT_COLUMNS, facts)
        cells_add(cells, cursor)
    entities_write(_stated(batch.pending), history, now)
    return sum(len(pending.facts) for pending in batch.pending)


def moment_of(batch: Batch, now: datetime) -> datetime:
    """Give the moment of acceptance: ``now``, but never before what goes out was accepted.

    A clock that was put back, or a second server whose clock is behind, would else end a record
    before it began.  The row of the log bears the same moment.
    """
    latest = [
        models.Record.objects.filter(pk__in=some).aggregate(Max("accepted_at"))["accepted_at__max"]
        for some in chunks(batch.retired)
    ]
    if any(pending.valid.content.credited for pending in batch.pending):
        # Nor before units are asked for what is credited to them.
        latest += [since for since in (asked_since(),) if since is not None]
    return max([now, *latest])


def _record_rows(
    records: Iterable[PendingRecord], user: int, adapter: Adapter, moment: Any
) -> Iterator[RecordRow]:
    for pending in records:
        content = pending.valid.content
        target = None if pending.target is None else pending.target.pk
        yield RecordRow(
            id=pending.pk,
            uid=content.uid,
            form=content.form,
            pack_version=content.version,
            unit=content.unit,
            date=adapter.day(content.date),
            with_units=" ".join(content.with_units),
            answers=content.answers,
            digest=content.digest,
            replaces_id=target if content.replaces else None,
            withdraws_id=target if content.withdraws else None,
            reason=content.reason,
            accepted_at=moment,
            accepted_by_id=user,
            retired_at=moment if pending.retired else None,
            logged=pending.logged,
            seal=pending.valid.seal.hex()[:SEAL],
            case_uid=content.case_uid,
            step=content.step,
            hour=adapter.hour(content.hour),
            doer=content.doer,
        )


def _fact_rows(
    records: Iterable[PendingRecord], adapter: Adapter, moment: Any
) -> Iterator[tuple[Any, ...]]:
    for pending in records:
        retired = moment if pending.retired else None
        yield from fact_rows(pending.pk, pending.facts, adapter, moment, retired)


def _stated(records: Iterable[PendingRecord]) -> list[Stated]:
    return [
        Stated(
            pending.pk,
            pending.valid.home,
            pending.valid.content.date,
            pending.retired,
            update,
        )
        for pending in records
        for update in pending.valid.updates
    ]


def _retire(pks: Sequence[int], now: datetime) -> None:
    """Take the facts of stored records out of the cube and mark all that they stated."""
    for some in chunks(pks):
        facts = models.Fact.objects.filter(record_id__in=some, retired_at=None)
        rows = facts.order_by("record_id", "ordinal", "unit").values_list(
            "record_id", *CELL_COLUMNS
        )
        cells = Cells()
        for _, of_record in groupby(rows.iterator(), key=itemgetter(0)):
            cells.add(row[1:] for row in of_record)
        cells_take(cells)
        facts.update(retired_at=now)
        models.Record.objects.filter(pk__in=some, retired_at=None).update(retired_at=now)
    entities_retire(pks, now)
