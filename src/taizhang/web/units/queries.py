"""Reads of the tree."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from taizhang.core.unit.body import Bodies, Body
from taizhang.core.unit.ownership import Ownership
from taizhang.core.unit.tree import ChangeKind, History, Unit, UnitChange, UnitLevel
from taizhang.web.base.raw_cursor import raw_cursor
from taizhang.web.units import models

# The last history read and what it was read from: an import writes every closure row anew, and
# ids are never used twice.
_read: dict[str, tuple[tuple[Path, str, int | None], History]] = {}


def history() -> History:
    """Give all units and changes of the instance at work; read again only after an import."""
    with raw_cursor() as cursor:  # plain SQL: every acceptance asks
        cursor.execute("SELECT MAX(id) FROM units_closure")
        last = cursor.fetchone()[0]
    database = settings.DATABASES["default"]["NAME"]
    state = (settings.TAIZHANG_HOME, str(database), last)
    last_read = _read.get("history")
    if last_read is None or last_read[0] != state:
        last_read = (state, History(units(), changes()))
        _read["history"] = last_read
    return last_read[1]


def units() -> tuple[Unit, ...]:
    """Give every stored row of every unit, in code order."""
    with raw_cursor() as cursor:  # plain SQL: a province has tens of thousands of rows
        cursor.execute(_UNITS)
        return tuple(
            Unit(
                code,
                name,
                _LEVELS[level],
                kind,
                parent,
                None if first is None else _day(first),
                None if last is None else _day(last),
            )
            for code, name, level, kind, parent, first, last in cursor.fetchall()
        )


_UNITS = """
SELECT code, name, level, kind, NULLIF(parent, ''),
    NULLIF(CAST(valid_from AS VARCHAR(10)), '0001-01-01'),
    NULLIF(CAST(valid_to AS VARCHAR(10)), '9999-12-31')
FROM units_unit ORDER BY code, valid_from
"""
_LEVELS = {level.value: level for level in UnitLevel}
_day = lru_cache(maxsize=4096)(date.fromisoformat)


def bodies() -> Bodies:
    """Give every stored row of every body beside the tree."""
    with raw_cursor() as cursor:  # plain SQL: every step of a case asks
        cursor.execute(_BODIES)
        return Bodies(
            Body(
                code=code,
                name=name,
                kind=kind,
                parent=parent,
                may_record=bool(may_record),
                may_own=bool(may_own),
                valid_from=None if first is None else _day(first),
                valid_to=None if last is None else _day(last),
            )
            for code, name, kind, parent, may_record, may_own, first, last in cursor.fetchall()
        )


_BODIES = """\
SELECT code, name, kind, parent, may_record, may_own,
    NULLIF(CAST(valid_from AS VARCHAR(10)), '0001-01-01'),
    NULLIF(CAST(valid_to AS VARCHAR(10)), '9999-12-31')
FROM units_body ORDER BY code, valid_from
"""


def homes(unit: str, today: date, owners: Ownership | None = None) -> list[str]:
    """Give the codes of a unit and all below it, with the bodies beside any of them.

    :param owners: the tree and its bodies, where somebody has read them already
    """
    owners = owners or Ownership(history(), bodies())
    codes = set(owners.history.tree(today).homes(unit)) | {unit}
    beside = {body.code for body in owners.bodies.bodies if body.parent in codes}
    return sorted(codes | beside)


def changes() -> tuple[UnitChange, ...]:
    """Give every stored change, oldest first."""
    return tuple(
        UnitChange(
            date=row.date,
            kind=ChangeKind(row.kind),
            sources=tuple(row.sources.split()),
            targets=tuple(row.targets.split()),
        )
        for row in models.Change.objects.all()
    )
