"""The calendar of a unit as iCalendar (RFC 5545): theme days, dates of plans, months to close.

All of it falls on whole days, so that no zone of time is needed.  Nothing in it is about a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext
from icalendar import Calendar, Event

from taizhang.core.base.period import Month, Period
from taizhang.core.definition.calendar import days_in
from taizhang.core.definition.pack import Pack
from taizhang.core.progress.timetable import dates_of
from taizhang.core.unit.tree import Unit
from taizhang.web.accounts.queries import closing_days_set, instance
from taizhang.web.ledger.facts.closing import LedgerClosings, due_from, is_due
from taizhang.web.programmes.queries import programmes_on
from taizhang.web.units.queries import history

#: Months before this one and after it that the calendar shows.
BEFORE, AFTER = 3, 14
#: Months still to come whose closing is announced.
CLOSINGS_AHEAD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """One entry on whole days, ``end`` included; ``key`` names it for as long as it exists."""

    key: str
    start: date
    end: date
    title: str
    text: str
    kind: str


def calendar_feed(unit: str, now: datetime) -> bytes:
    """Give the calendar of a unit."""
    today = timezone.localdate(now)
    unit_today = history().unit_on(unit, today)
    calendar = Calendar()
    calendar.add("prodid", "-//taizhang//calendar//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"台账 {unit_today.name if unit_today else unit}")
    calendar.add("x-wr-timezone", timezone.get_default_timezone_name())
    calendar.add("x-published-ttl", "PT12H")
    host = instance().key
    # The month begins: an entry says the same, byte by byte, until then.
    stamp = datetime.combine(today.replace(day=1), time(), UTC)
    for entry in calendar_entries(unit_today, today) if unit_today is not None else ():
        calendar.add_component(_event(entry, unit, host, stamp))
    return bytes(calendar.to_ical())


def calendar_entries(unit: Unit, today: date) -> Sequence[CalendarEntry]:
    """Give what the calendar of a unit shows, in the order of days."""
    here = Month.of(today)
    period = Period(here.plus(-BEFORE), here.plus(AFTER))
    packs = _packs(unit, today)
    listed = [*_theme_days(packs, period), *_tasks(packs, period), *_closings(unit, today)]
    return sorted(listed, key=lambda entry: (entry.start, entry.kind, entry.key))


def _packs(unit: Unit, day: date) -> tuple[Pack, ...]:
    """Give the packs in force that the unit, or a unit below it, keeps."""
    tree = history().tree(day)
    kinds = {below.kind for below in tree.below(unit.code)} | {unit.kind}
    return tuple(pack for pack in programmes_on(day).packs if kinds.intersection(pack.unit_kinds))


def _theme_days(packs: Iterable[Pack], period: Period) -> Iterator[CalendarEntry]:
    seen: set[tuple[str, date]] = set()  # several packs keep the same day
    for pack in packs:
        for day in days_in(pack.calendar, period):
            if (day.label, day.start) in seen:
                continue
            seen.add((day.label, day.start))
            yield CalendarEntry(
                key=f"day-{pack.key}.{day.key}-{day.start:%Y%m%d}",
                start=day.start,
                end=day.end,
                title=day.label,
                text=pack.label,
                kind=gettext("Theme day"),
            )


def _tasks(packs: Iterable[Pack], period: Period) -> Iterator[CalendarEntry]:
    for pack in packs:
        for task in pack.plan.tasks if pack.plan is not None else ():
            for start, end in dates_of(task, period):
                text = gettext("%(pack)s: due by %(day)s") % {"pack": pack.label, "day": end}
                if start != end:
                    text += "\n" + gettext("To be done from %(day)s on") % {"day": start}
                yield CalendarEntry(
                    key=f"task-{pack.key}.{task.key}-{end:%Y%m%d}",
                    start=end,
                    end=end,
                    title=gettext("Due: %(task)s") % {"task": task.label},
                    text=text,
                    kind=gettext("Plan"),
                )


def _closings(unit: Unit, today: date) -> Iterator[CalendarEntry]:
    """Announce each month that the unit itself has to close: after its end, to its closing day."""
    here = Month.of(today)
    period = Period(here.plus(-BEFORE), here.plus(CLOSINGS_AHEAD))
    closed, start, days = LedgerClosings(history()), due_from(), closing_days_set()
    for month in period.months():
        span = Period(month, month)
        wanted = [
            pack.label
            for pack in programmes_on(min(month.end, today)).packs
            if unit.kind in pack.unit_kinds
            and is_due(pack.key, month, start)
            and not closed.closed(pack.key, [unit.code], span, today).get(unit.code)
        ]
        if wanted and unit.exists_on(month.end):
            day = month.end + timedelta(days=1)
            yield CalendarEntry(
                key=f"close-{month.number}",
                start=day,
                end=days.due_on(month),
                title=gettext("Close the month %(month)s") % {"month": month},
                text="、".join(wanted),
                kind=gettext("Closing"),
            )


def _event(entry: CalendarEntry, unit: str, host: str, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry.key}-{unit}@{host}.taizhang")
    event.add("dtstamp", stamp)
    event.add("dtstart", entry.start)
    event.add("dtend", entry.end + timedelta(days=1))  # the first day that is no part of it
    event.add("summary", entry.title)
    event.add("description", entry.text)
    event.add("categories", [entry.kind])
    event.add("transp", "TRANSPARENT")
    return event
