"""Tables whose columns are kept apart by blanks alone → cells, by where each column begins.

The head of the table says where: a row's piece belongs to the last column that begins at or before
it.  Widths are those of a screen, where a Chinese character takes two columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from taizhang.reading.base.line import Cell, Line
from taizhang.reading.text.cleaning import text_clean

_PIECE = re.compile(r"[^\s\u3000](?:[^\s\u3000]|[ \u3000](?![ \u3000]))*")
_RULE = re.compile(r"[\s\-—=_─━+|｜]*$")
_LONGEST_HEAD = 12


@dataclass(frozen=True)
class Row:
    """One row: the index of its line among those given, and its cells."""

    place: int
    cells: tuple[Cell, ...]


def aligned_tables(
    lines: Sequence[Line], head_words: re.Pattern[str] | None = None
) -> list[list[Row]]:
    """Find the tables that blanks align below a head of at least three words of ``head_words``.

    Without ``head_words`` any first line of short words parted by wide gaps is a head.
    """
    tables: list[list[Row]] = []
    starts: list[int] = []
    for place, line in enumerate(lines):
        if line.cells or "\t" in line.source or not line.source.strip():
            if line.cells:
                starts = []
            continue
        if not starts and "  " not in line.source and "\u3000\u3000" not in line.source:
            continue
        pieces = _pieces(line.source)
        if (head_words is not None or not starts) and _is_head(pieces, head_words):
            starts = [at for at, _ in pieces]
            tables.append([Row(place, _cells(pieces, starts))])
        elif starts and _RULE.match(line.source):
            continue
        elif starts and (len(pieces) > 1 or pieces[0][0] >= starts[1] - 1):
            tables[-1].append(Row(place, _cells(pieces, starts)))
        else:
            starts = []
    return [table for table in tables if len(table) > 2]


def _pieces(source: str) -> list[tuple[int, str]]:
    """Cut a line at runs of blanks: (column of the screen, text)."""
    spans: list[tuple[int, str]] = []
    done = width = 0
    for match in _PIECE.finditer(source):
        width += _width(source[done : match.start()])
        spans.append((width, match[0].strip()))
        width += _width(match[0])
        done = match.end()
    return spans


def _width(text: str) -> int:
    return len(text) + sum(sign > "\u2e80" for sign in text)


def _is_head(pieces: Sequence[tuple[int, str]], words: re.Pattern[str] | None) -> bool:
    if len(pieces) < 3 or any(len(text) > _LONGEST_HEAD for _, text in pieces):
        return False
    if words is None:
        return all(re.search(r"[\u4e00-\u9fff]", text) for _, text in pieces)
    named = sum(1 for _, text in pieces if words.search(text))
    return named >= max(3, len(pieces) - 2)


def _cells(pieces: Sequence[tuple[int, str]], starts: Sequence[int]) -> tuple[Cell, ...]:
    texts = [""] * len(starts)
    whole = len(pieces) == len(starts)
    for index, (at, text) in enumerate(pieces):
        # Half a column's blanks may be lost where the text beside is long.
        column = (
            index if whole else max(i for i, start in enumerate(starts) if start <= at + 3 or not i)
        )
        texts[column] = f"{texts[column]}{text}"
    return tuple(Cell(text_clean(text), column) for column, text in enumerate(texts))
