"""``taizhang fill``: every kind of cell from a ledger, its sources, a year of sheets, refusals."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from taizhang.cli import main
from taizhang.web.instance.paths import Home
from tests.documents.workbook import templates

SHARED = Path(__file__).parents[1] / "errors" / "shared"
PACKS = Path(__file__).parents[2] / "src" / "taizhang" / "packs"
FIRST, STREET = "360602001001", "360602001000"


def record(uid: str, day: str, topic: str, people: object, unit: str = FIRST) -> str:
    answers = {"held": "yes", "held_on": day, "topic": topic, "audience": "elderly"}
    line = {"id": uid, "form": "health_education.lecture", "unit": unit, "date": day}
    return json.dumps(line | {"answers": answers | {"people": people}}, ensure_ascii=False)


@pytest.fixture
def ledger(instance: Home, tmp_path: Path) -> Path:
    """This fixture will put four lectures of two communities on record."""
    lines = [
        record("r1", "2026-05-08", "tb", 40),
        record("r2", "2026-05-20", "tobacco", {"low": 30, "high": None, "kind": "at_least"}),
        record("r3", "2026-04-02", "tb", 25),
        record("r4", "2026-05-09", "diet", 10, "360602001002"),
    ]
    (tmp_path / "r.jsonl").write_text("\n".join(lines))
    assert main(["units", "import", str(SHARED / "units.csv")]) == 0
    for pack in ("common", "health_education"):
        assert main(["pack", "install", str(PACKS / pack)]) == 0
    assert main(["records", "import", str(tmp_path / "r.jsonl")]) == 0
    return tmp_path


def fill(
    folder: Path, mapping: str, unit: str = FIRST, period: str = "2026-05", data: bytes = b""
) -> int:
    (folder / "t.xlsx").write_bytes(data or templates.plain())
    (folder / "m.yaml").write_text(mapping)
    files = ["-o", str(folder / "o.xlsx"), "--sources", str(folder / "s.csv")]
    about = ["--mapping", str(folder / "m.yaml"), "--unit", unit, "--period", period]
    return main(["fill", str(folder / "t.xlsx"), *about, *files])


def sheet(folder: Path, name: str = "表1") -> Any:
    return openpyxl.load_workbook(folder / "o.xlsx")[name]


def sources(folder: Path) -> dict[str, dict[str, str]]:
    text = (folder / "s.csv").read_text(encoding="utf-8-sig")
    return {row["单元格"]: row for row in csv.DictReader(io.StringIO(text))}


def test_each_kind_of_cell_is_filled_with_its_sources(ledger: Path) -> None:
    assert fill(ledger, """
sheets:
  表1:
    B2: {text: "{unit}{year}年{month}月"}
    B3: {figure: health_education.lectures}
    C3: {figure: health_education.lectures, period: to_date}
    D3: {figure: health_education.lectures, by: {topic: tb}}
    C4: {figure: attendance}
    D4: {figure: attendance, divide: 10}
    B5: {date: end}
    C5: {person: 负责人签字}
    D5: {figure: health_education.guided}
    A12: {records: lecture, columns: {A: serial, B: date, C: topic, D: people}, rows: 9}
""") == 0  # fmt: skip
    told, rows = sheet(ledger), sources(ledger)
    assert told["B2"].value == "公园社区2026年5月"
    assert [told[cell].value for cell in ("B3", "C3", "D3")] == [2, 3, 1]
    assert (told["C4"].value, told["D4"].value) == (70, 7)  # of 40 and 30多 the low end
    assert "低端" in rows["C4"]["说明"]
    assert "低端" in rows["D13"]["说明"]
    assert [told[f"A{row}"].value for row in (12, 13, 14)] == [1, 2, None]
    assert [told[f"{column}13"].value for column in "BCD"] == ["2026年5月20日", "控烟", 30]
    assert rows["B3"]["键"] == "health_education.lectures"
    assert rows["B3"]["记录数"] == "2"
    assert rows["C12"]["来源"] == "record:r1"
    assert rows["C5"]["情况"] == "留给人填"
    assert told["C5"].value is None


def test_a_figure_without_value_leaves_its_cell_as_it_was(ledger: Path) -> None:
    def trap(_book: Any, made: Any) -> None:
        made.write("C3", "原样")

    mapping = "sheets: {表1: {C3: {figure: lecture_completion}}}"
    assert fill(ledger, mapping, period="2027-01", data=templates.based(trap)) == 0
    assert sheet(ledger)["C3"].value == "原样"
    row = sources(ledger)["C3"]
    assert (row["情况"], row["填入"]) == ("留给人填", "")
    assert row["说明"]


def test_figures_by_unit_and_by_dimension_fill_blocks(ledger: Path) -> None:
    mapping = """
