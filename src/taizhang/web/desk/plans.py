"""What pages of the plan show: progress, responsibility, quotas of units below, the calendar."""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from urllib.parse import urlencode

from django.urls import reverse

from taizhang.core.book import Book, Nothing
from taizhang.core.calendar import days_in
from taizhang.core.formula import Scope, define_formula
from taizhang.core.pack.model import Pack
from taizhang.core.period import Month, Period, year_of
from taizhang.core.plan import measured, quota
from taizhang.core.progress import State, TaskProgress, progress, whole_quota
from taizhang.core.task import Task
from taizhang.core.text.unit_sign import RATES, unit_sign
from taizhang.core.timetable import dates_of
from taizhang.core.unit import Unit
from taizhang.web.desk.due import DueWanted, forms_of_things
from taizhang.web.desk.home import done_share
from taizhang.web.ledger.models import Entity
from taizhang.web.ledger.words import month_words, number_words
from taizhang.web.programmes.admission import voluntary_tasks


@dataclass(frozen=True, slots=True)
class Row:
    """A task of the plan as a row of the page."""

    progress: TaskProgress
    share: int  # percent of the quota that is done
    due_share: int  # percent of the quota that is due by now
    quota: str
    done: str
    unit: str  # in words: 次, %
    voluntary: bool  # only a survey that may be refused fills it
    handed: bool  # its quota was handed down
    may_hand: bool  # a measure or indicator of its own counts it: a quota can be handed down


def plan_rows(book: Book, pack: Pack, unit: Unit, period: Period) -> tuple[Row, ...]:
    """Read the plan of a pack for a unit and period, one row a task."""
    voluntary = voluntary_tasks(book.programmes, book.today)
    scope = Scope(book.programmes, pack.key)
    rows = []
    for one in progress(book, pack, unit.code, period):
        key = measured(one.task, scope)
        due = int(one.due * 100 / one.quota) if one.quota and one.due is not None else 0
        rows.append(
            Row(
                progress=one,
                share=done_share(one),
                due_share=max(0, min(100, due)),
                quota=number_words(owed) if (owed := one.owed()) else "",
                done="" if one.figure is None else one.figure.shown(),
                unit=unit_sign(one.unit),
                voluntary=(pack.key, one.task.key) in voluntary,
                handed=key is not None and book.targets.handed(key, unit.code, period) is not None,
                may_hand=key is not None and one.quota is not None and one.unit not in RATES,
            )
        )
    return tuple(rows)


#: State of a task → class of its mark.
MARKS = {
    State.DONE: "",
    State.ON_TRACK: "",
    State.BEHIND: "late",
    State.NOT_DUE: "off",
    State.NOT_KNOWN: "wait",
}


def task_of(pack: Pack, key: str) -> Task | None:
    """Find a task of a pack's plan."""
    tasks = pack.plan.tasks if pack.plan is not None else ()
    return next((task for task in tasks if task.key == key), None)


def measure_of(book: Book, pack: Pack, task: Task) -> str | None:
    """Give the measure that a quota of a task is handed down for; ``None`` where it has none."""
    return measured(task, Scope(book.programmes, pack.key))


@dataclass(frozen=True, slots=True)
class Share:
    """The quota of one child unit: what the pack plans, what was handed down."""

    unit: Unit
    planned: Fraction | None
    handed: str  # '' where nothing was handed down
    counts: Fraction | None  # what stands now
    measured_in: str

    @property
    def exact(self) -> str:
        """Write what the pack plans as it is reckoned."""
        return "" if self.planned is None else number_words(self.planned)

    @property
    def whole(self) -> str:
        """Write what the pack plans as it is kept: in whole things where these are counted."""
        if self.planned is None:
            return ""
        return number_words(whole_quota(self.planned, self.measured_in))


@dataclass(frozen=True, slots=True)
class Shares:
    """The quotas of the units right below a unit, against its own."""

    own: Fraction | None
    own_handed: bool
    rows: tuple[Share, ...]
    measured_in: str  # 次, 期 …

    @property
    def total(self) -> Fraction:
        """Give the sum of what the units below owe now."""
        return sum((one.counts or Fraction(0) for one in self.rows), Fraction(0))

    @property
    def fractional(self) -> bool:
        """Say whether a planned quota is no whole number of things that are counted whole."""
        return any(one.whole != one.exact for one in self.rows)


def shares(book: Book, pack: Pack, task: Task, unit: Unit, period: Period) -> Shares:
    """Read the quotas of a task for the units right below ``unit``."""
    scope = Scope(book.programmes, pack.key)
    key = measured(task, scope)
    measured_in = define_formula(task.measure, scope).unit if task.measure else ""
    plain = replace(book, targets=Nothing())
    tree = book.tree_for(period)
    rows = []
    for child in tree.children(unit.code):
        if not tree.members(child.code, pack.unit_kinds):
            continue
        handed = book.targets.handed(key, child.code, period) if key is not None else None
        rows.append(
            Share(
                unit=child,
                planned=quota(plain, pack, task, child.code, period),
                handed="" if handed is None else number_words(handed),
                counts=quota(book, pack, task, child.code, period),
                measured_in=measured_in,
            )
        )
    own = quota(book, pack, task, unit.code, period)
    own_handed = key is not None and book.targets.handed(key, unit.code, period) is not None
    return Shares(own, own_handed, tuple(rows), measured_in)


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
            address = f"{reverse('desk:home')}?unit={unit.code}#months"
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
    found: defaultdict[date, list[Event]] = defaultdict(list)
    seen: set[tuple[date, str]] = set()
    for pack in packs:
        for day in days_in(pack.calendar, period):
            start = max(day.start, month.start)
            if (start, day.label) not in seen:
                seen.add((start, day.label))
                end = day.end if day.end != day.start else None
                found[start].append(Event(day.label, "day", pack.label, end))
        for task in pack.plan.tasks if pack.plan is not None else ():
            # A quota that recurs every month says so in the plan; the calendar shows what is dated.
            if task.measure is None:
                for _, end in dates_of(task, period):
                    query = {"unit": unit.code, "pack": pack.key, "period": str(year_of(end.year))}
                    address = f"{reverse('desk:plan')}?{urlencode(query)}#{task.key}"
                    found[end].append(Event(task.label, "task", pack.label, address=address))
    codes = [unit.code, *book.history.tree(book.today).homes(unit.code)]
    things = Entity.objects.filter(
        unit__in=codes, due__gte=month.start, due__lte=month.end
    ).exclude(latest=None)
    counted: defaultdict[tuple[date, str], int] = defaultdict(int)
    for due, dataset in things.values_list("due", "dataset"):
        if due is not None:
            counted[due, dataset] += 1
    forms = forms_of_things(book.programmes)
    for (due, dataset), number in counted.items():
        title = forms[dataset].title if dataset in forms else dataset
        wanted = DueWanted(dataset, due).query()
        address = f"{reverse('desk:due')}?unit={unit.code}&{wanted}"
        found[due].append(Event(title, "thing", str(number), address=address))
    return found
