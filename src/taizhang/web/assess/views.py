"""Pages of assessments, each with the action that opens it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from taizhang.core.base.issue import Refused
from taizhang.core.base.literal import whole_read
from taizhang.documents.score_document import score_document
from taizhang.web.accounts.access import may
from taizhang.web.accounts.permission import Request, issues_shown, page, period_read
from taizhang.web.accounts.queries import instance
from taizhang.web.assess import access, present
from taizhang.web.assess.actions import decision_make
from taizhang.web.assess.appeal_actions import (
    appeal_answer,
    appeal_file,
    assessment_accept,
    circumstance_answer,
    circumstance_state,
)
from taizhang.web.assess.models import Assessment, CircumstanceOutcome, Outcome, Round, State
from taizhang.web.assess.result_notice import notice_document
from taizhang.web.assess.round_actions import (
    USUAL_DAYS,
    archived_score,
    round_open,
    round_publish,
    round_score,
    round_sign,
    round_withdraw,
    version_correct,
)
from taizhang.web.base.export import ENDINGS, document_file
from taizhang.web.units.queries import history


@page("score.read", unit="any")
def rounds(request: Request) -> HttpResponse:
    """List the assessments that concern the reader."""
    rounds_seen = access.rounds_for(request.user, request.now)
    context = {
        "rows": present.round_rows(request.user, list(rounds_seen), request.now),
        "own_unit": present.own_unit(request.user, request.now),
        "may_open": present.may_open(request.user),
    }
    return render(request, "assess/rounds.html", context)


@page("assessment.open", unit="any", methods=("GET", "POST"))
def opening(request: Request) -> HttpResponse:
    """Open an assessment: first what and when, then the units and the filed plan number."""
    query = request.POST if request.method == "POST" else request.GET
    ticked = query.getlist("units") if request.method == "POST" else None
    offered = present.round_offer(request.user, query.dict(), ticked, request.now)
    refused = None
    if request.method == "POST":
        try:
            opened = round_open(
                rubric=query.get("rubric", ""),
                period=period_read(query.get("period", "")),
                plan_number=query.get("plan_number", ""),
                office=query.get("unit", ""),
                units=query.getlist("units"),
                overlap_reason=query.get("overlap_reason", "") if "overlap" in query else "",
                acting_user=request.user,
                now=request.now,
            )
        except Refused as caught:
            refused = caught
        else:
            messages.success(request, gettext("The assessment is open."))
            return HttpResponseRedirect(reverse("assess:round", args=(opened.pk,)))
    context = {
        "offered": offered,
        "plan_number": query.get("plan_number", ""),
        "typed": query,
        "issues": issues_shown(refused) if refused else [],
        "why_not": issues_shown(offered.why_not) if offered.why_not else [],
    }
    return render(request, "assess/opening.html", context, status=422 if refused else 200)


@page("score.read", unit="any")
def round_page(request: Request, number: int) -> HttpResponse:
    """Show a round: how far it is, its units in code order, what can be done next."""
    return _round_shown(request, access.round_for(request.user, number, request.now))


def _round_shown(request: Request, round_: Round, refused: Refused | None = None) -> HttpResponse:
    rows = present.assessment_rows(request.user, round_, request.now)
    manages = may(request.user, "assessment.open", round_.unit)
    signs = round_.state == State.PUBLISHED and may(request.user, "assessment.sign", round_.unit)
    context = {
        "round": round_,
        "office": _unit_name(round_),
        "period": round_.period,
        "rows": rows,
        "manages": manages,
        "signing": present.sign_off(round_, request.now) if signs else None,
        "usual_days": USUAL_DAYS,
        "issues": issues_shown(refused) if refused else [],
        "sign_issues": [],
        "typed": request.POST,
        "whole": len(rows) == round_.assessments.count(),
        "past": round_.appeal_until is not None
        and timezone.localdate(request.now) > round_.appeal_until,
    }
    signing = context["signing"]
    if isinstance(signing, present.SignOff) and signing.hindrances:
        context["sign_issues"] = issues_shown(signing.hindrances)
    return render(request, "assess/round.html", context, status=422 if refused else 200)


def _unit_name(round_: Round) -> str:
    unit = history().tree(round_.period.end).unit(round_.unit)
    return unit.name if unit else round_.unit


@page("assessment.open", unit="any", methods=("GET", "POST"))
def scoring(request: Request, number: int) -> HttpResponse:
    """Compute some more scores and show how far it is; htmx asks again until all are done."""
    round_ = access.round_for(request.user, number, request.now, "assessment.open")
    if request.method == "GET":
        return HttpResponseRedirect(reverse("assess:round", args=(number,)))
    try:
        progress = round_score(
            number=number,
            begin="begin" in request.POST,
            acting_user=request.user,
            now=request.now,
        )
    except Refused as refused:
        if request.headers.get("HX-Request"):
            answer = HttpResponse(status=204)
            answer["HX-Redirect"] = reverse("assess:round", args=(number,))
            messages.error(request, " ".join(issue["sentence"] for issue in issues_shown(refused)))
            return answer
        return _round_shown(request, round_, refused)
    if progress.finished:
        messages.success(request, gettext("All scores are computed."))
        if request.headers.get("HX-Request"):
            answer = HttpResponse(status=204)
            answer["HX-Redirect"] = reverse("assess:round", args=(number,))
            return answer
        return HttpResponseRedirect(reverse("assess:round", args=(number,)))
    context = {"round": round_, "progress": progress}
    if request.headers.get("HX-Request"):
        return render(request, "assess/progress.html", context)
    return render(request, "assess/scoring.html", context)


@page("assessment.open", unit="any", methods=("POST",))
def publish(request: Request, number: int) -> HttpResponse:
    """Publish the scores and open the time for appeals."""
    text = request.POST.get("days", "")
    days = (whole_read(text) or 0) if len(text) < 4 else 0
    return _round_changed(
        request,
        number,
        lambda: round_publish(number=number, days=days, acting_user=request.user, now=request.now),
        gettext("The scores are published; units may appeal."),
    )


@page("assessment.sign", unit="any", methods=("POST",))
def sign(request: Request, number: int) -> HttpResponse:
    """Sign off."""
    return _round_changed(
        request,
        number,
        lambda: round_sign(
            number=number,
            reason=request.POST.get("reason", ""),
            acting_user=request.user,
            now=request.now,
        ),
        gettext("Signed off: each score is frozen with its digest."),
    )


@page("assessment.open", unit="any", methods=("POST",))
def withdraw(request: Request, number: int) -> HttpResponse:
    """Withdraw a round that was not published."""
    return _round_changed(
        request,
        number,
        lambda: round_withdraw(
            number=number,
            reason=request.POST.get("reason", ""),
            acting_user=request.user,
            now=request.now,
        ),
        gettext("The assessment is withdrawn."),
    )


def _round_changed(
    request: Request, number: int, do: Callable[[], object], message: str
) -> HttpResponse:
    try:
        do()
    except Refused as refused:
        round_ = access.round_for(request.user, number, request.now)
        return _round_shown(request, round_, refused)
    messages.success(request, message)
    return HttpResponseRedirect(reverse("assess:round", args=(number,)))


@page("score.read", unit="any")
def notice(request: Request, number: int, ending: str) -> HttpResponse:
    """Give the notice of results, made of the frozen versions alone."""
    round_ = access.round_for(request.user, number, request.now)
    if round_.state not in (State.PUBLISHED, State.SIGNED) or ending not in ENDINGS:
        raise Http404
    if not may(request.user, "score.read", round_.unit):
        raise Http404  # it tells of every unit of the round
    document = notice_document(
        **present.notice_facts(round_),
        office=(round_.unit, _unit_name(round_)),
        period=round_.period,
        synthetic=instance().synthetic,
    )
    return document_file(document, ending, gettext("notice of results"))


@page("score.read", unit="path")
def unit_page(request: Request, code: str, number: int) -> HttpResponse:
    """Show a unit's score: every lost point with why, and what would have earned it."""
    return _unit_shown(request, access.assessment_for(request.user, code, number, request.now))


