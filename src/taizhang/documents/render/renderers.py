"""Document tree → file, by the ending of its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from taizhang.core.base.issue import Issue, Refused
from taizhang.documents.code import DocumentCode
from taizhang.documents.render.html import Translate, to_html
from taizhang.documents.tree import Document


class Renderer(Protocol):
    """Writes a document; ``doubts`` takes what a person should look at in the file."""

    def __call__(
        self, document: Document, translate: Translate, doubts: list[Issue] | None = None
    ) -> bytes:
        """Give the file."""
        ...


# Each library is loaded by the file that needs it: a page needs none of Word, Typst and Excel.
def _docx(document: Document, translate: Translate, doubts: list[Issue] | None = None) -> bytes:
    from taizhang.documents.render.docx import to_docx

    return to_docx(document)


def _html(document: Document, translate: Translate, doubts: list[Issue] | None = None) -> bytes:
    return to_html(document, translate=translate).encode()


def _pdf(document: Document, translate: Translate, doubts: list[Issue] | None = None) -> bytes:
    from taizhang.documents.render.pdf import to_pdf

    return to_pdf(document, doubts)


def _xlsx(document: Document, translate: Translate, doubts: list[Issue] | None = None) -> bytes:
    from taizhang.documents.render.xlsx import to_xlsx

    return to_xlsx(document)


RENDERERS: Mapping[str, Renderer] = {
    ".docx": _docx,
    ".html": _html,
    ".pdf": _pdf,
    ".xlsx": _xlsx,
}


def renderer_for(name: str) -> Renderer:
    """Choose the renderer for a file name.

    :raises Refused: if no document can be written with that ending
    """
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    if ending not in RENDERERS:
        facts = {"name": ending or name, "allowed": ", ".join(RENDERERS)}
        raise Refused([Issue(DocumentCode.DOCUMENT_012, facts=facts)])
    return RENDERERS[ending]
