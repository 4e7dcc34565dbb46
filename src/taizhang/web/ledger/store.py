"""Writes settled records with all they state: rows in bulk, plain SQL for both databases.

One record from a phone and a hundred thousand from a file take this same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db.models import Max

from taizhang.core.unit import History
from taizhang.web.accounts.models import User
from taizhang.web.audit.models import SEAL
from taizhang.web.ledger.cube import Cells
from taizhang.web.ledger.entities import entities_retire, entities_write
from taizhang.web.ledger.models import Fact, Record
from taizhang.web.ledger.rows import ids_reserve, rows_insert
from taizhang.web.ledger.settle import New, Settled, chunks
from taizhang.web.quick import quick_cursor

RECORD_COLUMNS = (
    "id",
    "uid",
    "form",
    "pack_version",
    "unit",
    "date",
    "with_units",
    "answers",
    "digest",
    "replaces_id",
    "withdraws_id",
    "reason",
    "accepted_at",
    "accepted_by_id",
    "retired_at",
    "logged",
    "seal",
)
FACT_COLUMNS = (
    "record_id",
    "ordinal",
    "measure",
    "unit",
    "date",
    "month",
    "low",
    "high",
    "kind",
    "dims",
    "entity",
    "person",
    "joint",
    "accepted_at",
    "retired_at",
)
#: Where the parts of :data:`.judge.FactRow` that a cube cell needs stand.
CELL_OF_ROW = itemgetter(1, 2, 4, 5, 6, 7, 8, 11)
CELL_COLUMNS = ("measure", "unit", "month", "low", "high", "kind", "dims", "joint")


def store(settled: Settled, history: History, acting_user: User, now: datetime) -> int:
    """Write new records, their facts, cells and entity states; give the number of facts.

    Runs inside the lock of writers; ``pk`` of each new record is set.
    """
    if not settled.new:
        return 0
    write = Writer()
    cells = Cells()
    with quick_cursor() as cursor:
        keys = ids_reserve(cursor, "ledger_record", len(settled.new))
        for new, pk in zip(settled.new, keys, strict=True):
            new.pk = pk
            if not new.retired:
                cells.add(map(CELL_OF_ROW, new.judged.facts))
        if settled.retired:
            _retire(settled.retired, now)
        records = write.records(settled.new, acting_user.pk, now)
        rows_insert(cursor, "ledger_record", RECORD_COLUMNS, records)
        rows_insert(cursor, "ledger_fact", FACT_COLUMNS, write.facts(settled.new, now))
        cells.put(cursor)
    entities_write(settled.new, history, now)
    return sum(len(new.judged.facts) for new in settled.new)


def moment_of(settled: Settled, now: datetime) -> datetime:
    """Give the moment of acceptance: ``now``, but never before what goes out was accepted.

    A clock that was put back, or a second server whose clock is behind, would else end a record
    before it began.  The row of the log bears the same moment.
    """
    latest = [
        Record.objects.filter(pk__in=some).aggregate(Max("accepted_at"))["accepted_at__max"]
        for some in chunks(settled.retired)
    ]
    return max([now, *latest])


class Writer:
    """Turns records and facts into rows as the database at work takes them."""

    def __init__(self) -> None:
        adapt = connection.ops.adapt_datefield_value
        self.day: Callable[[date], Any] = lru_cache(maxsize=8192)(adapt)
        self.moment: Callable[[datetime | None], Any] = connection.ops.adapt_datetimefield_value

    def records(self, new: Iterable[New], user: int, moment: datetime) -> Iterator[tuple[Any, ...]]:
        """Give the rows of ``ledger_record``."""
        now = self.moment(moment)
        for one in new:
            said = one.judged
            target = None if one.target is None else one.target.pk
            yield (
                one.pk,
                said.uid,
                said.form,
                said.version,
                said.unit,
                self.day(said.date),
                " ".join(said.with_units),
                said.answers,
                said.digest,
                target if said.replaces else None,
                target if said.withdraws else None,
                said.reason,
                now,
                user,
                now if one.retired else None,
                one.logged,
                said.seal.hex()[:SEAL],
            )

    def facts(self, new: Iterable[New], moment: datetime) -> Iterator[tuple[Any, ...]]:
        """Give the rows of ``ledger_fact``."""
        now = self.moment(moment)
        for one in new:
            gone = now if one.retired else None
            pk = one.pk
            for row in one.judged.facts:
                yield (pk, *row[:3], self.day(row[3]), *row[4:], now, gone)


def _retire(pks: Sequence[int], now: datetime) -> None:
    """Take the facts of stored records out of the cube and mark all that they stated."""
    for some in chunks(pks):
        rows = (
            Fact.objects.filter(record_id__in=some, retired_at=None)
            .order_by("record_id", "ordinal", "unit")
            .values_list("record_id", *CELL_COLUMNS)
        )
        cells = Cells()
        for _, of_record in groupby(rows.iterator(), key=itemgetter(0)):
            cells.add(row[1:] for row in of_record)
        cells.take()
        Fact.objects.filter(record_id__in=some, retired_at=None).update(retired_at=now)
        Record.objects.filter(pk__in=some, retired_at=None).update(retired_at=now)
    entities_retire(pks, now)
