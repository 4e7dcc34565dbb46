"""Documents given as files to keep: results of assessments here, drafts and versions of office."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import gettext

from taizhang.core.issue import Issue
from taizhang.documents import docx, html, pdf, xlsx
from taizhang.documents.output import renderer_for
from taizhang.documents.tree import Document

#: The endings that a document is offered with, in the order in which pages show them.
ENDINGS: Mapping[str, str] = {
    "docx": docx.MEDIA_TYPE,
    "pdf": pdf.MEDIA_TYPE,
    "html": html.MEDIA_TYPE,
    "xlsx": xlsx.MEDIA_TYPE,
}


def document_file(
    document: Document, ending: str, name: str, doubts: list[Issue] | None = None
) -> HttpResponse:
    """Give a document as a file to keep.

    :param ending: one of :data:`ENDINGS`
    :param doubts: takes what a person should look at in the file
    :param name: of the file, without its ending
    """
    content = renderer_for(f".{ending}")(document, gettext, doubts)
    answer = HttpResponse(content, content_type=ENDINGS[ending])
    # HTML too: a page of ours would refuse the style that stands inside the file.
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.{ending}"
    return answer
