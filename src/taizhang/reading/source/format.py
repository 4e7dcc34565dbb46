"""Documents, workbooks, pages and PDF files → raw lines; runs inside the guard's child process."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from taizhang.core.base.issue import Refused
from taizhang.reading.base.code import ReadingCode
from taizhang.reading.base.line import Cell
from taizhang.reading.source.docx_number import Numbering
from taizhang.reading.source.encoding import decode
from taizhang.reading.source.source_line import MEGABYTE, Raw, refuse, table_row

#: what a packed file may unpack to; a text of a million characters has some 20 MB as XML
LARGEST_UNPACKED = 60 * MEGABYTE
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ENTITY = re.compile(rb"<!ENTITY|<!DOCTYPE[^>]*\[", re.IGNORECASE)
#: the most cells of a workbook that are read
MOST_ROWS, MOST_COLUMNS = 20_000, 60
_PARSER = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


def format_read(kind: str, data: bytes) -> list[Raw]:
    """Read one file of a known format.

    :raises Refused: READING_003 to READING_005; everything else that a library says is READING_004
    """
    read = {"docx": _docx, "xlsx": _xlsx, "html": _html, "pdf": _pdf}[kind]
    try:
        return list(read(data))
    except (Refused, MemoryError):
        raise
    except Exception as error:
        # Each library has its own errors for damage; the reader only needs to know that it is so.
        why = f"{type(error).__name__}: {error}"[:200]
        raise refuse(ReadingCode.READING_004, "", why=why) from error


def _unpack(data: bytes) -> zipfile.ZipFile:
    """Open a packed file whose parts together stay below the limit."""
    packed = zipfile.ZipFile(io.BytesIO(data))
    if sum(entry.file_size for entry in packed.infolist()) > LARGEST_UNPACKED:
        limit = LARGEST_UNPACKED // MEGABYTE
        raise refuse(ReadingCode.READING_003, "", limit=limit)
    for entry in packed.infolist():
        if entry.filename.endswith((".xml", ".rels")):
            with packed.open(entry) as part:
                # A declaration stands before the first element.
                if _ENTITY.search(part.read(4096)):
                    raise refuse(ReadingCode.READING_005, "")
    return packed


def _xml(data: bytes) -> etree._Element:
    return etree.fromstring(data, etree.XMLParser(**_PARSER))


def _docx(data: bytes) -> Iterator[Raw]:
    packed = _unpack(data)
    names = set(packed.namelist())
    if "word/document.xml" not in names:
        raise refuse(ReadingCode.READING_004, "", why="word/document.xml")
    numbering = Numbering(
        _xml(packed.read("word/numbering.xml")) if "word/numbering.xml" in names else None,
        _xml(packed.read("word/styles.xml")) if "word/styles.xml" in names else None,
    )
    body = _xml(packed.read("word/document.xml")).find(f"{_W}body")
    if body is None:
        raise refuse(ReadingCode.READING_004, "", why="w:body")
    yield from _blocks(body, numbering, [0])


def _blocks(parent: etree._Element, numbering: Numbering, tables: list[int]) -> Iterator[Raw]:
    for element in parent:
        if element.tag == f"{_W}p":
            label = numbering.label(element)
            for text in _paragraph(element).split("\n"):
                yield Raw(label + text)
                label = ""
        elif element.tag == f"{_W}tbl":
            tables[0] += 1
            yield from _word_table(element, numbering, tables[0])
        elif element.tag in (f"{_W}sdt", f"{_W}sdtContent"):
            yield from _blocks(element, numbering, tables)


def _paragraph(element: etree._Element) -> str:
    """Give the text of a paragraph: insertions count, deletions and field codes do not."""
    parts: list[str] = []
    for part in element.iter():
        if part.tag == f"{_W}t":
            parts.append(part.text or "")
        elif part.tag == f"{_W}tab":
            if part.getparent().tag == f"{_W}r":
                parts.append("\t")
        elif part.tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
    return "".join(parts)


def _word_table(table: etree._Element, numbering: Numbering, number: int) -> Iterator[Raw]:
    above: dict[int, str] = {}
    for row in table.findall(f"{_W}tr"):
        cells: list[Cell] = []
        column = 0
        for cell in row.findall(f"{_W}tc"):
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            wide = min(int(span.get(f"{_W}val", "1")), MOST_COLUMNS) if span is not None else 1
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = merge is not None and merge.get(f"{_W}val", "continue") == "continue"
            text = above.get(column, "") if goes_on else _cell_text(cell, numbering)
            above[column] = text
            for offset in range(wide):
                cells.append(Cell(text, column + offset, not goes_on and offset == 0))
            column += wide
        yield table_row(cells, number)


def _cell_text(cell: etree._Element, numbering: Numbering) -> str:
    paragraphs = cell.iter(f"{_W}p")
    texts = (numbering.label(paragraph) + _paragraph(paragraph) for paragraph in paragraphs)
    return "\n".join(text for text in texts if text.strip())


def _xlsx(data: bytes) -> Iterator[Raw]:
    import openpyxl

    _unpack(data).close()
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    for number, sheet in enumerate(book.worksheets, 1):
        merged: dict[tuple[int, int], tuple[int, int]] = {}
        for area in sheet.merged_cells.ranges:
            for row in range(area.min_row, min(area.max_row, MOST_ROWS) + 1):
                for column in range(area.min_col, min(area.max_col, MOST_COLUMNS) + 1):
                    merged[row, column] = (area.min_row, area.min_col)
        yield from _sheet(sheet, merged, number)


def _sheet(
    sheet: Any, merged: dict[tuple[int, int], tuple[int, int]], number: int
) -> Iterator[Raw]:
    texts: dict[tuple[int, int], str] = {}
    most_rows = min(sheet.max_row, MOST_ROWS)
    most_columns = min(sheet.max_column, MOST_COLUMNS)
    rows = sheet.iter_rows(max_row=most_rows, max_col=most_columns)
    for row, values in enumerate(rows, 1):
        cells: list[Cell] = []
        for column, cell in enumerate(values, 1):
            origin = merged.get((row, column), (row, column))
            first = origin == (row, column)
            text = _plain(cell.value, cell.number_format) if first else texts.get(origin, "")
            if first:
                texts[row, column] = text
            cells.append(Cell(text, column - 1, first))
        filled = [cell for cell in cells if cell.text]
        if len(filled) == 1 or len({cell.text for cell in filled}) == 1:
            yield Raw(filled[0].text if filled[0].first else "")
        elif filled:
            yield table_row(
                [cell for cell in cells if cell.text or cell.column < filled[-1].column], number
            )


def _plain(value: object, form: str) -> str:
    """Write a value of a workbook as its reader saw it: 0.95 under 0% is 95%."""
    if value is None:
        return ""
    if isinstance(value, float | int) and not isinstance(value, bool):
        number = round(float(value) * (100 if "%" in form else 1), 6)
        text = str(int(number)) if number == int(number) else str(number)
        return text + ("%" if "%" in form else "")
    if hasattr(value, "strftime"):
        return str(value)[:10]
    return str(value)


_BLOCK_TAGS = frozenset(
    "p div li h1 h2 h3 h4 h5 h6 tr br section article header footer dd dt "
    "blockquote pre title center".split()
)
_SILENT = frozenset("script style nav noscript template head iframe form button select".split())


def _html(data: bytes) -> Iterator[Raw]:
    if re.search(rb"<!ENTITY", data[:20_000], re.IGNORECASE):
        raise refuse(ReadingCode.READING_005, "")
    declared = re.search(rb"charset\s*=\s*[\"']?\s*([\w-]+)", data[:4096], re.IGNORECASE)
    text = ""
    if declared and declared[1].lower() in (b"gb2312", b"gbk", b"gb18030"):
        text = data.decode("gb18030", errors="replace")
    if not text or text.count("\ufffd") > len(text) / 100:
        text = decode(data, "")
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    root = etree.fromstring(text, etree.HTMLParser(no_network=True, huge_tree=False))
    if root is None:
        raise refuse(ReadingCode.READING_007, "")
    body = root.find("body")
    yield from _Page().read(root if body is None else body)


class _Page:
    """Walks a page without recursion: its depth is not ours to bound."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.lines: list[Raw] = []
        self.tables = 0

    def read(self, body: etree._Element) -> list[Raw]:
        """Give the lines of the page."""
        skipped: etree._Element | None = None
        for event, element in etree.iterwalk(body, events=("start", "end")):
            tag = element.tag if isinstance(element.tag, str) else ""
            if skipped is not None:
                if event == "end" and element is skipped:
                    skipped = None
                    self.parts.append(element.tail or "")
                continue
            if event == "start" and (tag in _SILENT or not tag):
                skipped = element
            elif event == "start" and tag == "table" and _is_grid(element):
                self.flush()
                self.tables += 1
                self.lines += _page_table(element, self.tables)
                skipped = element
            elif event == "start":
                if tag in _BLOCK_TAGS:
                    self.flush()
                self.parts.append(element.text or "")
            else:
                if tag in _BLOCK_TAGS:
                    self.flush()
                self.parts.append(element.tail or "")
        self.flush()
        return self.lines

    def flush(self) -> None:
        """End a line."""
        text = re.sub(r"[ \t\r\n]+", " ", "".join(self.parts)).strip(" ")
        self.parts.clear()
        if text:
            self.lines.append(Raw(text))


