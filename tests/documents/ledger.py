"""A small ledger for the tests of documents: figures made by hand, answered as a Source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from taizhang.core.base.figure import Behind, Figure, Flag, Reason, ReasonCode
from taizhang.core.base.issue import Place
from taizhang.core.base.period import Month, Period, parse_period
from taizhang.core.definition.pack import DocumentTemplate
from taizhang.core.scoring import Score
from taizhang.documents.template.data_source import (
    DayRow,
    FigureRequest,
    LawRow,
    MonthRow,
    PlanRow,
    Subject,
    Unanswerable,
    UnitRow,
)
from taizhang.documents.tree import Inline

AS_OF = date(2025, 12, 31)
UNIT = "360602001000"
UNITS = {
    "360602001001": "梅园社区",
    "360602001002": "胜利社区",
    "360602001003": "东湖社区",
}
LABELS = {
    "lectures": ("健康知识讲座", "次"),
    "attendance": ("讲座受益人次", "人次"),
    "materials": ("发放材料", "份"),
    "population": ("人口数", "人"),
    "lecture_completion": ("讲座完成率", "percent"),
    "norm(lectures)": ("讲座规范值", "次"),
}


def make(key: str = "lectures", value: object = 12, **more: object) -> Figure:
    """Make a figure; ``value`` None makes one that nobody reported."""
    label, unit = LABELS.get(key, (key, "次"))
    number = None if value is None else Fraction(str(value))
    given: dict[str, object] = {
        "key": key,
        "label": label,
        "unit_code": UNIT,
        "unit_name": "绿荫街道",
        "period": "2025",
        "as_of": AS_OF,
        "tree": AS_OF,
        "value": number,
        "reason": None
        if number is not None
        else Reason(ReasonCode.NOT_REPORTED, f"绿荫街道2025年没有报结，{label}没有数字。"),
        "low": number,
        "high": number,
        "unit": unit,
        "sentence": f"绿荫街道2025年{label}：各社区记录之和。",
        "records": Behind(7 if number is not None else None, {"measure": key}),
    }
    given |= more
    given["flags"] = tuple(map(Flag.read, more.get("flags", ())))  # type: ignore[call-overload]
    return Figure(**given)  # type: ignore[arg-type]


@dataclass
class Ledger:
    """Answers from ``values`` (name → value or figure); counts how often it is asked."""

    values: Mapping[str, object] = field(default_factory=dict)
    by_unit: Mapping[str, Sequence[object]] = field(default_factory=dict)
    tasks: Sequence[PlanRow] = ()
    theme_days: Sequence[DayRow] = ()
    latest: Sequence[Mapping[str, Inline]] = ()
    laws: Mapping[str, LawRow] = field(default_factory=dict)
    asked: list[tuple[FigureRequest, ...]] = field(default_factory=list)

    def figures(
        self, wanted: Sequence[FigureRequest]
    ) -> Mapping[FigureRequest, tuple[Figure, ...]]:
        self.asked.append(tuple(wanted))
        return {request: self._answer(request) for request in wanted}

    def _answer(self, wanted: FigureRequest) -> tuple[Figure, ...]:
        if wanted.by == "unit":
            return tuple(
                self._figure(wanted, value, unit_code=code, unit_name=UNITS[code])
                for code, value in zip(UNITS, self.by_unit[wanted.name], strict=False)
            )
        key = wanted.name + "".join(f"[{k}={','.join(v)}]" for k, v in wanted.filters)
        if str(wanted.period) != "2025":
            key = f"{key}@{wanted.period}"
        return (self._figure(wanted, self.values.get(key)),)

    def _figure(self, wanted: FigureRequest, value: object, **more: object) -> Figure:
        if isinstance(value, Figure):
            return value
        return make(wanted.name, value, period=str(wanted.period), **more)

    def still_open(self, figures: Sequence[Figure], period: Period) -> str:
        return ""

    def check(self, wanted: FigureRequest) -> None:
        self.label(wanted.name)

    def label(self, name: str) -> str:
        if name not in LABELS:
            raise Unanswerable(f"no measure or indicator is called {name}")
        return LABELS[name][0]

    def plan(self, period: Period) -> Sequence[PlanRow]:
        return self.tasks

    def months(self, period: Period) -> Sequence[MonthRow]:
        march = Month(period.first.year, 3)
        return (MonthRow(month=march, days=tuple(self.theme_days), tasks=tuple(self.tasks)),)

    def score(self, period: Period) -> Score | None:
        return None

    def scores(self, period: Period) -> Sequence[Score]:
        return ()

    def units(self, level: str | None, period: Period) -> Sequence[UnitRow]:
        return tuple(
            UnitRow(code=code, name=name, kind="社区", level="community")
            for code, name in UNITS.items()
        )

    def days(self, period: Period) -> Sequence[DayRow]:
        return self.theme_days

    def records(
        self, form: str, fields: Sequence[str], period: Period, limit: int
    ) -> Sequence[Mapping[str, Inline]]:
        return self.latest[:limit]

    def law(self, document: str) -> LawRow | None:
        return self.laws.get(document)

    def choice(self, figure: str, dimension: str, value: str) -> str:
        return {"tb": "结核病防治"}.get(value, value)


def template(body: str, **head: object) -> DocumentTemplate:
    """Make a template from its body; its text begins at line 8 of its file."""
    title = str(head.pop("title", "{{ unit }}{{ period }}健康教育工作总结"))
    kind = str(head.pop("kind", "总结"))
    period = str(head.pop("period", "year"))
    return DocumentTemplate(
        key="health_education.year_summary",
        title=title,
        kind=kind,
        period=period,
        body=body,
        head=head,
        place=Place("documents/year_summary.md.j2", 8),
    )


def subject(period: str = "2025") -> Subject:
    """Give the street that documents of these tests speak of."""
    return Subject(
        unit_code=UNIT,
        unit_name="绿荫街道",
        unit_kind="街道",
        unit_level="street",
        period=parse_period(period),
        as_of=AS_OF,
        parent_code="360602000000",
        parent_name="月湖区",
    )
