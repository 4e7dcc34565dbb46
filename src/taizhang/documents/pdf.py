"""Document tree → PDF (PDF/A-2b) by typst."""

from __future__ import annotations

import re
from calendar import timegm
from typing import Final

from typst import TypstError, compile_with_warnings

from taizhang.core.issue import Issue, Refused
from taizhang.documents.font import VARIABLE, fonts_find
from taizhang.documents.issue import DocumentCode
from taizhang.documents.tree import Document
from taizhang.documents.typst_text import TypstWriter

MEDIA_TYPE = "application/pdf"
#: An archive format: every font is embedded, and a character that no font has is an error.
STANDARD: Final = "a-2b"
_NO_GLYPH = re.compile(r'the text `"(?P<text>.*?)"` could not be displayed with font')


def to_pdf(document: Document) -> bytes:
    """Write a document as PDF/A-2b on the page of GB/T 9704—2012.

    :raises Refused: if no Chinese font is there, none of those chosen has a character of the
        document, or typst doubts the outcome
    """
    fonts = fonts_find()
    source = TypstWriter(document, fonts).source()
    day = document.head.as_of
    try:
        data, warnings = compile_with_warnings(
            source.encode(),
            font_paths=fonts.fonts,
            format="pdf",
            pdf_standards=STANDARD,
            timestamp=timegm(day.timetuple()) if day else 0,
        )
    except TypstError as error:
        missing = _NO_GLYPH.search(str(error))
        if missing is None:
            raise
        facts = {"text": missing["text"], "variable": VARIABLE}
        raise Refused([Issue(DocumentCode.DOCUMENT_015, facts=facts)]) from error
    if warnings:
        # Whatever typst doubts would be seen on paper only.
        raise Refused(
            [
                Issue(
                    DocumentCode.DOCUMENT_016,
                    facts={"reason": warning.message, "variable": VARIABLE},
                )
                for warning in warnings
            ]
        )
    if not isinstance(data, bytes):
        raise TypeError("typst gave pages, not one file")
    return data