def _unit_shown(
    request: Request, assessment: Assessment, refused: Refused | None = None
) -> HttpResponse:
    standing = present.standing(assessment, request.now)
    code = assessment.unit
    context = {
        **_unit_common(assessment),
        "standing": standing,
        "score": standing.score,
        "may_appeal": present.may_appeal(request.user, assessment, request.now),
        "may_correct": assessment.round.state == State.SIGNED
        and may(request.user, "assessment.sign", code)
        and may(request.user, "assessment.sign", assessment.round.unit),
        "issues": issues_shown(refused) if refused else [],
        "typed": request.POST,
    }
    return render(request, "assess/unit.html", context, status=422 if refused else 200)


def _unit_common(assessment: Assessment) -> dict[str, object]:
    return {
        "assessment": assessment,
        "round": assessment.round,
        "unit": assessment.unit,
        "period": assessment.period,
    }


@page("score.read", unit="path")
def item_page(request: Request, code: str, number: int, key: str) -> HttpResponse:
    """Show an item: rule, figures, decisions, what it waits for, appeal and answer."""
    return _item_shown(request, access.assessment_for(request.user, code, number, request.now), key)


def _item_shown(
    request: Request, assessment: Assessment, key: str, refused: Refused | None = None
) -> HttpResponse:
    standing = present.standing(assessment, request.now)
    shown = present.item_shown(request.user, assessment, standing, key, request.now)
    if shown is None:
        raise Http404
    context = {
        **_unit_common(assessment),
        "shown": shown,
        "item": shown.item,
        "issues": issues_shown(refused) if refused else [],
        "typed": request.POST,
    }
    return render(request, "assess/item.html", context, status=422 if refused else 200)


