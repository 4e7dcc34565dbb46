"""Pages: read, never written to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import cache_control

from taizhang.core.book import Book
from taizhang.core.figure import Figure
from taizhang.core.period import Period, parse_period, year_of
from taizhang.core.unit import Tree, Unit
from taizhang.documents.html import to_fragment
from taizhang.documents.html_style import CSS
from taizhang.documents.said import plain
from taizhang.documents.write import write
from taizhang.web.accounts.door import PUBLIC, Request, page
from taizhang.web.accounts.models import User
from taizhang.web.accounts.queries import instance
from taizhang.web.desk import queries
from taizhang.web.desk.words import flag_words, parts_words, period_choices, period_words
from taizhang.web.ledger.book import open_book
from taizhang.web.ledger.queries import record_show


@dataclass(frozen=True, slots=True)
class Asked:
    """What every page about a unit is asked: by whom, with which book, for which period."""

    user: User
    book: Book
    period: Period
    tree: Tree

    def unit(self, code: str) -> Unit:
        """Give the unit of the page.

        :raises Http404: if it does not exist on the tree's day
        """
        found = self.tree.unit(code)
        if found is None:
            said = gettext("There is no unit %(code)s on %(day)s.")
            raise Http404(said % {"code": code, "day": self.tree.day})
        return found


def _asked(request: Request) -> Asked:
    user, now = request.user, request.now
    language = get_language() or "zh-hans"
    book = open_book(
        as_of=_day(request, "as_of"), tree=_day(request, "tree"), language=language, now=now
    )
    try:
        text = request.GET.get("period")
        period = parse_period(text) if text else year_of(book.today.year)
    except ValueError as error:
        raise Http404(gettext("This is not a period.")) from error
    return Asked(user, book, period, queries.tree_of(book, period))


def _day(request: HttpRequest, name: str) -> date | None:
    text = request.GET.get(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Http404(gettext("This is not a day.")) from error


@page("figure.read", unit="any")
def home(request: Request) -> HttpResponse:
    """Show the uppermost unit, or say how to begin."""
    asked = _asked(request)
    tops = asked.tree.tops
    if len(tops) == 1:
        return _unit_page(request, asked, tops[0])
    return render(request, "desk/home.html", {"tops": tops})


@page("figure.read", unit="any")
def unit(request: Request, code: str) -> HttpResponse:
    """Show a unit: the units below it, its figures, its documents."""
    asked = _asked(request)
    return _unit_page(request, asked, asked.unit(code))


def _unit_page(request: HttpRequest, asked: Asked, unit: Unit) -> HttpResponse:
    book = asked.book
    packs = [
        (pack, [_shown(figure) for figure in found])
        for pack, found in queries.figures_by_pack(book, unit.code, asked.period)
    ]
    context = {
        **_common(asked, unit),
        "children": asked.tree.children(unit.code),
        "packs": packs,
        "documents": [
            (one, period_words(one.period)) for one in queries.documents(book, asked.period)
        ],
        "years": period_choices(queries.years(book.today), asked.period),
    }
    return render(request, "desk/unit.html", context)


@page("figure.read", unit="any")
def figure(request: Request) -> HttpResponse:
    """Show a figure with its sentence, what it is made of, and the records behind it."""
    asked = _asked(request)
    key, code = request.GET.get("key", ""), request.GET.get("unit", "")
    unit = asked.unit(code)
    found = queries.figure_of(asked.book, key, code, asked.period)
    records: list[queries.RecordRow] = []
    more = False
    if found.records.query:
        forms = asked.book.programmes.forms
        records, more = queries.records_behind(found.records.query, asked.user, forms)
    splits = [
        (title, by, head, [_shown(one) for one in rows])
        for title, by, head, wanted in (
            (gettext("By unit"), "unit", gettext("Unit"), bool(asked.tree.children(code))),
            (gettext("By month"), "month", gettext("Month"), asked.period.length > 1),
        )
        if wanted and (rows := queries.figure_split(asked.book, key, code, asked.period, by))
    ]
    context = {
        **_common(asked, unit),
        "shown": _shown(found),
        "parts": parts_words(found),
        "splits": splits,
        "records": records,
        "more": more,
    }
    return render(request, "desk/figure.html", context)


@page("record.read", unit="any")
def record(request: Request, uid: str) -> HttpResponse:
    """Show a record: its answers, what it states, what became of it."""
    asked = _asked(request)
    found = record_show(acting_user=asked.user, uid=uid, now=request.now)
    form = asked.book.programmes.forms.get(found.record.form)
    measures = asked.book.programmes.measures
    context = {
        "found": found,
        "title": form.title if form else found.record.form,
        "unit_name": queries.unit_named(asked.tree, found.record.unit),
        "answers": queries.answers_shown(form, found.answers),
        "facts": queries.facts_shown(found.facts, measures, asked.tree),
        "period": asked.period,
        "trail": queries.trail(asked.tree, found.record.unit),
    }
    return render(request, "desk/record.html", context)


@page("document.read", unit="path")
def document(request: Request, code: str, key: str) -> HttpResponse:
    """Show a document; each of its numbers leads to its figure."""
    asked = _asked(request)
    unit = asked.unit(code)
    synthetic = instance().synthetic
    written = write(asked.book, key, code, asked.period, synthetic=synthetic)
    body = to_fragment(written, link=_address, translate=gettext)
    context = {
        **_common(asked, unit),
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


def _common(asked: Asked, unit: Unit) -> dict[str, object]:
    return {
        "unit": unit,
        "trail": queries.trail(asked.tree, unit.code),
        "period": asked.period,
        "period_words": period_words(asked.period),
        "as_of": asked.book.as_of,
        "tree": asked.tree,
    }


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as a row or head of a page."""

    figure: Figure
    address: str
    flags: tuple[str, ...]


def _shown(figure: Figure) -> Shown:
    return Shown(figure, _address(figure), tuple(map(flag_words, figure.flags)))


def _address(figure: Figure) -> str:
    """Give the address of the page that explains ``figure``."""
    query = {
        "unit": figure.unit_code,
        "key": figure.key,
        # A monthly figure is that month's; a value of a dimension is explained by the whole.
        "period": figure.bucket if _is_month(figure.bucket) else figure.period,
    }
    return f"{reverse('desk:figure')}?{urlencode(query)}"


def _is_month(bucket: str | None) -> bool:
    try:
        return bucket is not None and parse_period(bucket).length == 1
    except ValueError:
        return False
