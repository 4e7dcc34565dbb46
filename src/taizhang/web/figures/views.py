"""The page that explains a figure: its sentence, its parts, the records behind it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from taizhang.web.accounts.permission import Request, page
from taizhang.web.base.moment import one_moment
from taizhang.web.figures import queries
from taizhang.web.figures.beside import beside
from taizhang.web.figures.present import row, shown
from taizhang.web.figures.request_params import request_params, unit_context
from taizhang.web.figures.wording import parts_words


@page("figure.read", unit="any")
def unit(request: Request, code: str) -> HttpResponse:
    """Lead to the figures of a unit."""
    query = {"unit": code}
    if period := request.GET.get("period"):
        query["period"] = period
    return HttpResponseRedirect(f"{reverse('figures:programme')}?{urlencode(query)}")


@page("figure.read", unit="any")
def figure(request: Request) -> HttpResponse:
    """Show a figure with its sentence, what it is made of, and the records behind it."""
    with one_moment():
        return _figure(request)


def _figure(request: Request) -> HttpResponse:
    key, code = request.GET.get("key", ""), request.GET.get("unit", "")
    params = request_params(request).about(code)
    book, period = params.book, params.period
    unit = params.unit(code)
    # A formula of one's own would say what is withheld: a small count plus a hundred.
    if book.public and not queries.is_defined(book, key):
        raise Http404
    explained = queries.figure_of(book, key, code, period)
    records: list[queries.RecordRow] = []
    more = False
    if explained.records.query:
        records, more = queries.records_behind(
            explained.records.query, params.user, book.programmes, params.now
        )
    splits = [
        (title, by, head, [row(part) for part in rows])
        for title, by, head, wanted in (
            (gettext("By unit"), "unit", gettext("Unit"), bool(params.tree.children(code))),
            (gettext("By month"), "month", gettext("Month"), period.length > 1),
        )
        if wanted and (rows := queries.figure_split(book, key, code, period, by))
    ]
    context = {
        **unit_context(params, unit),
        "shown": shown(explained),
        "parts": parts_words(explained),
        "splits": splits,
        "records": records,
        "more": more,
        "public": book.public,
        "beside": beside(params, explained),
    }
    return render(request, "figures/figure.html", context)
