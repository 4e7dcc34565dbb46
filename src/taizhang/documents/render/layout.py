"""The page of GB/T 9704—2012, in numbers every renderer shares, and what must be measured.

The standard fixes paper, 天头 37 mm, 订口 28 mm and the text block of 156 × 225 mm; 22 lines of 28
characters of 3号 are the rule ("一般").  A residents' committee is no organ of state: the layout is
followed by analogy, without the red head.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from taizhang.core.base.issue import Issue, Level
from taizhang.documents.code import DocumentCode
from taizhang.documents.format import inline_text, plain
from taizhang.documents.tree import (
    Block,
    DateText,
    Inline,
    Inlines,
    LawRef,
    Number,
    Quoted,
    Table,
    Text,
    blocks_of,
    flat,
)

MM = 72 / 25.4  # points in a millimetre
PAPER = (210.0, 297.0)
TOP, BOTTOM, LEFT, RIGHT = 37.0, 35.0, 28.0, 26.0
TEXT = (156.0, 225.0)
LINES, CHARACTERS = 22, 28
LINE_PITCH = 28.95  # points, exact: 22 lines fill 225 mm
CHARACTER_PITCH = TEXT[0] * MM / CHARACTERS  # 15.79 pt: 28 characters of 16 pt fill 156 mm
BODY_SIZE, TITLE_SIZE, PAGE_SIZE = 16.0, 22.0, 14.0  # 3号, 2号, 4号
DASH_BELOW = 7.0  # mm from the text block to the dashes of the page number
TABLE_SIZES = (12.0, 10.5, 9.0)  # 小四, 五号, 小五: the largest that fits
CELL_PADDING = 4.0  # points on either side: margin, rule and a little play
_WHOLE = 0.5  # of the text block: a table that is no higher is not broken over two pages
_TITLE_WIDTH = 19.0  # characters of 2号 on a line, one less than would fit
_SHORT = 9.0  # a cell of at most so many characters is never broken
_HEAD = 4.0  # a heading of a column may stand on several lines of so many characters
_PROSE = 14.0  # a column of sentences should hold so many characters on a line
_NO_START = "、，。；：！？）》」』”’％%】〕"
_NO_END = "（《「『“‘【〔"
_BREAK_AFTER = ("关于", "、", "年度", "的", "和", "及")


def width(text: str) -> float:
    """Measure a text in full-width characters; ASCII takes half of one."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in text)


# titles ------------------------------------------------------------------------------------------


