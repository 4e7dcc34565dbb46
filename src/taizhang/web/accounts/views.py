"""Pages of people and their accounts."""

from __future__ import annotations

from typing import Any

from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from taizhang.web.accounts.door import PUBLIC, Request, page
from taizhang.web.accounts.forms import LogIn


@sensitive_post_parameters("password")
@never_cache
@page(PUBLIC, methods=("GET", "POST"))
def login(request: Request) -> HttpResponse:
    """Let a person in, and on to where they were going."""
    form = LogIn(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        auth.login(request, form.get_user())
        return HttpResponseRedirect(_next(request))
    status = 422 if request.method == "POST" else 200
    return render(
        request, "accounts/login.html", {"form": form, "next": _next(request)}, status=status
    )


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else "/"


def locked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Say that a name is locked for a while; django-axes calls this."""
    return render(request, "accounts/locked.html", status=429)


@page(PUBLIC, methods=("POST",))
def logout(request: Request) -> HttpResponse:
    """Let a person out."""
    auth.logout(request)
    return HttpResponseRedirect("/login")
