"""Answers for the cells of a mapping from an open Book: values with what stands behind each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from taizhang.core.base.figure import Figure
from taizhang.core.base.issue import Issue, Place
from taizhang.core.base.period import Month, Period, parse_period
from taizhang.core.book import Book
from taizhang.core.counting.fact import Submission
from taizhang.core.counting.measure import About
from taizhang.core.definition.programme import UnknownName
from taizhang.core.form import Field
from taizhang.core.indicator.question import MONTH, UNIT
from taizhang.core.indicator.sentence import VERDICTS
from taizhang.core.text.flag import flag_sentence
from taizhang.core.text.period import period_chinese
from taizhang.core.text.unit_sign import unit_sign
from taizhang.documents.format import format_number
from taizhang.documents.template.book_source import BookSource, subject_of, tree_day
from taizhang.documents.template.data_source import FigureRequest, Subject, Unanswerable
from taizhang.documents.tree import Number
from taizhang.documents.workbook.code import WorkbookCode
from taizhang.documents.workbook.mapping import DAYS, MOST_LINES, CellKind, CellMapping
from taizhang.documents.workbook.sheet import column_letters, spot_read

Value = Fraction | str | date | None
_PLACE = re.compile(r"\{([^{}]*)\}")
_YEAR = re.compile(r"\{year\}")
_NUMBERS = frozenset(("integer", "decimal", "range"))
#: Types of answers that a list may hold; pictures, places and persons are none.
_LISTED = _NUMBERS | {"text", "calculate", "select_one", "select_multiple", "date"}
#: What a list may hold besides the answers of its form.
RECORD_COLUMNS = ("serial", "date", "unit")
SPLIT_COLUMNS = ("serial", "label", "value", "numerator", "denominator", "low", "high")


class Outcome(StrEnum):
    """What became of a cell."""

    FILLED = "filled"
    LEFT = "left"  # to a person, with the reason
    NOTHING = "nothing"  # a list without lines


@dataclass(frozen=True, slots=True, kw_only=True)
class CellAnswer:
    """What one cell is filled with, and its sources; a number without unit has none."""

    sheet: str
    cell: str
    mapping: int  # which cell of the mapping asked
    line: int = -1  # of a list, from 0; -1 for a single cell
    value: Value = None
    unit: str = ""
    decimals: int = 0
    outcome: Outcome = Outcome.FILLED
    what: str = ""  # label of the figure, question or list
    key: str = ""
    unit_code: str = ""
    unit_name: str = ""
    period: str = ""
    remark: str = ""  # why it is left, or what is to be known of its number
    behind: str = ""  # record:ID, case:UID, or '' for a figure
    records: int | None = None  # how many records a figure rests on
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line of a list that another room answers: values by the names of columns."""

    values: Mapping[str, Value]
    behind: str = ""
    remarks: Mapping[str, str] = field(default_factory=dict)  # by column, of numbers not exact


class ListSource(Protocol):
    """Lists that the rooms above keep: cases and things."""

    def label(self, cell: CellMapping) -> str:
        """Give the label of the kind of a list.

        :raises Unanswerable: if there is no such list
        """
        ...

    def columns(self, cell: CellMapping) -> Sequence[str]:
        """Name the columns that it has."""
        ...

    def lines(self, cell: CellMapping, unit: str, period: Period) -> Sequence[ListLine]:
        """Give its lines for a unit, at most :data:`MOST_LINES` and one more."""
        ...


def period_meant(text: str, asked: Period) -> Period:
    """Read the period of a cell: words for one near the asked one, or a period with ``{year}``.

    :raises ValueError: if it is none
    """
    year = asked.last.year
    words = {
        "": asked,
        "year": Period(Month(year, 1), Month(year, 12)),
        "to_date": Period(Month(year, 1), asked.last),
        "previous": asked.previous(),
        "year_before": asked.year_before(),
    }
    return words[text] if text in words else parse_period(_YEAR.sub(f"{year:04d}", text))


def units_named(cells: Iterable[CellMapping]) -> frozenset[str]:
    """Name the units that a mapping itself asks for; whoever fills must be allowed to read them."""
    return frozenset(cell.unit for cell in cells if cell.unit)