def _item_changed(
    request: Request, code: str, number: int, key: str, do: Callable[[], object], message: str
) -> HttpResponse:
    assessment = access.assessment_for(request.user, code, number, request.now)
    try:
        do()
    except Refused as refused:
        return _item_shown(request, assessment, key, refused)
    messages.success(request, message)
    return HttpResponseRedirect(reverse("assess:item", args=(code, number, key)))


@page("score.decide", unit="path", methods=("POST",))
def decide(request: Request, code: str, number: int, key: str) -> HttpResponse:
    """Decide an item with a reason."""
    assessment = access.assessment_for(request.user, code, number, request.now)
    typed = request.POST
    return _item_changed(
        request,
        code,
        number,
        key,
        lambda: decision_make(
            rubric=assessment.rubric,
            item=key,
            unit=code,
            period=assessment.period,
            points=present.points_typed(typed.get("points", "")),
            errors=present.count_typed(typed.get("errors", "")),
            checked=present.count_typed(typed.get("checked", "")),
            reason=typed.get("reason", ""),
            seen=present.count_typed(typed.get("seen", "")) or 0,
            acting_user=request.user,
            now=request.now,
        ),
        gettext("The decision is on record."),
    )


@page("appeal.file", unit="path", methods=("POST",))
def appeal(request: Request, code: str, number: int, key: str) -> HttpResponse:
    """Appeal against an item."""
    message = gettext("The appeal is filed.")
    return _stated(request, code, number, key, appeal_file, message)


@page("appeal.answer", unit="path", methods=("POST",))
def answer(request: Request, code: str, number: int, key: str) -> HttpResponse:
    """Answer an appeal."""
    # Nothing is dismissed but by saying so; an allowed appeal without points is refused.
    allowed = request.POST.get("outcome") != Outcome.DISMISSED
    answered = partial(appeal_answer, allowed=allowed)
    message = gettext("The appeal is answered.")
    return _answered(request, code, number, key, answered, allowed, message)


@page("circumstance.state", unit="path", methods=("POST",))
def circumstance(request: Request, code: str, number: int, key: str) -> HttpResponse:
    """State a circumstance of an item before its result is published."""
    message = gettext("The circumstance is on record.")
    return _stated(request, code, number, key, circumstance_state, message)


