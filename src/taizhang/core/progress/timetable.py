"""The timetable of a plan: due dates of tasks month by month, and who is responsible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from taizhang.core.base.period import Month, Period
from taizhang.core.definition.calendar import Day, days_in, occurrences
from taizhang.core.definition.pack import Pack
from taizhang.core.definition.task import PlanTemplate, Task
from taizhang.core.quota import share_of


def dates_of(task: Task, period: Period) -> Iterator[tuple[date, date]]:
    """Walk the days or spans in a period by which a task falls due: its day, or its recurrence.

    :raises ValueError: if ``due`` is no day, or ``every`` no recurrence
    """
    for year in range(period.first.year, period.last.year + 1):
        spans: Iterable[tuple[date, date]] = ()
        if task.due is not None:
            spans = _due_days(task.due, year)
        elif task.every is not None:
            spans = occurrences(task.every, year)
        for start, end in spans:
            if end in period:
                yield start, end


def _due_days(due: str, year: int) -> Iterator[tuple[date, date]]:
    if len(due) == len("2026-01-31"):
        day = date.fromisoformat(due)
    else:
        month = Month(year, int(due[:2]))
        day = min(date(year, month.month, min(int(due[3:]), month.end.day)), month.end)
    if day.year == year:
        yield day, day


@dataclass(frozen=True, slots=True, kw_only=True)
class Responsibility:
    """One row of the responsibility matrix: which department leads, which ones help."""

    task: Task
    roles: Mapping[str, str]  # department → lead | support


def responsibility(template: PlanTemplate) -> tuple[tuple[str, ...], tuple[Responsibility, ...]]:
    """Give the departments in the order they first appear, leaders first, and a row a task."""
    leads = dict.fromkeys(task.lead for task in template.tasks if task.lead)
    helpers = dict.fromkeys(helper for task in template.tasks for helper in task.support)
    departments = tuple(dict.fromkeys((*leads, *helpers)))
    rows = []
    for task in template.tasks:
        roles = dict.fromkeys(task.support, "support")
        if task.lead:
            roles[task.lead] = "lead"
        rows.append(Responsibility(task=task, roles=roles))
    return departments, tuple(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimetableMonth:
    """One month of the timetable: its theme days, and the tasks that fall due in it."""

    month: Month
    days: tuple[Day, ...]
    tasks: tuple[Task, ...]


def timetable(
    pack: Pack, period: Period, others: Sequence[Pack] = ()
) -> tuple[TimetableMonth, ...]:
    """Give month by month the theme days and the tasks of a pack.

    A task stands in the months its quota falls due, in which it recurs or is dated, and in the
    months of the days it belongs to; one that is spread evenly stands in every month.
    ``others`` lend their calendars (a pack it uses).
    """
    rules = [rule for lender in (pack, *others) for rule in lender.calendar]
    tasks = pack.plan.tasks if pack.plan is not None else ()
    slots = []
    for month in period.months():
        whole = Period(month, month)
        days = days_in(rules, whole)
        keys = {day.key for day in days}
        chosen = tuple(task for task in tasks if _stands_in(task, whole, keys))
        slots.append(TimetableMonth(month=month, days=days, tasks=chosen))
    return tuple(slots)


def _stands_in(task: Task, month: Period, days: set[str]) -> bool:
    if any(True for _ in dates_of(task, month)) or days & set(task.days):
        return True
    return task.counted and share_of(task, month.months()) > 0
