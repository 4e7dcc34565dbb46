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
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from taizhang.core.base.issue import Issue, Refused
from taizhang.core.unit.code import TreeCode

DAY = timedelta(days=1)


class UnitLevel(StrEnum):
    """Levels of the tree, top first (a host above the district may use the first two)."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"


class Unit(NamedTuple):
    """A node of the tree in a span of time; the row key is (code, valid_from).

    ``valid_from``/``valid_to`` are the first and last day it exists; ``None`` means always.
    A province has tens of thousands of them, hence a tuple: it is made in a tenth of the time.
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
        first, last = self.valid_from, self.valid_to
        return (first is None or first <= day) and (last is None or day <= last)


class ChangeKind(StrEnum):
    """What happened to units on a day."""

    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    RECODE = "recode"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitChange:
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


class _Link(NamedTuple):
    """One step up: ``code`` reaches ``ancestor``."""

    ancestor: str
    depth: int
    way: Way


_Chain = tuple[_Link, ...]


class _Step(NamedTuple):
    """Where a code leads to on a day: ``to`` its parent, or the code that it is followed to."""

    to: str | None
    way: Way
    stays: bool  # its facts lie under itself, below ``to``


class History:
    """All units and changes ever known, immutable.

    Nothing is worked out before it is asked for: a figure of a district looks at the district,
    however large the province around it is.
    """

    def __init__(self, units: Iterable[Unit], changes: Iterable[UnitChange] = ()) -> None:
        """Take units and changes that passed :func:`taizhang.core.unit.check.check`.

        :raises ValueError: if two rows of one code overlap, or a change leads to a unit that does
            not exist on its date
        """
        self.changes = tuple(sorted(changes, key=lambda change: change.date))
        self.units = tuple(units)
        codes = [unit.code for unit in self.units]
        # What a store gives is in order and mostly one row a code; then nothing is compared.
        self._rows: dict[str, tuple[Unit, ...]] = {unit.code: (unit,) for unit in self.units}
        if len(self._rows) < len(codes) or codes != sorted(codes):
            self._put_in_order()
        self._dated = {  # codes that do not exist always
            unit.code: None
            for unit in self.units
            if unit.valid_from is not None or unit.valid_to is not None
        }
        self._leaving: dict[tuple[str, date], UnitChange] = {}
        self._coming: dict[tuple[str, date], UnitChange] = {}
        for change in self.changes:
            self._index(change)
        self._cuts = (date.min, *self._cuts_of(self._dated))
        self._shapes: dict[int, _Shape] = {}

    def _put_in_order(self) -> None:
        self.units = tuple(sorted(self.units, key=lambda unit: (unit.code, unit.first_day)))
        self._rows = {}
        for unit in self.units:
            rows = self._rows.get(unit.code, ())
            if rows and rows[-1].last_day >= unit.first_day:
                raise ValueError(f"rows of {unit.code} overlap on {unit.first_day}")
            self._rows[unit.code] = (*rows, unit)

    def _index(self, change: UnitChange) -> None:
        for codes, day in ((change.sources, change.date - DAY), (change.targets, change.date)):
            for code in codes:
                if self.unit_on(code, day) is None:
                    raise ValueError(f"{change.kind.value} of {change.date}: no {code} on {day}")
        if change.kind is not ChangeKind.RENAME:
            self._leaving.update({(code, change.date): change for code in change.sources})
            self._coming.update({(code, change.date): change for code in change.targets})

    def _cuts_of(self, codes: Iterable[str]) -> tuple[date, ...]:
        """Give the days on which one of these codes begins, ends or changes, in order."""
        cuts: set[date] = set()
        for code in codes:
            for unit in self._rows.get(code, ()):
                cuts.add(unit.first_day)
                if unit.last_day < date.max:
                    cuts.add(unit.last_day + DAY)
        return tuple(sorted(cuts - {date.min}))

    @cached_property
    def _hanging(self) -> dict[str | None, list[Unit]]:
        """Give for each code every row that ever hung right below it, in code order."""
        below: dict[str | None, list[Unit]] = defaultdict(list)
        for unit in self.units:
            below[unit.parent].append(unit)
        return dict(below)

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

    def exists_always(self, code: str) -> bool:
        """Say whether a known code exists on every day, as most do."""
        return code in self._rows and code not in self._dated

    def rows(self, code: str) -> tuple[Unit, ...]:
        """Give every row of ``code`` through time."""
        return self._rows.get(code, ())

    @cached_property
    def moving(self) -> tuple[str, ...]:
        """Give the codes that changed their parent, or went over into others by a change."""
        gone = {
            code
            for change in self.changes
            if change.kind is not ChangeKind.RENAME
            for code in change.sources
        }
        moved = (
            code for code in self._dated if len({unit.parent for unit in self._rows[code]}) > 1
        )
        return tuple(sorted(gone | set(moved)))

    def tree(self, day: date) -> Tree:
        """Give the tree of ``day``; days between two changes share one computed shape."""
        index = bisect_right(self._cuts, day) - 1
        if index not in self._shapes:
            self._shapes[index] = _Shape(self, self._cuts[index])
        return Tree(day, self._shapes[index])

    def cuts_below(self, codes: Iterable[str]) -> tuple[date, ...]:
        """Give the days on which anything that ever hung below one of ``codes`` changed.

        Between two of them the trees are the same there; the codes themselves count, too.
        """
        if len(self._cuts) == 1:
            return ()
        seen: dict[str, None] = {}
        pending = list(codes)
        while pending:
            code = pending.pop()
            if code not in seen:
                seen[code] = None
                pending += [unit.code for unit in self._hanging.get(code, ())]
        return self._cuts_of(code for code in seen if code in self._dated)

    def closure(self) -> tuple[ClosureRow, ...]:
        """Give every (code, ancestor) with its stretches of time, the rows of ``units_closure``.

        Neighbouring stretches that say the same are one row.  From one stretch to the next only
        those codes are worked out anew whose way up passes a code that changed.
        """
        rows: list[ClosureRow] = []
        open_rows: dict[tuple[str, str], tuple[int, Way, date]] = {}
        chains: dict[str, _Chain] = {}
        leads: dict[str, set[str]] = defaultdict(set)
        turning = self._turning()
        for start in self._cuts:
            changed = _behind(turning[start], leads) if chains else self._rows
            before = {code: chains.pop(code, ()) for code in changed}
            for code in changed:
                chain = self._chain(code, start, chains)
                step = self._step(code, start)
                if step is not None and step.to:
                    leads[step.to].add(code)
                current = {(link.ancestor, code): (link.depth, link.way) for link in chain}
                for link in before[code]:
                    key = (link.ancestor, code)
                    depth, way, since = open_rows[key]
                    if current.get(key) == (depth, way):
                        del current[key]
                    else:
                        rows.append(_row(key, depth, way, since, start - DAY))
                        del open_rows[key]
                open_rows.update({key: (*state, start) for key, state in current.items()})
        rows += [_row(key, *state, date.max) for key, state in open_rows.items()]
        return tuple(
            sorted(rows, key=lambda row: (row.code, row.valid_from or date.min, row.depth))
        )

    def _turning(self) -> dict[date, set[str]]:
        """Give for each day on which the tree changes the codes that begin, end or change."""
        turning: dict[date, set[str]] = defaultdict(set)
        for code in self._dated:
            for day in self._cuts_of((code,)):
                turning[day].add(code)
        return turning

    def _chain(self, code: str, day: date, shape: dict[str, _Chain]) -> _Chain:
        """Find what ``code`` rolls up to on ``day``, nearest first; ``shape`` remembers."""
        if code not in shape:
            step = self._step(code, day)
            if step is None:
                return ()
            above = self._chain(step.to, day, shape) if step.to else ()
            if step.stays:
                higher = tuple(_Link(link.ancestor, link.depth + 1, link.way) for link in above)
                shape[code] = (_Link(code, 0, step.way), *_by(step.way, higher))
            else:
                shape[code] = _by(step.way, above)
        return shape[code]

    def _step(self, code: str, day: date) -> _Step | None:
        """Find where a code leads to on ``day``; ``None`` for a code never known.

        Of those that do not exist then, each step forward leads to a later change, each step back
        to an earlier one, and after a step forward none leads back; so the way up ends.
        """
        rows = self._rows.get(code, ())
        last: Unit | None = None
        for unit in rows:
            if unit.exists_on(day):
                return _Step(unit.parent, Way.OWN, stays=True)
            if unit.last_day < day:
                last = unit
        if last is not None:
            change = self._leaving.get((code, last.last_day + DAY))
            way = _FOLLOWED.get(change.kind) if change else Way.ENDED
            if change and way:
                return _Step(change.targets[0], way, stays=False)
            return _Step(last.parent, way or Way.SPLIT, stays=True)
        if not rows:
            return None
        change = self._coming.get((code, rows[0].first_day))
        if change and change.kind is not ChangeKind.MERGE:
            return _Step(change.sources[0], Way.BACK, stays=False)
        return _Step(rows[0].parent, Way.BACK, stays=True)


