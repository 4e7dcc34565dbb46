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

from taizhang.core.unit import History
from taizhang.web.accounts.models import User
from taizhang.web.ledger.cube import Cells
from taizhang.web.ledger.entities import entities_retire, entities_write
from taizhang.web.ledger.models import Fact, Record
from taizhang.web.ledger.settle import New, Settled, chunks
from taizhang.web.ledger.submission import canonical

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


def insert_sql(table: str, columns: Sequence[str]) -> str:
    """Give the INSERT of one row."""
    places = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608


INSERT_RECORD = insert_sql("ledger_record", RECORD_COLUMNS)
INSERT_FACT = insert_sql("ledger_fact", FACT_COLUMNS)


def rows_insert(sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows in lots, so that not all of them stand in memory at once."""
    with connection.cursor() as cursor:
        for some in chunks(rows):
            cursor.executemany(sql, some)


def store(settled: Settled, history: History, acting_user: User, now: datetime) -> int:
    """Write new records, their facts, cells and entity states; give the number of facts.

    Runs inside the ledger's lock; ``pk`` of each new record is set.
    """
    if not settled.new:
        return 0
    for new, pk in zip(settled.new, ids_reserve("ledger_record", len(settled.new)), strict=True):
        new.pk = pk
    write = Writer()
    _retire(settled.retired, now)
    rows_insert(INSERT_RECORD, write.records(settled.new, acting_user.pk, now))
    rows_insert(INSERT_FACT, write.facts(settled.new, now))
    cells = Cells()
    for new in settled.new:
        if not new.retired:
            cells.add(map(CELL_OF_ROW, new.judged.facts))
    cells.put()
    entities_write(settled.new, history, now)
    return sum(len(new.judged.facts) for new in settled.new)


def ids_reserve(table: str, count: int) -> Sequence[int]:
    """Give ``count`` free primary keys of a table; needs the ledger's lock."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}")  # noqa: S608
            last = cursor.fetchone()[0]
            return range(last + 1, last + 1 + count)
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, count],
        )
        return [row[0] for row in cursor.fetchall()]


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
            )

    def facts(self, new: Iterable[New], moment: datetime) -> Iterator[tuple[Any, ...]]:
        """Give the rows of ``ledger_fact``."""
        now = self.moment(moment)
        for one in new:
            gone = now if one.retired else None
            pk = one.pk
            for row in one.judged.facts:
                yield (pk, *row[:3], self.day(row[3]), *row[4:], now, gone)


def content_text(new: New) -> str:
    """Give the canonical text of a stored record, whose keyed digest the log keeps."""
    said = new.judged
    return canonical(
        (
            said.uid,
            said.form,
            said.version,
            said.unit,
            said.date,
            said.with_units,
            said.answers,
            said.replaces,
            said.withdraws,
            said.reason,
        )
    )


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
