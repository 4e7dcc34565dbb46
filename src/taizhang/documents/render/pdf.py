"""Document tree → PDF (PDF/A-2b) by typst."""

from __future__ import annotations

import re
from calendar import timegm
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from typst import TypstError, TypstWarning, compile_with_warnings

from taizhang.core.base.issue import Issue, Level, Refused
from taizhang.documents.code import DocumentCode
from taizhang.documents.format import plain
from taizhang.documents.render.font import VARIABLE, FontSet, find_fonts
from taizhang.documents.render.typst_markup import SUBSTITUTE, TypstWriter, is_mark
from taizhang.documents.tree import Document, blocks_of, texts_of

MEDIA_TYPE = "application/pdf"
#: An archive format: every font is embedded, and a character that no font has is an error.
STANDARD: Final = "a-2b"
#: How many characters before and after a rare one say where it stands.
AROUND = 12
_NO_GLYPH = re.compile(r'the text `"(?P<text>.*?)"` could not be displayed with font')
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}")


def to_pdf(document: Document, doubts: list[Issue] | None = None) -> bytes:
    """Write a document as PDF/A-2b on the page of GB/T 9704—2012.

    A character that the fonts of the paper lack is set in another font at hand, and where none
    has it a 〓 stands in its place; no paper waits for a character.

    :param doubts: takes a warning for each of these characters, with where it stands
    :raises Refused: if no Chinese font is there, or typst doubts the outcome
    """
    fonts = find_fonts()
    rare: dict[str, None] = {}
    lost: dict[str, None] = {}
    while True:
        source = TypstWriter(document, fonts, "".join(rare), "".join(lost)).source()
        try:
            data, warnings = _compiled(document, fonts, source)
            break
        except TypstError as error:
            if not _noted(_lacking(error), rare, lost):
                facts = {"reason": str(error), "variable": VARIABLE}
                raise Refused([Issue(DocumentCode.DOCUMENT_016, facts=facts)]) from error
    if warnings:
        # Whatever typst doubts would be seen on paper only.
        facts = {"variable": VARIABLE}
        raise Refused(
            [
                Issue(DocumentCode.DOCUMENT_016, facts=facts | {"reason": warning.message})
                for warning in warnings
            ]
        )
    if not isinstance(data, bytes):
        raise TypeError("typst gave pages, not one file")
    if doubts is not None:
        doubts += _told(document, rare, lost)
    return data


def _compiled(document: Document, fonts: FontSet, source: str) -> tuple[object, list[TypstWarning]]:
    day = document.head.as_of
    return compile_with_warnings(
        source.encode(),
        font_paths=fonts.fonts,
        format="pdf",
        pdf_standards=STANDARD,
        timestamp=timegm(day.timetuple()) if day else 0,
    )


def _lacking(error: TypstError) -> list[str]:
    """Give the texts that could not be set, a character with its marks each."""
    messages = _NO_GLYPH.finditer(error.diagnostic or str(error))
    return [
        _ESCAPED.sub(lambda code: chr(int(code[1], 16)), message["text"]) for message in messages
    ]


def _noted(texts: Iterable[str], rare: dict[str, None], lost: dict[str, None]) -> bool:
    """Note what to do with the characters of these texts otherwise; say whether anything is new.

    A mark that only chooses among the shapes of a character goes first, then another font is
    tried, and in the end a substitute is printed.
    """
    tried, before = frozenset(rare), len(rare) + len(lost)
    for text in texts:
        marks = [sign for sign in text if is_mark(sign)]
        for sign in marks or text:
            if sign != SUBSTITUTE or sign not in tried:
                (lost if marks or sign in tried else rare)[sign] = None
    return len(rare) + len(lost) > before


def _told(document: Document, rare: Iterable[str], lost: Mapping[str, None]) -> Iterator[Issue]:
    """Tell of each character that was set otherwise, and of a place where it stands."""
    texts = [plain(document.head.title)]
    for block in blocks_of((*document.blocks, *document.annexes)):
        texts += [plain(inlines) for inlines in texts_of(block)]
    for sign in dict.fromkeys((*rare, *lost)):
        where = next((text for text in texts if sign in text), "")
        if is_mark(sign) or not where:
            continue
        at = where.find(sign)
        facts = {
            "sign": sign,
            "code": f"U+{ord(sign):04X}",
            "where": where[max(0, at - AROUND) : at + AROUND],
            "variable": VARIABLE,
        }
        code = DocumentCode.DOCUMENT_015 if sign in lost else DocumentCode.DOCUMENT_019
        yield Issue(code, facts=facts, level=Level.WARNING)
