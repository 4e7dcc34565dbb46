"""Plain text of a document: title, addressee, body, tables, its own annexes."""

from __future__ import annotations

from taizhang.documents.format import plain
from taizhang.documents.tree import Document, blocks_of, texts_of


def to_text(document: Document) -> str:
    """Write a document as lines of text; a cell of a table is a line.

    The annex of numbers is left out: it holds every number a second time, so that a text expected
    there would be found though the body lost it.
    """
    own = tuple(annex for annex in document.annexes if not annex.kind)
    lines = [plain(document.head.title), plain(document.head.addressee)]
    for block in blocks_of((*document.blocks, *own)):
        lines.extend(plain(inlines) for inlines in texts_of(block))
    return "\n".join(lines)
