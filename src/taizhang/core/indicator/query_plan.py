"""Query plan: a question worked out — definitions, units, windows, rows and what they read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from taizhang.core.base.issue import Issue, Refused
from taizhang.core.base.period import Period
from taizhang.core.book import Book
from taizhang.core.formula.definition import Definition, define, define_formula
from taizhang.core.formula.evaluate import Needs, needs
from taizhang.core.formula.evaluation_scope import EvaluationContext
from taizhang.core.formula.leaf import Group, Leaf, Window
from taizhang.core.formula.name_scope import NameScope, nearest
from taizhang.core.formula.node import Node
from taizhang.core.indicator.closing_completeness import Asked
from taizhang.core.indicator.code import QuestionCode
from taizhang.core.indicator.leaf_query import LeafQueries
from taizhang.core.indicator.question import MONTH, UNIT, Question
from taizhang.core.indicator.reporting import bound_units
from taizhang.core.unit.tree import Tree


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One line of the answer to be: a definition for a unit in a window."""

    definition: Definition
    unit: str
    window: Window
    month: str | None = None  # where it is split by months


class QueryPlan:
    """A question worked out against a book; nothing is read for it yet.

    :raises Refused: with every issue, if a name or formula of the question is wrong
    """

    def __init__(self, book: Book, question: Question) -> None:
        self.book = book
        self.question = question
        self.scope = NameScope(book.programmes, question.home)
        self.tree = _tree(book, question.period)
        self.definitions = self._definitions()
        self.units = tuple(dict.fromkeys(self._units()))
        self.dimension = question.by if question.by not in (None, UNIT, MONTH) else None
        if self.dimension is not None:
            self._check_dimension(self.dimension)
        self._needs: dict[tuple[int, Window], Needs] = {}
        self._read: dict[tuple[Node, Window, Group], Mapping[Leaf, Group]] = {}
        self.rows = tuple(self._rows())

    def _definitions(self) -> tuple[Definition, ...]:
        if not self.question.indicators:
            return tuple(self._everything())
        issues: list[Issue] = []
        definitions: list[Definition] = []
        for text in self.question.indicators:
            try:
                definitions.append(define_formula(text, self.scope))
            except Refused as refused:
                issues.extend(refused.issues)
        if issues:
            raise Refused(issues)
        return tuple(definitions)

    def _everything(self) -> Iterator[Definition]:
        for pack in self.book.programmes.packs:
            for indicator in pack.indicators.values():
                if indicator.status == "current":
                    yield define(indicator, self.scope)
            for measure in pack.measures.values():
                yield define(measure, self.scope)

    def _units(self) -> Iterator[str]:
        level = self.question.level
        for code in dict.fromkeys(self.question.units):
            if self.question.by != UNIT or self.tree.unit(code) is None:
                yield code
            elif level is None:
                yield from (unit.code for unit in self.tree.children(code))
            else:
                below = self.tree.below(code)[1:]
                yield from (unit.code for unit in below if unit.level == level)

    def _check_dimension(self, name: str) -> None:
        known = {
            dimension
            for measure in self.book.programmes.measures.values()
            for dimension in measure.dimensions
        }
        if name not in known:
            near = nearest(name, {*known, UNIT, MONTH})
            raise Refused([Issue(QuestionCode.QUESTION_001, facts={"name": name, "nearest": near})])

    # the lines of the answer

    @cached_property
    def windows(self) -> tuple[tuple[Window, str | None], ...]:
        """The windows asked for, with the month that each of them is."""
        if self.question.by != MONTH:
            return ((Window(self.question.period), None),)
        months = self.question.period.months()
        return tuple((Window(Period(month, month)), str(month)) for month in months)

    def _rows(self) -> Iterator[FigureRow]:
        """Walk the lines of the answer: by unit, then definition, then month."""
        definitions = [definition for definition in self.definitions if self._fits(definition)]
        for unit in self.units:
            for definition in definitions:
                for window, month in self.windows:
                    yield FigureRow(definition, unit, window, month)

    def _fits(self, definition: Definition) -> bool:
        """Say whether a definition has a place in the answer.

        Where nothing was named and the answer is split by a dimension, only what has it does.
        """
        return bool(self.question.indicators) or self.dimension is None or self.splits(definition)

    def splits(self, definition: Definition) -> bool:
        """Say whether a definition can be split by the dimension asked for."""
        # Not cut: a division has its dimensions also where no month is due yet.
        noted = needs(definition.node, EvaluationContext(definition.scope, self.windows[0][0]))
        measures = self.book.programmes.measures
        bound = [measures[leaf.measure].dimensions for leaf, _ in noted.leaves]
        whole = (
            *(noted.norms, noted.targets, noted.surveys, noted.datasets, noted.counts),
            *(noted.reports_asked, noted.over),
        )
        return (
            bool(bound)
            and not any(whole)
            and all(self.dimension in dimensions for dimensions in bound)
        )

    # what they read

    def needs_of(self, definition: Definition, window: Window) -> Needs:
        """Give what evaluating a definition will look at."""
        key = (id(definition), window)
        if key not in self._needs:
            context = self.context(definition, window)
            noted = self._needs[key] = needs(definition.node, context)
            if definition.owing is not None:
                noted.owing[definition.owing] = None
        return self._needs[key]

    def context(self, definition: Definition, window: Window) -> EvaluationContext:
        """Give the context in which a definition is evaluated."""
        return EvaluationContext(definition.scope, window, due=self.book.due)

    def leaves_read(self, node: Node, context: EvaluationContext) -> Mapping[Leaf, Group]:
        """Give the aggregates that a part of a formula reads, each with the division around it."""
        key = (node, context.window, context.group)
        if key not in self._read:
            self._read[key] = dict(needs(node, context).leaves.keys())
        return self._read[key]

    def leaves(self, definition: Definition, window: Window) -> tuple[Leaf, ...]:
        """Give the aggregates of a definition, each once."""
        return tuple(dict.fromkeys(leaf for leaf, _ in self.needs_of(definition, window).leaves))

    @cached_property
    def queries(self) -> LeafQueries:
        """The queries that answer every aggregate that evaluation will look at."""
        return LeafQueries(self.book, self.tree, self._wanted(), self.dimension)

    @cached_property
    def looked_at(self) -> tuple[tuple[Needs, Sequence[str]], ...]:
        """What evaluation will look at, with the units that it looks at it for."""
        looked_at: list[tuple[Needs, Sequence[str]]] = []
        units = [unit for unit in self.units if self.tree.unit(unit) is not None]
        for definition, window in {(row.definition, row.window): None for row in self.rows}:
            pending: list[tuple[Needs, Sequence[str]]] = [
                (self.needs_of(definition, window), units)
            ]
            while pending:
                noted, asked = pending.pop()
                looked_at.append((noted, asked))
                for condition, kinds, context in noted.surveys:
                    members = (self.tree.members(unit, kinds) for unit in asked)
                    below = [member.code for among in members for member in among]
                    pending.append((needs(condition, context), below))
                for node, context in noted.over:
                    parents = (self.tree.above(unit) for unit in asked)
                    over = dict.fromkeys(parent for parent in parents if parent is not None)
                    pending.append((needs(node, context), list(over)))
        return tuple(looked_at)

    @property
    def reports(self) -> dict[Asked, dict[str, None]]:
        """The closings that evaluation will ask for, with the units it asks them of."""
        asked: dict[Asked, dict[str, None]] = {}
        for noted, units in self.looked_at:
            for report in noted.reports_asked:
                asked.setdefault(report, {}).update(dict.fromkeys(units))
        return asked

    def _wanted(self) -> dict[tuple[Leaf, Group], dict[str, None]]:
        """Find every aggregate that evaluation will look at, with the units it looks at it for."""
        wanted: dict[tuple[Leaf, Group], dict[str, None]] = {}
        for noted, units in self.looked_at:
            everyone = dict.fromkeys((*units, *self._owing(noted, units)))
            for leaf in noted.leaves:
                wanted.setdefault(leaf, {}).update(everyone)
        return wanted

    def _owing(self, noted: Needs, units: Iterable[str]) -> Iterator[str]:
        """Walk the units that owe what a formula holds against what they did."""
        for owing in noted.owing:
            for unit in units:
                yield from bound_units(self.book.programmes, self.tree, owing, unit)


def _tree(book: Book, period: Period) -> Tree:
    """Choose the tree: the one the book fixes, else the one at the end of what is counted."""
    day: date = book.tree or min(period.end, book.as_of)
    return book.history.tree(day)
