"""Bytes of a file → raw lines, whatever the encoding or format; every limit is a clear Issue.

Formats with a parser of their own (docx, xlsx, html, pdf) are read in a child process with a clock
and a memory limit (:mod:`taizhang.reading.source.sandbox`), so that no hostile file can hold the
caller.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from taizhang.reading.base.code import ReadingCode
from taizhang.reading.base.line import Cell
from taizhang.reading.source.encoding import decode
from taizhang.reading.source.sandbox import guarded_read
from taizhang.reading.source.source_line import MEGABYTE, Raw, refuse, table_row
from taizhang.reading.table.cell_table import cell_tables
from taizhang.reading.table.stroke_table import STROKES, drawn_tables, is_rule
from taizhang.reading.table.wiki_table import wiki_tables

#: The largest file, the longest line.
LARGEST_FILE = 20 * MEGABYTE
LONGEST_LINE = 400_000
#: the longest stretch without any punctuation or blank: longer ones are no prose
LONGEST_RUN = 2000

_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Source:
    """A file as raw lines; the first has number 1.

    ``wrapped``: lines end at the page's edge; ``marked``: the format marks paragraphs.
    """

    name: str
    lines: tuple[Raw, ...]
    wrapped: bool = False
    marked: bool = False


def source_read(data: bytes, name: str) -> Source:
    """Read the bytes of one file into raw lines.

    :param name: what messages call the file; its ending is only a hint, content decides
    :raises Refused: READING_001 … READING_009
    """
    if len(data) > LARGEST_FILE:
        size = f"{len(data) / MEGABYTE:.0f}"
        raise refuse(ReadingCode.READING_001, name, size=size, limit=LARGEST_FILE // MEGABYTE)
    kind = format_of(data, name)
    if kind == "text":
        lines: Iterable[Raw] = _tabled(_BREAK.split(decode(data, name)))
        wrapped = False
    elif kind == "old":
        raise refuse(ReadingCode.READING_009, name)
    else:
        lines = guarded_read(kind, data, name)
        if kind == "pdf":
            lines = _tabled([line.text for line in lines])
        wrapped = kind == "pdf"
    source = Source(name, tuple(lines), wrapped, kind in ("docx", "xlsx", "html"))
    _check_lines(source)
    return source


_RUN = re.compile(rf"[^\s,.;:!?，。、；：！？（）()《》“”|]{{{LONGEST_RUN}}}")
_LONGEST_HEAD = 12


def _tabled(texts: list[str]) -> list[Raw]:
    """Take runs of lines with the same number of tabs, or of upright strokes, as tables."""
    raws = [Raw(text) for text in texts]
    table = 0
    taken: set[int] = set()
    for first, end, rows in wiki_tables(texts):
        table += 1
        taken.update(range(first, end))
        raws[first:end] = [Raw("")] * (end - first)
        for index, cells in rows:
            text = "\t".join(cell.text for cell in cells if cell.first)
            raws[index] = Raw(text, tuple(cells), table)
    for drawn in drawn_tables(texts):
        if taken.isdisjoint(range(drawn.first, drawn.end)):
            table += 1
            taken.update(range(drawn.first, drawn.end))
            raws[drawn.first : drawn.end] = [Raw("")] * (drawn.end - drawn.first)
            for index, cells in drawn.rows:
                raws[index] = table_row(cells, table)
    for sign in f"\t{STROKES}":
        start = 0
        while start < len(texts):
            if start in taken:
                start += 1
                continue
            count = texts[start].strip(" ").count(sign)
            end = start + 1
            while (
                end < len(texts)
                and count
                and end not in taken
                and _belongs(texts[end], sign, count)
            ):
                end += 1
            if end - start >= (2 if sign != "\t" or count > 1 else 3):
                table += 1
                for index in range(start, end):
                    raws[index] = _row(texts[index], sign, table, texts[start].strip(" "))
            start = end
    for cell_table in cell_tables(texts):
        table += 1
        raws[cell_table.first : cell_table.end] = [Raw("")] * (cell_table.end - cell_table.first)
        for index, cells in cell_table.rows:
            raws[index] = Raw("\t".join(cell.text for cell in cells), tuple(cells), table)
    for first, listed in _comma_tables(texts):
        table += 1
        for index, parts in enumerate(listed, first):
            own = tuple(Cell(part.strip(), column) for column, part in enumerate(parts))
            raws[index] = Raw("\t".join(cell.text for cell in own), own, table)
    return raws


def _comma_tables(texts: Sequence[str]) -> Iterator[tuple[int, list[list[str]]]]:
    """Walk tables whose cells commas part: a head of short words, rows of as many cells."""
    start = 0
    while start < len(texts):
        head = texts[start].split(",")
        rows = [head]
        if len(head) > 2 and all(0 < len(text.strip()) <= _LONGEST_HEAD for text in head):
            for text in texts[start + 1 :]:
                parts = next(csv.reader([text])) if text.count(",") >= len(head) - 1 else []
                if len(parts) != len(head):
                    break
                rows.append(parts)
        if len(rows) > 2:
            yield start, rows
        start += len(rows)


def _belongs(text: str, sign: str, count: int) -> bool:
    return text.strip(" ").count(sign) == count or (sign != "\t" and is_rule(text))


def _row(text: str, sign: str, table: int, head: str) -> Raw:
    """Cut a row; a sign at its ends parts nothing where the head has it there as well."""
    if sign != "\t" and is_rule(text):
        return Raw("")
    parts = text
    if sign == "|":
        parts = text.strip(" ").removeprefix("{{").removesuffix("}}").strip(" ")
        head = head.removeprefix("{{").removesuffix("}}").strip(" ")
        parts = _unframed(parts, sign, head)
        if parts and parts.count("|") == 2 * parts.count("||"):
            sign = "||"  # every stroke is doubled: they part the cells, and none is empty
    elif sign != "\t":
        parts = _unframed(text.strip(" "), sign, head)
    cells = tuple(Cell(text.strip(), column) for column, text in enumerate(parts.split(sign)))
    return Raw(text, cells, table)


def _unframed(text: str, sign: str, head: str) -> str:
    if head.startswith(sign):
        text = text.lstrip(sign) if head.startswith(sign * 2) else text.removeprefix(sign)
    if head.endswith(sign):
        text = text.rstrip(sign) if head.endswith(sign * 2) else text.removesuffix(sign)
    return text


def _check_lines(source: Source) -> None:
    if not any(line.text.strip() for line in source.lines):
        raise refuse(ReadingCode.READING_007, source.name)
    for number, line in enumerate(source.lines, 1):
        if len(line.text) > LONGEST_LINE:
            raise refuse(ReadingCode.READING_008, source.name, number, limit=LONGEST_LINE)
        if len(line.text) > LONGEST_RUN and _RUN.search(line.text):
            raise refuse(ReadingCode.READING_010, source.name, number, limit=LONGEST_RUN)


def format_of(data: bytes, name: str) -> str:
    """Say which format the content has: docx, xlsx, html, pdf, old (OLE) or text."""
    head = data[:1024]
    if head.startswith(b"PK\x03\x04"):
        return "xlsx" if b"xl/" in data[-65536:] and b"word/" not in data[-65536:] else "docx"
    if head.startswith(b"%PDF-") or b"%PDF-" in head[:64]:
        return "pdf"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "old"
    lowered = head.lower().replace(b"\x00", b"")
    if re.search(rb"<!doctype html|<html|<body|<table|<p[ >]", lowered):
        return "html"
    if lowered.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").startswith(b"<?xml"):
        return "html"
    return "html" if name.lower().endswith((".html", ".htm")) and b"<" in head else "text"
