"""Pages of the host: set-up and settings."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from taizhang.core.base.invisible_sign import line_of, words_of
from taizhang.core.base.issue import Refused
from taizhang.web.accounts.permission import PUBLIC, Request, issues_shown, page
from taizhang.web.accounts.queries import closing_terms, instance, someone_can_log_in, terms_on
from taizhang.web.administration import actions
from taizhang.web.base import memory


@sensitive_post_parameters("password", "again", "code")
@never_cache
@page(PUBLIC, methods=("GET", "POST"))
def setup(request: Request) -> HttpResponse:
    """Make the first administrators; open only while nobody can log in."""
    if someone_can_log_in():
        return redirect("accounts:login")
    asked = request.POST if request.method == "POST" else request.GET
    code = asked.get("code", "")
    issues: list[dict[str, str]] = []
    if code:
        try:
            actions.setup_check(code)
        except Refused as refused:
            issues, code = issues_shown(refused), ""
    if not code:
        status = 422 if issues else 200
        return render(request, "host/setup_waits.html", {"issues": issues}, status=status)
    differ = False
    if request.method == "POST":
        differ = asked.get("password") != asked.get("again")
        try:
            if not differ:
                return _set_up(request, code)
        except Refused as refused:
            issues = issues_shown(refused)
    context = {"issues": issues, "code": code, "differ": differ, "asked": request.POST}
    wrong = differ or bool(issues)
    return render(request, "host/setup.html", context, status=422 if wrong else 200)


def _set_up(request: Request, code: str) -> HttpResponse:
    asked = request.POST
    made = actions.instance_set_up(
        code=code,
        host=asked.get("host", "").strip()[:100],
        system=asked.get("system", "").strip(),
        name=asked.get("name", "").strip()[:100],
        password=asked.get("password", ""),
        security=asked.get("security", "").strip(),
        auditor=asked.get("auditor", "").strip(),
        now=request.now,
    )
    context = {
        "made": made,
        "system": asked.get("system", "").strip(),
        "address": request.build_absolute_uri(reverse("accounts:login")),
    }
    return render(request, "host/setup_done.html", context)


@page("instance.settings", methods=("GET", "POST"))
def settings(request: Request) -> HttpResponse:
    """Show and change what holds for the whole instance."""
    issues: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            actions.settings_change(
                name=words_of(line_of(request.POST.get("name", "")))[:100],
                **{
                    name: request.POST[name].strip()
                    for name in ("closing_day", "starts_on", "holds_from")
                    if name in request.POST
                },
                close_after=request.POST.get("close_after", "").strip(),
                acting_user=request.user,
                now=request.now,
            )
        except Refused as refused:
            issues = issues_shown(refused)
        else:
            messages.success(request, gettext("The settings are changed."))
            return redirect("host:settings")
    context = {
        "issues": issues,
        "instance": instance(),
        "terms": terms_on(timezone.localdate(request.now)),
        "terms_set": closing_terms(),
        "today": timezone.localdate(request.now),
        "asked": request.POST,
        "processes": memory.serving(),
        "most": round(memory.MOST / 1e6),
    }
    return render(request, "host/settings.html", context, status=422 if issues else 200)
