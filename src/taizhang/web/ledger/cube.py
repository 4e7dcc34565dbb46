"""The month cube: sums of live facts that are not joint, kept right in the record's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from django.db import connection
from django.db.backends.utils import CursorWrapper

from taizhang.core.issue import Issue, Refused
from taizhang.web.ledger.code import FactsCode
from taizhang.web.ledger.rows import rows_insert

#: measure, unit, month, dims.
Key: TypeAlias = tuple[str, str, int, str]
#: low, high, facts, open_high, about, missing, records.
Sums: TypeAlias = list[int]

_KEY = ("measure", "unit", "month", "dims")
_SUMS = ("low", "high", "facts", "open_high", "about", "missing", "records")
_ABOUT, _MISSING = 4, 5  # core.quantity.Kind as stored

CUBE_COLUMNS = (*_KEY, *_SUMS)
_ADD = ", ".join(f"{name} = kept.{name} + excluded.{name}" for name in _SUMS)
_ADDED = f" ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET {_ADD}"
_WHERE = " AND ".join(f"{name} = %s" for name in _KEY)
_EMPTY = f"DELETE FROM ledger_cube WHERE {_WHERE} AND facts = %s"  # noqa: S608 - names above only
_TAKE = (
    f"UPDATE ledger_cube SET {', '.join(f'{name} = {name} - %s' for name in _SUMS)} "  # noqa: S608
    f"WHERE {_WHERE} AND facts > %s"
)


class Cells:
    """Sums of facts by cell, gathered record by record."""

    def __init__(self) -> None:
        self.sums: dict[Key, Sums] = {}

    def add(self, facts: Iterable[Sequence[Any]]) -> None:
        """Add the facts of ONE record, in order.

        :param facts: (measure, unit, month, low, high, kind, dims, joint), …
        """
        sums = self.sums
        seen: set[str] = set()
        for measure, unit, month, low, high, kind, dims, joint in facts:
            if joint:
                continue
            key = (measure, unit, month, dims)
            cell = sums.get(key)
            if cell is None:
                cell = sums[key] = [0, 0, 0, 0, 0, 0, 0]
            cell[0] += low or 0
            cell[2] += 1
            if high is None:
                cell[3] += 1
                if kind == _MISSING:
                    cell[5] += 1
            else:
                cell[1] += high
            if kind == _ABOUT:
                cell[4] += 1
            if measure not in seen:
                seen.add(measure)
                cell[6] += 1

    def put(self, cursor: CursorWrapper, table: str = "ledger_cube") -> None:
        """Add the sums to the stored cells."""
        # In one order, whoever writes.
        rows = [(*key, *self.sums[key]) for key in sorted(self.sums)]
        rows_insert(cursor, f"{table} AS kept", CUBE_COLUMNS, rows, _ADDED)

    def take(self) -> None:
        """Take the sums from the stored cells; a cell without facts goes.

        :raises Refused: FACTS_002 when a cell is not there, so that nothing is hidden
        """
        if not self.sums:
            return
        keys = sorted(self.sums)
        with connection.cursor() as cursor:
            cursor.executemany(_EMPTY, [(*key, self.sums[key][2]) for key in keys])
            gone = cursor.rowcount
            changes: list[tuple[Any, ...]] = [
                (*self.sums[key], *key, self.sums[key][2]) for key in keys
            ]
            cursor.executemany(_TAKE, changes)
            if gone + cursor.rowcount != len(keys):
                raise Refused([Issue(FactsCode.FACTS_002)])
