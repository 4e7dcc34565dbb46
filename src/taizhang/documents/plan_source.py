"""The plan of a pack as documents print it: tasks with quota, progress and due day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from taizhang.core.book import Book
from taizhang.core.figure import Figure
from taizhang.core.formula import Scope, define_formula
from taizhang.core.indicator import Question, figures
from taizhang.core.pack.model import Pack
from taizhang.core.period import Period
from taizhang.core.plan import plan_tree, quota
from taizhang.core.task import Task
from taizhang.documents.said import exact_text, unit_sign
from taizhang.documents.wanted import PlanRow
from taizhang.documents.words import period_words


def plan_rows(book: Book, pack: Pack, unit: str, period: Period) -> Sequence[PlanRow]:
    """Give the tasks of a pack's plan that fall into a period, in the order of the plan.

    Progress is asked in one question, and not at all for a period that has not begun.
    """
    tasks = pack.plan.tasks if pack.plan is not None else ()
    due = {task.key: _due(task, period) for task in tasks}
    tasks = tuple(task for task in tasks if task.due is None or due[task.key] is not None)
    done = _done(book, pack, tasks, unit, period)
    return tuple(
        PlanRow(
            key=task.key,
            label=task.label,
            lead=task.lead,
            support=task.support,
            quota=_quota(book, pack, task, unit, period),
            done=done.get(task.measure or ""),
            due=due[task.key],
            every=task.every,
            days=task.days,
        )
        for task in tasks
    )


def _done(
    book: Book, pack: Pack, tasks: Sequence[Task], unit: str, period: Period
) -> dict[str, Figure]:
    measures = tuple(dict.fromkeys(task.measure for task in tasks if task.measure))
    if not measures or period.start > book.as_of:
        return {}
    question = Question(units=(unit,), period=period, indicators=measures, home=pack.key)
    return dict(zip(measures, figures(book, question), strict=True))


def _quota(book: Book, pack: Pack, task: Task, unit: str, period: Period) -> Figure | None:
    """Make a figure of a quota, so that the annex says where it comes from."""
    amount = quota(book, pack, task, unit, period)
    if amount is None:
        return None
    tree = plan_tree(book, period)
    found = tree.unit(unit)
    name = found.name if found else unit
    word = _word(book, pack, task)
    shown = exact_text(amount)
    return Figure(
        key=f"{pack.key}.{task.key}.quota",
        label=f"{task.label}任务数",
        unit_code=unit,
        unit_name=name,
        period=str(period),
        as_of=book.as_of,
        tree=tree.day,
        value=amount,
        reason=None,
        low=amount,
        high=amount,
        unit=word,
        sentence=f"{name}{period_words(period)}：「{task.label}」计划任务{shown}{word}。",
        decimals=_decimals(amount),
    )


def _word(book: Book, pack: Pack, task: Task) -> str:
    """Give the unit of what a task measures; nothing where it is measured by no figure."""
    if task.measure is None:
        return ""
    definition = define_formula(task.measure, Scope(book.programmes, pack.key))
    return unit_sign(definition.unit)


def _decimals(amount: Fraction) -> int:
    return 0 if amount.denominator == 1 else 1 if (amount * 10).denominator == 1 else 2


def _due(task: Task, period: Period) -> date | None:
    """Give the day inside the period on which a task is due; ``None`` when there is none."""
    if task.due is None:
        return None
    if len(task.due) > len("01-31"):
        days = [date.fromisoformat(task.due)]
    else:
        years = range(period.first.year, period.last.year + 1)
        days = [date.fromisoformat(f"{year}-{task.due}") for year in years]
    return next((day for day in days if day in period), None)
