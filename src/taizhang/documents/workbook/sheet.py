"""A worksheet by its bytes: where rows and cells lie, what they hold, and cells put into them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from taizhang.core.base.issue import Marked, gettext_noop
from taizhang.documents.workbook.markup import (
    attribute_set,
    end_of,
    escaped,
    parse,
    parser,
    spliced,
    unescaped,
)
from taizhang.documents.workbook.package import damaged

NO_SHEET = Marked(gettext_noop("there is no worksheet"))
OUT_OF_PLACE = Marked(gettext_noop("a row or cell is out of its place"))
#: The last row and column of a worksheet (ECMA-376, since Excel 2007).
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})", re.ASCII)
_OPEN = re.compile(rb"<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")

Spot = tuple[int, int]  # row, column; both from 1


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, its edges included."""

    top: int
    left: int
    bottom: int
    right: int

    def __contains__(self, spot: Spot) -> bool:
        row, column = spot
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def __str__(self) -> str:
        first = cell_name((self.top, self.left))
        last = cell_name((self.bottom, self.right))
        return first if first == last else f"{first}:{last}"


class Cell(NamedTuple):
    """A cell by its bytes; what it holds is read when somebody asks."""

    start: int
    end: int
    inner: int  # where its content begins, ``end`` for none
    style: int
    type: str
    data: bytes  # of the whole sheet

    @property
    def content(self) -> bytes:
        """Give what stands between its tags."""
        return self.data[self.inner : self.end]

    @property
    def formula(self) -> str | None:
        """Give its formula, ``#0`` for one that it shares; ``None`` where it has none."""
        match = _FORMULA.search(self.data, self.inner, self.end)
        if match is None:
            return None
        shared = re.search(rb'\ssi\s*=\s*["\'](\d+)', match[1])
        return f"{'#' + shared[1].decode() + ' ' if shared else ''}{unescaped(match[2] or b'')}"

    @property
    def array(self) -> Area | None:
        """Give the cells over which its formula reaches, ``None`` for those of one cell."""
        match = _FORMULA.search(self.data, self.inner, self.end)
        if match is None or not re.search(rb'\st\s*=\s*["\'](?:array|dataTable)', match[1]):
            return None
        reach = re.search(rb'\sref\s*=\s*["\']([A-Z0-9:]+)', match[1])
        return area_read(reach[1].decode()) if reach else None

    @property
    def value(self) -> str:
        """Give what it holds as written: a shared text by its number."""
        if self.type == "inlineStr":
            texts = _TEXT.findall(_RUBY.sub(b"", self.content))
            return "".join(map(unescaped, texts))
        match = _VALUE.search(self.data, self.inner, self.end)
        return unescaped(match[1]) if match and match[1] else ""

    @property
    def cached(self) -> tuple[int, int] | None:
        """Give the span of what its formula last came to."""
        match = _VALUE.search(self.data, self.inner, self.end)
        return match.span() if match else None

    @property
    def blank(self) -> bool:
        """Say whether nothing stands in it."""
        return self.inner == self.end or (self.formula is None and not self.value)


_PREFIX = rb"(?:[\w.-]+:)?"
_FORMULA = re.compile(
    rb"<" + _PREFIX + rb"f((?:\s[^>]*?)?)(?:/>|>(.*?)</" + _PREFIX + rb"f\s*>)", re.DOTALL
)
_VALUE = re.compile(
    rb"<" + _PREFIX + rb"v(?:\s[^>]*?)?(?:/>|>(.*?)</" + _PREFIX + rb"v\s*>)", re.DOTALL
)
_TEXT = re.compile(
    rb"<" + _PREFIX + rb"t(?:\s[^>]*?)?(?<!/)>(.*?)</" + _PREFIX + rb"t\s*>", re.DOTALL
)
_RUBY = re.compile(rb"<" + _PREFIX + rb"rPh\b.*?</" + _PREFIX + rb"rPh\s*>", re.DOTALL)


