"""What every address of the protocols shares: who calls, headers, answers to what is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from time import time
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from taizhang.core.base.issue import Issue, Refused
from taizhang.web.accounts.permission import PUBLIC, Request, page
from taizhang.web.exchange.access import (
    Caller,
    TurnedAwayError,
    caller_by_password,
    caller_by_secret,
)
from taizhang.web.exchange.actions import refusal_log
from taizhang.web.exchange.code import ExchangeCode
from taizhang.web.exchange.models import Kind
from taizhang.web.exchange.openrosa import answer_xml

Served = Callable[..., HttpResponse]


def endpoint(*methods: str) -> Callable[[Served], Served]:
    """Put OpenRosa's door before a view, which is given the caller besides the request.

    No page of ours sends a form here and no cookie is looked at, so that a forged request has
    nothing to ride on: these addresses alone need no CSRF token.
    """

    def dress(view: Served) -> Served:
        @page(PUBLIC, methods=methods)
        @wraps(view)
        def inside(request: Request, secret: str = "", **named: Any) -> HttpResponse:
            try:
                return _served(view, request, secret, named)
            except OperationalError as error:  # a refusal is written down too, so it may wait
                if "locked" not in str(error):
                    raise
                response = answer_refused([Issue(ExchangeCode.EXCHANGE_009)])
                response["Retry-After"] = "60"
                return response

        @wraps(inside)
        def shown(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            response = inside(request, *args, **named)
            response["X-OpenRosa-Version"] = answer_xml.VERSION
            response["Date"] = http_date(time())
            response["Cache-Control"] = "no-store"
            return response

        return csrf_exempt(shown)

    return dress


def _served(view: Served, request: Request, secret: str, named: Mapping[str, Any]) -> HttpResponse:
    try:
        return view(request, _caller(request, secret), **named)
    except TurnedAwayError as refused:
        return _turned_away(request, refused)
    except Refused as refused:
        return answer_refused(refused.issues)


def _caller(request: Request, secret: str) -> Caller:
    if secret:
        return caller_by_secret(secret, Kind.PHONE, request.now)
    return caller_by_password(request, request.now)


def _turned_away(request: Request, refused: TurnedAwayError) -> HttpResponse:
    codes = [issue.code for issue in refused.issues]
    if refused.who:  # the first request of a client asks whether a password is needed
        refusal_log(who=refused.who, user=refused.user, codes=codes, now=request.now)
    response = answer_refused(refused.issues)
    if response.status_code == 401:
        response["WWW-Authenticate"] = 'Basic realm="Taizhang", charset="UTF-8"'
    return response


def answer_refused(issues: tuple[Issue, ...] | list[Issue]) -> HttpResponse:
    """Answer with every issue, in words that the phone shows to its person."""
    content = answer_xml.message(answer_xml.issues_text(issues), "error")
    return HttpResponse(content, content_type=answer_xml.XML, status=answer_xml.status_of(issues))
