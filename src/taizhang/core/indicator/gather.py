"""All that one answer needs from the engine and the closings, fetched in a handful of calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from taizhang.core.book import Book
from taizhang.core.engine import Ask, How, Total
from taizhang.core.formula.evaluate import Group, Leaf
from taizhang.core.formula.scope import pack_of
from taizhang.core.indicator.border import crossed
from taizhang.core.indicator.handover import Handover, Totals
from taizhang.core.indicator.member import Duty, Members
from taizhang.core.period import Month, Period
from taizhang.core.unit import Tree

#: Leaves with the division around them, each with the units it is looked at for.
Wanted = Mapping[tuple[Leaf, Group], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Members of a division under one unit, and those that one of its sides does not know."""

    members: frozenset[str]
    left_out: frozenset[str]

    @property
    def none(self) -> bool:
        """Say whether no member is known on both sides."""
        return self.members == self.left_out


class Open(NamedTuple):
    """A duty with those of its months that no closing settles."""

    duty: Duty
    months: frozenset[int]


_NONE: frozenset[int] = frozenset()


class Gather:
    """Aggregates, presence and closings behind one answer.

    :param wanted: leaves with the division around them, and the units that will be looked at
    :param dimension: what the answer is split by, if it is a dimension
    """

    def __init__(
        self,
        book: Book,
        tree: Tree,
        wanted: Wanted,
        dimension: str | None = None,
    ) -> None:
        self.book = book
        self.tree = tree
        self.as_of = book.as_of
        self._known_at = None if book.as_of >= book.today else book.as_of
        looked_at = {unit: None for units in wanted.values() for unit in units}
        self.members = Members(
            book.programmes, book.history, tree, book.as_of, book.due_from, tuple(looked_at)
        )
        self._dimension = dimension
        self._begun: dict[Leaf, bool] = {}
        groups = _groups(wanted)
        self._units = {leaf: units for leaf, units in _units(wanted, groups) if self.begun(leaf)}
        self._leaves = list(self._units)
        self._asks = self._write_asks()
        self._handover = Handover(book, self.members, self._leaves, self._known_at)
        self._closed = self._read_closings()
        self._open: dict[tuple[int, str], list[Open]] = {}
        self._stock = self._read_stocks()
        self._totals = self._read_totals()
        asks = {leaf: leaf.ask(self.as_of) for leaf in self._leaves}
        self.crossed = crossed(book, tree, self._units, asks, self._known_at)
        self._parts = self._read_parts()
        self._doubtful = self._read_doubtful()
        self._present = self._read_presence()
        self._states: dict[tuple[Leaf, str], bool] = {}
        self._coverage: dict[tuple[frozenset[Leaf], str], Coverage] = {}
        self._within = self._read_divisions(groups)

    def begun(self, leaf: Leaf) -> bool:
        """Say whether the leaf's window has begun by the day counted up to."""
        if leaf not in self._begun:
            self._begun[leaf] = leaf.window.period.start <= leaf.window.end(self.as_of)
        return self._begun[leaf]

    # asks

    def _write_asks(self) -> dict[Leaf, tuple[Ask, str | None]]:
        """Write one ask per leaf; single months of one measure share an ask by month."""
        asks: dict[Leaf, tuple[Ask, str | None]] = {}
        months: dict[tuple[object, ...], list[Leaf]] = defaultdict(list)
        for leaf in self._leaves:
            asks[leaf] = (leaf.ask(self.as_of, self._by(leaf)), None)
            if leaf.how is not How.LAST and leaf.window.period.length == 1:
                if self._by(leaf) is None and (leaf.window.back == 0 or self._whole(leaf)):
                    months[leaf.measure, leaf.how, leaf.where].append(leaf)
        for leaves in months.values():
            if len(leaves) > 1:
                first = min(leaf.window.period.start for leaf in leaves)
                last = max(leaf.window.end(self.as_of) for leaf in leaves)
                one = leaves[0]
                ask = Ask(one.measure, one.how, first, last, one.where, "month")
                for leaf in leaves:
                    asks[leaf] = (ask, str(leaf.window.period.first.number))
        return asks

    def _whole(self, leaf: Leaf) -> bool:
        return leaf.window.end(self.as_of) == leaf.window.period.end

    def _by(self, leaf: Leaf) -> str | None:
        measure = self.book.programmes.measures[leaf.measure]
        return self._dimension if self._dimension in measure.dimensions else None

    def _ask(self, leaves: Sequence[Leaf], units: Sequence[str], without: frozenset[str]) -> Totals:
        if not leaves or not units:
            return {}
        asks = self._narrowed(leaves)
        totals = self.book.engine.totals(
            list(asks), units, tree=self.tree.day, as_of=self._known_at, without=without
        )
        found = {(asks[ask], unit, bucket): total for (ask, unit, bucket), total in totals.items()}
        standing = {leaf: self._asks[leaf][0] for leaf in leaves if leaf.how is How.LAST}
        self._handover.correct(found, standing, units, without)
        return found

    def _narrowed(self, leaves: Sequence[Leaf]) -> dict[Ask, Ask]:
        """Give the asks of these leaves; a shared one over no more months than theirs."""
        spans: dict[Ask, list[tuple[date, date]]] = defaultdict(list)
        for leaf in leaves:
            ask, month = self._asks[leaf]
            own = (leaf.window.period.start, leaf.window.end(self.as_of))
            spans[ask].append((ask.start, ask.end) if month is None else own)
        return {
            replace(ask, start=min(some)[0], end=max(last for _, last in some)): ask
            for ask, some in spans.items()
        }

    def _read_totals(self) -> Totals:
        """Ask for every leaf, those that are looked at for the same units in one call."""
        alike: dict[tuple[str, ...], list[Leaf]] = defaultdict(list)
        for leaf, units in self._units.items():
            alike[units].append(leaf)
        found: Totals = {}
        for units, leaves in alike.items():
            found.update(self._ask(leaves, units, frozenset()))
        return found

    def over_units(self, leaf: Leaf) -> str:
        """Give how values of several members come together: ``sum``, ``max`` or ``last``."""
        if leaf.how not in (How.SUM, How.LAST):
            return "sum"  # facts are counted and compared one by one, wherever they are
        return self.book.programmes.measures[leaf.measure].over_units

    def _read_parts(self) -> Totals:
        """Read each member's own value of the measures of which the largest stands for several."""
        leaves = [leaf for leaf in self._leaves if self.over_units(leaf) == "max"]
        members = {
            member: None
            for leaf in leaves
            for unit in self._units[leaf]
            for member in self.members.duties(leaf, unit)
        }
        return self._ask(leaves, tuple(members), frozenset())

    # what is known of each member

    def _owed(self, leaf: Leaf) -> Mapping[str, Sequence[Duty]]:
        """Give the months owed for a leaf under the units looked at, by member."""
        owed: dict[str, Sequence[Duty]] = {}
        for unit in self._units[leaf]:
            for member, duties in self.members.duties(leaf, unit).items():
                owed.setdefault(member, duties)
        return owed

    def _alike(self) -> Iterable[list[Leaf]]:
        """Give the event leaves in groups that owe the same months of the same units."""
        alike: dict[tuple[int, tuple[str, ...]], list[Leaf]] = defaultdict(list)
        for leaf in self._events():
            alike[self.members.kept(leaf), self._units[leaf]].append(leaf)
        return alike.values()

    def _events(self) -> list[Leaf]:
        return [leaf for leaf in self._leaves if leaf.how is not How.LAST]

    def _read_closings(self) -> dict[tuple[str, str], frozenset[int]]:
        """Read the closed months of every unit that settles something, once per pack."""
        closers: dict[str, set[str]] = defaultdict(set)
        months: dict[str, set[int]] = defaultdict(set)
        for leaf, *_ in self._alike():
            pack = pack_of(leaf.measure)
            spans: dict[frozenset[int], None] = {}
            for duties in self._owed(leaf).values():
                closers[pack].update([duty.closer for duty in duties])
                spans.update(dict.fromkeys([duty.span.months for duty in duties]))
            months[pack].update(*spans)
        closed: dict[tuple[str, str], frozenset[int]] = {}
        for pack, units in closers.items():
            first, last = min(months[pack]), max(months[pack])
            period = Period(Month.from_number(first), Month.from_number(last))
            found = self.book.closings.closed(pack, sorted(units), period, self.as_of)
            closed.update({(pack, unit): numbers for unit, numbers in found.items()})
        return closed

    def _read_presence(self) -> Mapping[tuple[str, str], frozenset[int]]:
        """Read which months hold facts, one call for each stretch of time with the same tree.

        Only where a month is open, or where a value is missing, does it matter whether a month
        holds a fact.
        """
        spans: dict[int, tuple[int, date]] = {}
        units: dict[int, set[str]] = defaultdict(set)
        measures: dict[int, set[str]] = defaultdict(set)

        def note(leaves: Sequence[Leaf], part: Open) -> None:
            stretch, _, day = part.duty.span
            units[stretch].add(part.duty.reporter)
            span = (min(part.months), day)
            known = spans.setdefault(stretch, span)
            if known != span:
                spans[stretch] = min(known[0], span[0]), max(known[1], day)
            measures[stretch].update([leaf.measure for leaf in leaves])

        for leaves in self._alike():
            for member, duties in self._owed(leaves[0]).items():
                for part in self._unsettled(leaves[0], member, duties):
                    note(leaves, part)
        for leaf, member in self._doubtful:
            for duty in self._owed(leaf).get(member, ()):
                note((leaf,), Open(duty, duty.span.months))
        months: dict[tuple[str, str], frozenset[int]] = defaultdict(frozenset)
        for stretch, (first, end) in spans.items():
            found = self.book.engine.present(
                sorted(measures[stretch]),
                sorted(units[stretch]),
                Month.from_number(first).start,
                end,
                tree=end,
                as_of=self._known_at,
            )
            for key, presence in found.items():
                months[key] |= presence.months
        return months

    def _read_stocks(self) -> dict[tuple[Leaf, str], Total]:
        """Read each reporter's own standing values, on the tree of the day they stand on."""
        days: dict[int, date] = {}
        leaves: dict[int, list[Leaf]] = defaultdict(list)
        units: dict[int, set[str]] = defaultdict(set)
        for leaf in self._leaves:
            if leaf.how is How.LAST:
                day = leaf.window.end(self.as_of)
                stretch = self.members.stretch(day)
                days[stretch] = day
                leaves[stretch].append(leaf)
                for duties in self._owed(leaf).values():
                    units[stretch].update([duty.reporter for duty in duties])
        stocks: dict[tuple[Leaf, str], Total] = {}
        for stretch, standing in leaves.items():
            by_ask: dict[Ask, list[Leaf]] = defaultdict(list)
            for leaf in standing:
                by_ask[leaf.ask(self.as_of)].append(leaf)
            found = self.book.engine.totals(
                list(by_ask), sorted(units[stretch]), tree=days[stretch], as_of=self._known_at
            )
            for (ask, unit, _), total in found.items():
                for leaf in by_ask[ask]:
                    stocks[leaf, unit] = total
        return stocks

    def _read_doubtful(self) -> set[tuple[Leaf, str]]:
        """Find the members in whose part of a leaf a value is missing."""
        suspects: list[Leaf] = []
        members: dict[str, None] = {}
        for leaf in self._events():
            if leaf.how in (How.COUNT, How.DISTINCT):
                continue
            for unit in self._units[leaf]:
                if self._misses(leaf, unit, self._totals):
                    suspects.append(leaf)
                    members.update(dict.fromkeys(self.members.duties(leaf, unit)))
        suspects = list(dict.fromkeys(suspects))
        found = self._ask(suspects, tuple(members), frozenset())
        return {
            (leaf, member)
            for leaf in suspects
            for member in members
            if self._misses(leaf, member, found)
        }

    def _misses(self, leaf: Leaf, unit: str, totals: Totals) -> bool:
        """Say whether a value is missing in any part of an aggregate."""
        ask, month = self._asks[leaf]
        places = (month,) if month is not None else self._buckets(ask, totals)
        return any(
            (ask, unit, place) in totals and totals[ask, unit, place].missing for place in places
        )

    def _buckets(self, ask: Ask, totals: Totals) -> tuple[str | None, ...]:
        if ask.by is None:
            return (None,)
        return tuple({bucket for one, _, bucket in totals if one == ask})

    def complete(self, leaf: Leaf, member: str, duties: Sequence[Duty]) -> bool:
        """Say whether a member's part of a leaf is fully known."""
        key = (leaf, member)
        if key not in self._states:
            self._states[key] = self._complete(leaf, member, duties)
        return self._states[key]

    def _complete(self, leaf: Leaf, member: str, duties: Sequence[Duty]) -> bool:
        if leaf.how is How.LAST:
            return all(
                self._handover.known(leaf, duty.reporter, self._stock.get((leaf, duty.reporter)))
                for duty in duties
            )
        if (leaf, member) in self._doubtful:
            return False
        return all(
            part.months <= self._holds(leaf, part.duty)
            for part in self._unsettled(leaf, member, duties)
        )

    def _unsettled(self, leaf: Leaf, member: str, duties: Sequence[Duty]) -> Sequence[Open]:
        """Give the months of a member that no closing settles, the same for all of its measures."""
        key = (self.members.kept(leaf), member)
        if key not in self._open:
            parts = (Open(duty, duty.span.months - self._settled(leaf, duty)) for duty in duties)
            self._open[key] = [part for part in parts if part.months]
        return self._open[key]

    def _settled(self, leaf: Leaf, duty: Duty) -> frozenset[int]:
        """Give the months that the closer has closed, of whatever span."""
        return self._closed.get((pack_of(leaf.measure), duty.closer), _NONE)

    def _holds(self, leaf: Leaf, duty: Duty) -> frozenset[int]:
        """Give the months in which the reporter has facts, as far as that was asked."""
        return self._present.get((leaf.measure, duty.reporter), _NONE)

    def known_nothing(self, leaf: Leaf, unit: str) -> bool:
        """Say whether some month under ``unit`` is known, where no value was stated at all.

        Such a month is a known nothing: closed, or with facts that the leaf does not ask about.
        """
        if leaf.how is How.LAST:
            return False
        for member, duties in self.members.duties(leaf, unit).items():
            doubtful = (leaf, member) in self._doubtful
            for duty in duties:
                settled, holds = self._settled(leaf, duty), self._holds(leaf, duty)
                if duty.span.months & (settled - holds if doubtful else settled | holds):
                    return True
        return False

    # divisions

    def coverage(self, group: frozenset[Leaf], unit: str) -> Coverage:
        """Find the members under ``unit`` that all leaves of a division know."""
        key = (group, unit)
        if key not in self._coverage:
            self._coverage[key] = self._cover(group, unit)
        return self._coverage[key]

    def _cover(self, group: frozenset[Leaf], unit: str) -> Coverage:
        sides = [(leaf, self.members.duties(leaf, unit)) for leaf in group]
        everyone = {member for _, duties in sides for member in duties}
        top = self.members.outermost(everyone)
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

    def _read_divisions(
        self, groups: Mapping[frozenset[Leaf], Iterable[str]]
    ) -> dict[tuple[frozenset[Leaf], Leaf, str], dict[str | None, Total]]:
        """Ask again, for the units where a division leaves members out, without these members.

        A member is known or not whoever asks, so one call serves all units of a division, and all
        divisions that leave the same members out.
        """
        units: dict[frozenset[Leaf], list[str]] = {}
        without: dict[frozenset[str], list[frozenset[Leaf]]] = defaultdict(list)
        for group, looked_at in groups.items():
            if not all(self.begun(leaf) for leaf in group):
                continue
            covers = {unit: self.coverage(group, unit) for unit in looked_at}
            partly = [unit for unit, cover in covers.items() if cover.left_out and not cover.none]
            if partly:
                units[group] = partly
                without[frozenset().union(*(covers[one].left_out for one in partly))].append(group)
        within: dict[tuple[frozenset[Leaf], Leaf, str], dict[str | None, Total]] = {}
        for left_out, same in without.items():
            chosen = tuple(dict.fromkeys(leaf for group in same for leaf in group))
            asked = tuple(dict.fromkeys(unit for group in same for unit in units[group]))
            buckets: dict[tuple[Ask, str], dict[str | None, Total]] = defaultdict(dict)
            for (ask, unit, bucket), total in self._ask(chosen, asked, left_out).items():
                buckets[ask, unit][bucket] = total
            for group in same:
                for leaf in group:
                    for unit in units[group]:
                        within[group, leaf, unit] = buckets[self._asks[leaf][0], unit]
        return within

    # answers

    def total(self, leaf: Leaf, unit: str, bucket: str | None, group: Group) -> Total | None:
        """Give the aggregate of a leaf for a unit, inside a division over the members it knows."""
        ask, month = self._asks[leaf]
        place = bucket if ask.by == self._dimension and ask.by is not None else month
        if self.over_units(leaf) == "max":
            members = frozenset(self.members.duties(leaf, unit))
            kept = members - (self.coverage(group, unit).left_out if group else frozenset())
            if len(members) > 1:
                parts = [self._parts.get((ask, member, place)) for member in sorted(kept)]
                return _largest([part for part in parts if part is not None])
        if group and (group, leaf, unit) in self._within:
            return self._within[group, leaf, unit].get(place)
        return self._totals.get((ask, unit, place))

    def buckets(self, leaves: Iterable[Leaf]) -> tuple[str, ...]:
        """Give every value of the dimension that facts of these leaves have."""
        asks = {self._asks[leaf][0] for leaf in leaves if leaf in self._asks}
        found = {bucket for ask, _, bucket in self._totals if ask in asks and bucket is not None}
        return tuple(sorted(found))


