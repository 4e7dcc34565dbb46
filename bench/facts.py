"""Ten million made-up facts, the same on every run: as Parquet, and in a live SQLite instance.

They are made by DuckDB in one vectorised query and kept in a cache outside the repository
(TAIZHANG_BENCH_CACHE, else the temporary folder), named after everything that decides them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import cycle, islice
from pathlib import Path

import duckdb

from bench.ledger import COMMUNITIES, DISTRICT, instance

FACTS = 10_000_000
MONTHS = 60  # from January 2021
SEED = "taizhang-bench-facts-1"
ROOT = Path(__file__).resolve().parent.parent

#: One fact is made from the hash of its number; of a thousand facts ten are missing, ten open
#: above, one is joint, and twenty were retired.
_FACTS = """
CREATE TABLE fact AS
WITH drawn AS (
    SELECT number, hash(number + 7919) % 1000000007 AS a, hash(number + 104729) % 1000000007 AS b
    FROM range($count) numbers(number)
)
SELECT number AS id, number // 2 AS record_id, (number % 2)::INTEGER AS ordinal,
    measure.key AS measure, unit.code AS unit, day AS date,
    (year(day) * 100 + month(day))::INTEGER AS month,
    CASE WHEN b % 100 = 0 THEN NULL ELSE (1 + a % 200) * 10000 END::BIGINT AS low,
    CASE WHEN b % 100 < 2 THEN NULL ELSE (1 + a % 200) * 10000 END::BIGINT AS high,
    (CASE b % 100 WHEN 0 THEN 5 WHEN 1 THEN 1 WHEN 2 THEN 4 ELSE 0 END)::TINYINT AS kind,
    CASE (a // 7) % 4 WHEN 0 THEN '' WHEN 1 THEN '{"topic":"tb"}' WHEN 2 THEN '{"topic":"law"}'
        ELSE '{"audience":"elderly","topic":"chronic"}' END AS dims,
    NULL::VARCHAR AS entity, NULL::VARCHAR AS person, b % 1009 = 0 AS joint,
    day::TIMESTAMP + INTERVAL 2 DAY AS accepted_at,
    CASE WHEN b % 50 = 7 THEN day::TIMESTAMP + INTERVAL 9 DAY END AS retired_at
FROM drawn
JOIN measure ON measure.place = a % $measures
JOIN unit ON unit.place = (a // 64) % $units
CROSS JOIN LATERAL (SELECT (DATE '2021-01-01' + (b // 128 % $days)::INTEGER) AS day) AS dated
"""
_CUBE = """
SELECT measure, unit, month, dims, sum(coalesce(low, 0))::BIGINT AS low,
    sum(coalesce(high, 0))::BIGINT AS high, count(*) AS facts,
    count(*) FILTER (high IS NULL) AS open_high, count(*) FILTER (kind = 4) AS about,
    count(*) FILTER (kind = 5) AS missing,
    count(*) FILTER (NOT (ordinal = 1 AND same)) AS records
FROM (
    SELECT *, measure = lag(measure) OVER record AND unit = lag(unit) OVER record AS same
    FROM fact WHERE retired_at IS NULL AND NOT joint
    WINDOW record AS (PARTITION BY record_id ORDER BY ordinal)
)
GROUP BY ALL ORDER BY measure, unit, month, dims
"""


def facts_make(
    measures: Sequence[str], units: Sequence[str], count: int
) -> duckdb.DuckDBPyConnection:
    """Make ``count`` facts of these measures and units in a DuckDB in memory, as table ``fact``.

    A measure that is named more often has more of them.
    """
    connection = duckdb.connect()
    for table, column, values in (("measure", "key", measures), ("unit", "code", units)):
        connection.execute(
            f"CREATE TABLE {table} AS SELECT unnest($values) AS {column}, "
            "unnest(range(len($values))) AS place",
            {"values": list(values)},
        )
    sizes = {"measures": len(measures), "units": len(units), "days": MONTHS * 365 // 12}
    connection.execute(_FACTS, {"count": count, **sizes})
    return connection


def cached(name: str, count: int, sources: Sequence[Path], make: Callable[[Path], None]) -> Path:
    """Give the folder ``name`` of the cache, made first when it is not there."""
    digest = hashlib.sha256(f"{SEED} {duckdb.__version__} {count}".encode())
    for source in (Path(__file__), *sources):
        digest.update(source.read_bytes())
    named = os.environ.get("TAIZHANG_BENCH_CACHE")
    cache = Path(named) if named else Path(tempfile.gettempdir()) / "taizhang-bench"
    folder = cache / f"{name}-{count}-{digest.hexdigest()[:12]}"
    if not folder.exists():
        for older in cache.glob(f"{name}-{count}-*"):
            shutil.rmtree(older)
        making = folder.with_name(f"making-{folder.name}")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        make(making)
        making.rename(folder)
    return folder


def store(count: int) -> Path:
    """Give the folder of an instance with ``count`` facts; its keys lie in ``keys`` beside it."""
    ledger = ROOT / "src" / "taizhang" / "web" / "ledger"
    sources = sorted([ledger / "models.py", *ledger.glob("migrations/0*.py")])
    return cached("store", count, sources, lambda folder: _store_make(folder, count))


def _store_make(folder: Path, count: int) -> None:
    with instance() as (home, _):
        from django.db import connections
        from django.utils import timezone

        from taizhang.core.counting.measure import MeasureKind
        from taizhang.web.programmes.queries import programmes_on

        known = programmes_on(timezone.localdate()).measures.values()
        levels = [one.key for one in known if one.kind is MeasureKind.LEVEL]
        events = [one.key for one in known if one.kind is MeasureKind.EVENT]
        events += [f"bench.measure_{number}" for number in range(40 - len(levels) - len(events))]
        # A level is counted about once a month, as people do; the rest are events.
        measures = [*levels, *islice(cycle(events), 1600 - len(levels))]
        connections.close_all()
        _fill(home.database, measures, count)
        shutil.move(home.path, folder / "home")
        shutil.move(home.keys.parent, folder / "keys")


def _fill(database: Path, measures: Sequence[str], count: int) -> None:
    """Write facts and cube; the indexes are made anew when all rows are in."""
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute(
            "SELECT name, sql FROM sqlite_master "
            "WHERE type = 'index' AND tbl_name = 'ledger_fact' AND sql IS NOT NULL"
        ).fetchall()
        for name, _ in found:
            connection.execute(f'DROP INDEX "{name}"')
        connection.execute("PRAGMA journal_mode = DELETE")
    _copy(database, measures, count)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -1000000")
        for _, sql in found:
            connection.execute(sql)
        connection.commit()
        connection.execute("PRAGMA journal_mode = WAL")


def _copy(database: Path, measures: Sequence[str], count: int) -> None:
    from taizhang.figures.duckdb_extension import extension_file

    connection = facts_make(measures, COMMUNITIES, count)
    connection.load_extension(str(extension_file("sqlite_scanner")))
    connection.execute(f"ATTACH '{database}' AS store (TYPE sqlite)")
    moment = "strftime({}, '%Y-%m-%d %H:%M:%S')"
    connection.execute(
        "INSERT INTO store.ledger_fact (id, record_id, ordinal, measure, unit, date, month, low, "  # noqa: S608 - own names
        "high, kind, dims, entity, person, joint, accepted_at, retired_at) "
        "SELECT id + 1, record_id + 1, ordinal, measure, unit, strftime(date, '%Y-%m-%d'), month, "
        "low, high, kind, dims, entity, person, joint::INTEGER, "
        f"{moment.format('accepted_at')}, {moment.format('retired_at')} FROM fact ORDER BY id"
    )
    connection.execute(
        "INSERT INTO store.ledger_cube (measure, unit, month, dims, low, high, facts, open_high, "
        f"about, missing, records) {_CUBE}"
    )
    connection.close()


__all__ = ["COMMUNITIES", "DISTRICT", "FACTS", "cached", "facts_make", "store"]
