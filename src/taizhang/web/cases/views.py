"""Pages of cases: the list, one case with its line of time, a step taken back."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from taizhang.core.base.issue import Refused
from taizhang.core.base.literal import whole_read
from taizhang.core.definition.case import ENDED_ASIDE, OPENS
from taizhang.web.accounts.access import home_unit, may
from taizhang.web.accounts.permission import Request, issues_shown, page
from taizhang.web.base.export import FORMATS, Cell, table_file
from taizhang.web.cases import present
from taizhang.web.cases.access import case_for
from taizhang.web.cases.actions import step_withdraw
from taizhang.web.cases.kinds import Kinds
from taizhang.web.cases.queries import (
    ALL,
    CaseFilter,
    case_detail,
    cases_found,
    provisional_number,
)
from taizhang.web.cases.record_case import aside_of
from taizhang.web.cases.wording import Names
from taizhang.web.ledger.record.listing import units_reached
from taizhang.web.ledger.record.present import answers_shown
from taizhang.web.units.queries import bodies, history

PER_PAGE = 50
#: So many cases leave as one file at most.
MOST_EXPORTED = 10_000
#: Ages that the list offers, in days.
AGES = (7, 15, 30, 60, 90)
MOST_DAYS = 36_600


def _wanted(request: Request) -> CaseFilter:
    asked = request.GET
    age = whole_read(asked.get("age", "")) or 0
    return CaseFilter(
        unit=asked.get("unit", ""),
        kind=asked.get("kind", ""),
        state=asked.get("state", ""),
        part=asked.get("part", ""),
        overdue=asked.get("overdue") == "1",
        age=min(max(age, 0), MOST_DAYS),
        stuck=min(max(whole_read(asked.get("stuck", "")) or 0, 0), MOST_DAYS),
        words=asked.get("q", "").strip()[:60],
    )


@page("record.read", unit="any")
def cases(request: Request) -> HttpResponse:
    """List the cases of one's units, filtered, found by their number; as a page, XLSX or CSV."""
    wanted = _wanted(request)
    today = timezone.localdate(request.now)
    kinds = Kinds(today)
    matching = cases_found(request.user, wanted, request.now)
    kind = request.GET.get("as", "")
    if kind in FORMATS:
        lines = present.case_lines(matching[:MOST_EXPORTED], kinds, today)
        return table_file(kind, gettext("Cases"), _header(), _cells(lines))
    paged = Paginator(matching, PER_PAGE).get_page(request.GET.get("page"))
    tree = history().tree(today)
    query = wanted.query()
    context = {
        "wanted": wanted,
        "paged": paged,
        "lines": present.case_lines(paged, kinds, today),
        "query": f"{query}&" if query else "",
        "kinds": kinds.now.values(),
        "states": _states(kinds, wanted.kind),
        "units": units_reached(request.user, tree),
        "ages": AGES,
        "all": ALL,
        "today": today,
        "opening": _openings(request, kinds),
    }
    return render(request, "cases/cases.html", context)


def _states(kinds: Kinds, chosen: str) -> dict[str, str]:
    """Give the states to choose from, by key: those of a kind, or of all."""
    states: dict[str, str] = {}
    for key, kind in kinds.now.items():
        if chosen in ("", key):
            for state in (*kind.states, *ENDED_ASIDE):
                states.setdefault(state, kind.state_label(state))
    return states


def _openings(request: Request, kinds: Kinds) -> list[tuple[str, str]]:
    """Give the forms that begin a case, with their addresses, to whoever may record."""
    home = home_unit(request.user, request.now)
    if not home or not may(request.user, "record.accept", home):
        return []
    today = timezone.localdate(request.now)
    unit = history().tree(today).unit(home) or bodies().body_on(home, today)
    return [
        (kind.label, f"{reverse('ledger:form', kwargs={'form': kind.opens})}?unit={home}")
        for kind in kinds.now.values()
        if unit is not None and kinds.programmes.by_key[kind.pack].may_send(unit.kind)
    ]


def _header() -> list[str]:
    return [
        gettext("Number"),
        gettext("Kind"),
        gettext("Case"),
        gettext("State"),
        gettext("Owner"),
        gettext("Opened by"),
        gettext("Opened on"),
        gettext("Limit"),
        gettext("Days late"),
        gettext("Days"),
        gettext("Ended on"),
    ]


def _cells(lines: list[present.CaseLine]) -> Iterator[list[Cell]]:
    for line in lines:
        case = line.case
        yield [
            case.number,
            line.kind,
            case.title,
            line.state,
            line.owner,
            line.opener,
            case.opened.isoformat(),
            case.due.isoformat() if case.due else "",
            line.late or "",
            line.days,
            case.ended.isoformat() if case.ended else "",
        ]


@page("record.read", unit="any")
def case(request: Request, uid: str) -> HttpResponse:
    """Show one case: who has it, its clocks, what may be done next, everything that was done."""
    return _case(request, uid)


def _case(request: Request, uid: str, refused: Refused | None = None) -> HttpResponse:
    today = timezone.localdate(request.now)
    detail = case_detail(request.user, uid, request.now)
    kind, standing = detail.records.kind, detail.standing
    kinds = Kinds(today)
    steps = present.steps_offered(detail, request.user, today)
    opening = next(step for step in reversed(detail.records.steps) if step.step == OPENS)
    names = Names(today)
    context = {
        "case": detail.row,
        "kind": kind,
        "line": present.case_lines([detail.row], kinds, today)[0],
        "state": kind.state_label(standing.state),
        "over": standing.over,
        "owner": names(standing.owner),
        "helpers": [names(code) for code in standing.helpers],
        "clocks": present.clocks_shown(detail, today),
        "steps": [step for step in steps if not step.aside],
        "aside": [step for step in steps if step.aside],
        "lines": present.lines_shown(detail, request.user, request.now),
        "answers": answers_shown(
            detail.records.opening_form(kinds),
            {name: value for name, value in opening.answers.items() if name != "state"},
        ),
        "provisional": provisional_number(uid),
        "issues": issues_shown(refused) if refused else [],
    }
    return render(request, "cases/case.html", context, status=422 if refused else 200)


@page("case.step", unit="any", methods=("POST",))
def step_take_back(request: Request, uid: str) -> HttpResponse:
    """Withdraw a step that was sent by mistake, with a reason; first show what that undoes."""
    record, reason = request.POST.get("record", ""), request.POST.get("reason", "")
    aside = aside_of(record, request.user, request.now)
    if aside is not None and aside.undoes and request.POST.get("undoes") != aside.token:
        row = case_for(request.user, uid, request.now)
        asked = {"case": row, "asides": [aside], "record": record, "reason": reason}
        return render(request, "cases/take_back.html", asked)
    try:
        step_withdraw(
            uid=record,
            case=uid,
            reason=reason,
            acting_user=request.user,
            now=request.now,
        )
    except Refused as refused:
        return _case(request, uid, refused)
    messages.success(request, gettext("The step was withdrawn; its record stays to be seen."))
    return HttpResponseRedirect(reverse("cases:case", kwargs={"uid": uid}))
