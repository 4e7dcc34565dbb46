"""Disclosure control: small counts of people are kept from outsiders by one fixed yearly table.

Counts of 人 and 户 come, for outsiders, from one fixed table for each measure: unit × calendar
year, as it is known today, on the tree of the year's end.  What lies across that table (months,
dimensions, other periods, formulas of one's own, an earlier day of knowledge, another tree) is
withheld whole: differences of such answers would give single people away.

Withheld in the table are counts from 1 to 4, numbers under a rate below 30, and as many of their
neighbours (and totals above) as it takes that nobody can work a withheld number out from all that
is shown.  What is withheld depends on the table alone, never on the question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from taizhang.core.aggregate.query import Aggregate, Aggregation
from taizhang.core.base.figure import Behind, Figure, Reason, ReasonCode
from taizhang.core.book import Book
from taizhang.core.counting.measure import MeasureKind
from taizhang.core.formula.definition import Definition, define
from taizhang.core.formula.evaluate import FEWEST, Needs, needs
from taizhang.core.formula.evaluation_scope import EvaluationContext
from taizhang.core.formula.leaf import Leaf, Window
from taizhang.core.formula.name_scope import NameScope
from taizhang.core.formula.node import Binary, Node, walk
from taizhang.core.formula.type_checker import type_in
from taizhang.core.formula.unit_type import COUNTED_PEOPLE
from taizhang.core.indicator.engine_reader import EngineReader
from taizhang.core.indicator.evaluate import Cell
from taizhang.core.indicator.query_plan import QueryPlan
from taizhang.core.indicator.sentence import FigureSentences
from taizhang.core.indicator.succession import fetch_succession
from taizhang.core.indicator.suppression import FEW, SuppressionTable, withheld
from taizhang.core.text.reason import reason_sentence
from taizhang.core.unit.tree import Tree

PEOPLE = frozenset(("人", "户"))
#: Of these, too, it can be asked how many different people they concern.
CONCERNED = PEOPLE | {"人次"}


class Disclosure:
    """Says which figures of one answer an outsider may see."""

    def __init__(self, plan: QueryPlan) -> None:
        self._plan = plan
        self._book = plan.book
        self._words = FigureSentences(plan.book.language)
        self._tables: dict[tuple[str, Window], frozenset[str]] = {}
        self._parts: dict[tuple[str, Window], frozenset[str]] = {}
        book = plan.book
        self._fixed = (
            plan.question.by in (None, "unit") and book.as_of >= book.today and book.tree is None
        )

    def shown(self, cell: Cell, figure: Figure) -> Figure:
        """Give the figure as an outsider may see it; one of people opens to no records."""
        people = tuple(self._people(cell.row.definition, cell.row.window))
        if not people:
            return figure
        if self._hides(cell, people):
            return _blank(figure, self._words)
        return replace(figure, records=Behind(None))

    def _hides(self, cell: Cell, people: Sequence[tuple[Leaf, bool]]) -> bool:
        if not self._fixed or not self._is_defined(cell.row.definition):
            return True
        if not all(_of_the_table(leaf.window, self._book) for leaf, _ in people):
            return True
        if not cell.value.known:
            return False
        notes = cell.value.notes
        if notes.partly:  # over some months only, it would show a month of the fixed table
            return True
        return _small(cell) or any(
            not self._withheld(leaf).isdisjoint(units)
            for leaf, surveyed in people
            # Over some members only, a total shows the others' by what is missing in it.
            for units in ((cell.row.unit,), notes.members if surveyed or notes.left_out else ())
        )

    def _people(self, definition: Definition, window: Window) -> Iterator[tuple[Leaf, bool]]:
        """Give the counts of people behind a figure, and whether it asks every member for them."""
        # How much of a duty is met tells what each member did, as a condition about them does.
        pending = [(self._plan.needs_of(definition, window), definition.owing is not None)]
        while pending:
            noted, surveyed = pending.pop()
            yield from ((leaf, surveyed) for leaf, _ in noted.leaves if self._concerns(leaf))
            pending += [(needs(node, context), True) for node, _, context in noted.surveys]

    def _concerns(self, leaf: Leaf) -> bool:
        unit = self._book.programmes.measures[leaf.measure].unit
        if leaf.how is Aggregation.DISTINCT:
            return unit in CONCERNED
        return unit in PEOPLE and leaf.how is not Aggregation.COUNT

    def _is_defined(self, definition: Definition) -> bool:
        programmes = self._book.programmes
        return definition.key in programmes.measures or definition.key in programmes.indicators

    def _withheld(self, leaf: Leaf) -> frozenset[str]:
        """Give the units of which an aggregate is withheld."""
        key = (leaf.measure, leaf.window)
        if key not in self._tables:
            self._tables[key], self._parts[key] = self._read(*key)
        return self._tables[key] if leaf == self._whole(*key) else self._parts[key]

    def _whole(self, measure: str, window: Window) -> Leaf:
        kind = self._book.programmes.measures[measure].kind
        return Leaf(
            measure, Aggregation.LAST if kind is MeasureKind.LEVEL else Aggregation.SUM, (), window
        )

    def _read(self, measure: str, window: Window) -> tuple[frozenset[str], frozenset[str]]:
        """Work out of which units the measure, and every part of it, is withheld."""
        whole = self._whole(measure, window)
        parts = [
            replace(leaf, window=window)
            for leaf in self._defined[0].get(measure, ())
            if (leaf.how, leaf.where) != (whole.how, whole.where)
        ]
        cells = self._cells((whole, *parts))
        tree = self._plan.tree
        few = FEWEST if measure in self._defined[1] else FEW
        hidden = withheld(
            _tables(tree, cells[whole], least=1),
            (code for code, total in cells[whole].items() if _few(_ends(total), few)),
        )
        # Parts of a measure are withheld of the same units, as they add up to it there.
        small = {
            code
            for leaf in parts
            for code, total in cells[leaf].items()
            if _few(_ends(total)) or _few(_ends_of_rest(cells[whole].get(code), total))
        }
        tables = [table for leaf in parts for table in _tables(tree, cells[leaf], least=0)]
        return hidden, withheld(tables, hidden | small)

    def _cells(self, leaves: tuple[Leaf, ...]) -> dict[Leaf, dict[str, Aggregate]]:
        """Read the aggregates of every unit of the tree, as figures show them."""
        book, tree = self._book, self._plan.tree
        units = tuple(tree.units)
        reader = EngineReader(book.engine, None)
        queries = {leaf: leaf.ask(book.as_of) for leaf in leaves}
        totals = dict(reader.totals(queries.values(), units, tree.day))
        levels = {leaf: query for leaf, query in queries.items() if leaf.how is Aggregation.LAST}
        succession = fetch_succession(reader, book.history, tree, levels, book.as_of)
        succession.correct(totals, reader, levels, units)
        cells: dict[Leaf, dict[str, Aggregate]] = {leaf: {} for leaf in leaves}
        by_query = defaultdict(list)
        for leaf, query in queries.items():
            by_query[query].append(leaf)
        for (query, unit, _), total in totals.items():
            for leaf in by_query[query]:
                cells[leaf][unit] = total
        return cells

    @cached_property
    def _defined(self) -> tuple[Mapping[str, frozenset[Leaf]], frozenset[str]]:
        """Give the aggregates of people that installed indicators read, by measure, and the
        measures that stand below a line."""
        window = self._plan.windows[0][0]
        leaves: dict[str, set[Leaf]] = defaultdict(set)
        below: set[str] = set()
        scope = NameScope(self._book.programmes, "")
        for indicator in self._book.programmes.indicators.values():
            definition = define(indicator, scope)
            context = EvaluationContext(definition.scope, window)
            for leaf in _leaves(needs(definition.node, context)):
                if self._concerns(leaf):
                    leaves[leaf.measure].add(replace(leaf, window=window))
            for node in _divisors(definition.node):
                below |= {leaf.measure for leaf in _leaves(needs(node, context))}
        return {key: frozenset(parts) for key, parts in leaves.items()}, frozenset(below)


def _leaves(noted: Needs) -> Iterator[Leaf]:
    yield from (leaf for leaf, _ in noted.leaves)
    for node, _, context in noted.surveys:
        yield from _leaves(needs(node, context))


def _divisors(node: Node) -> Iterator[Node]:
    return (part.right for part in walk(node) if isinstance(part, Binary) and part.operator == "/")


def _of_the_table(window: Window, book: Book) -> bool:
    """Say whether a window is a calendar year, whole or as far as it has gone."""
    period = window.period
    whole = period.length == 12 and period.first.month == 1
    return whole and (window.back == 0 or window.end(book.as_of) == period.end)


def _tables(tree: Tree, totals: Mapping[str, Aggregate], least: int) -> list[SuppressionTable]:
    """Give the tables that figures show of an aggregate: lower ends, upper ends if they differ."""
    low = {code: total.low for code, total in totals.items()}
    high = {code: total.high for code, total in totals.items() if total.high is not None}
    tables = (low,) if low == high else (low, high)
    return [SuppressionTable(tree, numbers, least) for numbers in tables]


def _ends(total: Aggregate) -> tuple[Decimal | None, ...]:
    return total.low, total.high


def _ends_of_rest(whole: Aggregate | None, part: Aggregate) -> tuple[Decimal | None, ...]:
    """Give what the whole has beside a part, by its lower and by its upper ends."""
    if whole is None:
        return ()
    high = None if whole.high is None or part.high is None else whole.high - part.high
    return whole.low - part.low, high


def _few(ends: Iterable[Decimal | Fraction | None], few: int = FEW) -> bool:
    """Say whether a count is, or may be, too small to publish."""
    return any(end is not None and 1 <= end < few for end in ends)


def _small(cell: Cell) -> bool:
    """Say whether a cell shows too small a count of people, or a rate on too few of them."""
    node, scope = cell.row.definition.node, cell.row.definition.scope
    counted, shown = node, cell.value
    if cell.sides is not None and isinstance(node, Binary):
        # A share shows its numerator, so a small one is withheld with it.
        counted, shown = node.left, cell.sides[0]
    people = type_in(scope, counted) in COUNTED_PEOPLE
    few = shown.known and _few((shown.low, shown.high))
    return cell.value.small or (people and few)


def _blank(figure: Figure, words: FigureSentences) -> Figure:
    sentence = reason_sentence(ReasonCode.SUPPRESSED, "", words.language)
    label = words.pick(f"「{figure.label}」：", f"“{figure.label}”: ")
    return replace(
        figure,
        value=None,
        numerator=None,
        denominator=None,
        low=None,
        high=None,
        done=None,
        owed=None,
        reached=None,
        of=None,
        reach="",
        verdict=None,
        reason=Reason(ReasonCode.SUPPRESSED, sentence),
        flags=(),
        sentence=label + sentence,
        records=Behind(None),
        decimals=0,
    )
