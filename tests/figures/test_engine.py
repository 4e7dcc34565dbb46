"""Every engine gives the answers of the plain one, for every kind of question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taizhang.core.aggregate.query import AggregateQuery, Aggregation
from taizhang.core.aggregate.reference_engine import ReferenceEngine
from taizhang.core.base.period import parse_period
from taizhang.core.base.quantity import Quantity, QuantityKind
from taizhang.core.counting.fact import Fact
from taizhang.core.indicator import Question, figures
from taizhang.core.unit.tree import History, Unit, UnitLevel
from taizhang.figures.engine import IbisEngine
from tests.figures.stores import MAKERS, PostgreSQLStore, Store
from tests.figures.strategies import (
    CUTS,
    KNOWN,
    MEASURES,
    SCATTERED,
    ledgers,
    questions,
    windows,
)
from tests.strategies import DISTRICT, STREETS, towns

ENGINES = (*MAKERS, pytest.param("postgresql", marks=pytest.mark.postgresql))
#: DuckDB plans each statement for milliseconds, an export writes files; usual is 40.
EXAMPLES = {"parquet": 6, "duckdb": 12, "duckdb-cube": 12}


@pytest.fixture(scope="module", params=ENGINES)
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    name = request.param
    if name == "postgresql":
        made: Store = PostgreSQLStore(request.getfixturevalue("postgresql_database"))
    else:
        made = MAKERS[name]()
    yield made
    made.close()


def engine(store: Store) -> IbisEngine:
    return IbisEngine(store.source, scattered=SCATTERED)


def examples(request: pytest.FixtureRequest, usual: int) -> settings:
    count = EXAMPLES.get(request.node.callspec.params["store"], usual)
    return settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))


def test_totals_equal_the_plain_ones(store: Store, request: pytest.FixtureRequest) -> None:
    @examples(request, 40)
    @given(st.data(), ledgers())
    def equal(data, ledger) -> None:
        store.fill(ledger.facts, ledger.history)
        plain = ReferenceEngine(ledger.facts, ledger.history)
        for one in data.draw(questions(ledger.history.codes)):
            about = {
                "tree": one.tree,
                "as_of": one.as_of,
                "without": one.without,
                "without_months": one.without_months,
            }
            expected = plain.totals(one.asks, one.units, **about)
            assert engine(store).totals(one.asks, one.units, **about) == expected

    equal()


def test_presence_equals_the_plain_one(store: Store, request: pytest.FixtureRequest) -> None:
    @examples(request, 40)
    @given(ledgers(), windows, st.sampled_from(CUTS), st.sampled_from((None, *KNOWN)))
    def equal(ledger, window, tree, as_of) -> None:
        store.fill(ledger.facts, ledger.history)
        asked = (MEASURES, ledger.history.codes, *window)
        expected = ReferenceEngine(ledger.facts, ledger.history).present(
            *asked, tree=tree, as_of=as_of
        )
        assert engine(store).present(*asked, tree=tree, as_of=as_of) == expected

    equal()


def test_single_values_are_taken_from_facts_in_order(store: Store) -> None:
    """20..90, 50 and more, 30, unknown; and 30 and 40 on a joint record that counts once."""
    street = Unit(code="360602001000", name="街", level=UnitLevel.STREET, kind="街道", parent=None)
    below = [
        Unit(code=f"36060200100{place}", name="社", level=UnitLevel.COMMUNITY, kind="社区",
             parent=street.code)
        for place in (1, 2)
    ]  # fmt: skip

    def fact(record: str, unit: int, low: int | None, high: int | None, measure: str) -> Fact:
        ends = [None if end is None else Decimal(end) for end in (low, high)]
        kind = QuantityKind.MISSING if low is None else QuantityKind.BETWEEN
        return Fact(
            record=record, ordinal=0, measure=measure, unit=below[unit].code,
            date=date(2026, 3, 1), value=Quantity(*ends, kind), dimensions={}, entity=None,
            person=None, joint=record == "joint", retired_at=None,
            accepted_at=datetime(2026, 3, 1, tzinfo=UTC),
        )  # fmt: skip

    facts = [
        fact("a", 0, 20, 90, "p.talks"),
        fact("b", 0, 50, None, "p.talks"),
        fact("c", 1, 30, 30, "p.talks"),
        fact("a", 0, 10, 10, "p.people"),
        fact("b", 1, None, None, "p.people"),
        fact("joint", 0, 30, 30, "p.people"),
        fact("joint", 1, 30, 30, "p.people"),
        fact("c", 1, 40, 40, "p.people"),
        fact("d", 1, 60, 60, "p.people"),
    ]
    history = History([street, *below], [])
    store.fill(facts, history)
    span = (date(2026, 1, 1), date(2026, 12, 31))
    asks = {
        (measure, how): AggregateQuery(measure, how, *span)
        for measure in ("p.talks", "p.people")
        for how in (Aggregation.MIN, Aggregation.MEDIAN)
    }
    wanted = {
        ("p.talks", Aggregation.MIN): (20, 30),
        ("p.talks", Aggregation.MEDIAN): (30, 90),
        ("p.people", Aggregation.MIN): (10, 10),
        ("p.people", Aggregation.MEDIAN): (35, None),
    }
    for answering in (engine(store), ReferenceEngine(facts, history)):
        totals = answering.totals(list(asks.values()), (street.code,), tree=span[1])
        for key, ends in wanted.items():
            total = totals[asks[key], street.code, None]
            assert (total.low, total.high) == ends, (answering, key)


#: From the middle of a month to the middle of another: single facts, whole months, single facts.
SPANS = [
    (date(2026, 1, 15), date(2026, 6, 17)),
    (date(2026, 1, 1), date(2026, 6, 17)),
    (date(2026, 1, 15), date(2026, 6, 30)),
    (date(2026, 1, 31), date(2026, 6, 1)),
    (date(2026, 5, 31), date(2026, 6, 1)),
    (date(2026, 6, 1), date(2026, 6, 29)),
]


@pytest.mark.parametrize("span", SPANS, ids=lambda span: f"{span[0]}..{span[1]}")
def test_each_day_of_a_span_counts_once(store: Store, span: tuple[date, date]) -> None:
    first, last = span
    unit = Unit(code="360602000000", name="区", level=UnitLevel.DISTRICT, kind="区", parent=None)
    days = [date(2026, 1, 1) + timedelta(days=at) for at in range(200)]
    one = Quantity(Decimal(1), Decimal(1), QuantityKind.EXACT)
    facts = [
        Fact(
            record=f"{day}", ordinal=0, measure="p.talks", unit=unit.code, date=day, value=one,
            dimensions={}, entity=f"{day}", person=None, joint=False, retired_at=None,
            accepted_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        for day in days
    ]  # fmt: skip
    store.fill(facts, History([unit], []))
    asks = [
        AggregateQuery("p.talks", how, first, last, (), None)
        for how in (Aggregation.SUM, Aggregation.DISTINCT)
    ]
    answer = engine(store).totals(asks, (unit.code,), tree=last)
    wanted = (last - first).days + 1
    total, things = (answer[ask, unit.code, None] for ask in asks)
    assert (total.low, total.high, total.facts, total.records) == (wanted,) * 4
    assert things.low == wanted


def test_a_capped_duty_is_met_alike_by_every_engine(
    store: Store, request: pytest.FixtureRequest
) -> None:
    """Joint activities, merged and split units, values that are missing or rough."""

    @examples(request, 25)
    @given(towns(), st.sampled_from([DISTRICT, *STREETS]))
    def equal(town, unit) -> None:
        store.fill(town.facts, town.history)
        question = Question(
            units=(unit,), period=parse_period("2026"), indicators=("completion",), home="he"
        )
        (expected,) = figures(town.book(), question)
        (found,) = figures(town.book(engine=engine(store)), question)
        assert replace(found, records=expected.records) == expected

    equal()
