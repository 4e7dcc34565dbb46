"""Tables copied out of a page, each cell on a line of its own → rows of cells.

A row begins at its number (1, 2, 3 …), has names, one bare number that is its points, and words.
Whether a bare number is the points of this row or the number of the next one is told by what the
row has already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from taizhang.reading.base.line import Cell
from taizhang.reading.tokens.atom import clause_signs

_BARE = re.compile(r"\d{1,3}(?:\.\d{1,2})?\s?分?$")
_WRAPPED = re.compile(r"[（(【\[［]\s?\D{0,4}\d{1,3}(?:\.\d)?\s?分?\s?[）)】\]］]$")
_TITLED = re.compile(r".{2,24}[（(【\[［]\s?\D{0,4}\d{1,3}(?:\.\d)?\s?分\s?[）)】\]］]$")
_SUM = re.compile(r"[合总共]\s*计$|总\s*分$")
_POINTS_HEAD = re.compile(r"分值|满分|权重|标准分|配分|赋分$|分数|^分$")
_LEAST = 4
_LONGEST_HEAD = 12


@dataclass
class _Row:
    """One row while it is gathered: its line, names, points and the words behind them."""

    line: int
    number: str = ""
    names: list[str] = field(default_factory=list)
    points: str = ""
    words: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class CellTable:
    """Rows by the index of the line where each begins, and the lines from first to end."""

    first: int
    end: int
    rows: list[tuple[int, list[Cell]]]


def cell_tables(texts: Sequence[str]) -> Iterator[CellTable]:
    """Walk the tables whose rows are numbered from 1 and whose cells stand below each other."""
    bare = [index for index, text in enumerate(texts) if _BARE.match(text.strip())]
    start = 0
    for index in bare:
        if index < start or texts[index].strip() != "1":
            continue
        rows, end = _gather(texts, index)
        numbered = [row for row in rows if row.number]
        scored = sum(
            any(clause_signs(text) for text in (*row.names, *row.words)) for row in numbered
        )
        if len(numbered) >= _LEAST and scored >= len(numbered) / 2:
            first, heads = _heads(texts, index)
            yield CellTable(first, end, _laid(rows, heads, first))
            start = end


def _gather(texts: Sequence[str], start: int) -> tuple[list[_Row], int]:
    """Gather the rows from the one numbered 1 on; give them and the line behind the last."""
    rows: list[_Row] = []
    expected, end = 1, start
    for index in range(start, len(texts)):
        text = texts[index].strip()
        if not text:
            continue
        row = rows[-1] if rows else None
        done = row is None or bool(row.points) or not row.number
        if done and text == str(expected):
            rows.append(_Row(index, text))
            expected += 1
        elif row is None:
            break
        elif _BARE.match(text):
            if row.points:
                break
            row.points = text
        elif _SUM.match(text):
            rows.append(_Row(index, "", [text]))
        elif row.points and _TITLED.match(text) and not clause_signs(text):
            rows.append(_Row(index, "", [text]))
        elif not row.points and _WRAPPED.match(text) and row.names:
            row.names[-1] += text
        elif not row.points and row.number:
            row.names.append(text)
        elif row.points and row.number and not _ends(row, text):
            row.words.append(text)
        else:
            break
        end = index + 1
    while rows and rows[-1].number and not rows[-1].points:
        end = rows.pop().line
    return rows, end


def _ends(row: _Row, text: str) -> bool:
    """Say whether a line behind the words of a row is none of its cells."""
    return len(row.words) > 6 or (
        bool(row.words) and bool(re.match(r"(?:附?加分|扣分|减分|一票|否决|备注|说明|注)", text))
    )


def _heads(texts: Sequence[str], start: int) -> tuple[int, list[str]]:
    """Give the first line and the words of the heads that stand above the row numbered 1."""
    first = start
    heads: list[str] = []
    while first and 0 < len(texts[first - 1].strip()) <= _LONGEST_HEAD:
        first -= 1
        heads.insert(0, texts[first].strip())
    return (first, heads) if len(heads) >= 3 else (start, [])


def _laid(rows: Sequence[_Row], heads: Sequence[str], first: int) -> list[tuple[int, list[Cell]]]:
    """Lay names before and words behind the column of points."""
    most = max(len(row.names) for row in rows)
    points = next((n for n, head in enumerate(heads) if _POINTS_HEAD.search(head)), 0)
    known = points - 1 >= most and bool(heads)
    wide = points - 1 if known else most
    table: list[tuple[int, list[Cell]]] = []
    if known:
        table.append((first, [Cell(text, column) for column, text in enumerate(heads)]))
    for row in rows:
        if not row.number and not row.points:
            table.append((row.line, [Cell("".join(row.names), 0)]))
            continue
        names = [""] * (wide - len(row.names)) + row.names
        cells = [row.number, *names, row.points, "".join(row.words)]
        table.append((row.line, [Cell(text, column) for column, text in enumerate(cells)]))
    return table