def _behind(codes: Iterable[str], leads: Mapping[str, set[str]]) -> list[str]:
    """Give these codes and all whose way up may pass one of them, each once."""
    seen: dict[str, None] = {}
    pending = list(codes)
    while pending:
        code = pending.pop()
        if code not in seen:
            seen[code] = None
            pending += leads.get(code, ())
    return list(seen)


def _by(way: Way, chain: _Chain) -> _Chain:
    """Give ``chain`` reached by ``way``; of two ways the stronger one is told."""
    if way is Way.OWN:
        return chain
    return tuple(
        _Link(link.ancestor, link.depth, max(way, link.way, key=_STRENGTH.__getitem__))
        for link in chain
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
    """What the trees of all days between two changes share, each part worked out when asked for."""

    def __init__(self, history: History, day: date) -> None:
        self.history = history
        self.day = day
        self.chains: dict[str, _Chain] = {}
        self._homes: dict[str, Mapping[str, str]] = {}

    @cached_property
    def units(self) -> Mapping[str, Unit]:
        """Every unit existing on the day, in code order."""
        day = self.day
        return MappingProxyType(
            {unit.code: unit for unit in self.history.units if unit.exists_on(day)}
        )

    def children(self, code: str | None) -> list[Unit]:
        """Give the units right below ``code``, in code order."""
        day = self.day
        return [unit for unit in self.history._hanging.get(code, ()) if unit.exists_on(day)]

    def walk(self, top: Unit) -> Iterator[Unit]:
        """Give a unit and those below it, depth-first in code order."""
        pending = [top]
        while pending:
            unit = pending.pop()
            yield unit
            pending += reversed(self.children(unit.code))

    def chain(self, code: str) -> _Chain:
        """Give what a code rolls up to, nearest first."""
        return self.history._chain(code, self.day, self.chains)

    def homes(self, code: str) -> Mapping[str, str]:
        """Give every fact code that rolls up to ``code``, with its way."""
        if code not in self._homes:
            top = self.history.unit_on(code, self.day)
            own = Way.OWN.value
            plain = {} if top is None else {unit.code: own for unit in self.walk(top)}
            self._homes[code] = MappingProxyType(plain | self._led.get(code, {}))
        return self._homes[code]

    @cached_property
    def _led(self) -> dict[str, dict[str, str]]:
        """Give what does not simply hang below a unit: codes that do not exist on the day, and
        units whose parent does not."""
        led: dict[str, dict[str, str]] = defaultdict(dict)
        absent = [code for code in self.history._dated if not self._exists(code)]
        below = [
            unit.code for code in absent for top in self.children(code) for unit in self.walk(top)
        ]
        for code in (*absent, *below):
            for link in self.chain(code):
                led[link.ancestor][code] = link.way.value
        return led

    def _exists(self, code: str) -> bool:
        return self.history.unit_on(code, self.day) is not None


class Tree:
    """The tree of one day."""

    def __init__(self, day: date, shape: _Shape) -> None:
        self.day = day
        self._shape = shape

    @property
    def units(self) -> Mapping[str, Unit]:
        """Every unit existing on this day, by its code."""
        return self._shape.units

    def unit(self, code: str) -> Unit | None:
        """Give the unit that has ``code`` on this day."""
        return self._shape.history.unit_on(code, self._shape.day)

    def required(self, code: str) -> Unit:
        """Give the unit that has ``code`` on this day.

        :raises Refused: SCORE_002
        """
        if (unit := self.unit(code)) is None:
            raise Refused([self.lack(code)])
        return unit

    def lack(self, code: str) -> Issue:
        """Say that no unit has ``code`` on this day."""
        return Issue(TreeCode.SCORE_002, facts={"unit": code, "day": self.day.isoformat()})

    def lives(self, code: str) -> tuple[Unit, ...]:
        """Give every row of ``code`` through time, also before and after this day."""
        return self._shape.history.rows(code)

    @property
    def tops(self) -> tuple[Unit, ...]:
        """Give the units without a parent, in code order."""
        return tuple(self._shape.children(None))

    def children(self, code: str) -> tuple[Unit, ...]:
        """Give the units right below ``code``, in code order."""
        return tuple(self._shape.children(code))

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Give the codes that ``code`` rolls up to, nearest first, without itself."""
        return tuple(link.ancestor for link in self._shape.chain(code) if link.ancestor != code)

    def above(self, code: str) -> str | None:
        """Give the nearest code that ``code`` rolls up to, ``None`` at the top."""
        unit = self.unit(code)
        return next(iter(self.ancestors(code)), None) if unit is None else unit.parent

    def seat(self, code: str) -> str:
        """Give the code under which the facts of ``code`` lie: itself, or what it became."""
        if self.unit(code) is not None:
            return code
        return next((link.ancestor for link in self._shape.chain(code)), code)

    def below(self, code: str) -> tuple[Unit, ...]:
        """Give the existing units below ``code``: itself first, then depth-first in code order."""
        top = self.unit(code)
        return () if top is None else tuple(self._shape.walk(top))

    def members(self, code: str, kinds: Iterable[str]) -> tuple[Unit, ...]:
        """Give the units of these kinds below ``code``, itself included."""
        wanted = frozenset(kinds)
        return tuple(unit for unit in self.below(code) if unit.kind in wanted)

    def homes(self, code: str) -> Mapping[str, str]:
        """Give every fact code that rolls up to ``code``, with its way (a :class:`Way` value)."""
        return self._shape.homes(code)
