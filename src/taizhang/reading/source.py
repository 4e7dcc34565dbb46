"""Bytes of a file → raw lines, whatever the encoding or format; every limit is a clear Issue.

Formats with a parser of their own (docx, xlsx, html, pdf) are read in a child process with a clock
and a memory limit (:mod:`taizhang.reading.guard`), so that no hostile file can hold the caller.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from taizhang.core.issue import Issue, Place, Refused
from taizhang.reading.issue import ReadingCode
from taizhang.reading.text import Cell
from taizhang.reading.wiki import wiki_tables

#: The largest file, the longest line; a book of a million characters has 3 MB.
MEGABYTE = 1 << 20
LARGEST_FILE = 20 * MEGABYTE
LARGEST_TEXT = 8 * MEGABYTE
LONGEST_LINE = 400_000
#: the longest stretch without any punctuation or blank: longer ones are no prose
LONGEST_RUN = 2000

_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
#: What a decoded text must not hold: controls (but tab), unassigned signs, lone surrogates.
_WRONG = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffd\ufffe\uffff\ud800-\udfff\ue000-\uf8ff]")
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子"
    "说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制"
    "机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内"
    "数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提"
    "直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计"
    "别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海"
    "口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身"
    "车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石"
    "记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青"
    "省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型"
    "眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严"
    "們這國來時對會發動學說種後從進應開經還沒問條無與關為個業電體實處黨導現區務質"
    "社區計劃總結宣傳衛生健康教育居民街道辦事処活動開展"
)


@dataclass(frozen=True, slots=True)
class Raw:
    """One line as the file gives it; a table row has cells and the number of its table."""

    text: str
    cells: tuple[Cell, ...] = ()
    table: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """A file as raw lines; the first has number 1.  ``wrapped``: lines end at the page's edge."""

    name: str
    lines: tuple[Raw, ...]
    wrapped: bool = False


def refuse(code: ReadingCode, name: str, line: int | None = None, **facts: object) -> Refused:
    """Make the refusal of one file."""
    return Refused([Issue(code, Place(name, line), facts)])


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
        from taizhang.reading.guard import guarded_read

        lines = guarded_read(kind, data, name)
        wrapped = kind == "pdf"
    found = Source(name, tuple(lines), wrapped)
    _check_lines(found)
    return found


_RUN = re.compile(rf"[^\s,.;:!?，。、；：！？（）()《》“”|]{{{LONGEST_RUN}}}")
_RULED = re.compile(r"^[\s|:+-]*-{2,}[\s|:+-]*$")


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
    for sign in "\t|":
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
            if end - start >= (2 if sign == "|" or count > 1 else 3):
                table += 1
                for index in range(start, end):
                    raws[index] = _row(texts[index], sign, table)
            start = end
    return raws


def _belongs(text: str, sign: str, count: int) -> bool:
    return text.strip(" ").count(sign) == count or (sign == "|" and bool(_RULED.match(text)))


def _row(text: str, sign: str, table: int) -> Raw:
    if sign == "|" and _RULED.match(text):
        return Raw("")
    parts = text
    if sign == "|":
        parts = text.strip(" ").removeprefix("{{").removesuffix("}}").strip(" ").strip("|")
        if parts and parts.count("|") == 2 * parts.count("||"):
            sign = "||"  # every stroke is doubled: they part the cells, and none is empty
    cells = tuple(Cell(one.strip(), column) for column, one in enumerate(parts.split(sign)))
    return Raw(text, cells, table)


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


def decode(data: bytes, name: str) -> str:
    """Decode a text in UTF-8, UTF-16, GB18030 (GBK, GB2312) or Big5.

    A file without a byte-order mark that is not UTF-8 is read in each of the others; the reading
    with the largest share of common characters wins.

    :raises Refused: READING_002 when no reading looks like a text; READING_001 when too long
    """
    if len(data) > LARGEST_TEXT:
        size = f"{len(data) / MEGABYTE:.0f}"
        raise refuse(ReadingCode.READING_001, name, size=size, limit=LARGEST_TEXT // MEGABYTE)
    marked = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    first = next((marked[mark] for mark in marked if data.startswith(mark)), "utf-8")
    names = dict.fromkeys([first, "gb18030", "big5hkscs", "utf-16-le", "utf-16-be"])
    readings = [_reading(data, encoding) for encoding in names]
    if readings[0][0] > 0.9:
        return readings[0][1]
    best = max(readings, key=lambda one: one[0])
    if best[0] < 0.55:
        raise refuse(ReadingCode.READING_002, name)
    return best[1]


def _reading(data: bytes, encoding: str) -> tuple[float, str]:
    """Decode and give (how much it looks like a text, 0 to 1; the text)."""
    # A few broken bytes in a long file are damage, not another encoding.
    text = data.decode(encoding, errors="replace")
    if not text:
        return 1.0, text
    sample = text if len(text) < 60_000 else text[:20_000] + text[-20_000:]
    wrong = len(_WRONG.findall(sample)) / len(sample)
    wide = [one for one in sample if one > "\x7f" and (one < "\u2000" or one > "\u206f")]
    if wrong > 0.02:
        return 0.5 - min(wrong, 0.5), text
    if not wide:
        plain = 0.95 if encoding.startswith("utf-8") else 0.9
        return plain - 10 * wrong, text
    common = sum(one in _COMMON for one in wide) / len(wide)
    usual = sum(
        "\u4e00" <= one <= "\u9fff" or "\u3000" <= one <= "\u303f" or "\uff00" <= one <= "\uffef"
        for one in wide
    ) / len(wide)
    if encoding.startswith("utf-8") and wrong < 0.001:
        # Bytes that are valid UTF-8 by chance are rare beyond the first few characters.
        return 0.96, text
    return (0.35 * usual + 0.6 * min(1.0, common / 0.4)) * (1 - 10 * wrong), text
