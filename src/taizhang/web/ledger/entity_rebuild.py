"""Tells anew, record by record, what is known of things, and says where what is stored differs.

Which thing a name means follows from what was told before (:mod:`.entities`), so that the records
are gone through in the order of their acceptance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db import connection

from taizhang.core.issue import Issue, Level
from taizhang.core.unit import History
from taizhang.web.ledger.code import FactsCode
from taizhang.web.ledger.entities import LATEST, Name, before_of, owner_of
from taizhang.web.ledger.judge import Said
from taizhang.web.ledger.models import Entity, EntityState
from taizhang.web.ledger.rows import rows_insert

MADE = "rebuilt_state"
#: Columns of a state that do not depend on keys handed out by the database, its thing first.
_STORED = (
    *("e.dataset", "e.unit AS owner", "e.key", "s.record_id", "s.unit", "s.date", "s.label"),
    *("s.properties", "s.due", "s.accepted_at", "s.retired_at"),
)
_COLUMNS = tuple(name.rpartition(" ")[2].rpartition(".")[2] for name in _STORED)
_STATE = ", ".join(_COLUMNS[3:])
_SELECT = (
    f"SELECT {', '.join(_STORED)} FROM ledger_entitystate s "  # noqa: S608 - names above only
    "JOIN ledger_entity e ON e.id = s.entity_id"
)
_SAME = "one.dataset = thing.dataset AND one.owner = thing.unit AND one.key = thing.key"


class States:
    """The states that records tell of, gathered into a temporary table."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._known: set[Name] = set()
        self._before: dict[tuple[str, date], tuple[str, ...]] = {}
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {MADE}")
            cursor.execute(f"CREATE TEMPORARY TABLE {MADE} AS {_SELECT} WHERE 1 = 0")

    def rows(
        self, record: int, unit: str, day: date, said: Iterable[Said], moments: tuple[Any, Any]
    ) -> Iterator[tuple[Any, ...]]:
        """Give the rows of one record; records come in the order of their acceptance."""
        adapt = connection.ops.adapt_datefield_value
        for state in said:
            owner = self._owner(state, unit, day)
            self._known.add(owner)
            told = (unit, adapt(day), state.label, state.properties, adapt(state.due))
            yield (*owner, record, *told, *moments)

    def _owner(self, state: Said, unit: str, day: date) -> Name:
        if (unit, day) not in self._before:
            self._before[unit, day] = before_of(unit, day, self._history)
        codes = (unit, *self._before[unit, day])
        names = [(state.dataset, code, state.key) for code in codes]
        return owner_of([name for name in names if name in self._known], names[0])


def states_put(rows: list[tuple[Any, ...]]) -> None:
    """Put rows of :meth:`States.rows` into the temporary table."""
    with connection.cursor() as cursor:
        rows_insert(cursor, MADE, _COLUMNS, rows)


def states_compare() -> tuple[Issue, ...]:
    """Compare what is stored with what was told anew: FACTS_003 where it differs, a warning."""
    made = f"SELECT {', '.join(_COLUMNS)} FROM {MADE}"  # noqa: S608 - names above only
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(*) FROM (SELECT * FROM ({_SELECT} EXCEPT {made}) AS more "  # noqa: S608
            f"UNION ALL SELECT * FROM ({made} EXCEPT {_SELECT}) AS less) AS found"
        )
        states = cursor.fetchone()[0]
        cursor.execute(_STALE)
        latest = cursor.fetchone()[0]
    if not states and not latest:
        return ()
    facts = {"states": states, "things": latest}
    return (Issue(FactsCode.FACTS_003, facts=facts, level=Level.WARNING),)


def states_replace() -> None:
    """Put what was told anew in the place of what is stored."""
    with connection.cursor() as cursor:
        for statement in _REPLACE:
            cursor.execute(statement)


_LATEST_ID = LATEST.replace("s.id, s.due", "s.id", 1)
_LATEST_DUE = LATEST.replace("s.id, s.due", "s.due", 1)
#: Things whose latest state or due date is not what their states say, or that have none.
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
    f"SELECT thing.id FROM ledger_entity thing JOIN {MADE} one ON {_SAME})",
    "INSERT INTO ledger_entity (dataset, unit, key) "  # noqa: S608 - names above only
    f"SELECT DISTINCT one.dataset, one.owner, one.key FROM {MADE} one WHERE NOT EXISTS "
    f"(SELECT 1 FROM ledger_entity thing WHERE {_SAME})",
    f"INSERT INTO ledger_entitystate (entity_id, {_STATE}) "  # noqa: S608 - names above only
    f"SELECT thing.id, {', '.join(f'one.{name}' for name in _COLUMNS[3:])} "
    f"FROM {MADE} one JOIN ledger_entity thing ON {_SAME} ORDER BY one.record_id",
    f"UPDATE ledger_entity SET (latest_id, due) = ({LATEST})",  # noqa: S608 - names above only
)


def states_rows() -> tuple[Iterator[tuple[Any, ...]], Iterator[tuple[Any, ...]]]:
    """Give states and things in an order and with columns that depend on no key handed out."""
    name = ("entity__dataset", "entity__unit", "entity__key")
    told = ("unit", "date", "label", "properties", "due", "accepted_at", "retired_at")
    states = EntityState.objects.order_by(*name, "record__uid")
    things = Entity.objects.order_by("dataset", "unit", "key")
    return (
        states.values_list(*name, "record__uid", *told).iterator(chunk_size=5000),
        things.values_list("dataset", "unit", "key", "latest__record__uid", "due").iterator(5000),
    )
