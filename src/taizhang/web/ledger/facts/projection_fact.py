"""Facts that apps above the ledger state of its records, with moments of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from taizhang.web.base.bulk import Adapter, chunks, rows_insert
from taizhang.web.base.raw_cursor import raw_cursor
from taizhang.web.ledger.facts.cube import Cells
from taizhang.web.ledger.facts.persist import cells_add, cells_take
from taizhang.web.ledger.facts.stored_fact import FACT_COLUMNS, StoredFact, cell_part, fact_rows
from taizhang.web.ledger.models import Fact


class DerivedFact(NamedTuple):
    """A fact beside those that counting rules give; its ordinal lies behind theirs."""

    record: int  # its key
    fact: StoredFact
    accepted_at: datetime
    retired_at: datetime | None


def derived_write(
    records: Collection[int], wanted: Iterable[DerivedFact], first_ordinal: int
) -> int:
    """Have these records state these facts from an ordinal on; give how many were put in.

    Runs inside the lock of writers.  Only what differs is written, in the cube as well.
    """
    made = set(wanted)
    stored = {fact for some in chunks(sorted(records)) for fact in _stored(some, first_ordinal)}
    gone, come = stored - made, made - stored
    if not gone and not come:
        return 0
    adapter = Adapter()
    with raw_cursor() as cursor:
        cells_take(cells_of(gone))
        keys = [(old.record, old.fact.ordinal, old.fact.unit) for old in gone]
        cursor.executemany(_DELETE, keys)
        rows_insert(cursor, "ledger_fact", FACT_COLUMNS, derived_rows(come, adapter))
        cells_add(cells_of(come), cursor)
    return len(come)


_DELETE = "DELETE FROM ledger_fact WHERE record_id = %s AND ordinal = %s AND unit = %s"


def _stored(records: Collection[int], first_ordinal: int) -> Iterator[DerivedFact]:
    rows = Fact.objects.filter(record_id__in=records, ordinal__gte=first_ordinal)
    for record, *fact, accepted, retired in rows.values_list(*FACT_COLUMNS):
        yield DerivedFact(record, StoredFact(*fact), accepted, retired)


def derived_rows(facts: Iterable[DerivedFact], adapter: Adapter) -> Iterator[tuple[Any, ...]]:
    """Give the rows of ``ledger_fact``, in one order."""
    for record, fact, accepted, retired in sorted(facts, key=_by_record):
        moments = adapter.moment(accepted), adapter.moment(retired)
        yield from fact_rows(record, (fact,), adapter, *moments)


def cells_of(facts: Iterable[DerivedFact]) -> Cells:
    """Give the cells of the month cube of those that stand."""
    cells = Cells()
    live = sorted((fact for fact in facts if fact.retired_at is None), key=_by_record)
    for _, own in groupby(live, key=lambda fact: fact.record):
        cells.add(cell_part(fact.fact) for fact in own)
    return cells


def _by_record(fact: DerivedFact) -> tuple[int, int, str]:
    return fact.record, fact.fact.ordinal, fact.fact.unit
