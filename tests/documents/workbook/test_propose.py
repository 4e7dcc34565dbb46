"""Proposed mappings: labels left and above, units, periods, lists; what stays a person's word."""

import io
from typing import Any

import xlsxwriter

from taizhang.documents.workbook.mapping import CellKind, mapping_read, mapping_write
from taizhang.documents.workbook.propose import FigureChoice, FormChoice, propose

FIGURES = [
    FigureChoice("h.lectures", "健康知识讲座", "次"),
    FigureChoice("h.attendance", "讲座受益人次", "人次"),
    FigureChoice("h.lecture_completion", "讲座完成率", "%"),
    FigureChoice("h.materials", "发放健康教育资料", "份"),
]
FORMS = [
    FormChoice("h.lecture", "讲座", {"held_on": "举办日期", "topic": "主题", "people": "到场人次"})
]


def proposed(rows: list[list[str | None]]) -> dict[str, Any]:
    """Propose for a table of labels, ``None`` a blank cell of the table."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet, border = book.add_worksheet("表"), book.add_format({"border": 1})
        for at, row in enumerate(rows):
            for column, label in enumerate(row):
                if label is None:
                    sheet.write_blank(at, column, None, border)
                elif label:
                    sheet.write(at, column, label, border)
    mapping = propose(out.getvalue(), "t.xlsx", FIGURES, FORMS)
    again, issues = mapping_read(mapping_write(mapping).encode(), "m.yaml")
    assert not issues
    assert again.digest == mapping.digest
    return {cell.cell: cell for cell in again.cells}


def test_labels_units_and_periods_choose_figures() -> None:
    cells = proposed(
        [
            ["项目", "本月", "本年累计", "备注"],
            ["1.讲座次数（次）", None, None, None],
            ["讲座人次", None, None, None],
            ["讲座完成率（%）", None, None, None],
        ]
    )
    assert {cell: told.name for cell, told in cells.items()} == {
        "B2": "h.lectures",
        "C2": "h.lectures",
        "B3": "h.attendance",
        "C3": "h.attendance",
        "B4": "h.lecture_completion",
        "C4": "h.lecture_completion",
    }  # and no remark is asked for
    assert (cells["B2"].period, cells["C2"].period) == ("", "to_date")


def test_what_no_figure_is_near_to_stays_a_persons_word() -> None:
    cells = proposed([["调解纠纷（件）", None], ["负责人", None], ["填报单位", None]])
    assert cells["B1"].kind is CellKind.PERSON
    assert cells["B2"].kind is CellKind.PERSON
    assert (cells["B3"].kind, cells["B3"].name) == (CellKind.TEXT, "{unit}")


def test_headings_over_blank_rows_are_a_list_of_the_form_that_asks_them() -> None:
    blank: list[str | None] = [None, None, None, None]
    cells = proposed([["序号", "举办日期", "主题", "到场人次"], blank, blank, blank])
    assert list(cells) == ["A2"]
    assert cells["A2"].kind is CellKind.RECORDS
    assert dict(cells["A2"].columns) == {"A": "serial", "B": "held_on", "C": "topic", "D": "people"}
    assert cells["A2"].grow
