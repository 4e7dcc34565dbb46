"""Documents as plain text, for the tests of packs."""

from __future__ import annotations

from taizhang.core.book import Book
from taizhang.core.period import Period
from taizhang.documents.said import plain
from taizhang.documents.tree import blocks_of, texts_of
from taizhang.documents.write import write


def text_of(book: Book, template: str, unit: str, period: Period) -> str:
    """Write a document and give its text: title, addressee, body, tables and its own annexes.

    The annex of numbers is left out: it holds every number a second time, so that a text expected
    there would be found though the body lost it.

    :raises Refused: as :func:`taizhang.documents.write.write`
    """
    document = write(book, template, unit, period)
    own = tuple(annex for annex in document.annexes if not annex.kind)
    lines = [plain(document.head.title), plain(document.head.addressee)]
    for block in (*blocks_of(document.blocks), *blocks_of(own)):
        lines.extend(plain(inlines) for inlines in texts_of(block))
    return "\n".join(lines)
