"""Raw lines → clean lines: every change is an Edit that leads back to the original place.

The clean form is one and the same whatever the file looked like: simplified characters, letters,
digits and % half-width, other punctuation full-width (but a point or comma inside a number and the
colon of a ratio stay), no blanks beside Chinese, one paragraph a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from opencc import OpenCC
from pypinyin import Style as Tone
from pypinyin import pinyin

from taizhang.reading.base.deadline import check
from taizhang.reading.base.line import Cell, Edit, EditKind, Line
from taizhang.reading.source.source import Source
from taizhang.reading.source.source_line import Raw
from taizhang.reading.text.edit import Editing
from taizhang.reading.text.mojibake import SLID, slid_back

_HAN = "\u3400-\u9fff\uf900-\ufaff〇"
_TONES = "āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜńňǹḿêếề"
_PINYIN = re.compile(
    rf"(?<=[{_HAN}])[\(（\[［]\s*([a-zɡü{_TONES}]{{1,7}}[1-5]?)\s*[\)）\]］]"
    # the opening bracket itself was lost with a neighbour: 询?nèi）
    rf"|(?<=[{_HAN}])[?？]([a-zɡü]{{0,5}}[{_TONES}][a-zɡü]{{0,5}})[\)）]",
    re.IGNORECASE,
)
_TO_HALF = str.maketrans(
    {
        chr(code): chr(code - 0xFEE0)
        for code in range(0xFF10, 0xFF5B)
        if chr(code - 0xFEE0).isalnum()
    }
    | {
        "％": "%",
        "．": ".",
        "＋": "+",
        "／": "/",
        "＝": "=",
        "＞": ">",
        "＜": "<",
        "＆": "&",
        "＃": "#",
    }
    | {"\u3000": " ", "\xa0": " ", "\u2002": " ", "\u2003": " ", "﹪": "%", "﹑": "、", "﹐": "，"}
    | {
        "〜": "～",
        "∼": "～",
        "﹣": "-",
        "‐": "-",
        "‑": "-",
        "–": "-",
        "−": "-",
        "－": "-",
        "∶": "：",
    }
    | {
        "﹙": "（",
        "﹚": "）",
        "︰": "：",
        "﹕": "：",
        "﹔": "；",
        "｡": "。",
        "､": "、",
        "‧": "·",
        "＊": "*",
    }
    | {"〔": "〔", "【": "【", "ﾞ": "", "\u200b": " ", "\ufeff": " ", "≧": "≥", "≦": "≤", "＿": "_"}
)
_TO_FULL = {",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "?": "？", "!": "！"}
_HALF = re.compile(r"[,;:()?!]")
_IN_NUMBER = re.compile(r"(?<=\d),(?=\d{3}(?!\d))|(?<=\d):(?=\d)|(?<=[\w/.-]):(?=//)|[?](?=\w+=)")
_URL = re.compile(
    r"(?:https?://|www\.)[\w./?=&%:#~-]{1,300}|[\w.-]{1,40}@[\w-]{1,40}\.[\w.]{1,40}", re.ASCII
)
_BLANKS = re.compile(
    rf"[ \t]+(?=[{_HAN}，。；：、！？（）《》“”〔〕【】%‰])|"
    rf"(?<=[{_HAN}，。；：、！？（）《》“”〔〕【】%‰])[ \t]+"
    r"|[ \t]+$|^[ \t]+|(?<=\d) +(?=[%‰])| {2,}"
)
_CLEAN_ALREADY = re.compile(r"(?:\d{1,9}(?:\.\d{1,6})?%?)?\Z")
#: a title whose characters stand apart: 自  查  报  告
_SPREAD = re.compile(rf"\s*(?:[{_HAN}\d（）]\s+){{3,}}[{_HAN}\d（）]\s*\Z")
#: a label that only a blank parts from its heading, and what no heading begins with
_LABEL_BEFORE = re.compile(r"\s*\d{1,2}(?:[.-]\d{1,2}){0,2}\Z")
_LABEL_AFTER = re.compile(r"(?![年月日号时点分人名户个次份场期件起处条项天周])[\u4e00-\u9fff]{2}")
_SITE_HEAD = re.compile(
    r"^(前言|导读|摘要|编者按|小编|本文|以下是|下面是|这里|欢迎|【?导语|为大家|.{0,20}(范文网|期刊网|文库|资料网|文秘网|公文网))"
)
_SITE_WORD = re.compile(
    r"范文|欢迎(阅读|参考|下载|大家)|供(你|您|大家)?(参考|学习|借鉴)|希望.{0,12}(帮助|参考|喜欢)|小编|本文(由|来自|内容)|"
    r"整理了?.{0,10}(范文|关于)|点击(下载|查看)|(期刊|范文|文库|资料|文秘|公文)网|更多.{0,10}(范文|内容|文章|请关注)|"
    r"下载word|收藏本站|转载请|来源：.{0,12}网"
)
_TAIL = re.compile(
    r"^(版权声明|免责声明|声明：|本站仅|本文(内容)?由(互联网|网友|用户)|相关(推荐|文章|阅读|范文)|猜你喜欢|上一篇|下一篇|"
    r"更多(相关|精彩|.{0,8}范文)|责任编辑|分享到|延伸阅读|看了.{0,20}(还|又)看|来源：(网络|互联网)|"
    r"(以上|上文)(就是|是|内容).{0,30}(小编|希望|全部|分享)|下载(地址|文档|word)|返回(首页|顶部))"
)
_PAGE = re.compile(
    r"^(第\d{1,4}页(，?[共/]\d{1,4}页)?|-+\d{1,4}-+|[—－–-]{1,2}\d{1,4}[—－–-]{1,2}|·\d{1,4}·|\d{1,4}/\d{1,4}|"
    r"Page\d{1,4}(of\d{1,4})?|共\d{1,4}页)$",
    re.IGNORECASE,
)
_BARE_PAGE = re.compile(r"^\d{1,3}$")
_PAGE_INSIDE = re.compile(
    r"(?<=[^\d\s])\s*(?:第\s?\d{1,4}\s?页\s?[，,/]?\s?共\s?\d{1,4}\s?页|"
    # a double dash on both sides parts columns
    r"(?:[—–](?!—)|-{1,2}) ?\d{1,4} ?(?:[—–](?!—)|-{1,2})(?=[^\d])"
    r"|第\s?\d{1,3}\s?页(?=[\u4e00-\u9fff]))"
)
#: dashes and kana that stand for 一, 二 … at the head of a line, before a sign of numbering
_LOOKALIKE = {
    "—": "一",
    "–": "一",
    "-": "一",
    "－": "一",
    "ー": "一",
    "―": "一",
    "─": "一",
    "━": "一",
    "⼀": "一",
    "ニ": "二",
    "⼆": "二",
    "ミ": "三",
    "ハ": "八",
    "⼋": "八",
    "⼗": "十",
}
_PRINTED = {chr(0x3220 + n): "一二三四五六七八九十"[n] for n in range(10)}  # ㈠ … ㈩
_HEAD_HAN = re.compile(r"^\s*([—–ー―─━⼀ニ⼆ミハ⼋⼗－-])(?=[、，．.])")
_HEAD_BRACKET = re.compile(r"^\s*[（(]\s*([—–ー―─━⼀ニ⼆ミハ⼋⼗－-])\s*[）)]")
_HEAD_PRINTED = re.compile(r"^\s*([㈠-㈩])")
_HEAD_LETTER = re.compile(r"^\s*([lIｌ|O])(?=[、．.])(?=.[\u4e00-\u9fff])")
_HEAD_DIGITS = re.compile(r"^\s*([⒈-⒛])|^\s*([⑴-⒇])")
_SEPARATOR = re.compile(
    r"(?<=[\u4e00-\u9fff\d%])\s?[丨|｜│‖](?=\s?[\u4e00-\u9fff])|(?<=\d)[lI](?=\d)"
    # 15OO, 8O%: letters behind a digit, and no name such as H2O or CO2e
    r"|(?<![A-Za-z]\d)(?<=\d)[oO]+(?![A-Za-z])"
    # l0分, O.5分: letters before the digits of points
    r"|(?<![A-Za-z\d.])[lI](?=[\doO]{1,2}\s?分)|(?<![A-Za-z\d])[oO](?=\.\d)"
)
_HEAD_SEPARATOR = re.compile(
    r"^\s*((?:[一二三四五六七八九十]{1,3}|\d{1,2}))([﹒·•‚`'’,，﹑,])(?=[\u4e00-\u9fff])"
)

#: a heading parted from its text by a blank alone
_HEAD_BLANK = re.compile(
    r"^((?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）)"
    r"[\u4e00-\u9fff、]{2,14})[ ]+"
    r"(?=[^ ]{14,})"
)


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


@cache
def _shifted() -> re.Pattern[str]:
    """Make the pattern of a numeral in brackets whose bytes slid by one.

    （三） is A3A8 C8FD A3A9 in GBK.  Once a byte is lost the pairs slide: the stray first byte
    gives a 。, A8 and the numeral's first byte give a letter of zhuyin, the rest one more sign or
    nothing.
    """
    return re.compile(rf"^\s*。?([{''.join(_slid())}])([^、\u4e00-\u4e01]?)(?=[、\u4e00-\u9fff])")


@cache
def _slid() -> dict[str, str]:
    """Give the sign that each numeral of （一） … （十） turned into → numeral and its "
    "second sign."""
    replacements: dict[str, str] = {}
    for numeral in "一二三四五六七八九十":
        first, _second = numeral.encode("gbk")
        sign = bytes((0xA8, first)).decode("gbk", errors="ignore")
        if len(sign) == 1 and "\u3105" <= sign <= "\u3129":
            replacements[sign] = numeral
    return replacements


