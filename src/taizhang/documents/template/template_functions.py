"""The names a template may use: functions of the ledger, each returning something typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from taizhang.core.base.figure import Figure, ReasonCode
from taizhang.core.base.period import Period, parse_period, year_of
from taizhang.core.text.period import day_chinese
from taizhang.core.text.unit_sign import unit_sign
from taizhang.documents.code import DocumentCode
from taizhang.documents.template.data_source import (
    DataSource,
    FigureRequest,
    Filters,
    Subject,
    Unanswerable,
)
from taizhang.documents.template.placeholder import Placeholders
from taizhang.documents.template.plan_table import (
    OWN_QUOTA,
    DayValue,
    TaskValue,
    matrix_table,
    timetable_table,
)
from taizhang.documents.template.score_values import ScoreValue
from taizhang.documents.template.template_values import (
    ComparableFigure,
    FigureRow,
    PrintedFigure,
    PrintedInline,
    Truth,
    bounds_of,
)
from taizhang.documents.template.unit_values import PeriodValue, UnitBelowValue, UnitValue
from taizhang.documents.tree import (
    Align,
    Annex,
    Blank,
    DateText,
    Inline,
    LawRef,
    Number,
    Quoted,
    Table,
    Text,
)
from taizhang.documents.wording import TOTAL

#: ``report(code, **facts)`` notes an issue at the line of the template that is running.
Report = Callable[..., None]
FUNCTIONS = (
    "fig", "rows", "table", "label", "has", "zero", "tells", "value", "cmp", "trend", "word",
    "quota", "blank", "law", "basis", "date", "plan", "days", "records", "score", "scores",
    "units", "matrix", "timetable", "annex",
)  # fmt: skip
#: Reasons of a figure that nothing was asked of: to print them would tell nobody anything.
_NOTHING_ASKED = frozenset((ReasonCode.NOT_APPLICABLE, ReasonCode.NOT_IN_FORCE))
#: Every name a template may use.
NAMES = frozenset((*FUNCTIONS, "unit", "period", "as_of"))


class TemplateFunctions:
    """All functions and words of one rendering pass.

    ``answers`` holds what earlier passes asked for; what is new gathers in ``missing`` and prints
    as nothing, so that one more pass can answer it.
    """

    def __init__(
        self,
        source: DataSource,
        subject: Subject,
        marks: Placeholders,
        answers: Mapping[FigureRequest, tuple[Figure, ...]],
        report: Report,
    ) -> None:
        self.source = source
        self.subject = subject
        self.marks = marks
        self.answers = answers
        self.report = report
        self.missing: dict[FigureRequest, None] = {}

    def names(self) -> dict[str, Any]:
        """Give every name a template sees."""
        return {name: self._guarded(getattr(self, name)) for name in FUNCTIONS} | {
            "unit": UnitValue(self.subject, self.printed),
            "period": PeriodValue(self.subject.period, self.printed, self.subject.through),
            "as_of": self.printed(DateText(day_chinese(self.subject.as_of))),
        }

    def printed(self, inline: Inline) -> PrintedInline:
        """Wrap an inline so that a template prints its mark."""
        return PrintedInline(inline, self.marks.inline)

    def _guarded(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Turn wrong arguments into an issue at the line of the call."""

        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                return function(*args, **kwargs)
            except Unanswerable as reason:
                facts = {"name": args[0] if args else "", "reason": str(reason)}
                self.report(DocumentCode.DOCUMENT_003, **facts)
            except (TypeError, ValueError) as reason:
                facts = {"function": function.__name__, "reason": str(reason)}
                self.report(DocumentCode.DOCUMENT_010, **facts)
            return self._nothing(function.__name__)

        return call

    def _nothing(self, function: str) -> Any:
        """Give what lets a template go on after a refused call."""
        if function in ("rows", "plan", "days", "records", "scores", "units"):
            return ()
        if function == "score":
            return None
        if function in ("has", "zero", "tells"):
            return False
        if function == "basis":
            return ""
        known = ComparableFigure(function, (None, None), _ignore)
        return known if function == "value" else PrintedFigure(known, Text(""), self.marks.inline)

    # figures ---------------------------------------------------------------------------------

    def fig(
        self, name: str, *, by: str | None = None, word: str | None = None, **more: Any
    ) -> PrintedFigure | tuple[FigureRow, ...]:
        """Print a figure, or give its rows when asked ``by`` something."""
        if by is not None:
            return self.rows(name, by=by, **more)
        return self._shown(self._wanted(name, None, more), self._one(name, more), word)

    def rows(
        self, *names: str, by: str = "unit", level: str | None = None, **more: Any
    ) -> tuple[FigureRow, ...]:
        """Give one row a unit, month or dimension value, with the named figures."""
        if not names:
            raise TypeError("name at least one figure")
        lists = {name: self._asked(self._wanted(name, by, more, level)) for name in names}
        buckets: dict[str, Figure] = {}
        cells: dict[tuple[str, str], Figure] = {}
        for name, figures in lists.items():
            for figure in figures or ():
                bucket = figure.unit_code if by == "unit" else figure.bucket or ""
                buckets.setdefault(bucket, figure)
                cells[name, bucket] = figure
        order = buckets if by not in ("unit", "month") else sorted(buckets)
        return tuple(
            FigureRow(
                self.printed(self._bucket(by, buckets[bucket])),
                {
                    name: self._shown(self._wanted(name, by, more, level), cells[name, bucket], "")
                    for name in names
                    if (name, bucket) in cells
                },
            )
            for bucket in order
        )

    def table(
        self,
        *names: str,
        by: str = "unit",
        first: str = "",
        total: bool = True,
        caption: str = "",
        **more: Any,
    ) -> str:
        """Print a table of figures by unit, month or dimension."""
        rows = self.rows(*names, by=by, **more)
        single = {key: value for key, value in more.items() if key != "level"}
        totals = [self.fig(name, word="", **single) for name in names] if total else []
        heads = [self._column(name, rows) for name in names]
        first = first or {"unit": "单位", "month": "月份"}.get(by, "类别")
        body = [
            (
                (row.name.inline,),
                *((row[name].inline,) if name in row else () for name in names),
            )
            for row in rows
        ]
        if total:
            body.append(
                (
                    (Text(TOTAL),),
                    *((total.inline,) for total in totals if isinstance(total, PrintedFigure)),
                )
            )
        table = Table(
            ((Text(first),), *heads),
            tuple(body),
            (Text(caption),) if caption else (),
            (Align.LEFT, *(Align.RIGHT for _ in names)),
        )
        return self.marks.block(table)

    def _column(self, name: str, rows: Sequence[FigureRow]) -> tuple[Inline, ...]:
        figure = next((row[name].figure for row in rows if name in row), None)
        label = figure.label if figure else self.source.label(name)
        word = unit_sign(figure.unit) if figure else ""
        return (Quoted(label, f"pack:{name}"), *((Text(f"（{word}）"),) if word else ()))

    def _bucket(self, by: str, figure: Figure) -> Inline:
        if by == "unit":
            return Quoted(figure.unit_name, f"unit:{figure.unit_code}")
        bucket = figure.bucket or ""
        if by == "month" and bucket:
            return DateText(f"{int(bucket.rpartition('-')[2])}月")
        return Quoted(self.source.choice(figure.key, by, bucket), f"dimension:{by}")

    def label(self, name: str) -> PrintedInline:
        """Print the label of a measure or indicator."""
        return self.printed(Quoted(self.source.label(name), f"pack:{name}"))

    def _wanted(
        self, name: str, by: str | None, more: Mapping[str, Any], level: str | None = None
    ) -> FigureRequest:
        if not isinstance(name, str):
            raise TypeError(f"a figure is named by a text, not {name!r}")
        filters = {key: value for key, value in more.items() if key != "at"}
        period = self._period(more.get("at"))
        return FigureRequest(
            name=name, period=period, by=by, level=level, filters=_filters(filters)
        )

    def _period(self, at: object) -> Period:
        period = self.subject.period
        match at:
            case None:
                return period
            case "year_before":
                return period.year_before()
            case "previous":
                return period.previous()
            case "next":
                return period.shifted(period.length)
            case "year":
                return year_of(period.last.year)
            case str():
                return parse_period(at)
            case _:
                raise TypeError(f"{at!r} is no period")

    def _asked(self, wanted: FigureRequest) -> tuple[Figure, ...] | None:
        """Give the answer, or ``None`` and remember that it is still to be asked."""
        if wanted in self.answers:
            return self.answers[wanted]
        self.source.check(wanted)
        self.missing[wanted] = None
        return None

    def _one(self, name: str, more: Mapping[str, Any]) -> Figure | None:
        figures = self._asked(self._wanted(name, None, more))
        return figures[0] if figures else None

    def _shown(
        self, wanted: FigureRequest, figure: Figure | None, word: str | None
    ) -> PrintedFigure:
        known = self._known(wanted.name, figure)
        if figure is None:
            return PrintedFigure(known, Text(""), self.marks.inline)
        number = Number(figure=figure, unit=unit_sign(figure.unit) if word is None else word)
        return PrintedFigure(known, number, self.marks.inline)

    def _known(self, name: str, figure: Figure | None) -> ComparableFigure:
        # While a figure is still to be asked, any choice will be made again.
        return ComparableFigure.of(name, figure, self._undecided if figure else _ignore)

    def _undecided(self, name: str) -> None:
        self.report(DocumentCode.DOCUMENT_005, name=name)

    # wording ---------------------------------------------------------------------------------

    def value(self, name: str, **more: Any) -> ComparableFigure:
        """Give a figure for comparing."""
        return self._known(name, self._one(name, more))

    def has(self, *names: str, **more: Any) -> bool:
        """Say whether all named figures are known."""
        asked = [self.value(name, **more) for name in names]
        return bool(asked) and all(value.known for value in asked)

    def zero(self, *names: str, **more: Any) -> bool:
        """Say whether all named figures are nought for certain, so that a sentence can say so."""
        asked = [self.value(name, **more) for name in names]
        return bool(asked) and all((value == 0).state is True for value in asked)

    def tells(self, *names: str, **more: Any) -> bool:
        """Say whether any named figure tells something: not all are nought or not applicable.

        A figure that is not known yet tells so, as a gap is never passed over in silence.
        """
        if not names:
            raise TypeError("name at least one figure")
        told = [self._tells(self._one(name, more)) for name in names]  # all asked in one pass
        return any(told)

    def _tells(self, figure: Figure | None) -> bool:
        if figure is None:  # the next pass decides; this one asks for what stands inside, too
            return True
        if figure.value is None:
            return figure.reason is None or figure.reason.code not in _NOTHING_ASKED
        # “At least nought” tells nobody anything; “at most five” does.
        return bool(figure.value or figure.high)

    def cmp(self, first: Any, second: Any, more: str, same: str, less: str) -> Any:
        """Give the word for more, equal or less; a blank when the ledger does not tell."""
        mine, theirs = self._side(first), self._side(second)
        above, below = mine > theirs, mine < theirs
        if above.state:
            return more
        if below.state:
            return less
        if (mine == theirs).state:
            return same
        if same == more and below.state is False:
            return same
        if same == less and above.state is False:
            return same
        *first, last = dict.fromkeys((more, same, less))
        return self.printed(Blank(f"{'、'.join(first)}或{last}" if first else last))

    def quota(self, name: str, word: str | None = None, **more: Any) -> PrintedInline:
        """Print what the unit's plan sets of a measure; a blank for a person where it set none."""
        planned = f"target({name})"
        figure = self._one(planned, more)
        if figure is not None and figure.value is None:
            return self.printed(Blank(OWN_QUOTA))
        return self._shown(self._wanted(planned, None, more), figure, word)

    def trend(
        self, name: str, up: str, same: str, down: str, *, at: str = "year_before", **more: Any
    ) -> Any:
        """Give the word for a figure against an earlier period."""
        return self.cmp(self.value(name, **more), self.value(name, at=at, **more), up, same, down)

    def word(self, test: Any, yes: str, no: str) -> Any:
        """Give one of two words by a comparison; a blank when it is undecided."""
        state = test.state if isinstance(test, Truth) else bool(test)
        if state is None:
            return self.printed(Blank(f"{yes}或{no}"))
        return yes if state else no

    def _side(self, side: Any) -> ComparableFigure:
        if isinstance(side, str):
            return self.value(side)
        if isinstance(side, ComparableFigure):
            return side
        return ComparableFigure("", bounds_of(side), _ignore)

    # the rest --------------------------------------------------------------------------------

    def blank(self, prompt: str) -> PrintedInline:
        """Print a gap that a person fills."""
        return self.printed(Blank(str(prompt)))

    def law(self, document: str, number: str = "") -> PrintedInline:
        """Print a document with its number; nothing where it was not in force all the period."""
        row = self.source.law(document)
        if row is None:
            return self.printed(LawRef(document, number))
        if not row.rules(self.subject.period):
            return self.printed(Text(""))
        # Articles are where a pack rests on it, not what a paper cites.
        known = "" if row.number.startswith("第") else row.number
        return self.printed(LawRef(document, number or known))

    def basis(self, *documents: str, before: str = "", after: str = "") -> str:
        """Print “before A和B after” with the documents in force in the period; nothing if none."""
        if not documents:
            raise TypeError("name at least one document")
        cited = [str(law) for law in map(self.law, documents) if law]
        *most, last = cited or [""]
        return f"{before}{'、'.join(most)}{'和' if most else ''}{last}{after}" if cited else ""

    def date(
        self, year: int | str, month: int | None = None, day: int | None = None
    ) -> PrintedInline:
        """Print a day: ``date('2025-12-04')`` or ``date(2025, 12, 4)``."""
        if isinstance(year, str):
            return self.printed(DateText(day_chinese(date.fromisoformat(year))))
        return self.printed(DateText(day_chinese(date(year, month or 0, day or 0))))

    def plan(self, at: str | None = None) -> tuple[TaskValue, ...]:
        """Give the tasks of the plan."""
        rows = self.source.plan(self._period(at))
        return tuple(TaskValue(row, self.printed, self._figure) for row in rows)

    def days(self, at: str | None = None) -> tuple[DayValue, ...]:
        """Give the theme days."""
        return tuple(DayValue(row, self.printed) for row in self.source.days(self._period(at)))

    def matrix(self, at: str | None = None) -> str:
        """Print the table of responsibilities."""
        return self.marks.block(matrix_table(self.plan(at)))

    def timetable(self, at: str | None = None) -> str:
        """Print the timetable: month by month the theme days and the tasks that fall due."""
        return self.marks.block(timetable_table(self.source.months(self._period(at))))

    def records(
        self, form: str, *fields: str, limit: int = 5
    ) -> tuple[dict[str, PrintedInline], ...]:
        """Give fields of the latest records of a form."""
        if not fields:
            raise TypeError("name at least one field")
        rows = self.source.records(form, fields, self.subject.period, limit)
        return tuple({name: self.printed(answer) for name, answer in row.items()} for row in rows)

    def score(self, at: str | None = None) -> ScoreValue | None:
        """Give the unit's score by the rubric of the pack, ``none`` where it binds no such unit."""
        result = self.source.score(self._period(at))
        return None if result is None else ScoreValue(result, self.printed)

    def scores(self, at: str | None = None) -> tuple[ScoreValue, ...]:
        """Give the scores of all units below that the rubric binds, in code order."""
        results = self.source.scores(self._period(at))
        return tuple(ScoreValue(result, self.printed) for result in results)

    def units(self, level: str | None = None) -> tuple[UnitBelowValue, ...]:
        """Give the units directly below, or all below of a level, in code order."""
        rows = self.source.units(level, self.subject.period)
        return tuple(UnitBelowValue(row, self.printed) for row in rows)

    def annex(self, title: Any) -> str:
        """Begin an annex; what follows belongs to it."""
        inline = title.inline if isinstance(title, PrintedInline) else Text(str(title))
        return self.marks.block(Annex(title=(inline,), blocks=()))

    def _figure(self, figure: Figure, word: str | None = None) -> PrintedFigure:
        number = Number(figure=figure, unit=unit_sign(figure.unit) if word is None else word)
        return PrintedFigure(self._known(figure.label, figure), number, self.marks.inline)


def _ignore(name: str) -> None:
    """Take no notice of a choice that another pass will make again."""


def _filters(more: Mapping[str, Any]) -> Filters:
    return tuple(
        (key, tuple(map(str, value)) if isinstance(value, (list, tuple)) else (str(value),))
        for key, value in sorted(more.items())
    )
