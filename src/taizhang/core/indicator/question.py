"""What is asked, worked out: which definitions, which units, which windows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from taizhang.core.book import Book
from taizhang.core.formula.define import Definition, define, define_formula
from taizhang.core.formula.evaluate import Context, Leaf, Needs, Window, needs
from taizhang.core.formula.scope import Scope, nearest
from taizhang.core.indicator.message import QuestionCode
from taizhang.core.issue import Issue, Refused
from taizhang.core.period import Period
from taizhang.core.unit import Tree

UNIT = "unit"
MONTH = "month"


@dataclass(frozen=True, kw_only=True)
class Question:
    """Figures wanted: "measure or indicator, unit, period", split ``by`` something or not.

    ``indicators`` are keys of indicators or measures, bare or qualified, or formulas; none means
    all current indicators and all measures in the order of the packs.  ``by`` is ``"unit"`` (the
    children of each unit, or the units of ``level`` below it), ``"month"`` or a dimension.
    ``home`` is the pack whose names may be written bare.  What asks for thousands of figures and
    shows none of their sentences leaves them, and the records behind, away (``explained``).
    Ledger knowledge, tree, public view and language are those of the book.
    """

    units: tuple[str, ...]
    period: Period
    indicators: tuple[str, ...] = ()
    by: str | None = None
    level: str | None = None
    home: str = ""
    explained: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the answer to be: a definition for a unit in a window."""

    definition: Definition
    unit: str
    window: Window
    bucket: str | None = None  # the month; values of a dimension are known only from the facts


class Plan:
    """A question worked out against a book."""

    def __init__(self, book: Book, question: Question) -> None:
        self.book = book
        self.question = question
        self.scope = Scope(book.programmes, question.home)
        self.tree = _tree(book, question.period)
        self.definitions = self._definitions()
        self.asked = dict(self._units())  # unit → the unit below which it was asked for, if any
        self.units = tuple(self.asked)
        self.dimension = question.by if question.by not in (None, UNIT, MONTH) else None
        if self.dimension is not None:
            self._check_dimension(self.dimension)
        self.needs: dict[tuple[int, Window], Needs] = {}

    def _definitions(self) -> tuple[Definition, ...]:
        if self.question.indicators:
            issues: list[Issue] = []
            found: list[Definition] = []
            for text in self.question.indicators:
                try:
                    found.append(define_formula(text, self.scope))
                except Refused as refused:
                    issues.extend(refused.issues)
            if issues:
                raise Refused(issues)
            return tuple(found)
        return tuple(self._everything())

    def _everything(self) -> Iterator[Definition]:
        for pack in self.book.programmes.packs:
            for indicator in pack.indicators.values():
                if indicator.status == "current":
                    yield define(indicator, self.scope)
            for measure in pack.measures.values():
                yield define(measure, self.scope)

    def _units(self) -> Iterator[tuple[str, str | None]]:
        for code in dict.fromkeys(self.question.units):
            if self.question.by != UNIT or self.tree.unit(code) is None:
                yield code, None
            elif self.question.level is None:
                yield from ((unit.code, code) for unit in self.tree.children(code))
            else:
                below = self.tree.below(code)[1:]
                level = self.question.level
                yield from ((unit.code, code) for unit in below if unit.level == level)

    def _check_dimension(self, name: str) -> None:
        known = {
            dimension
            for measure in self.book.programmes.measures.values()
            for dimension in measure.dimensions
        }
        if name not in known:
            near = nearest(name, {*known, UNIT, MONTH})
            raise Refused([Issue(QuestionCode.QUESTION_001, facts={"name": name, "nearest": near})])

    def windows(self) -> tuple[tuple[Window, str | None], ...]:
        """Give the windows asked for, with the bucket that each of them is."""
        if self.question.by != MONTH:
            return ((Window(self.question.period), None),)
        return tuple((Window(Period(one, one)), str(one)) for one in self.question.period.months())

    def rows(self) -> Iterator[Row]:
        """Walk the lines of the answer: by unit, then definition, then month."""
        for unit in self.units:
            for definition in self.definitions:
                if not self.wanted(definition):
                    continue
                for window, bucket in self.windows():
                    yield Row(definition, unit, window, bucket)

    def wanted(self, definition: Definition) -> bool:
        """Say whether a definition has a place in the answer.

        Where nothing was named and the answer is split by a dimension, only what has it does.
        """
        return bool(self.question.indicators) or self.dimension is None or self.splits(definition)

    def splits(self, definition: Definition) -> bool:
        """Say whether a definition can be split by the dimension asked for."""
        found = self.needs_of(definition, self.windows()[0][0])
        measures = self.book.programmes.measures
        bound = [measures[leaf.measure].dimensions for leaf, _ in found.leaves]
        whole = found.norms or found.targets or found.surveys or found.datasets or found.counts
        return bool(bound) and not whole and all(self.dimension in one for one in bound)

    def needs_of(self, definition: Definition, window: Window) -> Needs:
        """Give what evaluating a definition will look at."""
        key = (id(definition), window)
        if key not in self.needs:
            self.needs[key] = needs(definition.node, Context(definition.scope, window))
        return self.needs[key]

    def leaves(self, definition: Definition, window: Window) -> tuple[Leaf, ...]:
        """Give the aggregates of a definition, each once."""
        return tuple(dict.fromkeys(leaf for leaf, _ in self.needs_of(definition, window).leaves))


def _tree(book: Book, period: Period) -> Tree:
    """Choose the tree: the one the book fixes, else the one at the end of what is counted."""
    day: date = book.tree or min(period.end, book.as_of)
    return book.history.tree(day)
