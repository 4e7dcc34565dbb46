"""Plan and calendar in a template: their rows, the responsibility matrix, the timetable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from taizhang.core.base.figure import Figure
from taizhang.core.text.period import day_chinese
from taizhang.documents.template.data_source import DayRow, MonthRow, PlanRow
from taizhang.documents.template.template_values import PrintedFigure, PrintedInline
from taizhang.documents.tree import Align, DateText, Inline, Inlines, Ordinal, Quoted, Table, Text

_MOST_COLUMNS = 6
#: What stands in the place of a quota that the unit sets itself and has not set yet.
OWN_QUOTA = "本单位自定"
EVERY = {"month": "每月", "quarter": "每季度", "half": "每半年", "year": "每年"}


class TaskValue:
    """A task as a template prints it."""

    def __init__(
        self,
        row: PlanRow,
        printed: Callable[[Inline], PrintedInline],
        shown: Callable[[Figure], PrintedFigure],
    ) -> None:
        self.row = row
        self._printed = printed
        self._shown = shown
        self.state = row.state

    @property
    def name(self) -> PrintedInline:
        """Print the task."""
        return self._printed(Quoted(self.row.label, f"plan:{self.row.key}"))

    @property
    def lead(self) -> PrintedInline:
        """Print who is responsible."""
        return self._printed(Quoted(self.row.lead, f"plan:{self.row.key}"))

    @property
    def support(self) -> PrintedInline:
        """Print who helps."""
        return self._printed(Quoted("、".join(self.row.support), f"plan:{self.row.key}"))

    @property
    def quota(self) -> PrintedFigure | str:
        """Print how much is wanted; nothing for a task that is only dated."""
        if self.row.own:
            return OWN_QUOTA
        return self._shown(self.row.quota) if self.row.quota else ""

    @property
    def done(self) -> PrintedFigure | str:
        """Print how much is done; nothing for a task that is only dated."""
        return self._shown(self.row.done) if self.row.done else ""

    @property
    def due(self) -> PrintedInline:
        """Print when it is due: a day, or how often."""
        return self._printed(due_inline(self.row))


class DayValue:
    """A theme day as a template prints it."""

    def __init__(self, row: DayRow, printed: Callable[[Inline], PrintedInline]) -> None:
        self.row = row
        self._printed = printed

    @property
    def key(self) -> str:
        """Give the key of the day in its calendar, for choosing days in a template."""
        return self.row.key

    @property
    def name(self) -> PrintedInline:
        """Print the day's name."""
        return self._printed(Quoted(self.row.label, f"calendar:{self.row.key}"))

    @property
    def date(self) -> PrintedInline:
        """Print its date or span."""
        return self._printed(DateText(span_words(self.row.first, self.row.last)))

    @property
    def topic(self) -> PrintedInline:
        """Print its topic."""
        return self._printed(Quoted(self.row.topic, f"calendar:{self.row.key}"))


def due_inline(row: PlanRow) -> Inline:
    """Say when a task is due: its day, or how often it recurs."""
    if row.due is not None:
        return DateText(day_chinese(row.due))
    return Text(EVERY.get(row.every or "", "全年"))


def span_words(first: date, last: date) -> str:
    """Write a day without its year, or a span of days: 4月15日至21日, 4月."""
    if first == last:
        return f"{first.month}月{first.day}日"
    if first.month == last.month:
        whole = first.day == 1 and last.day >= 28 and last.month != _next(last).month
        return f"{first.month}月" if whole else f"{first.month}月{first.day}日至{last.day}日"
    return f"{first.month}月{first.day}日至{last.month}月{last.day}日"


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def matrix_table(tasks: Sequence[TaskValue]) -> Table:
    """Lay out who leads (●) and who helps (○) in each task, with its amount and its time.

    Every department is a column, leaders first; where that is more than the page can hold, they
    are named in the cells of two columns instead.
    """
    leads = dict.fromkeys(task.row.lead for task in tasks if task.row.lead)
    helpers = dict.fromkeys(helper for task in tasks for helper in task.row.support)
    departments = tuple(dict.fromkeys((*leads, *helpers)))
    named = len(departments) > _MOST_COLUMNS
    people = ("牵头", "配合") if named else departments
    rows = tuple(
        (
            (Ordinal(str(index)),),
            (task.name.inline,),
            *(_named(task) if named else (_role(task, department) for department in departments)),
            _number(task.quota),
            (due_inline(task.row),),
        )
        for index, task in enumerate(tasks, 1)
    )
    header = (
        *_header("序号", "工作任务" if named else "工作任务（●牵头○配合）"),
        *((Quoted(name, "plan"),) for name in people),
        *_header("任务指标", "完成时限"),
    )
    centre, left = Align.CENTRE, Align.LEFT
    between = left if named else centre
    align = (centre, left, *(between for _ in people), centre, left)
    return Table(header, rows, (), align)


def _named(task: TaskValue) -> tuple[Inlines, Inlines]:
    return _filled(task.lead.inline), _filled(task.support.inline)


def _role(task: TaskValue, department: str) -> Inlines:
    if department == task.row.lead:
        return (Text("●"),)
    return (Text("○"),) if department in task.row.support else ()


def timetable_table(months: Sequence[MonthRow]) -> Table:
    """Lay out month by month the theme days and the tasks that fall due."""
    rows = tuple(
        (
            (DateText(f"{row.month.month}月"),),
            _joined(tuple(_day(day) for day in row.days)),
            _joined(tuple((Quoted(task.label, f"plan:{task.key}"),) for task in row.tasks)),
        )
        for row in months
    )
    return Table(_header("时间", "主题日", "工作任务"), rows, (), (Align.CENTRE,))


def _day(day: DayRow) -> Inlines:
    name = Quoted(day.label, f"calendar:{day.key}")
    return (DateText(span_words(day.first, day.last)), name)


def _joined(parts: tuple[Inlines, ...]) -> Inlines:
    cell: list[Inline] = []
    for part in parts:
        cell += [Text("；"), *part] if cell else part
    return tuple(cell)


def _header(*names: str) -> tuple[Inlines, ...]:
    return tuple((Text(name),) for name in names)


def _filled(inline: Inline) -> Inlines:
    return () if isinstance(inline, Quoted) and not inline.text else (inline,)


def _number(shown: PrintedFigure | str) -> Inlines:
    if isinstance(shown, PrintedFigure):
        return (shown.inline,)
    return (Text(shown),) if shown else ()