@dataclass(slots=True)
class Row:
    """A row: where it lies, its style for cells that it does not write, its cells' columns."""

    start: int
    end: int = 0
    inner: int | None = None
    style: int = 0
    columns: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CellWrite:
    """What a cell shall hold: a number as digits, or a text."""

    text: str
    number: bool


class Sheet:
    """A worksheet: its bytes, its cells, merged cells, arrays, styles of columns."""

    def __init__(self, part: str, data: bytes) -> None:
        """Scan a worksheet.

        :raises Refused: WORKBOOK_009
        """
        self.part, self.data = part, data
        self.cells: dict[Spot, Cell] = {}
        self.rows: dict[int, Row] = {}
        self.merges: list[Area] = []
        self.formulas: list[Spot] = []
        self.columns: list[tuple[int, int, int]] = []  # first, last, style
        self.dimension: tuple[int, int, str] | None = None
        self.tables: list[str] = []  # ids of relations
        self.body: tuple[int, int, int | None] = (0, 0, None)  # sheetData
        self.prefix = ""
        self._arrays: list[Area] | None = None
        if not quick_scan(self):
            _Scan(self, data).run()

    @property
    def arrays(self) -> list[Area]:
        """Give the cells over which formulas of several cells reach."""
        if self._arrays is None:
            told = (self.cells[spot].array for spot in self.formulas)
            self._arrays = [area for area in told if area is not None]
        return self._arrays

    def style_at(self, spot: Spot) -> int:
        """Give the style of a cell, that of its row or column where it is not written."""
        cell = self.cells.get(spot)
        if cell is not None:
            return cell.style
        row = self.rows.get(spot[0])
        if row is not None and row.style:
            return row.style
        return next((s for first, last, s in self.columns if first <= spot[1] <= last), 0)

    def merged(self, spot: Spot) -> Area | None:
        """Give the merged cells in which a cell lies."""
        return next((area for area in self.merges if spot in area), None)

    def written(self, writes: Mapping[Spot, CellWrite]) -> bytes:
        """Give the sheet with cells filled; formulas lose what they last came to."""
        edits = [
            (*cell.cached, b"")
            for spot, cell in ((spot, self.cells[spot]) for spot in self.formulas)
            if cell.cached is not None and spot not in writes
        ]
        fresh: dict[int, list[int]] = {}
        for spot, write in writes.items():
            cell = self.cells.get(spot)
            if cell is None:
                fresh.setdefault(spot[0], []).append(spot[1])
            else:
                edits.append((cell.start, cell.end, self._cell(spot, write)))
        missing = {number: columns for number, columns in fresh.items() if number not in self.rows}
        for number in fresh.keys() & self.rows.keys():
            edits += self._grown(number, sorted(fresh[number]), writes)
        edits += self._new_rows(missing, writes)
        edits += self._wider(writes)
        return spliced(self.data, edits)

    def _cell(self, spot: Spot, write: CellWrite) -> bytes:
        name, style = cell_name(spot), self.style_at(spot)
        bears = f' s="{style}"' if style else ""
        p = self.prefix
        if write.number:
            return f'<{p}c r="{name}"{bears}><{p}v>{write.text}</{p}v></{p}c>'.encode()
        head = f'<{p}c r="{name}"{bears} t="inlineStr"><{p}is><{p}t xml:space="preserve">'
        return head.encode() + escaped(write.text) + f"</{p}t></{p}is></{p}c>".encode()

    def _grown(
        self, number: int, columns: list[int], writes: Mapping[Spot, CellWrite]
    ) -> list[tuple[int, int, bytes]]:
        """Put new cells into a row that is there."""
        row = self.rows[number]
        opening = _OPEN.match(self.data, row.start)
        if opening is None:
            raise damaged(self.part, OUT_OF_PLACE)
        tag = _spanned(opening[0], columns)
        edits = []
        if row.inner is None:  # <row …/>
            cells = b"".join(self._cell((number, c), writes[number, c]) for c in columns)
            opened = tag.removesuffix(b"/>").rstrip() + b">"
            closing = f"</{self.prefix}row>".encode()
            return [(row.start, row.end, opened + cells + closing)]
        if tag != opening[0]:
            edits.append((row.start, opening.end(), tag))
        places: dict[int, bytes] = {}
        for column in columns:
            at = bisect_left(row.columns, column)
            behind = at == len(row.columns)
            place = row.inner if behind else self.cells[number, row.columns[at]].start
            places[place] = places.get(place, b"") + self._cell(
                (number, column), writes[number, column]
            )
        return edits + [(place, place, content) for place, content in places.items()]

    def _new_rows(
        self, missing: Mapping[int, list[int]], writes: Mapping[Spot, CellWrite]
    ) -> list[tuple[int, int, bytes]]:
        """Write rows that the sheet does not have."""
        if not missing:
            return []
        start, end, inner = self.body
        numbers = sorted(self.rows)
        places: dict[int, bytes] = {}
        for number in sorted(missing):
            cells = [self._cell((number, c), writes[number, c]) for c in sorted(missing[number])]
            opening = f'<{self.prefix}row r="{number}">'.encode()
            content = opening + b"".join(cells) + f"</{self.prefix}row>".encode()
            at = bisect_left(numbers, number)
            place = inner if at == len(numbers) else self.rows[numbers[at]].start
            places[place or 0] = places.get(place or 0, b"") + content
        if inner is None:  # <sheetData/>
            tag = self.data[start:end].removesuffix(b"/>").rstrip() + b">"
            closing = f"</{self.prefix}sheetData>".encode()
            return [(start, end, tag + b"".join(places.values()) + closing)]
        return [(place, place, content) for place, content in places.items()]

    def _wider(self, writes: Mapping[Spot, CellWrite]) -> list[tuple[int, int, bytes]]:
        """Widen the dimension where cells are filled outside it."""
        if self.dimension is None:
            return []
        start, end, text = self.dimension
        area = area_read(text)
        if area is None or all(spot in area for spot in writes):
            return []
        rows, columns = [r for r, _ in writes], [c for _, c in writes]
        wider = Area(
            min(area.top, *rows), min(area.left, *columns),
            max(area.bottom, *rows), max(area.right, *columns),
        )  # fmt: skip
        return [(start, end, attribute_set(self.data[start:end], "ref", str(wider)))]


