"""Document tree → file, by the ending of its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from taizhang.core.issue import Issue, Refused
from taizhang.documents.docx import to_docx
from taizhang.documents.html import Translate, to_html
from taizhang.documents.issue import DocumentCode
from taizhang.documents.pdf import to_pdf
from taizhang.documents.tree import Document
from taizhang.documents.xlsx import to_xlsx

Renderer = Callable[[Document, Translate], bytes]

RENDERERS: Mapping[str, Renderer] = {
    ".docx": lambda document, translate: to_docx(document),
    ".html": lambda document, translate: to_html(document, translate=translate).encode(),
    ".pdf": lambda document, translate: to_pdf(document),
    ".xlsx": lambda document, translate: to_xlsx(document),
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
