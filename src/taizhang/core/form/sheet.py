"""The sheets of an XLSForm, read from a Markdown table or a workbook, each cell with its place."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from taizhang.core.base.issue import Issue, Marked, Place
from taizhang.core.form.code import (
    NO_TABLE,
    NOT_A_WORKBOOK,
    NOT_UTF8,
    ROW_BEFORE_SHEET,
    SHEET_TWICE,
    TOO_LARGE,
    FormCode,
)

SHEETS = ("survey", "choices", "settings", "entities")
#: A form larger than this is a mistake or an attack: 250 questions take 60 KB.
MOST_BYTES = 2_000_000
MOST_UNPACKED = 50_000_000
MOST_ROWS = 2_000
MOST_COLUMNS = 60

_PIPE = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r":?-{2,}:?")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a sheet: its filled cells by column, and where it stands."""

    cells: Mapping[str, str]
    place: Place

    def get(self, column: str) -> str:
        """Give a cell's text, ``""`` when it is blank."""
        return self.cells.get(column, "")

    def at(self, column: str) -> Place:
        """Give the place of one cell."""
        here = self.place
        return Place(here.file, here.line, here.sheet, here.row, column)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: heading and rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    place: Place


@dataclass(slots=True)
class _Draft:
    name: str
    place: Place
    columns: list[str] = field(default_factory=list)
    rows: list[SheetRow] = field(default_factory=list)


def sheets_of(data: bytes, file: str) -> tuple[dict[str, Sheet], list[Issue]]:
    """Read the sheets of a form file by its name's ending (``.md`` or ``.xlsx``).

    Every fault of the table is an issue; what could be read is given all the same.
    """
    if len(data) > MOST_BYTES:
        return {}, [_not_a_form(file, TOO_LARGE)]
    if file.endswith(".xlsx"):
        return _workbook(data, file)
    try:
        return _markdown(data.decode("utf-8-sig"), file)
    except UnicodeDecodeError:
        return {}, [_not_a_form(file, NOT_UTF8)]


def _not_a_form(file: str, why: Marked, line: int | None = None) -> Issue:
    return Issue(FormCode.FORM_001, Place(file, line), {"why": why})


def _markdown(text: str, file: str) -> tuple[dict[str, Sheet], list[Issue]]:
    issues: list[Issue] = []
    drafts: list[_Draft] = []
    short = False  # a single table whose heading begins with "type" is the survey alone
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line.startswith("|") or number > MOST_ROWS:
            continue
        cells = _cells(line)
        if all(_RULE.fullmatch(cell) for cell in cells if cell) and any(cells):
            continue
        place = Place(file, number)
        if not drafts and cells[0].lower() == "type":
            short = True
            drafts.append(_Draft("survey", place))
        if short:
            cells = ["", *cells]
        if cells[0]:
            drafts.append(_Draft(cells[0].strip().lower(), place))
        if any(cells[1:]) and drafts:
            place = Place(file, number, drafts[-1].name)
            wanted = len(drafts[-1].columns)
            if len(cells) - 1 < wanted:
                # A bar was lost: what stands behind it would be read under the wrong heading.
                few: dict[str, object] = {"found": len(cells) - 1, "wanted": wanted}
                issues.append(Issue(FormCode.FORM_004, place, few))
            _row(drafts[-1], cells[1:], place, issues)
        elif any(cells[1:]):
            issues.append(_not_a_form(file, ROW_BEFORE_SHEET, number))
    if not drafts:
        issues.append(_not_a_form(file, NO_TABLE))
    return _finished(drafts, issues), issues


def _cells(line: str) -> list[str]:
    inner = line[1:-1] if line.endswith("|") and not line.endswith("\\|") else line[1:]
    return [cell.strip().replace("\\|", "|") for cell in _PIPE.split(inner)]


def _row(draft: _Draft, cells: Sequence[str], place: Place, issues: list[Issue]) -> None:
    if not draft.columns:
        draft.columns = list(cells)
        named = [cell for cell in cells if cell]
        for column in sorted({cell for cell in named if named.count(cell) > 1}):
            twice = {"column": column, "sheet": draft.name}
            issues.append(Issue(FormCode.FORM_003, place, twice))
        return
    wanted = len(draft.columns)
    if len(cells) > wanted and any(cells[wanted:]):
        facts: dict[str, object] = {"found": len(cells), "wanted": wanted}
        issues.append(Issue(FormCode.FORM_004, place, facts))
    filled = {
        column: cell for column, cell in zip(draft.columns, cells, strict=False) if column and cell
    }
    if filled:
        draft.rows.append(SheetRow(filled, place))


def _finished(drafts: Iterable[_Draft], issues: list[Issue]) -> dict[str, Sheet]:
    sheets: dict[str, Sheet] = {}
    for draft in drafts:
        if draft.name not in SHEETS:
            issues.append(Issue(FormCode.FORM_002, draft.place, {"sheet": draft.name}))
        elif draft.name in sheets:
            issues.append(Issue(FormCode.FORM_001, draft.place, {"why": SHEET_TWICE}))
        else:
            columns = tuple(column for column in draft.columns if column)
            sheets[draft.name] = Sheet(draft.name, columns, tuple(draft.rows), draft.place)
    return sheets


def _workbook(data: bytes, file: str) -> tuple[dict[str, Sheet], list[Issue]]:
    # Loaded only here: most forms are Markdown, and every command would wait for it.
    import openpyxl

    issues: list[Issue] = []
    drafts: list[_Draft] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
        if unpacked > MOST_UNPACKED:
            return {}, [_not_a_form(file, TOO_LARGE)]
        with closing(openpyxl.load_workbook(io.BytesIO(data), True, data_only=True)) as book:
            for sheet in book.worksheets:
                _sheet(sheet, file, drafts, issues)
    except MemoryError:
        raise
    except Exception:
        # A broken archive, XML or cell: openpyxl lets out whatever its parts raise.
        return {}, [_not_a_form(file, NOT_A_WORKBOOK)]
    return _finished(drafts, issues), issues


def _sheet(sheet: Any, file: str, drafts: list[_Draft], issues: list[Issue]) -> None:
    name = sheet.title.strip().lower()
    if name.startswith("_"):  # XLSForm: a sheet put aside
        return
    draft = _Draft(name, Place(file, None, sheet.title))
    drafts.append(draft)
    if name not in SHEETS:
        return
    rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
    for number, values in enumerate(rows, 1):
        cells = [_cell(value) for value in values]
        if any(cells):
            _row(draft, cells, Place(file, None, sheet.title, number), issues)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else str(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("\xa0", " ").strip()


def markdown_of(sheets: Mapping[str, Sheet]) -> str:
    """Write sheets as the Markdown table that pyxform reads and a diff shows."""
    lines: list[str] = []
    for name in SHEETS:
        sheet = sheets.get(name)
        if sheet is None or not sheet.columns:
            continue
        lines.append(f"| {name} |")
        lines.append(_line(sheet.columns))
        lines.extend(_line([row.get(column) for column in sheet.columns]) for row in sheet.rows)
    return "\n".join(lines) + "\n"


def _line(cells: Iterable[str]) -> str:
    inside = (cell.replace("|", "\\|").replace("\n", " ") for cell in cells)
    return "|   | " + " | ".join(inside) + " |"
