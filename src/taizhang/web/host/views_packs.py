"""Pages of the units and of the packs: what is there, what an upload would change."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from taizhang.core.issue import Issue, Refused
from taizhang.core.period import PeriodError, parse_day
from taizhang.documents.examination import Examination, examine_files
from taizhang.web.accounts.access import may
from taizhang.web.accounts.door import Request, issues_shown, page
from taizhang.web.accounts.jobs import job_ask
from taizhang.web.body import takes_files
from taizhang.web.host import queries, staging, trial, upload_actions
from taizhang.web.host.code import HostCode
from taizhang.web.programmes.actions import pack_install as install
from taizhang.web.units.queries import changes as all_changes
from taizhang.web.units.queries import history


@page("units.import")
def units(request: Request) -> HttpResponse:
    """Show the tree of a day and its changes."""
    return _units(request)


def _units(request: Request, issues: list[dict[str, str]] | None = None) -> HttpResponse:
    day = timezone.localdate(request.now)
    found = list(issues or [])
    if (asked := request.GET.get("day")) and not found:
        try:
            day = parse_day(asked)
        except PeriodError as error:
            found = issues_shown(error.refused)
        except ValueError:
            found = issues_shown(Refused([Issue(HostCode.HOST_008, facts={"text": asked})]))
    tree = history().tree(day)
    context = {
        "day": day,
        "branches": queries.branches(tree),
        "count": len(tree.units),
        "changes": all_changes(),
        "issues": found,
    }
    return render(request, "host/units.html", context, status=422 if found else 200)


@takes_files
@page("units.import", methods=("POST",))
def units_try(request: Request) -> HttpResponse:
    """Take a units file, with or without changes, and go on to what it would change."""
    files = {}
    for name in ("units", "changes"):
        upload = request.FILES.get(name)
        if upload is not None:
            if (upload.size or 0) > staging.LARGEST:
                facts = {"file": str(upload.name), "why": f"> {staging.LARGEST}"}
                return _units(
                    request, issues_shown(Refused([Issue(HostCode.HOST_009, facts=facts)]))
                )
            files[f"{name}.csv"] = upload.read()
    if "units.csv" not in files:
        return _units(request, issues_shown(Refused([Issue(HostCode.HOST_005)])))
    kept = upload_actions.upload_keep(
        kind="units", files=files, action="units.import", acting_user=request.user, now=request.now
    )
    return redirect("host:units_import", kept.pk)


@page("units.import", methods=("GET", "POST"))
def units_import_page(request: Request, number: int) -> HttpResponse:
    """Show what staged files would change, with all that is wrong; then change it."""
    files = staging.upload_files(kind="units", number=number, acting_user=request.user)
    if files is None:
        raise Http404
    try:
        done = upload_actions.units_take(
            files,
            for_good=request.method == "POST",
            acting_user=request.user,
            now=request.now,
        )
    except Refused as refused:
        context = {"issues": issues_shown(refused), "number": number}
        return render(request, "host/units_import.html", context, status=422)
    if request.method == "POST":
        upload_actions.upload_drop(kind="units", number=number, acting_user=request.user)
        said = gettext(
            "%(added)s rows of units added, %(ended)s ended, %(corrected)s names corrected, "
            "%(changes)s changes added."
        )
        counts = {
            "added": done.added,
            "ended": done.ended,
            "corrected": done.corrected,
            "changes": done.changes,
        }
        messages.success(request, said % counts)
        return redirect("host:units")
    context = {"done": done, "notes": issues_shown(Refused(done.notes)), "number": number}
    return render(request, "host/units_import.html", context)


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
    found = queries.version(number, timezone.localdate(request.now))
    if found is None:
        raise Http404
    context = {"one": found[0], "pack": found[1], "forms": found[2]}
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
        kind=trial.TRY, arguments={"staged": kept.pk}, acting_user=request.user, now=request.now
    )
    return redirect("accounts:job", job.pk)


@page("pack.install", methods=("GET", "POST"))
def pack_install(request: Request, number: int) -> HttpResponse:
    """Install a checked pack from a day on."""
    files = staging.upload_files(kind="pack", number=number, acting_user=request.user)
    found = examine_files(files, (), templates=False) if files is not None else Examination()
    if files is None or not found.key:
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
            said = gettext("%(label)s %(version)s is installed.")
            messages.success(request, said % {"label": done.pack.label, "version": found.version})
            return redirect("host:packs")
    same = [
        one for one in queries.versions(timezone.localdate(request.now)) if one.key == found.key
    ]
    context = {"pack": found, "number": number, "same": same, "issues": issues, "asked": asked}
    return render(request, "host/pack_install.html", context, status=422 if issues else 200)


def _day(text: str) -> date:
    try:
        return parse_day(text)
    except ValueError as error:
        raise Refused([Issue(HostCode.HOST_008, facts={"text": text})]) from error
