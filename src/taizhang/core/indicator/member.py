"""Who is expected to report, for which months, and whether they have.

A *reporter* is a unit of a pack's kinds that existed at the end of a month (the innermost one
where such units lie inside each other).  A *member* of an answer is the code that a reporter's
facts lie under on the answer's tree: the reporter itself, its successor after a merge or a recode,
or the unit that was later split.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from taizhang.core.formula.evaluate import Leaf, Window
from taizhang.core.formula.scope import pack_of
from taizhang.core.period import Month
from taizhang.core.programme import Programmes
from taizhang.core.unit import History, Tree

Kinds = tuple[str, ...]
Shape = frozenset[tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class Duty:
    """A reporter's month; ``closer`` is the unit whose closing settles it."""

    reporter: str
    closer: str
    month: Month


class Members:
    """Members of one answer: one tree, one day up to which is counted."""

    def __init__(self, programmes: Programmes, history: History, tree: Tree, as_of: date) -> None:
        self._programmes = programmes
        self._history = history
        self.tree = tree
        self._as_of = as_of
        self._reporters: dict[tuple[Shape, Kinds], frozenset[str]] = {}
        self._shapes: dict[date, Shape] = {}
        self._kept: dict[tuple[str, Window, bool], int] = {}
        self._kept_of: dict[Leaf, int] = {}
        self._duties: dict[int, dict[str, list[Duty]]] = {}
        self._under: dict[tuple[int, str], Mapping[str, list[Duty]]] = {}

    def kinds(self, measure: str) -> Kinds:
        """Give the kinds of unit that keep a measure."""
        return self._programmes.by_key[pack_of(measure)].unit_kinds

    def day(self, month: Month, window: Window) -> date:
        """Give the day on whose tree a month's reporters are read."""
        return min(month.end, window.end(self._as_of))

    def shape(self, day: date) -> Shape:
        """Tell trees apart by what hangs where."""
        if day not in self._shapes:
            units = self._history.tree(day).units.values()
            self._shapes[day] = frozenset((unit.code, unit.parent) for unit in units)
        return self._shapes[day]

    def reporters(self, kinds: Kinds, day: date) -> frozenset[str]:
        """Give the innermost units of these kinds on a day."""
        key = (self.shape(day), kinds)
        if key not in self._reporters:
            tree = self._history.tree(day)
            found = [unit.code for unit in tree.units.values() if unit.kind in kinds]
            outer = {above for code in found for above in tree.ancestors(code)}
            self._reporters[key] = frozenset(found) - outer
        return self._reporters[key]

    def member(self, reporter: str) -> str:
        """Give the code under which a reporter's facts lie on the answer's tree."""
        if reporter in self.tree.homes(reporter):
            return reporter
        return next(iter(self.tree.ancestors(reporter)), reporter)

    def months(self, leaf: Leaf) -> tuple[Month, ...]:
        """Give the months that must be known: of a stock the last begun, of an event those over.

        The running month is not due yet; it is asked for only where the window holds no month
        that is over, so that a year under way is judged by its finished months.
        """
        end = leaf.window.end(self._as_of)
        begun = tuple(one for one in leaf.window.period.months() if one.start <= end)
        if self.stands(leaf):
            return begun[-1:]
        return tuple(one for one in begun if one.end <= end) or begun

    def stands(self, leaf: Leaf) -> bool:
        """Say whether the leaf reads a stock's last value, which must be there at the end."""
        return leaf.how == "last"

    def kept(self, leaf: Leaf) -> int:
        """Give a number that is the same for all leaves of one pack that are owed alike."""
        if leaf not in self._kept_of:
            key = (pack_of(leaf.measure), leaf.window, self.stands(leaf))
            self._kept_of[leaf] = self._kept.setdefault(key, len(self._kept))
        return self._kept_of[leaf]

    def duties(self, leaf: Leaf, unit: str) -> Mapping[str, list[Duty]]:
        """Give for each member under ``unit`` the months that its reporters owe."""
        key = self.kept(leaf)
        if (key, unit) not in self._under:
            kinds = self.kinds(leaf.measure)
            if key not in self._duties:
                self._duties[key] = self._owed(leaf, kinds)
            homes = self.tree.homes(unit)
            under = {member: owed for member, owed in self._duties[key].items() if member in homes}
            self._under[key, unit] = under or self._kept_above(leaf, kinds, unit)
        return self._under[key, unit]

    def _owed(self, leaf: Leaf, kinds: Kinds) -> dict[str, list[Duty]]:
        owed: dict[str, list[Duty]] = {}
        members: dict[str, str] = {}
        for month in self.months(leaf):
            for reporter in sorted(self.reporters(kinds, self.day(month, leaf.window))):
                if reporter not in members:
                    members[reporter] = self.member(reporter)
                owed.setdefault(members[reporter], []).append(Duty(reporter, reporter, month))
        return owed

    def _kept_above(self, leaf: Leaf, kinds: Kinds, unit: str) -> Mapping[str, list[Duty]]:
        """Treat a unit inside a reporter (a grid of a community) as a member of its own.

        Its months are settled when the reporter around it has closed them.
        """
        duties: list[Duty] = []
        for month in self.months(leaf):
            day = self.day(month, leaf.window)
            tree = self._history.tree(day)
            if tree.unit(unit) is None:
                continue
            around = [one for one in tree.ancestors(unit) if one in self.reporters(kinds, day)]
            if around:
                duties.append(Duty(unit, around[0], month))
        return {unit: duties} if duties else {}

    def outermost(self, members: Iterable[str]) -> dict[str, str]:
        """Give for each of some members the outermost of them it lies in."""
        among = frozenset(members)
        found: dict[str, str] = {}
        for one in among:
            around = [above for above in self.tree.ancestors(one) if above in among]
            found[one] = around[-1] if around else one
        return found
