"""What a template asks of a ledger, and who answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from taizhang.core.base.figure import Figure
from taizhang.core.base.period import Month, Period
from taizhang.core.scoring.score_sheet import Score
from taizhang.documents.tree import Inline

Filters = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRequest:
    """One figure (``by`` is ``None``) or one list of figures that a template asks for."""

    name: str  # measure, indicator or formula, as the template says it
    period: Period
    by: str | None = None  # unit, month or a dimension
    level: str | None = None
    filters: Filters = ()  # dimension → values, in the order of their names


class Unanswerable(Exception):
    """Raised when a name or a filter means nothing; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a document is about: one unit and one period, known up to a day.

    ``through`` are the months of a running period that are due: a paper that looks back is titled
    with them.
    """

    unit_code: str
    unit_name: str
    unit_kind: str
    unit_level: str
    period: Period
    as_of: date
    parent_code: str = ""
    parent_name: str = ""
    through: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One task of the plan with its progress, as documents print it.

    ``quota`` and ``done`` are figures, ``None`` for a task that is only dated; ``own`` says that
    the unit sets the quota itself and has set none.  ``due`` is the one day on which it is due,
    ``None`` where it has none or recurs.
    """

    key: str
    label: str
    lead: str = ""
    support: tuple[str, ...] = ()
    quota: Figure | None = None
    own: bool = False
    done: Figure | None = None
    due: date | None = None
    every: str | None = None
    state: str = ""  # as :class:`taizhang.core.progress.task_progress.TaskState`


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """One theme day that falls inside the period."""

    key: str
    label: str
    first: date
    last: date
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LawRow:
    """A law or document that the pack rests on: its number and when it is in force."""

    number: str = ""
    in_force_from: date | None = None
    in_force_to: date | None = None

    def rules(self, period: Period) -> bool:
        """Say whether it is in force throughout a period; what is without a date always is."""
        begins, ends = self.in_force_from or date.min, self.in_force_to or date.max
        return begins <= period.start and period.end <= ends


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """One unit below the subject, with the units directly below it, all in code order."""

    code: str
    name: str
    kind: str
    level: str
    units: tuple[UnitRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRow:
    """One month of the timetable: its theme days and the tasks that fall due."""

    month: Month
    days: tuple[DayRow, ...] = ()
    tasks: tuple[PlanRow, ...] = ()


class DataSource(Protocol):
    """Everything a template can read, for one unit."""

    def figures(
        self, wanted: Sequence[FigureRequest]
    ) -> Mapping[FigureRequest, tuple[Figure, ...]]:
        """Answer all demands together; one figure each, or one per bucket where ``by`` is set."""
        ...

    def still_open(self, figures: Sequence[Figure], period: Period) -> str:
        """Say which months of a period are not closed, '' where that concerns no figure."""
        ...

    def check(self, wanted: FigureRequest) -> None:
        """Refuse a demand that means nothing.

        :raises Unanswerable: with the reason
        """
        ...

    def label(self, name: str) -> str:
        """Give the label of a measure or indicator.

        :raises Unanswerable: if there is none of that name
        """
        ...

    def plan(self, period: Period) -> Sequence[PlanRow]:
        """Give the tasks of the plan of the template's pack."""
        ...

    def months(self, period: Period) -> Sequence[MonthRow]:
        """Give the timetable of the template's pack, month by month."""
        ...

    def score(self, period: Period) -> Score | None:
        """Score the unit by the rubric of the template's pack; ``None`` where it binds no such."""
        ...

    def scores(self, period: Period) -> Sequence[Score]:
        """Score every unit below that the rubric of the template's pack binds, in code order."""
        ...

    def units(self, level: str | None, period: Period) -> Sequence[UnitRow]:
        """Give the units directly below, or all of a level below, in code order.

        :raises Unanswerable: if there is no such level
        """
        ...

    def days(self, period: Period) -> Sequence[DayRow]:
        """Give the theme days of the template's pack in order of date."""
        ...

    def records(
        self, form: str, fields: Sequence[str], period: Period, limit: int
    ) -> Sequence[Mapping[str, Inline]]:
        """Give fields of the latest records of a form, newest last, as people read them.

        :raises Unanswerable: if there is no such form or field, or it holds a number or a person
        """
        ...

    def law(self, document: str) -> LawRow | None:
        """Give a document that the template's pack, or one it uses, rests on by its title."""
        ...

    def choice(self, figure: str, dimension: str, value: str) -> str:
        """Give the label of a dimension value, the value itself where there is none."""
        ...
