"""Rows of what records state: cells of the month cube, entities and their states.

Called in the transaction that accepts a record, and by the rebuild, inside the lock of writers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.backends.utils import CursorWrapper

from taizhang.core.base.issue import Issue, Refused
from taizhang.core.unit.tree import History
from taizhang.web.base.bulk import Adapter, chunks, ids_reserve, places, rows_insert
from taizhang.web.base.raw_cursor import raw_cursor
from taizhang.web.ledger.code import FactsCode
from taizhang.web.ledger.facts.cube import CUBE_COLUMNS, KEY_COLUMNS, SUM_COLUMNS, Cells
from taizhang.web.ledger.facts.entity import EntityUpdate, Name, before_of, owner_of
from taizhang.web.ledger.models import Entity, EntityState

_ADD = ", ".join(f"{name} = stored.{name} + excluded.{name}" for name in SUM_COLUMNS)
_ADDED = f" ON CONFLICT ({', '.join(KEY_COLUMNS)}) DO UPDATE SET {_ADD}"
_WHERE = " AND ".join(f"{name} = %s" for name in KEY_COLUMNS)
_EMPTY = f"DELETE FROM ledger_cube WHERE {_WHERE} AND facts = %s"  # noqa: S608 - names above only
_TAKE = (
    f"UPDATE ledger_cube SET {', '.join(f'{name} = {name} - %s' for name in SUM_COLUMNS)} "  # noqa: S608
    f"WHERE {_WHERE} AND facts > %s"
)


def cells_add(cells: Cells, cursor: CursorWrapper, table: str = "ledger_cube") -> None:
    """Add sums to the stored cells."""
    # In one order, whoever writes.
    rows = [(*key, *cells.sums[key]) for key in sorted(cells.sums)]
    rows_insert(cursor, f"{table} AS stored", CUBE_COLUMNS, rows, _ADDED)


def cells_take(cells: Cells) -> None:
    """Take sums from the stored cells; a cell without facts goes.

    :raises Refused: FACTS_002 when a cell is not there, so that nothing is hidden
    """
    if not cells.sums:
        return
    keys = sorted(cells.sums)
    with connection.cursor() as cursor:
        cursor.executemany(_EMPTY, [(*key, cells.sums[key][2]) for key in keys])
        gone = cursor.rowcount
        changes: list[tuple[Any, ...]] = [
            (*cells.sums[key], *key, cells.sums[key][2]) for key in keys
        ]
        cursor.executemany(_TAKE, changes)
        if gone + cursor.rowcount != len(keys):
            raise Refused([Issue(FactsCode.FACTS_002)])


#: The state of an entity that stands, for a statement about ``ledger_entity``.
LATEST = (
    "SELECT s.id, s.due FROM ledger_entitystate s WHERE s.entity_id = ledger_entity.id "
    "AND s.retired_at IS NULL ORDER BY s.date DESC, s.id DESC LIMIT 1"
)
ENTITY_COLUMNS = ("id", "dataset", "unit", "key")
STATE_COLUMNS = (
    "entity_id",
    "record_id",
    "unit",
    "date",
    "label",
    "properties",
    "due",
    "accepted_at",
    "retired_at",
)
#: So many things or units are named in one plain query; more go in lots.
FEW = 100


class Stated(NamedTuple):
    """What a stored record says about one entity."""

    record: int  # its key
    unit: str
    date: date
    retired: bool  # a later record of the same file replaced or withdrew it
    update: EntityUpdate


def entities_write(stated: Sequence[Stated], history: History, now: datetime) -> None:
    """Write what new records say about entities, making those that are named first."""
    if not stated:
        return
    before = {
        (unit, day): before_of(unit, day, history)
        for unit, day in {(state.unit, state.date) for state in stated}
    }
    units = {unit for unit, _ in before} | {code for codes in before.values() for code in codes}
    datasets = {state.update.dataset for state in stated}
    known = _known(datasets, units, {state.update.key for state in stated})
    owners: list[Name] = []
    fresh: dict[Name, None] = {}
    for state in stated:
        codes = (state.unit, *before[state.unit, state.date])
        names = [(state.update.dataset, code, state.update.key) for code in codes]
        owner = owner_of([name for name in names if name in known or name in fresh], names[0])
        owners.append(owner)
        if owner not in known:
            fresh[owner] = None
    with raw_cursor() as cursor:  # plain SQL: others wait for the lock
        keys = ids_reserve(cursor, "ledger_entity", len(fresh))
        known.update(zip(fresh, keys, strict=True))
        made = [(pk, *name) for name, pk in zip(fresh, keys, strict=True)]
        rows_insert(cursor, "ledger_entity", ENTITY_COLUMNS, made)
        rows = _state_rows([known[owner] for owner in owners], stated, now)
        rows_insert(cursor, "ledger_entitystate", STATE_COLUMNS, rows)
    _latest_set({known[name] for name in owners})


def _state_rows(
    entities: Iterable[int], stated: Iterable[Stated], now: datetime
) -> Iterator[tuple[Any, ...]]:
    """Give the rows of ``ledger_entitystate``."""
    adapter = Adapter()
    moment = adapter.moment(now)
    for entity, (record, unit, day, retired, update) in zip(entities, stated, strict=True):
        yield (
            entity,
            record,
            unit,
            adapter.day(day),
            update.label,
            update.properties,
            adapter.day(update.due),
            moment,
            moment if retired else None,
        )


def entities_retire(records: Sequence[int], now: datetime) -> None:
    """Take out what these records said about entities; what was said before stands again."""
    touched: set[int] = set()
    for keys in chunks(records):
        states = EntityState.objects.filter(record_id__in=keys, retired_at=None)
        entities = set(states.values_list("entity_id", flat=True))
        if entities:
            states.update(retired_at=now)
            touched |= entities
    _latest_set(touched)


def _known(
    datasets: Collection[str], units: Collection[str], keys: Collection[str]
) -> dict[Name, int]:
    known: dict[Name, int] = {}
    if len(keys) <= FEW and len(units) <= FEW:
        # Plain SQL: a record from a phone passes here while others wait.
        values = [*sorted(datasets), *sorted(units), *sorted(keys)]
        sql = (
            "SELECT id, dataset, unit, key FROM ledger_entity "  # noqa: S608 - places only
            f"WHERE dataset IN ({places(datasets)}) AND unit IN ({places(units)}) "
            f"AND key IN ({places(keys)})"
        )
        with raw_cursor() as cursor:
            cursor.execute(sql, values)
            return {(dataset, unit, key): pk for pk, dataset, unit, key in cursor.fetchall()}
    for some in chunks(sorted(keys)):
        rows = Entity.objects.filter(dataset__in=datasets, unit__in=units, key__in=some)
        known.update(
            ((dataset, unit, key), pk)
            for pk, dataset, unit, key in rows.values_list("pk", "dataset", "unit", "key")
        )
    return known


def _latest_set(entities: Iterable[int]) -> None:
    for some in chunks(sorted(entities), 500):
        with raw_cursor() as cursor:
            cursor.execute(
                f"UPDATE ledger_entity SET (latest_id, due) = ({LATEST}) "  # noqa: S608
                f"WHERE id IN ({places(some)})",
                some,
            )
