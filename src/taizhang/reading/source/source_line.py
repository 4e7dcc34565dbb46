"""A raw line, as every format gives it, and the refusal of a file that gives none."""

from __future__ import annotations

from dataclasses import dataclass

from taizhang.core.base.issue import Issue, Place, Refused
from taizhang.reading.base.code import ReadingCode
from taizhang.reading.base.line import Cell

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Raw:
    """One line as the file gives it; a table row has cells and the number of its table."""

    text: str
    cells: tuple[Cell, ...] = ()
    table: int = 0


def refuse(code: ReadingCode, name: str, line: int | None = None, **facts: object) -> Refused:
    """Make the refusal of one file."""
    return Refused([Issue(code, Place(name, line), facts)])


def table_row(cells: list[Cell], number: int) -> Raw:
    """Make the line of a table row: the texts of its own cells with tabs between."""
    own = [" ".join(cell.text.split()) for cell in cells if cell.first]
    return Raw("\t".join(own), tuple(cells), number)