def title_lines(title: Inlines) -> tuple[Inlines, ...]:
    """Break a title into lines of like length, at the joints between its words.

    Titles of official documents keep words whole and form a trapezium or a diamond.
    """
    text = plain(title)
    total = width(text)
    if total <= _TITLE_WIDTH:
        return (title,)
    cuts = _best_cuts(text, _joints(title), int(-(-total // _TITLE_WIDTH)))
    return tuple(_cut(title, (0, *cuts, len(text))))


def _best_cuts(text: str, joints: dict[int, float], count: int) -> tuple[int, ...]:
    """Choose the cuts into ``count`` lines that are most alike, by dynamic programming.

    Where no such lines fit the page (a text without joints), the title is left to the renderer.
    """
    upto = [0.0]
    for sign in text:
        upto.append(upto[-1] + width(sign))
    mean = upto[-1] / count
    ends = sorted({*joints, len(text)})
    #: end of a line → (cost of the best way there, its cuts)
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for _ in range(count):
        reached: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (cost, cuts) in best.items():
            for end in ends[bisect_right(ends, start) :]:
                wide = upto[end] - upto[start]
                if wide > _TITLE_WIDTH + 1:
                    break
                price = cost + (wide - mean) ** 2 + joints.get(end, 0.0)
                if end not in reached or price < reached[end][0]:
                    reached[end] = (price, (*cuts, end))
        best = reached
    return best[len(text)][1][:-1] if len(text) in best else ()


def _joints(title: Inlines) -> dict[int, float]:
    """Give the places where a title may break, each with the price of breaking there."""
    text = plain(title)
    joints = {
        at: 40.0
        for at in range(1, len(text))
        if text[at] not in _NO_START
        and text[at - 1] not in _NO_END
        and not (text[at].isascii() and text[at - 1].isascii())
        and not text[at - 1].isdigit()
    }
    at = 0
    for inline in flat(title):
        at += len(inline_text(inline))
        if at in joints:
            joints[at] = 0.0
    for word in _BREAK_AFTER:
        start = text.find(word)
        while start >= 0:
            end = start + len(word)
            if end in joints:
                joints[end] = min(joints[end], 2.0)
            start = text.find(word, end)
    return joints


def _cut(title: Inlines, ends: Sequence[int]) -> Iterable[Inlines]:
    for start, end in pairwise(ends):
        line: list[Inline] = []
        at = 0
        for inline in flat(title):
            text = inline_text(inline)
            part = text[max(0, start - at) : max(0, end - at)]
            if part:
                line.append(_part(inline, text, part))
            at += len(text)
        yield tuple(line)


def _part(inline: Inline, whole: str, part: str) -> Inline:
    if part == whole:
        return inline
    match inline:
        case Text() | Quoted() | DateText():
            return replace(inline, text=part)
        case LawRef():
            return LawRef("", part)
        case _:
            return Text(part)


# signatures --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SignaturePlace:
    """How many characters stay free to the right of issuer and date."""

    issuer_right: float
    day_right: float


def signature_place(issuer: str, day: str, sealed: bool) -> SignaturePlace:
    """Place a signature (GB/T 9704—2012, 7.3.5).

    Sealed: the date ends 4 characters from the right, the issuer is centred above it.  Unsealed:
    the issuer ends 2 characters from the right and the date begins 2 characters after the issuer
    does; a date too long for that ends 2 from the right and moves the issuer.
    """
    issuer_width, day_width = width(issuer), width(day)
    if sealed:
        centred = 4 + (day_width - issuer_width) / 2
        return SignaturePlace(max(0.0, centred), 4.0)
    day_right = max(2.0, issuer_width - day_width)
    return SignaturePlace(max(2.0, day_right + day_width + 2 - issuer_width), day_right)


# tables ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Columns:
    """A table set to the page: font size and column widths in points; whether it truly fits."""

    size: float
    widths: tuple[float, ...]
    fits: bool


def columns(table: Table, *, total: float = TEXT[0] * MM) -> Columns:
    """Choose the largest font at which no word of a table breaks, and share out the width."""
    cells = (table.header, *table.rows)
    least = [
        max(min(_least(head), _HEAD), *(_least(row[index]) for row in table.rows), 1.0)
        for index, head in enumerate(table.header)
    ]
    natural = [max(_natural(row[index]) for row in cells) for index in range(len(table.header))]
    padding = 2 * CELL_PADDING * len(least)
    prose = [max(low, min(nat, _PROSE)) for low, nat in zip(least, natural, strict=True)]
    for wanted in (prose, least):  # room for sentences first, then at least for words
        for size in TABLE_SIZES[-1:] if table.small else TABLE_SIZES:
            if sum(wanted) * size + padding <= total:
                return Columns(size, _shared(wanted, natural, size, total), True)
    scale = max(1.0, total - padding) / sum(least)
    return Columns(TABLE_SIZES[-1], tuple(w * scale + 2 * CELL_PADDING for w in least), False)


def _shared(
    least: Sequence[float], natural: Sequence[float], size: float, total: float
) -> tuple[float, ...]:
    mins = [low * size + 2 * CELL_PADDING for low in least]
    wants = [max(0.0, nat - low) * size for nat, low in zip(natural, least, strict=True)]
    free = total - sum(mins)
    if sum(wants) >= free > 0:
        return tuple(low + free * want / sum(wants) for low, want in zip(mins, wants, strict=True))
    full = [low + want for low, want in zip(mins, wants, strict=True)]
    return tuple(wide * total / sum(full) for wide in full)


def stays_whole(table: Table, fit: Columns) -> bool:
    """Say whether a table is low enough to stand on one page with room for text around it."""
    height = 0.0
    for row in (table.header, *table.rows):
        lines = max(
            -(-_set_width(plain(cell)) * fit.size // max(1.0, wide - 2 * CELL_PADDING))
            for cell, wide in zip(row, fit.widths, strict=True)
        )
        height += (max(1.0, lines) * 1.4 - 0.4) * fit.size + 2 * CELL_PADDING
    return height <= _WHOLE * TEXT[1] * MM


def _natural(cell: Inlines) -> float:
    return max(1.0, _set_width(plain(cell)))


def _set_width(text: str) -> float:
    """Measure as :func:`width`, with some play for what other programs and fonts do.

    ASCII may be drawn wider, and set apart from Chinese by a quarter of a character.
    """
    apart = sum(a.isascii() != b.isascii() for a, b in pairwise(text))
    return sum(1.0 if width(sign) == 1 else 0.56 for sign in text) + 0.25 * apart


def _least(cell: Inlines) -> float:
    """Give the width below which a cell would break a word, a number or a short label."""
    # A unit in brackets may stand on a line of its own below its label.
    parts = [_set_width(part) for part in plain(cell).replace("（", "\n（").split("\n")]
    if max(parts) <= _SHORT:
        return max(1.0, *parts)
    least = 4.0
    for inline in flat(cell):
        if isinstance(inline, Number):
            least = max(least, min(_set_width(inline_text(inline)), 2 * _SHORT))
    run = 0.0
    for sign in f"{plain(cell)} ":
        run = run + _set_width(sign) if sign.isascii() and not sign.isspace() else 0.0
        least = max(least, min(run, 2 * _SHORT))
    return least


def misfits(blocks: Iterable[Block]) -> Iterable[Issue]:
    """Find tables with more columns than the page can hold."""
    for block in blocks_of(tuple(blocks)):
        if isinstance(block, Table) and block.header and not columns(block).fits:
            facts = {"columns": len(block.header)}
            yield Issue(DocumentCode.DOCUMENT_009, block.place, facts, Level.WARNING)
