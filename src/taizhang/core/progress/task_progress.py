"""Progress of a plan: the state of each task, its part due by now, what the ledger holds of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from taizhang.core.base.figure import Behind, Figure, number
from taizhang.core.base.issue import Issue, Refused
from taizhang.core.base.period import Period
from taizhang.core.book import Book
from taizhang.core.counting.measure import WHOLE_UNITS
from taizhang.core.definition.pack import Pack
from taizhang.core.definition.programme import Programmes
from taizhang.core.definition.task import Task
from taizhang.core.formula import NameScope, define_formula, words
from taizhang.core.indicator import Question, figures
from taizhang.core.progress.code import PlanCode
from taizhang.core.progress.timetable import dates_of
from taizhang.core.quota import quota, share_of
from taizhang.core.text.bilingual import Bilingual
from taizhang.core.text.number import number_text
from taizhang.core.text.unit_sign import RATES, unit_sign


class TaskState(StrEnum):
    """Where a task stands on the day the ledger speaks of."""

    DONE = "done"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    NOT_DUE = "not_due"
    NOT_KNOWN = "not_known"
    UNSET = "unset"  # the amount is the unit's own plan's, and it has set none


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskProgress:
    """One task of a unit: quota of the period, the part of it due by now, and what was done.

    ``quota`` and ``due`` are ``None`` for a task without quota, ``figure`` for one without
    measure; both are exact, :meth:`owed` and :meth:`owed_by_now` are what people are told.
    ``dates`` are the days or spans of the period by which a dated task recurs.
    """

    task: Task
    unit_code: str
    unit_name: str
    period: str
    as_of: date
    quota: Fraction | None
    due: Fraction | None
    figure: Figure | None
    state: TaskState
    sentence: str
    unit: str = ""
    label: str = ""
    dates: tuple[tuple[date, date], ...] = ()

    def owed(self) -> Fraction | None:
        """Give the quota as people keep it: 4.5 lectures are kept by whoever holds five."""
        return None if self.quota is None else whole_quota(self.quota, self.unit)

    def owed_by_now(self) -> Fraction | None:
        """Give what is due by now in whole things, as the state compares it.

        While the period runs half a lecture is owed by nobody; at its end the quota is.
        """
        if self.due is None or self.unit not in WHOLE_UNITS:
            return self.due
        return self.owed() if self.due == self.quota else Fraction(floor(self.due))

    @property
    def quota_figure(self) -> Figure | None:
        """Give the quota as a figure, so that a document can say where the number comes from."""
        owed = self.owed()
        if owed is None:
            return None
        decimals = 0 if owed.denominator == 1 else 1
        return Figure(
            key=f"quota:{self.task.key}",
            label=self.task.label,
            unit_code=self.unit_code,
            unit_name=self.unit_name,
            period=self.period,
            as_of=self.as_of,
            tree=self.as_of if self.figure is None else self.figure.tree,
            value=owed,
            reason=None,
            low=owed,
            high=owed,
            unit=self.unit,
            sentence=self.sentence,
            records=Behind(None),
            decimals=decimals,
        )

    def as_json(self) -> dict[str, object]:
        """Give the JSON shape of the command contract."""
        return {
            "key": self.task.key,
            "label": self.task.label,
            "unit_code": self.unit_code,
            "unit_name": self.unit_name,
            "period": self.period,
            "as_of": self.as_of.isoformat(),
            "quota": number(self.quota),
            "due": number(self.due),
            "done": number(self.figure.value) if self.figure is not None else None,
            "unit": self.unit,
            "state": self.state.value,
            "sentence": self.sentence,
            "lead": self.task.lead,
            "support": list(self.task.support),
            "dates": [[start.isoformat(), end.isoformat()] for start, end in self.dates],
            "figure": None if self.figure is None else self.figure.as_json(),
        }


def whole_quota(quota: Fraction, unit: str) -> Fraction:
    """Round a quota up to whole things where its unit counts them; 847.5 次 is kept by 848."""
    return Fraction(ceil(quota)) if unit in WHOLE_UNITS else quota


def progress(book: Book, pack: Pack, unit: str, period: Period) -> tuple[TaskProgress, ...]:
    """Give the state of every task of a pack's plan for a unit, in the order of the plan.

    :raises Refused: if the unit does not exist on the tree of the period
    """
    if pack.plan is None:
        return ()
    name = book.tree_for(period).required(unit).name
    reader = _Reader(book, pack, unit, name, period)
    return tuple(reader.task(task) for task in pack.plan.tasks)


def plan_of(programmes: Programmes, key: str | None) -> tuple[Pack, ...]:
    """Give the packs that have a plan, or the one of this key.

    :raises Refused: if no installed pack of this key has a plan
    """
    packs = tuple(pack for pack in programmes.packs if pack.plan is not None and pack.plan.tasks)
    if key is None:
        return packs
    planned = tuple(pack for pack in packs if pack.key == key)
    if not planned:
        known = ", ".join(pack.key for pack in packs) or "-"
        raise Refused([Issue(PlanCode.SCORE_005, facts={"name": key, "known": known})])
    return planned


@dataclass
class _Reader:
    """Reads the tasks of one unit; all figures are asked at once."""

    book: Book
    pack: Pack
    unit: str
    name: str
    period: Period
    figures: Mapping[str, Figure] = field(init=False)
    settled: Mapping[str, Figure] = field(init=False)  # over the months that are over

    def __post_init__(self) -> None:
        self.scope = NameScope(self.book.programmes, self.pack.key)
        over = [month for month in self.period.months() if month.end <= self.book.as_of]
        self.over = tuple(over)
        self.figures = self._asked(self.period)
        same = len(over) == self.period.length
        past = Period(over[0], over[-1]) if over else None
        self.settled = self.figures if same else {} if past is None else self._asked(past)

    def _asked(self, period: Period) -> Mapping[str, Figure]:
        tasks = self.pack.plan.tasks if self.pack.plan is not None else ()
        texts = tuple(dict.fromkeys(task.measure for task in tasks if task.measure is not None))
        if not texts:
            return {}
        question = Question(indicators=texts, units=(self.unit,), period=period, home=self.pack.key)
        return dict(zip(texts, figures(self.book, question), strict=True))

    def task(self, task: Task) -> TaskProgress:
        """Read one task."""
        if task.measure is None:
            return self._dated(task)
        figure = self.figures[task.measure]
        wanted = quota(self.book, self.pack, task, self.unit, self.period)
        due = None if wanted is None else self._due(task, figure, wanted)
        unset = task.own and wanted is None
        state = TaskState.UNSET if unset else self._state(task.measure, figure, wanted, due)
        definition = define_formula(task.measure, self.scope)
        label = definition.label
        if definition.key == task.measure:
            label = words(definition.node, self.scope, self.book.language)
        task_progress = self._progress(task, wanted, due, figure, state, "", label)
        return replace(task_progress, sentence=self._sentence(task_progress, figure))

    def _progress(
        self,
        task: Task,
        wanted: Fraction | None,
        due: Fraction | None,
        figure: Figure | None,
        state: TaskState,
        sentence: str,
        label: str = "",
    ) -> TaskProgress:
        return TaskProgress(
            task=task,
            unit_code=self.unit,
            unit_name=self.name,
            period=str(self.period),
            as_of=self.book.as_of,
            quota=wanted,
            due=due,
            figure=figure,
            state=state,
            sentence=sentence,
            unit="" if figure is None else figure.unit,
            label=label or task.label,
            dates=tuple(dates_of(task, self.period)),
        )

    def _due(self, task: Task, figure: Figure, wanted: Fraction) -> Fraction:
        """Give the part of the quota that falls into months that are over."""
        if len(self.over) == self.period.length:
            return wanted
        whole = share_of(task, self.period.months())
        if figure.unit in RATES or not whole:
            return Fraction(0)
        return wanted * share_of(task, iter(self.over)) / whole

    def _state(
        self, text: str, figure: Figure, wanted: Fraction | None, due: Fraction | None
    ) -> TaskState:
        """Compare with the whole things that are due: half a lecture is owed by nobody."""
        if wanted is None or due is None:
            return TaskState.NOT_KNOWN
        if not wanted:  # nothing of the year falls into the period
            return TaskState.NOT_DUE
        low = figure.value if figure.low is None else figure.low
        ended = len(self.over) == self.period.length
        owed = due if ended else Fraction(floor(due))
        if low is not None and low >= wanted and (ended or figure.unit not in RATES):
            return TaskState.DONE
        if low is not None and low >= owed:
            return TaskState.ON_TRACK if owed or low else TaskState.NOT_DUE
        if low is None and not owed:
            return TaskState.NOT_DUE
        past = self.settled.get(text)
        if past is None or past.value is None:
            return TaskState.NOT_KNOWN
        if past.high is None and (past.inexact or not past.open_months.half_known):
            return TaskState.NOT_KNOWN
        return TaskState.BEHIND

    def _sentence(self, task_progress: TaskProgress, figure: Figure) -> str:
        unit = unit_sign(figure.unit)
        wanted, due = task_progress.owed(), task_progress.owed_by_now()
        if task_progress.state is TaskState.UNSET:
            done = self._done(figure, unit)
            return self._say(
                f"任务数由本单位自定，还没有定；已完成{done}。",
                f"The quota is the unit's own and not set yet; done: {done}.",
            )
        if wanted is None or due is None:
            return self._say("没有任务数。", "There is no quota.")
        asked, owed = f"{number_text(wanted, 1)}{unit}", f"{number_text(due, 1)}{unit}"
        if wanted != task_progress.quota and task_progress.quota is not None:
            exact = f"{number_text(task_progress.quota, 2)}{unit}"
            asked += self._say(f"（折算{exact}）", f" (worked out as {exact})")
        done = self._done(figure, unit)
        if not wanted:
            return self._say(
                f"本时段没有任务数，已完成{done}。", f"No quota falls due; done: {done}."
            )
        day = self.book.as_of.isoformat()
        state = STATES[task_progress.state].text(self.book.language)
        return self._say(
            f"任务{asked}，到{day}应完成{owed}，已完成{done}：{state}。",
            f"Quota {asked}; due by {day}: {owed}; done: {done}: {state}.",
        )

    def _done(self, figure: Figure, unit: str) -> str:
        if figure.value is None:
            return self._say("未知", "not known")
        done = f"{number_text(figure.value, figure.decimals)}{unit}"
        units, months, _ = figure.open_months
        if months:
            who = self._say(f"{units}个单位", f" of {units} units") if units > 1 else ""
            done += self._say(f"（{who}{months}个月未报结）", f" ({months} months{who} not closed)")
        if not figure.inexact:
            return done
        if not figure.value:  # "at least 0" tells nobody anything
            return self._say(f"{done}（尚不完整）", f"{done} (not complete)")
        return self._say(f"至少{done}", f"at least {done}")

    def _say(self, zh: str, en: str) -> str:
        return Bilingual(zh, en).text(self.book.language)

    def _dated(self, task: Task) -> TaskProgress:
        """Read a task that is only dated: whether it was done, no figure tells."""
        dates = tuple(dates_of(task, self.period))
        state = TaskState.NOT_DUE
        if not dates:
            sentence = self._say("本时段内没有到期。", "Nothing falls due.")
        elif all(end > self.book.as_of for _, end in dates):
            sentence = self._say(f"{dates[0][1]}前完成。", f"To be done by {dates[0][1]}.")
        else:
            state = TaskState.NOT_KNOWN
            past = [end for _, end in dates if end <= self.book.as_of]
            sentence = self._say(
                f"应在{past[-1]}前完成；没有数字能说明是否完成，由责任人确认。",
                f"Due by {past[-1]}; no figure tells, the responsible person confirms.",
            )
        return self._progress(task, None, None, None, state, sentence)


STATES: Mapping[TaskState, Bilingual] = {
    TaskState.DONE: Bilingual("已完成", "done"),
    TaskState.ON_TRACK: Bilingual("进度正常", "on track"),
    TaskState.BEHIND: Bilingual("进度滞后", "behind"),
    TaskState.NOT_DUE: Bilingual("未到时间", "not due yet"),
    TaskState.NOT_KNOWN: Bilingual(
        "已过月份没有报结，还不能判断", "months are not closed, so it is not known"
    ),
    TaskState.UNSET: Bilingual("本单位自定，还没有定数", "the unit's own, not set yet"),
}
