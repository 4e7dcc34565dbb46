"""A department's workbook of 50 sheets filled in 5,000 cells, against unzip + zip of it."""

from __future__ import annotations

import io
import time
import zipfile
from fractions import Fraction
from statistics import median
from typing import Any

import xlsxwriter

SHEETS, CELLS = 50, 100
ROWS, COLUMNS = 20, 6  # of numbers beside the cells that are filled
ROUNDS = 7
BAR = 5.0


def run() -> dict[str, Any]:
    """Take the bare copy and the filling in turn, on the same book."""
    from taizhang.documents.workbook.answer import CellAnswer
    from taizhang.documents.workbook.fill import fill
    from taizhang.documents.workbook.mapping import CellKind, CellMapping, WorkbookMapping

    data = _book()
    places = [(f"表{sheet}", f"B{row}") for sheet in range(SHEETS) for row in range(3, 3 + CELLS)]
    cells = tuple(
        CellMapping(sheet=sheet, cell=cell, kind=CellKind.PERSON, name="数")
        for sheet, cell in places
    )
    mapping = WorkbookMapping(cells)
    answers = [
        CellAnswer(sheet=sheet, cell=cell, mapping=at, value=Fraction(at), unit="次")
        for at, (sheet, cell) in enumerate(places)
    ]
    ours, bare = [], []
    filled = b""
    for _round in range(ROUNDS):
        started = time.perf_counter()
        _copy(data)
        bare.append(time.perf_counter() - started)
        started = time.perf_counter()
        book = fill(data, "book.xlsx", mapping, answers, "m.yaml")
        ours.append(time.perf_counter() - started)
        assert len(book.written) == SHEETS * CELLS
        filled = book.data
    _compare(data, filled)
    ratio = median(ours) / median(bare)
    return {
        "name": f"fill a workbook of {SHEETS} sheets in {SHEETS * CELLS:,} cells",
        "ours": round(median(ours), 3),
        "baseline": round(median(bare), 3),
        "ratio": round(ratio, 2),
        "bar": f"≤ {BAR:g} ×",
        "met": ratio <= BAR,
        "note": f"seconds, median of {ROUNDS}, against unzip + zip; {len(data):,} bytes",
    }


def _book() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        border = book.add_format({"border": 1})
        for at in range(SHEETS):
            sheet = book.add_worksheet(f"表{at}")
            for row in range(CELLS + 2):
                sheet.write(row, 0, f"指标{row}", border)
                sheet.write_blank(row, 1, None, border)
            for row in range(ROWS):
                for column in range(2, COLUMNS):
                    sheet.write(row, column, row * column, border)
                sheet.write_formula(row, COLUMNS, f"=SUM(C{row + 1}:F{row + 1})", border, 0)
    return out.getvalue()


def _copy(data: bytes) -> bytes:
    """Unpack every part and pack it again."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as read,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as write,
    ):
        for name in read.namelist():
            write.writestr(name, read.read(name))
    return out.getvalue()


def _compare(before: bytes, after: bytes) -> None:
    """See that no part differs but the sheets and the workbook's own."""
    old, new = zipfile.ZipFile(io.BytesIO(before)), zipfile.ZipFile(io.BytesIO(after))
    assert old.namelist() == new.namelist()
    for name in old.namelist():
        if name != "xl/workbook.xml" and not name.startswith("xl/worksheets/sheet"):
            assert old.read(name) == new.read(name), name