def answers(
    book: Book,
    cells: Sequence[CellMapping],
    unit: str,
    period: Period,
    lists: ListSource,
    file: str,
) -> tuple[list[CellAnswer], list[Issue]]:
    """Answer all cells of a mapping for a unit and period, with all that cannot be answered."""
    asking = _Asking(book, unit, period, lists, file)
    return asking.all(cells), asking.issues


class _Asking:
    def __init__(self, book: Book, unit: str, period: Period, lists: ListSource, file: str) -> None:
        self.book = replace(book, language="zh-hans")
        self.unit, self.period = unit, period
        self.lists, self.file = lists, file
        self.issues: list[Issue] = []
        self.sources: dict[str, BookSource] = {}
        self.subjects: dict[tuple[str, Period], Subject | None] = {}

    def all(self, cells: Sequence[CellMapping]) -> list[CellAnswer]:
        """Answer the figures together, the rest one by one, in the order of the mapping."""
        asked: dict[str, dict[int, FigureRequest]] = {}
        by_cell: dict[int, list[CellAnswer]] = {}
        for at, cell in enumerate(cells):
            subject = self._subject(cell)
            if subject is None:
                continue
            try:
                if cell.kind is CellKind.FIGURE:
                    request = self._request(cell, subject)
                    asked.setdefault(subject.unit_code, {})[at] = request
                else:
                    by_cell[at] = self._other(at, cell, subject)
            except Unanswerable as why:
                self._wrong(cell, str(why))
        for code, requests in asked.items():
            known = self._source(code).figures(tuple(dict.fromkeys(requests.values())))
            for at, request in requests.items():
                by_cell[at] = self._figures(at, cells[at], known[request])
        return [answer for at in sorted(by_cell) for answer in by_cell[at]]

    def _wrong(self, cell: CellMapping, why: str) -> None:
        facts = {"name": cell.name, "why": why.rstrip(".。")}
        self.issues.append(Issue(WorkbookCode.WORKBOOK_017, self._place(cell), facts))

    def _place(self, cell: CellMapping) -> Place:
        row, column = spot_read(cell.cell) or (0, 0)
        return Place(self.file, cell.line or None, cell.sheet, row, column_letters(column))

    def _source(self, unit: str) -> BookSource:
        if unit not in self.sources:
            self.sources[unit] = BookSource(self.book, unit, "")
        return self.sources[unit]

    def _subject(self, cell: CellMapping) -> Subject | None:
        try:
            period = period_meant(cell.period, self.period)
        except ValueError as error:
            self._wrong(replace(cell, name=cell.period), str(error))
            return None
        key = (cell.unit or self.unit, period)
        if key not in self.subjects:
            self.subjects[key] = subject_of(self.book, *key)
        if self.subjects[key] is None:
            facts = {"unit": key[0], "day": tree_day(self.book, period).isoformat()}
            issue = Issue(WorkbookCode.WORKBOOK_018, self._place(cell), facts)
            if issue not in self.issues:
                self.issues.append(issue)
        return self.subjects[key]

    def _answer(self, at: int, cell: CellMapping, subject: Subject) -> CellAnswer:
        return CellAnswer(
            sheet=cell.sheet,
            cell=cell.cell,
            mapping=at,
            what=cell.label or cell.name,
            key=cell.name,
            unit_code=subject.unit_code,
            unit_name=subject.unit_name,
            period=str(subject.period),
            as_of=self.book.as_of.isoformat(),
        )

    # figures

    def _request(self, cell: CellMapping, subject: Subject) -> FigureRequest:
        request = FigureRequest(
            name=cell.name,
            period=subject.period,
            by=cell.split or None,
            level=cell.level or None,
            filters=cell.filters,
        )
        self._source(subject.unit_code).check(request)
        _known_columns(cell, SPLIT_COLUMNS)
        return request

    def _figures(self, at: int, cell: CellMapping, known: Sequence[Figure]) -> list[CellAnswer]:
        if not cell.is_list:
            return [self._figure(at, cell, known[0], cell.part)]
        answers: list[CellAnswer] = []
        for line, figure in enumerate(known):
            for column, name in cell.columns.items():
                below = _below(cell, column, line)
                if name in ("serial", "label"):
                    text: Value = Fraction(line + 1) if name == "serial" else _bucket(cell, figure)
                    told = replace(
                        self._figure(at, cell, figure, "value"),
                        value=text,
                        unit="",
                        decimals=0,
                        outcome=Outcome.FILLED,
                    )
                else:
                    told = self._figure(at, cell, figure, name)
                answers.append(replace(told, cell=below, line=line))
        return answers or [self._empty(at, cell)]

    def _figure(self, at: int, cell: CellMapping, figure: Figure, part: str) -> CellAnswer:
        value: Value = getattr(figure, part)
        whole = part == "value"
        if whole and value is not None and figure.verdict is not None:
            value = VERDICTS[figure.verdict].zh
        if isinstance(value, Fraction):
            value = value / cell.divide
        remarks = [flag_sentence(flag, "zh-hans") for flag in figure.flags]
        if whole and figure.inexact and value is not None:
            words = format_number(Number(figure=figure, unit=unit_sign(figure.unit))).text
            remarks.insert(0, f"数不确切（{words}），填的是低端。")
        if value is None:
            remarks = [figure.reason.sentence if figure.reason else "没有这个数。"]
        shares = part in ("value", "low", "high")
        return CellAnswer(
            sheet=cell.sheet,
            cell=cell.cell,
            mapping=at,
            value=value,
            unit=figure.unit if shares and cell.divide == 1 else "",
            decimals=figure.decimals if cell.divide == 1 else 4,
            outcome=Outcome.LEFT if value is None else Outcome.FILLED,
            what=figure.label,
            key=figure.key,
            unit_code=figure.unit_code,
            unit_name=figure.unit_name,
            period=figure.period,
            remark="".join(remarks),
            records=figure.records.count,
            as_of=figure.as_of.isoformat(),
        )

    def _empty(self, at: int, cell: CellMapping) -> CellAnswer:
        subject = self._subject(cell)
        answer = CellAnswer(sheet=cell.sheet, cell=cell.cell, mapping=at)
        if subject is not None:
            answer = self._answer(at, cell, subject)
        return replace(answer, outcome=Outcome.NOTHING, remark="这一时段没有可列的。")

    # everything else

    def _other(self, at: int, cell: CellMapping, subject: Subject) -> list[CellAnswer]:
        answer = self._answer(at, cell, subject)
        match cell.kind:
            case CellKind.TEXT:
                return [replace(answer, value=self._text(cell, subject), key="")]
            case CellKind.DATE:
                days = dict(zip(DAYS, (subject.period.start, subject.period.end, subject.as_of),
                                strict=True))  # fmt: skip
                return [replace(answer, value=days[cell.name], key="")]
            case CellKind.PERSON:
                told = replace(answer, key="", outcome=Outcome.LEFT)
                return [
                    replace(told, what=cell.label or cell.name, remark=f"由人填写：{cell.name}")
                ]
            case CellKind.RECORDS:
                lines: Sequence[ListLine]
                lines, label = self._records(cell, subject), self._form_title(cell)
            case _:
                label = self.lists.label(cell)
                _known_columns(cell, self.lists.columns(cell))
                lines = self.lists.lines(cell, subject.unit_code, subject.period)
        return self._lines(at, cell, replace(answer, what=label), lines)

    def _lines(
        self, at: int, cell: CellMapping, answer: CellAnswer, lines: Sequence[ListLine]
    ) -> list[CellAnswer]:
        answers = []
        for line, told in enumerate(lines):
            for column, name in cell.columns.items():
                value: Value = Fraction(line + 1) if name == "serial" else told.values.get(name)
                blank = value is None or value == ""
                answers.append(
                    replace(
                        answer,
                        cell=_below(cell, column, line),
                        line=line,
                        value=None if blank else value,
                        decimals=4,
                        outcome=Outcome.LEFT if blank else Outcome.FILLED,
                        remark=told.remarks.get(name, "没有填写。" if blank else ""),
                        behind=told.behind,
                        what=f"{answer.what}：{name}",
                    )
                )
        return answers or [self._empty(at, cell)]

    def _text(self, cell: CellMapping, subject: Subject) -> str:
        period = subject.period
        words = {
            "unit": subject.unit_name,
            "unit_code": subject.unit_code,
            "parent": subject.parent_name,
            "period": period_chinese(period),
            "year": str(period.last.year),
            "month": str(period.last.month),
        }
        unknown = [name for name in _PLACE.findall(cell.name) if name not in words]
        if unknown:
            known = ", ".join(f"{{{name}}}" for name in words)
            raise Unanswerable(f"{{{unknown[0]}}} means nothing; known are {known}")
        return _PLACE.sub(lambda match: words[match[1]], cell.name)

    def _form_title(self, cell: CellMapping) -> str:
        return self.book.programmes.form(cell.name).title

    def _records(self, cell: CellMapping, subject: Subject) -> list[ListLine]:
        programmes = self.book.programmes
        try:
            form = programmes.form(cell.name)
        except UnknownName as unknown:
            raise Unanswerable(f"no installed pack has the form '{unknown}'") from unknown
        if form.about is About.PERSON:
            raise Unanswerable("the form is about persons")
        fields = {field.path: field for field in form.fields if is_listed(field)}
        _known_columns(cell, (*RECORD_COLUMNS, *fields))
        rows = self.book.records.latest(
            form.key, subject.unit_code, subject.period, MOST_LINES + 1, self.book.known_at
        )
        tree = self.book.history.tree(tree_day(self.book, subject.period))
        lines = []
        for record in rows:
            unit = tree.unit(record.unit)
            values: dict[str, Value] = {
                "date": record.date,
                "unit": unit.name if unit else record.unit,
            }
            remarks: dict[str, str] = {}
            for name in cell.columns.values():
                if name in fields:
                    values[name], remarks[name] = self._recorded(record, fields[name])
            told = {name: remark for name, remark in remarks.items() if remark}
            lines.append(ListLine(values, f"record:{record.id}", told))
        return lines

    def _recorded(self, record: Submission, asked: Field) -> tuple[Value, str]:
        """Give an answer in the words of the version that asked it, and what is to be known of it:
        of an amount that is not exact the low end."""
        form = self.book.programmes.form_in(record.form, record.pack_version or "")
        own = form.field(asked.path) if form is not None else None
        asked = own if own is not None and own.type == asked.type else asked
        value = record.answers.get(asked.name)
        if value is None or value == "":
            return None, ""
        if asked.type in _NUMBERS:
            return _amount(value)
        if asked.type == "date":
            return date.fromisoformat(str(value)[:10]), ""
        labels = {choice.name: choice.label for choice in asked.choices}
        values = value if isinstance(value, list) else str(value).split(" ") if labels else [value]
        return "、".join(labels.get(str(choice), str(choice)) for choice in values), ""


