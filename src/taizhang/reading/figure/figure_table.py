"""Tables of figures: a cell's meaning is its row's name and its column's heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from taizhang.core.base.quantity import exact
from taizhang.reading.base.line import Line
from taizhang.reading.tokens.amount import Amount, amounts
from taizhang.reading.tokens.numeral import numeral_read
from taizhang.reading.tokens.unit import UNIT, unit_scale

_BARE = re.compile(r"^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$|^-?\d+(?:\.\d+)?$")
_HEADED = re.compile(
    rf"[（(/]\s?(?P<unit>{UNIT}|万人|万份|万次)\s?[）)]?$|(?P<noun>人次|场次|户|次|份|人|件|起|家)数$"
)
_SERIAL = re.compile(
    r"^(?:序号|编号|排序|年份|年度|月份|日期|时间|电话|联系电话|行政区划.*|代码|分值|得分|满分|标准分|扣分|权重)$"
)
_NOTHING = frozenset(("", "—", "-", "/", "无", "——", "–"))


def table_figures(rows: Sequence[Line]) -> Iterator[tuple[str, Amount, Line, str]]:
    """Walk the figures of one table: (what, amount, row, unit)."""
    heads: dict[int, list[str]] = {}
    body = False
    for line in rows:
        numeric = [cell for cell in line.cells if cell.first and _BARE.match(cell.text.strip())]
        if not body and len(line.cells) > 2 and len({cell.text for cell in line.cells}) == 1:
            continue  # a title over the whole row is the head of no column
        if not body and not numeric:
            for cell in line.cells:
                words = heads.setdefault(cell.column, [])
                if cell.text.strip() and cell.text.strip() not in words:
                    words.append(cell.text.strip())
            continue
        body = True
        yield from _row(line, heads)


def _row(line: Line, heads: dict[int, list[str]]) -> Iterator[tuple[str, Amount, Line, str]]:
    name = ""
    at = done = 0
    for cell in line.cells:
        text = cell.text.strip()
        if cell.first and text:
            # The row's text is that of its cells, one after the other.
            at = max(line.text.find(text, done), done)
            done = at + len(text)
        heading = "".join(heads.get(cell.column, ()))
        if _SERIAL.match(heading):
            continue
        if _BARE.match(text):
            if not cell.first:
                continue
            heading_unit = _headed(heading)
            if not heading_unit and not name and not heading:
                continue
            value = numeral_read(text.lstrip("-"))
            if value is None:
                continue
            factor, unit = unit_scale(heading_unit)
            amount = Amount(at, at + len(text), text, exact(value * factor), unit, False, at)
            yield f"{name}{_named(heading)}", amount, line, unit
        elif text not in _NOTHING:
            inner = list(amounts(text))
            part = inner[0] if len(inner) == 1 and inner[0].unit else None
            if part is not None and len(text) <= len(part.text) + 4 and not _is_worth(text, part):
                if not cell.first:
                    continue  # it is counted in the row where it begins
                moved = replace(part, start=at, end=at + len(text), numeral=at)
                yield f"{name}{_named(heading)}", moved, line, moved.unit
            elif cell.column < 2 or not name:
                name = text[:30]


def _is_worth(text: str, amount: Amount) -> bool:
    """Say whether a cell names a part of a rubric and what it is worth: 基础管理25分."""
    return amount.unit == "分" and amount.start > 1 and amount.end == len(text.rstrip("）) "))


def _headed(heading: str) -> str:
    match = _HEADED.search(heading)
    return (match["unit"] or match["noun"]) if match else ""


def _named(heading: str) -> str:
    return re.sub(r"[（(][^（）()]{1,6}[）)]$", "", heading)
