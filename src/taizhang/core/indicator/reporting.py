"""Reporting duty: which units owe which months of a measure, and under which member they count.

A *reporter* is a unit of a pack's kinds that existed at the end of a month (the innermost one
where such units lie inside each other).  A *member* of an answer is the code that a reporter's
facts lie under on the answer's tree: the reporter itself, its successor after a merge or a recode,
or the unit that was later split.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from taizhang.core.base.closing_day import DueMonths
from taizhang.core.base.period import Month
from taizhang.core.definition.programme import Programmes
from taizhang.core.formula.duty import Owing
from taizhang.core.formula.leaf import Leaf, Window
from taizhang.core.formula.name_scope import pack_of
from taizhang.core.unit.tree import History, Tree, Way

Kinds = tuple[str, ...]


def bound_units(programmes: Programmes, tree: Tree, owing: Owing, unit: str) -> Mapping[str, str]:
    """Give the units below ``unit`` (itself included) that owe a duty, each with its kind.

    They stand under the codes that their facts lie under; of units that lie in each other the
    innermost owe.
    """
    packs = {pack_of(key) for key in (*owing.norms, *owing.targets)}
    kinds = {kind for pack in packs for kind in programmes.by_key[pack].unit_kinds}
    owe: dict[str, str] = {}
    for code in tree.homes(unit):
        life = next((life for life in reversed(tree.lives(code)) if life.kind in kinds), None)
        if life is not None:
            seat = tree.seat(code)
            seated = tree.unit(seat)
            owe[seat] = life.kind if seated is None else seated.kind
    outer: set[str] = set()
    for code in owe:
        above = tree.above(code)
        while above is not None and above not in outer:
            outer.add(above)
            above = tree.above(above)
    return {code: owe[code] for code in sorted(owe) if code not in outer}


class Span(NamedTuple):
    """Months of one leaf at whose ends the tree is the same under the units looked at."""

    stretch: int  # equal for all spans with this tree
    months: frozenset[int]  # yyyymm
    day: date  # the last of them on whose tree reporters are read


class Duty(NamedTuple):
    """Months that a reporter owes; ``closer`` is the unit whose closing settles them."""

    reporter: str
    closer: str
    span: Span


class Reporting:
    """Who owes which months to one answer: one tree, one day up to which is counted.

    :param due: which months are due on that day
    :param due_from: for each pack the day from which its months are due; absent: always
    :param units: the units that will be looked at; nothing outside of them is
    """

    def __init__(
        self,
        programmes: Programmes,
        history: History,
        tree: Tree,
        due: DueMonths,
        due_from: Mapping[str, date],
        units: Iterable[str],
    ) -> None:
        self._programmes = programmes
        self._due_from = due_from
        self._history = history
        self._tree = tree
        self._due = due
        ways = {code: way for unit in units for code, way in tree.homes(unit).items()}
        led = (code for code, way in ways.items() if way != Way.OWN.value)
        self._cuts = history.cuts_below((*units, *led))
        self._reporters: dict[tuple[Kinds, int, str], tuple[tuple[str, str], ...]] = {}
        self._kept: dict[tuple[str, Window, bool], int] = {}
        self._kept_of: dict[Leaf, int] = {}
        self._asked: dict[int, frozenset[int]] = {}
        self._spans: dict[int, tuple[Span, ...]] = {}
        self._under: dict[tuple[int, str], Mapping[str, list[Duty]]] = {}

    def kinds(self, measure: str) -> Kinds:
        """Give the kinds of unit that keep a measure."""
        return self._programmes.by_key[pack_of(measure)].unit_kinds

    def day(self, month: Month, window: Window) -> date:
        """Give the day on whose tree a month's reporters are read."""
        return min(month.end, window.end(self._due.as_of))

    def stretch(self, day: date) -> int:
        """Give a number that is the same for days between which nothing looked at changes."""
        return bisect_right(self._cuts, day)

    def reporters(self, kinds: Kinds, day: date, unit: str) -> tuple[tuple[str, str], ...]:
        """Give each reporter of a day whose facts lie below ``unit``, with its member."""
        key = (kinds, self.stretch(day), unit)
        if key not in self._reporters:
            tree = self._history.tree(day)
            below = sorted(
                code for code in self._tree.homes(unit) if self.reports(code, kinds, tree)
            )
            self._reporters[key] = tuple((code, self._tree.seat(code)) for code in below)
        return self._reporters[key]

    def reports(self, code: str, kinds: Kinds, tree: Tree) -> bool:
        """Say whether a code is a unit of these kinds on a tree, and the innermost one there."""
        unit = tree.unit(code)
        if unit is None or unit.kind not in kinds:
            return False
        pending = list(tree.children(code))
        while pending:
            below = pending.pop()
            if below.kind in kinds:
                return False
            pending += tree.children(below.code)
        return True

    def months(self, leaf: Leaf) -> tuple[Month, ...]:
        """Give the months looked at: of a level the last begun, of an event those asked for.

        Of a period that is over these are all its months, of a running one those that are due.
        Months before the ledger, or the pack, began may be known too, but are never asked for;
        where no month of a running period is due, nothing is.
        """
        end = leaf.window.end(self._due.as_of)
        begun = tuple(month for month in leaf.window.period.months() if month.start <= end)
        if self.stands(leaf):
            return begun[-1:]
        if self._due.is_over(leaf.window.asked()):
            return begun
        return tuple(month for month in begun if self._is_due(month, leaf)) or begun

    def asked(self, leaf: Leaf) -> frozenset[int]:
        """Give the months (yyyymm) that must be known for the leaf to be: none before the start.

        Where a period lies before it as a whole, all of them are asked for.
        """
        key = self.kept(leaf)
        if key not in self._asked:
            self._asked[key] = self._find_asked(leaf)
        return self._asked[key]

    def _find_asked(self, leaf: Leaf) -> frozenset[int]:
        months = self.months(leaf)
        start = self._due_from.get(pack_of(leaf.measure), date.min)
        since = [month for month in months if month.end >= start]
        if leaf.window.period.end < start:
            since = list(months)
        if self.stands(leaf) or self._due.is_over(leaf.window.asked()):
            return frozenset(month.number for month in since)
        return frozenset(month.number for month in since if self._is_due(month, leaf))

    def due(self, leaf: Leaf) -> frozenset[int]:
        """Give those of the months asked for whose closing day has come; all where none has."""
        asked = self.asked(leaf)
        due = [
            month.number
            for month in self.months(leaf)
            if month.number in asked and self._is_due(month, leaf)
        ]
        return frozenset(due) or asked

    def _is_due(self, month: Month, leaf: Leaf) -> bool:
        return self._due.is_due(month.plus(leaf.window.back))

    def stands(self, leaf: Leaf) -> bool:
        """Say whether the leaf reads a level's last value, which must be there at the end."""
        return leaf.how == "last"

    def kept(self, leaf: Leaf) -> int:
        """Give a number that is the same for all leaves of one pack that are owed alike."""
        if leaf not in self._kept_of:
            key = (pack_of(leaf.measure), leaf.window, self.stands(leaf))
            self._kept_of[leaf] = self._kept.setdefault(key, len(self._kept))
        return self._kept_of[leaf]

    def duties(self, leaf: Leaf, unit: str) -> Mapping[str, list[Duty]]:
        """Give for each member under ``unit`` the months that its reporters owe."""
        key = (self.kept(leaf), unit)
        if key not in self._under:
            kinds = self.kinds(leaf.measure)
            self._under[key] = self._owed(leaf, kinds, unit) or self._kept_above(leaf, kinds, unit)
        return self._under[key]

    def spans(self, leaf: Leaf) -> tuple[Span, ...]:
        """Give the months looked at, those with the same tree together."""
        key = self.kept(leaf)
        if key not in self._spans:
            stretches: list[Span] = []
            for month in self.months(leaf):
                span = self._span(month, leaf)
                if stretches and stretches[-1].stretch == span.stretch:
                    span = span._replace(months=stretches.pop().months | span.months)
                stretches.append(span)
            self._spans[key] = tuple(stretches)
        return self._spans[key]

    def _span(self, month: Month, leaf: Leaf) -> Span:
        day = self.day(month, leaf.window)
        return Span(self.stretch(day), frozenset((month.number,)), day)

    def _owed(self, leaf: Leaf, kinds: Kinds, unit: str) -> dict[str, list[Duty]]:
        owed: dict[str, list[Duty]] = {}
        for span in self.spans(leaf):
            for reporter, member in self.reporters(kinds, span.day, unit):
                owed.setdefault(member, []).append(Duty(reporter, reporter, span))
        return owed

    def _kept_above(self, leaf: Leaf, kinds: Kinds, unit: str) -> Mapping[str, list[Duty]]:
        """Treat a unit inside a reporter (a grid of a community) as a member of its own.

        Its months are settled when the reporter around it has closed them.
        """
        duties: list[Duty] = []
        for month in self.months(leaf):
            span = self._span(month, leaf)  # month by month: what is above may change, too
            tree = self._history.tree(span.day)
            if tree.unit(unit) is None:
                continue
            around = [
                ancestor for ancestor in tree.ancestors(unit) if self.reports(ancestor, kinds, tree)
            ]
            if around:
                duties.append(Duty(unit, around[0], span))
        return {unit: duties} if duties else {}

    def outermost(self, members: Iterable[str]) -> dict[str, str]:
        """Give for each of some members the outermost of them it lies in."""
        among = frozenset(members)
        tops: dict[str, str | None] = {}  # of a code, itself counted

        def top(code: str) -> str | None:
            if code not in tops:
                above = self._tree.above(code)
                around = None if above is None else top(above)
                tops[code] = around or (code if code in among else None)
            return tops[code]

        return {member: top(member) or member for member in among}
