"""Workbooks filled from the ledger: what a person may read, at one moment, in every cell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from taizhang.core.base.issue import Issue, Level
from taizhang.core.base.period import Period
from taizhang.core.counting.measure import About
from taizhang.core.definition.programme import Programmes
from taizhang.core.text.unit_sign import unit_sign
from taizhang.documents.workbook.answer import CellAnswer, Outcome, answers, is_listed, units_named
from taizhang.documents.workbook.enclosure import mapping_proposed, workbook_filled
from taizhang.documents.workbook.mapping import WorkbookMapping
from taizhang.documents.workbook.propose import FigureChoice, FormChoice
from taizhang.web.accounts.access import require
from taizhang.web.accounts.models import User
from taizhang.web.base.moment import one_moment
from taizhang.web.ledger.open_book import open_book
from taizhang.web.office.workbook.listing import LedgerLists
from taizhang.web.programmes.queries import programmes_on


@dataclass(frozen=True, kw_only=True)
class FillRequest:
    """What is to be filled for whom: a template, its mapping, a unit, a period, a view."""

    data: bytes
    name: str  # of the template
    mapping: WorkbookMapping
    file: str  # of the mapping
    unit: str
    period: Period
    as_of: date | None = None
    tree: date | None = None
    public: bool = False


@dataclass(frozen=True)
class FilledBook:
    """A filled workbook with the sources of its cells; without data where issues forbid it."""

    data: bytes
    sources: tuple[tuple[CellAnswer, str], ...]  # with what was written, '' where nothing was
    issues: tuple[Issue, ...]

    @property
    def filled(self) -> int:
        """Count the cells that were filled."""
        return sum(answer.outcome is Outcome.FILLED for answer, _ in self.sources)

    @property
    def left(self) -> int:
        """Count the cells that are left to a person."""
        return sum(answer.outcome is Outcome.LEFT for answer, _ in self.sources)


def book_filled(user: User, asked: FillRequest, now: datetime) -> FilledBook:
    """Fill a workbook as a person may read the ledger.

    :raises Refused: ACCESS_001 for the unit, or one that the mapping names
    """
    for code in (asked.unit, *sorted(units_named(asked.mapping.cells))):
        require(user, "document.read", code)
    lists = LedgerLists(user, now, asked.as_of)
    with one_moment():
        book = open_book(as_of=asked.as_of, tree=asked.tree, public=asked.public, now=now)
        told, issues = answers(
            book, asked.mapping.cells, asked.unit, asked.period, lists, asked.file
        )
    filled = workbook_filled(asked.data, asked.name, asked.mapping, told, asked.file)
    all_issues = (*issues, *filled.issues)
    if any(issue.level is Level.ERROR for issue in all_issues):
        return FilledBook(b"", (), all_issues)
    sources = tuple(
        (answer, filled.written.get((answer.sheet, answer.cell), "")) for answer in told
    )
    return FilledBook(filled.data, sources, all_issues)


def book_proposed(data: bytes, name: str, now: datetime) -> tuple[WorkbookMapping, list[Issue]]:
    """Propose a mapping of a template from the labels of the figures and forms in force."""
    programmes = programmes_on(timezone.localdate(now))
    return mapping_proposed(data, name, figure_choices(programmes), form_choices(programmes))


def figure_choices(programmes: Programmes) -> list[FigureChoice]:
    """Give the figures that a cell may hold: indicators first, then measures."""
    chosen = [
        FigureChoice(key, known.label, unit_sign(known.unit))
        for known_of in (programmes.indicators, programmes.measures)
        for key, known in known_of.items()
    ]
    return list({choice.key: choice for choice in chosen}.values())


def form_choices(programmes: Programmes) -> list[FormChoice]:
    """Give the forms whose records a list may hold: none about persons."""
    return [
        FormChoice(
            key,
            form.title,
            {field.path: field.label for field in form.fields if is_listed(field)},
        )
        for key, form in programmes.forms.items()
        if form.about is not About.PERSON
    ]


def source_json(answer: CellAnswer, text: str) -> dict[str, object]:
    """Give the source of a cell as a filled form keeps it."""
    value = answer.value
    return {
        "sheet": answer.sheet,
        "cell": answer.cell,
        "outcome": answer.outcome.value,
        "text": value.isoformat() if isinstance(value, date) and text else text,
        "what": answer.what,
        "key": answer.key,
        "unit": unit_sign(answer.unit),
        "unit_code": answer.unit_code,
        "unit_name": answer.unit_name,
        "period": answer.period,
        "as_of": answer.as_of,
        "records": answer.records,
        "behind": answer.behind,
        "remark": answer.remark,
    }
