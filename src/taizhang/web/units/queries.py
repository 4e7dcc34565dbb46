"""Reads of the tree."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.conf import settings

from taizhang.core.unit import Change, ChangeKind, History, Unit, UnitLevel
from taizhang.web.quick import quick_cursor
from taizhang.web.units import models

# The last history read and what it was read from: an import writes every closure row anew, and
# ids are never used twice.
_read: dict[str, tuple[tuple[Path, str, int | None], History]] = {}


def history() -> History:
    """Give all units and changes of the instance at work; read again only after an import."""
    with quick_cursor() as cursor:  # plain SQL: every acceptance asks
        cursor.execute("SELECT MAX(id) FROM units_closure")
        last = cursor.fetchone()[0]
    database = settings.DATABASES["default"]["NAME"]
    state = (settings.TAIZHANG_HOME, str(database), last)
    found = _read.get("history")
    if found is None or found[0] != state:
        found = (state, History(units(), changes()))
        _read["history"] = found
    return found[1]


def units() -> tuple[Unit, ...]:
    """Give every stored row of every unit, in code order."""
    return tuple(
        Unit(
            code=row.code,
            name=row.name,
            level=UnitLevel(row.level),
            kind=row.kind,
            parent=row.parent or None,
            valid_from=None if row.valid_from == date.min else row.valid_from,
            valid_to=None if row.valid_to == date.max else row.valid_to,
        )
        for row in models.Unit.objects.all()
    )


def changes() -> tuple[Change, ...]:
    """Give every stored change, oldest first."""
    return tuple(
        Change(
            date=row.date,
            kind=ChangeKind(row.kind),
            sources=tuple(row.sources.split()),
            targets=tuple(row.targets.split()),
        )
        for row in models.Change.objects.all()
    )
