"""The labels of an outline: 一、（一）1、1.1（1）① a、 第一条, and the spoken 一是 … 二是."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from taizhang.reading.base.line import Style

HAN = "一二三四五六七八九十"
ROMAN = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ"
_HAN_NUMBER = rf"(?:[{HAN}]{{1,3}}|[1-9]?\d)"
_DIGITS = {sign: index for index, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


@dataclass(frozen=True, slots=True)
class Label:
    """One label as found: ``text`` as written, ``ordinal`` its number."""

    style: Style
    ordinal: int
    text: str
    start: int
    end: int


#: how each style is written at the head of a paragraph, tried in this order
_HEADS: tuple[tuple[Style, re.Pattern[str]], ...] = (
    (Style.PART, re.compile(rf"第({_HAN_NUMBER})(?:部分|编|篇)[、：:\s]*")),
    (Style.CHAPTER, re.compile(rf"第({_HAN_NUMBER})[章节][、：:\s]*")),
    (Style.ARTICLE, re.compile(rf"第({_HAN_NUMBER})条(?!规定|第|款)[、：:\s]*")),
    (Style.HAN_BRACKET, re.compile(rf"（([{HAN}]{{1,3}})）[、．.，]?")),
    (Style.SPOKEN, re.compile(rf"([{HAN}])(?:是|要)(?!否|不是|一|求)[，、：]?")),
    (Style.SPOKEN, re.compile(rf"第([{HAN}])[，、]")),
    (
        Style.HAN,
        re.compile(rf"([{HAN}]{{1,3}})(?:、|[．.](?!\d)|\s(?=[\u4e00-\u9fff]))(?![{HAN}][、级])"),
    ),
    (Style.HAN, re.compile(rf"([{ROMAN}])[、．.\s]\s?(?=[\u4e00-\u9fff])")),
    (Style.DIGIT_BRACKET, re.compile(r"（(\d{1,2})）[、．.]?|(\d{1,2})）[、．.]?")),
    (
        Style.DECIMAL,
        re.compile(
            r"(\d{1,2}(?:[．.]\d{1,2}){1,3})(?![\d%‰月]|年(?![内初末底度均终间]))[、．.\s]?(?=[\u4e00-\u9fff《“])"
        ),
    ),
    (Style.DECIMAL, re.compile(r"(\d{1,2}-\d{1,2})[、．.\s](?=[\u4e00-\u9fff《“])")),
    (
        Style.DIGIT,
        re.compile(
            r"(\d{1,2})(?:、|[．.](?!\d)|[．.](?=\d{1,2}月)|\s(?=[\u4e00-\u9fff]{2})(?![年月日]))(?!\d{1,2}、)"
        ),
    ),
    (Style.CIRCLE, re.compile(r"([①-⑳⓪])[、．.]?")),
    (Style.LETTER, re.compile(r"([a-hA-H])(?:[、）]|[．.](?=[\u4e00-\u9fff]))|（([a-hA-H])）")),
)
#: the styles that can begin with a sign, so that most paragraphs are passed over at once
_BY_SIGN: dict[str, tuple[tuple[Style, re.Pattern[str]], ...]] = {
    sign: tuple(head for head in _HEADS if head[0] in styles)
    for signs, styles in (
        ("第", (Style.PART, Style.CHAPTER, Style.ARTICLE, Style.SPOKEN)),
        ("（", (Style.HAN_BRACKET, Style.DIGIT_BRACKET, Style.LETTER)),
        (HAN, (Style.SPOKEN, Style.HAN)),
        (ROMAN, (Style.HAN,)),
        ("0123456789", (Style.DIGIT_BRACKET, Style.DECIMAL, Style.DIGIT)),
        ("".join(map(chr, range(0x2460, 0x2474))) + "⓪", (Style.CIRCLE,)),
        ("abcdefghABCDEFGH", (Style.LETTER,)),
    )
    for sign in signs
}
#: labels inside a paragraph: after the end of a clause, in the styles that can restart there
_INSIDE = re.compile(
    rf"(?<=[。；：！？”）])(?:（(?P<bracket>[{HAN}]{{1,3}})）、?|（(?P<digits>\d{{1,2}})）、?|(?P<han>[{HAN}]{{1,3}})、"
    rf"|(?P<digit>\d{{1,2}})(?:、|[．.])(?=[\u4e00-\u9fff《“])|(?P<circle>[①-⑳])|(?P<spoken>[{HAN}])(?:是|要)(?!否|不是|一|求)[，、：]?"
    r"|第(?P<nth>[一二三四五六七八九十])，)"
    rf"|(?<=[\u4e00-\u9fff])（(?P<bracket2>[{HAN}]{{1,3}})）(?=[\u4e00-\u9fff])"
    rf"|(?<=[，、])(?:(?P<spoken2>[{HAN}])是(?!否|不是|一)|(?P<circle2>[①-⑳])|（(?P<digits2>\d{{1,2}})）(?=[\u4e00-\u9fff]))"
)
_GROUPS = {
    "bracket": Style.HAN_BRACKET,
    "bracket2": Style.HAN_BRACKET,
    "digits": Style.DIGIT_BRACKET,
    "han": Style.HAN,
    "digit": Style.DIGIT,
    "circle": Style.CIRCLE,
    "spoken": Style.SPOKEN,
    "nth": Style.SPOKEN,
    "spoken2": Style.SPOKEN,
    "circle2": Style.CIRCLE,
    "digits2": Style.DIGIT_BRACKET,
}


def han_number(text: str) -> int:
    """Read 一 … 九十九 or digits."""
    if text.isdigit():
        return int(text)
    if "十" in text:
        tens, _ten, ones = text.partition("十")
        return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)
    return _DIGITS.get(text[-1], 0)


def _ordinal(style: Style, text: str) -> int:
    if style is Style.CIRCLE:
        return ord(text) - 0x245F
    if style is Style.LETTER:
        return ord(text.lower()) - 96
    if style is Style.DECIMAL:
        return int(re.split(r"[．.-]", text)[-1])
    if text in ROMAN:
        return ROMAN.index(text) + 1
    return han_number(text)


def head_label(text: str, start: int = 0) -> Label | None:
    """Find the label that stands at ``start`` of a paragraph, if one does."""
    for style, pattern in _BY_SIGN.get(text[start : start + 1], ()):
        if match := pattern.match(text, start):
            number = next(digits for digits in match.groups() if digits)
            return Label(style, _ordinal(style, number), match[0].strip(), start, match.end())
    return None


def inside_labels(text: str, start: int) -> Iterator[Label]:
    """Walk the labels inside a paragraph, from ``start`` on."""
    for match in _INSIDE.finditer(text, start):
        group = match.lastgroup or ""
        style = _GROUPS[group]
        yield Label(style, _ordinal(style, match[group]), match[0], match.start(), match.end())
