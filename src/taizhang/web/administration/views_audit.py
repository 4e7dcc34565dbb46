"""Pages of the audit log."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from taizhang.core.base.issue import Refused
from taizhang.web.accounts.jobs import job_ask
from taizhang.web.accounts.permission import Request, issues_shown, page
from taizhang.web.accounts.queries import people
from taizhang.web.administration import jobs, queries
from taizhang.web.administration.typed_day import day_typed
from taizhang.web.audit import verify as log

A_PAGE = 50


@page("audit.read")
def audit(request: Request) -> HttpResponse:
    """Show the log, found by person, action, day and object."""
    asked = {
        name: request.GET.get(name, "").strip()
        for name in ("person", "action", "first", "last", "object")
    }
    issues: list[dict[str, str]] = []
    try:
        wanted = queries.LogFilter(
            person=asked["person"],
            action=asked["action"],
            first=day_typed(asked["first"]) if asked["first"] else None,
            last=day_typed(asked["last"]) if asked["last"] else None,
            object=asked["object"],
        )
    except Refused as refused:
        issues, wanted = issues_shown(refused), queries.LogFilter()
    paged = Paginator(queries.log_rows(wanted, request.user), A_PAGE).get_page(
        request.GET.get("page")
    )
    kept = log.head()
    used = {name: value for name, value in asked.items() if value}
    context = {
        "asked": asked,
        "issues": issues,
        "rows": queries.log_shown(list(paged)),
        "paged": paged,
        "query": f"{urlencode(used)}&" if used else "",
        "actions": queries.log_actions(),
        "people": people(),
        "head": f"{kept.count}:{kept.digest}",
    }
    return render(request, "host/audit.html", context, status=422 if issues else 200)


@page("audit.read", methods=("POST",))
def audit_verify(request: Request) -> HttpResponse:
    """Have the whole log walked, with ``deep`` all facts counted anew, and show how far it is."""
    head = request.POST.get("head", "").strip()[:200]
    arguments = {"head": head, "deep": request.POST.get("deep") == "yes"}
    job = job_ask(kind=jobs.VERIFY, arguments=arguments, acting_user=request.user, now=request.now)
    return redirect("accounts:job", job.pk)
