"""The enclosure of workbooks: a file from outside is opened in a child under clock and memory."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from taizhang.core.base.enclosure import EnclosureLimits, Stop, Stopped, Tell, enclosed
from taizhang.core.base.issue import Issue, Place, Refused
from taizhang.documents.pack_check.issue_json import issues_read, issues_written
from taizhang.documents.workbook.answer import CellAnswer
from taizhang.documents.workbook.code import WorkbookCode
from taizhang.documents.workbook.fill import FilledWorkbook, fill
from taizhang.documents.workbook.mapping import WorkbookMapping, mapping_read, mapping_write
from taizhang.documents.workbook.propose import FigureChoice, FormChoice, propose

#: A book of 50 sheets and 5,000 cells takes a second; the answer bears the book as text.
LIMITS = EnclosureLimits(part=20, whole=20, wall=60, memory=1_500, answer=60)
Request = tuple[bytes, str, WorkbookMapping, tuple[CellAnswer, ...], str]


def workbook_filled(
    data: bytes,
    name: str,
    mapping: WorkbookMapping,
    answers: Sequence[CellAnswer],
    file: str,
) -> FilledWorkbook:
    """Fill a workbook as :func:`~.fill.fill`, in a child."""
    answer = _asked("filled", (data, name, mapping, tuple(answers), file), name)
    if isinstance(answer, Issue):
        return FilledWorkbook(issues=[answer])
    return FilledWorkbook(
        data=base64.b64decode(answer["data"]),
        written={(sheet, cell): text for sheet, cell, text in answer["written"]},
        issues=list(issues_read(answer["issues"])),
    )


def mapping_proposed(
    data: bytes, name: str, figures: Sequence[FigureChoice], forms: Sequence[FormChoice]
) -> tuple[WorkbookMapping, list[Issue]]:
    """Propose a mapping as :func:`~.propose.propose`, in a child."""
    answer = _asked("proposed", (data, name, tuple(figures), tuple(forms)), name)
    if isinstance(answer, Issue):
        return WorkbookMapping(()), [answer]
    mapping, _ = mapping_read(answer["mapping"].encode(), name)
    return mapping, list(issues_read(answer["issues"]))


def _asked(work: str, argument: object, name: str) -> Any:
    try:
        return enclosed(f"{__name__}:{work}", argument, LIMITS)
    except Stopped as stopped:
        if stopped.why is Stop.FAULT and not stopped.detail.startswith("exit"):
            facts: dict[str, object] = {"part": name, "why": stopped.detail.rstrip(".")}
            return Issue(WorkbookCode.WORKBOOK_009, Place(name), facts)
        clock = f"{LIMITS.whole} s"
        limit = f"{LIMITS.memory} MB" if stopped.why is Stop.MEMORY else clock
        return Issue(WorkbookCode.WORKBOOK_022, Place(name), {"limit": limit})


# in the child ------------------------------------------------------------------------------------


def filled(request: Request, _tell: Tell) -> object:
    """Fill a workbook and write the answer as JSON."""
    book = fill(*request)
    return {
        "data": base64.b64encode(book.data).decode(),
        "written": [[sheet, cell, text] for (sheet, cell), text in book.written.items()],
        "issues": issues_written(book.issues),
    }


def proposed(
    request: tuple[bytes, str, tuple[FigureChoice, ...], tuple[FormChoice, ...]], _tell: Tell
) -> object:
    """Propose a mapping and write it as JSON."""
    _data, name, *_choices = request
    try:
        mapping = propose(*request)
    except Refused as refused:
        issues = [Issue(issue.code, Place(name), issue.facts) for issue in refused.issues]
        return {"mapping": "sheets: {}", "issues": issues_written(issues)}
    return {"mapping": mapping_write(mapping), "issues": []}
