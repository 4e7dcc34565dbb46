"""Tables in wiki markup ({| … |- … |}) → cells, with the places that a cell runs on into."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from taizhang.reading.base.line import Cell

_OPEN = re.compile(r"^\s*\{\|(?!\s*\|)")
_CLOSE = re.compile(r"^\s*\|\}")
_SPAN = re.compile(r"(?P<which>row|col)span\s*=\s*[\"']?(?P<count>\d{1,3})", re.IGNORECASE)
_ATTRIBUTES = re.compile(r"^\s*(?:[a-z-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[\w%#.-]+)\s*)+\|(?!\|)")
#: the most columns a row can have, whatever its spans say
_WIDEST = 200


@dataclass
class _Table:
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)
    #: columns that a cell above still covers: column → (rows left, text)
    covered: dict[int, tuple[int, str]] = field(default_factory=dict)
    column: int = 0

    def row(self, index: int) -> None:
        """Begin a row at a line; one that holds no cell yet is begun anew."""
        if self.rows and not self.rows[-1][1]:
            self.rows.pop()
        self.rows.append((index, []))
        self.column = 0
        self._run_on()

    def cell(self, content: str) -> None:
        """Put a cell behind the last one, with what its attributes say."""
        match = _ATTRIBUTES.match(content)
        spans = (
            {span["which"].lower(): int(span["count"]) for span in _SPAN.finditer(match[0])}
            if match
            else {}
        )
        text = (content[match.end() :] if match else content).strip()
        for part in range(max(1, spans.get("col", 1))):
            if self.column >= _WIDEST:
                return
            self.rows[-1][1].append(Cell(text, self.column, part == 0))
            if spans.get("row", 1) > 1:
                self.covered[self.column] = (spans["row"] - 1, text)
            self.column += 1
        self._run_on()

    def _run_on(self) -> None:
        below: dict[int, tuple[int, str]] = {}
        while self.column in self.covered:
            left, text = self.covered.pop(self.column)
            self.rows[-1][1].append(Cell(text, self.column, False))
            if left > 1:
                below[self.column] = (left - 1, text)
            self.column += 1
        self.covered |= below


def wiki_tables(texts: Sequence[str]) -> Iterator[tuple[int, int, list[tuple[int, list[Cell]]]]]:
    """Walk the wiki tables of a text: first line, line behind the last, rows by first line."""
    index = 0
    while index < len(texts):
        if not _OPEN.match(texts[index]):
            index += 1
            continue
        first = index
        table = _Table()
        index += 1
        while (
            index < len(texts) and not _CLOSE.match(texts[index]) and not _OPEN.match(texts[index])
        ):
            _line(table, index, texts[index].strip())
            index += 1
        closed = index < len(texts) and bool(_CLOSE.match(texts[index]))
        index += closed
        rows = [row for row in table.rows if row[1]]
        if len(rows) > 1:
            yield first, index, rows


def _line(table: _Table, index: int, text: str) -> None:
    if text.startswith("|-"):
        table.row(index)
    elif text.startswith(("|", "!")) and not text.startswith("|+"):
        if not table.rows:
            table.row(index)
        sign = r"\|\||!!" if text[0] == "!" else r"\|\|"
        for piece in re.split(sign, text[1:]):
            table.cell(piece)