def _rest(numeral: str) -> str:
    """Give the sign that the numeral's second byte forms with the bracket's first, if any."""
    return bytes((numeral.encode("gbk")[1], 0xA3)).decode("gbk", errors="ignore")


def source_clean(source: Source) -> tuple[Line, ...]:
    """Clean the lines of a file; lines of the site and page numbers become empty, not lost."""
    raws = source.lines
    old = _is_traditional(raws)
    lines: list[Line] = []
    for group in _groups(source):
        check()
        first = group[0][0]
        text, joins = _joined(group)
        lines.append(_line(first, text, joins, group[0][1], old))
    return tuple(_site(_pages(lines)))


def _line(number: int, text: str, joins: tuple[tuple[int, int], ...], raw: Raw, old: bool) -> Line:
    editing = Editing(text)
    _clean(editing, old)
    cells = tuple(Cell(text_clean(cell.text), cell.column, cell.first) for cell in raw.cells)
    return Line(number, editing.text, editing.edits(), text, joins, cells, raw.table)


@lru_cache(maxsize=4096)
def text_clean(text: str) -> str:
    """Clean one text on its own, such as a table cell."""
    if _CLEAN_ALREADY.match(text):
        return text
    editing = Editing(text)
    _clean(editing, False)
    return editing.text


