"""A ledger written as a page of text, for tests that read like a page of the ledger.

Units: ``code kind parent [first-day..last-day]``, one a line, ``-`` for no parent; a line
``date merge A,B -> C`` is a change.  Facts: ``date unit measure value [dimension=…] [@entity]
[!record] [+day accepted]``; a value is ``12``, ``12+`` (at least), ``~12`` (about), ``5..9``
(between) or ``?`` (missing).  Facts with one record are joint.  Closings: ``unit first..last
[day]``, the day on which a person closed these months (else in time), ``-``: by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from taizhang.core.aggregate.reference_engine import ReferenceEngine
from taizhang.core.base.figure import Figure
from taizhang.core.base.period import Period, parse_period
from taizhang.core.base.quantity import MISSING, Quantity, QuantityKind
from taizhang.core.book import Book
from taizhang.core.counting.fact import Fact
from taizhang.core.counting.measure import About, CountingRule, Measure, MeasureKind
from taizhang.core.definition.case import CaseClock, CaseKind, CaseStep, Limit, State
from taizhang.core.definition.norm import Norm, NormVersion
from taizhang.core.definition.pack import Indicator, Pack
from taizhang.core.definition.programme import Programmes
from taizhang.core.definition.thing import ThingKind
from taizhang.core.form import Choice, EntitySpec, Field, Form
from taizhang.core.indicator import Question, figures
from taizhang.core.unit.tree import ChangeKind, History, Unit, UnitChange, UnitLevel

TODAY = date(2027, 3, 1)
LEVELS = {
    "区": UnitLevel.DISTRICT,
    "街道": UnitLevel.STREET,
    "社区": UnitLevel.COMMUNITY,
    "村": UnitLevel.COMMUNITY,
    "网格": UnitLevel.GRID,
}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def history(text: str) -> History:
    units: list[Unit] = []
    changes: list[UnitChange] = []
    for line in _lines(text):
        if "->" in line:
            day, kind, sources, _, targets = line.split()
            changes.append(
                UnitChange(
                    date=date.fromisoformat(day),
                    kind=ChangeKind(kind),
                    sources=tuple(sources.split(",")),
                    targets=tuple(targets.split(",")),
                )
            )
            continue
        code, kind, parent, *span = line.split()
        first, _, last = span[0].partition("..") if span else ("", "", "")
        units.append(
            Unit(
                code=code,
                name=f"{code}{kind}",
                level=LEVELS[kind],
                kind=kind,
                parent=None if parent == "-" else parent,
                valid_from=date.fromisoformat(first) if first else None,
                valid_to=date.fromisoformat(last) if last else None,
            )
        )
    return History(units, changes)


def quantity(text: str) -> Quantity:
    if text == "?":
        return MISSING
    if text.endswith("+"):
        return Quantity(Decimal(text[:-1]), None, QuantityKind.AT_LEAST)
    if text.startswith("~"):
        return Quantity(Decimal(text[1:]), Decimal(text[1:]), QuantityKind.ABOUT)
    if ".." in text:
        low, high = text.split("..")
        return Quantity(Decimal(low), Decimal(high), QuantityKind.BETWEEN)
    return Quantity(Decimal(text), Decimal(text), QuantityKind.EXACT)


def facts(text: str) -> tuple[Fact, ...]:
    found: list[Fact] = []
    for number, line in enumerate(_lines(text)):
        day, unit, measure, value, *more = line.split()
        marks = {one[0]: one[1:] for one in more if one[0] in "@!+"}
        dimensions = dict(one.split("=") for one in more if one[0] not in "@!+")
        accepted = marks.get("+")
        found.append(
            Fact(
                record=marks.get("!", f"r{number:03}"),
                ordinal=0,
                measure=f"he.{measure}",
                unit=unit,
                date=date.fromisoformat(day),
                value=quantity(value),
                dimensions=dimensions,
                entity=marks.get("@"),
                joint="!" in marks,
                accepted_at=accepted
                and datetime.fromisoformat(f"{accepted}T04:00:00").replace(tzinfo=UTC),
            )
        )
    return tuple(found)


class Closed:
    """Closings of every pack, as written."""

    def __init__(self, text: str) -> None:
        self.calls = 0
        self.months: dict[str, set[int]] = {}
        self.told: dict[tuple[str, int], str] = {}
        for line in _lines(text):
            units, span, *told = line.split()
            months = {month.number for month in parse_period(span).months()}
            for unit in units.split(","):
                self.months.setdefault(unit, set()).update(months)
                self.told.update(((unit, month), day) for month in months for day in told)

    def closed(
        self, pack: str, units: Sequence[str], period: Period, as_of: date
    ) -> Mapping[str, frozenset[int]]:
        self.calls += 1
        return {unit: frozenset(self.months[unit]) for unit in units if unit in self.months}

    def closed_by_people(
        self, pack: str, units: Sequence[str], period: Period, as_of: date
    ) -> Mapping[str, frozenset[int]]:
        asked = {month.number for month in period.months()}
        return {
            unit: frozenset(
                month
                for month in self.months[unit] & asked
                if (day := self.told.get((unit, month), "0")) != "-" and day <= str(as_of)
            )
            for unit in units
            if unit in self.months
        }


class Boards:
    """Entities: boards with the day by which each must be renewed."""

    def __init__(self, *states: tuple[str, str]) -> None:
        self.boards = states

    def states(
        self, dataset: str, unit: str, on: date, as_of: date | None
    ) -> Sequence[Mapping[str, object]]:
        assert dataset == "boards"
        return [{"due": due, "unit": where} for where, due in self.boards if where.startswith(unit)]


def measure(key: str, label: str, unit: str, *dimensions: str, level: bool = False) -> Measure:
    return Measure(
        key=f"he.{key}",
        label=label,
        unit=unit,
        kind=MeasureKind.LEVEL if level else MeasureKind.EVENT,
        about=About.ACTIVITY,
        dimensions=dimensions,
    )


def indicator(key: str, unit: str = "percent", **given: object) -> Indicator:
    return Indicator(**{"key": f"he.{key}", "label": key, "unit": unit, **given})


MEASURES = (
    measure("lectures", "健康知识讲座", "次", "topic", "audience"),
    measure("attendance", "讲座受益人次", "人次", "topic"),
    measure("materials", "发放材料", "份"),
    measure("births", "出生人数", "人", "sex"),
    measure("reached", "受教育人数", "人", level=True),
    measure("population", "人口数", "人", "scope", level=True),
    measure("households", "户数", "户", level=True),
)
LECTURE = Form(
    key="he.lecture",
    title="讲座登记",
    version="1",
    fields=(
        Field(
            name="topic",
            type="select_one",
            label="主题",
            choices=(Choice(name="tb", label="结核病"), Choice(name="aids", label="艾滋病")),
        ),
        Field(
            name="audience",
            type="select_one",
            label="对象",
            choices=(Choice(name="youth", label="青少年"), Choice(name="old", label="老年人")),
        ),
    ),
)
BOARD = Form(
    key="he.board",
    title="宣传栏",
    version="1",
    fields=(),
    entity=EntitySpec(dataset="boards", id_field="board", due_field="due"),
)
COUNTING = (
    CountingRule(
        form="he.lecture",
        date="held_on",
        by={"topic": "topic", "audience": "audience"},
        facts={"he.lectures": 1, "he.attendance": "people"},
    ),
    CountingRule(
        form="he.issue", date="issued_on", entity="batch", facts={"he.materials": "copies"}
    ),
    CountingRule(form="he.birth", date="month_end", by={"sex": "sex"}, facts={"he.births": "n"}),
)
NORM = Norm(
    key="he.lectures",
    label="健康知识讲座",
    measure="he.lectures",
    unit="次",
    versions=(
        NormVersion(
            document="规范（第三版）",
            in_force_from=date(2017, 2, 28),
            values={"卫生服务站": Fraction(6)},
        ),
    ),
)
PROBLEM = CaseKind(
    key="he.problem",
    label="问题与整改",
    about=About.ACTIVITY,
    number="WT-{serial:3}",
    opens="he.lecture",
    states={
        "open": State(key="open", label="待整改"),
        "done": State(key="done", label="已整改", ends=True),
    },
    steps={"finish": CaseStep(key="finish", label="整改", sources=("open",), target="done")},
    clocks={"finish": CaseClock(step="finish", limit=Limit(count=15))},
)
BOARDS = ThingKind(
    key="he.board", label="宣传栏", dataset="boards", number="XC-{serial:2}", name="board"
)
INDICATORS = (
    indicator("completion", numerator="lectures", denominator="norm(lectures)", cap=100),
    indicator("coverage", numerator="reached", denominator="population"),
    indicator(
        "birth_rate",
        "permille",
        numerator="births",
        denominator="population",
        implausible_above=60,
    ),
    indicator("per_lecture", "ratio", numerator="attendance", denominator="lectures"),
)


def pack(*indicators: Indicator, **given: object) -> Pack:
    stated: dict[str, object] = {
        "key": "he",
        "version": "1",
        "label": "健康教育",
        "unit_kinds": ("社区", "村"),
        "mirrors": {"社区": "卫生服务站", "村": "卫生服务站"},
        "forms": {form.key: form for form in (LECTURE, BOARD)},
        "measures": {one.key: one for one in MEASURES},
        "counting": COUNTING,
        "norms": {NORM.key: NORM},
        "cases": {PROBLEM.key: PROBLEM},
        "things": {BOARDS.key: BOARDS},
        "indicators": {one.key: one for one in (*INDICATORS, *indicators)},
    }
    return Pack(**{**stated, **given})


#: A district with two streets, three communities in the first and one in the second.
TREE = """
D  区   -
S  街道 D
T  街道 D
SA 社区 S
SB 社区 S
SC 社区 S
TA 社区 T
"""


def book(
    said: str = "",
    closed: str = "",
    tree: str | History = TREE,
    indicators: Sequence[Indicator] = (),
    today: date = TODAY,
    **given: object,
) -> Book:
    units = history(tree) if isinstance(tree, str) else tree
    programmes = Programmes((pack(*indicators),))
    stated: dict[str, object] = {
        "programmes": programmes,
        "history": units,
        "engine": ReferenceEngine(facts(said), units),
        "today": today,
        "as_of": today,
        "closings": Closed(closed),
    }
    return Book(**{**stated, **given})


def ask(
    one: Book, what: str, unit: str = "D", period: str = "2026", **given: object
) -> tuple[Figure, ...]:
    question = Question(
        indicators=(what,), units=(unit,), period=parse_period(period), home="he", **given
    )
    return figures(one, question)


def figure(one: Book, what: str, unit: str = "D", period: str = "2026") -> Figure:
    (found,) = ask(one, what, unit, period)
    return found


def flags(found: Figure) -> tuple[str, ...]:
    """Give the flags of a figure as they leave the program: ``incomplete 3/4``."""
    return tuple(map(str, found.flags))


def value(one: Book, what: str, unit: str = "D", period: str = "2026") -> Fraction | None:
    return figure(one, what, unit, period).value
