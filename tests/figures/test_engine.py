"""Every engine gives the answers of the plain one, for every kind of question."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taizhang.core.engine import How
from taizhang.core.plain import PlainEngine
from taizhang.figures.engine import IbisEngine
from tests.figures.stores import MAKERS, PostgreSQLStore, Store
from tests.figures.strategies import (
    MEASURES,
    SCATTERED,
    days,
    ledgers,
    questions,
    windows,
)

ENGINES = (*MAKERS, pytest.param("postgresql", marks=pytest.mark.postgresql))
#: (engine, How) → why it cannot answer yet and when it will; a mended gap fails until it leaves.
GAPS: dict[tuple[str, str], str] = {}
#: An export writes files for every example.
EXAMPLES = {"parquet": 8}


@pytest.fixture(scope="module", params=ENGINES)
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    name = request.param
    if name == "postgresql":
        made: Store = PostgreSQLStore(request.getfixturevalue("postgresql_server"))
    else:
        made = MAKERS[name]()
    yield made
    made.close()


def engine(store: Store) -> IbisEngine:
    return IbisEngine(store.source, scattered=SCATTERED)


def examples(request: pytest.FixtureRequest, usual: int) -> settings:
    count = EXAMPLES.get(request.node.callspec.params["store"], usual)
    return settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("how", How)
def test_totals_equal_the_plain_ones(
    how: How, store: Store, request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.params["store"]
    if reason := GAPS.get((name, how.value)):
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))

    @examples(request, 25)
    @given(st.data(), ledgers())
    def equal(data, ledger) -> None:
        store.fill(ledger.facts, ledger.history)
        question = data.draw(questions(how)(ledger.history.codes))
        arguments = {
            "tree": question.tree,
            "as_of": question.as_of,
            "without": question.without,
        }
        plain = PlainEngine(ledger.facts, ledger.history)
        expected = plain.totals(question.asks, question.units, **arguments)
        assert engine(store).totals(question.asks, question.units, **arguments) == expected

    equal()


def test_presence_equals_the_plain_one(store: Store, request: pytest.FixtureRequest) -> None:
    @examples(request, 25)
    @given(ledgers(), windows, days, st.one_of(st.none(), days))
    def equal(ledger, window, tree, as_of) -> None:
        store.fill(ledger.facts, ledger.history)
        asked = (MEASURES, ledger.history.codes, *window)
        expected = PlainEngine(ledger.facts, ledger.history).present(*asked, tree=tree, as_of=as_of)
        assert engine(store).present(*asked, tree=tree, as_of=as_of) == expected

    equal()
