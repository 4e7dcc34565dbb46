"""The open book: all that answering a figure, plan, score or document needs, at one moment.

The web builds a Book from its database, ``pack test`` builds one from the records in a test file;
everything above it (indicator, plan, rubric, documents) reads only the Book.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Protocol

from taizhang.core.aggregate.query import Engine
from taizhang.core.base.closing_day import ClosingDays, DueMonths
from taizhang.core.base.period import Period
from taizhang.core.case.table import CaseQuestion, CaseRow
from taizhang.core.counting.fact import Submission
from taizhang.core.definition.programme import Programmes
from taizhang.core.unit.tree import History, Tree


class Closings(Protocol):
    """Which months units have closed (报结)."""

    def closed(
        self, pack: str, units: Sequence[str], period: Period, as_of: date
    ) -> Mapping[str, frozenset[int]]:
        """Give for each unit the closed months (yyyymm) of ``period``; units without: absent."""
        ...

    def closed_by_people(
        self, pack: str, units: Sequence[str], period: Period, as_of: date
    ) -> Mapping[str, frozenset[int]]:
        """Give those that a person closed by the end of ``as_of``: none that closed by itself."""
        ...


class Targets(Protocol):
    """Quotas a unit was handed; the pack's default plan where none was."""

    def handed(self, measure: str, unit: str, period: Period) -> Fraction | None:
        """Give the quota handed to ``unit`` for exactly these months, or ``None``."""
        ...


@dataclass(frozen=True, slots=True)
class AppealedPoints:
    """What people gave for one item beside the rule, on the rubric's own scale as every decision.

    ``points`` stand in the place of what the rule gave: on appeal, or with ``adjusted`` for a
    circumstance that the unit stated; ``None`` where it stated one and nothing was changed.
    """

    points: Fraction | None
    reason: str  # of whoever changed the points, or did not; '' while nobody answered
    circumstance: str = ""  # in the unit's words
    adjusted: bool = False


class Answers(Protocol):
    """What people decided for an assessment: items that wait for a person, and appeals."""

    def answer(self, rubric: str, item: str, unit: str, period: Period) -> Mapping[str, object]:
        """Give the stored decision of an item, ``{}`` when there is none yet."""
        ...

    def appealed(self, rubric: str, unit: str, period: Period) -> Mapping[str, AppealedPoints]:
        """Give by item what appeals and stated circumstances changed in a unit's score.

        Where somebody decided anew since, that decision stands.
        """
        ...


class EntityStates(Protocol):
    """The latest state of entities (boards, racks, agreements …)."""

    def states(
        self, dataset: str, unit: str, on: date, as_of: date | None
    ) -> Sequence[Mapping[str, object]]:
        """Give each entity of a dataset below ``unit`` as its latest record says."""
        ...


class CaseStates(Protocol):
    """The state table of cases."""

    def count(self, question: CaseQuestion) -> int:
        """Count the cases, or the limits of clocks, that a question asks about."""
        ...

    def days(self, question: CaseQuestion) -> Sequence[int]:
        """Give the days from opening to end of the cases that ended, in rising order."""
        ...

    def opened(self, records: Sequence[str], on: date, known: date | None) -> Mapping[str, CaseRow]:
        """Give by record the cases that these records opened, as they stood on a day."""
        ...


class ThingStates(Protocol):
    """The state table of things."""

    def things(
        self, kind: str, what: str, unit: str, first: date, last: date, as_of: date | None
    ) -> int:
        """Count things at a unit and below: new or ended in a period, standing or overdue after."""
        ...


class Records(Protocol):
    """Records themselves, for the short lists of activities in documents."""

    def latest(
        self, form: str, unit: str, period: Period, limit: int, as_of: date | None
    ) -> Sequence[Submission]:
        """Give the last ``limit`` live records of a form below ``unit``, oldest first."""
        ...


class EmptyLedger:
    """Stands for closings, targets, answers, entities and records of a Book that has none."""

    def closed(
        self, pack: str, units: Sequence[str], period: Period, as_of: date
    ) -> Mapping[str, frozenset[int]]:
        """Know no closed month."""
        return {}

    def closed_by_people(
        self, pack: str, units: Sequence[str], period: Period, as_of: date
    ) -> Mapping[str, frozenset[int]]:
        """Know no closed month."""
        return {}

    def handed(self, measure: str, unit: str, period: Period) -> Fraction | None:
        """Know no quota."""
        return None

    def answer(self, rubric: str, item: str, unit: str, period: Period) -> Mapping[str, object]:
        """Know no decision."""
        return {}

    def appealed(self, rubric: str, unit: str, period: Period) -> Mapping[str, AppealedPoints]:
        """Know no appeal."""
        return {}

    def states(
        self, dataset: str, unit: str, on: date, as_of: date | None
    ) -> Sequence[Mapping[str, object]]:
        """Know no entity."""
        return ()

    def count(self, question: CaseQuestion) -> int:
        """Know no case."""
        return 0

    def days(self, question: CaseQuestion) -> Sequence[int]:
        """Know no case."""
        return ()

    def opened(self, records: Sequence[str], on: date, known: date | None) -> Mapping[str, CaseRow]:
        """Know no case."""
        return {}

    def latest(
        self, form: str, unit: str, period: Period, limit: int, as_of: date | None
    ) -> Sequence[Submission]:
        """Know no record."""
        return ()


@dataclass(frozen=True, kw_only=True)
class Book:
    """One consistent view of a ledger.

    ``today`` is the caller's clock (core reads none); ``as_of`` is the day up to whose end the
    ledger's knowledge counts (``today`` is the present).  ``tree`` fixes the tree used, ``None``
    means the period's end (or ``as_of`` when the period runs past it).
    """

    programmes: Programmes
    history: History
    engine: Engine
    today: date
    as_of: date
    closings: Closings = field(default_factory=EmptyLedger)
    targets: Targets = field(default_factory=EmptyLedger)
    answers: Answers = field(default_factory=EmptyLedger)
    entities: EntityStates = field(default_factory=EmptyLedger)
    records: Records = field(default_factory=EmptyLedger)
    cases: CaseStates = field(default_factory=EmptyLedger)
    things: ThingStates | None = None  # nothing keeps things with names: they are not counted
    due_from: Mapping[str, date] = field(default_factory=dict)  # pack → day; without: always
    closing_days: ClosingDays = field(default_factory=ClosingDays)
    tree: date | None = None
    public: bool = False  # suppress small numbers as an outsider sees them
    language: str = "zh-hans"

    def tree_for(self, period: Period) -> Tree:
        """Give the tree that a period is read on: the book's, else at the end of what counts."""
        return self.history.tree(self.tree or min(period.end, self.as_of))

    @property
    def due(self) -> DueMonths:
        """Which months are due on the day up to whose end the ledger's knowledge counts."""
        return DueMonths(self.closing_days, self.as_of)

    @property
    def known_at(self) -> date | None:
        """The day of knowledge that engines and stores are asked for; ``None`` is the present."""
        return None if self.as_of >= self.today else self.as_of
