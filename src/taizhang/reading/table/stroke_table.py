"""Tables drawn with strokes and rules → rows: what stands between two rules is one row.

A cell that is too long for its column goes on in the lines below, down to the next rule; where a
rule leaves a column out, the cell above it stays open over the rows below.  Any style is read:
┌┬┐, ═ and ║, + - and |, or the rules of Markdown between all rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from taizhang.reading.base.deadline import check
from taizhang.reading.base.line import Cell

STROKES = "|｜│┃║"
_JOINTS = "+┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝╟╢┏┳┓┣╋┫┗┻┛╪╫╤╧╞╡"
_DASHES = "=─━═-"  # the last one would span a range elsewhere
_RULE = re.compile(rf"[\s|:{STROKES}{_JOINTS}{_DASHES}]*")
_DOUBLE = re.compile(f"[{_DASHES}]{{2}}")
_PARTS = re.compile(f"[{STROKES}{_JOINTS}]")
_STROKE = re.compile(f"[{STROKES}]")
_RULED_PART = re.compile(rf"[{_JOINTS}][{_DASHES}]{{2,}}[{_JOINTS}{STROKES}]")
_NUMBER = re.compile(r"^[（(]?\d{1,4}(?:\.\d{1,2})?\s?[分%]?[）)]?$")
#: a table has so many rows between rules at least, its head included
_LEAST = 3
#: so many columns of the screen may be left at the end of a line that goes on
_SLACK = 3
#: wider lines and more columns are no drawing
_LONGEST = 1000
_WIDEST = 60


@dataclass
class _Band:
    """The lines between two rules, and the columns that the rule above leaves open."""

    lines: list[int] = field(default_factory=list)
    open: frozenset[int] = frozenset()
    #: what an open cell says beside the rule itself
    beside: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Drawn:
    """Rows by the index of the line where each begins, and the lines from first to end."""

    first: int
    end: int
    rows: list[tuple[int, list[Cell]]]


def drawn_tables(texts: Sequence[str]) -> Iterator[Drawn]:
    """Walk the drawn tables whose rows take several lines or whose cells span rows or columns."""
    start = 0
    while start < len(texts):
        end = start
        while end < len(texts) and _drawn(texts[end]):
            end += 1
        if end - start > _LEAST:
            rows = _Table(texts, start, end).rows()
            if rows:
                yield Drawn(start, end, rows)
        start = max(end, start + 1)


def is_rule(text: str) -> bool:
    """Say whether a line is the rule below a head, or between the rows of a drawn table."""
    return bool(_RULE.fullmatch(text) and _DOUBLE.search(text))


def _drawn(text: str) -> bool:
    bare = text.strip()
    if len(bare) > _LONGEST:
        return False
    if is_rule(bare) or _partial(bare):
        return bool(_PARTS.search(bare))
    return bool(bare) and bare[0] in STROKES and bare[-1] in STROKES and len(bare) > 2


def _partial(text: str) -> bool:
    """Say whether a rule leaves cells open, in which words may stand."""
    return text[:1] in tuple(STROKES + _JOINTS) and bool(_RULED_PART.search(text))


def _width(text: str, drawn: int) -> int:
    """Give the columns of the screen that a text takes; drawn signs take one or two."""
    return sum(
        drawn if "\u2500" <= sign <= "\u257f" else 2 if sign > "\u2e80" else 1 for sign in text
    )


def _pieces(text: str, drawn: int, parts: re.Pattern[str]) -> list[tuple[int, int, str]]:
    """Cut a framed line: (screen column of the sign before, of the one behind, text between)."""
    strokes: list[tuple[int, int, str]] = []
    marks = list(parts.finditer(text))
    for before, after in pairwise(marks):
        left = _width(text[: before.start()], drawn)
        strokes.append(
            (left, _width(text[: after.start()], drawn), text[before.end() : after.start()])
        )
    return strokes


class _Table:
    """One run of drawn lines."""

    def __init__(self, texts: Sequence[str], first: int, end: int) -> None:
        self.lines = {at: texts[at].rstrip() for at in range(first, end)}
        rows = [at for at in self.lines if not self._rule(at)]
        self.wide = max((len(_STROKE.findall(self.lines[at])) - 1 for at in rows), default=0)
        self.drawn = self._drawn_width()
        self.edges = self._edges() if self.wide <= _WIDEST else []
        self.bands = self._bands() if self.edges else []

    def _rule(self, at: int) -> bool:
        bare = self.lines[at].strip()
        return is_rule(bare) or _partial(bare)

    def _drawn_width(self) -> int:
        """Choose the width of drawn signs under which most lines end in the same column."""
        ends = {
            drawn: len({_width(text, drawn) for text in self.lines.values()}) for drawn in (1, 2)
        }
        return min(ends, key=lambda drawn: ends[drawn])

    def _edges(self) -> list[int]:
        """Give the screen columns of the strokes, by the first line that has all of them."""
        for text in self.lines.values():
            pieces = _pieces(text, self.drawn, _PARTS)
            if len(pieces) == self.wide:
                return [left for left, _, _ in pieces] + [pieces[-1][1]] if pieces else []
        return []

    def _column(self, at: int) -> int:
        return min(range(len(self.edges)), key=lambda edge: abs(self.edges[edge] - at))

    def _bands(self) -> list[_Band]:
        bands: list[_Band] = []
        band = _Band()
        for at in self.lines:
            if not self._rule(at):
                band.lines.append(at)
                continue
            if band.lines:
                bands.append(band)
            band = _Band()
            opened: set[int] = set()
            for left, right, text in _pieces(self.lines[at], self.drawn, _PARTS):
                if not re.search(f"[{_DASHES}]", text):
                    column = self._column(left)
                    opened.update(range(column, max(self._column(right), column + 1)))
                    band.beside[column] = text.strip()
            band.open = frozenset(opened)
        return [*bands, band] if band.lines else bands

    def rows(self) -> list[tuple[int, list[Cell]]]:
        """Give the rows; nothing where each line of the table is a row of its own."""
        told = any(len(band.lines) > 1 or band.open for band in self.bands)
        spans = any(len(self._cells(at)) != self.wide for band in self.bands for at in band.lines)
        if (
            not 1 < self.wide <= _WIDEST
            or not self.edges
            or len(self.bands) < _LEAST
            or not (told or spans)
        ):
            return []
        numbers = self._number_columns()
        line_rows: list[tuple[int, dict[int, str], frozenset[int]]] = []
        for band in self.bands:
            check()
            lines = [dict(self._cells(at)) for at in band.lines]
            if any(sum(bool(line.get(number)) for line in lines) > 1 for number in numbers):
                line_rows += self._each(band, lines, numbers)
                continue
            joined: dict[int, str] = dict(band.beside)
            for line in lines:
                for column, text in line.items():
                    joined[column] = self._joined(column, joined.get(column, ""), text)
            line_rows.append((band.lines[0], joined, band.open))
        return self._spread(line_rows)

    def _each(
        self, band: _Band, lines: Sequence[dict[int, str]], numbers: Sequence[int]
    ) -> Iterator[tuple[int, dict[int, str], frozenset[int]]]:
        """Walk the rows of a band whose rules stand only between groups: each has its number."""
        # A first column that is empty somewhere, or says points alone, names the whole band.
        names = [line.get(0, "") for line in lines]
        rest = [name for name in names[1:] if name and not _NUMBER.match(name)]
        grouped = 0 not in numbers and not rest and len(lines) > 1
        if grouped:
            whole = ""
            for name in names:
                whole = self._joined(0, whole, name)
            lines = [{**line, 0: "" if index else whole} for index, line in enumerate(lines)]
        at, row, opened = band.lines[0], dict(lines[0]), band.open
        for index, line in enumerate(lines[1:], 1):
            if any(line.get(number) for number in numbers):
                yield at, row, opened
                at, row = band.lines[index], dict(line)
                opened = frozenset((0,)) if grouped else frozenset()
                continue
            for column, text in line.items():
                row[column] = self._joined(column, row.get(column, ""), text)
        yield at, row, opened

    def _spread(
        self, line_rows: Sequence[tuple[int, dict[int, str], frozenset[int]]]
    ) -> list[tuple[int, list[Cell]]]:
        """Give an open cell the words of all its rows, and each row the cells of all columns."""
        whole: list[dict[int, str]] = [dict(cells) for _, cells, _ in line_rows]
        for index in range(len(line_rows) - 1, 0, -1):
            check()
            for column in line_rows[index][2] & whole[index].keys():
                above = whole[index - 1].get(column, "")
                whole[index - 1][column] = self._joined(column, above, whole[index][column])
        rows: list[tuple[int, list[Cell]]] = []
        for index, (at, cells, opened) in enumerate(line_rows):
            check()
            row: list[Cell] = []
            for column in range(self.wide):
                runs_on = bool(rows) and column in opened
                if runs_on:
                    whole[index][column] = whole[index - 1].get(column, "")
                elif column not in cells and row:
                    row.append(Cell(row[-1].text, column, False))  # a cell over several columns
                    continue
                row.append(Cell(whole[index].get(column, ""), column, not runs_on))
            rows.append((at, row))
        return rows

    def _cells(self, at: int) -> list[tuple[int, str]]:
        """Give the texts of a line by column; a cell over several columns stands in its first."""
        pieces = _pieces(self.lines[at], self.drawn, _STROKE)
        if len(pieces) == self.wide:
            return [(column, text.strip()) for column, (_, _, text) in enumerate(pieces)]
        return [(self._column(left), text.strip()) for left, _, text in pieces]

    def _number_columns(self) -> list[int]:
        """Give the columns that hold a number for each row: points, or the count of the rows."""
        texts_by_column: dict[int, list[str]] = {}
        for at in (at for band in self.bands[1:] for at in band.lines):
            for column, text in self._cells(at):
                texts_by_column.setdefault(column, []).append(text)
        full = {
            column: [text for text in texts if text] for column, texts in texts_by_column.items()
        }
        return [
            column
            for column, texts in full.items()
            if texts and sum(bool(_NUMBER.match(text)) for text in texts) >= 0.7 * len(texts)
        ]

    def _joined(self, column: int, above: str, below: str) -> str:
        """Join two lines of a cell: without a blank in Chinese, with a sign where one ended."""
        if not above or not below:
            return above or below
        if re.search(r"[A-Za-z,]$", above) and re.match(r"[A-Za-z]", below):
            return f"{above} {below}"
        inner = (
            self.edges[column + 1] - self.edges[column] - 1 if column + 1 < len(self.edges) else 0
        )
        ended = _width(above, self.drawn) + 2 * _SLACK < inner
        if ended and above.endswith("分") and re.match(r"[\u4e00-\u9fff\d]", below):
            return f"{above}；{below}"  # 每次扣2分 / 未整改的扣5分 are two sentences
        return f"{above}{below}"
