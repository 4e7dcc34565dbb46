"""Units through time: the tree 区县 → 街道/乡镇 → 社区/村 → 网格 and its dated changes.

Facts stay at the code they were recorded under.  A :class:`Tree` is the tree of one day; it says
for every code ever known, existing on that day or not, to which units it rolls up and which way.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

DAY = timedelta(days=1)


class UnitLevel(StrEnum):
    """Levels of the tree, top first (a host above the district may use the first two)."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A node of the tree in a span of time; the row key is (code, valid_from).

    ``valid_from``/``valid_to`` are the first and last day it exists; ``None`` means always.
    """

    code: str
    name: str
    level: UnitLevel
    kind: str  # 市辖区, 街道, 镇, 社区, 村, 网格 …
    parent: str | None
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def first_day(self) -> date:
        """Give the first day it exists, the calendar's first for always."""
        return self.valid_from or date.min

    @property
    def last_day(self) -> date:
        """Give the last day it exists, the calendar's last for always."""
        return self.valid_to or date.max

    def exists_on(self, day: date) -> bool:
        """Say whether it exists on ``day``."""
        return self.first_day <= day <= self.last_day


class ChangeKind(StrEnum):
    """What happened to units on a day."""

    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    RECODE = "recode"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A dated change: on ``date`` the ``sources`` became the ``targets``."""

    date: date
    kind: ChangeKind
    sources: tuple[str, ...]
    targets: tuple[str, ...]


class Way(StrEnum):
    """How the facts of a code reach a unit on the tree of a day, weakest first."""

    OWN = "own"  # the code exists on that day
    BACK = "back"  # it did not exist yet
    ENDED = "ended"  # it was given up and no change says what became of it
    RECODED = "recoded"
    MERGED = "merged"
    SPLIT = "split"  # it was split: its facts stay on itself, below its last parent


_STRENGTH = {way: index for index, way in enumerate(Way)}
_FOLLOWED = {ChangeKind.MERGE: Way.MERGED, ChangeKind.RECODE: Way.RECODED}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureRow:
    """``code`` rolls up to ``ancestor``, ``depth`` levels up, in a stretch of time.

    A code that was followed to another one has that one's rows, its depths and the way.
    """

    ancestor: str
    code: str
    depth: int
    way: Way
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class _Link:
    """One step up: ``code`` reaches ``ancestor``."""

    ancestor: str
    depth: int
    way: Way


_Chain = tuple[_Link, ...]


class History:
    """All units and changes ever known, immutable."""

    def __init__(self, units: Iterable[Unit], changes: Iterable[Change] = ()) -> None:
        """Take units and changes that passed :func:`taizhang.core.unit_check.check`.

        :raises ValueError: if two rows of one code overlap, or a change leads to a unit that does
            not exist on its date
        """
        self.units = tuple(sorted(units, key=lambda unit: (unit.code, unit.first_day)))
        self.changes = tuple(sorted(changes, key=lambda change: change.date))
        rows: dict[str, list[Unit]] = defaultdict(list)
        for unit in self.units:
            if rows[unit.code] and rows[unit.code][-1].last_day >= unit.first_day:
                raise ValueError(f"rows of {unit.code} overlap on {unit.first_day}")
            rows[unit.code].append(unit)
        self._rows = {code: tuple(of_code) for code, of_code in rows.items()}
        self._leaving: dict[tuple[str, date], Change] = {}
        self._coming: dict[tuple[str, date], Change] = {}
        for change in self.changes:
            self._index(change)
        self._cuts = self._find_cuts()
        self._shapes: dict[int, _Shape] = {}

    def _index(self, change: Change) -> None:
        for codes, day in ((change.sources, change.date - DAY), (change.targets, change.date)):
            for code in codes:
                if self.unit_on(code, day) is None:
                    raise ValueError(f"{change.kind.value} of {change.date}: no {code} on {day}")
        if change.kind is not ChangeKind.RENAME:
            self._leaving.update({(code, change.date): change for code in change.sources})
            self._coming.update({(code, change.date): change for code in change.targets})

    def _find_cuts(self) -> tuple[date, ...]:
        """Give the days on which the tree changes, the calendar's first day before them."""
        cuts = {date.min}
        for unit in self.units:
            cuts.add(unit.first_day)
            if unit.last_day < date.max:
                cuts.add(unit.last_day + DAY)
        return tuple(sorted(cuts))

    @property
    def codes(self) -> tuple[str, ...]:
        """Give every code ever known, in code order."""
        return tuple(self._rows)

    def unit_on(self, code: str, day: date) -> Unit | None:
        """Give the row of ``code`` that exists on ``day``."""
        for unit in self._rows.get(code, ()):
            if unit.exists_on(day):
                return unit
        return None

    def tree(self, day: date) -> Tree:
        """Give the tree of ``day``; days between two changes share one computed shape."""
        index = bisect_right(self._cuts, day) - 1
        if index not in self._shapes:
            self._shapes[index] = _Shape(self, self._cuts[index])
        return Tree(day, self._shapes[index])

    def closure(self) -> tuple[ClosureRow, ...]:
        """Give every (code, ancestor) with its stretches of time, the rows of ``units_closure``.

        Neighbouring stretches that say the same are one row.
        """
        found: list[ClosureRow] = []
        open_rows: dict[tuple[str, str], tuple[int, Way, date]] = {}
        for start in self._cuts:
            current = {
                (link.ancestor, code): (link.depth, link.way)
                for code, chain in self.tree(start)._shape.chains.items()
                for link in chain
            }
            for key, (depth, way, since) in list(open_rows.items()):
                if current.get(key) == (depth, way):
                    del current[key]
                else:
                    found.append(_row(key, depth, way, since, start - DAY))
                    del open_rows[key]
            open_rows.update({key: (*said, start) for key, said in current.items()})
        found += [_row(key, *said, date.max) for key, said in open_rows.items()]
        return tuple(
            sorted(found, key=lambda row: (row.code, row.valid_from or date.min, row.depth))
        )

    def _chain(self, code: str, day: date, shape: dict[str, _Chain]) -> _Chain:
        """Find what ``code`` rolls up to on ``day``, nearest first; ``shape`` remembers."""
        if code not in shape:
            existing = self.unit_on(code, day)
            if existing is not None:
                shape[code] = self._hang(code, existing.parent, Way.OWN, day, shape)
            else:
                shape[code] = self._follow(code, day, shape)
        return shape[code]

    def _follow(self, code: str, day: date, shape: dict[str, _Chain]) -> _Chain:
        """Find what a code that does not exist on ``day`` rolls up to.

        Each step forward leads to a later change, each step back to an earlier one, and after a
        step forward none leads back; so this ends.
        """
        rows = self._rows.get(code, ())
        ended = [row for row in rows if row.last_day < day]
        if ended:
            last = ended[-1]
            change = self._leaving.get((code, last.last_day + DAY))
            way = _FOLLOWED.get(change.kind) if change else Way.ENDED
            if change and way:
                return _by(way, self._chain(change.targets[0], day, shape))
            return self._hang(code, last.parent, way or Way.SPLIT, day, shape)
        if not rows:
            return ()
        change = self._coming.get((code, rows[0].first_day))
        if change and change.kind is not ChangeKind.MERGE:
            return _by(Way.BACK, self._chain(change.sources[0], day, shape))
        return self._hang(code, rows[0].parent, Way.BACK, day, shape)

    def _hang(
        self, code: str, parent: str | None, way: Way, day: date, shape: dict[str, _Chain]
    ) -> _Chain:
        above = self._chain(parent, day, shape) if parent else ()
        higher = tuple(_Link(one.ancestor, one.depth + 1, one.way) for one in above)
        return (_Link(code, 0, way), *_by(way, higher))


