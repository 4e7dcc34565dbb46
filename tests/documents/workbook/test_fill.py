"""Filling leaves everything else alone: templates with every trap, growth, dates, shares."""

import io
import os
import shutil
import subprocess
import warnings
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from taizhang.core.base.issue import Level
from taizhang.documents.workbook.answer import CellAnswer, Outcome
from taizhang.documents.workbook.fill import FilledWorkbook, fill
from taizhang.documents.workbook.layout import WorkbookLayout
from taizhang.documents.workbook.mapping import mapping_read
from tests.documents.workbook import templates
from tests.documents.workbook.comparison import differences

FIXED = {
    templates.TEXT: ("公园社区 <一> & “二”", ""),
    templates.NUMBER: (Fraction(3), "次"),
    templates.SHARE: (Fraction(755, 10), "percent"),
    templates.DAY: (date(2026, 5, 31), ""),
}
ENDING = {"macros": ".xlsm"}


def answer(cell: str, value: object, unit: str = "", line: int = -1, **more: Any) -> CellAnswer:
    told = {"sheet": "表1", "mapping": 0, "outcome": Outcome.FILLED, "decimals": 2}
    return CellAnswer(cell=cell, value=value, unit=unit, line=line, **{**told, **more})  # type: ignore[arg-type]


def mapped(text: str) -> Any:
    mapping, issues = mapping_read(text.encode(), "m.yaml")
    assert not issues, [issue.line() for issue in issues]
    return mapping


def filled(data: bytes, name: str = "t.xlsx") -> FilledWorkbook:
    """Fill the four cells of a template."""
    lines = "\n".join(f"    {cell}: {{person: x}}" for cell in FIXED)
    mapping = mapped(f"sheets:\n  表1:\n{lines}\n")
    answers = [
        answer(cell, value, unit, mapping=at)
        for at, (cell, (value, unit)) in enumerate(FIXED.items())
    ]
    return fill(data, name, mapping, answers, "m.yaml")


def listed(data: bytes, lines: int, options: str, columns: str = "{A: a, B: b}") -> FilledWorkbook:
    """Fill a list from A11."""
    mapping = mapped(f"sheets:\n  表1:\n    A11: {{records: f, columns: {columns}, {options}}}\n")
    letters = mapping.cells[0].columns
    answers = [
        answer(f"{letter}{11 + line}", f"{letter}{line}", line=line)
        for line in range(lines)
        for letter in letters
    ]
    return fill(data, "t.xlsx", mapping, answers, "m.yaml")


def errors(book: FilledWorkbook) -> list[str]:
    return [issue.code.name for issue in book.issues if issue.level is Level.ERROR]


def sheet_part(data: bytes) -> str:
    return WorkbookLayout(data).sheets["表1"]


def read(data: bytes, **options: Any) -> Any:
    with warnings.catch_warnings():
        # What openpyxl says of what it would lose is why it writes no department's book.
        warnings.filterwarnings("ignore", ".*not supported and will be removed", UserWarning)
        return openpyxl.load_workbook(io.BytesIO(data), **options)["表1"]


@pytest.mark.parametrize("name", templates.NAMES)
def test_only_the_allowed_differs(name: str) -> None:
    before = templates.template(name)
    book = filled(before, f"t{ENDING.get(name, '.xlsx')}")
    assert errors(book) == []
    assert differences(before, book.data, {sheet_part(before): FIXED}) == []
    sheet = read(book.data)
    assert sheet["B2"].value == FIXED["B2"][0]
    assert (sheet["B3"].value, sheet["B4"].value) == (3, 0.755)
    assert sheet["B5"].value.date() == date(2026, 5, 31)
    assert sheet["B6"].value == "=B3*2"
    assert read(book.data, data_only=True)["B6"].value is None  # nobody reads an old result


def test_the_same_input_gives_the_same_bytes_and_filling_again_changes_nothing() -> None:
    before = templates.plain()
    once = filled(before).data
    assert filled(before).data == once
    again = filled(once).data
    assert read(again)["B3"].value == 3
    assert again == once


@pytest.fixture(scope="session")
def calc(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """This fixture opens books with LibreOffice Calc; TAIZHANG_SOFFICE names another program."""
    program = os.environ.get("TAIZHANG_SOFFICE") or shutil.which("soffice")
    if program is None:
        pytest.skip("no LibreOffice on this machine")
    profile = tmp_path_factory.mktemp("profile")

    def convert(files: list[Path], ending: str, out: Path) -> None:
        profiled = f"-env:UserInstallation=file://{profile}"
        command = [program, profiled, "--headless", "--convert-to", ending, "--outdir", str(out)]
        subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=110)

    probe = tmp_path_factory.mktemp("probe")
    (probe / "p.xlsx").write_bytes(templates.plain())
    convert([probe / "p.xlsx"], "csv", probe)
    if not (probe / "p.csv").is_file():
        pytest.skip("LibreOffice is here without Calc, its spreadsheet")
    return convert


