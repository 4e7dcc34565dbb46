"""Random ledgers for engines: trees that change, records with facts of every kind, questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from taizhang.core.aggregate.query import AggregateQuery, Aggregation, DimensionFilter
from taizhang.core.base.quantity import MISSING, Quantity, QuantityKind
from taizhang.core.counting.fact import Fact
from taizhang.core.unit.tree import ChangeKind, History, Unit, UnitChange, UnitLevel

DAY = timedelta(days=1)
DISTRICT = "360602000000"
STREETS = ("360602001000", "360602002000")
#: Days on which the tree changes.
CUTS = (date(2025, 7, 1), date(2026, 1, 1), date(2026, 3, 15))
MEASURES = ("p.talks", "p.people", "p.stock", "p.scattered")
#: Of these one record may state facts in several months.
SCATTERED = frozenset({"p.scattered"})
TODAY = date(2026, 6, 17)

days = st.sampled_from(
    [
        *(date(2025, 6, 30), date(2025, 7, 1), date(2025, 12, 31), date(2026, 1, 1)),
        *(date(2026, 1, 31), date(2026, 2, 10), date(2026, 3, 14), date(2026, 3, 15)),
        *(date(2026, 4, 30), date(2026, 5, 2), TODAY, TODAY),
        # The borders of the last whole month before TODAY, between the cube and single facts.
        *(date(2026, 5, 31), date(2026, 6, 1)),
    ]
)
#: Days up to whose end the ledger's knowledge is asked; records come and go around that moment.
KNOWN = (date(2026, 1, 1), date(2026, 5, 2))
#: Moments around the end of such a day in Shanghai, which is 16:00 in UTC.
moments = st.builds(
    lambda day, micro: (
        datetime(day.year, day.month, day.day, 16, tzinfo=UTC) + timedelta(microseconds=micro)
    ),
    st.sampled_from(KNOWN),
    st.sampled_from((-90_000_000, -1, 0, 0, 0, 1, 250_000)),
)
numbers = st.integers(0, 50_000).map(lambda scaled: Decimal(scaled) / 10_000)
quantities = st.one_of(
    st.just(MISSING),
    numbers.map(lambda number: Quantity(number, number, QuantityKind.EXACT)),
    numbers.map(lambda number: Quantity(number, number, QuantityKind.ABOUT)),
    numbers.map(lambda number: Quantity(number, None, QuantityKind.AT_LEAST)),
    numbers.map(lambda number: Quantity(Decimal(0), number, QuantityKind.AT_MOST)),
    st.tuples(numbers, numbers).map(
        lambda pair: Quantity(min(pair), max(pair), QuantityKind.BETWEEN)
    ),
)
TOPICS = ("高血压", "tobacco", 'a "quoted\\" name', "l'eau", "50%")
dimensions = st.one_of(
    st.just({}),
    st.just({"topic": TOPICS[0]}),
    st.fixed_dictionaries(
        {},
        optional={
            "topic": st.sampled_from(TOPICS),
            "audience": st.sampled_from(("老年人", "all")),
        },
    ),
)


@dataclass(frozen=True)
class Ledger:
    """A tree through time and the facts recorded under its codes."""

    history: History
    facts: tuple[Fact, ...]


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Make a district whose communities merge, split and are recoded on up to three days."""
    alive: dict[str, tuple[date | None, str]] = {}
    for number in range(1, 5):
        street = STREETS[number % 2]
        alive[f"{street[:9]}{number:03}"] = (None, street)
    ended: list[tuple[str, date | None, date, str]] = []
    changes: list[UnitChange] = []
    fresh = 10
    for day in draw(st.sampled_from((CUTS[:0], CUTS[1:2], CUTS[:2], CUTS, CUTS))):
        kind = draw(st.sampled_from((ChangeKind.MERGE, ChangeKind.SPLIT, ChangeKind.RECODE)))
        codes = sorted(alive)
        count = 2 if kind is ChangeKind.MERGE and len(codes) > 1 else 1
        sources = draw(
            st.lists(st.sampled_from(codes), min_size=count, max_size=count, unique=True)
        )
        street = alive[sources[0]][1]
        if kind is ChangeKind.MERGE and draw(st.booleans()):
            targets = [sources[0]]  # one of them absorbs the rest
        else:
            made = 2 if kind is ChangeKind.SPLIT else 1
            targets = [f"{street[:9]}{fresh + one:03}" for one in range(made)]
            fresh += made
        for code in sources:
            if code not in targets:
                since, parent = alive.pop(code)
                ended.append((code, since, day - DAY, parent))
        for code in targets:
            alive.setdefault(code, (day, street))
        if len(sources) == count:
            changes.append(
                UnitChange(date=day, kind=kind, sources=tuple(sources), targets=tuple(targets))
            )
    units = [_unit(DISTRICT, UnitLevel.DISTRICT, "市辖区", None)]
    units += [_unit(code, UnitLevel.STREET, "街道", DISTRICT) for code in STREETS]
    units += [_community(code, since, None, up) for code, (since, up) in alive.items()]
    units += [_community(code, since, until, up) for code, since, until, up in ended]
    return History(units, changes)


