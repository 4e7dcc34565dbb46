"""Plan and calendar in a template: their rows, the responsibility matrix, the timetable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from taizhang.core.figure import Figure
from taizhang.documents.reading import Printed, Shown
from taizhang.documents.tree import Align, DateText, Inline, Inlines, Ordinal, Quoted, Table, Text
from taizhang.documents.wanted import DayRow, PlanRow
from taizhang.documents.words import date_words

EVERY = {"month": "每月", "quarter": "每季度", "half": "每半年", "year": "每年"}


class PlanWords:
    """A task as a template prints it."""

    def __init__(
        self,
        row: PlanRow,
        printed: Callable[[Inline], Printed],
        shown: Callable[[Figure], Shown],
    ) -> None:
        self.row = row
        self._printed = printed
        self._shown = shown
        self.state = row.state

    @property
    def name(self) -> Printed:
        """Print the task."""
        return self._printed(Quoted(self.row.label, f"plan:{self.row.key}"))

    @property
    def lead(self) -> Printed:
        """Print who is responsible."""
        return self._printed(Quoted(self.row.lead, f"plan:{self.row.key}"))

    @property
    def support(self) -> Printed:
        """Print who helps."""
        return self._printed(Quoted("、".join(self.row.support), f"plan:{self.row.key}"))

    @property
    def quota(self) -> Shown | str:
        """Print how much is wanted; nothing for a task that is only dated."""
        return self._shown(self.row.quota) if self.row.quota else ""

    @property
    def done(self) -> Shown | str:
        """Print how much is done; nothing for a task that is only dated."""
        return self._shown(self.row.done) if self.row.done else ""

    @property
    def due(self) -> Printed:
        """Print when it is due: a day, or how often."""
        return self._printed(due_inline(self.row))


class DayWords:
    """A theme day as a template prints it."""

    def __init__(self, row: DayRow, printed: Callable[[Inline], Printed]) -> None:
        self.row = row
        self._printed = printed

    @property
    def name(self) -> Printed:
        """Print the day's name."""
        return self._printed(Quoted(self.row.label, f"calendar:{self.row.key}"))

    @property
    def date(self) -> Printed:
        """Print its date or span."""
        return self._printed(DateText(span_words(self.row.first, self.row.last)))

    @property
    def topic(self) -> Printed:
        """Print its topic."""
        return self._printed(Quoted(self.row.topic, f"calendar:{self.row.key}"))


def due_inline(row: PlanRow) -> Inline:
    """Say when a task is due: its day, or how often it recurs."""
    if row.due is not None:
        return DateText(date_words(row.due))
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


def matrix_table(tasks: Sequence[PlanWords]) -> Table:
    """Lay out who is responsible for what: 任务, 牵头, 配合, 指标, 时限."""
    rows = tuple(
        (
            (Ordinal(str(index)),),
            (task.name.inline,),
            _filled(task.lead.inline),
            _filled(task.support.inline),
            _number(task.quota),
            (due_inline(task.row),),
        )
        for index, task in enumerate(tasks, 1)
    )
    header = _header("序号", "工作任务", "责任人", "配合", "任务指标", "完成时限")
    centre, left = Align.CENTRE, Align.LEFT
    return Table(header, rows, (), (centre, left, left, left, centre, left))


def timetable_table(tasks: Sequence[PlanWords], days: Sequence[DayWords]) -> Table:
    """Lay out what falls due when: recurring duties first, then tasks and theme days by date."""
    lines: list[tuple[date, int, tuple[Inlines, Inlines, Inlines]]] = []
    for order, task in enumerate(tasks):
        due = task.row.due
        when = DateText(span_words(due, due)) if due else due_inline(task.row)
        cells = ((when,), (task.name.inline,), _filled(task.lead.inline))
        lines.append((due or date.min, order, cells))
    for order, day in enumerate(days, len(lines)):
        topic: Inlines = (day.name.inline,)
        if day.row.topic:
            topic = (day.name.inline, Text("："), day.topic.inline)
        lines.append((day.row.first, order, ((day.date.inline,), topic, ())))
    rows = tuple(cells for _, _, cells in sorted(lines, key=lambda line: line[:2]))
    return Table(_header("时间", "工作内容", "责任人"), rows)


def _header(*names: str) -> tuple[Inlines, ...]:
    return tuple((Text(name),) for name in names)


def _filled(inline: Inline) -> Inlines:
    return () if isinstance(inline, Quoted) and not inline.text else (inline,)


def _number(shown: Shown | str) -> Inlines:
    return (shown.inline,) if isinstance(shown, Shown) else ()
