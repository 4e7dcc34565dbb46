"""Pages that explain: a figure with the records behind it, a document whose numbers lead there."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control

from taizhang.core.figure import Figure
from taizhang.documents.html import to_fragment
from taizhang.documents.html_style import CSS
from taizhang.documents.said import plain
from taizhang.web.accounts.door import PUBLIC, Request, page
from taizhang.web.desk import queries
from taizhang.web.desk.asking import Asked, asked, common
from taizhang.web.desk.dashboard import figure_address, row, shown
from taizhang.web.desk.words import parts_words
from taizhang.web.moment import one_moment
from taizhang.web.office.review_pages import BaselineShown, baseline_beside, baseline_shown
from taizhang.web.office.writing import document_written


@page("figure.read", unit="any")
def unit(request: Request, code: str) -> HttpResponse:
    """Lead to the figures of a unit."""
    query = {"unit": code}
    if period := request.GET.get("period"):
        query["period"] = period
    return HttpResponseRedirect(f"{reverse('desk:figures')}?{urlencode(query)}")


@page("figure.read", unit="any")
def figure(request: Request) -> HttpResponse:
    """Show a figure with its sentence, what it is made of, and the records behind it."""
    with one_moment():
        return _figure(request)


def _figure(request: Request) -> HttpResponse:
    key, code = request.GET.get("key", ""), request.GET.get("unit", "")
    question = asked(request).about(code)
    book, period = question.book, question.period
    unit = question.unit(code)
    # A formula of one's own would say what is withheld: a small count plus a hundred.
    if book.public and not queries.is_defined(book, key):
        raise Http404
    found = queries.figure_of(book, key, code, period)
    records: list[queries.RecordRow] = []
    more = False
    if found.records.query:
        records, more = queries.records_behind(found.records.query, question.user, book.programmes)
    splits = [
        (title, by, head, [row(one) for one in rows])
        for title, by, head, wanted in (
            (gettext("By unit"), "unit", gettext("Unit"), bool(question.tree.children(code))),
            (gettext("By month"), "month", gettext("Month"), period.length > 1),
        )
        if wanted and (rows := queries.figure_split(book, key, code, period, by))
    ]
    context = {
        **common(question, unit),
        "shown": shown(found),
        "parts": parts_words(found),
        "splits": splits,
        "records": records,
        "more": more,
        "public": book.public,
        "beside": _beside(question, found),
    }
    return render(request, "desk/figure.html", context)


def _beside(question: Asked, found: Figure) -> list[BaselineShown]:
    """Give what old texts said of a measure: shown beside its figure, never counted in it."""
    if question.book.public or found.key not in question.book.programmes.measures:
        return []
    first, last = question.period.first, question.period.last
    rows = baseline_beside(found.unit_code, found.key, first, last)
    return baseline_shown(rows, question.now)


@page("document.read", unit="path")
def document(request: Request, code: str, key: str) -> HttpResponse:
    """Show a document; each of its numbers leads to its figure."""
    question = asked(request)
    unit = question.unit(code)
    with one_moment():
        written = document_written(question.book, key, code, question.period)
    body = to_fragment(written, link=figure_address, translate=gettext)
    context = {
        **common(question, unit),
        "title": plain(written.head.title),
        # Written by to_fragment, which escapes every text of packs and records.
        "body": mark_safe(body),  # noqa: S308
    }
    return render(request, "desk/document.html", context)


@page(PUBLIC)
@cache_control(max_age=3600)
def document_style(request: HttpRequest) -> HttpResponse:
    """Give the style sheet of documents, the one that a document as a file holds inside."""
    return HttpResponse(CSS, content_type="text/css; charset=utf-8")
