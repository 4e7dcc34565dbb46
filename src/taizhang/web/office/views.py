"""Pages of documents: list, draft with its blanks, freeze, versions, files."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from taizhang.core.base.issue import Issue, Refused
from taizhang.core.base.period import Period, year_of
from taizhang.documents.format import plain
from taizhang.documents.render.html import to_fragment
from taizhang.documents.tree import Document
from taizhang.web.accounts.access import may
from taizhang.web.accounts.permission import Request, issues_shown, page, period_read, unit_asked
from taizhang.web.base.export import ENDINGS, document_file
from taizhang.web.office import access, present
from taizhang.web.office.actions import document_freeze, draft_drop, draft_fill, draft_make
from taizhang.web.office.blanks import blank_places, blanks_open, filled, form_fragment
from taizhang.web.office.document import (
    document_frozen,
    document_of,
    lines_of,
    number_changes,
    pairs_around_changes,
    side_by_side,
)
from taizhang.web.office.models import DocumentVersion, Draft
from taizhang.web.units.queries import history


@page("document.read", unit="query")
def documents(request: Request) -> HttpResponse:
    """List templates to draft from, and the drafts of a unit and those below it."""
    today = timezone.localdate(request.now)
    code = unit_asked(request)
    unit = history().tree(today).unit(code)
    if unit is None:
        raise Http404
    period = _period(request.GET.get("period"), year_of(today.year))
    context = {
        "unit": unit,
        "period": period,
        "units": present.units_offered(request.user, "document.read", today),
        "periods": present.periods_offered(today),
        "packs": present.templates_shown(today, period),
        "drafts": present.drafts_shown(request.user, code, request.now),
        "may_draft": present.may_draft(request.user, code),
    }
    return render(request, "office/documents.html", context)


@page("document.draft", unit="query", methods=("POST",))
def draft_new(request: Request) -> HttpResponse:
    """Draft a document."""
    draft = draft_make(
        template=request.POST.get("template", ""),
        unit=unit_asked(request),
        period=_period(request.POST.get("period")),
        acting_user=request.user,
        now=request.now,
    )
    return HttpResponseRedirect(_address(draft))


@page("document.read", unit="path")
def draft_page(request: Request, code: str, number: int) -> HttpResponse:
    """Show a draft: each number leads to what stands behind it, each blank is filled in place."""
    return _draft_shown(request, access.draft_for(request.user, code, number, request.now))


def _draft_shown(
    request: Request,
    draft: Draft,
    refused: Refused | None = None,
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    document = document_of(draft, request.now)
    words = {**draft.filled, **(typed or {})}
    fills = present.may_draft(request.user, draft.unit)
    if fills:
        body = form_fragment(
            document,
            lambda place: present.field(
                place, words.get(place.key, ""), draft.filled.get(place.key, "")
            ),
            link=present.link,
            translate=gettext,
        )
    else:
        body = to_fragment(filled(document, words), link=present.link, translate=gettext)
    context = {
        **_common(request, draft),
        "body": _trusted(body),
        "fills": fills,
        "blanks": len(blank_places(document)),
        "open": blanks_open(document, draft.filled),
        "versions": list(draft.versions.select_related("frozen_by").order_by("-number")),
        "issues": issues_shown(refused) if refused else [],
        "endings": ENDINGS,
    }
    return render(request, "office/draft.html", context, status=422 if refused else 200)


def _trusted(body: str) -> SafeString:
    """Mark what to_fragment wrote, which escapes every text of packs, records and people."""
    return mark_safe(body)  # noqa: S308


def _common(request: Request, draft: Draft) -> dict[str, object]:
    tree = history().tree(timezone.localdate(request.now))
    return {
        "draft": draft,
        "unit_name": present.name_of(tree, draft.unit),
        "period": draft.period,
        "may_freeze": may(request.user, "document.freeze", draft.unit),
    }


@page("document.draft", unit="path", methods=("POST",))
def fill(request: Request, code: str, number: int) -> HttpResponse:
    """Save what was written into the blanks; htmx saves each one as it is left."""
    draft = access.draft_for(request.user, code, number, request.now, "document.draft")
    words = {key[2:]: str(text) for key, text in request.POST.items() if key.startswith("b-")}
    seen = {key[2:]: str(text) for key, text in request.POST.items() if key.startswith("w-")}
    try:
        saved = draft_fill(
            number=number,
            words=words,
            seen=seen,
            acting_user=request.user,
            now=request.now,
        )
    except Refused as refused:
        if request.headers.get("HX-Request"):
            return render(request, "office/saved.html", {"issues": issues_shown(refused)})
        return _draft_shown(request, draft, refused, words)
    if request.headers.get("HX-Request"):
        return render(request, "office/saved.html", {"draft": saved})
    if request.POST.get("then") == "freeze":
        return HttpResponseRedirect(reverse("office:freeze", args=(code, number)))
    messages.success(request, gettext("Saved."))
    return HttpResponseRedirect(_address(draft))


@page("document.freeze", unit="path", methods=("GET", "POST"))
def freeze(request: Request, code: str, number: int) -> HttpResponse:
    """List the blanks that are still open, then freeze."""
    draft = access.draft_for(request.user, code, number, request.now, "document.freeze")
    refused = None
    if request.method == "POST":
        try:
            version = document_freeze(
                number=number,
                leave_open="leave_open" in request.POST,
                note=request.POST.get("note", ""),
                acting_user=request.user,
                now=request.now,
            )
        except Refused as caught:
            refused = caught
        else:
            messages.success(request, gettext("Frozen."))
            return HttpResponseRedirect(_address(draft, version.number))
    document = document_of(draft, request.now)
    context = {
        **_common(request, draft),
        "open": blanks_open(document, draft.filled),
        "missing": [printed for printed in document.numbers if printed.figure.value is None],
        "issues": issues_shown(refused) if refused else [],
        "warnings": issues_shown(Refused(document.issues)),
    }
    return render(request, "office/freeze.html", context, status=422 if refused else 200)


@page("document.draft", unit="path", methods=("POST",))
def drop(request: Request, code: str, number: int) -> HttpResponse:
    """Throw a draft away."""
    draft = access.draft_for(request.user, code, number, request.now, "document.draft")
    try:
        draft_drop(number=number, acting_user=request.user, now=request.now)
    except Refused as refused:
        return _draft_shown(request, draft, refused)
    messages.success(request, gettext("The draft is thrown away."))
    return HttpResponseRedirect(f"{reverse('office:list')}?unit={code}")


@page("document.read", unit="path")
def draft_file(request: Request, code: str, number: int, ending: str) -> HttpResponse:
    """Give a draft as a file; open blanks stay marked in it."""
    if ending not in ENDINGS:
        raise Http404
    draft = access.draft_for(request.user, code, number, request.now)
    return _file(request, filled(document_of(draft, request.now), draft.filled), ending)


@page("document.read", unit="path")
def version_page(request: Request, code: str, number: int, version: int) -> HttpResponse:
    """Show a frozen document, and which of its numbers would be others today."""
    draft = access.draft_for(request.user, code, number, request.now)
    frozen_version = access.version_for(draft, version)
    document = document_frozen(frozen_version)
    others, unknown = _others(draft, document, request)
    context = {
        **_common(request, draft),
        "version": frozen_version,
        "body": _trusted(to_fragment(document, link=present.link, translate=gettext)),
        "others": others,
        "unknown": unknown,
        "versions": list(draft.versions.order_by("number")),
        "endings": ENDINGS,
    }
    return render(request, "office/version.html", context)


def _others(
    draft: Draft, document: Document, request: Request
) -> tuple[list[tuple[object, str]], bool]:
    try:
        today = document_of(draft, request.now)
    except Refused:  # the template or the unit is no longer there
        return [], True
    others = number_changes(document, today)
    return [(other, present.link(other.figure) or "") for other in others], False


@page("document.read", unit="path")
def version_file(
    request: Request, code: str, number: int, version: int, ending: str
) -> HttpResponse:
    """Give a frozen document as a file."""
    if ending not in ENDINGS:
        raise Http404
    draft = access.draft_for(request.user, code, number, request.now)
    return _file(request, document_frozen(access.version_for(draft, version)), ending)


@page("document.read", unit="path")
def compare(request: Request, code: str, number: int) -> HttpResponse:
    """Put two versions side by side."""
    draft = access.draft_for(request.user, code, number, request.now)
    left, right = (_asked(request, draft, name) for name in ("left", "right"))
    rows = side_by_side(
        list(lines_of(document_frozen(left))), list(lines_of(document_frozen(right)))
    )
    whole = request.GET.get("all") == "1"
    context = {
        **_common(request, draft),
        "left": left,
        "right": right,
        "rows": rows if whole else pairs_around_changes(rows),
        "whole": whole,
        "changed": sum(not row.same for row in rows),
        "versions": list(draft.versions.order_by("number")),
    }
    return render(request, "office/compare.html", context)


def _asked(request: Request, draft: Draft, name: str) -> DocumentVersion:
    text = request.GET.get(name, "")
    if not text.isascii() or not text.isdecimal() or len(text) > 5:
        raise Http404
    return access.version_for(draft, int(text))


def _address(draft: Draft, version: int | None = None) -> str:
    if version is None:
        return reverse("office:draft", args=(draft.unit, draft.pk))
    return reverse("office:version", args=(draft.unit, draft.pk, version))


def _file(request: Request, document: Document, ending: str) -> HttpResponse:
    """Give a document as a file; what to look at in it is told on the next page."""
    doubts: list[Issue] = []
    answer = document_file(document, ending, plain(document.head.title)[:120], doubts)
    for doubt in issues_shown(Refused(doubts)):
        messages.warning(request, f"{doubt['sentence']} {doubt['remedy']}")
    return answer


def _period(text: str | None, other: Period | None = None) -> Period:
    if not text and other is not None:
        return other
    return period_read(text or "")
