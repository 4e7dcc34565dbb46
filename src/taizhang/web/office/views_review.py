"""Pages of old texts: upload, review side by side, store a baseline, draft packs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from taizhang.core.base.issue import Issue, Refused
from taizhang.reading.review.finding import FindingKind
from taizhang.web.accounts.permission import Request, issues_shown, page, unit_asked
from taizhang.web.base.export import attachment
from taizhang.web.base.request_body import takes_files
from taizhang.web.office import access, present, present_review
from taizhang.web.office.code import OfficeCode
from taizhang.web.office.models import Choice, Review
from taizhang.web.office.old_text import (
    accepted_of,
    drafts_checked,
    findings_of,
    lines_of,
    readings_of,
)
from taizhang.web.office.review_actions import (
    MOST_BYTES,
    FindingChoice,
    baseline_store,
    findings_choose,
    review_begin,
    review_delete,
    review_type,
)
from taizhang.web.units.queries import history


@takes_files
@page("reading.use", unit="query", methods=("GET", "POST"))
def texts(request: Request) -> HttpResponse:
    """List old texts under review, and take another."""
    today = timezone.localdate(request.now)
    tree = history().tree(today)
    code = unit_asked(request)
    if tree.unit(code) is None:
        raise Http404
    refused = None
    if request.method == "POST":
        try:
            begun = _upload(request, code)
        except Refused as caught:
            refused = caught
        else:
            return HttpResponseRedirect(reverse("office:review", args=(code, begun.pk)))
    rows = access.reviews_for(request.user, request.now).select_related("uploaded_by")
    context = {
        "rows": [(row, present.name_of(tree, row.unit)) for row in rows[: present.DRAFTS]],
        "unit": tree.unit(code),
        "units": present.units_offered(request.user, "reading.use", today),
        "issues": issues_shown(refused) if refused else [],
        "most": MOST_BYTES // 1_000_000,
    }
    return render(request, "office/texts.html", context, status=422 if refused else 200)


def _upload(request: Request, unit: str) -> Review:
    sent = request.FILES.get("file")
    if sent is None:
        raise Refused([Issue(OfficeCode.OFFICE_007)])
    if sent.size is not None and sent.size > MOST_BYTES:
        facts = {"name": sent.name or "", "size": sent.size, "most": MOST_BYTES}
        raise Refused([Issue(OfficeCode.OFFICE_008, facts=facts)])
    return review_begin(
        unit=unit,
        name=sent.name or "",
        content=sent.read(),
        acting_user=request.user,
        now=request.now,
    )


@page("reading.use", unit="path")
def review(request: Request, code: str, number: int) -> HttpResponse:
    """Show an old text beside what was read in it."""
    return _shown(request, access.review_for(request.user, code, number, request.now))


def _shown(request: Request, review: Review, refused: Refused | None = None) -> HttpResponse:
    query = request.POST if request.method == "POST" else request.GET
    names = query.get("names") == "1"
    readings = readings_of(review)
    choices = {choice.finding: choice for choice in review.choices.all()}
    document = min(_number(query.get("document", ""), 0), max(0, len(readings) - 1))
    context = {
        **_common(request, review),
        "shown": present_review.review_shown(
            readings,
            findings_of(review, names=names),
            lines_of(review, names=names),
            choices,
            document=document,
            page=_number(query.get("page", ""), 1),
            names=names,
            now=request.now,
        ),
        "document": document,
        "names": names,
        "names_query": "&names=1" if names else "",
        "kinds": [(key, word) for key, word in present_review.TYPE_WORDS.items() if key != "other"],
        "decided": len(choices),
        "issues": issues_shown(refused) if refused else [],
    }
    return render(request, "office/review.html", context, status=422 if refused else 200)


def _common(request: Request, review: Review) -> dict[str, object]:
    tree = history().tree(timezone.localdate(request.now))
    return {"review": review, "unit_name": present.name_of(tree, review.unit)}


def _number(text: str, other: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else other


@page("reading.use", unit="path", methods=("POST",))
def choose(request: Request, code: str, number: int) -> HttpResponse:
    """Decide on one finding; htmx gets the finding's row again."""
    review = access.review_for(request.user, code, number, request.now)
    names = request.POST.get("names") == "1"
    key = request.POST.get("finding", "")
    known = {finding.id: finding for finding in findings_of(review, names=names)}
    refused = None
    if key not in known:
        raise Http404
    action = request.POST.get("action", "")
    typed = {name[2:]: str(text) for name, text in request.POST.items() if name.startswith("f-")}
    fields = present_review.fields_changed(known[key], typed)
    if action in ("accept", "correct"):
        action = "correct" if fields else "accept"
    try:
        findings_choose(
            number=number,
            chosen=[
                FindingChoice(
                    finding=key,
                    action=action,
                    fields=fields,
                    measure=request.POST.get("measure", "").strip(),
                )
            ],
            acting_user=request.user,
            now=request.now,
        )
    except Refused as caught:
        refused = caught
    if not request.headers.get("HX-Request"):
        if refused:
            return _shown(request, review, refused)
        return HttpResponseRedirect(f"{_place(request, review)}#f-{key}")
    choice = review.choices.filter(finding=key).first()
    if refused:  # their words stay in the fields
        choice = Choice(finding=key, action=choice.action if choice else "", fields=fields)
    context = {
        **_common(request, review),
        "row": present_review.finding_row(known[key], choice),
        "names": names,
        "document": _number(request.POST.get("document", ""), 0),
        "page": _number(request.POST.get("page", ""), 1),
        "issues": issues_shown(refused) if refused else [],
    }
    return render(request, "office/finding.html", context)