def _spanned(tag: bytes, columns: list[int]) -> bytes:
    """Widen the columns that a row says it spans."""
    spans = re.search(rb"\sspans\s*=\s*[\"'](\d+):(\d+)[\"']", tag)
    if spans is None:
        return tag
    first, last = int(spans[1]), int(spans[2])
    wider = (min(first, columns[0]), max(last, columns[-1]))
    return tag if wider == (first, last) else attribute_set(tag, "spans", "{}:{}".format(*wider))


class _Scan:
    """Walks a worksheet tag by tag, whatever it may hold."""

    def __init__(self, sheet: Sheet, data: bytes) -> None:
        self.sheet, self.data = sheet, data
        self.parser = parser(sheet.part, data)
        self.row = self.column = 0
        self.open_row: Row | None = None
        self.open: dict[str, str] | None = None  # attributes of the cell at work
        self.cell_start = self.body_start = self.cut = 0
        self.names: set[str] = set()

    def run(self) -> None:
        """Scan the whole part."""
        self.parser.StartElementHandler = self.root
        self.parser.EndElementHandler = self.end
        parse(self.sheet.part, self.data, self.parser)

    def root(self, name: str, _attributes: dict[str, str]) -> None:
        prefix, _, local = name.rpartition(":")
        if local != "worksheet":
            raise damaged(self.sheet.part, NO_SHEET)
        self.sheet.prefix = f"{prefix}:" if prefix else ""
        self.cut = len(self.sheet.prefix)
        self.names = {f"{self.sheet.prefix}{tag}" for tag in _TAGS}
        self.parser.StartElementHandler = self.start

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name not in self.names:
            return
        tag = name[self.cut :]
        if tag == "c":
            self._cell_begins(attributes)
        elif tag == "f":
            if self.open is not None:
                self.sheet.formulas.append((self.row, self.column))
        elif tag == "row":
            self._row_begins(attributes)
        else:
            self._other(tag, attributes)

    def _cell_begins(self, attributes: dict[str, str]) -> None:
        if self.open is not None or self.open_row is None:
            raise damaged(self.sheet.part, OUT_OF_PLACE)
        self.open = attributes
        self.cell_start = self.parser.CurrentByteIndex
        spot = spot_read(attributes["r"]) if "r" in attributes else (self.row, self.column + 1)
        if spot is None or spot[0] != self.row or spot[1] <= self.column:
            raise damaged(self.sheet.part, OUT_OF_PLACE)
        self.column = spot[1]

    def _row_begins(self, attributes: dict[str, str]) -> None:
        number = _whole(attributes.get("r"), self.row + 1)
        if self.open_row is not None or not self.row < number <= LAST_ROW:
            raise damaged(self.sheet.part, OUT_OF_PLACE)
        self.row, self.column = number, 0
        self.open_row = self.sheet.rows[number] = Row(self.parser.CurrentByteIndex)
        if attributes.get("customFormat") in ("1", "true"):
            self.open_row.style = _whole(attributes.get("s"))

    def _other(self, tag: str, attributes: dict[str, str]) -> None:
        sheet, at = self.sheet, self.parser.CurrentByteIndex
        if tag == "sheetData":
            self.body_start = at
        elif tag == "mergeCell":
            area = area_read(attributes.get("ref", ""))
            if area is not None:
                sheet.merges.append(area)
        elif tag == "col":
            first, last = _whole(attributes.get("min")), _whole(attributes.get("max"))
            sheet.columns.append((first, last, _whole(attributes.get("style"))))
        elif tag == "tablePart":
            sheet.tables += [value for key, value in attributes.items() if key.endswith(":id")]
        elif tag == "dimension":
            sheet.dimension = (at, 0, attributes.get("ref", ""))

    def end(self, name: str) -> None:
        if name not in self.names:
            return
        tag = name[self.cut :]
        at = self.parser.CurrentByteIndex
        if tag == "c":
            self._cell_ends(name, at)
        elif tag == "row" and self.open_row is not None:
            self.open_row.end, self.open_row.inner = end_of(self.data, name, at)
            self.open_row = None
        elif tag == "sheetData":
            self.sheet.body = (self.body_start, *end_of(self.data, name, at))
        elif tag == "dimension" and self.sheet.dimension is not None:
            start, _, ref = self.sheet.dimension
            self.sheet.dimension = (start, end_of(self.data, name, at)[0], ref)

    def _cell_ends(self, name: str, at: int) -> None:
        attributes = self.open or {}
        end, closing = end_of(self.data, name, at)
        opening = _OPEN.match(self.data, self.cell_start)
        inner = opening.end() if opening is not None and closing is not None else end
        self.sheet.cells[self.row, self.column] = Cell(
            self.cell_start,
            end,
            inner,
            _whole(attributes.get("s")),
            attributes.get("t", "n"),
            self.data,
        )
        if self.open_row is not None:
            self.open_row.columns.append(self.column)
        self.open = None


