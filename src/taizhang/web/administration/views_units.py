"""Pages of the units: the tree of a day, its changes, what an upload would change."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from taizhang.core.base.invisible_sign import line_of
from taizhang.core.base.issue import Issue, Refused
from taizhang.core.unit.body import BODY_KINDS
from taizhang.web.accounts.access import require
from taizhang.web.accounts.permission import Request, issues_shown, page
from taizhang.web.administration import queries, upload_actions
from taizhang.web.administration import upload as staging
from taizhang.web.administration.code import HostCode
from taizhang.web.administration.typed_day import day_typed
from taizhang.web.base.request_body import takes_files
from taizhang.web.units.body_actions import body_add, body_end
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
    tree, today = history().tree(day), timezone.localdate(request.now)
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
        "units_now": tree.units.values(),
        "body_kinds": sorted(BODY_KINDS),
        "today": today,
        "typed": request.POST,
        "issues": problems,
    }
    return render(request, "host/units.html", context, status=422 if problems else 200)


@page("units.import", methods=("POST",))
def body_added(request: Request) -> HttpResponse:
    """Add a body beside a unit."""
    typed = request.POST
    try:
        code = body_add(
            name=line_of(typed.get("name", "")).strip(),
            kind=typed.get("kind", ""),
            # The list of the browser offers "code name".
            parent=typed.get("parent", "").strip().partition(" ")[0],
            may_record="may_record" in typed,
            may_own="may_own" in typed,
            first_day=day_typed(typed["from"]) if typed.get("from") else None,
            acting_user=request.user,
            now=request.now,
        )
    except Refused as refused:
        return _units(request, issues_shown(refused))
    messages.success(request, gettext("The body has the code %(code)s.") % {"code": code})
    return redirect("host:units")


@page("units.import", methods=("POST",))
def body_ended(request: Request) -> HttpResponse:
    """Give a body its last day."""
    require(request.user, "units.import")  # before anything is said of what was typed
    try:
        body_end(
            code=request.POST.get("code", ""),
            last_day=day_typed(request.POST.get("last_day", "")),
            acting_user=request.user,
            now=request.now,
        )
    except Refused as refused:
        return _units(request, issues_shown(refused))
    messages.success(request, gettext("The body has its last day."))
    return redirect("host:units")


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
