"""Pages of complaints: filed by anybody, answered by the host."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from taizhang.core.base.issue import Refused
from taizhang.web.accounts.navigation import room_of
from taizhang.web.accounts.permission import SIGNED_IN, Request, issues_shown, page
from taizhang.web.administration import access, actions


def _about(path: str) -> str:
    """Name the room of a page before its address, so that whoever answers reads words."""
    room = room_of(path)
    return f"{room} {path}" if room else path


@page(SIGNED_IN, methods=("GET", "POST"))
def complain(request: Request) -> HttpResponse:
    """Take a complaint, and show one's own with their answers."""
    issues: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            filed = actions.complaint_file(
                about=request.POST.get("about", ""),
                text=request.POST.get("text", ""),
                unnamed=bool(request.POST.get("unnamed")),
                acting_user=request.user,
                now=request.now,
            )
        except Refused as refused:
            issues = issues_shown(refused)
        else:
            message = gettext("Your complaint is filed. The answer comes by %(day)s, on this page.")
            messages.success(request, message % {"day": filed.due_date.isoformat()})
            return redirect("host:complain")
    context = {
        "issues": issues,
        "about": request.POST.get("about") or _about(request.GET.get("about", "")),
        "text": request.POST.get("text", ""),
        "days": actions.ANSWER_DAYS.days,
        "mine": access.complaints_of(request.user, request.now),
    }
    return render(request, "host/complain.html", context, status=422 if issues else 200)


@page("complaint.answer", unit="any")
def complaints(request: Request) -> HttpResponse:
    """List the complaints that wait for an answer, then the others."""
    shown = access.complaints_for(request.user, request.now)
    return render(request, "host/complaints.html", {"rows": shown})


@page("complaint.answer", unit="any", methods=("GET", "POST"))
def complaint(request: Request, number: int) -> HttpResponse:
    """Show a complaint and take its answer."""
    filed = access.complaint_for(request.user, number, request.now)
    if filed is None:
        raise Http404
    issues: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            actions.complaint_answer(
                complaint=number,
                text=request.POST.get("text", ""),
                acting_user=request.user,
                now=request.now,
            )
        except Refused as refused:
            issues = issues_shown(refused)
        else:
            messages.success(request, gettext("The answer is given; the person sees it."))
            return redirect("host:complaints")
    context = {"complaint": filed, "issues": issues, "text": request.POST.get("text", "")}
    return render(request, "host/complaint.html", context, status=422 if issues else 200)
