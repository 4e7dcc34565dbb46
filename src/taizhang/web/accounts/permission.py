"""The door of every page: who enters, by which action and method, where a log-in leads on.

A view without a door does not exist: a test walks every address and asks for it, and
docs/reference/permissions.md is made from the doors.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from taizhang.core.base.code import PeriodCode
from taizhang.core.base.issue import NOWHERE, Refused
from taizhang.core.base.period import Period, PeriodError, parse_day, parse_period
from taizhang.web.accounts.access import home_unit, reach, within
from taizhang.web.accounts.models import User

#: Actions of pages that ask for no permission: none at all, or only that somebody is signed in.
PUBLIC = "public"
SIGNED_IN = "signed-in"


class Request(HttpRequest):
    """A request that has passed the door."""

    user: User
    now: datetime


Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[Request, Arguments], HttpResponse]
Shown = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]


@dataclass(frozen=True, slots=True)
class Door:
    """What a page asks of whoever opens it.

    ``unit`` says which unit the action is asked for: ``None`` for the whole instance, ``"any"``
    for a reach of any size (the view shows what lies inside it), ``"path"`` for the unit that the
    address names as ``code``, ``"query"`` for the one that ``?unit=`` names, else one's own.
    """

    action: str
    unit: str | None = None
    methods: tuple[str, ...] = ("GET",)


def page(
    action: str, *, unit: str | None = None, methods: Collection[str] = ("GET",)
) -> Callable[[View[Arguments]], Shown[Arguments]]:
    """Put a door before a view; see :class:`Door` for what it asks.

    A view behind it has ``request.user`` and ``request.now``.  Absent and forbidden look alike.  A
    ``Refused`` that the view lets out becomes a page with its issues; nothing was changed then.
    """
    door = Door(action, unit, tuple(methods))

    def dress(view: View[Arguments]) -> Shown[Arguments]:
        @wraps(view)
        def shown(
            request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs
        ) -> HttpResponse:
            if request.method not in door.methods and not (
                request.method == "HEAD" and "GET" in door.methods
            ):
                return HttpResponseNotAllowed(door.methods)
            if _holds_nul(request):
                raise BadRequest
            request.now = timezone.now()  # type: ignore[attr-defined]
            let_in = cast(Request, request)
            if door.action != PUBLIC and (instead := _gate(let_in)) is not None:
                return instead
            if not _may_pass(door, let_in, kwargs):
                raise Http404
            try:
                response = view(let_in, *args, **kwargs)
            except Refused as refused:
                response = refusal(request, refused)
            if door.action != PUBLIC:
                # A shared machine shows nothing again after log-out, by the button back either;
                # no page may allow more, pictures neither.
                response.headers["Cache-Control"] = "private, no-store"
            return response

        shown.door = door  # type: ignore[attr-defined]
        return shown

    return dress


def _holds_nul(request: HttpRequest) -> bool:
    """Say whether a text of the request holds the sign that no text of PostgreSQL can hold.

    Bodies with files are left to their pages, which see to their size first.
    """
    is_form = request.content_type == "application/x-www-form-urlencoded"
    asked = [request.GET, request.POST] if is_form else [request.GET]
    texts = (text for some in asked for _, values in some.lists() for text in values)
    return "\x00" in request.path or any("\x00" in text for text in texts)


def _gate(request: Request) -> HttpResponse | None:
    """Send whoever is not signed in, or not fully, to the page that mends it."""
    user = request.user
    if not user.is_authenticated:
        return _elsewhere(request, "accounts:login", next=request.get_full_path())
    here = request.resolver_match.view_name if request.resolver_match else ""
    # Whoever owes the code has proved half of who they are: they reach the page of the code alone.
    if request.session.get(CODE_PENDING):
        if here == "accounts:code":
            return None
        return _elsewhere(request, "accounts:code", next=request.get_full_path())
    if user.must_change and here != "accounts:password":
        return _elsewhere(request, "accounts:password", next=request.get_full_path())
    return None


#: In the session of whoever gave the right password and still owes the one-time code.
CODE_PENDING = "code-pending"


def next_address(request: HttpRequest) -> str:
    """Give the page of ours that a form was opened for; the start page when it is none of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else "/"


def _elsewhere(request: HttpRequest, name: str, **query: str) -> HttpResponse:
    address = reverse(name)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"sign_in": address}, status=401)
    if request.method == "POST":
        query.pop("next", None)  # going on with a GET would show nothing or something else
    return HttpResponseRedirect(f"{address}?{urlencode(query)}" if query else address)


def _may_pass(door: Door, request: Request, named: dict[str, object]) -> bool:
    if door.action in (PUBLIC, SIGNED_IN):
        return True
    reached = reach(request.user, door.action)
    if door.unit == "any":
        return bool(reached)
    if door.unit is None:
        return "" in reached
    code = str(named["code"]) if door.unit == "path" else unit_asked(request)
    return within(reached, code, request.now)


def unit_asked(request: Request) -> str:
    """Give the code of the unit that a page is about: ``unit`` of the query or form, else home."""
    asked = request.POST.get("unit") or request.GET.get("unit")
    return asked or home_unit(request.user, request.now)


def period_read(text: str) -> Period:
    """Read a period that an address names.

    :raises Http404: for what is no period
    :raises Refused: PERIOD_001, PERIOD_002
    """
    try:
        return parse_period(text)
    except PeriodError as error:
        raise error.refused from error
    except ValueError as error:
        raise Http404(gettext("This is not a period.")) from error


def day_read(text: str | None) -> date | None:
    """Read a day that an address names; ``None`` where it names none.

    :raises Http404: for what is no day
    :raises Refused: PERIOD_001
    """
    try:
        return parse_day(text) if text else None
    except PeriodError as error:
        raise error.refused from error
    except ValueError as error:
        raise Http404(gettext("This is not a day.")) from error


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """Say why something was refused: what was only asked for looks absent (404), else 422.

    A question out of bounds is none that anybody may ask (400).
    """
    status = 404 if request.method in ("GET", "HEAD") else 422
    if any(isinstance(issue.code, PeriodCode) for issue in refused.issues):
        status = 400
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"issues": issues_shown(refused)}, status=status)
    context = {"issues": issues_shown(refused), "status": status}
    return render(request, "refused.html", context, status=status)


def issues_shown(refused: Refused) -> list[dict[str, str]]:
    """Give the issues in the reader's language: code, place, sentence, remedy, level."""
    return [
        {
            "code": issue.code.name,
            "place": "" if issue.place == NOWHERE else str(issue.place),
            "sentence": issue.sentence(gettext),
            "remedy": issue.remedy(gettext),
            "level": issue.level.value,
        }
        for issue in refused.issues
    ]