_TAGS = ("c", "f", "row", "sheetData", "mergeCell", "col", "tablePart", "dimension")


#: A sheet as nearly every program writes it: rows and cells with their places, nothing else.
_BODY = re.compile(rb"<sheetData>(.*)</sheetData>", re.DOTALL)
_ROW = re.compile(rb' ?r="(\d{1,7})"')
_STYLE, _TYPE = re.compile(rb' s="(\d{1,9})"'), re.compile(rb' t="(\w+)"')


def quick_scan(sheet: Sheet) -> bool:
    """Scan a sheet that is written as nearly all are, some ten times as fast as tag by tag.

    Gives ``False``, with nothing scanned, for one that is not: it is walked tag by tag then.
    """
    data = sheet.data
    body = _BODY.search(data)
    plain = body is not None and not any(mark in data for mark in (b"<!", b"'", b"mc:Alt"))
    if body is None or not plain or data.count(b"<?") > 1:
        return False
    rows: dict[int, Row] = {}
    cells: dict[Spot, Cell] = {}
    formulas: list[Spot] = []
    first, *pieces = body[1].split(b"<row")
    at, last = body.start(1) + len(first), 0
    for piece in pieces:
        told = _ROW.match(piece)
        if told is None or not last < int(told[1]) <= LAST_ROW:
            return False
        last = int(told[1])
        rows[last] = row = Row(at, at + 4 + len(piece))
        if not _quick_row(piece, told[1], data, row, cells, formulas):
            return False
        at = row.end
    if first or (pieces and at != body.end(1)):
        return False
    parse(sheet.part, data, parser(sheet.part, data))  # well-formed, and no document type
    around = data[: body.start()] + b"<sheetData/>" + data[body.end() :]
    _Scan(sheet, around).run()
    sheet.rows, sheet.cells, sheet.formulas = rows, cells, formulas
    sheet.body = (body.start(), body.end(), body.end(1))
    return True


