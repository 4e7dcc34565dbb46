"""The tables and numbers of a document as an Excel workbook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from taizhang.core.base.figure import Figure, number
from taizhang.documents.annex import numbers_sheet
from taizhang.documents.format import format_number, plain
from taizhang.documents.render.layout import width
from taizhang.documents.tree import Document, Inlines, Number, Part, Table, blocks_of
from taizhang.documents.wording import SYNTHETIC

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDEST = 60
_TITLE_LENGTH = 31  # what Excel allows for the name of a sheet
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def to_xlsx(document: Document) -> bytes:
    """Write each table of a document as a sheet; exact numbers stay numbers, gaps stay words."""
    stream = BytesIO()
    with Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        if document.head.as_of is not None:
            moment = datetime.combine(document.head.as_of, time())
            workbook.set_properties({"title": plain(document.head.title), "created": moment})
        names: set[str] = set()
        for title, table in _tables(document):
            sheet = workbook.add_worksheet(_name(title, names))
            _sheet(sheet, title, table, document.head.synthetic, _Look(workbook))
    return stream.getvalue()


class _Look:
    def __init__(self, workbook: Workbook) -> None:
        self.title: Format = workbook.add_format({"bold": True, "font_size": 14})
        self.mark: Format = workbook.add_format({"font_color": "#C00000"})
        self.head: Format = workbook.add_format({"bold": True, "border": 1, "text_wrap": True})
        self.cell: Format = workbook.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        self.missing: Format = workbook.add_format({"border": 1, "bg_color": "#FFE08A"})
        self._workbook = workbook
        self._numbers: dict[int, Format] = {}

    def number(self, decimals: int) -> Format:
        """Show a number with the digits that a paper prints; the cell keeps its full precision."""
        if decimals not in self._numbers:
            shape = "0" if decimals == 0 else "0." + "0" * decimals
            self._numbers[decimals] = self._workbook.add_format({"border": 1, "num_format": shape})
        return self._numbers[decimals]


def _tables(document: Document) -> Iterator[tuple[str, Table]]:
    for block in blocks_of(document.blocks):
        if isinstance(block, Table):
            yield plain(block.caption) or plain(document.head.title), block
    for annex in document.annexes:
        if annex.kind == "numbers":
            yield plain(annex.title), numbers_sheet(document.numbers)
            continue
        for block in blocks_of(annex.blocks):
            if isinstance(block, Table):
                yield plain(block.caption) or plain(annex.title), block


def _name(title: str, names: set[str]) -> str:
    base = " ".join(title.translate(_FORBIDDEN).split())[:_TITLE_LENGTH] or "表"
    name, count = base, 1
    while name.casefold() in names:
        count += 1
        name = f"{base[: _TITLE_LENGTH - 4]} ({count})"
    names.add(name.casefold())
    return name


def _sheet(sheet: Worksheet, title: str, table: Table, synthetic: bool, look: _Look) -> None:
    sheet.write_string(0, 0, title, look.title)
    top = 1
    if synthetic:
        sheet.write_string(1, 0, SYNTHETIC, look.mark)
        top = 2
    for column, cell in enumerate(table.header):
        sheet.write_string(top, column, plain(cell), look.head)
        texts = (plain(row[column]) for row in table.rows)
        wide = max([width(plain(cell)), *(width(text) for text in texts)])
        sheet.set_column(column, column, min(_WIDEST, 2 * wide + 2))
    for index, row in enumerate(table.rows, top + 1):
        for column, cell in enumerate(row):
            _cell(sheet, index, column, cell, look)
    sheet.freeze_panes(top + 1, 1)


def _cell(sheet: Worksheet, row: int, column: int, cell: Inlines, look: _Look) -> None:
    if len(cell) == 1 and isinstance(cell[0], Number):
        words = format_number(cell[0])
        exact = _exact(cell[0])
        if words.missing:
            sheet.write_string(row, column, words.missing, look.missing)
        elif exact is None:
            sheet.write_string(row, column, words.text, look.cell)
        else:
            sheet.write_number(row, column, exact[0], look.number(exact[1]))
        return
    sheet.write_string(row, column, plain(cell), look.cell)


def _exact(shown: Number) -> tuple[float, int] | None:
    """Give value and digits of a number that is known exactly and has nothing to add."""
    figure: Figure = shown.figure
    words = format_number(shown)
    if shown.part is not Part.VALUE or words.word or words.mark or words.missing:
        return None
    value = number(figure.value)
    if value is None or figure.verdict is not None:
        return None
    return float(value), len(words.digits.partition(".")[2])
