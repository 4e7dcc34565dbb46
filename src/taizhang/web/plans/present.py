"""What the page of the plan shows: progress of each task, as figures."""

from __future__ import annotations

from dataclasses import dataclass

from taizhang.core.base.period import Period
from taizhang.core.book import Book
from taizhang.core.definition.pack import Pack
from taizhang.core.definition.task import Task
from taizhang.core.formula import NameScope
from taizhang.core.progress.task_progress import TaskProgress, TaskState, progress
from taizhang.core.quota import measured
from taizhang.core.text.unit_sign import RATES, unit_sign
from taizhang.core.unit.tree import Unit
from taizhang.web.base.wording import number_words
from taizhang.web.plans.schedule import done_share
from taizhang.web.programmes.admission import voluntary_tasks


@dataclass(frozen=True, slots=True)
class TaskRow:
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


def plan_rows(book: Book, pack: Pack, unit: Unit, period: Period) -> tuple[TaskRow, ...]:
    """Read the plan of a pack for a unit and period, one row a task."""
    voluntary = voluntary_tasks(book.programmes, book.today)
    scope = NameScope(book.programmes, pack.key)
    rows = []
    for task in progress(book, pack, unit.code, period):
        key = measured(task.task, scope)
        due = int(task.due * 100 / task.quota) if task.quota and task.due is not None else 0
        rows.append(
            TaskRow(
                progress=task,
                share=done_share(task),
                due_share=max(0, min(100, due)),
                quota=number_words(owed) if (owed := task.owed()) else "",
                done="" if task.figure is None else task.figure.shown(),
                unit=unit_sign(task.unit),
                voluntary=(pack.key, task.task.key) in voluntary,
                handed=key is not None and book.targets.handed(key, unit.code, period) is not None,
                may_hand=key is not None and task.task.counted and task.unit not in RATES,
            )
        )
    return tuple(rows)


#: State of a task → class of its mark.
MARKS = {
    TaskState.DONE: "",
    TaskState.ON_TRACK: "",
    TaskState.BEHIND: "late",
    TaskState.NOT_DUE: "off",
    TaskState.NOT_KNOWN: "wait",
    TaskState.UNSET: "off",
}


def task_of(pack: Pack, key: str) -> Task | None:
    """Find a task of a pack's plan."""
    tasks = pack.plan.tasks if pack.plan is not None else ()
    return next((task for task in tasks if task.key == key), None)


def measure_of(book: Book, pack: Pack, task: Task) -> str | None:
    """Give the measure that a quota of a task is handed down for; ``None`` where it has none."""
    return measured(task, NameScope(book.programmes, pack.key))