def _groups(wanted: Wanted) -> dict[frozenset[Leaf], dict[str, None]]:
    """Give every division with the units it is looked at for."""
    groups: dict[frozenset[Leaf], dict[str, None]] = {}
    for (_, group), units in wanted.items():
        if group:
            groups.setdefault(group, {}).update(dict.fromkeys(units))
    return groups


def _units(
    wanted: Wanted, groups: Mapping[frozenset[Leaf], Iterable[str]]
) -> Iterable[tuple[Leaf, tuple[str, ...]]]:
    """Give every leaf with the units it is looked at for, alone or in a division."""
    found: dict[Leaf, dict[str, None]] = {}
    for (leaf, _), units in wanted.items():
        found.setdefault(leaf, {}).update(dict.fromkeys(units))
    for group, units in groups.items():
        for leaf in group:
            found.setdefault(leaf, {}).update(dict.fromkeys(units))
    return ((leaf, tuple(sorted(units))) for leaf, units in found.items())


def _largest(parts: Sequence[Total]) -> Total | None:
    """Let the largest value stand for several members."""
    if not parts:
        return None
    tops = [part.high for part in parts if part.high is not None]
    return Total(
        low=max(part.low for part in parts),
        high=max(tops) if len(tops) == len(parts) else None,
        facts=sum(part.facts for part in parts),
        missing=sum(part.missing for part in parts),
        about=sum(part.about for part in parts),
        records=sum(part.records for part in parts),
        moved=sum(part.moved for part in parts),
        split=sum(part.split for part in parts),
    )
