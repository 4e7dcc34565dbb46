"""Pages of logging in and of one's own account."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import django_otp
import segno
from django.contrib import auth, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from taizhang.core.base.issue import Refused
from taizhang.web.accounts import jobs
from taizhang.web.accounts.access import reach
from taizhang.web.accounts.login.forms import LogIn
from taizhang.web.accounts.models import User
from taizhang.web.accounts.permission import (
    CODE_PENDING,
    PUBLIC,
    SIGNED_IN,
    Request,
    issues_shown,
    next_address,
    page,
)
from taizhang.web.accounts.person import holds, own_account_actions
from taizhang.web.accounts.person.own_account import recovery_left, totp_device, totp_key
from taizhang.web.accounts.queries import roles_of, someone_can_log_in
from taizhang.web.base.ways import way


@sensitive_post_parameters("password")
@never_cache
@page(PUBLIC, methods=("GET", "POST"))
def login(request: Request) -> HttpResponse:
    """Let a person in, and on to where they were going."""
    setup = way("setup")
    if setup and not someone_can_log_in():
        return redirect(setup)
    form = LogIn(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user = form.get_user()
        if isinstance(user, User):
            own_account_actions.password_rehash(
                user=user, password=form.cleaned_data["password"], now=request.now
            )
        auth.login(request, user)
        if isinstance(user, User) and totp_device(user) is not None:
            request.session[CODE_PENDING] = True
        return HttpResponseRedirect(next_address(request))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "next": next_address(request)}
    return render(request, "accounts/login.html", context, status=status)


def locked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Say that a name is locked for a while; django-axes calls this."""
    return render(request, "accounts/locked.html", status=429)


@page(PUBLIC, methods=("POST",))
def logout(request: Request) -> HttpResponse:
    """Let a person out."""
    auth.logout(request)
    return HttpResponseRedirect("/login")


@sensitive_post_parameters("code")
@never_cache
@page(SIGNED_IN, methods=("GET", "POST"))
def code(request: Request) -> HttpResponse:
    """Ask for the one-time code after the password."""
    if not request.session.get(CODE_PENDING):
        return HttpResponseRedirect(next_address(request))
    issues: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            device = own_account_actions.code_check(
                code=request.POST.get("code", ""), acting_user=request.user, now=request.now
            )
        except Refused as refused:
            issues = issues_shown(refused)
        else:
            del request.session[CODE_PENDING]
            request.session.cycle_key()
            django_otp.login(request, device)
            return HttpResponseRedirect(next_address(request))
    context = {"issues": issues, "next": next_address(request)}
    return render(request, "accounts/code.html", context, status=422 if issues else 200)


@never_cache
@page(SIGNED_IN)
def account(request: Request) -> HttpResponse:
    """Show one's own account."""
    context = {
        "roles": roles_of(request.user, request.now),
        "has_totp": totp_device(request.user) is not None,
        "recovery_left": recovery_left(request.user),
        "holds": holds.holds_of(request.user),
        "may_token": bool(reach(request.user, "token.own")),
    }
    return render(request, "accounts/account.html", context)


@sensitive_post_parameters("old", "new", "again")
@never_cache
@page(SIGNED_IN, methods=("GET", "POST"))
def password(request: Request) -> HttpResponse:
    """Change one's own password; whoever got it from somebody else must."""
    issues: list[dict[str, str]] = []
    differ = False
    if request.method == "POST":
        old, new = request.POST.get("old", ""), request.POST.get("new", "")
        differ = new != request.POST.get("again", "")
        try:
            if not differ:
                own_account_actions.password_change(
                    old=old, new=new, acting_user=request.user, now=request.now
                )
        except Refused as refused:
            issues = issues_shown(refused)
        if not differ and not issues:
            request.user.refresh_from_db()
            auth.update_session_auth_hash(request, request.user)
            messages.success(request, gettext("Your password is changed."))
            wanted = next_address(request)
            return redirect(wanted if wanted != "/" else reverse("accounts:account"))
    wrong = differ or bool(issues)
    context = {"issues": issues, "differ": differ, "next": next_address(request)}
    return render(request, "accounts/password.html", context, status=422 if wrong else 200)


@sensitive_post_parameters("password", "code")
@never_cache
@page(SIGNED_IN, methods=("GET", "POST"))
def totp(request: Request) -> HttpResponse:
    """Switch one-time codes on and off, and show new recovery codes once."""
    issues: list[dict[str, str]] = []
    codes: list[str] = []
    if request.method == "POST":
        try:
            codes = _totp_do(request)
        except Refused as refused:
            issues = issues_shown(refused)
        else:
            if not codes:
                return redirect("accounts:totp")
    waiting = totp_device(request.user, confirmed=False)
    context = {
        "issues": issues,
        "codes": codes,
        "has_totp": totp_device(request.user) is not None,
        "waiting": waiting,
        "picture": _picture(waiting.config_url) if waiting else "",
        "key": totp_key(waiting) if waiting else "",
        "recovery_left": recovery_left(request.user),
    }
    return render(request, "accounts/totp.html", context, status=422 if issues else 200)


def _totp_do(request: Request) -> list[str]:
    """Do what the form asks; give recovery codes where there are new ones."""
    user, now = request.user, request.now
    password = request.POST.get("password", "")
    match request.POST.get("do"):
        case "begin":
            own_account_actions.totp_begin(password=password, acting_user=user)
        case "on":
            code = request.POST.get("code", "").replace(" ", "")
            return own_account_actions.totp_on(code=code, acting_user=user, now=now)
        case "renew":
            return own_account_actions.recovery_renew(password=password, acting_user=user, now=now)
        case "off":
            own_account_actions.totp_off(password=password, acting_user=user, now=now)
            messages.success(request, gettext("One-time codes are switched off."))
    return []


def _picture(text: str) -> str:
    """Draw a QR code as an SVG that stands in the page, so that no cache keeps the secret."""
    out = BytesIO()
    segno.make(text, error="m").save(
        out, kind="svg", scale=5, border=4, xmldecl=False, svgclass="qr", lineclass=None
    )
    return out.getvalue().decode()


@page(SIGNED_IN, methods=("POST",))
def sign_out(request: Request) -> HttpResponse:
    """Sign the person out on every machine, this one too."""
    own_account_actions.sessions_end(acting_user=request.user, now=request.now)
    auth.logout(request)
    messages.success(request, gettext("You are logged out on every machine."))
    return redirect("accounts:login")


@page(SIGNED_IN)
def job(request: Request, number: int) -> HttpResponse:
    """Show how far work is that the person asked for."""
    asked_job = jobs.job_of(request.user, number)
    if asked_job is None:
        raise Http404
    issues = jobs.issues_of(asked_job)
    context = {
        "job": asked_job,
        "label": jobs.label(asked_job.kind),
        "issues": issues,
        "only_notes": all(issue["level"] != "error" for issue in issues),
    }
    name = "accounts/job_state.html" if request.headers.get("HX-Request") else "accounts/job.html"
    return render(request, name, context)