def _is_grid(table: etree._Element) -> bool:
    """Tell a table of data from one that lays out the page: rows of several short cells."""
    if table.find(".//table") is not None:
        return False
    rows = [sum(1 for _one in row.iter("td", "th")) for row in table.iter("tr")]
    return len(rows) > 1 and max(rows, default=0) > 1


def _page_table(table: etree._Element, number: int) -> Iterator[Raw]:
    """Lay the cells of a page's table into its grid, with what spans rows and columns."""
    held: dict[int, tuple[int, str]] = {}  # column → rows still to cover, text
    for row in table.iter("tr"):
        cells: list[Cell] = []
        column = 0
        for cell in row.iter("td", "th"):
            column = _held(held, cells, column)
            text = " ".join("".join(cell.itertext()).split())
            wide = _span(cell.get("colspan"))
            high = _span(cell.get("rowspan"))
            for offset in range(wide):
                cells.append(Cell(text, column + offset, offset == 0))
                if high > 1:
                    held[column + offset] = (high - 1, text)
            column += wide
        _held(held, cells, column)
        yield table_row(cells, number)


def _held(held: dict[int, tuple[int, str]], cells: list[Cell], column: int) -> int:
    while column in held:
        rows, text = held.pop(column)
        cells.append(Cell(text, column, False))
        if rows > 1:
            held[column] = (rows - 1, text)
            # It is looked at again on the next row, not on this one.
        column += 1
        if column - 1 in held and column > MOST_COLUMNS:
            break
    return column


def _span(value: str | None) -> int:
    return min(int(value), MOST_COLUMNS) if value and value.strip().isdigit() and int(value) else 1


def _pdf(data: bytes) -> Iterator[Raw]:
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    for page in PdfReader(io.BytesIO(data)).pages:
        for text in page.extract_text().split("\n"):
            yield Raw(text)
        yield Raw("")
