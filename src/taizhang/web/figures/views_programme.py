"""Pages of figures: a dashboard for each programme, from the district down to the records."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from taizhang.core.base.figure import Figure
from taizhang.core.definition.pack import Pack
from taizhang.core.indicator import Question, figures
from taizhang.core.indicator.open_months import open_months
from taizhang.core.unit.tree import Unit
from taizhang.web.accounts.access import may
from taizhang.web.accounts.permission import Request, page
from taizhang.web.base.export import FORMATS, table_file
from taizhang.web.base.moment import one_moment
from taizhang.web.base.wording import period_choices, period_words
from taizhang.web.figures import present, queries
from taizhang.web.figures.request_params import RequestParams, request_params, unit_context, unit_of
from taizhang.web.ledger.phone.xform_html import BUILT


@page("figure.read", unit="any")
def dashboard_page(request: Request) -> HttpResponse:
    """Show the figures of one programme for a unit, one of them drawn and split."""
    with one_moment():
        params, unit, pack = _asked(request)
        if unit is None or pack is None:
            return render(request, "figures/empty.html", {})
        if request.GET.get("as") in FORMATS:
            return _export(request.GET["as"], params, unit, pack)
        return render(request, "figures/programme.html", _context(request, params, unit, pack))


def _asked(request: Request) -> tuple[RequestParams, Unit | None, Pack | None]:
    params = request_params(request)
    unit = unit_of(request, params)
    packs = params.book.programmes.packs
    wanted = request.GET.get("pack") or request.GET.get("key", "").partition(".")[0]
    pack = next((pack for pack in packs if pack.key == wanted), None)
    if wanted and pack is None:
        raise Http404(gettext("No installed programme has that name."))
    if pack is None:
        pack = next((pack for pack in packs if pack.plan is not None), packs[0] if packs else None)
    return (params if unit is None else params.about(unit.code)), unit, pack


def _context(request: Request, params: RequestParams, unit: Unit, pack: Pack) -> dict[str, object]:
    book = params.book
    key = request.GET.get("key") or _first(pack)
    if key not in present.pack_keys(pack):
        raise Http404(gettext("The programme has no such figure."))
    dimensions = present.dimensions_of(book, key)
    by = request.GET.get("by") or (dimensions[0] if dimensions else "")
    if by and by not in dimensions:
        raise Http404(gettext("The figure cannot be split by that."))
    query = _query(request, params, unit, pack)
    later = not _is_there(params, unit, pack)
    return {
        **unit_context(params, unit),
        "packs": book.programmes.packs,
        "pack": pack,
        "key": key,
        "label": present.label_of(book, key),
        "chosen": _chosen(params, unit, key),
        "splits": _splits(params, unit, {**query, "key": key}, by),
        "dimensions": [
            (dimension, present.dimension_words(book, key, dimension)) for dimension in dimensions
        ],
        "by": by,
        "query": urlencode(query),
        "query_key": urlencode({**query, "key": key}),
        "children": params.tree.children(unit.code),
        "years": period_choices(queries.years(book.today), params.period),
        "charts": (BUILT / "chart.js").is_file(),
        "later": later,
        "rows": () if later else [present.row(figure) for figure in _figures(params, unit, pack)],
        "public": book.public,
        "still_open": _still_open(params, unit, pack),
        "scored": pack.rubric is not None
        and unit.kind in pack.rubric.unit_kinds
        and may(params.user, "score.read", unit.code),
        "tree_day": book.tree,
        "documents": [
            (document, period_words(document.period))
            for document in queries.documents(book, params.period)
            if document.key.startswith(f"{pack.key}.")
        ],
    }


def _first(pack: Pack) -> str:
    """Give the figure a page begins with: the first measure that the plan asks for, else any."""
    for task in pack.plan.tasks if pack.plan is not None else ():
        key = f"{pack.key}.{task.measure}"
        if key in pack.measures or key in pack.indicators:
            return key
    keys = present.pack_keys(pack)
    return keys[0] if keys else ""


def _query(request: Request, params: RequestParams, unit: Unit, pack: Pack) -> dict[str, str]:
    query = {"unit": unit.code, "period": str(params.period), "pack": pack.key}
    for name in ("as_of", "tree"):
        if request.GET.get(name):
            query[name] = request.GET[name]
    return query


def _about(params: RequestParams, unit: Unit, what: str) -> tuple[str, ...]:
    book = params.book
    return (unit.code, what, str(params.period), book.language, str(book.public))


def _is_there(params: RequestParams, unit: Unit, pack: Pack) -> bool:
    return params.plain and params.keep.has("figures", *_about(params, unit, pack.digest))


def _figures(params: RequestParams, unit: Unit, pack: Pack) -> tuple[Figure, ...]:
    book = params.book

    def answer() -> tuple[Figure, ...]:
        return present.pack_figures(book, pack, unit.code, params.period)

    if not params.plain:
        return answer()
    return params.keep("figures", *_about(params, unit, pack.digest), compute=answer)


def _still_open(params: RequestParams, unit: Unit, pack: Pack) -> str:
    """Say who has not closed which months, up to which day numbers hold and ratios speak."""
    book = params.book

    def answer() -> str:
        still_open = open_months(book, (unit.code,), params.period, (pack.key,))
        return still_open.sentence().text(book.language)

    if not params.plain:
        return answer()
    return params.keep("open", *_about(params, unit, pack.digest), compute=answer)


def _chosen(params: RequestParams, unit: Unit, key: str) -> present.FigureRow:
    wanted = Question(units=(unit.code,), indicators=(key,), period=params.period)
    return present.shown(figures(params.book, wanted)[0])


def _splits(
    params: RequestParams, unit: Unit, query: dict[str, str], by: str
) -> tuple[present.Split, ...]:
    book, key = params.book, query["key"]

    def answer() -> tuple[present.Split, ...]:
        return present.splits(book, key, unit, params.period, by, query)

    if not params.plain:
        return answer()
    about = _about(params, unit, f"{query['pack']} {key} {by}")
    return params.keep("splits", *about, compute=answer)


@page("figure.read", unit="any")
def table(request: Request) -> HttpResponse:
    """Give all figures of a programme, which come after the page that draws one of them."""
    with one_moment():
        params, unit, pack = _asked(request)
        if unit is None or pack is None:
            raise Http404
        context = {
            **unit_context(params, unit),
            "pack": pack,
            "query": urlencode(_query(request, params, unit, pack)),
            "key": request.GET.get("key", ""),
            "rows": [present.row(figure) for figure in _figures(params, unit, pack)],
            "whole": not request.headers.get("HX-Request"),
        }
    return render(request, "figures/table.html", context)


def _export(kind: str, params: RequestParams, unit: Unit, pack: Pack) -> HttpResponse:
    """Give the figures of a programme for the unit and those right below, one a line."""
    units = (unit.code, *(child.code for child in params.tree.children(unit.code)))
    wanted = Question(units=units, indicators=present.pack_keys(pack), period=params.period)
    header, rows = present.export(figures(params.book, wanted))
    return table_file(kind, f"{unit.name}{pack.label}{params.period}", header, rows)
