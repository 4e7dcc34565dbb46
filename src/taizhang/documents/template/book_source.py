"""Answers for templates from an open Book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from taizhang.core.base.figure import Figure
from taizhang.core.base.issue import Refused
from taizhang.core.base.period import Period
from taizhang.core.book import Book
from taizhang.core.case.submission import kind_opened
from taizhang.core.case.table import CaseRow
from taizhang.core.counting.fact import Submission
from taizhang.core.counting.measure import About, Measure
from taizhang.core.definition.calendar import days_in
from taizhang.core.definition.case import STEP_LABELS
from taizhang.core.definition.programme import UnknownName
from taizhang.core.form import Field, Form
from taizhang.core.formula.definition import Definition, define_formula
from taizhang.core.formula.dimension import answers_named, dimension_answers
from taizhang.core.formula.name_scope import NameScope
from taizhang.core.formula.node import Name, walk
from taizhang.core.indicator import Question, figures
from taizhang.core.indicator.open_months import concerned, open_months, packs_named
from taizhang.core.indicator.question import MONTH, UNIT
from taizhang.core.scoring import Score, score, score_all, units_below
from taizhang.core.text.period import day_chinese
from taizhang.core.unit.tree import UnitLevel
from taizhang.documents.template.data_source import (
    DayRow,
    FigureRequest,
    LawRow,
    MonthRow,
    PlanRow,
    Subject,
    Unanswerable,
    UnitRow,
)
from taizhang.documents.template.plan_rows import day_row, month_rows, plan_rows
from taizhang.documents.template.unit_rows import unit_rows
from taizhang.documents.tree import DateText, Inline, Quoted

#: Types of answers that a list in a document may show; numbers are figures, never answers.
_WORDS = frozenset(("text", "note", "calculate", "select_one", "date"))
_NEGATED = "_not"
#: What a record that opened a case can be asked besides its answers.
_OF_CASE = ("case_number", "case_state")


def subject_of(book: Book, unit: str, period: Period) -> Subject | None:
    """Say what a document of a unit is about; ``None`` where no such unit exists in the tree.

    The tree is the book's, else that of the period's end or of what is counted.
    """
    tree = book.history.tree(tree_day(book, period))
    subject_unit = tree.unit(unit)
    if subject_unit is None:
        return None
    above = tree.unit(subject_unit.parent) if subject_unit.parent else None
    return Subject(
        unit_code=subject_unit.code,
        unit_name=subject_unit.name,
        unit_kind=subject_unit.kind,
        unit_level=subject_unit.level.value,
        period=period,
        as_of=book.as_of,
        parent_code=above.code if above else "",
        parent_name=above.name if above else "",
        through=None if book.due.is_over(period) else book.due.cut(period),
    )


def tree_day(book: Book, period: Period) -> date:
    """Give the day whose tree a document uses: the book's, else the end of what is counted."""
    return book.tree or min(period.end, book.as_of)


