"""Addresses for programs (OpenRosa, iCal), and the page where a person makes such an address."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from taizhang.core.base.issue import Issue, Refused, errors
from taizhang.web.accounts.permission import PUBLIC, Request, issues_shown, page
from taizhang.web.accounts.queries import instance
from taizhang.web.base.request_body import takes_files
from taizhang.web.exchange import qr_code
from taizhang.web.exchange.access import Caller, TurnedAwayError, caller_by_secret
from taizhang.web.exchange.actions import refusal_log, token_make, token_revoke
from taizhang.web.exchange.calendar_feed import calendar_feed
from taizhang.web.exchange.code import ExchangeCode
from taizhang.web.exchange.forms import TokenForm
from taizhang.web.exchange.models import Kind, Token
from taizhang.web.exchange.openrosa import answer_xml
from taizhang.web.exchange.openrosa.endpoint import endpoint
from taizhang.web.exchange.openrosa.multipart import ACCEPTED_BYTES, body_read
from taizhang.web.exchange.queries import (
    form_content,
    form_of,
    forms_of,
    list_content,
    lists_of,
    tokens_shown,
)
from taizhang.web.ledger.accept.submission import AcceptedSubmission, Status, submission_accept
from taizhang.web.ledger.phone.form_payload import OfferedForm


@endpoint("GET")
def form_list(request: Request, caller: Caller) -> HttpResponse:
    """Give the list of forms that the caller's unit may fill in."""
    wanted = request.GET.get("formID")
    offered = forms_of(caller.unit, request.now)
    listed = [
        _listed(request, caller, form_offered)
        for key, form_offered in offered.items()
        if wanted is None or key == wanted
    ]
    verbose = request.GET.get("verbose", "") == "true"
    return HttpResponse(answer_xml.form_list(listed, verbose), content_type=answer_xml.XML)


def _listed(request: Request, caller: Caller, offered: OfferedForm) -> answer_xml.ListedForm:
    key = offered.form.key
    return answer_xml.ListedForm(
        form_id=key,
        name=offered.form.title,
        version=offered.form.version,
        hash=answer_xml.md5(form_content(offered.form)),
        address=_address(request, caller, "form", form=key),
        manifest=_address(request, caller, "manifest", form=key) if lists_of(offered.form) else "",
        description=offered.pack.label,
    )


def _address(request: Request, caller: Caller, view: str, /, **named: str) -> str:
    if caller.secret:
        view, named = f"key_{view}", {"secret": caller.secret, **named}
    return request.build_absolute_uri(reverse(f"exchange:{view}", kwargs=named))


@endpoint("GET")
def form(request: Request, caller: Caller, form: str) -> HttpResponse:
    """Give a form as XForm, the bytes whose hash the list names."""
    content = form_content(form_of(caller.unit, form, request.now))
    return HttpResponse(content, content_type=answer_xml.XML)


@endpoint("GET")
def manifest(request: Request, caller: Caller, form: str) -> HttpResponse:
    """Give the files that a form needs: the lists from which its fields pick."""
    files = [
        answer_xml.MediaFile(
            name=f"{dataset}.csv",
            hash=answer_xml.md5(list_content(caller.unit, dataset, request.now)),
            address=_address(request, caller, "media", form=form, name=f"{dataset}.csv"),
        )
        for dataset in lists_of(form_of(caller.unit, form, request.now))
    ]
    return HttpResponse(answer_xml.manifest(files), content_type=answer_xml.XML)


@endpoint("GET")
def media(request: Request, caller: Caller, form: str, name: str) -> HttpResponse:
    """Give one list of a form as CSV."""
    wanted = name.removesuffix(".csv")
    if wanted not in lists_of(form_of(caller.unit, form, request.now)):
        raise Refused([Issue(ExchangeCode.EXCHANGE_010)])
    content = list_content(caller.unit, wanted, request.now)
    return HttpResponse(content, content_type="text/csv; charset=utf-8")


