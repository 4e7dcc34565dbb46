"""Pages of burden: what recording costs, and which forms may be refused."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from taizhang.core.base.invisible_sign import line_of, words_of
from taizhang.core.base.issue import Refused
from taizhang.core.base.period import Period, fits, year_of
from taizhang.core.unit.tree import Unit
from taizhang.web.accounts.access import may
from taizhang.web.accounts.permission import Request, day_read, issues_shown, page
from taizhang.web.base.export import FORMATS, Cell, table_file
from taizhang.web.base.wording import Choice, period_words
from taizhang.web.figures.request_params import RequestParams, request_params, unit_context, unit_of
from taizhang.web.ledger.phone.xform_html import BUILT
from taizhang.web.plans import burden as queries
from taizhang.web.plans.burden_quotas import Demand, demand
from taizhang.web.programmes.actions import form_mark
from taizhang.web.programmes.admission import Admission, Marks, admissions
from taizhang.web.programmes.queries import programmes_on

YEARS = 3


@page("burden.read", unit="query")
def burden(request: Request) -> HttpResponse:
    """Show what recording cost a unit in a quarter: forms, answers, computed minutes."""
    params = request_params(request)
    unit = unit_of(request, params)
    if unit is None:
        return render(request, "figures/empty.html", {})
    this = queries.quarter_of(params.book.today)
    quarter = params.period if fits(params.period, "quarter") else this
    cost = _read(params, unit, quarter)
    standing = admissions(params.book.programmes, params.book.today)
    if request.GET.get("as") in FORMATS:
        return _export(request.GET["as"], unit, quarter, cost, standing)
    year = [
        (year_quarter, _read(params, unit, year_quarter))
        for year_quarter in queries.quarters(quarter)
    ]
    context = {
        **unit_context(params, unit),
        "quarter": quarter,
        "quarter_words": period_words(quarter),
        "periods": _periods(quarter, this),
        "cost": cost,
        "rows": [(effort, standing[effort.form.key]) for effort in cost.forms],
        "options": _options(cost),
        "charts": (BUILT / "chart.js").is_file(),
        "year": [(period_words(year_quarter), cost) for year_quarter, cost in year],
        "twice": queries.asked_twice(params.book.programmes, params.book.today),
        "year_words": period_words(year_of(quarter.first.year)),
        "demands": _demands(params, unit, year_of(quarter.first.year)),
        "children": params.tree.children(unit.code),
        "query": urlencode({"unit": unit.code, "period": str(quarter)}),
    }
    return render(request, "plans/burden.html", context)


def _read(params: RequestParams, unit: Unit, quarter: Period) -> queries.Burden:
    book = params.book
    return params.keep(
        "burden",
        unit.code,
        str(quarter),
        compute=lambda: queries.burden(book, unit, quarter),
    )


def _demands(params: RequestParams, unit: Unit, year: Period) -> tuple[Demand, Demand] | None:
    """Give what the packs alone ask of a community in a year, and what stands with quotas."""
    book = params.book

    def read() -> tuple[Demand, Demand] | None:
        asked = [demand(book, unit, year, handed=handed) for handed in (False, True)]
        default, standing = asked
        return None if default is None or standing is None else (default, standing)

    return params.keep("demand", unit.code, str(year), compute=read)


def _periods(chosen: Period, last: Period) -> list[Choice]:
    quarters = [last.shifted(-3 * at) for at in range(4 * YEARS)]
    if chosen not in quarters:
        quarters.append(chosen)
    return [Choice(str(quarter), period_words(quarter), quarter == chosen) for quarter in quarters]


def _options(cost: queries.Burden) -> dict[str, object] | None:
    """Draw the minutes of the costliest forms."""
    top = cost.forms[:12]
    if not top:
        return None
    return {
        "color": ["#14532d"],
        "grid": {"left": 12, "right": 32, "top": 12, "bottom": 12, "containLabel": True},
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {
            "type": "category",
            "data": [effort.form.title for effort in top],
            "inverse": True,
        },
        "series": [
            {
                "type": "bar",
                "name": gettext("Minutes"),
                "data": [effort.minutes for effort in top],
                "barMaxWidth": 28,
            }
        ],
        "tooltip": {"trigger": "axis"},
    }


def _export(
    kind: str, unit: Unit, quarter: Period, cost: queries.Burden, standing: Mapping[str, Admission]
) -> HttpResponse:
    header = [
        gettext("Form"),
        gettext("Standing"),
        gettext("Records"),
        gettext("Answers typed"),
        gettext("Answers known before"),
        gettext("Minutes (computed)"),
    ]
    rows: list[list[Cell]] = [
        [
            effort.form.title,
            standing[effort.form.key].words,
            effort.records,
            effort.typed,
            effort.known,
            effort.minutes,
        ]
        for effort in cost.forms
    ]
    return table_file(kind, f"{unit.name}{gettext('Burden')}{quarter}", header, rows)


@page("burden.read", unit="any")
def forms(request: Request) -> HttpResponse:
    """List the forms with their legal marks and what they are in law."""
    today = timezone.localdate(request.now)
    programmes = programmes_on(today)
    standings = admissions(programmes, today)
    context = {
        "packs": [
            (
                pack.label,
                [(standings[key], standings[key].words) for key in pack.forms],
            )
            for pack in programmes.packs
            if pack.forms
        ],
        "may_mark": may(request.user, "form.mark"),
    }
    return render(request, "plans/forms.html", context)


@page("form.mark", methods=("GET", "POST"))
def marks(request: Request, form: str) -> HttpResponse:
    """Show and write down the legal marks of a form."""
    today = timezone.localdate(request.now)
    admission = admissions(programmes_on(today), today).get(form)
    if admission is None:
        raise Http404
    if request.method != "POST":
        return _marks_page(request, admission, admission.marks)
    given = _given(request)
    try:
        form_mark(form=form, marks=given, acting_user=request.user, now=request.now)
    except Refused as refused:
        return _marks_page(request, admission, given, refused)
    messages.success(request, gettext("The marks are written down."))
    return HttpResponseRedirect(reverse("plans:forms"))


def _given(request: Request) -> Marks:
    day, others = request.POST.get("expires_on", ""), request.POST.get("asks_others", "")
    expires = day_read(day)
    return Marks(
        number=words_of(line_of(request.POST.get("number", ""))),
        authority=words_of(line_of(request.POST.get("authority", ""))),
        approval=words_of(line_of(request.POST.get("approval", ""))),
        expires_on=expires,
        asks_others={"yes": True, "no": False}.get(others),
    )


def _marks_page(
    request: Request, admission: Admission, shown: Marks, refused: Refused | None = None
) -> HttpResponse:
    context = {
        "admission": admission,
        "marks": shown,
        "standing": admission.words,
        "issues": issues_shown(refused) if refused else [],
    }
    return render(request, "plans/marks.html", context, status=422 if refused else 200)
