"""Completeness: members known by facts or closings, and whom a division leaves out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from taizhang.core.aggregate.query import Aggregate, Aggregation
from taizhang.core.formula.leaf import Leaf
from taizhang.core.formula.name_scope import pack_of
from taizhang.core.indicator.reporting import Duty, Reporting
from taizhang.core.indicator.succession import Succession

_NONE: frozenset[int] = frozenset()


class OpenDuty(NamedTuple):
    """A duty with those of its months that no closing settles."""

    duty: Duty
    months: frozenset[int]


class Settlement:
    """Which of the months owed are settled by a closing.

    :param closed: the closed months of every unit that settles something, by pack and unit
    """

    def __init__(
        self, reporting: Reporting, closed: Mapping[tuple[str, str], frozenset[int]]
    ) -> None:
        self._reporting = reporting
        self._closed = closed
        self._open: dict[tuple[int, str], list[OpenDuty]] = {}

    def settled(self, leaf: Leaf, duty: Duty) -> frozenset[int]:
        """Give the months that the closer has closed, of whatever span."""
        return self._closed.get((pack_of(leaf.measure), duty.closer), _NONE)

    def unsettled(self, leaf: Leaf, member: str, duties: Sequence[Duty]) -> Sequence[OpenDuty]:
        """Give the months of a member that no closing settles, the same for all of its measures."""
        key = (self._reporting.kept(leaf), member)
        if key not in self._open:
            parts = (OpenDuty(duty, duty.span.months - self.settled(leaf, duty)) for duty in duties)
            self._open[key] = [part for part in parts if part.months]
        return self._open[key]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Members of a division under one unit, and those that one of its sides does not know."""

    members: frozenset[str]
    left_out: frozenset[str]

    @property
    def none(self) -> bool:
        """Say whether no member is known on both sides."""
        return self.members == self.left_out


class Completeness:
    """What is known of each member.

    :param levels: each reporter's own standing value, on the tree of the day it stands on
    :param doubtful: members in whose part of a leaf a value is missing
    :param present: the months in which a reporter has facts of a measure, as far as it matters
    """

    def __init__(
        self,
        reporting: Reporting,
        settlement: Settlement,
        succession: Succession,
        levels: Mapping[tuple[Leaf, str], Aggregate],
        doubtful: frozenset[tuple[Leaf, str]],
        present: Mapping[tuple[str, str], frozenset[int]],
    ) -> None:
        self._reporting = reporting
        self._settlement = settlement
        self._succession = succession
        self._levels = levels
        self._doubtful = doubtful
        self._present = present
        self._states: dict[tuple[Leaf, str], bool] = {}
        self._coverage: dict[tuple[frozenset[Leaf], str], Coverage] = {}

    def complete(self, leaf: Leaf, member: str, duties: Sequence[Duty]) -> bool:
        """Say whether a member's part of a leaf is fully known."""
        key = (leaf, member)
        if key not in self._states:
            self._states[key] = self._complete(leaf, member, duties)
        return self._states[key]

    def _complete(self, leaf: Leaf, member: str, duties: Sequence[Duty]) -> bool:
        if leaf.how is Aggregation.LAST:
            return all(
                self._succession.known(leaf, duty.reporter, self._levels.get((leaf, duty.reporter)))
                for duty in duties
            )
        if (leaf, member) in self._doubtful:
            return False
        return all(
            part.months <= self._holds(leaf, part.duty)
            for part in self._settlement.unsettled(leaf, member, duties)
        )

    def _holds(self, leaf: Leaf, duty: Duty) -> frozenset[int]:
        """Give the months in which the reporter has facts, as far as that was asked."""
        return self._present.get((leaf.measure, duty.reporter), _NONE)

    def known_nothing(self, leaf: Leaf, unit: str) -> bool:
        """Say whether some month under ``unit`` is known, where no value was stated at all.

        Such a month is a known nothing: closed, or with facts that the leaf does not ask about.
        """
        if leaf.how is Aggregation.LAST:
            return False
        for member, duties in self._reporting.duties(leaf, unit).items():
            doubtful = (leaf, member) in self._doubtful
            for duty in duties:
                settled, holds = self._settlement.settled(leaf, duty), self._holds(leaf, duty)
                if duty.span.months & (settled - holds if doubtful else settled | holds):
                    return True
        return False

    def coverage(self, group: frozenset[Leaf], unit: str) -> Coverage:
        """Find the members under ``unit`` that all leaves of a division know."""
        key = (group, unit)
        if key not in self._coverage:
            self._coverage[key] = self._cover(group, unit)
        return self._coverage[key]

    def _cover(self, group: frozenset[Leaf], unit: str) -> Coverage:
        sides = [(leaf, self._reporting.duties(leaf, unit)) for leaf in group]
        everyone = {member for _, duties in sides for member in duties}
        top = self._reporting.outermost(everyone)
        unknown = {
            member
            for leaf, duties in sides
            for member, owed in duties.items()
            if not self.complete(leaf, member, owed)
        }
        for _, duties in sides:
            if len(duties) != len(everyone):
                reached = {top[member] for member in duties}
                unknown |= {member for member in everyone if top[member] not in reached}
        return Coverage(frozenset(top.values()), frozenset(top[member] for member in unknown))
