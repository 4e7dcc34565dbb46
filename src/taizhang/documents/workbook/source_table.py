"""The table of sources of a filled workbook: one row a cell, as people read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from taizhang.core.text.unit_sign import unit_sign
from taizhang.documents.workbook.answer import CellAnswer, Outcome

#: The workbook is a Chinese paper, and so is the list of its sources.
HEADINGS = (
    *("工作表", "单元格", "情况", "填入", "内容", "单位代码", "单位", "时段", "计量单位"),
    *("记录数", "截至", "键", "来源", "说明"),
)
OUTCOMES = {
    Outcome.FILLED: "已填",
    Outcome.LEFT: "留给人填",
    Outcome.NOTHING: "没有可列的",
}


def source_rows(sources: Iterable[tuple[CellAnswer, str]]) -> Iterator[tuple[str, ...]]:
    """Give the rows of the table, in the order of the mapping."""
    for answer, text in sources:
        yield (
            answer.sheet,
            answer.cell,
            OUTCOMES[answer.outcome],
            answer.value.isoformat() if isinstance(answer.value, date) and text else text,
            answer.what,
            answer.unit_code,
            answer.unit_name,
            answer.period,
            unit_sign(answer.unit),
            "" if answer.records is None else str(answer.records),
            answer.as_of,
            answer.key,
            answer.behind,
            answer.remark,
        )