sheets:
  表1:
    C10: {figure: health_education.lectures, by: unit, columns: {C: label, D: value}, rows: 2}
    F10: {figure: health_education.lectures, by: topic, columns: {F: label, G: value}, grow: true}
"""
    assert fill(ledger, mapping, STREET) == 0
    told = sheet(ledger)
    assert [(told[f"C{row}"].value, told[f"D{row}"].value) for row in (10, 11)] == [
        ("公园社区", 2),
        ("林荫社区", 1),
    ]
    by_topic = {told[f"F{row}"].value: told[f"G{row}"].value for row in range(10, 20)}
    assert by_topic["结核病防治"] == by_topic["控烟"] == 1


def test_a_year_of_monthly_sheets_is_filled_at_once(ledger: Path) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for month in range(1, 13):
            book.add_worksheet(f"{month}月").write("A1", "讲座")
    cells = '  1月: {period: "{year}-01", B1: {figure: health_education.lectures}}\n'
    cells += "".join(
        f'  {month}月: {{like: 1月, period: "{{year}}-{month:02d}"}}\n' for month in range(2, 13)
    )
    assert fill(ledger, f"sheets:\n{cells}", period="2026", data=out.getvalue()) == 0
    filled = openpyxl.load_workbook(ledger / "o.xlsx")
    told = [filled[f"{month}月"]["B1"].value for month in range(1, 13)]
    assert told[3:5] == [1, 2]


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_written(
    ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = """
sheets:
  表1:
    B6: {text: "{unit}"}
    B1: {text: "{unit}"}
    B3: {figure: no_such}
    B4: {figure: health_education.lectures}
    C3: {text: "{weather}"}
  表9:
    A1: {text: x}
"""
    capsys.readouterr()
    assert fill(ledger, mapping) == 1
    codes = {line.partition(" ")[0] for line in capsys.readouterr().err.splitlines()}
    assert {f"WORKBOOK_0{number}" for number in (12, 14, 15, 17)} <= codes
    assert not (ledger / "o.xlsx").exists()
    assert not (ledger / "s.csv").exists()
    assert not [path for path in ledger.iterdir() if path.name.startswith(".")]


def test_a_proposed_mapping_fills_and_knows_its_template(
    ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template, mapping = ledger / "t.xlsx", ledger / "p.yaml"
    template.write_bytes(templates.plain())
    assert main(["fill", str(template), "--mapping", str(mapping), "--propose"]) == 0
    proposed = mapping.read_text()
    assert fill(ledger, proposed) == 0
    told = sheet(ledger)
    assert (told["B2"].value, told["B3"].value) == ("公园社区", 2)

    def trap(_book: Any, made: Any) -> None:
        made.write("A3", "咨询（次）")

    (ledger / "o.xlsx").unlink()
    capsys.readouterr()
    assert fill(ledger, proposed, data=templates.based(trap)) == 1
    said = capsys.readouterr().err
    assert "WORKBOOK_011" in said
    assert "咨询（次）" in said  # what changed, in the words of the template
    assert not (ledger / "o.xlsx").exists()


def test_cases_and_things_fill_lists(ledger: Path) -> None:
    mapping = """
sheets:
  表1:
    A12: {things: health_education.rack, columns: {A: number, B: name}, rows: 3}
"""
    assert fill(ledger, mapping) == 0
    assert sources(ledger)["A12"]["情况"] == "没有可列的"
