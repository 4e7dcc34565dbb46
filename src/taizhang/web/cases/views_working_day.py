"""The page of holiday notices: what holds; a new one with its effect, before it holds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from taizhang.core.base.issue import Refused
from taizhang.core.base.literal import day_read, whole_read
from taizhang.core.case.working_day import YearEdition
from taizhang.core.case.working_day_text import notice_doubts, notice_read
from taizhang.web.accounts.permission import Request, issues_shown, page
from taizhang.web.cases.actions import edition_add
from taizhang.web.cases.wording import Names
from taizhang.web.cases.working_day import editions, limits_moved

#: So many moved limits are named; of the others the number is said.
SHOWN = 50


@page("instance.settings", methods=("GET", "POST"))
def holidays(request: Request) -> HttpResponse:
    """Show the editions of working days; take in a year's notice once its effect was read."""
    today = timezone.localdate(request.now)
    context: dict[str, Any] = {"editions": editions(), "today": today, "asked": request.POST}
    status = 200
    if request.method == "POST":
        try:
            edition = _notice(request)
            if request.POST.get("read") == _token(edition):
                edition_add(edition=edition, acting_user=request.user, now=request.now)
                messages.success(
                    request, gettext("The notice is written down; limits that run follow it.")
                )
                return HttpResponseRedirect(reverse("cases:holidays"))
            context |= _effect(request, edition)
        except Refused as refused:
            context["issues"] = issues_shown(refused)
            status = 422
    return render(request, "cases/holidays.html", context, status=status)


def _notice(request: Request) -> YearEdition:
    asked, today = request.POST, timezone.localdate(request.now)
    return notice_read(
        year=whole_read(asked.get("year", "")) or 0,
        known_from=day_read(asked.get("known_from", "")) or today,
        rest=asked.get("rest", ""),
        work=asked.get("work", ""),
        document=asked.get("document", "")[:200],
        verified=asked.get("verified") == "yes",
        today=today,
    )


def _token(edition: YearEdition) -> str:
    """Name a notice by all that it says, so that only what was read is written down."""
    days = (*sorted(edition.rest), "/", *sorted(edition.work))
    return " ".join(map(str, (edition.year, edition.known_from, *days)))


def _effect(request: Request, edition: YearEdition) -> dict[str, Any]:
    moved = list(limits_moved(edition, request.now))
    names = Names(timezone.localdate(request.now))
    return {
        "edition": edition,
        "token": _token(edition),
        "doubts": issues_shown(Refused(notice_doubts(edition))) if notice_doubts(edition) else [],
        "moved": [(row, names(row.owner)) for row in moved[:SHOWN]],
        "moved_count": len(moved),
    }
