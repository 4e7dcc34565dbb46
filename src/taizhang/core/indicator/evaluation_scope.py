"""Evaluation scope: what one unit's formula sees — aggregates as known, norms, quotas, entities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from taizhang.core import quota as plan
from taizhang.core.aggregate.query import COUNTED, Aggregate, Aggregation
from taizhang.core.base.figure import ReasonCode
from taizhang.core.base.literal import day_of
from taizhang.core.base.period import Month
from taizhang.core.book import Book
from taizhang.core.case.table import Asked, CaseQuestion
from taizhang.core.definition.norm import norm_quota, share
from taizhang.core.formula.duty import Owing
from taizhang.core.formula.evaluate import evaluate
from taizhang.core.formula.evaluation_scope import EvaluationContext
from taizhang.core.formula.function import OF_KNOWN_MEMBERS
from taizhang.core.formula.leaf import Group, Leaf, Window
from taizhang.core.formula.name_scope import pack_of
from taizhang.core.formula.node import Node
from taizhang.core.formula.value import NOTHING, Notes, Value, exactly, missing
from taizhang.core.indicator.completeness import FEW_UNITS, Coverage
from taizhang.core.indicator.fetch import Fetched, LeftOut
from taizhang.core.indicator.reporting import bound_units
from taizhang.core.unit.tree import Way


class UnitScope:
    """What a formula sees of one unit, for one value of the dimension if one is asked.

    ``part``: of a unit that is one of several in a sum.  Whether enough is known is asked of them
    together; of a part, whatever months are known count.
    """

    def __init__(
        self,
        book: Book,
        fetched: Fetched,
        unit: str,
        bucket: str | None = None,
        *,
        part: bool = False,
    ) -> None:
        self.book = book
        self._part = part
        self.unit = unit
        self.bucket = bucket
        self._fetched = fetched
        self._queries = fetched.queries
        self._completeness = fetched.completeness
        self._tree = fetched.queries.tree
        self._totals: dict[tuple[Leaf, Group], Value] = {}
        self._norms: dict[tuple[str, Window, Group], Value] = {}

    # aggregates

    def total(self, leaf: Leaf, group: Group) -> Value:
        """Give an aggregate, over the members known in the whole group where there is one."""
        key = (leaf, group)
        if key not in self._totals:
            self._totals[key] = self._total(leaf, group)
        return self._totals[key]

    def _total(self, leaf: Leaf, group: Group) -> Value:
        if not self._queries.begun(leaf):
            return missing(ReasonCode.WAITING, "not_begun")
        duties = self._queries.reporting.duties(leaf, self.unit)
        total = self._fetched.total(leaf, self.unit, self.bucket, group)
        if not duties and total is None:
            return missing(ReasonCode.NOT_APPLICABLE, "not_bound")
        if len(duties) > 1 and self._queries.over_units(leaf) == "last":
            return missing(ReasonCode.NOT_APPLICABLE, "does_not_add")
        if self._pooled(leaf):
            return missing(ReasonCode.NOT_APPLICABLE, "apart")
        if group:
            return self._inside(leaf, group, self.coverage(group), total)
        return self._whole(leaf, total)

    def _pooled(self, leaf: Leaf) -> bool:
        """Say whether values that stand apart, one for each answer of a dimension, would be added.

        Added, services unlike in size make a rate that all of them contradict (Simpson).
        """
        apart = self.book.programmes.measures[leaf.measure].apart
        if not apart or leaf.how is Aggregation.COUNT:
            return False
        if self.bucket is not None and self._queries.dimension == apart:
            return False
        return not any(
            where.dimension == apart and not where.negated and len(where.values) == 1
            for where in leaf.where
        )

    def _inside(
        self, leaf: Leaf, group: frozenset[Leaf], cover: Coverage, total: Aggregate | None
    ) -> Value:
        notes = covered(cover)
        if cover.waits:
            return missing(ReasonCode.WAITING, "none_due", notes)
        if cover.members and self._too_few(cover):
            return self._too_little(group, cover, notes)
        return _certain(_value(leaf, total)).noted(notes | self._moved(leaf, total))

    def _too_few(self, cover: Coverage) -> bool:
        return cover.none if self._part else not cover.enough

    def _too_little(self, group: frozenset[Leaf], cover: Coverage, notes: Notes) -> Value:
        """Say why a division has no value: a side has none, or too little is known of both."""
        if cover.none:
            for leaf in sorted(group, key=lambda leaf: (leaf.measure, leaf.window.back)):
                alone = self.total(leaf, None)
                if alone.reason is not None:
                    return missing(alone.reason, alone.detail, notes)
        few = "each_unit_needed" if len(cover.members) <= FEW_UNITS else "too_few_known"
        return missing(ReasonCode.TOO_FEW_KNOWN, few, notes)

    def _whole(self, leaf: Leaf, total: Aggregate | None) -> Value:
        duties = self._queries.reporting.duties(leaf, self.unit)
        members = frozenset(duties) or frozenset((self.unit,))
        months: dict[str, frozenset[int]] = {}
        owed = 0
        if leaf.how is Aggregation.LAST:
            known = {code for code, own in duties.items() if self._completeness.counted(leaf, own)}
            gaps = members - known
        else:
            for member, its_duties in duties.items():
                owed += self._completeness.owed(leaf, its_duties)
                if still_open := self._completeness.open_months(leaf, member, its_duties):
                    months[member] = still_open
            gaps = frozenset(months) if duties else members
        notes = Notes(members=members, gaps=gaps, open=frozenset(months.items()), owed=owed)
        if not stated(leaf, total) and (nothing := self._nothing(leaf, total, gaps)):
            return nothing.noted(notes)
        value = _value(leaf, total)
        if total is not None and total.missing and leaf.how not in COUNTED:
            notes |= Notes(blank=frozenset(((leaf, total.missing),)))
        else:
            value = _certain(value)
        if gaps and value.known:
            value = replace(value, high=None)
        return value.noted(notes | self._moved(leaf, total))

    def _nothing(self, leaf: Leaf, total: Aggregate | None, gaps: frozenset[str]) -> Value | None:
        """Say why an aggregate that states no value has none; ``None`` where it is nought."""
        if total is not None and total.missing:
            return missing(ReasonCode.ANSWER_BLANK, "answer_blank")
        if leaf.how is Aggregation.LAST:
            if not gaps:
                return None
            if self._completeness.closed_some(leaf, self.unit):
                return missing(ReasonCode.NEVER_COUNTED, "never_counted")
            return missing(ReasonCode.NOT_REPORTED, "nobody_reported")
        if self._completeness.known_nothing(leaf, self.unit):
            return None
        if not self._queries.reporting.asked(leaf):
            return missing(ReasonCode.NOT_REPORTED, "not_due_yet")
        return missing(ReasonCode.NOT_REPORTED, "nobody_reported") if gaps else None

    def _moved(self, leaf: Leaf, total: Aggregate | None) -> Notes:
        notes = NOTHING
        if (leaf, self.unit) in self._fetched.crossed and self.bucket is None:
            joined, left = self._fetched.crossed[leaf, self.unit]
            notes = Notes(crossed=frozenset(((leaf, joined, left),)))
        if total is None:
            return notes
        tags = {"about"} if total.about else set()
        if not total.moved:
            return notes | Notes(tags=frozenset(tags)) if tags else notes
        ways = self._tree.homes(self.unit).values()
        if Way.BACK in ways:
            tags.add("back")
        moved = frozenset(((leaf, total.moved, total.split),))
        return notes | Notes(moved=moved, tags=frozenset(tags))

    def records(self, leaf: Leaf, group: Group) -> int:
        """Count the records behind an aggregate."""
        if not self._queries.begun(leaf):
            return 0
        total = self._fetched.total(leaf, self.unit, self.bucket, group)
        return 0 if total is None else total.records

    # norms, targets

    def norm(self, key: str, window: Window, group: Group) -> Value:
        """Give what a norm asks of the unit, or of the members that a division keeps."""
        place = (key, window, group)
        if place not in self._norms:
            self._norms[place] = self._norm(key, window, group)
        return self._norms[place]

    def _norm(self, key: str, window: Window, group: Group) -> Value:
        norm = self.book.programmes.norms[key]
        pack = self.book.programmes.by_key[pack_of(key)]
        answer = norm_quota(
            norm, pack.mirrors, self._tree, self.unit, window.period, pack.unit_kinds
        )
        if answer.value is None:
            return missing(answer.reason or ReasonCode.NOT_APPLICABLE, "no_norm")
        tags = {"by_analogy"} if answer.by_analogy else set()
        if answer.unverified:
            tags.add("unverified_source")
        notes = Notes(documents=answer.documents, tags=frozenset(tags))
        cover = self._cover(group)
        if cover is None or answer.limit:  # a limit holds for whoever is left
            return exactly(answer.value, notes)
        notes |= covered(cover)
        if cover.members and self._too_few(cover):
            return self._too_little(group or frozenset(), cover, notes)
        back, amount = window.back, answer.value
        out = self._months_out(cover, back)
        for part in answer.parts:
            months = out.get(self._tree.seat(part.unit_code))
            if months is None:
                continue
            if not cover.whole:
                amount -= sum(due for month, due in part.by_month if month in months)
            else:
                amount -= part.amount
        return exactly(amount, notes)

    def _months_out(self, cover: Coverage, back: int) -> Mapping[str, frozenset[int]]:
        """Give, for every code under a member of which months are left out, those months."""
        out: dict[str, frozenset[int]] = {}
        for member, looked in cover.looked.items():
            known = cover.known.get(member, frozenset())
            if cover.whole and known:
                continue
            months = looked - known
            if not months and not cover.whole:
                continue
            if back:
                months = frozenset(
                    Month.from_number(number).plus(-back).number for number in months
                )
            out.update(dict.fromkeys(self._tree.homes(member), months))
        return out

    def _cover(self, group: Group) -> Coverage | None:
        if not group or not all(self._queries.begun(leaf) for leaf in group):
            return None
        return self.coverage(group)

    def coverage(self, group: frozenset[Leaf]) -> Coverage:
        """Give who a division is taken over."""
        return self._completeness.coverage(group, self.unit)

    def left_out(self, group: frozenset[Leaf]) -> LeftOut:
        """Give the members of which a division takes nothing in, and months left out of others."""
        cover = self.coverage(group)
        out = self._completeness.months_out(group, self.unit, 0)
        months = [
            (member, month)
            for member, some in ({} if cover.whole else out).items()
            if member not in cover.left_out
            for month in some
        ]
        return cover.left_out, frozenset(months)

    def target(self, key: str, window: Window, group: Group) -> Value:
        """Give the quota of the unit, or of the members that a division keeps."""
        cover = self._cover(group)
        if cover is None or (not cover.left_out and not cover.partly):
            return self._target(key, self.unit, window)
        notes = covered(cover)
        if self._too_few(cover):
            return self._too_little(group or frozenset(), cover, notes)
        total = Fraction(0)
        for member in sorted(cover.members - cover.left_out):
            quota = self._target(key, member, window)
            if quota.low is None:
                # A quota handed to the whole unit cannot be shared out over some of its members.
                return missing(ReasonCode.TOO_FEW_KNOWN, "quota_not_shared", notes)
            total += quota.low * self._share_known(key, cover, member)
        return exactly(total, notes)

    def _share_known(self, key: str, cover: Coverage, member: str) -> Fraction:
        """Give the part of a member's quota that falls due in the months that are known."""
        owed, known = cover.owed[member], cover.known[member]
        if cover.whole or owed <= known:
            return Fraction(1)
        planned = plan.task_of(self.book, key)
        spread = "even" if planned is None else planned[1].spread
        whole, part = (
            sum((share(spread, number % 100) for number in months), Fraction(0))
            for months in (owed, owed & known)
        )
        return part / whole if whole else Fraction(1)

    def _target(self, key: str, unit: str, window: Window) -> Value:
        quota = plan.target(self.book, key, unit, window.period)
        if quota is None:
            return missing(ReasonCode.NOT_APPLICABLE, "no_target")
        return exactly(quota)

    def bound(self, owing: Owing, window: Window) -> Sequence[tuple[str, UnitScope]]:
        """Give the units that owe a duty, each by its kind with what a formula sees of it.

        A quota handed to the unit itself, other than what is handed out below it, is its own duty.
        """
        units = bound_units(self.book.programmes, self._tree, owing, self.unit)
        for key in owing.targets:
            own = self.book.targets.handed(key, self.unit, window.period)
            if own is None or len(units) < 2:
                continue
            parts = [plan.target(self.book, key, code, window.period) for code in units]
            if sum((part for part in parts if part is not None), Fraction(0)) != own:
                return [("", self)]
        return [
            (kind, self if code == self.unit else self._at(code)) for code, kind in units.items()
        ]

    def _at(self, unit: str) -> UnitScope:
        return UnitScope(self.book, self._fetched, unit, self.bucket, part=True)

    # units, entities

    def begun(self, window: Window) -> bool:
        """Say whether a window has begun by the day counted up to."""
        return window.period.start <= window.end(self.book.as_of)

    def units(self, kinds: tuple[str, ...]) -> Value:
        """Count the units of these kinds below."""
        return exactly(len(self._tree.members(self.unit, kinds)))

    def units_where(
        self, condition: Node, kinds: tuple[str, ...], context: EvaluationContext
    ) -> Value:
        """Count the units of these kinds below whose own figures fulfil a condition.

        A unit for which it is undecided leaves the count between two numbers.
        """
        passing, _, gaps = self._asked(condition, kinds, context)
        units = self._tree.members(self.unit, kinds)
        notes = Notes(frozenset(unit.code for unit in units), frozenset(gaps))
        if units and len(gaps) == len(units):
            return missing(ReasonCode.NOT_REPORTED, "nobody_reported", notes)
        return Value(Fraction(passing), Fraction(passing + len(gaps)), notes=notes)

    def share_of_units(
        self, condition: Node, kinds: tuple[str, ...], context: EvaluationContext
    ) -> tuple[Value, Value]:
        """Count those of them that fulfil a condition, and those of which it is known.

        One to which it does not apply is bound by nothing.  As in every division at least half of
        those bound must be known, of one or two each.
        """
        passing, failing, gaps = self._asked(condition, kinds, context)
        known = passing + failing
        bound = known + len(gaps)
        units = self._tree.members(self.unit, kinds)
        notes = Notes(members=frozenset(unit.code for unit in units), left_out=frozenset(gaps))
        needed = bound if bound <= FEW_UNITS else bound / 2
        if known < needed:
            if not known:
                nothing = missing(ReasonCode.NOT_REPORTED, "nobody_reported", notes)
            else:
                few = "each_unit_needed" if bound <= FEW_UNITS else "too_few_known"
                nothing = missing(ReasonCode.TOO_FEW_KNOWN, few, notes)
            return nothing, nothing
        return exactly(passing, notes), exactly(known, notes)

    def _asked(
        self, condition: Node, kinds: tuple[str, ...], context: EvaluationContext
    ) -> tuple[int, int, set[str]]:
        """Count the units that fulfil a condition and those that do not, and name the undecided."""
        passing = failing = 0
        gaps: set[str] = set()
        for unit in self._tree.members(self.unit, kinds):
            value = evaluate(condition, context, UnitScope(self.book, self._fetched, unit.code))
            if value.exact:
                passing += int(value.low == 1)
                failing += int(value.low != 1)
            elif value.reason is not ReasonCode.NOT_APPLICABLE:
                gaps.add(unit.code)
        return passing, failing, gaps

    def reports(self, function: str, packs: tuple[str, ...], window: Window) -> tuple[Value, Value]:
        """Count what has been closed, and of how many units or unit-months that are due."""
        return self._fetched.reports.sides(function, (packs, window), self.unit)

    def above(self, node: Node, context: EvaluationContext) -> Value:
        """Give what a formula gives of the unit right above; its members are not this unit's."""
        parent = self._tree.above(self.unit)
        if parent is None:
            return missing(ReasonCode.NOT_APPLICABLE, "nobody_above")
        value = evaluate(node, context, UnitScope(self.book, self._fetched, parent))
        kept = Notes(documents=value.notes.documents, tags=value.notes.tags)
        return replace(value, notes=kept)

    def per_thing(
        self, norm: str, dataset: str, window: Window, group: Group, *having: str
    ) -> Value:
        """Give what a norm asks for each entity below, those of members left out aside."""
        cover = self._cover(group)
        if cover is not None and cover.members and not cover.enough:
            return self._too_little(group or frozenset(), cover, covered(cover))
        out = {} if cover is None else self._months_out(cover, window.back)
        asked = plan.per_thing(self.book, self.unit, norm, dataset, window, having, left_out=out)
        return asked if cover is None else asked.noted(covered(cover))

    def overdue(self, dataset: str, window: Window, *having: str) -> Value:
        """Count the entities below whose due date lies before the last day counted.

        ``having`` is empty, or a property and the value that it must have.
        """
        states = self._states(dataset, window, having)
        if states is None:
            return missing(ReasonCode.WAITING, "not_begun")
        day, due = window.end(self.book.as_of), due_field(self.book, dataset)
        return exactly(sum(_passed(state.get(due), day) for state in states))

    def entities(self, dataset: str, window: Window, *having: str) -> Value:
        """Count the entities below that records speak of by the last day counted."""
        states = self._states(dataset, window, having)
        return missing(ReasonCode.WAITING, "not_begun") if states is None else exactly(len(states))

    def cases(self, function: str, kind: str, window: Window, detail: str) -> Value:
        """Ask the state table of a kind of case, as it stands on the last day counted.

        A median of nothing is none.
        """
        day = window.end(self.book.as_of)
        if window.period.start > day:
            return missing(ReasonCode.WAITING, "not_begun")
        asked = Asked.DAYS if function == "median_days" else Asked(function)
        of_clock = asked in (Asked.DUE, Asked.IN_TIME, Asked.STANDING)
        question = CaseQuestion(
            asked=asked,
            kind=kind,
            unit=self.unit,
            first=window.period.start,
            last=day,
            clock=detail if of_clock else "",
            state="" if of_clock else detail,
            known=self.book.known_at,
        )
        if asked is not Asked.DAYS:
            return exactly(self.book.cases.count(question))
        days = self.book.cases.days(question)
        if not days:
            return missing(ReasonCode.NOT_APPLICABLE, "nothing_stated")
        middle = len(days) // 2
        return exactly(Fraction(days[middle] + days[-1 - middle], 2))

    def things(self, kind: str, window: Window, what: str) -> Value:
        """Count the things of a kind below, as they stand on the last day counted."""
        day, first = window.end(self.book.as_of), window.period.start
        if first > day:
            return missing(ReasonCode.WAITING, "not_begun")
        things = self.book.things
        if things is None:
            return missing(ReasonCode.WAITING, "things_not_kept")
        return exactly(things.things(kind, what, self.unit, first, day, self.book.known_at))

    def _states(
        self, dataset: str, window: Window, having: Sequence[str]
    ) -> Sequence[Mapping[str, object]] | None:
        """Give the states on the last day counted, ``None`` before the period begins."""
        day = window.end(self.book.as_of)
        if window.period.start > day:
            return None
        states = self.book.entities.states(dataset, self.unit, day, self.book.known_at)
        if not having:
            return states
        name, value = having
        return [state for state in states if state.get(name) == value]


