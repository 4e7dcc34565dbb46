"""The page of the calendar."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext

from taizhang.core.base.literal import whole_of
from taizhang.core.base.period import Month, PeriodError, year_check
from taizhang.web.accounts.permission import Request, page
from taizhang.web.base.wording import month_words
from taizhang.web.figures.request_params import request_params, unit_context, unit_of
from taizhang.web.plans.calendar import month_grid
from taizhang.web.plans.open_months import months_kept
from taizhang.web.plans.schedule import kept_packs


@page("plan.read", unit="query")
def calendar(request: Request) -> HttpResponse:
    """Show a month: theme days, dated tasks, things that fall due, months to close."""
    params = request_params(request)
    unit = unit_of(request, params)
    if unit is None:
        return render(request, "figures/empty.html", {})
    book = params.book
    month = _month(request, book.today.year, book.today.month)
    packs = kept_packs(book, unit)
    open_months = {
        open_month.month: len(open_month.units) for open_month in months_kept(params, unit)
    }
    context = {
        **unit_context(params, unit),
        "month": month,
        "month_words": month_words(month),
        "before": month.plus(-1),
        "after": month.plus(1),
        "weeks": month_grid(book, packs, unit, month, open_months),
        "weekdays": [*WEEKDAYS_ABBR.values()],
    }
    return render(request, "plans/calendar.html", context)


def _month(request: Request, year: int, month: int) -> Month:
    text = request.GET.get("month", "")
    try:
        chosen = Month(whole_of(text[:4]), whole_of(text[5:])) if text else Month(year, month)
        if not 1 <= chosen.month <= 12:
            raise ValueError(text)
        year_check(text, chosen.year)
    except PeriodError as error:
        raise error.refused from error
    except ValueError as error:
        raise Http404(gettext("This is not a month.")) from error
    return chosen
