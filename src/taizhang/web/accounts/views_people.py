"""Pages of the people who log in: who exists, and what each may do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from taizhang.core.base.invisible_sign import line_of, words_of
from taizhang.core.base.issue import Refused
from taizhang.core.unit.body import Body
from taizhang.web.accounts import queries
from taizhang.web.accounts.access import SEPARATED, may
from taizhang.web.accounts.login.locks import locked_names
from taizhang.web.accounts.models import Role, User
from taizhang.web.accounts.permission import Request, issues_shown, page
from taizhang.web.accounts.person import actions, holds
from taizhang.web.accounts.person.hold_actions import hold_confirm
from taizhang.web.accounts.person.own_account import totp_device
from taizhang.web.units.queries import bodies, history

A_PAGE = 50


@page("user.read")
def listing(request: Request) -> HttpResponse:
    """List the people, found by a part of their names."""
    search = request.GET.get("search", "").strip()
    stopped = bool(request.GET.get("stopped"))
    rows_found = queries.people_for(request.user, search, stopped=stopped)
    paged = Paginator(rows_found, A_PAGE).get_page(request.GET.get("page"))
    locked = locked_names([user.username for user in paged], request.now)
    rows = [(user, queries.roles_of(user, request.now), user.username in locked) for user in paged]
    asked = {"search": search} | ({"stopped": "1"} if stopped else {})
    context = {
        "rows": rows,
        "paged": paged,
        "search": search,
        "stopped": stopped,
        "query": f"{urlencode(asked)}&",
        "may_add": may(request.user, "user.add"),
    }
    return render(request, "accounts/people.html", context)


@never_cache
@page("user.add", methods=("GET", "POST"))
def add(request: Request) -> HttpResponse:
    """Add a person and show their one-time password."""
    issues: list[dict[str, str]] = []
    username = request.POST.get("username", "").strip()
    name = words_of(line_of(request.POST.get("name", "")))[:100]
    if request.method == "POST":
        try:
            person, password = actions.person_add(
                username=username, name=name, acting_user=request.user, now=request.now
            )
        except Refused as refused:
            issues = issues_shown(refused)
        else:
            return _password_shown(request, person, password)
    context = {"issues": issues, "username": username, "name": name}
    return render(request, "accounts/person_add.html", context, status=422 if issues else 200)


def _password_shown(request: Request, person: User, password: str) -> HttpResponse:
    """Show a one-time password: in the answer itself, so that it is kept nowhere."""
    context = {
        "user": person,
        "password": password,
        "address": request.build_absolute_uri(reverse("accounts:login")),
        "has_roles": person.grants.exists(),
        "holds": holds.holds_of(person),
    }
    return render(request, "accounts/one_time.html", context)


@page("user.read")
def person(request: Request, number: int) -> HttpResponse:
    """Show a person's roles and account."""
    return _person(request, _one(request, number, "user.read"))


def _one(request: Request, number: int, action: str) -> User:
    user = queries.person_for(request.user, number, action)
    if user is None:
        raise Http404
    return user


def _person(
    request: Request, user: User, issues: list[dict[str, str]] | None = None, status: int = 200
) -> HttpResponse:
    tree = history().tree(timezone.localdate(request.now))
    may_grant = may(request.user, "grant.change")
    context = {
        "user": user,
        "roles": queries.roles_of(user, request.now),
        "locked": user.username in locked_names([user.username], request.now),
        "has_totp": totp_device(user) is not None,
        "holds": holds.holds_of(user),
        "may_grant": may_grant,
        "may_secure": may(request.user, "user.secure"),
        "choices": [(role.value, role.label) for role in Role if role is not Role.OWNER],
        "units": [*tree.units.values(), *_bodies_on(tree.day)] if may_grant else (),
        "issues": issues or [],
        "asked": request.POST,
    }
    return render(request, "accounts/person.html", context, status=422 if issues else status)


def _bodies_on(day: date) -> list[Body]:
    return [body for body in bodies().bodies if body.exists_on(day)]


@page("grant.change", methods=("POST",))
def grant(request: Request, number: int) -> HttpResponse:
    """Give a person a role."""
    user = _one(request, number, "grant.change")
    role = request.POST.get("role", "")
    if role not in Role.values:
        raise Http404
    # The list of the browser offers "code name"; what is typed by hand may be the code alone.
    unit = request.POST.get("in", "").strip().partition(" ")[0]
    if not unit and role not in {*SEPARATED, Role.OWNER} and not request.POST.get("whole"):
        # A field left empty by mistake must not open every unit.
        messages.error(request, gettext("Choose a unit, or tick the whole instance."))
        return _person(request, user, status=422)
    try:
        actions.grant_give(
            person=number, role=role, unit=unit, acting_user=request.user, now=request.now
        )
    except Refused as refused:
        return _person(request, user, issues_shown(refused))
    messages.success(request, gettext("The role is given."))
    return redirect("accounts:person", number)


@page("grant.change", methods=("POST",))
def grant_end(request: Request, number: int, grant: int) -> HttpResponse:
    """Take a role from a person."""
    user = _one(request, number, "grant.change")
    try:
        actions.grant_take(person=number, grant=grant, acting_user=request.user, now=request.now)
    except Refused as refused:
        return _person(request, user, issues_shown(refused))
    messages.success(request, gettext("The role is taken back."))
    return redirect("accounts:person", number)


_SECURE: dict[str, Callable[..., Any]] = {
    "stop": actions.person_stop,
    "return": actions.person_return,
    "unlock": actions.person_unlock,
    "totp": actions.totp_remove,
    "password": actions.password_reset,
}


@never_cache
@page("user.secure", methods=("POST",))
def secure(request: Request, number: int) -> HttpResponse:
    """Help a person who is stuck, or stop them."""
    user = _one(request, number, "user.secure")
    act = _SECURE.get(request.POST.get("do", ""))
    if act is None:
        raise Http404
    try:
        password = act(person=number, acting_user=request.user, now=request.now)
    except Refused as refused:
        return _person(request, user, issues_shown(refused))
    if isinstance(password, str):
        return _password_shown(request, user, password)
    messages.success(request, gettext("It is done."))
    return redirect("accounts:person", number)


@page("hold.confirm", methods=("GET", "POST"))
def waiting(request: Request) -> HttpResponse:
    """Show the administrators whose accounts rest, and confirm one."""
    issues: list[dict[str, str]] = []
    if request.method == "POST":
        number = request.POST.get("person", "")
        try:
            user = hold_confirm(
                person=int(number) if number.isdecimal() and len(number) < 10 else 0,
                acting_user=request.user,
                now=request.now,
            )
        except Refused as refused:
            issues = issues_shown(refused)
        else:
            message = gettext("%(name)s is an administrator again.")
            messages.success(request, message % {"name": user})
            return redirect("accounts:waiting")
    context = {"rows": holds.waiting_for(request.user), "issues": issues}
    return render(request, "accounts/waiting.html", context, status=422 if issues else 200)
