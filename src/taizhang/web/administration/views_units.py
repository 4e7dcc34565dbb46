"""Pages of the units: the tree of a day, its changes, what an upload would change."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from taizhang.core.base.issue import Issue, Refused
from taizhang.web.accounts.permission import Request, issues_shown, page
from taizhang.web.administration import queries, upload_actions
from taizhang.web.administration import upload as staging
from taizhang.web.administration.code import HostCode
from taizhang.web.administration.typed_day import day_typed
from taizhang.web.base.request_body import takes_files
from taizhang.web.units.queries import bodies, history
from taizhang.web.units.queries import changes as all_changes


@page("units.import")
def units(request: Request) -> HttpResponse:
    """Show the tree of a day and its changes."""
    return _units(request)


def _units(request: Request, issues: list[dict[str, str]] | None = None) -> HttpResponse:
    day = timezone.localdate(request.now)
    problems = list(issues or [])
    if (asked := request.GET.get("day")) and not problems:
        try:
            day = day_typed(asked)
        except Refused as refused:
            problems = issues_shown(refused)
    tree = history().tree(day)
    context = {
        "day": day,
        "branches": queries.branches(tree),
        "count": len(tree.units),
        "changes": all_changes(),
        "bodies": [
            (body, tree.units[body.parent].name if body.parent in tree.units else body.parent)
            for body in bodies().bodies
            if body.exists_on(day)
        ],
        "issues": problems,
    }
    return render(request, "host/units.html", context, status=422 if problems else 200)


@takes_files
@page("units.import", methods=("POST",))
def units_try(request: Request) -> HttpResponse:
    """Take files of units, of changes, of bodies, and go on to what it would change."""
    files = {}
    for name in ("units", "changes", "bodies"):
        upload = request.FILES.get(name)
        if upload is not None:
            if (upload.size or 0) > staging.LARGEST:
                facts = {"file": str(upload.name), "why": f"> {staging.LARGEST}"}
                return _units(
                    request, issues_shown(Refused([Issue(HostCode.HOST_009, facts=facts)]))
                )
            files[f"{name}.csv"] = upload.read()
    if not files:
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
        message = gettext(
            "%(added)s rows of units added, %(ended)s ended, %(corrected)s names corrected, "
            "%(changes)s changes added, %(bodies)s rows of bodies."
        )
        counts = {
            "added": done.added,
            "ended": done.ended,
            "corrected": done.corrected,
            "changes": done.changes,
            "bodies": done.bodies,
        }
        messages.success(request, message % counts)
        return redirect("host:units")
    context = {"done": done, "notes": issues_shown(Refused(done.notes)), "number": number}
    return render(request, "host/units_import.html", context)