#: a text that nothing but conversion and page numbers can change
_PLAIN = re.compile(
    r"(?![一二三四五六七八九十]{1,3}，|[0-9]{1,2}，)"
    r"(?:(?![丨页])[\u4e00-\u9fff0-9%。，、；：！？（）《》“”.])*\Z"
)
#: what may be an odd glyph of numbering at the head of a line
_ODD_HEAD = re.compile(
    r"\s*(?:。?[^\u4e00-\u9fff\d\s]|[一二三四五六七八九十\d]{1,3}[﹒·•‚`'’,，﹑])"
)
_PAGE_SIGN = re.compile(r"[页—–-]")
_ODD_SEPARATOR = re.compile(r"[丨|｜│‖oOlI]")


def _clean(editing: Editing, old: bool) -> None:
    if not editing.text:
        return
    if _PLAIN.match(editing.text):
        _simplify(editing, old)
        return
    editing.same_length(_half_width(editing.text), EditKind.WIDTH)
    if "?" in editing.text or "？" in editing.text:
        slid = [
            (m.start(), m.end(), back)
            for m in SLID.finditer(editing.text)
            if (back := slid_back(m)) is not None
        ]
        editing.replace(slid, EditKind.BYTES)
    if any(sign in editing.text for sign in ")）]］"):
        spans = [(m.start(), m.end(), "") for m in _PINYIN.finditer(editing.text) if _is_pinyin(m)]
        editing.replace(spans, EditKind.PINYIN)
    _simplify(editing, old)
    if _ODD_HEAD.match(editing.text):
        _numbering(editing)
    editing.same_length(_full_width(editing.text), EditKind.WIDTH)
    if _PAGE_SIGN.search(editing.text):
        pages = [(m.start(), m.end(), "") for m in _PAGE_INSIDE.finditer(editing.text)]
        editing.replace(pages, EditKind.PAGE)
    if _ODD_SEPARATOR.search(editing.text):
        marks = [(m.start(), m.end(), _separator(m[0])) for m in _SEPARATOR.finditer(editing.text)]
        editing.replace(marks, EditKind.SEPARATOR)
    if match := _HEAD_BLANK.match(editing.text):
        editing.replace([(match.end(1), match.end(), "。")], EditKind.SEPARATOR)
    if " " in editing.text or "\t" in editing.text:
        spread = bool(_SPREAD.match(editing.text))
        spans = [
            (m.start(), m.end(), "" if spread else _blank(m))
            for m in _BLANKS.finditer(editing.text)
        ]
        editing.replace(spans, EditKind.SPACE)


