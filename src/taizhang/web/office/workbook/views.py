"""Pages of forms of other offices: the catalogue, the mapping of one, filled books and sources."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from taizhang.core.base.issue import Issue, Refused
from taizhang.core.base.period import Month, Period, around
from taizhang.web.accounts.access import may
from taizhang.web.accounts.permission import (
    Request,
    day_read,
    issues_shown,
    page,
    period_read,
    unit_asked,
)
from taizhang.web.base.export import FORMATS, attachment, table_file
from taizhang.web.base.request_body import takes_files
from taizhang.web.office import present
from taizhang.web.office.code import OfficeCode
from taizhang.web.office.models import FilledForm, OutsideForm
from taizhang.web.office.text_seal import unseal
from taizhang.web.office.workbook import access
from taizhang.web.office.workbook.actions import (
    FormMarks,
    form_describe,
    form_drop,
    form_fill,
    form_keep,
    form_map,
)
from taizhang.web.office.workbook.present import (
    cell_rows,
    filled_rows,
    form_row,
    source_table,
    sources_of,
)
from taizhang.web.office.workbook.queries import figure_choices
from taizhang.web.programmes.queries import programmes_on
from taizhang.web.units.queries import history

_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
}
_FILLED = 30


@page("document.read", unit="query")
def outside(request: Request) -> HttpResponse:
    """List the forms of other offices that a unit fills, and what each would take."""
    return _catalogue(request, unit_asked(request))


def _catalogue(
    request: Request, code: str, refused: Refused | None = None, typed: FormMarks | None = None
) -> HttpResponse:
    today = timezone.localdate(request.now)
    tree = history().tree(today)
    unit = tree.unit(code)
    if unit is None:
        raise Http404
    forms = access.forms_for(request.user, code, request.now).defer("content")
    rows = [form_row(form, tree, today) for form in forms]
    filled = access.filled_for(request.user, request.now).filter(unit=code)
    context = {
        "unit": unit,
        "units": present.units_offered(request.user, "document.read", today),
        "rows": rows,
        "filled": filled_rows(filled.select_related("form", "filled_by")[:_FILLED], tree),
        "may_keep": may(request.user, "document.draft", code),
        "issues": issues_shown(refused) if refused else [],
        "typed": typed,
        "most": 30,
    }
    return render(request, "office/outside.html", context, status=422 if refused else 200)


@takes_files
@page("document.draft", unit="query", methods=("POST",))
def outside_new(request: Request) -> HttpResponse:
    """Keep a form of another office, with its template or for the catalogue alone."""
    code = unit_asked(request)
    sent = request.FILES.get("file")
    marks = _marks(request)
    try:
        form = form_keep(
            unit=code,
            marks=marks,
            name=(sent.name or "") if sent is not None else "",
            content=sent.read() if sent is not None else b"",
            acting_user=request.user,
            now=request.now,
        )
    except Refused as refused:
        return _catalogue(request, code, refused, marks)
    return HttpResponseRedirect(reverse("office:outside-form", args=(code, form.pk)))


def _marks(request: Request) -> FormMarks:
    names = ("title", "asked_by", "basis", "approval", "duty")
    told = {name: request.POST.get(name, "") for name in names}
    return FormMarks(**told, expires_on=day_read(request.POST.get("expires_on", "")))


@page("document.read", unit="path")
def outside_form(request: Request, code: str, number: int) -> HttpResponse:
    """Show a form: what fills each cell, and what was filled before."""
    return _form(request, code, access.form_for(request.user, code, number, request.now))


def _form(
    request: Request, code: str, form: OutsideForm, refused: Refused | None = None
) -> HttpResponse:
    today = timezone.localdate(request.now)
    tree = history().tree(today)
    programmes = programmes_on(today)
    filled = access.filled_for(request.user, request.now).filter(form=form)
    last = Month.of(today).plus(-1)
    asked = request.POST.get("period") or request.GET.get("period")
    context = {
        "form": form,
        "row": form_row(form, tree, today),
        "unit": tree.unit(code),
        "code": code,
        "cells": cell_rows(form, programmes),
        "choices": figure_choices(programmes),
        "may_map": may(request.user, "document.draft", form.unit),
        "may_fill": may(request.user, "document.draft", code) and bool(form.digest),
        "units": present.units_offered(request.user, "document.draft", today),
        "periods": present.periods_offered(today),
        "period": asked or str(around(Period(last, last), "month")),
        "filled": filled_rows(filled.select_related("filled_by")[:_FILLED], tree),
        "issues": issues_shown(refused) if refused else [],
    }
    return render(request, "office/outside_form.html", context, status=422 if refused else 200)


@page("document.draft", unit="path", methods=("POST",))
def outside_map(request: Request, code: str, number: int) -> HttpResponse:
    """Save which figure fills which cell, or the mapping as text."""
    form = access.form_for(request.user, code, number, request.now, "document.draft")
    edition = request.POST.get("edition", "")
    chosen = {
        int(key[2:]): str(value).strip()
        for key, value in request.POST.items()
        if key.startswith("c-") and key[2:].isdecimal() and len(key) < 9
    }
    try:
        form_map(
            number=number,
            edition=int(edition) if edition.isdecimal() and len(edition) < 9 else -1,
            chosen=chosen,
            text=request.POST.get("mapping"),
            acting_user=request.user,
            now=request.now,
        )
    except Refused as refused:
        return _form(request, code, form, refused)
    messages.success(request, gettext("Saved."))
    return HttpResponseRedirect(reverse("office:outside-form", args=(code, number)))


@page("document.draft", unit="path", methods=("POST",))
def outside_describe(request: Request, code: str, number: int) -> HttpResponse:
    """Save what the catalogue says of a form."""
    form = access.form_for(request.user, code, number, request.now, "document.draft")
    try:
        form_describe(
            number=number, marks=_marks(request), acting_user=request.user, now=request.now
        )
    except Refused as refused:
        return _form(request, code, form, refused)
    messages.success(request, gettext("Saved."))
    return HttpResponseRedirect(reverse("office:outside-form", args=(code, number)))


@page("document.draft", unit="path", methods=("POST",))
def outside_drop(request: Request, code: str, number: int) -> HttpResponse:
    """Take a form out of the catalogue."""
    form = access.form_for(request.user, code, number, request.now, "document.draft")
    form_drop(number=form.pk, acting_user=request.user, now=request.now)
    messages.success(request, gettext("The form is out of the catalogue."))
    return HttpResponseRedirect(f"{reverse('office:outside')}?unit={code}")


@page("document.draft", unit="path", methods=("POST",))
def outside_fill(request: Request, code: str, number: int) -> HttpResponse:
    """Fill a form for a unit and period; it is frozen with its sources."""
    form = access.form_for(request.user, code, number, request.now)
    try:
        filled, _ = form_fill(
            number=form.pk,
            unit=code,
            period=period_read(request.POST.get("period", "")),
            acting_user=request.user,
            now=request.now,
        )
    except Refused as refused:
        return _form(request, code, form, refused)
    return HttpResponseRedirect(reverse("office:filled", args=(code, number, filled.number)))


def _filled(request: Request, code: str, number: int, version: int) -> FilledForm:
    rows = access.filled_for(request.user, request.now).filter(unit=code)
    filled = rows.select_related("form", "filled_by").filter(form=number, number=version).first()
    if filled is None:
        raise Refused([Issue(OfficeCode.OFFICE_015)])
    return filled


@page("document.read", unit="path")
def filled_form(request: Request, code: str, number: int, version: int) -> HttpResponse:
    """Show a filled form: each cell with its sources, what is left to a person first."""
    filled = _filled(request, code, number, version)
    tree = history().tree(timezone.localdate(request.now))
    sources = sources_of(filled)
    context = {
        "filled": filled,
        "form": filled.form,
        "code": code,
        "unit_name": present.name_of(tree, code),
        "left": [row for row in sources if row["outcome"] == "left"],
        "sources": [row for row in sources if row["outcome"] != "left"],
        "kinds": FORMATS,
    }
    return render(request, "office/filled.html", context)


@page("document.read", unit="path")
def filled_file(
    request: Request, code: str, number: int, version: int, ending: str
) -> HttpResponse:
    """Give the filled book, or the list of its sources as CSV."""
    filled = _filled(request, code, number, version)
    name = f"{filled.form.title} {filled.unit} {filled.period}"
    if ending == "csv":
        return table_file("csv", name, *source_table(filled))
    kind = next((kind for kind in _TYPES if filled.form.name.lower().endswith(kind)), "")
    if f".{ending}" != kind:
        raise Http404
    answer = attachment(unseal(bytes(filled.content), filled.digest), _TYPES[kind], f"{name}{kind}")
    answer["Cache-Control"] = "no-store"
    return answer