@takes_files
@endpoint("HEAD", "POST")
def submission(request: Request, caller: Caller) -> HttpResponse:
    """Say what may be sent (HEAD), or accept a filled-in form with its pictures (POST)."""
    if request.method == "HEAD":
        response = HttpResponse(status=204)
        response["X-OpenRosa-Accept-Content-Length"] = str(ACCEPTED_BYTES)
        return response
    xml = b""
    try:
        body = body_read(request)
        xml = body.xml
        sent = submission_accept(
            xml=xml,
            files=body.files,
            unit=caller.unit,
            acting_user=caller.user,
            now=request.now,
            more_to_come=body.more_to_come,
        )
    except Refused as refused:
        codes = [issue.code for issue in errors(refused.issues)]
        who = f"user:{caller.user.pk}"
        refusal_log(who=who, user=caller.user, codes=codes, content=xml, now=request.now)
        raise
    status = 201 if sent.status is Status.ACCEPTED else 202
    content = answer_xml.message(_receipt_text(sent), "submit_success")
    response = HttpResponse(content, content_type=answer_xml.XML, status=status)
    response["X-OpenRosa-Accept-Content-Length"] = str(ACCEPTED_BYTES)
    return response


def _receipt_text(sent: AcceptedSubmission) -> str:
    first = {
        Status.ACCEPTED: gettext("Accepted; it counts at once."),
        Status.KNOWN: gettext("It had been accepted before; nothing was doubled."),
        Status.INCOMPLETE: gettext("Accepted; pictures are still to come."),
    }[sent.status]
    counts = gettext("It is a record of %(day)s.") % {"day": sent.date} if sent.date else ""
    return "\n".join(filter(None, [first, counts, answer_xml.issues_text(sent.warnings)]))


@page(PUBLIC)
def ical(request: Request, secret: str) -> HttpResponse:
    """Give the calendar of the unit for which the address was made."""
    try:
        caller = caller_by_secret(secret, Kind.CALENDAR, request.now)
    except TurnedAwayError as refused:
        codes = [issue.code for issue in refused.issues]
        refusal_log(who=refused.who, user=refused.user, codes=codes, now=request.now)
        text = answer_xml.issues_text(refused.issues)
        return HttpResponse(text, content_type="text/plain; charset=utf-8", status=403)
    content = calendar_feed(caller.unit, request.now)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["ETag"] = etag
    # A calendar keeps what it fetched by itself; a browser that shows the address must not.
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = 'inline; filename="taizhang.ics"'
    unchanged = get_conditional_response(request, etag=etag, response=response)
    return response if unchanged is None else unchanged


@never_cache
@page("token.own", unit="any", methods=("GET", "POST"))
def tokens(request: Request) -> HttpResponse:
    """Show the addresses a person made, and make a new one, whose secret is shown once."""
    posted = request.method == "POST"
    wanted = TokenForm(request.user, request.now, request.POST if posted else None)
    if posted and wanted.is_valid():
        try:
            token, secret = token_make(
                kind=Kind(wanted.cleaned_data["kind"]),
                name=wanted.cleaned_data["name"],
                unit=wanted.cleaned_data["unit"],
                days=int(wanted.cleaned_data["days"]),
                acting_user=request.user,
                now=request.now,
            )
        except Refused as refused:
            return _tokens(request, wanted, 422, issues=issues_shown(refused))
        fresh = TokenForm(request.user, request.now)
        return _tokens(request, fresh, 200, **_made(request, token, secret))
    return _tokens(request, wanted, 422 if posted else 200)


def _made(request: Request, token: Token, secret: str) -> dict[str, Any]:
    """Give what is shown once of a new address: itself, and the code to scan."""
    if token.kind == Kind.CALENDAR:
        address = request.build_absolute_uri(reverse("exchange:ical", args=[secret]))
        code = address
    else:
        listed = request.build_absolute_uri(reverse("exchange:key_form_list", args=[secret]))
        address = listed.removesuffix("/formList")
        code = qr_code.collect_settings(address, instance().name or "台账")
    return {"made": token, "address": address, "picture": qr_code.drawn(code)}


def _tokens(request: Request, wanted: TokenForm, status: int, **more: Any) -> HttpResponse:
    shown = {"form": wanted, "tokens": tokens_shown(request.user, request.now)}
    shown |= {"secure": request.is_secure(), **more}
    return render(request, "exchange/tokens.html", shown, status=status)


@page("token.own", unit="any", methods=("POST",))
def revoke(request: Request, pk: int) -> HttpResponse:
    """Revoke an address of one's own."""
    try:
        token_revoke(pk=pk, acting_user=request.user, now=request.now)
    except Refused as refused:
        raise Http404 from refused
    return HttpResponseRedirect(reverse("exchange:tokens"))