def _half_width(text: str) -> str:
    changed = text.translate(_TO_HALF)
    return changed if len(changed) == len(text) else text


def _blank(match: re.Match[str]) -> str:
    # A tab between cells of a table row stays: it parts them.
    text, start, end = match.string, match.start(), match.end()
    inner = 0 < start and end < len(text)
    if inner and _LABEL_BEFORE.match(text, 0, start) and _LABEL_AFTER.match(text, end):
        return " "  # 1 制度建设: the blank is all that parts the label from its heading
    return "\t" if inner and "\t" in match[0] else " " if inner and len(match[0]) > 1 else ""


def _separator(text: str) -> str:
    last = text[-1]
    return {"o": "0", "O": "0", "l": "1", "I": "1"}.get(last, "，") * max(1, len(text.strip()))


def _is_pinyin(match: re.Match[str]) -> bool:
    """Tell pinyin from letters in brackets such as (kg): by its tone, or by how the sign reads."""
    word = (match[1] or match[2]).lower().replace("ɡ", "g")
    if any(sign in _TONES for sign in word):
        return True
    sign = match.string[match.start() - 1]
    plain = word.rstrip("12345").replace("v", "ü")
    readings = pinyin(sign, style=Tone.NORMAL, heteronym=True, v_to_u=True)[0]
    return plain in readings


def _is_traditional(raws: Iterable[Raw]) -> bool:
    """Say whether the file as a whole is written in traditional characters."""
    sample = "".join(raw.text for raw in raws)[:20_000]
    han = sum("\u4e00" <= sign <= "\u9fff" for sign in sample)
    changed = str(_converter().convert(sample))
    if len(changed) != len(sample):
        return han > 0
    different = sum(a != b for a, b in zip(sample, changed, strict=True))
    # One or two such signs in a short text may be those of a name.
    return different > max(3, 0.03 * han)


