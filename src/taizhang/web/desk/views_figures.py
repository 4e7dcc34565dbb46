"""Pages of figures: a dashboard for each programme, from the district down to the records."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from taizhang.core.figure import Figure
from taizhang.core.indicator import Question, figures
from taizhang.core.pack.model import Pack
from taizhang.core.unit import Unit
from taizhang.web.accounts.door import Request, page
from taizhang.web.base.export import FORMATS, sheet_response
from taizhang.web.desk import dashboard, queries
from taizhang.web.desk.asking import Asked, asked, common, unit_of
from taizhang.web.ledger.phone.transform import BUILT
from taizhang.web.ledger.words import period_choices, period_words
from taizhang.web.moment import one_moment


@page("figure.read", unit="any")
def dashboard_page(request: Request) -> HttpResponse:
    """Show the figures of one programme for a unit, one of them drawn and split."""
    with one_moment():
        question, unit, pack = _asked(request)
        if unit is None or pack is None:
            return render(request, "desk/empty.html", {})
        if request.GET.get("as") in FORMATS:
            return _export(request.GET["as"], question, unit, pack)
        return render(request, "desk/figures_page.html", _context(request, question, unit, pack))


def _asked(request: Request) -> tuple[Asked, Unit | None, Pack | None]:
    question = asked(request)
    unit = unit_of(request, question)
    packs = question.book.programmes.packs
    wanted = request.GET.get("pack") or request.GET.get("key", "").partition(".")[0]
    pack = next((one for one in packs if one.key == wanted), None)
    if wanted and pack is None:
        raise Http404(gettext("No installed programme has that name."))
    if pack is None:
        pack = next((one for one in packs if one.plan is not None), packs[0] if packs else None)
    return (question if unit is None else question.about(unit.code)), unit, pack


def _context(request: Request, question: Asked, unit: Unit, pack: Pack) -> dict[str, object]:
    book = question.book
    key = request.GET.get("key") or _first(pack)
    if key not in dashboard.pack_keys(pack):
        raise Http404(gettext("The programme has no such figure."))
    dimensions = dashboard.dimensions_of(book, key)
    by = request.GET.get("by") or (dimensions[0] if dimensions else "")
    if by and by not in dimensions:
        raise Http404(gettext("The figure cannot be split by that."))
    query = _query(request, question, unit, pack)
    later = not _is_there(question, unit, pack)
    return {
        **common(question, unit),
        "packs": book.programmes.packs,
        "pack": pack,
        "key": key,
        "label": dashboard.label_of(book, key),
        "chosen": _chosen(question, unit, key),
        "splits": _splits(question, unit, {**query, "key": key}, by),
        "dimensions": [(one, dashboard.dimension_words(book, key, one)) for one in dimensions],
        "by": by,
        "query": urlencode(query),
        "query_key": urlencode({**query, "key": key}),
        "children": question.tree.children(unit.code),
        "years": period_choices(queries.years(book.today), question.period),
        "charts": (BUILT / "chart.js").is_file(),
        "later": later,
        "rows": () if later else [dashboard.row(one) for one in _figures(question, unit, pack)],
        "public": book.public,
        "tree_day": book.tree,
        "documents": [
            (one, period_words(one.period))
            for one in queries.documents(book, question.period)
            if one.key.startswith(f"{pack.key}.")
        ],
    }


def _first(pack: Pack) -> str:
    """Give the figure a page begins with: the first measure that the plan asks for, else any."""
    for task in pack.plan.tasks if pack.plan is not None else ():
        key = f"{pack.key}.{task.measure}"
        if key in pack.measures or key in pack.indicators:
            return key
    keys = dashboard.pack_keys(pack)
    return keys[0] if keys else ""


def _query(request: Request, question: Asked, unit: Unit, pack: Pack) -> dict[str, str]:
    query = {"unit": unit.code, "period": str(question.period), "pack": pack.key}
    for name in ("as_of", "tree"):
        if request.GET.get(name):
            query[name] = request.GET[name]
    return query


def _about(question: Asked, unit: Unit, what: str) -> tuple[str, ...]:
    book = question.book
    return (unit.code, what, str(question.period), book.language, str(book.public))


def _is_there(question: Asked, unit: Unit, pack: Pack) -> bool:
    return question.plain and question.keep.has("figures", *_about(question, unit, pack.digest))


def _figures(question: Asked, unit: Unit, pack: Pack) -> tuple[Figure, ...]:
    book = question.book

    def answer() -> tuple[Figure, ...]:
        return dashboard.pack_figures(book, pack, unit.code, question.period)

    if not question.plain:
        return answer()
    return question.keep("figures", *_about(question, unit, pack.digest), compute=answer)


def _chosen(question: Asked, unit: Unit, key: str) -> dashboard.Shown:
    wanted = Question(units=(unit.code,), indicators=(key,), period=question.period)
    return dashboard.shown(figures(question.book, wanted)[0])


def _splits(
    question: Asked, unit: Unit, query: dict[str, str], by: str
) -> tuple[dashboard.Split, ...]:
    book, key = question.book, query["key"]

    def answer() -> tuple[dashboard.Split, ...]:
        return dashboard.splits(book, key, unit, question.period, by, query)

    if not question.plain:
        return answer()
    about = _about(question, unit, f"{query['pack']} {key} {by}")
    return question.keep("splits", *about, compute=answer)


@page("figure.read", unit="any")
def table(request: Request) -> HttpResponse:
    """Give all figures of a programme, which come after the page that draws one of them."""
    with one_moment():
        question, unit, pack = _asked(request)
        if unit is None or pack is None:
            raise Http404
        context = {
            **common(question, unit),
            "pack": pack,
            "query": urlencode(_query(request, question, unit, pack)),
            "key": request.GET.get("key", ""),
            "rows": [dashboard.row(one) for one in _figures(question, unit, pack)],
            "whole": not request.headers.get("HX-Request"),
        }
    return render(request, "desk/figures_table.html", context)


def _export(kind: str, question: Asked, unit: Unit, pack: Pack) -> HttpResponse:
    """Give the figures of a programme for the unit and those right below, one a line."""
    units = (unit.code, *(child.code for child in question.tree.children(unit.code)))
    wanted = Question(units=units, indicators=dashboard.pack_keys(pack), period=question.period)
    header, rows = dashboard.export(figures(question.book, wanted))
    return sheet_response(kind, f"{unit.name}{pack.label}{question.period}", header, rows)
