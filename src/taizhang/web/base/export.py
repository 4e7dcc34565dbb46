"""Files that people take along: a table as XLSX or CSV, a document in each of its formats."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from xlsxwriter import Workbook
from xlsxwriter.format import Format

from taizhang.core.base.csv_cell import guarded
from taizhang.core.base.invisible_sign import seen
from taizhang.core.base.issue import Issue
from taizhang.documents.render import docx, html, pdf, xlsx
from taizhang.documents.render.renderers import renderer_for
from taizhang.documents.tree import Document

#: The endings that a document is offered with, in the order in which pages show them.
ENDINGS: Mapping[str, str] = {
    "docx": docx.MEDIA_TYPE,
    "pdf": pdf.MEDIA_TYPE,
    "html": html.MEDIA_TYPE,
    "xlsx": xlsx.MEDIA_TYPE,
}

#: The endings that a table is offered with.
FORMATS = ("xlsx", "csv")
_WIDEST = 60


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """An exact number of which a sheet shows so many digits after the point."""

    value: Fraction
    digits: int


#: What a cell may hold; ``None`` is an empty cell.
Cell = str | int | float | Decimal | Fraction | ShownNumber | None


def attachment(content: bytes, media_type: str, name: str) -> HttpResponse:
    """Give a file to keep; ``name`` has its ending."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def document_file(
    document: Document, ending: str, name: str, doubts: list[Issue] | None = None
) -> HttpResponse:
    """Give a document as a file to keep; HTML too, whose own style a page of ours would refuse.

    :param ending: one of :data:`ENDINGS`
    :param name: of the file, without its ending
    :param doubts: takes what a person should look at in the file
    """
    content = renderer_for(f".{ending}")(document, gettext, doubts)
    return attachment(content, ENDINGS[ending], f"{name}.{ending}")


def table_file(
    kind: str, name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponse:
    """Give a table as a download.

    :param kind: one of :data:`FORMATS`
    :param name: of the file, without its ending, and of the sheet
    """
    if kind == "csv":
        content, media_type = to_csv(header, rows), "text/csv; charset=utf-8"
    else:
        content, media_type = to_xlsx(name, header, rows), xlsx.MEDIA_TYPE
    response = attachment(content, media_type, f"{name}.{kind}")
    response["Cache-Control"] = "no-store"
    return response


def to_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write CSV with a byte order mark, so that spreadsheets read it as UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([[_text(cell) for cell in row] for row in (header, *rows)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return guarded(cell)
    if isinstance(cell, ShownNumber):
        cell = cell.value
    if isinstance(cell, Fraction):
        whole = cell.denominator == 1
        return str(cell.numerator) if whole else f"{float(cell):.10g}"
    return "" if cell is None else str(cell)


def to_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write one sheet; numbers stay numbers, no text becomes a formula."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as book:
        sheet = book.add_worksheet("".join(sign for sign in title if sign not in "[]:*?/\\'")[:31])
        bold = book.add_format({"bold": True, "bottom": 1})
        shapes = _Shapes(book)
        widths = [_width(title_cell) for title_cell in header]
        sheet.write_row(0, 0, header, bold)
        for at, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, ShownNumber):
                    sheet.write_number(at, column, float(cell.value), shapes[cell.digits])
                elif isinstance(cell, int | float | Decimal | Fraction):
                    sheet.write_number(at, column, float(cell))
                elif cell:
                    sheet.write_string(at, column, seen(cell))
                    if widths[column] < 2 * min(_WIDEST, len(cell)):  # else it is no wider
                        widths[column] = max(widths[column], _width(cell[:_WIDEST]))
        for column, wide in enumerate(widths):
            sheet.set_column(column, column, min(_WIDEST, wide + 2))
        sheet.freeze_panes(1, 0)
    return out.getvalue()


class _Shapes(dict[int, Format]):
    """The number formats of a workbook by the digits after the point."""

    def __init__(self, book: Workbook) -> None:
        super().__init__()
        self._book = book

    def __missing__(self, digits: int) -> Format:
        shape = f"0.{'0' * digits}" if digits else "0"
        return self.setdefault(digits, self._book.add_format({"num_format": shape}))


def _width(text: str) -> int:
    """Give the width of a text in narrow characters; a Chinese one takes two."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)
