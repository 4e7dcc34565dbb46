"""The plan of a pack as documents print it: tasks with quota, progress and due day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from taizhang.core.base.period import Period
from taizhang.core.book import Book
from taizhang.core.definition.calendar import Day
from taizhang.core.definition.pack import Pack
from taizhang.core.definition.task import Task
from taizhang.core.progress.task_progress import TaskProgress, progress
from taizhang.core.progress.timetable import timetable
from taizhang.documents.template.data_source import DayRow, MonthRow, PlanRow


def plan_rows(book: Book, pack: Pack, unit: str, period: Period) -> Sequence[PlanRow]:
    """Give the tasks of a pack's plan that fall into a period, in the order of the plan."""
    return tuple(
        _row(tracked)
        for tracked in progress(book, pack, unit, period)
        if tracked.task.due is None or tracked.dates
    )


def _row(tracked: TaskProgress) -> PlanRow:
    task, quota = tracked.task, tracked.quota_figure
    if quota is not None:
        # How far a task has come is no part of where its quota comes from.
        quota = replace(quota, method=f"计划任务「{task.label}」的任务数。")
    return PlanRow(
        key=task.key,
        label=task.label,
        lead=task.lead,
        support=task.support,
        quota=quota,
        own=task.own and quota is None,
        done=tracked.figure,
        due=tracked.dates[0][1] if task.due is not None else None,
        every=task.every,
        state=tracked.state.value,
    )


def month_rows(pack: Pack, period: Period) -> Sequence[MonthRow]:
    """Give the timetable of a pack, month by month."""
    return tuple(
        MonthRow(
            month=slot.month,
            days=tuple(day_row(day) for day in slot.days),
            tasks=tuple(_stated(task) for task in slot.tasks),
        )
        for slot in timetable(pack, period)
    )


def _stated(task: Task) -> PlanRow:
    return PlanRow(key=task.key, label=task.label, lead=task.lead, support=task.support)


def day_row(day: Day, topic: str = "") -> DayRow:
    """Give a theme day as documents print it; ``topic`` is the label of its topic."""
    return DayRow(key=day.key, label=day.label, first=day.start, last=day.end, topic=topic)
