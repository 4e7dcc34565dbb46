"""Pages of the packs: what is installed, what an upload would bring."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from taizhang.core.base.issue import Issue, Refused
from taizhang.core.base.period import parse_day
from taizhang.documents.pack_check.examination import Examination, examine_files
from taizhang.web.accounts.access import may
from taizhang.web.accounts.jobs import job_ask
from taizhang.web.accounts.permission import Request, issues_shown, page
from taizhang.web.administration import jobs, queries, upload_actions
from taizhang.web.administration import upload as staging
from taizhang.web.administration.code import HostCode
from taizhang.web.base.request_body import takes_files
from taizhang.web.programmes.actions import pack_install as install


@page("pack.read", unit="any")
def packs(request: Request) -> HttpResponse:
    """List the installed versions of packs and when they rule."""
    return _packs(request)


def _packs(request: Request, issues: list[dict[str, str]] | None = None) -> HttpResponse:
    context = {
        "versions": queries.versions(timezone.localdate(request.now)),
        "shipped": staging.shipped_packs(),
        "may_install": may(request.user, "pack.install"),
        "issues": issues or [],
    }
    return render(request, "host/packs.html", context, status=422 if issues else 200)


@page("pack.read", unit="any")
def pack(request: Request, number: int) -> HttpResponse:
    """Show what an installed version says: forms with their marks, norms with their sources."""
    held = queries.version(number, timezone.localdate(request.now))
    if held is None:
        raise Http404
    context = {"version": held[0], "pack": held[1], "forms": held[2]}
    return render(request, "host/pack.html", context)


@takes_files
@page("pack.install", methods=("POST",))
def pack_try(request: Request) -> HttpResponse:
    """Take a pack, uploaded or shipped, and have it checked."""
    upload = request.FILES.get("pack")
    try:
        if upload is not None:
            files = staging.pack_files(str(upload.name), upload.read(staging.LARGEST + 1))
        elif key := request.POST.get("shipped", ""):
            files = staging.shipped_files(key)
        else:
            raise Refused([Issue(HostCode.HOST_005)])
    except Refused as refused:
        return _packs(request, issues_shown(refused))
    kept = upload_actions.upload_keep(
        kind="pack", files=files, action="pack.install", acting_user=request.user, now=request.now
    )
    job = job_ask(
        kind=jobs.TRY, arguments={"staged": kept.pk}, acting_user=request.user, now=request.now
    )
    return redirect("accounts:job", job.pk)


@page("pack.install", methods=("GET", "POST"))
def pack_install(request: Request, number: int) -> HttpResponse:
    """Install a checked pack from a day on."""
    files = staging.upload_files(kind="pack", number=number, acting_user=request.user)
    examined = examine_files(files, (), templates=False) if files is not None else Examination()
    if files is None or not examined.key:
        raise Http404
    issues: list[dict[str, str]] = []
    asked = request.POST.get("from", "").strip()
    if request.method == "POST":
        try:
            done = install(
                source=files,
                acting_user=request.user,
                now=request.now,
                in_force_from=_day(asked) if asked else None,
            )
        except Refused as refused:
            issues = issues_shown(refused)
        else:
            upload_actions.upload_drop(kind="pack", number=number, acting_user=request.user)
            message = gettext("%(label)s %(version)s is installed.")
            messages.success(
                request, message % {"label": done.pack.label, "version": examined.version}
            )
            return redirect("host:packs")
    same = [
        row for row in queries.versions(timezone.localdate(request.now)) if row.key == examined.key
    ]
    context = {"pack": examined, "number": number, "same": same, "issues": issues, "asked": asked}
    return render(request, "host/pack_install.html", context, status=422 if issues else 200)


def _day(text: str) -> date:
    try:
        return parse_day(text)
    except ValueError as error:
        raise Refused([Issue(HostCode.HOST_008, facts={"text": text})]) from error
