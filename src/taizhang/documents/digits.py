"""The rule that a document holds no typed number: a check on the tree.

Every digit must come from a figure, a date, a law number or a numbering.  Digits are all
characters Unicode counts as numbers (full-width, circled, Roman, 〇 too); Chinese numerals are
words and only refused before a counting word of the field, where they would be a number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from taizhang.core.base.issue import Issue, Level, Place
from taizhang.documents.code import DocumentCode
from taizhang.documents.tree import Block, Inlines, Text, blocks_of, flat, texts_of

_AROUND = 12
#: "十二次", "三千人次": a count in Chinese numerals of two or more characters.
_SPELT = re.compile(
    r"[一二三四五六七八九十百千万亿两]{2,}(?:余|多)?(?:人次|次|人|户|份|期|块|公斤|元|场)"
)


def typed_numbers(blocks: Iterable[Block]) -> Iterator[Issue]:
    """Find every digit run that an author typed, with the line of the template."""
    for block in blocks_of(tuple(blocks)):
        place = getattr(block, "place", None) or Place()
        for inlines in texts_of(block):
            yield from typed_in(inlines, place)


def typed_in(inlines: Inlines, place: Place) -> Iterator[Issue]:
    """Find the digit runs typed in one run of inlines."""
    for inline in flat(inlines):
        if isinstance(inline, Text):
            for start, end in _runs(inline.text):
                yield _issue(inline.text, start, end, place, Level.ERROR)
            for match in _SPELT.finditer(inline.text):
                yield _issue(inline.text, match.start(), match.end(), place, Level.WARNING)


def _runs(text: str) -> Iterator[tuple[int, int]]:
    start: int | None = None
    for index, sign in enumerate(f"{text} "):
        if unicodedata.category(sign).startswith("N"):
            start = index if start is None else start
        elif start is not None:
            yield start, index
            start = None


def _issue(text: str, start: int, end: int, place: Place, level: Level) -> Issue:
    around = text[max(0, start - _AROUND) : end + _AROUND].replace("\n", " ")
    return Issue(
        DocumentCode.DOCUMENT_004, place, {"digits": text[start:end], "text": around}, level
    )