@page("circumstance.answer", unit="path", methods=("POST",))
def adjust(request: Request, code: str, number: int, key: str) -> HttpResponse:
    """Answer a stated circumstance: adjust the points with a reason, or leave them."""
    adjusted = request.POST.get("outcome") != CircumstanceOutcome.DECLINED
    answered = partial(circumstance_answer, adjusted=adjusted)
    message = gettext("The circumstance is answered.")
    return _answered(request, code, number, key, answered, adjusted, message)


def _stated(
    request: Request, code: str, number: int, key: str, state: Callable[..., object], message: str
) -> HttpResponse:
    """Put on record what a unit says of an item."""
    text = request.POST.get("text", "")
    about = {"number": number, "unit": code, "item": key}
    do = partial(state, **about, text=text, acting_user=request.user, now=request.now)
    return _item_changed(request, code, number, key, do, message)


def _answered(
    request: Request,
    code: str,
    number: int,
    key: str,
    answered: Callable[..., object],
    changes: bool,
    message: str,
) -> HttpResponse:
    """Answer what a unit said of an item; points are read only where they change."""

    def do() -> None:
        answered(
            number=number,
            unit=code,
            item=key,
            points=present.points_typed(request.POST.get("points", "")) if changes else None,
            reason=request.POST.get("reason", ""),
            acting_user=request.user,
            now=request.now,
        )

    return _item_changed(request, code, number, key, do, message)


@page("score.read", unit="path")
def own(request: Request, code: str) -> HttpResponse:
    """Show what a unit would have by today's figures: a self-score, no assessment."""
    shown = present.self_score(code, request.GET.get("rubric", ""), request.now)
    unit = history().tree(timezone.localdate(request.now)).required(code)
    context = {"shown": shown, "score": shown.score, "unit": unit}
    return render(request, "assess/own.html", context)


@page("appeal.file", unit="path", methods=("POST",))
def accept(request: Request, code: str, number: int) -> HttpResponse:
    """Accept the unit's result."""
    return _unit_changed(
        request,
        code,
        number,
        lambda: assessment_accept(
            number=number, unit=code, acting_user=request.user, now=request.now
        ),
        gettext("The result is accepted."),
    )


@page("assessment.sign", unit="path", methods=("POST",))
def correct(request: Request, code: str, number: int) -> HttpResponse:
    """Freeze a corrected version after sign-off."""
    return _unit_changed(
        request,
        code,
        number,
        lambda: version_correct(
            number=number,
            unit=code,
            reason=request.POST.get("reason", ""),
            acting_user=request.user,
            now=request.now,
        ),
        gettext("The corrected version is frozen."),
    )


def _unit_changed(
    request: Request, code: str, number: int, do: Callable[[], object], message: str
) -> HttpResponse:
    assessment = access.assessment_for(request.user, code, number, request.now)
    try:
        do()
    except Refused as refused:
        return _unit_shown(request, assessment, refused)
    messages.success(request, message)
    return HttpResponseRedirect(reverse("assess:unit", args=(code, number)))


@page("score.read", unit="path")
def version_page(request: Request, code: str, number: int, version: int) -> HttpResponse:
    """Show a frozen version with its digest, and what would be otherwise today."""
    assessment = access.assessment_for(request.user, code, number, request.now)
    frozen_version = access.version_for(assessment, version)
    score = archived_score(frozen_version)
    other, unknown = present.differences_today(assessment, score, request.now)
    context = {
        **_unit_common(assessment),
        "version": frozen_version,
        "score": score,
        "differences": other,
        "today_unknown": unknown,
    }
    return render(request, "assess/version.html", context)


@page("score.read", unit="path")
def version_file(
    request: Request, code: str, number: int, version: int, ending: str
) -> HttpResponse:
    """Give a frozen version as a document that explains every lost point."""
    if ending not in ENDINGS:
        raise Http404
    assessment = access.assessment_for(request.user, code, number, request.now)
    score = archived_score(access.version_for(assessment, version))
    document = score_document(score, synthetic=instance().synthetic)
    return document_file(document, ending, f"{assessment.unit_name}{score.title}")