def _simplify(editing: Editing, old: bool) -> None:
    """Convert a line where file or line are traditional; a lone such sign may be a name's."""
    changed = str(_converter().convert(editing.text))
    if changed == editing.text:
        return
    if len(changed) != len(editing.text):
        changed = "".join(str(_converter().convert(sign))[:1] or sign for sign in editing.text)
    different = sum(a != b for a, b in zip(editing.text, changed, strict=True))
    if old or different >= 3:
        editing.same_length(changed, EditKind.TRADITIONAL)


def _numbering(editing: Editing) -> None:
    """Put the numeral back where an odd glyph stands at the head of a line."""
    text = editing.text
    if match := _shifted().match(text):
        numeral = _slid()[match[1]]
        keep = match[2] and match[2] != _rest(numeral)
        end = match.start(2) if keep else match.end()
        editing.replace([(0, end, f"（{numeral}）")], EditKind.NUMBERING)
    elif match := _HEAD_PRINTED.match(text):
        editing.replace([(0, match.end(), f"（{_PRINTED[match[1]]}）")], EditKind.NUMBERING)
    elif match := _HEAD_BRACKET.match(text):
        editing.replace([(match.start(1), match.end(1), _LOOKALIKE[match[1]])], EditKind.NUMBERING)
    elif match := _HEAD_HAN.match(text):
        editing.replace([(match.start(1), match.end(1), _LOOKALIKE[match[1]])], EditKind.NUMBERING)
    elif match := _HEAD_LETTER.match(text):
        editing.replace([(match.start(1), match.end(1), "1")], EditKind.NUMBERING)
    elif match := _HEAD_DIGITS.match(text):
        sign = match[1] or match[2]
        number = ord(sign) - (0x2487 if match[1] else 0x2473)
        new = f"{number}." if match[1] else f"（{number}）"
        editing.replace([(0, match.end(), new)], EditKind.NUMBERING)
    if match := _HEAD_SEPARATOR.match(editing.text):
        editing.replace([(match.start(2), match.end(2), "、")], EditKind.SEPARATOR)


def _full_width(text: str) -> str:
    if not _HALF.search(text):
        return text
    kept = {match.start() for match in _IN_NUMBER.finditer(text)}
    for match in _URL.finditer(text):
        kept.update(range(*match.span()))
    return "".join(
        _TO_FULL.get(sign, sign) if index not in kept else sign for index, sign in enumerate(text)
    )


def _groups(source: Source) -> Iterator[list[tuple[int, Raw]]]:
    """Group the lines of the file into paragraphs: broken lines of a page are joined."""
    lines = source.lines
    whole = 0 if source.wrapped or source.marked else _page_width(source)
    if not whole and not source.wrapped:
        yield from ([(number, raw)] for number, raw in enumerate(lines, 1))
        return
    index = 0
    while index < len(lines):
        group = [(index + 1, lines[index])]
        while (after := _next(source, index)) is not None:
            width = whole or _width_near(lines, index)
            if not _runs_on(lines[index].text, lines[after], width):
                break
            group += [(number + 1, lines[number]) for number in range(index + 1, after + 1)]
            index = after
        yield group
        index += 1


def _next(source: Source, index: int) -> int | None:
    """Give the line that may go on with a line: the next one, on the next page where one ends."""
    after = index + 1
    if source.wrapped:
        while after < len(source.lines) and after <= index + 4:
            text = source.lines[after].text.replace(" ", "")
            if text and not _PAGE.match(text):
                break
            after += 1
    return after if after < len(source.lines) else None


def _width_near(lines: Sequence[Raw], index: int) -> int:
    """Give the width of the widest line around one: text and tables of a file differ."""
    near = lines[max(0, index - 5) : index + 6]
    return max(_width(raw.text.strip()) for raw in near)


def _width(text: str) -> int:
    """Count half-width columns."""
    return len(text) + sum(sign > "\u2e80" for sign in text)


