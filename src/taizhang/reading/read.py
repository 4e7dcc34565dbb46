"""Files → documents with figures, plans, rubrics and doubts; and the JSON of ``taizhang read``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from taizhang.core.base.issue import Issue, Refused
from taizhang.reading.base.deadline import SECONDS, collector_at_rest, limited
from taizhang.reading.base.line import Document, DocumentType, EditKind
from taizhang.reading.figure.doubt import doubts_find
from taizhang.reading.figure.figure import ReadFigure, figures_find
from taizhang.reading.plan.plan import ReadTask, plan_json, tasks_find, tasks_lawful
from taizhang.reading.rubric.rubric import ReadRubric
from taizhang.reading.rubric.rubric_json import rubric_json, rubric_of
from taizhang.reading.source.source import source_read
from taizhang.reading.text.cleaning import source_clean
from taizhang.reading.text.document import split
from taizhang.reading.tokens.person import names_masker


@dataclass
class Reading:
    """One document of a file with all that was found in it."""

    file: str
    document: Document
    figures: tuple[ReadFigure, ...]
    issues: list[Issue]
    #: what a rubric says, and the tasks of a plan
    rubric: ReadRubric | None = None
    tasks: tuple[ReadTask, ...] = ()
    #: how often each kind of cleaning was needed, over the lines of the document
    edits: dict[EditKind, int] = field(default_factory=dict)

    @cached_property
    def mask(self) -> Callable[[str], str]:
        """Mask, in any text, the names that the document gives away."""
        return masker(self.document)


@dataclass
class Result:
    """All documents of all files; ``issues`` are those of files that could not be read."""

    readings: tuple[Reading, ...]
    issues: tuple[Issue, ...] = ()


def read(files: Iterable[tuple[str, bytes]], as_: DocumentType | None = None) -> Result:
    """Read old texts.

    :param files: (name, content) of each
    :param as_: the type of every document, where the reader knows better than the content tells
    """
    readings: list[Reading] = []
    issues: list[Issue] = []
    for name, data in files:
        try:
            with limited(name, SECONDS), collector_at_rest():
                readings += _file_read(name, data, as_)
        except Refused as refused:
            issues += refused.issues
    return Result(tuple(readings), tuple(issues))


def _file_read(name: str, data: bytes, as_: DocumentType | None) -> list[Reading]:
    documents = split(source_clean(source_read(data, name)))
    for document in documents:
        document.type = as_ or document.type
    return [document_read(document, name) for document in documents]


def document_read(document: Document, file: str) -> Reading:
    """Find all that one document holds."""
    figures = figures_find(document)
    edits: dict[EditKind, int] = {}
    for line in (*document.heading, *document.lines):
        for edit in line.edits:
            edits[edit.kind] = edits.get(edit.kind, 0) + 1
    issues = doubts_find(document, figures, file)
    rubric, tasks = None, []
    if document.type is DocumentType.RUBRIC:
        rubric, defects = rubric_of(document, file)
        issues += defects
    else:
        # Plans and notices plan throughout; of other texts only the part that looks ahead does.
        tasks = tasks_find(document)
        issues += tasks_lawful(tasks, file)
    return Reading(file, document, figures, _in_order(issues), rubric, tuple(tasks), edits)


def _in_order(issues: Iterable[Issue]) -> list[Issue]:
    return sorted(issues, key=lambda issue: (issue.place.line or 0, issue.code.name))


Translate = Callable[[str], str]


def as_json(
    result: Result, *, names: bool = False, translate: Translate = str
) -> dict[str, object]:
    """Give the JSON of ``taizhang read``.

    :param names: show the names of people; they are masked otherwise
    """
    documents = [
        _document(reading, str if names else reading.mask, translate) for reading in result.readings
    ]
    answer: dict[str, object] = {"documents": documents}
    if result.issues:
        answer["issues"] = [issue.as_json(translate) for issue in result.issues]
    return answer


def _document(
    reading: Reading, mask: Callable[[str], str], translate: Translate
) -> dict[str, object]:
    document = reading.document
    return {
        "file": reading.file,
        "title": mask(document.title),
        "type": document.type.value,
        "span": list(document.span),
        "edits": {kind.value: count for kind, count in sorted(reading.edits.items())},
        "issues": [_issue(issue, mask, translate) for issue in reading.issues],
        "figures": [figure_json(figure, mask) for figure in reading.figures],
        "plan": _masked(plan_json(reading.tasks), mask) if reading.tasks else None,
        "rubric": _masked(rubric_json(reading.rubric), mask) if reading.rubric else None,
    }


def _masked(value: object, mask: Callable[[str], str]) -> object:
    """Mask the names in every text of a JSON value."""
    if mask is str:
        return value  # the document names nobody, or everybody may be named
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {key: _masked(part, mask) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(part, mask) for part in value]
    return value


def issues_shown(result: Result, *, names: bool = False) -> list[Issue]:
    """Give the issues of all documents, the names of people in their facts masked."""
    issues: list[Issue] = []
    for reading in result.readings:
        mask = str if names else reading.mask
        issues += [issue_masked(issue, mask) for issue in reading.issues]
    return issues


def masker(document: Document) -> Callable[[str], str]:
    """Make the function that masks the names a document gives away."""
    return names_masker(line.text for line in (*document.heading, *document.lines))


def issue_masked(issue: Issue, mask: Callable[[str], str]) -> Issue:
    facts = {key: mask(fact) if type(fact) is str else fact for key, fact in issue.facts.items()}
    return replace(issue, facts=facts)


def _issue(issue: Issue, mask: Callable[[str], str], translate: Translate) -> dict[str, object]:
    return {
        "code": issue.code.name,
        "line": issue.place.line,
        "level": issue.level.value,
        "sentence": mask(issue.sentence(translate)),
        "remedy": issue.remedy(translate),
    }


def figure_json(figure: ReadFigure, mask: Callable[[str], str]) -> dict[str, object]:
    """Give the JSON of one figure."""
    return {
        "what": mask(figure.what),
        "text": figure.text,
        "line": figure.line,
        "column": figure.column + 1,
        "kind": figure.quantity.kind.name.lower(),
        "low": number(figure.quantity.low),
        "high": number(figure.quantity.high),
        "unit": figure.unit,
        "period": str(figure.period) if figure.period else None,
        "as_of": figure.as_of.isoformat() if figure.as_of else None,
        "when": figure.when or None,
        "every": figure.every or None,
        "status": "historic" if figure.historic else "current",
    }


def number(value: Decimal | None) -> int | float | None:
    """Give a decimal as a JSON number: whole ones without a point."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
