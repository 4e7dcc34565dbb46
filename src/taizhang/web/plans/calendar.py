"""The calendar of a month: theme days, dated tasks, things that fall due, months to close."""

from __future__ import annotations

from calendar import Calendar
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from taizhang.core.base.period import Month, Period, year_of
from taizhang.core.book import Book
from taizhang.core.definition.calendar import days_in
from taizhang.core.definition.pack import Pack
from taizhang.core.definition.programme import Programmes
from taizhang.core.form import Form
from taizhang.core.progress.timetable import dates_of
from taizhang.core.unit.tree import Unit
from taizhang.web.base.ways import way
from taizhang.web.base.wording import month_words
from taizhang.web.cases.queries import CaseFilter, cases_due
from taizhang.web.things.due import names_due


@dataclass(frozen=True, slots=True)
class Event:
    """Something that stands on a day of the calendar."""

    label: str
    kind: str  # day, task, thing, closing
    about: str = ""
    end: date | None = None  # of something longer than a day
    address: str = ""  # where it is dealt with


@dataclass(frozen=True, slots=True)
class Square:
    """A day of the month grid."""

    day: date
    inside: bool  # of the month itself, not of its neighbours
    today: bool
    events: tuple[Event, ...]

    @property
    def kind(self) -> str:
        """Say what a telephone leaves out: a neighbour's day, a day without anything."""
        if not self.inside:
            return "outside"
        return "" if self.events or self.today else "quiet"


def month_grid(
    book: Book, packs: Iterable[Pack], unit: Unit, month: Month, open_months: Mapping[Month, int]
) -> list[list[Square]]:
    """Give the weeks of a month with what stands on each day.

    :param open_months: months that are over and not closed, with the number of open units
    """
    events = _events(book, tuple(packs), unit, month)
    for past, number in open_months.items():
        day = past.plus(1).start
        if (day.year, day.month) == (month.year, month.month):
            address = f"{way('home')}?unit={unit.code}#months"
            events[day].append(Event(month_words(past), "closing", str(number), address=address))
    weeks = Calendar().monthdatescalendar(month.year, month.month)
    return [
        [
            Square(
                day=day,
                inside=day.month == month.month,
                today=day == book.today,
                events=tuple(events.get(day, ())) if day.month == month.month else (),
            )
            for day in week
        ]
        for week in weeks
    ]


def _events(
    book: Book, packs: tuple[Pack, ...], unit: Unit, month: Month
) -> defaultdict[date, list[Event]]:
    period = Period(month, month)
    events: defaultdict[date, list[Event]] = defaultdict(list)
    seen: set[tuple[date, str]] = set()
    for pack in packs:
        for day in days_in(pack.calendar, period):
            start = max(day.start, month.start)
            if (start, day.label) not in seen:
                seen.add((start, day.label))
                end = day.end if day.end != day.start else None
                events[start].append(Event(day.label, "day", pack.label, end))
        for task in pack.plan.tasks if pack.plan is not None else ():
            # A quota that recurs every month says so in the plan; the calendar shows what is dated.
            if task.measure is None:
                for _, end in dates_of(task, period):
                    query = {"unit": unit.code, "pack": pack.key, "period": str(year_of(end.year))}
                    address = f"{reverse('plans:plan')}?{urlencode(query)}#{task.key}"
                    events[end].append(Event(task.label, "task", pack.label, address=address))
    codes = [unit.code, *book.history.tree(book.today).homes(unit.code)]
    names = names_due(book.programmes, codes, month.start, month.end)
    counted = Counter((name.due, name.dataset) for name in names)
    forms = forms_of_things(book.programmes)
    for (due, dataset), number in counted.items():
        title = forms[dataset].title if dataset in forms else dataset
        things_query = urlencode({"unit": unit.code, "kind": dataset, "day": due.isoformat()})
        address = f"{way('due')}?{things_query}"
        events[due].append(Event(title, "thing", str(number), address=address))
    cases = f"{reverse('cases:list')}?{CaseFilter(unit=unit.code, part='owned').query()}"
    for due, kind, number in cases_due(codes, month.start, month.end):
        label = book.programmes.cases[kind].label if kind in book.programmes.cases else kind
        events[due].append(Event(label, "thing", str(number), address=cases))
    return events


def forms_of_things(programmes: Programmes) -> Mapping[str, Form]:
    """Give the form that speaks of each kind of thing, the first pack's where several do."""
    return {
        form.entity.dataset: form
        for form in reversed([*programmes.forms.values()])
        if form.entity is not None
    }