class BookSource:
    """A :class:`~.data_source.DataSource` on a Book, for one unit and pack."""

    def __init__(self, book: Book, unit: str, pack: str) -> None:
        # Documents are Chinese whatever language their reader's screen speaks.
        self.book = replace(book, language="zh-hans")
        self.unit = unit
        self.pack = pack
        self.scope = NameScope(book.programmes, pack)
        self._definitions: dict[str, Definition] = {}
        self._scores: dict[Period, tuple[Score, ...]] = {}  # each pass of a rendering asks again

    # figures

    def figures(
        self, wanted: Sequence[FigureRequest]
    ) -> Mapping[FigureRequest, tuple[Figure, ...]]:
        """Answer all demands, one question for each period and way of splitting."""
        groups: dict[tuple[Period, str | None, str | None], list[FigureRequest]] = {}
        for request in wanted:
            groups.setdefault((request.period, request.by, request.level), []).append(request)
        answers: dict[FigureRequest, tuple[Figure, ...]] = {}
        for (period, by, level), group in groups.items():
            answered = figures(
                self.book,
                Question(
                    units=(self.unit,),
                    period=period,
                    indicators=tuple(dict.fromkeys(formula_of(request) for request in group)),
                    by=by,
                    level=level,
                    home=self.pack,
                ),
            )
            for request in group:
                key = self._definition(request).key
                answers[request] = tuple(figure for figure in answered if figure.key == key)
        return answers

    def still_open(self, figures: Sequence[Figure], period: Period) -> str:
        """Say which months of a period are not closed, '' where that concerns no figure."""
        concern = concerned(figures)
        if not concern:
            return ""
        packs = packs_named(self.book, (figure.key for figure in concern), self.pack)
        return open_months(self.book, (self.unit,), period, packs).sentence().zh

    def check(self, wanted: FigureRequest) -> None:
        """Refuse a demand that no formula, dimension or level answers."""
        self._definition(wanted)
        if wanted.level is not None and wanted.level not in set(UnitLevel):
            raise Unanswerable(f"there is no level '{wanted.level}'")
        if wanted.by not in (None, UNIT, MONTH):
            known = {
                name
                for measure in self.book.programmes.measures.values()
                for name in measure.dimensions
            }
            if wanted.by not in known:
                raise Unanswerable(f"no measure has a dimension '{wanted.by}'")

    def _definition(self, wanted: FigureRequest) -> Definition:
        text = formula_of(wanted)
        if text not in self._definitions:
            try:
                self._definitions[text] = define_formula(text, self.scope)
            except Refused as refused:
                reasons = "; ".join(issue.sentence().rstrip(".") for issue in refused.issues)
                raise Unanswerable(reasons) from refused
        return self._definitions[text]

    def label(self, name: str) -> str:
        """Give the label of a measure or indicator."""
        try:
            constant = self.scope.constant(name)
            return (constant or self.scope.find(name, indicator_first=True)).label
        except UnknownName as unknown:
            raise Unanswerable(f"no installed pack has '{unknown}'") from unknown

    def choice(self, figure: str, dimension: str, value: str) -> str:
        """Give the label of a dimension value from the form that asks for it."""
        if not value:
            return "未注明"
        definition = self._definition_of(figure)
        for part in walk(definition.node) if definition else ():
            if isinstance(part, Name):
                measure = self.book.programmes.measures.get(part.key) or self._measure(part.key)
                known = measure and answers_named(self.scope, measure, dimension, [value])
                label = known and known.get(value)
                if label:
                    return label
        return value

    # plan, calendar, records

    def plan(self, period: Period) -> Sequence[PlanRow]:
        """Give the tasks of the pack's plan that fall into the period."""
        pack = self.book.programmes.by_key[self.pack]
        return plan_rows(self.book, pack, self.unit, period)

    def score(self, period: Period) -> Score | None:
        """Score the unit by the pack's rubric; ``None`` where that binds no unit of its kind."""
        rubric = self.book.programmes.by_key[self.pack].rubric
        subject_unit = self.book.history.tree(tree_day(self.book, period)).unit(self.unit)
        if rubric is None or subject_unit is None or subject_unit.kind not in rubric.unit_kinds:
            return None
        return score(self.book, rubric, self.unit, period)

    def scores(self, period: Period) -> Sequence[Score]:
        """Score every unit below that the pack's rubric binds, in code order, never ranked."""
        if period not in self._scores:
            self._scores[period] = self._scored(period)
        return self._scores[period]

    def _scored(self, period: Period) -> tuple[Score, ...]:
        rubric = self.book.programmes.by_key[self.pack].rubric
        tree = self.book.history.tree(tree_day(self.book, period))
        if rubric is None or not tree.members(self.unit, rubric.unit_kinds):
            return ()
        return score_all(
            self.book, rubric, units_below(self.book, rubric, self.unit, period), period
        )

    def law(self, document: str) -> LawRow | None:
        """Give a document of the pack's legal basis, or of the packs it uses."""
        by_key = self.book.programmes.by_key
        own = by_key[self.pack]
        for pack in (own, *(by_key[key] for key in own.uses if key in by_key)):
            for basis in pack.legal_basis:
                if basis.get("document") == document:
                    return _law(basis)
        return None

    def units(self, level: str | None, period: Period) -> Sequence[UnitRow]:
        """Give the units below in the tree of the document."""
        tree = self.book.history.tree(tree_day(self.book, period))
        return unit_rows(tree, self.unit, level)

    def months(self, period: Period) -> Sequence[MonthRow]:
        """Give the timetable of the pack."""
        return month_rows(self.book.programmes.by_key[self.pack], period)

    def days(self, period: Period) -> Sequence[DayRow]:
        """Give the theme days and duties of the pack that fall inside the period."""
        pack = self.book.programmes.by_key[self.pack]
        return tuple(
            day_row(day, self._topics.get(day.topic, day.topic))
            for day in days_in(pack.calendar, period)
        )

    @cached_property
    def _topics(self) -> Mapping[str, str]:
        """Labels of topics, as the pack's forms offer them."""
        return {
            name: label
            for measure in self.book.programmes.measures.values()
            if measure.pack == self.pack
            for name, label in dimension_answers(self.scope, measure, "topic").items()
        }

    def records(
        self, form: str, fields: Sequence[str], period: Period, limit: int
    ) -> Sequence[Mapping[str, Inline]]:
        """Give fields of the latest records of a form below the unit."""
        try:
            asked_form = self.book.programmes.form(form, self.pack)
        except UnknownName as unknown:
            raise Unanswerable(f"no installed pack has the form '{unknown}'") from unknown
        known = {name: _field(asked_form, name) for name in fields if name not in _OF_CASE}
        asked = [name for name in fields if name in _OF_CASE]
        if asked and kind_opened(self.book.programmes.cases, asked_form.key) is None:
            raise Unanswerable(f"form '{asked_form.key}' opens no case")
        as_of = self.book.known_at
        rows = self.book.records.latest(asked_form.key, self.unit, period, limit, as_of)
        day, names = min(period.end, self.book.as_of), [record.id for record in rows]
        cases = self.book.cases.opened(names, day, as_of) if asked else {}
        return tuple(
            {name: _answer(record, self._own(record, field)) for name, field in known.items()}
            | {name: self._of_case(name, record.id, cases.get(record.id)) for name in asked}
            for record in rows
        )

    def _of_case(self, name: str, record: str, case: CaseRow | None) -> Inline:
        """Give the number, or the state, of the case that a record opened."""
        if case is None:
            return Quoted("", f"record:{record}")
        state = self.book.programmes.cases[case.kind].states.get(case.state)
        label = STEP_LABELS.get(case.state, case.state) if state is None else state.label
        return Quoted(case.number if name == "case_number" else label, f"record:{record}")

    def _own(self, record: Submission, field: Field) -> Field:
        """Give a field as the version asked it that a record was filled in with."""
        form = self.book.programmes.form_in(record.form, record.pack_version or "")
        own = form.field(field.path) if form is not None else None
        return own if own is not None and own.type == field.type else field

    def _definition_of(self, figure: str) -> Definition | None:
        return next(
            (definition for definition in self._definitions.values() if definition.key == figure),
            None,
        )

    def _measure(self, name: str) -> Measure | None:
        try:
            definition = self.scope.find(name)
        except UnknownName:
            return None
        return definition if isinstance(definition, Measure) else None


