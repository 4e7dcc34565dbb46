"""Pages of the plan: progress, responsibility, quotas handed down, the calendar."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext, ngettext

from taizhang.core.issue import Issue, Place, Refused
from taizhang.core.pack.model import Pack
from taizhang.core.period import Month, Period, PeriodError, periods_of, year_check
from taizhang.core.task import Task
from taizhang.core.timetable import responsibility
from taizhang.core.typed import number_read, whole_of
from taizhang.core.unit import Unit
from taizhang.web.accounts.access import may
from taizhang.web.accounts.door import Request, issues_shown, page
from taizhang.web.base.export import FORMATS, sheet_response
from taizhang.web.desk import plans
from taizhang.web.desk.asking import Asked, asked, common, months_kept, unit_of
from taizhang.web.desk.home import kept_packs
from taizhang.web.ledger.words import Choice, month_words, number_words, period_words
from taizhang.web.moment import one_moment
from taizhang.web.programmes.actions import quota_hand_down, quota_take_back
from taizhang.web.programmes.code import ProgrammeCode


@page("plan.read", unit="query")
def plan(request: Request) -> HttpResponse:
    """Show the plan of one programme: quota, what is due, what is done, who leads."""
    with one_moment():
        question = asked(request)
        unit = unit_of(request, question)
        if unit is None:
            return render(request, "desk/empty.html", {})
        packs = _planned(question, unit)
        pack = _chosen(request, packs)
        rows = () if pack is None else _rows(question, pack, unit)
    if pack is not None and request.GET.get("as") in FORMATS:
        return _export(request.GET["as"], unit, pack, rows)
    departments, duties = responsibility(pack.plan) if pack and pack.plan else ((), ())
    context = {
        **common(question, unit),
        "packs": packs,
        "pack": pack,
        "rows": [(row, plans.MARKS[row.progress.state]) for row in rows],
        "departments": departments,
        "duties": [
            (duty.task, [duty.roles.get(one, "") for one in departments]) for duty in duties
        ],
        "periods": _periods(question.period, question.book.today.year),
        "children": question.tree.children(unit.code),
        "may_hand": may(request.user, "target.hand_down", unit.code),
        "query": urlencode({"unit": unit.code, "period": str(question.period)}),
    }
    return render(request, "desk/plan.html", context)


def _planned(question: Asked, unit: Unit) -> list[Pack]:
    return [
        pack
        for pack in kept_packs(question.book, unit)
        if pack.plan is not None and pack.plan.tasks
    ]


def _chosen(request: Request, packs: list[Pack]) -> Pack | None:
    wanted = request.POST.get("pack") or request.GET.get("pack")
    found = next((pack for pack in packs if pack.key == wanted), None)
    if wanted and found is None:
        raise Http404(gettext("This unit keeps no plan of that programme."))
    return found or (packs[0] if packs else None)


def _rows(question: Asked, pack: Pack, unit: Unit) -> tuple[plans.Row, ...]:
    book = question.book

    def read() -> tuple[plans.Row, ...]:
        return plans.plan_rows(book, pack, unit, question.period)

    if not question.plain:
        return read()
    about = (unit.code, pack.digest, str(question.period), book.language)
    return question.keep("plan", *about, compute=read)


def _periods(chosen: Period, year: int) -> list[Choice]:
    """Give the years and halves that a plan is made for."""
    found = []
    for one in (year + 1, year, year - 1):
        for period in periods_of(one, "year", "half"):
            found.append(Choice(str(period), period_words(period), period == chosen))
    if not any(one.chosen for one in found):
        found.append(Choice(str(chosen), period_words(chosen), True))
    return found


def _export(kind: str, unit: Unit, pack: Pack, rows: tuple[plans.Row, ...]) -> HttpResponse:
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
    return sheet_response(kind, f"{unit.name}{pack.label}", header, lines)


@dataclass(frozen=True, slots=True)
class _Handing:
    """Of what a quota is handed down: the page's unit, programme and task."""

    question: Asked
    unit: Unit
    pack: Pack
    task: Task
    measure: str


