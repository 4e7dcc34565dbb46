"""The temporary tables of a rebuild: filled record by record, compared, put in place.

Facts, cells and states as counted anew lie beside the stored ones; the database compares them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection

from taizhang.web.base.bulk import rows_insert
from taizhang.web.ledger.facts.cube import CUBE_COLUMNS, Cells
from taizhang.web.ledger.facts.persist import LATEST, cells_add
from taizhang.web.ledger.facts.stored_fact import FACT_COLUMNS

FACTS, CELLS, STATES = "rebuilt_fact", "rebuilt_cube", "rebuilt_state"
CREDITS = "rebuilt_credit"
CREDIT_COLUMNS = ("record_id", "unit", "state")
_CREDITS = ", ".join(CREDIT_COLUMNS)
_FACTS, _CELLS = ", ".join(FACT_COLUMNS), ", ".join(CUBE_COLUMNS)
#: Columns of a state that do not depend on keys handed out by the database, its entity first.
_STORED = (
    *("e.dataset", "e.unit AS owner", "e.key", "s.record_id", "s.unit", "s.date", "s.label"),
    *("s.properties", "s.due", "s.accepted_at", "s.retired_at"),
)
STATE_COLUMNS = tuple(name.rpartition(" ")[2].rpartition(".")[2] for name in _STORED)
_STATES = ", ".join(STATE_COLUMNS)
_STATE = ", ".join(STATE_COLUMNS[3:])
_SELECT = (
    f"SELECT {', '.join(_STORED)} FROM ledger_entitystate s "  # noqa: S608 - names above only
    "JOIN ledger_entity e ON e.id = s.entity_id"
)
_SAME = "made.dataset = entity.dataset AND made.owner = entity.unit AND made.key = entity.key"


def tables_make() -> None:
    """Make the temporary tables, empty."""
    with connection.cursor() as cursor:
        for table, rows in (
            (FACTS, f"SELECT {_FACTS} FROM ledger_fact"),  # noqa: S608 - names above only
            (CELLS, f"SELECT {_CELLS} FROM ledger_cube"),  # noqa: S608
            (STATES, _SELECT),
            (CREDITS, f"SELECT {_CREDITS} FROM ledger_credit"),  # noqa: S608
        ):
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
            cursor.execute(f"CREATE TEMPORARY TABLE {table} AS {rows} WHERE 1 = 0")
        cursor.execute(f"CREATE UNIQUE INDEX {CELLS}_key ON {CELLS} (measure, unit, month, dims)")


def tables_drop() -> None:
    """Drop the temporary tables."""
    with connection.cursor() as cursor:
        for table in (FACTS, CELLS, STATES, CREDITS):
            cursor.execute(f"DROP TABLE {table}")


def rows_put(
    facts: Iterable[tuple[Any, ...]],
    cells: Cells,
    states: Iterable[tuple[Any, ...]],
    credits_: Iterable[tuple[Any, ...]],
) -> None:
    """Put what some records state into the temporary tables."""
    with connection.cursor() as cursor:
        rows_insert(cursor, STATES, STATE_COLUMNS, states)
        rows_insert(cursor, FACTS, FACT_COLUMNS, facts)
        rows_insert(cursor, CREDITS, CREDIT_COLUMNS, credits_)
        cells_add(cells, cursor, CELLS)


class FactsDiffer(NamedTuple):
    """How many facts and cells are stored otherwise, and the key of the first record."""

    facts: int
    record: int | None
    cells: int


def facts_compare() -> FactsDiffer:
    """Compare stored facts and cells with those counted anew."""
    facts_sql = _difference(
        f"SELECT {_FACTS} FROM ledger_fact",  # noqa: S608 - names above only
        f"SELECT {_FACTS} FROM {FACTS}",  # noqa: S608
    )
    cells_sql = _difference(
        f"SELECT {_CELLS} FROM ledger_cube",  # noqa: S608
        f"SELECT {_CELLS} FROM {CELLS}",  # noqa: S608
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*), MIN(record_id) FROM ({facts_sql}) AS different")  # noqa: S608
        facts, record = cursor.fetchone()
        cursor.execute(f"SELECT COUNT(*) FROM ({cells_sql}) AS different")  # noqa: S608
        return FactsDiffer(facts, record, cursor.fetchone()[0])


def credits_compare() -> int:
    """Give how many credits of units stand otherwise than their answers say."""
    sql = _difference(
        f"SELECT {_CREDITS} FROM ledger_credit",  # noqa: S608 - names above only
        f"SELECT {_CREDITS} FROM {CREDITS}",  # noqa: S608
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({sql}) AS different")  # noqa: S608
        return int(cursor.fetchone()[0])


def states_compare() -> tuple[int, int]:
    """Give how many states differ from those told anew, and how many entities stand otherwise."""
    states_sql = _difference(_SELECT, f"SELECT {_STATES} FROM {STATES}")  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({states_sql}) AS different")  # noqa: S608
        states = cursor.fetchone()[0]
        cursor.execute(_STALE)
        return states, cursor.fetchone()[0]


def _difference(stored: str, made: str) -> str:
    return (
        f"SELECT * FROM ({stored} EXCEPT {made}) AS more "  # noqa: S608 - statements above only
        f"UNION ALL SELECT * FROM ({made} EXCEPT {stored}) AS less"
    )


def facts_replace() -> None:
    """Put facts and cells counted anew in the place of those stored."""
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


def credits_replace() -> None:
    """Put credits told anew in the place of those stored."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_credit")
        cursor.execute(
            f"INSERT INTO ledger_credit ({_CREDITS}) "  # noqa: S608 - names above only
            f"SELECT {_CREDITS} FROM {CREDITS} ORDER BY record_id, unit"
        )


