"""Checks of units and changes taken together: parents, gaps, codes given again, former names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise

from taizhang.core.base.issue import NOWHERE, Issue, Level, Place
from taizhang.core.unit.code import UnitCode
from taizhang.core.unit.tree import DAY, ChangeKind, Unit, UnitChange, UnitLevel

_ORDER = tuple(UnitLevel)
#: Kinds of units that the codes' standards and everyday use know.
KINDS = frozenset(
    "省 自治区 直辖市 特别行政区 市 地级市 副省级市 地区 自治州 盟 "
    "市辖区 县 县级市 自治县 旗 自治旗 林区 特区 开发区 新区 "
    "街道 镇 乡 民族乡 苏木 民族苏木 县辖区 管委会 园区 农场 林场 牧场 "
    "社区 村 嘎查 居委会 村委会 网格".split()
)


def ends_from_changes(
    units: Mapping[Unit, Place], changes: Mapping[UnitChange, Place]
) -> tuple[dict[Unit, Place], tuple[Issue, ...]]:
    """Give each row that a change ends its last day, where the file leaves it open.

    :returns: the units with their last days, and a note for each one set
    """
    ended: dict[Unit, Place] = dict(units)
    notes: list[Issue] = []
    by_code: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        by_code[unit.code].append(unit)
    for change, told_at in changes.items():
        renamed = change.kind is ChangeKind.RENAME
        for code in change.sources:
            if code in change.targets and not renamed:
                continue
            open_rows = [
                unit
                for unit in by_code[code]
                if unit.valid_to is None and unit.first_day < change.date and unit in ended
            ]
            # A rename without its new row would leave the unit without any: CHANGE_006 says so.
            if renamed and not any(unit.first_day == change.date for unit in by_code[code]):
                continue
            for unit in open_rows:
                place = ended.pop(unit)
                closed = unit._replace(valid_to=change.date - DAY)
                ended[closed] = place
                by_code[code].append(closed)
                facts = {"code": code, "day": closed.valid_to, "kind": change.kind.value}
                notes.append(Issue(UnitCode.UNIT_009, told_at, facts, Level.WARNING))
    return ended, tuple(notes)


def check(units: Mapping[Unit, Place], changes: Mapping[UnitChange, Place]) -> tuple[Issue, ...]:
    """Find everything by which units and changes contradict themselves or each other.

    :param units: all rows, stored and new, each with its place
    """
    rows: dict[str, list[Unit]] = defaultdict(list)
    for unit in sorted(units, key=lambda unit: (unit.code, unit.first_day)):
        rows[unit.code].append(unit)
    issues = [
        *_overlaps(rows, units),
        *_parents(rows, units),
        *_cycles(rows, units),
        *_names(rows, units),
        *_kinds(units),
        *_changes(rows, changes),
        *_given_again(rows, units, changes),
        *_ends(rows, units, changes),
    ]
    return tuple(sorted(issues, key=lambda issue: (issue.place.file, issue.place.line or 0)))


def differences(stored: Unit, new: Unit) -> tuple[str, ...]:
    """Name the columns in which two rows of one key differ, each as ``column stored → new``.

    A stored row without a last day may be given one, for an end is learnt later; a file that
    leaves the last day open takes none away.  A name may be corrected.
    """
    names = ["level", "kind", "parent"]
    if stored.valid_to is not None and new.valid_to is not None:
        names.append("valid_to")
    pairs = ((name, getattr(stored, name), getattr(new, name)) for name in names)
    return tuple(f"{name} {old or '-'} → {now or '-'}" for name, old, now in pairs if old != now)


_Rows = Mapping[str, list[Unit]]
_Places = Mapping[Unit, Place]


def _overlaps(rows: _Rows, places: _Places) -> Iterator[Issue]:
    for code, of_code in rows.items():
        last = date.min
        for index, unit in enumerate(of_code):
            if index and unit.first_day <= last:
                facts = {"code": code, "day": unit.first_day}
                yield Issue(UnitCode.UNIT_005, _newer(places, of_code[index - 1], unit), facts)
            last = max(last, unit.last_day)


def _newer(places: _Places, *units: Unit) -> Place:
    """Give the place of the unit that stands in a file; stored ones have none."""
    return next((places[unit] for unit in reversed(units) if places[unit] != NOWHERE), NOWHERE)


def _parents(rows: _Rows, places: _Places) -> Iterator[Issue]:
    for unit, place in places.items():
        if unit.parent is None:
            continue
        above = rows.get(unit.parent, [])
        facts: dict[str, object] = {"code": unit.code, "parent": unit.parent}
        if not above:
            yield Issue(UnitCode.UNIT_001, place, facts)
            continue
        day = _first_gap(unit, above)
        if day is not None:
            yield Issue(UnitCode.UNIT_003, _newer(places, *above, unit), facts | {"day": day})
        for parent in above:
            if _ORDER.index(parent.level) >= _ORDER.index(unit.level):
                levels = {"level": unit.level.value, "above": parent.level.value}
                yield Issue(UnitCode.UNIT_002, place, facts | levels)
                break


def _first_gap(unit: Unit, above: Iterable[Unit]) -> date | None:
    """Give the first day on which ``unit`` exists and none of ``above`` does."""
    day = unit.first_day
    for parent in above:  # in order of their first days
        if parent.first_day <= day <= parent.last_day:
            if parent.last_day >= unit.last_day:
                return None
            day = parent.last_day + DAY
    return day


def _cycles(rows: _Rows, places: _Places) -> Iterator[Issue]:
    parents = {code: {unit.parent for unit in of_code} - {None} for code, of_code in rows.items()}
    told: set[str] = set()
    for start in rows:
        path: list[str] = [start]
        while path[-1] in parents and parents[path[-1]]:
            above = min(code for code in parents[path[-1]] if code)
            if above in path:
                ring = path[path.index(above) :]
                if not told & set(ring):
                    facts = {"codes": ", ".join(sorted(ring))}
                    yield Issue(UnitCode.UNIT_004, places[rows[above][0]], facts)
                told |= set(ring)
                break
            path.append(above)


def _names(rows: _Rows, places: _Places) -> Iterator[Issue]:
    neighbours: dict[tuple[str | None, str], list[Unit]] = defaultdict(list)
    for of_code in rows.values():
        for unit in of_code:
            neighbours[unit.parent, unit.name].append(unit)
    for same in neighbours.values():
        for index, unit in enumerate(same):
            other = next(
                (
                    neighbour
                    for neighbour in same[:index]
                    if neighbour.code != unit.code
                    and neighbour.first_day <= unit.last_day
                    and unit.first_day <= neighbour.last_day
                ),
                None,
            )
            if other is not None:
                facts = {"code": unit.code, "name": unit.name, "other": other.code}
                yield Issue(UnitCode.UNIT_006, places[unit], facts, Level.WARNING)


def _kinds(places: _Places) -> Iterator[Issue]:
    for unit, place in places.items():
        if unit.kind not in KINDS:
            facts = {"code": unit.code, "kind": unit.kind}
            yield Issue(UnitCode.UNIT_007, place, facts, Level.WARNING)


def _on(rows: _Rows, code: str, day: date) -> Unit | None:
    return next((unit for unit in rows.get(code, ()) if unit.exists_on(day)), None)


def _changes(rows: _Rows, changes: Mapping[UnitChange, Place]) -> Iterator[Issue]:
    leaving: dict[tuple[str, date], UnitChange] = {}
    coming: dict[tuple[str, date], UnitChange] = {}
    for change, place in changes.items():
        facts: dict[str, object] = {"kind": change.kind.value}
        for code in sorted({*change.sources, *change.targets} - rows.keys()):
            yield Issue(UnitCode.CHANGE_001, place, facts | {"code": code})
        for code in change.sources:
            if code in rows:
                yield from _source(rows, change, code, place)
        for code in change.targets:
            if code in rows:
                yield from _target(rows, change, code, place)
        if change.kind is ChangeKind.RENAME:
            continue
        sides = (
            (UnitCode.CHANGE_007, leaving, change.sources),
            (UnitCode.CHANGE_008, coming, change.targets),
        )
        for issue, told, codes in sides:
            for code in codes:
                if told.setdefault((code, change.date), change) != change:
                    yield Issue(issue, place, {"code": code, "day": change.date})


def _source(rows: _Rows, change: UnitChange, code: str, place: Place) -> Iterator[Issue]:
    facts: dict[str, object] = {"code": code, "kind": change.kind.value}
    eve = change.date - DAY
    before, after = _on(rows, code, eve), _on(rows, code, change.date)
    if before is None:
        yield Issue(UnitCode.CHANGE_002, place, facts | {"day": eve})
    if after is not None and code not in change.targets:
        yield Issue(UnitCode.CHANGE_004, place, facts | {"day": after.last_day})


def _target(rows: _Rows, change: UnitChange, code: str, place: Place) -> Iterator[Issue]:
    facts: dict[str, object] = {"code": code, "kind": change.kind.value}
    after = _on(rows, code, change.date)
    if after is None:
        yield Issue(UnitCode.CHANGE_003, place, facts | {"day": change.date})
    elif change.kind is ChangeKind.RENAME:
        if after.first_day != change.date:
            yield Issue(UnitCode.CHANGE_006, place, facts | {"day": change.date})
    elif code not in change.sources and after.first_day < change.date:
        yield Issue(UnitCode.CHANGE_005, place, facts)


def _ends(rows: _Rows, places: _Places, changes: Iterable[UnitChange]) -> Iterator[Issue]:
    told = {(code, change.date) for change in changes for code in change.sources}
    for code, of_code in rows.items():
        for unit in of_code:
            if unit.valid_to is None or unit.last_day == date.max:
                continue
            following = unit.last_day + DAY
            if (code, following) in told or _on(rows, code, following):
                continue
            facts = {"code": code, "day": unit.valid_to}
            yield Issue(UnitCode.UNIT_008, places[unit], facts, Level.WARNING)


def _given_again(
    rows: _Rows, places: _Places, changes: Mapping[UnitChange, Place]
) -> Iterator[Issue]:
    """Find codes that another unit had before: what hangs on a code would pass to the new one."""
    told = _Moves(changes)
    for code, of_code in rows.items():
        for earlier, later in pairwise(of_code):
            names: dict[str, object] = {"code": code, "former": earlier.name, "name": later.name}
            if told.same(earlier, later):
                if told.unsaid(earlier, later) and places[later] != NOWHERE:
                    facts = names | {"day": later.first_day}
                    yield Issue(UnitCode.UNIT_012, places[later], facts, Level.WARNING)
                continue
            into = told.coming.get((code, later.first_day))
            out_of = told.leaving.get((code, earlier.last_day + DAY))
            by = [changes[change] for change in (into, out_of) if change is not None]
            # What has long been stored is not refused anew with every import.
            new = [place for place in (places[later], *by, places[earlier]) if place != NOWHERE]
            if new:
                yield Issue(UnitCode.UNIT_011, new[0], names | {"day": earlier.last_day})


class _Moves:
    """The changes by which units leave a code and come to one."""

    def __init__(self, changes: Iterable[UnitChange]) -> None:
        all_changes = sorted(changes, key=lambda change: change.date)
        self._moves = [change for change in all_changes if change.kind is not ChangeKind.RENAME]
        self._told = {(code, change.date) for change in all_changes for code in change.targets}
        self.leaving = {
            (code, change.date): change for change in self._moves for code in change.sources
        }
        self.coming = {
            (code, change.date): change for change in self._moves for code in change.targets
        }

    def same(self, earlier: Unit, later: Unit) -> bool:
        """Say whether two neighbouring rows of one code are one and the same unit."""
        if earlier.last_day >= later.first_day:
            return True  # UNIT_005 tells of it
        following = earlier.last_day + DAY
        out_of = self.leaving.get((earlier.code, following))
        into = self.coming.get((later.code, later.first_day))
        if into is not None:
            # It goes on through the change, or comes back from what it became.
            return not self._became(earlier.code, following).isdisjoint(into.sources)
        if out_of is not None:
            return earlier.code in out_of.targets
        return following == later.first_day or earlier.name == later.name

    def unsaid(self, earlier: Unit, later: Unit) -> bool:
        """Say whether a row follows at once under another name, and no change speaks of it."""
        return (
            later.name != earlier.name
            and earlier.last_day < later.first_day
            and (later.code, later.first_day) not in self._told
        )

    def _became(self, code: str, day: date) -> set[str]:
        """Give a code and all codes that its unit went to from ``day`` on."""
        became = {code} if (code, day) not in self.leaving else set()
        for change in self._moves:
            if change.date == day and code in change.sources:
                became |= {code, *change.targets}
            elif change.date > day and not became.isdisjoint(change.sources):
                became |= set(change.targets)
        return became