def formula_of(wanted: FigureRequest) -> str:
    """Write a demand as a formula: ``lectures[topic == 'tb' and audience in ('a', 'b')]``.

    :raises Unanswerable: if filters stand beside a formula, or a value cannot be quoted
    """
    if not wanted.filters:
        return wanted.name
    if not all(part.isidentifier() for part in wanted.name.split(".")):
        raise Unanswerable(f"'{wanted.name}' is a formula; filter the measures inside it")
    return f"{wanted.name}[{' and '.join(_filter(name, v) for name, v in wanted.filters)}]"


def _filter(name: str, values: tuple[str, ...]) -> str:
    negated = name.endswith(_NEGATED)
    name = name.removesuffix(_NEGATED)
    if any("'" in value or "\n" in value for value in values) or not values:
        raise Unanswerable(f"the values of '{name}' cannot be compared: {', '.join(values)}")
    quoted = [f"'{value}'" for value in values]
    if len(quoted) == 1:
        return f"{name} {'!=' if negated else '=='} {quoted[0]}"
    return f"{name} {'not in' if negated else 'in'} ({', '.join(quoted)})"


def _law(basis: Mapping[str, object]) -> LawRow:
    begins, ends = basis.get("from"), basis.get("to")
    return LawRow(
        number=str(basis.get("number") or ""),
        in_force_from=begins if isinstance(begins, date) else None,
        in_force_to=ends if isinstance(ends, date) else None,
    )


def _field(form: Form, name: str) -> Field:
    field = next((candidate for candidate in form.fields if candidate.path == name), None)
    if field is None:
        raise Unanswerable(f"form '{form.key}' has no field '{name}'")
    if field.repeat is not None or field.type not in _WORDS:
        raise Unanswerable(f"'{name}' is no text, date or choice")
    if About.PERSON in (field.about, form.about):
        raise Unanswerable(f"'{name}' is about a person")
    return field


def _answer(record: Submission, field: Field) -> Inline:
    value = record.answers.get(field.name)
    if field.type == "date" and value:
        return DateText(day_chinese(date.fromisoformat(str(value)[:10])))
    labels = {choice.name: choice.label for choice in field.choices}
    text = "" if value is None else str(value)
    return Quoted(labels.get(text, text), f"record:{record.id}")
