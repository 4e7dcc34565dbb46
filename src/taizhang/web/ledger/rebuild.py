"""Counts every fact, cube cell and state of a thing anew, and says where the stored ones differ.

Works record by record into two temporary tables, so that memory stays small however large the
ledger; the database compares.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection

from taizhang.core.counting import Counter
from taizhang.core.fact import Record as Submission
from taizhang.core.issue import Issue, Level, Refused
from taizhang.web.ledger.code import FactsCode, RecordCode
from taizhang.web.ledger.cube import CUBE_COLUMNS, Cells
from taizhang.web.ledger.entity_rebuild import MADE as STATES
from taizhang.web.ledger.entity_rebuild import (
    States,
    states_compare,
    states_put,
    states_replace,
    states_rows,
)
from taizhang.web.ledger.judge import FactRow, Rules, Said, answers_read, fact_row, rules, said_of
from taizhang.web.ledger.models import Cube, Fact, Record
from taizhang.web.ledger.rows import rows_insert
from taizhang.web.ledger.store import CELL_OF_ROW, FACT_COLUMNS, Writer
from taizhang.web.ledger.submission import canonical
from taizhang.web.moment import Tell, one_moment, untold
from taizhang.web.units.queries import history

AT_ONCE = 2000  # records in memory
FACTS, CELLS = "rebuilt_fact", "rebuilt_cube"
_FACTS = ", ".join(FACT_COLUMNS)
_CELLS = ", ".join(CUBE_COLUMNS)
_STORED = (
    *("pk", "form", "pack_version", "unit", "date", "with_units", "answers"),
    *("accepted_at", "retired_at"),
)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild found; ``issues`` says where the stored rows differed (a warning)."""

    digest: str
    records: int
    facts: int
    cells: int
    states: int  # of things
    issues: tuple[Issue, ...]


def rebuild() -> Rebuilt:
    """Count anew, compare, replace what differs; inside the lock of writers."""
    return _rebuilt(replaces=True)


def facts_agree() -> Rebuilt:
    """Count anew and compare at one moment; what differs is told and stays, and no writer waits."""
    with one_moment(scratch=True):
        return _rebuilt(replaces=False)


def _rebuilt(*, replaces: bool) -> Rebuilt:
    records = _count_anew(untold)
    facts, states = _compare(), states_compare()
    if replaces and facts:
        _replace()
    if replaces and states:
        states_replace()
    _tables_drop()
    digest, stored, cells, known = facts_digest()
    return Rebuilt(digest, records, stored, cells, known, (*facts, *states))


@dataclass(frozen=True, slots=True)
class Agreed:
    """What counting anew found: so many records were gone through, and FACTS_004 or nothing."""

    records: int
    issues: tuple[Issue, ...]


def facts_verify(tell: Tell = untold) -> Agreed:
    """Count anew and compare at one moment, and leave everything as it is; no writer waits."""
    with one_moment(scratch=True):
        records = _count_anew(tell)
        found = (*_compare(), *states_compare())
        _tables_drop()
    return Agreed(records, (Issue(FactsCode.FACTS_004),) if found else ())


def facts_digest() -> tuple[str, int, int, int]:
    """Give the digest over all facts, cells and states as stored, and how many there are of each.

    Rows are taken in the order of record ids, ordinals and units, and of the cells' and things'
    keys; keys that the database hands out do not enter, so that two ledgers that state the same
    agree.
    """
    digest = hashlib.sha256()
    counts = []
    names = [name for name in FACT_COLUMNS if name != "record_id"]
    facts = Fact.objects.order_by("record__uid", "ordinal", "unit")
    cells = Cube.objects.order_by("measure", "unit", "month", "dims")
    tables = (
        facts.values_list("record__uid", *names).iterator(chunk_size=5000),
        cells.values_list(*CUBE_COLUMNS).iterator(chunk_size=5000),
        *states_rows(),
    )
    for rows in tables:
        counts.append(0)
        for row in rows:
            digest.update(canonical([_plain(value) for value in row]).encode() + b"\n")
            counts[-1] += 1
        digest.update(b"\n")
    return digest.hexdigest(), counts[0], counts[1], counts[2]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def _tables_make() -> None:
    with connection.cursor() as cursor:
        for made, like, columns in (
            (FACTS, "ledger_fact", _FACTS),
            (CELLS, "ledger_cube", _CELLS),
        ):
            cursor.execute(f"DROP TABLE IF EXISTS {made}")
            cursor.execute(
                f"CREATE TEMPORARY TABLE {made} AS SELECT {columns} FROM {like} WHERE 1 = 0"  # noqa: S608
            )
        cursor.execute(f"CREATE UNIQUE INDEX {CELLS}_key ON {CELLS} (measure, unit, month, dims)")


