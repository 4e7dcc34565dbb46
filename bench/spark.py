"""Roll-up of the same Parquet by a standalone Spark with two workers, against DuckDB.

On one machine Spark only has its own weight to show, so there is no bar: the ratio tells a
province from how many machines on it gains.  Needs Java and pyspark; asked for by name,
`script/bench spark`.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa

from bench import rollup
from bench.cannot import CannotRunError
from bench.facts import FACTS, cached
from tools.machine import spark_missing
from tools.spark_cluster import WORKERS, cluster

#: The machine of an office; a worker's share lies in spark-defaults.conf where a cluster is real.
SETTINGS = {
    "spark.driver.memory": "2g",
    "spark.sql.files.maxPartitionBytes": "16m",
    "spark.sql.shuffle.partitions": str(4 * WORKERS),
}


def run(count: int = FACTS) -> dict[str, Any]:
    """Roll up on Spark and on DuckDB, in turn, from the same files; compare all rows."""
    if missing := spark_missing():
        raise CannotRunError(f"Spark cannot run here: {missing}")
    from taizhang.figures.fact_source import Parquet
    from taizhang.figures.rollup import roll_up
    from taizhang.figures.spark import SparkParquet

    folder = cached(
        "parquet", count, [Path(rollup.__file__)], lambda place: rollup.facts_write(place, count)
    )
    facts, closure = folder / "facts.parquet", folder / "closure.parquet"
    parquet = Parquet(facts, closure)
    span = {"tree": rollup.DAY, "start": rollup.START, "end": rollup.END}
    with (
        tempfile.TemporaryDirectory(prefix="tz-bench-") as logs,
        cluster(Path(logs), SETTINGS, memory="1g") as session,
    ):
        spark = SparkParquet(session, str(facts), str(closure))

        def by_spark() -> pa.Table:
            return roll_up(spark, **span)

        def by_duckdb() -> pa.Table:
            return roll_up(parquet, **span)

        # The first run of Spark compiles; it is not timed.
        assert rollup.rows_of(by_spark()) == rollup.rows_of(by_duckdb())
        ours, baseline = rollup.in_turn(by_spark, by_duckdb)
    parquet.close()
    return {
        "name": f"roll-up of {count:,} facts, Spark with {WORKERS} workers against DuckDB",
        "ours": round(ours, 3),
        "baseline": round(baseline, 3),
        "ratio": round(ours / baseline, 2),
        "bar": None,
        "met": None,
        "note": f"seconds, medians of {rollup.ROUNDS} in turn on one machine; equal rows",
    }