@pytest.mark.slow
def test_libreoffice_opens_every_filled_book(calc: Any, tmp_path: Path) -> None:
    files = []
    for at, name in enumerate(templates.NAMES):
        ending = ENDING.get(name, ".xlsx")
        file = tmp_path / f"{at}{ending}"
        file.write_bytes(filled(templates.template(name), f"t{ending}").data)
        files.append(file)
    out = tmp_path / "out"
    calc(files, "xlsx", out)
    for at, name in enumerate(templates.NAMES):
        sheet = read((out / f"{at}.xlsx").read_bytes(), data_only=True)
        assert sheet["B2"].value == FIXED["B2"][0], name
        assert (sheet["B3"].value, sheet["B4"].value) == (3, 0.755), name
        assert sheet["B6"].value == templates.RESULT, name  # worked out when it was opened
        assert sheet["B5"].value.date() == date(2026, 5, 31), name


@pytest.mark.slow
def test_templates_that_libreoffice_wrote_are_filled(calc: Any, tmp_path: Path) -> None:
    """LibreOffice writes every template anew, as its own books; these are filled, too."""
    out = tmp_path / "out"
    calc(templates.write_all(tmp_path), "xlsx:Calc MS Excel 2007 XML", out)
    for file in sorted(out.iterdir()):
        before = file.read_bytes()
        book = filled(before)
        assert errors(book) == [], file.name
        assert differences(before, book.data, {sheet_part(before): FIXED}) == [], file.name
        assert read(book.data)["B3"].value == 3, file.name


# lists -------------------------------------------------------------------------------------------


def _room(rows: int, behind: str = "") -> bytes:
    """Make a template with so many formatted rows from row 11, and words in the row behind."""

    def trap(book: Any, sheet: Any) -> None:
        border = book.add_format({"border": 1})
        for row in range(10, 10 + rows):
            sheet.write_row(row, 0, ["", "", ""], border)
            for column in range(3):
                sheet.write_blank(row, column, None, border)
        if behind:
            sheet.write(10 + rows, 0, behind, border)
            sheet.write_blank(10 + rows, 1, None, border)

    return templates.based(trap)


def test_rows_grow_into_blank_formatted_rows() -> None:
    before = _room(5)
    book = listed(before, 4, "grow: true")
    assert errors(book) == []
    cells = {f"{letter}{row}" for letter in "AB" for row in range(11, 15)}
    assert differences(before, book.data, {sheet_part(before): cells}) == []
    assert [read(book.data)[f"A{row}"].value for row in range(11, 16)] == [
        "A0",
        "A1",
        "A2",
        "A3",
        None,
    ]


@pytest.mark.parametrize(
    ("lines", "options", "room"),
    [(4, "rows: 3", 3), (2, "rows: 1", 1), (6, "grow: true", 5), (6, "rows: 2, grow: true", 5)],
)
def test_a_list_longer_than_its_room_is_refused(lines: int, options: str, room: int) -> None:
    book = listed(_room(5, "合计"), lines, options)
    assert errors(book) == ["WORKBOOK_016"]
    assert book.issues[-1].facts["room"] == room
    assert book.data == b""


def test_words_beside_the_list_end_its_room() -> None:
    def trap(book: Any, sheet: Any) -> None:
        border = book.add_format({"border": 1})
        for row in range(10, 14):
            sheet.write(row, 0, "填表人" if row == 13 else row - 9, border)
            sheet.write_blank(row, 1, None, border)

    data = templates.based(trap)
    assert errors(listed(data, 3, "grow: true", "{B: b}")) == []
    assert errors(listed(data, 4, "grow: true", "{B: b}")) == ["WORKBOOK_016"]


def test_a_row_formatted_as_a_whole_gets_cells_of_its_style() -> None:
    def trap(book: Any, sheet: Any) -> None:
        for row in range(10, 13):
            sheet.set_row(row, 20, book.add_format({"num_format": "@", "bottom": 1}))
        sheet.set_column("F:F", 12, book.add_format({"num_format": "0.0%"}))

    before = templates.based(trap)
    book = listed(before, 3, "grow: true", "{A: a, F: f}")
    assert errors(book) == []
    sheet = read(book.data)
    assert (sheet["F12"].number_format, sheet["F12"].value) == ("@", "F1")
    cells = {f"{letter}{row}" for letter in "AF" for row in range(11, 14)}
    assert differences(before, book.data, {sheet_part(before): cells}) == []
    assert sheet.dimensions == "A1:F13"


def test_cells_in_rows_and_sheets_that_hold_none_are_written_in_order() -> None:
    places = ("C3", "AA2", "B40", "A9")
    lines = "".join(f"    {cell}: {{person: x}}\n" for cell in places)
    mapping = mapped(f"sheets:\n  表1:\n{lines}")
    answers = [answer(cell, Fraction(at), mapping=at) for at, cell in enumerate(places)]
    before = templates.plain()
    book = fill(before, "t.xlsx", mapping, answers, "m.yaml")
    assert errors(book) == []
    sheet = read(book.data)
    assert [sheet[cell].value for cell in ("C3", "AA2", "B40", "A9")] == [0, 1, 2, 3]
    cells = {"C3", "AA2", "B40", "A9"}
    assert differences(before, book.data, {sheet_part(before): cells}) == []
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    empty = mapped("sheets:\n  Sheet:\n    B2: {person: a}\n")
    told = [answer("B2", Fraction(5), sheet="Sheet")]
    book = fill(out.getvalue(), "t.xlsx", empty, told, "m.yaml")
    assert openpyxl.load_workbook(io.BytesIO(book.data))["Sheet"]["B2"].value == 5
