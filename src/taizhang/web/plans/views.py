"""Pages of the plan: progress, responsibility, quotas handed down."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from taizhang.core.base.issue import Refused
from taizhang.core.base.period import Period, periods_of
from taizhang.core.definition.pack import Pack
from taizhang.core.definition.task import Task
from taizhang.core.progress.timetable import responsibility
from taizhang.core.unit.tree import Unit
from taizhang.web.accounts.access import may
from taizhang.web.accounts.permission import Request, issues_shown, page
from taizhang.web.base.export import FORMATS, table_file
from taizhang.web.base.moment import one_moment
from taizhang.web.base.wording import Choice, number_words, period_words
from taizhang.web.figures.request_params import (
    RequestParams,
    request_params,
    unit_context,
    unit_of,
)
from taizhang.web.plans.actions import quotas_change
from taizhang.web.plans.present import MARKS, TaskRow, measure_of, plan_rows, task_of
from taizhang.web.plans.quotas import shares
from taizhang.web.plans.schedule import kept_packs


@page("plan.read", unit="query")
def plan(request: Request) -> HttpResponse:
    """Show the plan of one programme: quota, what is due, what is done, who leads."""
    with one_moment():
        params = request_params(request)
        unit = unit_of(request, params)
        if unit is None:
            return render(request, "figures/empty.html", {})
        packs = _planned(params, unit)
        pack = _chosen(request, packs)
        rows = () if pack is None else _rows(params, pack, unit)
    if pack is not None and request.GET.get("as") in FORMATS:
        return _export(request.GET["as"], unit, pack, rows)
    departments, duties = responsibility(pack.plan) if pack and pack.plan else ((), ())
    context = {
        **unit_context(params, unit),
        "packs": packs,
        "pack": pack,
        "rows": [(row, MARKS[row.progress.state]) for row in rows],
        "departments": departments,
        "duties": [
            (duty.task, [duty.roles.get(department, "") for department in departments])
            for duty in duties
        ],
        "periods": _periods(params.period, params.book.today.year),
        "children": params.tree.children(unit.code),
        "may_hand": may(request.user, "target.hand_down", unit.code),
        "query": urlencode({"unit": unit.code, "period": str(params.period)}),
    }
    return render(request, "plans/plan.html", context)


def _planned(params: RequestParams, unit: Unit) -> list[Pack]:
    return [
        pack for pack in kept_packs(params.book, unit) if pack.plan is not None and pack.plan.tasks
    ]


def _chosen(request: Request, packs: list[Pack]) -> Pack | None:
    wanted = request.POST.get("pack") or request.GET.get("pack")
    chosen = next((pack for pack in packs if pack.key == wanted), None)
    if wanted and chosen is None:
        raise Http404(gettext("This unit keeps no plan of that programme."))
    return chosen or (packs[0] if packs else None)


def _rows(params: RequestParams, pack: Pack, unit: Unit) -> tuple[TaskRow, ...]:
    book = params.book

    def read() -> tuple[TaskRow, ...]:
        return plan_rows(book, pack, unit, params.period)

    if not params.plain:
        return read()
    about = (unit.code, pack.digest, str(params.period), book.language)
    return params.keep("plan", *about, compute=read)


def _periods(chosen: Period, year: int) -> list[Choice]:
    """Give the years and halves that a plan is made for."""
    choices = []
    for start_year in (year + 1, year, year - 1):
        for period in periods_of(start_year, "year", "half"):
            choices.append(Choice(str(period), period_words(period), period == chosen))
    if not any(choice.chosen for choice in choices):
        choices.append(Choice(str(chosen), period_words(chosen), True))
    return choices


def _export(kind: str, unit: Unit, pack: Pack, rows: tuple[TaskRow, ...]) -> HttpResponse:
    header = [
        gettext("Task"),
        gettext("Quota"),
        gettext("Due by now"),
        gettext("Done"),
        gettext("Unit of measure"),
        gettext("State"),
        gettext("Leads"),
        gettext("Supports"),
    ]
    lines = [
        [
            row.progress.task.label,
            row.progress.owed(),
            row.progress.owed_by_now(),
            None if row.progress.figure is None else row.progress.figure.value,
            row.unit,
            row.progress.sentence,
            row.progress.task.lead,
            "、".join(row.progress.task.support),
        ]
        for row in rows
    ]
    return table_file(kind, f"{unit.name}{pack.label}", header, lines)


@dataclass(frozen=True, slots=True)
class _Handing:
    """Of what a quota is handed down: the page's unit, programme and task."""

    params: RequestParams
    unit: Unit
    pack: Pack
    task: Task
    measure: str


def _handing(request: Request) -> _Handing:
    params = request_params(request)
    unit = unit_of(request, params)
    pack = None if unit is None else _chosen(request, _planned(params, unit))
    if unit is None or pack is None:
        raise Http404
    task = task_of(pack, request.POST.get("task") or request.GET.get("task") or "")
    measure = None if task is None else measure_of(params.book, pack, task)
    if task is None or measure is None:
        raise Http404(gettext("No quota is handed down for this task."))
    return _Handing(params, unit, pack, task, measure)


@page("target.hand_down", unit="query", methods=("GET", "POST"))
def quotas(request: Request) -> HttpResponse:
    """Show and set the quotas of the units right below, against the sum that is owed."""
    handing = _handing(request)
    if request.method != "POST":
        return _quotas_page(request, handing)
    try:
        changed = _hand_down(request, handing)
    except Refused as refused:
        return _quotas_page(request, handing, refused)
    message = ngettext("%(number)s quota was changed.", "%(number)s quotas were changed.", changed)
    messages.success(request, message % {"number": changed})
    query = {
        "unit": handing.unit.code,
        "period": str(handing.params.period),
        "pack": handing.pack.key,
        "task": handing.task.key,
    }
    return HttpResponseRedirect(f"{reverse('plans:quotas')}?{urlencode(query)}")


def _hand_down(request: Request, handing: _Handing) -> int:
    """Write the quotas that differ from what stands; give how many."""
    params = handing.params
    rows = shares(params.book, handing.pack, handing.task, handing.unit, params.period).rows
    typed = {
        row.unit: text
        for row in rows
        if (text := request.POST.get(f"quota-{row.unit.code}", row.handed).strip()) != row.handed
    }
    return quotas_change(
        measure=handing.measure,
        period=params.period,
        typed=typed,
        acting_user=request.user,
        now=request.now,
    )


def _quotas_page(
    request: Request, handing: _Handing, refused: Refused | None = None
) -> HttpResponse:
    params = handing.params
    quota_shares = shares(params.book, handing.pack, handing.task, handing.unit, params.period)
    context = {
        **unit_context(params, handing.unit),
        "pack": handing.pack,
        "task": handing.task,
        "own": None if quota_shares.own is None else number_words(quota_shares.own),
        "own_handed": quota_shares.own_handed,
        "total": number_words(quota_shares.total),
        "short": quota_shares.own is not None and quota_shares.total != quota_shares.own,
        "gap": ""
        if quota_shares.own is None
        else number_words(quota_shares.own - quota_shares.total),
        "rows": [
            (row, request.POST.get(f"quota-{row.unit.code}", row.handed))
            for row in quota_shares.rows
        ],
        "measure_unit": quota_shares.measured_in,
        "fractional": quota_shares.fractional,
        "issues": issues_shown(refused) if refused else [],
    }
    return render(request, "plans/quotas.html", context, status=422 if refused else 200)
