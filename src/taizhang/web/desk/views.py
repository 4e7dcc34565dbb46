"""The start page (工作台), and the list of what falls due."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from taizhang.core.base.issue import Refused
from taizhang.core.base.literal import whole_of
from taizhang.core.base.period import Month
from taizhang.core.unit.body import BODY_SIGN, Body
from taizhang.core.unit.tree import Unit
from taizhang.web.accounts.access import may, reach
from taizhang.web.accounts.navigation import navigation
from taizhang.web.accounts.permission import (
    SIGNED_IN,
    Request,
    day_read,
    issues_shown,
    page,
    unit_asked,
)
from taizhang.web.assess.access import rounds_for
from taizhang.web.assess.models import State
from taizhang.web.assess.present import RoundRow, round_rows
from taizhang.web.base.moment import one_moment
from taizhang.web.base.wording import month_words
from taizhang.web.cases.desk import desk_parts
from taizhang.web.desk import reminders
from taizhang.web.desk import start_page as queries
from taizhang.web.figures.request_params import (
    RequestParams,
    request_params,
    unit_context,
    unit_of,
)
from taizhang.web.ledger.access import credits_waiting
from taizhang.web.ledger.facts.actions import closings_close
from taizhang.web.ledger.facts.closing import closings_meant
from taizhang.web.ledger.record.credit import credit_rows
from taizhang.web.plans.open_months import months_kept
from taizhang.web.plans.schedule import AHEAD, PlansDue, kept_packs, plans_due
from taizhang.web.units.queries import bodies

QUICK = 6
PER_PAGE = 50


@page(SIGNED_IN)
def home(request: Request) -> HttpResponse:
    """Show what is due, what waits, what to record; an administrator goes to their own room."""
    if not reach(request.user, "figure.read"):
        rooms = navigation(request)
        return HttpResponseRedirect(rooms[0].address if rooms else reverse("accounts:account"))
    with one_moment():
        if BODY_SIGN in (code := unit_asked(request)):
            return _home_of_body(request, code)
        return _home(request)


def _body_asked(request: Request, params: RequestParams, code: str) -> Body:
    """Give the body that somebody who works there asks for.

    :raises Http404: for absent and forbidden alike
    """
    body = bodies().body_on(code, params.book.today)
    if body is None or not may(request.user, "record.read", code):
        raise Http404
    return body


def _home_of_body(request: Request, code: str) -> HttpResponse:
    """Show the desk of a body: its cases, what falls due, its forms; no months and no plan."""
    params = request_params(request)
    body, user, today = _body_asked(request, params, code), params.user, params.book.today
    reviews = may(user, "record.review", code)
    waiting, waiting_count = queries.waiting_for(user, params.now, reviews)
    things = reminders.things_found(params.book, body, reminders.ReminderFilter())
    records = may(user, "record.accept", code) and body.may_record
    context = {
        "unit": body,
        "of_body": True,
        "today": today,
        "own": queries.units_of(user, params.tree),
        "things": reminders.things_shown(params.book, user, things[: queries.SHOWN], params.now),
        "things_count": len(things),
        "records": records,
        "quick": queries.forms_of_body(body, today, QUICK) if records else (),
        "cases": desk_parts(code, today),
        "waiting": waiting,
        "waiting_count": waiting_count,
        "reviews": reviews,
        "mine": queries.counted_mine(params.book, user),
    }
    return render(
        request,
        "desk/home.html",
        {**context, "body": render_to_string("desk/home_body.html", context)},
    )


def _home(request: Request, refused: Refused | None = None) -> HttpResponse:
    """Frame the start page, whose content is kept as long as nothing changed."""
    params = request_params(request)
    unit = unit_of(request, params)
    if unit is None:
        return render(
            request, "figures/empty.html", {"may_set_up": may(request.user, "units.import")}
        )
    _own(request, unit)
    language = params.book.language
    # What takes longer than a moment comes after the page, unless it is there already.
    later = not params.keep.has("plans", unit.code, language)
    context = {
        "unit": unit,
        "own": queries.units_of(request.user, params.tree),
        "issues": issues_shown(refused) if refused else [],
        "body": params.keep(
            "home",
            request.user.pk,
            queries.grants_of(request.user),
            unit.code,
            language,
            later,
            compute=lambda: _body(params, unit, later),
        ),
    }
    return render(request, "desk/home.html", context, status=422 if refused else 200)


def _own(request: Request, unit: Unit) -> None:
    """See that a desk is opened by who works there: it names records and things of its unit.

    :raises Http404: for any other unit
    """
    if not may(request.user, "record.read", unit.code):
        raise Http404


def _body(params: RequestParams, unit: Unit, later: bool) -> SafeString:
    """Write the content of the start page; it holds no token of a session."""
    book, user = params.book, params.user
    reviews = may(user, "record.review", unit.code)
    records = may(user, "record.accept", unit.code)
    recent = queries.recent_months(book.today)
    waiting, waiting_count = queries.waiting_for(user, params.now, reviews)
    things = reminders.things_found(book, unit, reminders.ReminderFilter())
    context = {
        **unit_context(params, unit),
        "today": book.today,
        "days": queries.near_days(kept_packs(book, unit), book.today),
        "things": reminders.things_shown(book, user, things[: queries.SHOWN], params.now),
        "things_count": len(things),
        "months": months_kept(params, unit),
        "units_now": params.tree.units,
        "may_close": may(user, "closing.close", unit.code),
        "records": records,
        "quick": queries.forms_often(book, unit, QUICK) if records else (),
        "cases": desk_parts(unit.code, book.today),
        "waiting": waiting,
        "waiting_count": waiting_count,
        "reviews": reviews,
        "rounds": _rounds(params),
        "recent": recent,
        "unreviewed": queries.unreviewed_count(user, params.now, recent) if reviews else 0,
        "credited": queries.credited_count(user, params.now),
        **_credits(params),
        "mine": queries.counted_mine(book, user),
        "later": later,
        "plans": None if later else _plans(params, unit),
    }
    return render_to_string("desk/home_body.html", context)


def _credits(params: RequestParams) -> dict[str, object]:
    """Give what waits for a person to confirm it as held together with their units."""
    waiting = credits_waiting(params.user, params.now)
    rows = credit_rows(waiting[: queries.SHOWN], params.book.programmes, params.tree)
    return {"credits": rows, "credits_count": waiting.count() if rows else 0}


def _rounds(params: RequestParams) -> list[RoundRow]:
    """Give the assessments under way; before it is published, one concerns only who works on it."""
    user = params.user
    works = reach(user, "assessment.open") | reach(user, "score.decide")
    states = [State.OPEN, State.SCORED, State.PUBLISHED] if works else [State.PUBLISHED]
    rounds = rounds_for(user, params.now).filter(state__in=states)
    return round_rows(user, list(rounds), params.now)


def _plans(params: RequestParams, unit: Unit) -> PlansDue:
    book = params.book
    return params.keep("plans", unit.code, book.language, compute=lambda: plans_due(book, unit))


@page("figure.read", unit="any")
def home_plans(request: Request) -> HttpResponse:
    """Give the part of the start page about plans, which comes after the rest."""
    with one_moment():
        params = request_params(request)
        unit = unit_of(request, params)
        if unit is None:
            raise Http404
        _own(request, unit)
        context = {**unit_context(params, unit), "plans": _plans(params, unit)}
        whole = not request.headers.get("HX-Request")
        return render(request, "desk/home_plans.html", {**context, "whole": whole})


@page("record.read", unit="query")
def things_due(request: Request) -> HttpResponse:
    """List everything that falls due below a unit, by kind or on one day, and where it goes on."""
    params = request_params(request)
    unit: Unit | Body | None
    if BODY_SIGN in (code := unit_asked(request)):
        unit = _body_asked(request, params, code)
        around: dict[str, object] = {"unit": unit}
    else:
        unit = unit_of(request, params)
        if unit is None:
            raise Http404
        around = unit_context(params, unit)
    wanted = reminders.ReminderFilter(request.GET.get("kind", ""), day_read(request.GET.get("day")))
    things = reminders.things_found(params.book, unit, wanted)
    paged = Paginator(things, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **around,
        "wanted": wanted,
        "paged": paged,
        "things": reminders.things_shown(params.book, params.user, paged, params.now),
        "kinds": reminders.kinds_due(params.book, unit),
        "ahead": AHEAD.days,
        "query": f"unit={unit.code}&{wanted.query()}&",
    }
    return render(request, "desk/due.html", context)


@page("closing.close", unit="query", methods=("POST",))
def close_month(request: Request) -> HttpResponse:
    """Close a month of a unit for all its packs with one tap, the zero report included."""
    unit = unit_asked(request)
    try:
        month = Month.from_number(whole_of(request.POST.get("month", "")))
        month.start  # noqa: B018 - a month that does not exist has no first day
    except ValueError as error:
        raise Http404(gettext("This is not a month.")) from error
    try:
        wanted = closings_meant([unit], [], [month])
        closed = closings_close(closings=wanted, acting_user=request.user, now=request.now)
    except Refused as refused:
        return _home(request, refused)
    facts = {"month": month_words(month), "number": closed}
    message = ngettext(
        "%(month)s is closed: %(number)s programme.",
        "%(month)s is closed: %(number)s programmes.",
        closed,
    )
    messages.success(request, message % facts)
    return HttpResponseRedirect(f"{reverse('desk:home')}?unit={unit}")