def _place(request: Request, review: Review) -> str:
    document = _number(request.POST.get("document", ""), 0)
    at = _number(request.POST.get("page", ""), 1)
    names = "&names=1" if request.POST.get("names") == "1" else ""
    address = reverse("office:review", args=(review.unit, review.pk))
    return f"{address}?document={document}&page={at}{names}"


@page("reading.use", unit="path", methods=("POST",))
def choose_all(request: Request, code: str, number: int) -> HttpResponse:
    """Decide on all findings of a kind in a document that nobody decided on yet."""
    review = access.review_for(request.user, code, number, request.now)
    kind, action = request.POST.get("kind", ""), request.POST.get("action", "")
    if kind not in list(FindingKind) or action not in ("accept", "reject"):
        raise Http404
    document = _number(request.POST.get("document", ""), 0)
    decided = set(review.choices.values_list("finding", flat=True))
    wanted = [
        FindingChoice(finding=finding.id, action=action, fields={})
        for finding in findings_of(review)
        if finding.document == document and finding.kind == kind and finding.id not in decided
    ]
    return _done(
        request,
        review,
        lambda: findings_choose(
            number=number, chosen=wanted, acting_user=request.user, now=request.now
        ),
        _place(request, review),
        gettext("%(count)s findings are decided.") % {"count": len(wanted)},
    )


@page("reading.use", unit="path", methods=("POST",))
def type_say(request: Request, code: str, number: int) -> HttpResponse:
    """Say what the text is."""
    review = access.review_for(request.user, code, number, request.now)
    return _done(
        request,
        review,
        lambda: review_type(
            number=number,
            kind=request.POST.get("kind", ""),
            acting_user=request.user,
            now=request.now,
        ),
        reverse("office:review", args=(code, number)),
        gettext("The text is read again."),
    )


def _done(
    request: Request, review: Review, do: Callable[[], object], address: str, message: str
) -> HttpResponse:
    try:
        do()
    except Refused as refused:
        return _shown(request, review, refused)
    messages.success(request, message)
    return HttpResponseRedirect(address)


@page("reading.use", unit="path")
def result(request: Request, code: str, number: int) -> HttpResponse:
    """Show what the decisions leave: baseline figures and draft packs with their check report."""
    review = access.review_for(request.user, code, number, request.now)
    outcome = accepted_of(review)
    kept = access.baselines_for(request.user, request.now).filter(unit=code, source=review.digest)
    context = {
        **_common(request, review),
        "outcome": outcome,
        "figures": outcome.baseline,
        "drafts": [
            (checked.draft, issues_shown(Refused(checked.issues)), _is_sound(checked.issues))
            for checked in drafts_checked(outcome.drafts)
        ],
        "issues": issues_shown(Refused(outcome.issues)) if outcome.issues else [],
        "stored": present_review.baseline_shown(kept, request.now),
    }
    return render(request, "office/result.html", context)


def _is_sound(issues: tuple[Issue, ...]) -> bool:
    return not any(issue.level == "error" for issue in issues)


@page("reading.use", unit="path", methods=("POST",))
def store(request: Request, code: str, number: int) -> HttpResponse:
    """Store the accepted figures as baseline."""
    review = access.review_for(request.user, code, number, request.now)
    try:
        done = baseline_store(number=number, acting_user=request.user, now=request.now)
    except Refused as refused:
        return _shown(request, review, refused)
    message = gettext("%(added)s figures stored, %(same)s were there, %(withdrawn)s taken back.")
    facts = {"added": done.added, "same": done.same, "withdrawn": done.withdrawn}
    messages.success(request, message % facts)
    return HttpResponseRedirect(reverse("office:result", args=(code, number)))


@page("reading.use", unit="path")
def drafts(request: Request, code: str, number: int) -> HttpResponse:
    """Give the draft packs as one ZIP."""
    review = access.review_for(request.user, code, number, request.now)
    outcome = accepted_of(review)
    if not outcome.drafts:
        raise Http404
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for draft in outcome.drafts:
            for path, text in sorted(draft.files.items()):
                archive.writestr(zipfile.ZipInfo(f"{draft.key}/{path}"), text)
    return attachment(stream.getvalue(), "application/zip", f"drafts-{number}.zip")


@page("reading.use", unit="path", methods=("POST",))
def delete(request: Request, code: str, number: int) -> HttpResponse:
    """Delete the text and the decisions on it."""
    access.review_for(request.user, code, number, request.now)
    review_delete(number=number, acting_user=request.user, now=request.now)
    messages.success(request, gettext("The text and the decisions on it are deleted."))
    return HttpResponseRedirect(f"{reverse('office:reading')}?unit={code}")


@page("figure.read", unit="query")
def baseline(request: Request) -> HttpResponse:
    """Show the stored figures of old texts of a unit."""
    tree = history().tree(timezone.localdate(request.now))
    unit = tree.unit(unit_asked(request))
    if unit is None:
        raise Http404
    rows = access.baselines_for(request.user, request.now).filter(unit=unit.code)
    context = {
        "unit": unit,
        "rows": present_review.baseline_shown(rows.select_related("accepted_by"), request.now),
        "units": present.units_offered(
            request.user, "figure.read", timezone.localdate(request.now)
        ),
    }
    return render(request, "office/baseline.html", context)