def due_field(book: Book, dataset: str) -> str:
    """Give the property that holds the due date in a dataset's states."""
    for form in book.programmes.forms.values():
        if form.entity is not None and form.entity.dataset == dataset and form.entity.due_field:
            return form.entity.due_field
    return ""


def _passed(due: object, day: date) -> bool:
    if isinstance(due, str) and due:
        due = day_of(due[:10])
    return isinstance(due, date) and due < day


def covered(cover: Coverage) -> Notes:
    """Note whom a division is taken over, and how much of their months."""
    partly = frozenset((cover.amounts,)) if cover.partly else frozenset()
    return Notes(members=cover.members, left_out=cover.left_out, partly=partly)


def _certain(value: Value) -> Value:
    """Note a value that is not exactly known although all that was stated is counted."""
    return value if value.exact or not value.known else value.noted(_INEXACT)


_INEXACT = Notes(tags=frozenset(("inexact",)))


def stated(leaf: Leaf, total: Aggregate | None) -> int:
    """Count the values that an aggregate knows."""
    if total is None:
        return 0
    return total.facts if leaf.how in COUNTED else total.facts - total.missing


@lru_cache(maxsize=4096)  # mostly small whole numbers, over and over
def _exact(number: Decimal) -> Fraction:
    return Fraction(number)


def _value(leaf: Leaf, total: Aggregate | None) -> Value:
    """Turn an aggregate into an interval; of nothing there is a sum, but no average."""
    known = stated(leaf, total)
    if leaf.how in OF_KNOWN_MEMBERS | {Aggregation.MAX} and not known:
        return missing(ReasonCode.NOT_APPLICABLE, "nothing_stated")
    if total is None:
        return exactly(0)
    low = _exact(total.low)
    high = None if total.high is None else _exact(total.high)
    if leaf.how is Aggregation.MEAN:
        return Value(low / known, None if high is None else high / known)
    return Value(low, high)
