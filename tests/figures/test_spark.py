"""A Spark cluster gives the figures of the plain engine and of DuckDB from the same Parquet.

One test runs the cluster: it starts slowly, and processes that share out the tests would each start
one of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from taizhang.cli import main
from taizhang.core.aggregate.reference_engine import ReferenceEngine
from taizhang.core.base.period import Month, parse_period
from taizhang.core.counting.fact import Fact
from taizhang.core.indicator import Question, figures
from taizhang.demo import instance as build
from taizhang.figures.catalogue import statement
from taizhang.figures.dialect import SPARK
from taizhang.figures.engine import IbisEngine
from taizhang.figures.fact_source import VENDORS, Parquet
from taizhang.figures.shape import Fold, Read, Shape
from taizhang.web.instance.paths import Home
from tests.figures.stores import ParquetStore
from tests.figures.strategies import (
    DISTRICT,
    KNOWN,
    MEASURES,
    SCATTERED,
    Ledger,
    histories,
    questions,
    records,
    windows,
)
from tools.spark_cluster import WORKERS, cluster

ROOT = Path(__file__).resolve().parents[2]
#: Spark plans and shares out each statement for a good part of a second, even over no rows.
FEW = settings(
    max_examples=2,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
#: Compiling each new query to Java takes longer than these few rows; the demonstration has it on.
UNCOMPILED = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
}
#: Months of the demonstration on both sides of a year's end and of a merger.
MONTHS = (Month(2025, 12), Month(2026, 2), Month(2026, 3))
YEAR = {"start": date(2025, 4, 1), "end": date(2026, 3, 31)}


@st.composite
def dense(draw: st.DrawFn) -> Ledger:
    """Make a ledger of thirty records: few examples must meet much."""
    history = draw(histories())
    facts: list[Fact] = []
    for number in range(30):
        facts += draw(records(f"{number:03}", history.codes))
    return Ledger(history, tuple(facts))


def spark_source(session: Any, folder: Path) -> Any:
    from taizhang.figures.spark import SparkParquet

    return SparkParquet(session, str(folder / "facts"), str(folder / "closure"))


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_cluster_of_two_workers_gives_the_same_figures(
    tmp_path: Path, instance: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = demo_export(instance, tmp_path / "demo", monkeypatch)
    logs = tmp_path / "logs"
    logs.mkdir()
    with cluster(logs) as session:
        random_ledgers_are_answered_as_by_the_plain_engine(session)
        nothing_is_an_answer_too(session, tmp_path)
        demo_figures_are_those_of_duckdb(session, demo)
        demo_rolls_up_as_in_duckdb(session, demo)
    for number in range(WORKERS):
        assert "Asked to launch executor" in (logs / f"worker{number}.log").read_text("utf-8")


def random_ledgers_are_answered_as_by_the_plain_engine(session: Any) -> None:
    store = ParquetStore()

    @FEW
    @given(st.data(), dense(), windows, st.sampled_from(KNOWN))
    def equal(data: st.DataObject, ledger: Ledger, window: Any, known: date) -> None:
        store.fill(ledger.facts, ledger.history)
        assert isinstance(store.source, Parquet)
        source = spark_source(session, store.source.facts.parent)
        for name, value in UNCOMPILED.items():
            source.session.conf.set(name, value)
        spark = IbisEngine(source, scattered=SCATTERED)
        plain = ReferenceEngine(ledger.facts, ledger.history)
        one = data.draw(st.sampled_from(data.draw(questions(ledger.history.codes))))
        about = {
            "tree": one.tree,
            "as_of": one.as_of,
            "without": one.without,
            "without_months": one.without_months,
        }
        expected = plain.totals(one.asks, one.units, **about)
        assert spark.totals(one.asks, one.units, **about) == expected
        asked = (MEASURES, ledger.history.codes, *window)
        present = plain.present(*asked, tree=one.tree, as_of=known)
        assert spark.present(*asked, tree=one.tree, as_of=known) == present

    equal()
    store.close()


def nothing_is_an_answer_too(session: Any, folder: Path) -> None:
    engine = IbisEngine(spark_source(session, folder / "nothing"))
    assert engine.present(MEASURES, [DISTRICT], **YEAR, tree=YEAR["end"]) == {}


def demo_export(instance: Home, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Fill an instance with some months of the demonstration and export it."""
    whole = build.batches

    def some(history: Any) -> Iterable[build.Batch]:
        """Give some months, without steps of cases and corrections of what others hold."""
        kept: set[Any] = {None}
        for batch in whole(history):
            if batch.month in MONTHS:
                lines = [line for line in batch.lines if "case" not in line]
                kept.update(line["id"] for line in lines)
                lines = [line for line in lines if line.get("replaces") in kept]
                yield replace(batch, lines=tuple(lines))

    monkeypatch.setattr(build, "batches", some)
    monkeypatch.setattr(build, "_decide", lambda tree, owner: None)
    monkeypatch.setattr(build, "_merge_double", lambda owner: None)
    build._fill(datetime(2024, 12, 31, 9, tzinfo=UTC), lambda done, of: None)
    key, public = folder.parent / "own.key", folder.parent / f"{DISTRICT}.pem"
    assert main(["facts", "key", str(key), str(public)]) == 0
    home = ["--home", str(instance.path)]
    assert main(["facts", "export", str(folder), "--key", str(key), *home]) == 0
    assert len(list((folder / "facts").glob("year=*"))) == 2
    return folder


