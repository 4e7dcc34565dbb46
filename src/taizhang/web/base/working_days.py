"""Working days of the State Council's calendar, for deadlines."""

from __future__ import annotations

from datetime import date, timedelta

from holidays import country_holidays


def working_days_after(day: date, count: int) -> date:
    """Give the ``count``-th working day after ``day``: no weekend, no public holiday, and the
    weekends that are worked in exchange.

    The exchanged days of a year are announced late in the year before; until then plain weekends
    and the legal holidays count.
    """
    calendar = country_holidays("CN", years=range(day.year, day.year + 2))
    working_day = day
    while count > 0:
        working_day += timedelta(days=1)
        count -= calendar.is_working_day(working_day)
    return working_day
