"""How long a document is, against the limits on papers.

整治形式主义为基层减负若干规定 (2024): papers in general at most 5,000 characters, papers on one
subject (专项) 4,000.  Counted is what a reader of the text reads: title, headings, paragraphs,
lists, with punctuation, without spaces; tables and annexes do not count.
"""

from __future__ import annotations

from taizhang.core.base.issue import Issue, Level, Place
from taizhang.documents.code import DocumentCode
from taizhang.documents.format import plain
from taizhang.documents.tree import Document, Heading, Inlines, List, Paragraph

GENERAL = 5_000
SPECIAL = 4_000
LIMITS = {"general": GENERAL, "special": SPECIAL, "综合": GENERAL, "专项": SPECIAL}


def length(document: Document) -> int:
    """Count the characters of the text."""
    total = _characters(document.head.title)
    for block in document.blocks:
        match block:
            case Heading():
                total += len(block.numbering) + _characters(block.inlines)
            case Paragraph():
                total += _characters(block.inlines)
            case List():
                total += sum(_characters(item) for item in block.items)
    return total


def too_long(document: Document, limit: int, place: Place) -> Issue | None:
    """Say by how much the text is over ``limit``; ``None`` when it is not."""
    characters = length(document)
    if characters <= limit:
        return None
    facts = {"length": characters, "over": characters - limit, "limit": limit}
    return Issue(DocumentCode.DOCUMENT_006, place, facts, Level.WARNING)


def _characters(inlines: Inlines) -> int:
    return sum(not sign.isspace() for sign in plain(inlines))