def _by(way: Way, chain: _Chain) -> _Chain:
    """Give ``chain`` reached by ``way``; of two ways the stronger one is told."""
    return tuple(
        _Link(one.ancestor, one.depth, max(way, one.way, key=_STRENGTH.__getitem__))
        for one in chain
    )


def _row(key: tuple[str, str], depth: int, way: Way, since: date, until: date) -> ClosureRow:
    return ClosureRow(
        ancestor=key[0],
        code=key[1],
        depth=depth,
        way=way,
        valid_from=None if since == date.min else since,
        valid_to=None if until == date.max else until,
    )


class _Shape:
    """What the trees of all days between two changes share."""

    def __init__(self, history: History, day: date) -> None:
        units = (history.unit_on(code, day) for code in history.codes)
        self.units = {unit.code: unit for unit in units if unit is not None}
        self.rows = history._rows
        self.chains: dict[str, _Chain] = {}
        for code in history.codes:
            history._chain(code, day, self.chains)
        self.children: dict[str | None, list[Unit]] = defaultdict(list)
        for unit in self.units.values():
            self.children[unit.parent].append(unit)
        self.homes: dict[str, dict[str, str]] = defaultdict(dict)
        for code, chain in self.chains.items():
            for link in chain:
                self.homes[link.ancestor][code] = link.way.value


class Tree:
    """The tree of one day."""

    def __init__(self, day: date, shape: _Shape) -> None:
        self.day = day
        self._shape = shape
        self.units: Mapping[str, Unit] = MappingProxyType(shape.units)  # existing on that day

    def unit(self, code: str) -> Unit | None:
        """Give the unit that has ``code`` on this day."""
        return self.units.get(code)

    def lives(self, code: str) -> tuple[Unit, ...]:
        """Give every row of ``code`` through time, also before and after this day."""
        return self._shape.rows.get(code, ())

    @property
    def tops(self) -> tuple[Unit, ...]:
        """Give the units without a parent, in code order."""
        return tuple(self._shape.children.get(None, ()))

    def children(self, code: str) -> tuple[Unit, ...]:
        """Give the units right below ``code``, in code order."""
        return tuple(self._shape.children.get(code, ()))

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Give the codes that ``code`` rolls up to, nearest first, without itself."""
        chain = self._shape.chains.get(code, ())
        return tuple(link.ancestor for link in chain if link.ancestor != code)

    def below(self, code: str) -> tuple[Unit, ...]:
        """Give the existing units below ``code``: itself first, then depth-first in code order."""
        top = self.unit(code)
        return () if top is None else tuple(self._walk(top))

    def _walk(self, unit: Unit) -> Iterator[Unit]:
        yield unit
        for child in self.children(unit.code):
            yield from self._walk(child)

    def members(self, code: str, kinds: Iterable[str]) -> tuple[Unit, ...]:
        """Give the units of these kinds below ``code``, itself included."""
        wanted = frozenset(kinds)
        return tuple(unit for unit in self.below(code) if unit.kind in wanted)

    def homes(self, code: str) -> Mapping[str, str]:
        """Give every fact code that rolls up to ``code``, with its way (a :class:`Way` value)."""
        return MappingProxyType(self._shape.homes.get(code, {}))
