"""Tasks of the year's plans that are behind their schedule, or dated and near."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from taizhang.core.base.period import year_of
from taizhang.core.book import Book
from taizhang.core.definition.pack import Pack
from taizhang.core.progress.task_progress import TaskProgress, TaskState, plan_of, progress
from taizhang.core.unit.tree import Unit
from taizhang.web.programmes.admission import voluntary_tasks

#: So many days back a dated task that is not done is still told of, and so many ahead.
BACK = timedelta(days=31)
AHEAD = timedelta(days=14)


def kept_packs(book: Book, unit: Unit) -> tuple[Pack, ...]:
    """Give the packs that a unit or member below it keeps."""
    tree = book.history.tree(book.today)
    kinds = {member.kind for member in tree.below(unit.code)}
    return tuple(pack for pack in book.programmes.packs if kinds & set(pack.unit_kinds))


@dataclass(frozen=True, slots=True)
class LateTask:
    """A task of a plan, with its pack, that is behind or falls due."""

    pack: Pack
    task: TaskProgress
    day: date | None = None  # by which a dated task is due

    @property
    def share(self) -> int:
        """Give what was done of the quota, as whole percent up to 100."""
        return done_share(self.task)


def done_share(task: TaskProgress) -> int:
    """Give what was done of a quota, as whole percent from 0 to 100."""
    value = task.figure.value if task.figure is not None else None
    if value is None or not task.quota:
        return 0
    return max(0, min(100, int(Fraction(value) * 100 / task.quota)))


@dataclass(frozen=True, slots=True)
class PlansDue:
    """Tasks that need somebody: behind their schedule, or dated and near."""

    behind: tuple[LateTask, ...]
    near: tuple[LateTask, ...]


def plans_due(book: Book, unit: Unit) -> PlansDue:
    """Read the plans of the year for a unit: what is behind, what is due by a day.

    A task that only a survey fills which may be refused is never behind.
    """
    period = year_of(book.today.year)
    voluntary = voluntary_tasks(book.programmes, book.today)
    behind: list[LateTask] = []
    near: list[LateTask] = []
    packs = {pack.key for pack in kept_packs(book, unit)}
    for pack in plan_of(book.programmes, None):
        if pack.key not in packs:
            continue
        for task in progress(book, pack, unit.code, period):
            if (pack.key, task.task.key) in voluntary:
                continue
            if task.state is TaskState.BEHIND:
                behind.append(LateTask(pack, task))
            elif task.quota is None and task.figure is None:
                days = [end for _, end in task.dates]
                near += [
                    LateTask(pack, task, day)
                    for day in days
                    if book.today - BACK <= day <= book.today + AHEAD
                ]
    behind.sort(key=lambda late_task: late_task.share)
    near.sort(key=lambda near_task: near_task.day or date.max)
    return PlansDue(tuple(behind), tuple(near))
