"""Roll-up of facts in Parquet to 5 levels, through `figures` and by hand-written DuckDB SQL."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bench.facts import FACTS, cached, facts_make

BAR = 1.3
ROUNDS = 5
MEASURES = [f"bench.measure_{number:02d}" for number in range(40)]
DAY, START, END = date(2025, 12, 31), date(2021, 1, 1), date(2025, 12, 31)
FIELDS = (
    *("ancestor", "measure", "bucket", "low", "high", "facts", "missing", "about", "open_high"),
    *("moved", "split"),
)

_BY_HAND = """
WITH codes AS (
    SELECT ancestor, code, way FROM units_closure
    WHERE valid_from <= DATE '2025-12-31' AND valid_to >= DATE '2025-12-31'
), leaf AS (
    SELECT unit, measure, month, sum(low) AS low, sum(high) AS high, count(*) AS facts,
        sum((kind = 5)::INTEGER) AS missing, sum((kind = 4)::INTEGER) AS about,
        sum((high IS NULL)::INTEGER) AS open_high
    FROM ledger_fact
    WHERE retired_at IS NULL AND NOT joint
        AND date BETWEEN DATE '2021-01-01' AND DATE '2025-12-31'
    GROUP BY ALL
), once AS (
    SELECT ancestor, measure, month, min(low) AS low, min(high) AS high, min(kind) AS kind,
        min((way <> 'own')::INTEGER) AS moved, min((way = 'split')::INTEGER) AS split
    FROM ledger_fact JOIN codes ON code = unit
    WHERE retired_at IS NULL AND joint
        AND date BETWEEN DATE '2021-01-01' AND DATE '2025-12-31'
    GROUP BY ancestor, measure, month, record_id, ordinal
)
SELECT ancestor, measure, month AS bucket, sum(low) AS low, sum(high) AS high,
    sum(facts) AS facts, sum(missing) AS missing, sum(about) AS about,
    sum(open_high) AS open_high, sum(moved) AS moved, sum(split) AS split
FROM (
    SELECT ancestor, measure, month, low, high, facts, missing, about, open_high,
        CASE WHEN way <> 'own' THEN facts ELSE 0 END AS moved,
        CASE WHEN way = 'split' THEN facts ELSE 0 END AS split
    FROM leaf JOIN codes ON code = unit
    UNION ALL
    SELECT ancestor, measure, month, low, high, 1, (kind = 5)::INTEGER, (kind = 4)::INTEGER,
        (high IS NULL)::INTEGER, moved, split
    FROM once
)
GROUP BY ALL
"""


def run(count: int = FACTS) -> dict[str, Any]:
    """Roll up through `figures` and by hand, in turn, on the same files; compare all rows."""
    from taizhang.figures.fact_source import Parquet
    from taizhang.figures.rollup import roll_up

    folder = cached("parquet", count, [Path(__file__)], lambda place: facts_write(place, count))
    source = Parquet(folder / "facts.parquet", folder / "closure.parquet")

    def by_engine() -> pa.Table:
        return roll_up(source, tree=DAY, start=START, end=END)

    def by_hand() -> pa.Table:
        return source.connection.execute(_BY_HAND).to_arrow_table()

    assert rows_of(by_engine()) == rows_of(by_hand())
    ours, baseline = in_turn(by_engine, by_hand)
    rows = by_engine().num_rows
    source.close()
    return {
        "name": f"roll-up of {count:,} facts to 5 levels × 60 months × {len(MEASURES)} measures",
        "ours": round(ours, 3),
        "baseline": round(baseline, 3),
        "ratio": round(ours / baseline, 2),
        "bar": f"≤ {BAR:g} ×",
        "met": ours <= BAR * baseline,
        "note": f"seconds, medians of {ROUNDS} in turn; {rows:,} equal rows",
    }


def in_turn(first: Callable[[], Any], second: Callable[[], Any]) -> tuple[float, float]:
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for called, taken in zip((first, second), times, strict=True):
            started = time.perf_counter()
            called()
            taken.append(time.perf_counter() - started)
    return median(times[0]), median(times[1])


def rows_of(table: pa.Table) -> list[dict[str, Any]]:
    keys = [(name, "ascending") for name in ("ancestor", "measure", "bucket")]
    whole = pa.schema(
        [(name, pa.string() if name in FIELDS[:2] else pa.int64()) for name in FIELDS]
    )
    rows: list[dict[str, Any]] = table.select(FIELDS).cast(whole).sort_by(keys).to_pylist()
    return rows


def facts_write(folder: Path, count: int) -> None:
    """Make a province, 2 cities, 6 districts, 30 streets, 240 communities and their facts."""
    parents: dict[str, str | None] = {"360000000000": None}
    for city in (1, 2):
        parents[f"360{city}00000000"] = "360000000000"
        for district in (1, 2, 3):
            above = f"360{city}0{district}000000"
            parents[above] = f"360{city}00000000"
            for street in range(1, 6):
                parents[f"{above[:6]}{street:03d}000"] = above
                for community in range(1, 9):
                    code = f"{above[:6]}{street:03d}{community:03d}"
                    parents[code] = f"{above[:6]}{street:03d}000"
    closure = [
        (ancestor, code, depth, "own", date.min, date.max)
        for code in parents
        for depth, ancestor in enumerate(_upwards(code, parents))
    ]
    names = ("ancestor", "code", "depth", "way", "valid_from", "valid_to")
    columns = dict(zip(names, map(list, zip(*closure, strict=True)), strict=True))
    pq.write_table(pa.table(columns), folder / "closure.parquet")
    communities = [code for code in parents if not code.endswith("000")]
    connection = facts_make(MEASURES, communities, count)
    file = str(folder / "facts.parquet").replace("'", "''")
    connection.execute(
        "COPY (SELECT * REPLACE (record_id::VARCHAR AS record_id) FROM fact) "  # noqa: S608 - own names
        f"TO '{file}' (FORMAT parquet, COMPRESSION zstd)"
    )
    connection.close()


def _upwards(code: str, parents: dict[str, str | None]) -> list[str]:
    chain, above = [code], parents[code]
    while above is not None:
        chain.append(above)
        above = parents[above]
    return chain