def _tables_drop() -> None:
    with connection.cursor() as cursor:
        for made in (FACTS, CELLS, STATES):
            cursor.execute(f"DROP TABLE {made}")


def _count_anew(tell: Tell) -> int:
    """Put what every record states into temporary tables; give how many records there are."""
    _tables_make()
    states, ruling, write = States(history()), rules(), Writer()
    total = Record.objects.filter(withdraws=None).count()
    count = last = 0
    while True:
        found = Record.objects.filter(pk__gt=last, withdraws=None).order_by("pk")
        records = list(found.values_list(*_STORED)[:AT_ONCE])
        if not records:
            return count
        cells = Cells()
        rows: list[tuple[Any, ...]] = []
        told: list[tuple[Any, ...]] = []
        for record in records:
            stated, said = _facts(ruling, *record[:7])
            moments = (write.moment(record[-2]), write.moment(record[-1]))
            rows.extend(_rows(record[0], stated, write, moments))
            told.extend(states.rows(record[0], record[3], record[4], said, moments))
            if record[-1] is None:
                cells.add(map(CELL_OF_ROW, stated))
        states_put(told)
        with connection.cursor() as cursor:
            rows_insert(cursor, FACTS, FACT_COLUMNS, rows)
            cells.put(cursor, CELLS)
        count += len(records)
        last = records[-1][0]
        tell(count, total)


def _facts(
    rules: Rules,
    pk: int,
    form: str,
    version: str,
    unit: str,
    day: date,
    credited: str,
    answers: str,
) -> tuple[list[FactRow], tuple[Said, ...]]:
    desk = rules.desk(form, day, version)
    if desk is None:
        known = ", ".join(sorted(rules.programmes(day).forms))
        facts = {"form": form, "date": day, "known": known}
        raise Refused([Issue(RecordCode.RECORD_007, facts=facts)])
    counter: Counter = desk.counter
    record = Submission(
        id=str(pk),
        form=form,
        unit=unit,
        date=day,
        answers=answers_read(answers),
        with_units=tuple(credited.split()),
    )
    return [fact_row(fact) for fact in counter.facts(record)], said_of(record, desk.form)


def _rows(
    record: int, stated: list[FactRow], write: Writer, moments: tuple[Any, Any]
) -> Iterator[tuple[Any, ...]]:
    for row in stated:
        yield (record, *row[:3], write.day(row[3]), *row[4:], *moments)


def _difference(columns: str, stored: str, made: str) -> str:
    one, two = f"SELECT {columns} FROM {stored}", f"SELECT {columns} FROM {made}"  # noqa: S608
    return (
        f"SELECT * FROM ({one} EXCEPT {two}) AS more "  # noqa: S608
        f"UNION ALL SELECT * FROM ({two} EXCEPT {one}) AS less"
    )


def _compare() -> tuple[Issue, ...]:
    facts_sql = _difference(_FACTS, "ledger_fact", FACTS)
    cells_sql = _difference(_CELLS, "ledger_cube", CELLS)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*), MIN(record_id) FROM ({facts_sql}) AS found")  # noqa: S608
        facts, record = cursor.fetchone()
        cursor.execute(f"SELECT COUNT(*) FROM ({cells_sql}) AS found")  # noqa: S608
        cells = cursor.fetchone()[0]
    if not facts and not cells:
        return ()
    uid = Record.objects.values_list("uid", flat=True).get(pk=record) if record else "-"
    said = {"facts": facts, "cells": cells, "id": uid}
    return (Issue(FactsCode.FACTS_001, facts=said, level=Level.WARNING),)


def _replace() -> None:
    with connection.cursor() as cursor:
        for stored, made, columns, order in (
            ("ledger_fact", FACTS, _FACTS, "record_id, ordinal, unit"),
            ("ledger_cube", CELLS, _CELLS, "measure, unit, month, dims"),
        ):
            cursor.execute(f"DELETE FROM {stored}")  # noqa: S608
            cursor.execute(
                f"INSERT INTO {stored} ({columns}) "  # noqa: S608
                f"SELECT {columns} FROM {made} ORDER BY {order}"
            )