def _unit(code: str, level: UnitLevel, kind: str, parent: str | None, **days: Any) -> Unit:
    return Unit(code=code, name=code, level=level, kind=kind, parent=parent, **days)


def _community(code: str, since: date | None, until: date | None, parent: str) -> Unit:
    return _unit(code, UnitLevel.COMMUNITY, "社区", parent, valid_from=since, valid_to=until)


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """Make a ledger of a few or a dozen records."""
    history = draw(histories())
    count = draw(st.sampled_from((0, 1, 4, 12, 12, 12)))
    facts: list[Fact] = []
    for number in range(count):
        facts += draw(records(f"{number:03}", history.codes))
    return Ledger(history, tuple(facts))


@st.composite
def records(draw: st.DrawFn, uid: str, codes: tuple[str, ...]) -> list[Fact]:
    """Make the facts of one record: alone or joint, live or retired."""
    communities = [code for code in codes if not code.endswith("000")]
    units = draw(
        st.one_of(
            st.lists(st.sampled_from(communities), min_size=1, max_size=1),
            st.lists(st.sampled_from(codes), min_size=2, max_size=3, unique=True),
        )
    )
    accepted = draw(moments)
    retired = draw(st.one_of(st.none(), st.none(), moments))
    day = draw(days)
    facts: list[Fact] = []
    usual = draw(st.sampled_from(MEASURES))
    for ordinal in range(draw(st.sampled_from((1, 2, 3)))):
        measure = draw(st.sampled_from((usual, usual, *MEASURES)))
        common: dict[str, Any] = {
            "record": uid,
            "ordinal": ordinal,
            "measure": measure,
            "date": draw(days) if measure in SCATTERED else day,
            "value": draw(quantities),
            "dimensions": draw(dimensions),
            "entity": draw(st.sampled_from((None, None, "e1", "e2"))),
            "person": draw(st.sampled_from((None, None, "t1", "t2"))),
            "joint": len(units) > 1,
            "accepted_at": accepted,
            "retired_at": None if retired is None else max(retired, accepted),
        }
        facts += [Fact(unit=unit, **common) for unit in units]
    return facts


# Few, as each new form of a question is compiled anew.
wheres = st.sampled_from(
    [
        (),
        (DimensionFilter("topic", TOPICS[:1]),),
        (DimensionFilter("topic", TOPICS[2:5], negated=True),),
        (DimensionFilter("topic", TOPICS[:3]), DimensionFilter("audience", ("all",), negated=True)),
        (DimensionFilter("audience", ("", "老年人")),),
    ]
)
windows = st.sampled_from(
    [
        (date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 1, 1), TODAY),
        (date(2025, 1, 1), date(2026, 12, 31)),
        (date(2025, 6, 18), TODAY),
        (date(2026, 1, 31), date(2026, 2, 10)),
        (date(2026, 4, 1), date(2026, 4, 30)),
        (date(2027, 1, 1), date(2027, 1, 31)),
    ]
)


@dataclass(frozen=True)
class Question:
    """What one call of an engine is asked."""

    asks: tuple[AggregateQuery, ...]
    units: tuple[str, ...]
    tree: date
    as_of: date | None
    without: frozenset[str]
    without_months: frozenset[tuple[str, int]]


@st.composite
def questions(draw: st.DrawFn, codes: tuple[str, ...]) -> list[Question]:
    """Make questions about all units: of now and of then, with everybody and without some."""
    kinds = [
        ((date(2025, 1, 1), date(2026, 12, 31)), (), draw(st.sampled_from((None, "month")))),
        (draw(windows), draw(wheres), draw(st.sampled_from((None, "month", "topic")))),
    ]
    asks = tuple(
        AggregateQuery(measure, how, *window, where, by)
        for window, where, by in kinds
        for measure in MEASURES
        for how in Aggregation
    )
    some = draw(st.sampled_from(codes))
    tree = draw(st.sampled_from([date(2025, 1, 1), *(cut - DAY for cut in CUTS), *CUTS, TODAY]))
    return [
        Question(asks, (DISTRICT, *codes), tree, as_of, without, months)
        for as_of in (None, draw(st.sampled_from(KNOWN)))
        for without, months in (
            (frozenset[str](), frozenset[tuple[str, int]]()),
            (frozenset({some}), frozenset()),
            (frozenset(), frozenset({(some, 202604), (some, 202605), (codes[0], 202601)})),
        )
    ]
