"""Every engine gives the answers of the plain one, for every kind of question."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taizhang.core.plain import PlainEngine
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
        plain = PlainEngine(ledger.facts, ledger.history)
        for one in data.draw(questions(ledger.history.codes)):
            about = {"tree": one.tree, "as_of": one.as_of, "without": one.without}
            expected = plain.totals(one.asks, one.units, **about)
            assert engine(store).totals(one.asks, one.units, **about) == expected

    equal()


def test_presence_equals_the_plain_one(store: Store, request: pytest.FixtureRequest) -> None:
    @examples(request, 40)
    @given(ledgers(), windows, st.sampled_from(CUTS), st.sampled_from((None, *KNOWN)))
    def equal(ledger, window, tree, as_of) -> None:
        store.fill(ledger.facts, ledger.history)
        asked = (MEASURES, ledger.history.codes, *window)
        expected = PlainEngine(ledger.facts, ledger.history).present(*asked, tree=tree, as_of=as_of)
        assert engine(store).present(*asked, tree=tree, as_of=as_of) == expected

    equal()