def _quick_row(
    piece: bytes,
    number: bytes,
    data: bytes,
    row: Row,
    cells: dict[Spot, Cell],
    formulas: list[Spot],
) -> bool:
    """Scan what stands behind ``<row``; ``False`` where it is not written as nearly all are."""
    opening, *parts = piece.split(b"<c ")
    attributes, closing, rest = opening.partition(b">")
    at, number_of_row = row.start + 4 + len(opening), int(number)
    if b' customFormat="1"' in attributes and (style := _STYLE.search(attributes)):
        row.style = int(style[1])
    if attributes.endswith(b"/"):
        return not rest and not parts
    if not piece.endswith(b"</row>") or rest not in (b"", b"</row>") or not closing:
        return False
    row.inner = row.end - 6
    if parts:
        parts[-1] = parts[-1][:-6]
    last = 0
    for part in parts:
        quote = part.find(b'"', 3)
        name = part[3:quote]
        bears, _, inside = part[quote + 1 :].partition(b">")
        end = at + 3 + len(part)
        if bears.endswith(b"/"):
            inner, bears = end, bears[:-1]
            whole = not inside
        else:
            inner = end - len(inside)
            whole = inside.find(b"</c>") == len(inside) - 4
        column = column_number(name[: -len(number)].decode("ascii", "replace"))
        if not (whole and part.startswith(b'r="') and name.endswith(number) and last < column):
            return False
        style_number, kind = _bearing(bears)
        cells[number_of_row, column] = Cell(at, end, inner, style_number, kind, data)
        if b"<f" in inside:
            formulas.append((number_of_row, column))
        row.columns.append(column)
        last, at = column, end
    return last <= LAST_COLUMN


@lru_cache(1_000)
def _bearing(attributes: bytes) -> tuple[int, str]:
    """Read style and type of a cell."""
    style, kind = _STYLE.search(attributes), _TYPE.search(attributes)
    return int(style[1]) if style else 0, kind[1].decode() if kind else "n"


def _whole(text: str | None, default: int = 0) -> int:
    """Read a number of a row, column or style; nothing of use is the default."""
    usable = text is not None and text.isascii() and text.isdecimal() and len(text) < 10
    return int(text) if usable and text else default


@lru_cache(1_000)
def column_number(letters: str) -> int:
    """Give the number of a column: A is 1, AA is 27; 0 for what is none."""
    number = 0
    if not letters or len(letters) > 3 or not (letters.isascii() and letters.isalpha()):
        return 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Give the letters of a column."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def spot_read(text: str) -> Spot | None:
    """Read ``B5``; ``None`` for what is no cell of a worksheet."""
    match = _CELL.fullmatch(text)
    if match is None:
        return None
    row, column = int(match[2]), column_number(match[1])
    return (row, column) if row <= LAST_ROW and column <= LAST_COLUMN else None


def cell_name(spot: Spot) -> str:
    """Write a cell as people do: ``B5``."""
    return f"{column_letters(spot[1])}{spot[0]}"


def area_read(text: str) -> Area | None:
    """Read ``A1:B2`` or ``A1``."""
    first, _, last = text.partition(":")
    start, stop = spot_read(first), spot_read(last or first)
    return None if start is None or stop is None else Area(*start, *stop)
