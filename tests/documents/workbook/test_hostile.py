"""Workbooks made to harm: they are refused in words, whatever their bytes say."""

import io
import random
import zipfile
from contextlib import suppress
from datetime import date
from typing import Any

import pytest

from taizhang.core.base.enclosure import EnclosureLimits
from taizhang.core.base.issue import Level, Refused
from taizhang.documents.workbook import enclosure, package
from taizhang.documents.workbook.fill import FilledWorkbook, fill
from taizhang.documents.workbook.mapping import mapping_read
from taizhang.documents.workbook.package import Package
from taizhang.documents.workbook.propose import FigureChoice, propose
from tests.documents.workbook import templates
from tests.documents.workbook.test_fill import answer


def changed(part: str, content: bytes, data: bytes | None = None) -> bytes:
    """Give a template with one part written anew."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data or templates.plain())) as read,
        zipfile.ZipFile(out, "w", 8) as write,
    ):
        for name in read.namelist():
            write.writestr(name, content if name == part else read.read(name))
    return out.getvalue()


def refused(data: bytes) -> list[str]:
    mapping, _ = mapping_read("sheets: {表1: {B3: {person: x}}}".encode(), "m.yaml")
    book = fill(data, "t.xlsx", mapping, [answer("B3", date(2026, 1, 1))], "m.yaml")
    return [issue.code.name for issue in book.issues if issue.level is Level.ERROR]


SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


@pytest.mark.parametrize(
    "content",
    [
        f'<!DOCTYPE w [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><worksheet {MAIN}>&b;</worksheet>',
        f"<worksheet {MAIN}><sheetData><row r='2'/><row r='1'/></sheetData></worksheet>",
        f"<worksheet {MAIN}><sheetData><row><c><c/></c></row></sheetData></worksheet>",
        f"<worksheet {MAIN}><sheetData><c r='A1'/></sheetData></worksheet>",
        f"<worksheet {MAIN}><sheetData><row r='5'><c r='A6'/></row></sheetData></worksheet>",
        f"<worksheet {MAIN}><sheetData><row r='99999999'/></sheetData></worksheet>",
        "<html/>",
        "",
        '<?xml version="1.0" encoding="GBK"?><worksheet/>',
    ],
)
def test_a_sheet_that_is_none_is_refused(content: str) -> None:
    assert refused(changed(SHEET, content.encode())) == ["WORKBOOK_009"]


def test_a_part_is_never_unpacked_further_than_it_says(monkeypatch: Any) -> None:
    monkeypatch.setattr(package, "MOST_PART", 10_000)
    assert refused(changed(SHEET, b" " * 20_000)) == ["WORKBOOK_008"]
    data = bytearray(changed(SHEET, b" " * 9_000))
    at = data.index(SHEET.encode(), data.index(b"PK\x01\x02")) - 46
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    assert refused(bytes(data)) == ["WORKBOOK_009"]


def test_the_sum_of_the_parts_has_a_limit(monkeypatch: Any) -> None:
    monkeypatch.setattr(package, "MOST_PARTS", 5_000)
    assert refused(templates.plain()) == ["WORKBOOK_008"]


@pytest.mark.parametrize("seed", range(40))
def test_a_book_with_broken_bytes_is_filled_or_refused(seed: int) -> None:
    """Whatever byte is broken, nothing but an issue comes out."""
    draw = random.Random(seed)  # noqa: S311
    data = bytearray(templates.plain())
    for _ in range(draw.choice((1, 5, 40))):
        data[draw.randrange(len(data))] = draw.randrange(256)
    cut = bytes(data[: draw.randrange(len(data))] if draw.random() < 0.3 else data)
    mapping, _ = mapping_read("sheets: {表1: {B2: {person: x}}}".encode(), "m.yaml")
    book = fill(cut, "t.xlsx", mapping, [answer("B2", "词")], "m.yaml")
    assert bool(book.data) != any(issue.level is Level.ERROR for issue in book.issues)
    with suppress(Refused):
        propose(cut, "t.xlsx", [FigureChoice("p.lectures", "健康知识讲座", "次")], [])


def test_what_takes_too_long_is_stopped(monkeypatch: Any) -> None:
    rows = "".join(f"<row r='{at}'><c r='A{at}'><v>1</v></c></row>" for at in range(1, 200_001))
    data = changed(SHEET, f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>".encode())
    limits = EnclosureLimits(part=0, whole=1, wall=60, memory=60)
    monkeypatch.setattr(enclosure, "LIMITS", limits)
    mapping, _ = mapping_read("sheets: {表1: {B2: {person: x}}}".encode(), "m.yaml")
    book: FilledWorkbook = enclosure.workbook_filled(data, "t.xlsx", mapping, [], "m.yaml")
    assert [issue.code.name for issue in book.issues] == ["WORKBOOK_022"]


def test_untouched_entries_are_copied_with_their_bytes() -> None:
    for name in templates.NAMES:
        data = templates.template(name)
        kept = Package(data).rewritten({})
        old, new = zipfile.ZipFile(io.BytesIO(data)), zipfile.ZipFile(io.BytesIO(kept))
        assert new.testzip() is None
        assert [old.read(part) for part in old.namelist()] == [
            new.read(part) for part in new.namelist()
        ]
