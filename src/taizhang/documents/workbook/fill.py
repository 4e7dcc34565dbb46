"""Filling a workbook: a template, a mapping and its answers → the same workbook, filled.

What differs from the template is the mapped ``<c>``, rows that are new or grow, the dimension, the
last results of formulas in mapped sheets and ``calcPr``; every other byte of every part is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from taizhang.core.base.issue import Issue, Level, Marked, Place, Refused, gettext_noop
from taizhang.core.base.yaml_source import near
from taizhang.documents.workbook.answer import CellAnswer, Outcome
from taizhang.documents.workbook.code import WorkbookCode
from taizhang.documents.workbook.layout import WorkbookLayout, named_kind
from taizhang.documents.workbook.mapping import CellMapping, WorkbookMapping
from taizhang.documents.workbook.sheet import (
    CellWrite,
    Sheet,
    Spot,
    cell_name,
    column_letters,
    column_number,
    spot_read,
)
from taizhang.documents.workbook.style import NumberShape, day_write, misfit, number_write

FORMULA = Marked(gettext_noop("it holds a formula"))
ARRAY = Marked(gettext_noop("it belongs to the formula of several cells"))
HEAD = Marked(gettext_noop("it is a heading or a total of a table"))
SHARE = Marked(gettext_noop("its format is a percentage, and the figure is none"))
DAY = Marked(gettext_noop("its format is a day, and the figure is none"))
WORDS = Marked(gettext_noop("words, formulas or merged cells stand otherwise"))


@dataclass(slots=True)
class FilledWorkbook:
    """A filled workbook with what was written where, or the issues that forbid it."""

    data: bytes = b""
    written: dict[tuple[str, str], str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)


def fill(
    data: bytes,
    name: str,
    mapping: WorkbookMapping,
    answers: Sequence[CellAnswer],
    file: str,
) -> FilledWorkbook:
    """Fill a workbook; with any error in ``issues`` there is no data.

    :param name: of the template
    :param file: of the mapping, for the places of issues
    """
    try:
        layout = WorkbookLayout(data)
        named_kind(layout, name)
        filling = _Filling(layout, mapping, file)
        filling.compare(name)
        filling.put(answers)
        filled = FilledWorkbook(issues=filling.issues)
        if not any(issue.level is Level.ERROR for issue in filling.issues):
            filled.data = filling.data()
            filled.written = filling.written
        return filled
    except Refused as refused:
        return FilledWorkbook(issues=[_placed(issue, name) for issue in refused.issues])


def _placed(issue: Issue, name: str) -> Issue:
    return Issue(issue.code, Place(name), issue.facts, issue.level)


class _Filling:
    """Puts answers into the sheets of a workbook, with all that stands against it."""

    def __init__(self, layout: WorkbookLayout, mapping: WorkbookMapping, file: str) -> None:
        self.layout, self.mapping, self.file = layout, mapping, file
        self.issues: list[Issue] = []
        self.writes: dict[str, dict[Spot, CellWrite]] = {}
        self.written: dict[tuple[str, str], str] = {}
        self.taken: dict[tuple[str, Spot], CellMapping] = {}

    def compare(self, name: str) -> None:
        """See that the template is the one that was mapped, and say what changed."""
        layout, mapping = self.layout, self.mapping
        if not mapping.digest:
            facts = {"digest": layout.digest}
            issue = Issue(WorkbookCode.WORKBOOK_021, Place(self.file), facts, Level.WARNING)
            self.issues.append(issue)
        elif mapping.digest != layout.digest:
            facts = {"what": self._changes(), "digest": layout.digest}
            self.issues.append(Issue(WorkbookCode.WORKBOOK_011, Place(name), facts))

    def _changes(self) -> str:
        """Name what changed in signs that every language reads: − a sheet that is gone, + a new
        one, and the labels of mapped cells in one that is another now."""
        layout, known = self.layout, self.mapping.sheets
        changes = [f"−{sheet}" for sheet in known if sheet not in layout.sheets]
        changes += [f"+{sheet}" for sheet in layout.sheets if known and sheet not in known]
        for sheet, digest in known.items():
            if sheet in layout.sheets and layout.sheet_digest(sheet) != digest:
                labels = "; ".join(list(self._moved(sheet))[:5])
                changes.append(f"{sheet} ({labels})" if labels else sheet)
        return "; ".join(changes) or WORDS

    def _moved(self, sheet: str) -> Iterable[str]:
        for cell in self.mapping.cells:
            spot = spot_read(cell.cell)
            if cell.sheet != sheet or not cell.label or spot is None:
                continue
            now = label_of(self.layout, sheet, spot)
            if now != cell.label:
                yield f"{cell.cell}: “{cell.label}” → “{now}”"

    def put(self, answers: Sequence[CellAnswer]) -> None:
        """Put each answer into its cell."""
        by_mapping: dict[int, list[CellAnswer]] = {}
        for answer in answers:
            by_mapping.setdefault(answer.mapping, []).append(answer)
        for at, cell in enumerate(self.mapping.cells):
            if cell.sheet not in self.layout.sheets:
                self._lacking(cell)
                continue
            told = by_mapping.get(at, [])
            if cell.is_list:
                self._list(cell, told)
            elif self._free(cell, spot_read(cell.cell) or (0, 0)) and told:
                self._write(cell, told[0])

    def _lacking(self, cell: CellMapping) -> None:
        if any(
            issue.code is WorkbookCode.WORKBOOK_012 and issue.facts["sheet"] == cell.sheet
            for issue in self.issues
        ):
            return
        names = near(cell.sheet, self.layout.sheets)
        facts = {"sheet": cell.sheet, "sheets": names}
        self.issues.append(Issue(WorkbookCode.WORKBOOK_012, self._place(cell), facts))

    def _place(self, cell: CellMapping, spot: Spot | None = None) -> Place:
        row, column = spot or spot_read(cell.cell) or (0, 0)
        return Place(self.file, cell.line or None, cell.sheet, row, column_letters(column))

    def _wrong(
        self, code: WorkbookCode, cell: CellMapping, spot: Spot, facts: Mapping[str, object]
    ) -> None:
        told = {"cell": cell_name(spot), **facts}
        self.issues.append(Issue(code, self._place(cell, spot), told))

    def _free(self, cell: CellMapping, spot: Spot) -> bool:
        """See that a cell may be filled, and by one mapping only."""
        sheet = self.layout.sheet(cell.sheet)
        first = self.taken.setdefault((cell.sheet, spot), cell)
        if first is not cell:
            self._wrong(WorkbookCode.WORKBOOK_020, cell, spot, {"first": first.line})
            return False
        area = sheet.merged(spot)
        if area is not None and spot != (area.top, area.left):
            facts = {"area": str(area), "first": cell_name((area.top, area.left))}
            self._wrong(WorkbookCode.WORKBOOK_014, cell, spot, facts)
            return False
        why = self._unfit(sheet, cell.sheet, spot)
        if why is not None:
            self._wrong(WorkbookCode.WORKBOOK_015, cell, spot, {"why": why})
        return why is None

    def _unfit(self, sheet: Sheet, name: str, spot: Spot) -> Marked | None:
        there = sheet.cells.get(spot)
        if there is not None and there.formula is not None:
            return FORMULA
        if any(spot in area for area in sheet.arrays):
            return ARRAY
        if any(spot in head for head in self.layout.table_heads(name)):
            return HEAD
        return None

    def _write(self, cell: CellMapping, answer: CellAnswer) -> None:
        spot = spot_read(answer.cell)
        if answer.value is None or answer.outcome is not Outcome.FILLED or spot is None:
            return
        shape = self.layout.shape(self.layout.sheet(cell.sheet).style_at(spot))
        value = answer.value
        if isinstance(value, str):
            write = CellWrite(value, number=False)
        elif isinstance(value, date):
            write = day_write(value, shape, since_1904=self.layout.since_1904)
        elif misfit(shape, answer.unit):
            why = SHARE if shape is NumberShape.PERCENT else DAY
            self._wrong(WorkbookCode.WORKBOOK_015, cell, spot, {"why": why})
            return
        else:
            write = number_write(value, answer.unit, answer.decimals, shape)
        self.writes.setdefault(cell.sheet, {})[spot] = write
        self.written[cell.sheet, answer.cell] = write.text

    def _list(self, cell: CellMapping, answers: Sequence[CellAnswer]) -> None:
        lines = max((answer.line for answer in answers), default=-1) + 1
        top, _ = spot_read(cell.cell) or (0, 0)
        columns = [column_number(letters) for letters in cell.columns]
        for column in columns:  # the first line is looked at even where nothing is to be listed
            if not self._free(cell, (top, column)):
                return
        room = self._room(cell, top, columns, lines)
        if lines > room:
            facts = {"found": lines, "room": room}
            self._wrong(WorkbookCode.WORKBOOK_016, cell, (top, columns[0]), facts)
            return
        for answer in answers:
            spot = spot_read(answer.cell)
            if answer.line <= 0 or (spot and self._free(cell, spot)):
                self._write(cell, answer)

    def _room(self, cell: CellMapping, top: int, columns: list[int], wanted: int) -> int:
        """Count the rows that a list may fill, as far as it wants any."""
        sheet = self.layout.sheet(cell.sheet)
        formatted = {column: sheet.style_at((top, column)) for column in columns}
        room = 0
        while room < wanted and (room < cell.rows or cell.grow):
            if not self._is_blank(cell.sheet, sheet, top + room, formatted, room >= cell.rows):
                break
            room += 1
        return room

    def _is_blank(
        self, name: str, sheet: Sheet, number: int, formatted: Mapping[int, int], grown: bool
    ) -> bool:
        """Say whether a row is blank and laid out for a line of a list.

        Beside the list it may hold numbers and formulas, such as a serial number, but no words: a
        row that begins with 合计 or 填表人 belongs to something else.
        """
        row = sheet.rows.get(number)
        for column in row.columns if row is not None else ():
            cell = sheet.cells[number, column]
            if column in formatted and not cell.blank:
                return False
            if grown and column not in formatted and self.layout.text(cell):
                return False
        return not grown or all(
            bool(sheet.style_at((number, column))) or not style
            for column, style in formatted.items()
        )

    def data(self) -> bytes:
        """Give the filled workbook."""
        parts = {
            self.layout.sheets[name]: self.layout.sheet(name).written(writes)
            for name, writes in self.writes.items()
        }
        if not parts:
            return self.layout.package.data
        parts[self.layout.main] = self.layout.calculated()
        return self.layout.package.rewritten(parts)


def label_of(layout: WorkbookLayout, sheet: str, spot: Spot) -> str:
    """Give the words by which people know a cell: those left of it and those above it."""
    left, above = layout.label_left(sheet, spot), layout.label_above(sheet, spot)
    return " / ".join(dict.fromkeys(words for words in (left, above) if words))
