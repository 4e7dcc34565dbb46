"""Completeness: months known by facts or closings, and which of them a division takes in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from taizhang.core.aggregate.query import Aggregate, Aggregation
from taizhang.core.base.period import Month
from taizhang.core.formula.leaf import Leaf
from taizhang.core.formula.name_scope import pack_of
from taizhang.core.indicator.reporting import Duty, Reporting
from taizhang.core.indicator.succession import Succession

Months = frozenset[int]  # yyyymm
_NONE: Months = frozenset()
#: Stands for the months of a member that is taken in whole and owes none.
_WHOLE: Months = frozenset((0,))
#: So few bound units speak for nobody but themselves: each of them must be known.
FEW_UNITS = 2


class OpenDuty(NamedTuple):
    """A duty with those of its months that no closing settles."""

    duty: Duty
    months: Months


class Settlement:
    """Which of the months owed are settled by a closing.

    :param closed: the closed months of every unit that settles something, by pack and unit
    """

    def __init__(self, reporting: Reporting, closed: Mapping[tuple[str, str], Months]) -> None:
        self._reporting = reporting
        self._closed = closed
        self._open: dict[tuple[int, str], list[OpenDuty]] = {}

    def settled(self, leaf: Leaf, duty: Duty) -> Months:
        """Give the months that the closer has closed, of whatever span."""
        return self._closed.get((pack_of(leaf.measure), duty.closer), _NONE)

    def unsettled(self, leaf: Leaf, member: str, duties: Sequence[Duty]) -> Sequence[OpenDuty]:
        """Give the months of a member that no closing settles, the same for all of its measures."""
        key = (self._reporting.kept(leaf), member)
        if key not in self._open:
            parts = (OpenDuty(duty, duty.span.months - self.settled(leaf, duty)) for duty in duties)
            self._open[key] = [part for part in parts if part.months]
        return self._open[key]


@dataclass(frozen=True)
class Coverage:
    """The months of each member of a division under one unit: owed, and known on all sides.

    Months are those of the period asked for, also where a side reads an earlier one.  ``whole``
    says that members are taken in with all of their months or not at all.
    """

    owed: Mapping[str, Months]
    known: Mapping[str, Months]
    looked: Mapping[str, Months]  # all months in which a side has something to say of a member
    whole: bool

    @property
    def members(self) -> frozenset[str]:
        """The members, each by the outermost code it lies in."""
        return frozenset(self.owed)

    @cached_property
    def left_out(self) -> frozenset[str]:
        """Members of which nothing is taken in."""
        return frozenset(member for member in self.owed if not self.known[member])

    @property
    def none(self) -> bool:
        """Say whether there is nothing known to all sides."""
        return len(self.left_out) == len(self.owed)

    @property
    def waits(self) -> bool:
        """Say whether there are members, and no month of theirs is asked for or known."""
        return not self.owed and bool(self.looked)

    @cached_property
    def amounts(self) -> tuple[int, int]:
        """Count the months owed that are known, and all that are owed, over all members."""
        pairs = [(len(owed & self.known[member]), len(owed)) for member, owed in self.owed.items()]
        return sum(known for known, _ in pairs), sum(owed for _, owed in pairs)

    @cached_property
    def enough(self) -> bool:
        """Say whether half of the months and half of the members are known; of few, each.

        A member is known with half of its months.
        """
        known = [
            member
            for member, owed in self.owed.items()
            if self.known[member] and 2 * len(owed & self.known[member]) >= len(owed)
        ]
        months, owed = self.amounts
        needed = len(self.owed) if len(self.owed) <= FEW_UNITS else len(self.owed) / 2
        return len(known) >= needed and 2 * months >= owed

    @cached_property
    def partly(self) -> bool:
        """Say whether some member is taken in with some of its months only."""
        return any(
            self.known[member] and not owed <= self.known[member]
            for member, owed in self.owed.items()
        )


class Completeness:
    """What is known of each member.

    :param levels: each reporter's own standing value, on the tree of the day it stands on
    :param doubtful: months of a member in whose part of a leaf a value is missing
    :param present: the months in which a reporter has facts of a measure, as far as it matters
    """

    def __init__(
        self,
        reporting: Reporting,
        settlement: Settlement,
        succession: Succession,
        levels: Mapping[tuple[Leaf, str], Aggregate],
        doubtful: Mapping[tuple[Leaf, str], Months],
        present: Mapping[tuple[str, str], Months],
        unadded: frozenset[Leaf],
    ) -> None:
        self._reporting = reporting
        self._settlement = settlement
        self._succession = succession
        self._levels = levels
        self._doubtful = doubtful
        self._present = present
        self._unadded = unadded
        self._unknown: dict[tuple[Leaf, str], Months] = {}
        self._coverage: dict[tuple[frozenset[Leaf], str], Coverage] = {}

    # one leaf

    def open_months(self, leaf: Leaf, member: str, duties: Sequence[Duty]) -> Months:
        """Give the months of a member that are asked for and neither closed nor hold a fact."""
        return self._unreported(leaf, member, duties) & self._reporting.asked(leaf)

    def owed(self, leaf: Leaf, duties: Sequence[Duty]) -> int:
        """Count the months of a member that are asked for."""
        return len(_owed(duties) & self._reporting.asked(leaf))

    def counted(self, leaf: Leaf, duties: Sequence[Duty]) -> bool:
        """Say whether a member's level is known."""
        return all(
            self._succession.known(leaf, duty.reporter, self._levels.get((leaf, duty.reporter)))
            for duty in duties
        )

    def _unreported(self, leaf: Leaf, member: str, duties: Sequence[Duty]) -> Months:
        key = (leaf, member)
        if key not in self._unknown:
            parts = self._settlement.unsettled(leaf, member, duties)
            months = (part.months - self._holds(leaf, part.duty) for part in parts)
            self._unknown[key] = _NONE.union(*months)
        return self._unknown[key]

    def _silent(self, leaf: Leaf, member: str, duties: Sequence[Duty]) -> Months:
        """Give the months of a member of which none of its reporters has told anything."""
        if len(duties) == 1:
            return self._unreported(leaf, member, duties)
        told = [
            duty.span.months & (self._settlement.settled(leaf, duty) | self._holds(leaf, duty))
            for duty in duties
        ]
        return _owed(duties).difference(*told)

    def _holds(self, leaf: Leaf, duty: Duty) -> Months:
        """Give the months in which the reporter has facts, as far as that was asked."""
        return self._present.get((leaf.measure, duty.reporter), _NONE)

    def known_nothing(self, leaf: Leaf, unit: str) -> bool:
        """Say whether some month under ``unit`` is known, where no value was stated at all.

        Such a month is a known nothing: closed, or with facts that the leaf does not ask about.
        """
        return any(
            _owed(duties) - self._unreported(leaf, member, duties)
            for member, duties in self._reporting.duties(leaf, unit).items()
        )

    def closed_some(self, leaf: Leaf, unit: str) -> bool:
        """Say whether somebody under ``unit`` has closed a month of the window."""
        months = frozenset(month.number for month in leaf.window.period.months())
        return any(
            months & self._settlement.settled(leaf, duty)
            for duties in self._reporting.duties(leaf, unit).values()
            for duty in duties
        )

    # divisions

    def coverage(self, group: frozenset[Leaf], unit: str) -> Coverage:
        """Find the months of the members under ``unit`` that all leaves of a division know."""
        key = (group, unit)
        if key not in self._coverage:
            self._coverage[key] = self._cover(group, unit)
        return self._coverage[key]

    def _cover(self, group: frozenset[Leaf], unit: str) -> Coverage:
        sides = [(leaf, self._reporting.duties(leaf, unit)) for leaf in group]
        top = self._reporting.outermost(member for _, duties in sides for member in duties)
        events = [side for side in sides if side[0].how is not Aggregation.LAST]
        # With a level, months cannot be told apart: it stands for all of them.
        whole = len(events) < len(sides) or any(leaf in self._unadded for leaf in group)
        looked: dict[str, Months] = dict.fromkeys(top.values(), _NONE)
        known: dict[str, Months] = {}
        for leaf, duties in events:
            here, sure = self._months_of(leaf, duties, top)
            for code in looked:
                looked[code] |= here.get(code, _NONE)
                mine = sure.get(code, _NONE)
                known[code] = known[code] & mine if code in known else mine
        needed = self._needed([leaf for leaf, _ in events], whole)
        owed = {code: months & needed for code, months in looked.items()}
        if whole:
            owed = {code: months or _WHOLE for code, months in owed.items()}
            gone = self._gone(sides, top)
            known = {
                code: _NONE
                if code in gone or (events and not months - _WHOLE <= known[code])
                else months
                for code, months in owed.items()
            }
        owed = {code: months for code, months in owed.items() if months or known[code]}
        known = {code: known[code] for code in owed}
        return Coverage(owed, known, looked, whole)

    def _months_of(
        self, leaf: Leaf, duties: Mapping[str, Sequence[Duty]], top: Mapping[str, str]
    ) -> tuple[dict[str, Months], dict[str, Months]]:
        """Give the months of each outermost member that a leaf looks at, and those it knows."""
        looked: dict[str, Months] = {}
        unknown: dict[str, Months] = {}
        for member, its_duties in duties.items():
            code = top[member]
            looked[code] = looked.get(code, _NONE) | _asked_for(leaf, _owed(its_duties))
            lacking = self._unknown_in(leaf, member, its_duties)
            if lacking:
                unknown[code] = unknown.get(code, _NONE) | _asked_for(leaf, lacking)
        sure = {code: months - unknown.get(code, _NONE) for code, months in looked.items()}
        return looked, sure

    def _needed(self, leaves: Sequence[Leaf], whole: bool) -> Months:
        """Give the months that members owe to a division: those that every leaf asks for."""
        asked = self._reporting.due if whole else self._reporting.asked
        months = [_asked_for(leaf, asked(leaf)) for leaf in leaves]
        return months[0].intersection(*months[1:]) if months else _NONE

    def _gone(
        self, sides: Sequence[tuple[Leaf, Mapping[str, Sequence[Duty]]]], top: Mapping[str, str]
    ) -> set[str]:
        """Find the members that a side does not speak of, or whose level it does not know."""
        gone: set[str] = set()
        for leaf, duties in sides:
            reached = {top[member] for member in duties}
            gone.update(code for code in top.values() if code not in reached)
            if leaf.how is Aggregation.LAST:
                gone.update(
                    top[member] for member, owed in duties.items() if not self.counted(leaf, owed)
                )
        return gone

    def _unknown_in(self, leaf: Leaf, member: str, duties: Sequence[Duty]) -> Months:
        """Give the months looked at that are open, or in which a value is missing."""
        unreported = self._unreported(leaf, member, duties)
        doubtful = self._doubtful.get((leaf, member))
        return unreported if doubtful is None else unreported | doubtful

    def months_out(
        self, group: frozenset[Leaf], unit: str, back: int
    ) -> Mapping[str, tuple[int, ...]]:
        """Give the months of members that a division leaves out though facts may lie in them.

        :param back: of the leaves that look at so many months before
        """
        cover = self.coverage(group, unit)
        empty = self._empty([leaf for leaf in group if leaf.window.back == back], unit)
        out: dict[str, tuple[int, ...]] = {}
        for member, looked in cover.looked.items():
            months = looked - cover.known.get(member, _NONE) - empty.get(member, _NONE)
            if months:
                out[member] = tuple(_earlier(number, back) for number in months)
        return out

    def _empty(self, leaves: Sequence[Leaf], unit: str) -> Mapping[str, Months]:
        """Give the months of members known to hold no fact of any of these leaves."""
        empty: dict[str, Months] | None = None
        for leaf in leaves:
            duties = self._reporting.duties(leaf, unit)
            mine = {
                member: _asked_for(leaf, self._silent(leaf, member, its_duties))
                for member, its_duties in duties.items()
            }
            if empty is not None:
                mine = {
                    member: months & mine.get(member, _NONE) for member, months in empty.items()
                }
            empty = mine
        return empty or {}


def _owed(duties: Sequence[Duty]) -> Months:
    return duties[0].span.months if len(duties) == 1 else _NONE.union(*_spans(duties))


def _spans(duties: Sequence[Duty]) -> list[Months]:
    return [duty.span.months for duty in duties]


def _asked_for(leaf: Leaf, months: Months) -> Months:
    """Turn months of a leaf's window into those of the period asked for."""
    if not leaf.window.back or not months:
        return months
    return frozenset(_earlier(number, -leaf.window.back) for number in months)


def _earlier(number: int, back: int) -> int:
    return Month.from_number(number).plus(-back).number if back else number