def _page_width(source: Source) -> int:
    """Give the width at which lines of this file are broken in mid-sentence, 0 where they are not.

    A file is taken as broken when many of its long lines have about one length and no end.
    """
    texts = [
        raw.text.rstrip()
        for raw in source.lines
        if raw.text.strip() and not raw.cells and not _ALIGNED.search(raw.text.strip())
    ]
    lengths = sorted(map(_width, texts))
    if len(lengths) < 6:
        return 0
    wide = lengths[int(len(lengths) * 0.9)]
    if not 30 <= wide <= 200 or lengths[-1] > wide * 1.3:
        return 0
    near = [text for text in texts if _width(text) >= wide * 0.85]
    unended = [text for text in near if text[-1] not in "。！？；：.!?;:"]
    return wide if len(unended) >= max(3, 0.25 * len(texts)) else 0


_NEW = re.compile(
    r"^(\s{2,}|\u3000{2}|\s*([一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[、.．](?!\d)|\d{1,2}(?:\.\d{1,2}){1,2}[、\s]|"
    r"第[一二三四五六七八九十\d]+[章节条部篇]|[①-⑳]|附件|【|#{1,6}\s|[-*•●■◆▪○□]\s))"
)


#: columns that blanks keep apart, or the rule below their head
_ALIGNED = re.compile(r"\S(?: {3,}|\u3000{2,})\S|^\s*[-=_—─━]{6,}\s*$")
#: a number alone is the cell of a table or a page's
_CELL = re.compile(r"^\s*\d{1,3}(?:\.\d{1,2})?\s*$")


def _runs_on(before: str, raw: Raw, width: int) -> bool:
    text = before.rstrip()
    if raw.cells or not text or not raw.text.strip() or _NEW.match(raw.text):
        return False
    if text.endswith(("分）", "分)")):
        return False  # the points of a heading end it
    if _ALIGNED.search(text) or _ALIGNED.search(raw.text) or _CELL.match(raw.text):
        return False
    return width >= 24 and _width(text) >= width * 0.82 and text[-1] not in "。！？!?"


def _joined(group: list[tuple[int, Raw]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    if len(group) == 1:
        return group[0][1].text, ()
    parts: list[str] = []
    joins: list[tuple[int, int]] = []
    at = 0
    for number, raw in group:
        if parts:
            joins.append((at, number))
        parts.append(raw.text)
        at += len(raw.text)
    return "".join(parts), tuple(joins)


def _emptied(line: Line, kind: EditKind) -> Line:
    edit = Edit(0, line.source, "", kind)
    return Line(line.number, "", (edit,), line.source, line.joins)


def _pages(lines: list[Line]) -> list[Line]:
    """Empty the lines that are page numbers; bare numbers only where they count up."""
    bare = [
        (index, int(line.text))
        for index, line in enumerate(lines)
        if not line.cells and _BARE_PAGE.match(line.text)
    ]
    counting = {index for (index, number), (_next, after) in pairwise(bare) if after == number + 1}
    counting |= {
        index for (_last, before), (index, number) in pairwise(bare) if number == before + 1
    }
    return [
        _emptied(line, EditKind.PAGE)
        if not line.cells and (index in counting or _PAGE.match(line.text.replace(" ", "")))
        else line
        for index, line in enumerate(lines)
    ]


def _site(lines: list[Line]) -> list[Line]:
    """Empty what the web site put before and after the text."""
    full = [index for index, line in enumerate(lines) if line.text]
    gone: set[int] = set()
    for index in full[:4]:
        text = lines[index].text
        if _SITE_WORD.search(text) and (
            _SITE_HEAD.match(text) or len(_SITE_WORD.findall(text)) > 1
        ):
            gone.add(index)
    for position, index in enumerate(full):
        text = lines[index].text
        if _TAIL.match(text) and position >= len(full) * 0.5:
            tail = full[position:]
            # What follows a copyright notice is the site's, unless it is long or numbered.
            if all(
                len(lines[index].text) < 300 and not _NEW.match(lines[index].text) for index in tail
            ):
                gone.update(tail)
                break
            gone.add(index)
    return [
        _emptied(line, EditKind.SITE) if index in gone else line for index, line in enumerate(lines)
    ]
