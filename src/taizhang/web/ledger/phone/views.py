"""Pages of recording: choose a form, fill it in, see what waits, send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from taizhang.core.base.issue import Issue, Refused
from taizhang.core.base.literal import whole_read
from taizhang.core.unit.tree import Unit
from taizhang.web.accounts.access import home_unit
from taizhang.web.accounts.permission import (
    PUBLIC,
    SIGNED_IN,
    Request,
    day_read,
    issues_shown,
    page,
)
from taizhang.web.base.request_body import takes_files
from taizhang.web.base.security import with_camera
from taizhang.web.base.wording import day_words
from taizhang.web.ledger.accept.actions import record_withdraw
from taizhang.web.ledger.accept.submission import Status, submission_accept
from taizhang.web.ledger.access import record_to_change
from taizhang.web.ledger.phone.assets import built, shell_version, worker
from taizhang.web.ledger.phone.code import PhoneCode
from taizhang.web.ledger.phone.form_payload import (
    OfferedForm,
    form_payload,
    forms_of_steps,
    forms_offered,
    unit_recorded,
    units_recorded,
)
from taizhang.web.ledger.phone.prefill import known as known_of
from taizhang.web.ledger.phone.prefill import often
from taizhang.web.ledger.phone.receipt import counted, noted
from taizhang.web.ledger.phone.script_words import words
from taizhang.web.ledger.phone.xform_html import is_built
from taizhang.web.ledger.queries import record_show
from taizhang.web.ledger.registry import RecordAside, asides_of
from taizhang.web.programmes.admission import Standing
from taizhang.web.programmes.queries import (
    installed,
    programmes_on,
    programmes_with,
    version_named,
)

#: A form with its photos; each of them is held to its own measure besides.
MOST_SENT = 40_000_000
MOST_FILES = 20
#: How many forms stand above the others, the ones most used.
MOST_OFTEN = 6


def _context(request: Request, **more: Any) -> dict[str, Any]:
    """Give what every recording page carries: who it is for, its words, its scripts."""
    unit = more.pop("unit_code", None) or home_unit(request.user, request.now)
    session = {"user": str(request.user.pk), "name": str(request.user), "unit": unit}
    return {
        "session": session,
        "words": words(),
        "built": is_built(),
        "form_js": built("form.js"),
        "form_css": built("form.css"),
        "record_js": built("record.js"),
        "queue_js": built("queue.js"),
        **more,
    }


@never_cache
@page("record.accept", unit="any")
def record(request: Request) -> HttpResponse:
    """Choose a form: the most used first, then pack by pack."""
    units = units_recorded(request.user, request.now)
    asked = request.GET.get("unit") or home_unit(request.user, request.now)
    unit = next(
        (reached for reached in units if reached.code == asked), units[0] if units else None
    )
    today = timezone.localdate(request.now)
    offered = forms_offered(unit, today) if unit else ()
    used = often(unit.code, today) if unit else {}
    first = sorted(
        (offer for offer in offered if offer.form.key in used),
        key=lambda offer: -used[offer.form.key],
    )
    groups: dict[str, list[dict[str, str]]] = {}
    for offer in offered:
        groups.setdefault(offer.pack.label, []).append(_entry(offer))
    context = _context(
        request,
        unit_code=unit.code if unit else None,
        unit=unit,
        units=units,
        often=[_entry(offer) for offer in first[:MOST_OFTEN]],
        groups=groups,
        forms=[_kept(offer) for offer in dict.fromkeys([*first, *offered, *forms_of_steps(today)])],
    )
    return render(request, "ledger/record.html", context)


def _entry(offer: OfferedForm) -> dict[str, str]:
    return {
        "key": offer.form.key,
        "title": offer.form.title,
        # What is the unit's own book is most of them: it needs no mark of its own.
        "standing": offer.admission.standing.value,
        "marks": "" if offer.admission.standing is Standing.INTERNAL else offer.admission.words,
    }


def _kept(offer: OfferedForm) -> dict[str, str]:
    address = reverse("ledger:sheet", kwargs={"form": offer.form.key})
    return {"key": offer.form.key, "address": address, "stamp": offer.stamp}


@never_cache
@page("case.step", unit="any")
def form(request: Request, form: str) -> HttpResponse:
    """Give the page that fills in a form; the same for every form, so that it can be kept.

    Whoever does steps of cases alone comes here from a case.
    """
    return with_camera(render(request, "ledger/form.html", _context(request)))


@never_cache
@page("case.step", unit="any")
def form_sheet(request: Request, form: str) -> HttpResponse:
    """Give a form as the page shows it: HTML, model, helps (JSON).

    ``?version=`` asks for it as a version of its pack has it, so that a record is corrected by the
    form that it was filled in with.
    """
    today = day_read(request.GET.get("on")) or timezone.localdate(request.now)
    programmes = programmes_on(today)
    if asked := request.GET.get("version"):
        version = version_named(installed(), form.partition(".")[0], asked)
        if version is None:
            raise Http404
        programmes = programmes_with(version, today)
    shown = programmes.forms.get(form)
    if shown is None or not is_built():
        raise Http404
    return JsonResponse(form_payload(shown, programmes, today))


@never_cache
@page("case.step", unit="any")
def known(request: Request) -> HttpResponse:
    """Give what is known beforehand of a unit, or of a body beside one (JSON)."""
    asked = request.GET.get("unit") or home_unit(request.user, request.now)
    unit = unit_recorded(request.user, asked, request.now)
    if unit is None:
        raise Http404
    today = timezone.localdate(request.now)
    records = isinstance(unit, Unit) or unit.may_record
    offered = forms_offered(unit, today) if records else ()
    return JsonResponse(known_of(unit, offered, today))


@never_cache
@page("case.step", unit="any")
def queue(request: Request) -> HttpResponse:
    """Give the page that shows what waits on this device."""
    return render(request, "ledger/queue.html", _context(request))


@never_cache
@page(SIGNED_IN)
def session(request: Request) -> HttpResponse:
    """Say who is signed in, with a fresh token for sending, and what time it is (JSON)."""
    who = {"user": str(request.user.pk), "name": str(request.user)}
    clock = request.now.isoformat(timespec="seconds")
    return JsonResponse(
        {**who, "token": get_token(request), "version": shell_version(), "now": clock}
    )


@takes_files
@never_cache
@page("case.step", unit="any", methods=("POST",))
def send(request: Request) -> HttpResponse:
    """Take a filled-in form with its photos (JSON); 201 new, 200 known, 202 photos missing."""
    if (whole_read(request.headers.get("Content-Length") or "") or 0) > MOST_SENT:
        return _refused(Refused([_fault(PhoneCode.PHONE_001, most=MOST_SENT // 10**6)]), 413)
    files = request.FILES.getlist("file")
    evidence = request.FILES.getlist("evidence")
    filled = request.FILES.get("xml_submission_file")
    if filled is None or len(files) + len(evidence) > MOST_FILES:
        return _refused(Refused([_fault(PhoneCode.PHONE_002, most=MOST_FILES)]), 400)
    try:
        sent = submission_accept(
            xml=filled.read(),
            files={file.name or "": file.read() for file in files},
            evidence={file.name or "": file.read() for file in evidence},
            unit=request.POST.get("unit", ""),
            with_units=tuple(request.POST.get("with", "").split()),
            reason=request.POST.get("reason", "").strip(),
            acting_user=request.user,
            now=request.now,
        )
    except Refused as refused:
        same = any(issue.code.name == "RECORD_006" for issue in refused.issues)
        return _refused(refused, 409 if same else 422)
    status = {Status.ACCEPTED: 201, Status.KNOWN: 200, Status.INCOMPLETE: 202}[sent.status]
    answer = {
        "status": sent.status.value,
        "uid": sent.uid,
        "facts": sent.accepted.facts,
        "warnings": issues_shown(Refused(sent.warnings)),
        "day": day_words(sent.date) if sent.date else "",
        **counted(request.user, sent.uid, request.now),
        "notes": noted(sent.uid, request.now),
    }
    return JsonResponse(answer, status=status)


def _refused(refused: Refused, status: int) -> HttpResponse:
    return JsonResponse({"issues": issues_shown(refused)}, status=status)


def _fault(code: PhoneCode, **facts: object) -> Issue:
    return Issue(code, facts=facts)


@never_cache
@page("record.correct", unit="any")
def correct(request: Request, uid: str) -> HttpResponse:
    """Open a record in its form, to replace it by a corrected one."""
    record_to_change(request.user, uid, request.now)
    shown = record_show(acting_user=request.user, uid=uid, now=request.now)
    record = shown.record
    if shown.followed_by is not None or record.withdraws_id is not None:
        return HttpResponseRedirect(reverse("ledger:record_page", kwargs={"uid": uid}))
    undoing = _undoing(request, uid, request.GET)
    if undoing:
        asked = {"record": record, "asides": undoing}
        return render(request, "ledger/correct_undoes.html", asked)
    correction = {
        "uid": record.uid,
        "form": record.form,
        "version": record.pack_version,
        "unit": record.unit,
        "date": record.date.isoformat(),
        "with_units": record.credited,
        "answers": shown.answers,
    }
    context = _context(request, unit_code=record.unit, correction=correction)
    return with_camera(render(request, "ledger/form.html", context))


@never_cache
@page("record.correct", unit="any", methods=("GET", "POST"))
def withdraw(request: Request, uid: str) -> HttpResponse:
    """Withdraw a record, with a reason."""
    record = record_to_change(request.user, uid, request.now)
    programmes = programmes_on(timezone.localdate(request.now))
    shown_form = programmes.form_in(record.form, record.pack_version)
    title = shown_form.title if shown_form else record.form
    context: dict[str, Any] = {"record": record, "title": title}
    reason = request.POST.get("reason", "").strip()
    undoing = _undoing(request, uid, request.POST)
    context["asides"] = asides_of(uid, request.user, request.now)
    if request.method == "POST" and undoing:
        return render(
            request, "ledger/record_withdraw.html", context | {"reason": reason}, status=422
        )
    if request.method == "POST":
        try:
            record_withdraw(uid=uid, reason=reason, acting_user=request.user, now=request.now)
        except Refused as refused:
            context |= {"issues": issues_shown(refused), "reason": reason}
            return render(request, "ledger/record_withdraw.html", context, status=422)
        return HttpResponseRedirect(reverse("ledger:record_page", kwargs={"uid": uid}))
    return render(request, "ledger/record_withdraw.html", context)


def _undoing(request: Request, uid: str, read: Mapping[str, str]) -> list[RecordAside]:
    """Give what a change of a record would undo and its reader has not yet been shown."""
    asides = asides_of(uid, request.user, request.now)
    return [aside for aside in asides if aside.undoes and read.get("undoes") != aside.token]


@page(PUBLIC)
def offline(request: Request) -> HttpResponse:
    """Say that there is no network and what can be done without; kept by every browser."""
    return render(request, "ledger/record_offline.html")


@page(PUBLIC)
def service_worker(request: Request) -> HttpResponse:
    """Give the worker that keeps the recording pages at hand and sends in the background."""
    if not is_built():
        raise Http404
    answer = HttpResponse(worker(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    answer["Service-Worker-Allowed"] = "/"
    return answer


@page(PUBLIC)
def manifest(request: Request) -> HttpResponse:
    """Give what a browser needs to put the pages on the home screen."""
    icons = [{"src": static("web/icon.svg"), "sizes": "any", "type": "image/svg+xml"}]
    if is_built():
        icons += [
            {
                "src": static(f"built/icon-{size}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": "any maskable",
            }
            for size in (192, 512)
        ]
    answer = JsonResponse(
        {
            "id": "/",
            "name": "台账",
            "short_name": "台账",
            "lang": settings.LANGUAGE_CODE,
            "start_url": reverse("ledger:record"),
            "scope": "/",
            "display": "standalone",
            "background_color": "#f6f7f6",
            "theme_color": "#14532d",
            "icons": icons,
        }
    )
    answer["Content-Type"] = "application/manifest+json"
    return answer