def is_listed(field: Field) -> bool:
    """Say whether a list may hold the answers to a question: no picture, place or person."""
    return field.repeat is None and field.type in _LISTED and field.about is not About.PERSON


def _amount(value: object) -> tuple[Fraction | None, str]:
    if not isinstance(value, Mapping):
        return Fraction(Decimal(str(value))), ""
    low, high = (None if value.get(end) is None else str(value[end]) for end in ("low", "high"))
    if low is None:
        return None, "记录只说了上限。" if high is not None else ""
    remark = "" if low == high else f"数不确切（{low}—{high or ''}），填的是低端。"
    return Fraction(Decimal(low)), remark


def _known_columns(cell: CellMapping, known: Iterable[str]) -> None:
    names = list(known)
    unknown = [name for name in cell.columns.values() if name not in names]
    if unknown:
        raise Unanswerable(f"it has no column '{unknown[0]}'; it has {', '.join(names)}")


def _below(cell: CellMapping, column: str, line: int) -> str:
    row, _ = spot_read(cell.cell) or (1, 1)
    return f"{column}{row + line}"


def _bucket(cell: CellMapping, figure: Figure) -> str:
    if cell.split == UNIT:
        return figure.unit_name
    if cell.split == MONTH:
        return period_chinese(parse_period(figure.bucket or figure.period))
    return figure.bucket_label or figure.bucket or "未注明"