def _handing(request: Request) -> _Handing:
    question = asked(request)
    unit = unit_of(request, question)
    pack = None if unit is None else _chosen(request, _planned(question, unit))
    if unit is None or pack is None:
        raise Http404
    task = plans.task_of(pack, request.POST.get("task") or request.GET.get("task") or "")
    measure = None if task is None else plans.measure_of(question.book, pack, task)
    if task is None or measure is None:
        raise Http404(gettext("No quota is handed down for this task."))
    return _Handing(question, unit, pack, task, measure)


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
    said = ngettext("%(number)s quota was changed.", "%(number)s quotas were changed.", changed)
    messages.success(request, said % {"number": changed})
    query = {
        "unit": handing.unit.code,
        "period": str(handing.question.period),
        "pack": handing.pack.key,
        "task": handing.task.key,
    }
    return HttpResponseRedirect(f"{reverse('desk:quotas')}?{urlencode(query)}")


@transaction.atomic
def _hand_down(request: Request, handing: _Handing) -> int:
    """Write the quotas that differ from what stands; give how many."""
    question, changed = handing.question, 0
    found = plans.shares(question.book, handing.pack, handing.task, handing.unit, question.period)
    issues: list[Issue] = []
    for row in found.rows:
        text = request.POST.get(f"quota-{row.unit.code}", row.handed).strip()
        if text == row.handed:
            continue
        try:
            _hand(request, handing, row.unit.code, text)
        except Refused as refused:
            place = Place(row.unit.name)
            issues += [replace(one, place=place) for one in refused.issues]
            continue
        changed += 1
    if issues:
        raise Refused(issues)
    return changed


def _hand(request: Request, handing: _Handing, unit: str, text: str) -> None:
    """Hand a quota down as it was typed, or take it back where the field was emptied."""
    measure, period = handing.measure, handing.question.period
    user, now = request.user, request.now
    if not text:
        quota_take_back(measure=measure, unit=unit, period=period, acting_user=user, now=now)
        return
    amount = _amount(text)
    quota_hand_down(
        measure=measure, unit=unit, period=period, amount=amount, acting_user=user, now=now
    )


def _amount(text: str) -> Fraction:
    amount = number_read(text)
    if amount is None:
        raise Refused([Issue(ProgrammeCode.PROGRAMME_008, facts={"text": text[:40]})])
    return Fraction(amount)


def _quotas_page(
    request: Request, handing: _Handing, refused: Refused | None = None
) -> HttpResponse:
    question = handing.question
    found = plans.shares(question.book, handing.pack, handing.task, handing.unit, question.period)
    context = {
        **common(question, handing.unit),
        "pack": handing.pack,
        "task": handing.task,
        "own": None if found.own is None else number_words(found.own),
        "own_handed": found.own_handed,
        "total": number_words(found.total),
        "short": found.own is not None and found.total != found.own,
        "gap": "" if found.own is None else number_words(found.own - found.total),
        "rows": [
            (row, request.POST.get(f"quota-{row.unit.code}", row.handed)) for row in found.rows
        ],
        "measure_unit": found.measured_in,
        "fractional": found.fractional,
        "issues": issues_shown(refused) if refused else [],
    }
    return render(request, "desk/quotas.html", context, status=422 if refused else 200)


@page("plan.read", unit="query")
def calendar(request: Request) -> HttpResponse:
    """Show a month: theme days, dated tasks, things that fall due, months to close."""
    question = asked(request)
    unit = unit_of(request, question)
    if unit is None:
        return render(request, "desk/empty.html", {})
    book = question.book
    month = _month(request, book.today.year, book.today.month)
    packs = kept_packs(book, unit)
    open_months = {one.month: len(one.units) for one in months_kept(question, unit)}
    context = {
        **common(question, unit),
        "month": month,
        "month_words": month_words(month),
        "before": month.plus(-1),
        "after": month.plus(1),
        "weeks": plans.month_grid(book, packs, unit, month, open_months),
        "weekdays": [*WEEKDAYS_ABBR.values()],
    }
    return render(request, "desk/calendar.html", context)


def _month(request: Request, year: int, month: int) -> Month:
    text = request.GET.get("month", "")
    try:
        found = Month(whole_of(text[:4]), whole_of(text[5:])) if text else Month(year, month)
        if not 1 <= found.month <= 12:
            raise ValueError(text)
        year_check(text, found.year)
    except PeriodError as error:
        raise error.refused from error
    except ValueError as error:
        raise Http404(gettext("This is not a month.")) from error
    return found
