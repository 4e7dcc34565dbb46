"""Bytes become lines whatever the encoding and format; every hostile file ends in a clear issue."""

import io
import random
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest

from taizhang.core.base.issue import Refused
from taizhang.reading.base import deadline
from taizhang.reading.base.code import ReadingCode
from taizhang.reading.read import read
from taizhang.reading.source.source import LARGEST_FILE, LONGEST_LINE, source_read
from taizhang.reading.text.cleaning import source_clean

TEXT = "社区2024年健康教育工作总结\n全年举办讲座12场，发放资料600余份，居民知晓率达到95%。\n"
TRADITIONAL = "社區2013年工作總結\n舉辦講座12場，發放資料600餘份，居民知曉率達到95%。\n"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def code_of(data: bytes, name: str = "a.txt") -> str:
    with pytest.raises(Refused) as refused:
        source_read(data, name)
    (issue,) = refused.value.issues
    return issue.code.name


def texts(data: bytes, name: str) -> list[str]:
    return [line.text for line in source_clean(source_read(data, name)) if line.text]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_a_text_is_read_in_its_encoding(encoding: str) -> None:
    assert "\n".join(texts(TEXT.encode(encoding), "a.txt")) == TEXT.strip()


@pytest.mark.parametrize("encoding", ["big5", "gb18030", "utf-8"])
def test_a_traditional_text_becomes_simplified(encoding: str) -> None:
    assert "举办讲座12场，发放资料600余份" in texts(TRADITIONAL.encode(encoding), "a.txt")[1]


def test_a_few_broken_bytes_are_damage_not_another_encoding() -> None:
    data = (TEXT * 40).encode("gb18030")
    assert texts(data[:300] + b"\xff" + data[301:], "a.txt")[-1] == TEXT.split("\n")[1]


def word_file() -> bytes:
    document = docx.Document()
    document.add_paragraph("社区工作总结")
    document.add_paragraph("一、主要工作")
    table = document.add_table(rows=3, cols=3)
    for column, text in enumerate(("项目", "内容", "场次（场）")):
        table.cell(0, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0)).text = "宣传"
    for row, (name, count) in enumerate((("讲座", "12"), ("咨询", "9")), 1):
        table.cell(row, 1).text, table.cell(row, 2).text = name, count
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_a_word_file_gives_paragraphs_and_tables_with_merged_cells() -> None:
    lines = source_clean(source_read(word_file(), "a.docx"))
    rows = [line for line in lines if line.cells]
    assert [line.text for line in lines if line.text][:2] == ["社区工作总结", "一、主要工作"]
    assert [cell.text for cell in rows[2].cells] == ["宣传", "咨询", "9"]
    assert [cell.first for cell in rows[2].cells] == [False, True, True]


def test_labels_that_the_word_processor_counts_are_written_out() -> None:
    document = docx.Document()
    for text in ("第一件事", "第二件事"):
        document.add_paragraph(text, style="List Number")
    stream = io.BytesIO()
    document.save(stream)
    assert texts(stream.getvalue(), "a.docx") == ["1.第一件事", "2.第二件事"]


def test_a_workbook_gives_rows_and_shows_shares_as_their_reader_saw_them() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["各村情况表"])
    sheet.merge_cells("A1:C1")
    sheet.append(["村名", "走访（户次）", "办结率"])
    sheet.append(["东坪村", 4210, 0.992])
    sheet["C3"].number_format = "0.0%"
    stream = io.BytesIO()
    book.save(stream)
    (reading,) = read([("a.xlsx", stream.getvalue())]).readings
    found = [(one.what, str(one.quantity.low), one.unit) for one in reading.figures]
    assert found == [("东坪村走访", "4210", "户次"), ("东坪村办结率", "99.2", "%")]


def test_a_page_gives_paragraphs_without_scripts_and_menus() -> None:
    page = (
        "<html><head><meta charset=gbk><script>var a=1</script></head><body><nav>首页</nav>"
        "<p>全年举办讲座<b>12</b>场。</p><table><tr><th>社区</th><th>讲座（场）</th></tr>"
        "<tr><td rowspan=2>东街</td><td>5</td></tr><tr><td>7</td></tr></table></body></html>"
    )
    lines = source_clean(source_read(page.encode("gbk"), "a.html"))
    assert lines[0].text == "全年举办讲座12场。"
    assert [cell.text for cell in lines[-1].cells] == ["东街", "7"]


def packed(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def nested(depth: int) -> bytes:
    data = b"x"
    for _level in range(depth):
        data = packed({"word/document.xml": data})
    return data


ENTITY = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;">]><a>&z;</a>'
NOISE = random.Random(7).randbytes(200_000)  # noqa: S311 - the same noise every time


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"a" * (LARGEST_FILE + 1), "a.txt", ReadingCode.READING_001),
        (("社区开展活动3次，" * 400_000).encode(), "a.txt", ReadingCode.READING_001),
        (NOISE, "a.txt", ReadingCode.READING_002),
        (b"\0" * 5000, "a.txt", ReadingCode.READING_002),
        (packed({"word/document.xml": b"0" * 61 * 2**20}), "a.docx", ReadingCode.READING_003),
        (nested(12), "a.docx", ReadingCode.READING_004),
        (word_file()[:3000], "a.docx", ReadingCode.READING_004),
        (b"PK\x03\x04" + NOISE, "a.docx", ReadingCode.READING_004),
        (b"%PDF-1.7\n" + NOISE, "a.pdf", ReadingCode.READING_004),
        (packed({"word/document.xml": ENTITY}), "a.docx", ReadingCode.READING_005),
        (ENTITY.replace(b"<a>", b"<html>"), "a.html", ReadingCode.READING_005),
        (b"<html>" + b"<div>" * 200_000, "a.html", ReadingCode.READING_007),
        (b" \n" * 10, "a.txt", ReadingCode.READING_007),
        (
            ("社，" * LONGEST_LINE).encode()[: 3 * LONGEST_LINE * 2],
            "a.txt",
            ReadingCode.READING_008,
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 99, "a.doc", ReadingCode.READING_009),
        (("一" * 90_000).encode(), "a.txt", ReadingCode.READING_010),
        (b"1" * 300_000, "a.txt", ReadingCode.READING_010),
    ],
    ids=lambda value: value.name if isinstance(value, ReadingCode) else "",
)
def test_a_hostile_file_ends_in_its_issue(data: bytes, name: str, code: ReadingCode) -> None:
    assert code_of(data, name) == code.name


def test_a_file_that_takes_too_long_is_refused_and_the_next_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = ("1、\n" * 60_000).encode()
    monkeypatch.setattr("taizhang.reading.read.SECONDS", 0.2)
    result = read([("slow.txt", slow), ("good.txt", TEXT.encode())])
    assert [issue.code for issue in result.issues] == [ReadingCode.READING_006]
    assert [one.file for one in result.readings] == ["good.txt"]


def test_the_clock_stands_still_outside_a_reading() -> None:
    with deadline.limited("a", seconds=-1), pytest.raises(Refused):
        deadline.check()
    deadline.check()


@pytest.mark.parametrize("sign", ["，", "1,", "（", "《", "满意率、", "。一、工作", "1\t"])
def test_long_lines_of_one_thing_are_read_or_refused(sign: str, tmp_path: Path) -> None:
    data = (sign * (60_000 // len(sign))).encode()
    result = read([("a.txt", data)])
    assert len(result.readings) + len(result.issues) >= 1
