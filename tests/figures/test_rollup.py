"""A roll-up gives each unit, measure and month what the plain engine says of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
from hypothesis import given, settings

from taizhang.core.aggregate.query import AggregateQuery, Aggregation
from taizhang.core.aggregate.reference_engine import ReferenceEngine
from taizhang.core.base.quantity import SCALE
from taizhang.figures.fact_source import DuckDBTables
from taizhang.figures.rollup import roll_up, rollup_write
from tests.figures.stores import DuckDBStore
from tests.figures.strategies import CUTS, MEASURES, Ledger, ledgers

START, END = date(2025, 6, 1), date(2026, 6, 30)


def expected(ledger: Ledger, tree: date) -> dict[tuple[str, str, int], tuple[int, ...]]:
    """Say by the plain engine what each row holds."""
    asks = [
        AggregateQuery(measure, Aggregation.SUM, START, END, (), "month") for measure in MEASURES
    ]
    plain = ReferenceEngine(ledger.facts, ledger.history)
    totals = plain.totals(asks, ledger.history.codes, tree=tree)
    return {
        (unit, ask.measure, int(month or 0)): (
            int(total.low * SCALE),
            total.facts,
            total.missing,
            total.about,
            total.moved,
            total.split,
        )
        for (ask, unit, month), total in totals.items()
    }


def test_a_roll_up_equals_the_plain_sums() -> None:
    store = DuckDBStore(cube=False)
    source = DuckDBTables(store.connection)

    @settings(max_examples=25, deadline=None)
    @given(ledgers())
    def equal(ledger: Ledger) -> None:
        store.fill(ledger.facts, ledger.history)
        for tree in CUTS:
            rows = roll_up(source, tree=tree, start=START, end=END).to_pylist()
            found = {
                (row["ancestor"], row["measure"], row["bucket"]): (
                    int(row["low"] or 0),
                    *(int(row[name]) for name in ("facts", "missing", "about", "moved", "split")),
                )
                for row in rows
            }
            assert len(found) == len(rows)
            assert found == expected(ledger, tree)
            assert all((row["high"] is None) <= (row["open_high"] == row["facts"]) for row in rows)

    equal()
    store.close()


def test_a_roll_up_is_written_in_order(tmp_path: Path) -> None:
    from tests.figures.test_exporting import DAY, fact, history

    store = DuckDBStore(cube=False)
    facts = [fact("r1", "360602001002"), fact("r2", "360602001001"), fact("r3", "360602001001")]
    store.fill(facts, history())
    file = tmp_path / "rollup.parquet"
    source = DuckDBTables(store.connection)
    assert rollup_write(source, file, tree=DAY, start=DAY, end=DAY) == 4
    rows = pq.read_table(file).to_pylist()
    assert [(row["ancestor"], row["facts"]) for row in rows] == [
        ("360602000000", 3),
        ("360602001000", 3),
        ("360602001001", 2),
        ("360602001002", 1),
    ]
    store.close()