def demo_figures_are_those_of_duckdb(session: Any, folder: Path) -> None:
    """All figures of the district, by street: values, bounds, flags, sentences, records."""
    from taizhang.web.ledger.open_book import open_book, scattered

    live = open_book(now=datetime(2026, 4, 10, tzinfo=UTC))
    keys = sorted(key for key in live.programmes.indicators if key.startswith("health_education."))
    keys = [*keys, "common.migrant_population"]
    period = parse_period("2025-04..2026-03")
    asked = Question(indicators=tuple(keys), units=(DISTRICT,), period=period, by="unit")
    parquet = Parquet(folder / "facts", folder / "closure")
    spark = spark_source(session, folder)
    answers = [
        [figure.as_json() for figure in figures(replace(live, engine=engine), asked)]
        for source in (parquet, spark)
        for engine in [IbisEngine(source, scattered=scattered(live.programmes))]
    ]
    parquet.close()
    assert sum(figure["value"] is not None for figure in answers[0]) > 50
    assert answers[1] == answers[0]
    assert answers[1] == [figure.as_json() for figure in figures(live, asked)]


def demo_rolls_up_as_in_duckdb(session: Any, folder: Path) -> None:
    """By the command, whose session this one becomes: the command stops it at its end."""
    master = session.sparkContext.master
    found: list[pa.Table] = []
    for number, more in enumerate(([], ["--spark", master])):
        file = folder.parent / f"rollup{number}.parquet"
        asked = ["--period", "2025-04..2026-03", "-o", str(file), *more]
        assert main(["facts", "rollup", str(folder), "--keys", str(folder.parent), *asked]) == 0
        found.append(pq.read_table(file))
    assert found[0].num_rows > 1000
    assert found[1].equals(found[0])


def test_what_spark_lacks_is_lacking_and_told_in_the_guide() -> None:
    """A gap that was filled must leave both tables; one that nobody tells of is a surprise."""
    pytest.importorskip("pyspark", reason="no pyspark in .venv")
    from taizhang.figures.spark import GAPS, SparkParquet

    def writes_one_file() -> bool:
        return hasattr(SparkParquet, "connection")  # what rollup_write asks of a source

    there = {
        "cube": SparkParquet.cube,
        "live store": "spark" in {dialect.name for dialect in VENDORS.values()},
        "rollup_write": writes_one_file(),
    }
    assert {name for name, is_there in there.items() if not is_there} == set(GAPS)
    guide = (ROOT / "docs" / "guide" / "province.md").read_text(encoding="utf-8")
    told = guide.partition("Spark 上没有的：")[2]
    assert told.count("\n| ") - 1 == len(GAPS)


@pytest.mark.parametrize("read", [Read.ALONE, Read.JOINT, Read.LATEST, Read.TOKENS])
def test_what_engines_ask_is_written_for_spark_without_a_cluster(read: Read) -> None:
    shape = Shape(SPARK, read, Fold.SUM, by="topic", measures=True, units=True, as_of=True)
    query = statement(shape)
    values = dict.fromkeys(("tree", "start", "end", "month_first", "month_last", "cut"), "x")
    text, params = query.bound({**values, "units": ["a", "b", "c"], "measures": ["m"]})
    assert "GET_JSON_OBJECT" in text
    assert "⟦" not in text
    assert {name for name in params if name.startswith("units")} == {
        f"units{place}" for place in range(4)
    }