def states_replace() -> None:
    """Put states told anew in the place of those stored."""
    with connection.cursor() as cursor:
        for statement in _REPLACE:
            cursor.execute(statement)


_LATEST_ID = LATEST.replace("s.id, s.due", "s.id", 1)
_LATEST_DUE = LATEST.replace("s.id, s.due", "s.due", 1)
#: Entities whose latest state or due date is not what their states say, or that have none.
_STALE = (
    "SELECT COUNT(*) FROM ledger_entity "  # noqa: S608 - names above only
    f"WHERE COALESCE(latest_id, 0) <> COALESCE(({_LATEST_ID}), 0) "
    f"OR COALESCE(CAST(due AS TEXT), '') <> COALESCE(CAST(({_LATEST_DUE}) AS TEXT), '') "
    "OR NOT EXISTS (SELECT 1 FROM ledger_entitystate s WHERE s.entity_id = ledger_entity.id)"
)
_REPLACE = (
    "UPDATE ledger_entity SET latest_id = NULL, due = NULL",
    "DELETE FROM ledger_entitystate",
    "DELETE FROM ledger_entity WHERE id NOT IN ("  # noqa: S608 - names above only
    f"SELECT entity.id FROM ledger_entity entity JOIN {STATES} made ON {_SAME})",
    "INSERT INTO ledger_entity (dataset, unit, key) "  # noqa: S608 - names above only
    f"SELECT DISTINCT made.dataset, made.owner, made.key FROM {STATES} made WHERE NOT EXISTS "
    f"(SELECT 1 FROM ledger_entity entity WHERE {_SAME})",
    f"INSERT INTO ledger_entitystate (entity_id, {_STATE}) "  # noqa: S608 - names above only
    f"SELECT entity.id, {', '.join(f'made.{name}' for name in STATE_COLUMNS[3:])} "
    f"FROM {STATES} made JOIN ledger_entity entity ON {_SAME} ORDER BY made.record_id",
    f"UPDATE ledger_entity SET (latest_id, due) = ({LATEST})",  # noqa: S608 - names above only
)
