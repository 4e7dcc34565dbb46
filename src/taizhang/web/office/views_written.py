"""The page of a document as the ledger writes it now: its numbers lead to their figures."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control

from taizhang.documents.format import plain
from taizhang.documents.render.html import to_fragment
from taizhang.documents.render.html_style import CSS
from taizhang.web.accounts.permission import PUBLIC, Request, page
from taizhang.web.base.moment import one_moment
from taizhang.web.figures.present import figure_address
from taizhang.web.figures.request_params import request_params, unit_context
from taizhang.web.office.document import document_cached


@page("document.read", unit="path")
def document(request: Request, code: str, key: str) -> HttpResponse:
    """Show a document; each of its numbers leads to its figure."""
    params = request_params(request)
    unit = params.unit(code)
    with one_moment():
        written = document_cached(params.book, key, code, params.period)
    body = to_fragment(written, link=figure_address, translate=gettext)
    context = {
        **unit_context(params, unit),
        "title": plain(written.head.title),
        # Written by to_fragment, which escapes every text of packs and records.
        "body": mark_safe(body),  # noqa: S308
    }
    return render(request, "office/document.html", context)


@page(PUBLIC)
@cache_control(max_age=3600)
def document_style(request: HttpRequest) -> HttpResponse:
    """Give the style sheet of documents, the one that a document as a file holds inside."""
    return HttpResponse(CSS, content_type="text/css; charset=utf-8")
