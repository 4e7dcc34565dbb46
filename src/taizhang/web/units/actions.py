"""The one write of the tree: import files of units, of their changes, of bodies beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import transaction

from taizhang.core.base.issue import NOWHERE, Issue, Level, Place, Refused, errors
from taizhang.core.unit.body_file import read_bodies
from taizhang.core.unit.check import check, differences, ends_from_changes
from taizhang.core.unit.code import UnitCode
from taizhang.core.unit.file import read_changes, read_units
from taizhang.core.unit.tree import History, Unit, UnitChange
from taizhang.web.audit.access import require
from taizhang.web.audit.actions import Actor, audit_append, write_lock
from taizhang.web.base.raw_cursor import raw_cursor
from taizhang.web.units import models, queries
from taizhang.web.units.body_persist import bodies_joined, bodies_store

BATCH = 2_000


@dataclass(frozen=True, kw_only=True)
class File:
    """A file from outside: its name, for places, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import did: rows of units added, rows that got their last day, names corrected,
    changes added."""

    added: int
    ended: int
    corrected: int
    changes: int
    notes: tuple[Issue, ...]
    bodies: int = 0  # rows of bodies added or changed


@dataclass
class _Whole:
    """Stored and new rows together, each with its place (stored ones have none)."""

    units: dict[Unit, Place]
    changes: dict[UnitChange, Place]
    issues: list[Issue] = field(default_factory=list)


@transaction.atomic
def units_import(
    *,
    units: File | None = None,
    changes: File | None = None,
    bodies: File | None = None,
    acting_user: Actor,
    now: datetime,
) -> Imported:
    """Add the rows of a units file, of a changes file and of a bodies file to the tree.

    Stored rows stay as they are, but for two things: a row without a last day may be given one, by
    the same row in the file or by a change, and a name may be corrected; the log keeps the former
    one.  The same file twice changes nothing.

    :raises Refused: ACCESS_001, or with every issue of both files and of the whole tree; then
        nothing is stored
    """
    require(acting_user, "units.import")
    write_lock()
    stored_units, stored_changes = queries.units(), queries.changes()
    whole = _Whole(dict.fromkeys(stored_units, NOWHERE), dict.fromkeys(stored_changes, NOWHERE))
    new_units: Mapping[Unit, Place] = {}
    if units is not None:
        new_units, issues = read_units(units.data, units.name)
        whole.issues += issues
    if changes is not None:
        new_changes, issues = read_changes(changes.data, changes.name)
        whole.issues += issues
        whole.changes = {**new_changes, **whole.changes}
    _join(whole, new_units)
    whole.units, notes = ends_from_changes(whole.units, whole.changes)
    whole.issues += notes
    whole.issues += _told(whole)
    new_bodies = None
    if bodies is not None:
        new_bodies, issues = read_bodies(bodies.data, bodies.name)
        whole.issues += issues
    if errors(whole.issues):
        raise Refused(whole.issues)
    standing = bodies_joined(new_bodies or {}, History(whole.units, whole.changes))
    whole.issues += standing.issues
    if errors(whole.issues):
        raise Refused(whole.issues)
    done = _store(whole, stored_units, stored_changes, acting_user, now)
    written = bodies_store(standing, acting_user, now, "bodies.import")
    notes = tuple(whole.issues)
    if done.added or done.ended or done.changes or written:
        notes += listeners_tell(now)
    return replace(done, bodies=written, notes=notes)


#: Apps that keep something of units, asked after every import that changed any.
_listeners: list[Callable[[datetime], Iterable[Issue]]] = []


def listener_register(listener: Callable[[datetime], Iterable[Issue]]) -> None:
    """Have an app follow changes of units, in the transaction of the import; it says what moved."""
    if listener not in _listeners:
        _listeners.append(listener)


def listeners_tell(now: datetime) -> tuple[Issue, ...]:
    """Let the apps that follow changes of units do so; give what they say."""
    return tuple(issue for listener in _listeners for issue in listener(now))


def _join(whole: _Whole, new_units: Mapping[Unit, Place]) -> None:
    """Add new rows to the stored ones; of a stored row of the same key only the name may change,
    and the last day be given."""
    by_key = {(unit.code, unit.valid_from): unit for unit in whole.units}
    for unit, place in new_units.items():
        stored = by_key.get((unit.code, unit.valid_from))
        if stored is None:
            whole.units[unit] = place
            continue
        if different := differences(stored, unit):
            facts = {"code": unit.code, "differences": "; ".join(different)}
            whole.issues.append(Issue(UnitCode.UNIT_010, place, facts))
            continue
        if unit.name != stored.name:
            names = {"code": unit.code, "former": stored.name, "name": unit.name}
            whole.issues.append(Issue(UnitCode.UNIT_013, place, names, Level.WARNING))
        joined = stored._replace(name=unit.name, valid_to=stored.valid_to or unit.valid_to)
        if joined != stored:
            del whole.units[stored]
            whole.units[joined] = place


def _told(whole: _Whole) -> Iterator[Issue]:
    """Check the whole, and leave out what would only repeat or follow from something else.

    That is: warnings about rows stored long ago, and errors that name a unit whose row could not
    be read.
    """
    unread = {issue.facts["code"] for issue in errors(whole.issues) if "code" in issue.facts}
    for issue in check(whole.units, whole.changes):
        if issue.level is Level.WARNING and issue.place == NOWHERE:
            continue
        if not unread & {issue.facts.get(name) for name in ("code", "parent", "other")}:
            yield issue


def _store(
    whole: _Whole,
    stored_units: tuple[Unit, ...],
    stored_changes: tuple[UnitChange, ...],
    acting_user: Actor,
    now: datetime,
) -> Imported:
    before = {(unit.code, unit.valid_from): unit for unit in stored_units}
    stored = frozenset(stored_units)
    written = [unit for unit in whole.units if unit not in stored]
    added = [unit for unit in written if (unit.code, unit.valid_from) not in before]
    changed = [
        (before[unit.code, unit.valid_from], unit)
        for unit in written
        if (unit.code, unit.valid_from) in before
    ]
    changes = [change for change in whole.changes if change not in set(stored_changes)]
    renamed = [(old, new) for old, new in changed if old.name != new.name]
    if written or changes:
        made = models.Unit.objects.bulk_create(map(_unit_row, added), batch_size=BATCH)
        units = [row.pk for row in made]
        for _, unit in changed:
            rows = models.Unit.objects.filter(code=unit.code, valid_from=unit.first_day)
            rows.update(valid_to=unit.last_day, name=unit.name)
            units += rows.values_list("pk", flat=True)
        corrected = models.Correction.objects.bulk_create(
            [_correction_row(old, new, acting_user, now) for old, new in renamed]
        )
        told = models.Change.objects.bulk_create(map(_change_row, changes))
        _closure_write(History(whole.units, whole.changes))
        audit_append(
            actor=acting_user,
            action="units.import",
            objects=sorted({unit.code for unit in written}),
            rows={
                models.Unit: units,
                models.Correction: [row.pk for row in corrected],
                models.Change: [row.pk for row in told],
                models.Closure: [""],
            },
            now=now,
        )
    return Imported(
        added=len(added),
        ended=sum(old.valid_to != new.valid_to for old, new in changed),
        corrected=len(renamed),
        changes=len(changes),
        notes=tuple(whole.issues),
    )


def _correction_row(old: Unit, new: Unit, acting_user: Actor, now: datetime) -> models.Correction:
    return models.Correction(
        code=new.code,
        valid_from=new.first_day,
        former=old.name,
        name=new.name,
        corrected_at=now,
        corrected_by=acting_user.pk,
    )


def _unit_row(unit: Unit) -> models.Unit:
    return models.Unit(
        code=unit.code,
        name=unit.name,
        level=unit.level.value,
        kind=unit.kind,
        parent=unit.parent or "",
        valid_from=unit.first_day,
        valid_to=unit.last_day,
    )


def _change_row(change: UnitChange) -> models.Change:
    return models.Change(
        date=change.date,
        kind=change.kind.value,
        sources=" ".join(change.sources),
        targets=" ".join(change.targets),
    )


def _closure_write(history: History) -> None:
    models.Closure.objects.all().delete()
    rows = (
        (
            row.ancestor,
            row.code,
            row.depth,
            row.way.value,
            (row.valid_from or date.min).isoformat(),
            (row.valid_to or date.max).isoformat(),
        )
        for row in history.closure()
    )
    with raw_cursor() as cursor:  # plain SQL: a province has hundreds of thousands of rows
        cursor.executemany(
            "INSERT INTO units_closure (ancestor, code, depth, way, valid_from, valid_to) "
            "VALUES (%s, %s, %s, %s, %s, %s)",
            rows,
        )
