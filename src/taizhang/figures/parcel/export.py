"""Parcel export: facts, not people, as Parquet partitions by year and district."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import duckdb

from taizhang.figures.dialect import Dialect
from taizhang.figures.duckdb_extension import STORE, attached

# A record's number is unique in its district alone.  A person's token is replaced by a number that
# holds within one export: different people can be counted, nobody can be followed from one export
# to the next.
_FACTS = """
COPY (
    SELECT $district || ':' || record_id AS record_id, ordinal::INTEGER AS ordinal, measure, unit,
        date::DATE AS date, month::INTEGER AS month, low::BIGINT AS low, high::BIGINT AS high,
        kind::TINYINT AS kind, dims,
        $district || ':' || entity AS entity,
        CASE WHEN person IS NOT NULL
            THEN $district || ':' || dense_rank() OVER (ORDER BY person) END AS person,
        joint::BOOLEAN AS joint, accepted_at::TIMESTAMP AS accepted_at,
        retired_at::TIMESTAMP AS retired_at, month // 100 AS year, $district AS district
    FROM {store}.ledger_fact
    ORDER BY measure, unit, date, ledger_fact.record_id, ordinal
) TO '{folder}' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (year, district),
    OVERWRITE_OR_IGNORE, FILENAME_PATTERN 'facts')
"""
_CLOSURE = """
COPY (
    SELECT ancestor, code, depth::INTEGER AS depth, way, valid_from::DATE AS valid_from,
        valid_to::DATE AS valid_to, $district AS district
    FROM {store}.units_closure
    ORDER BY code, valid_from, depth
) TO '{folder}' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (district),
    OVERWRITE_OR_IGNORE, FILENAME_PATTERN 'closure')
"""


@dataclass(frozen=True, slots=True)
class Partition:
    """One written file: its path inside the export, its rows and the sha256 of its bytes."""

    path: str
    rows: int
    digest: str


def export(dialect: Dialect, place: str, folder: Path, *, district: str) -> tuple[Partition, ...]:
    """Write all facts and the closure of a live store into ``folder``.

    Makes ``facts/year=Y/district=D/*.parquet`` (retired facts included, so that ``as_of`` works
    there too) and ``closure/district=D/*.parquet``; :class:`taizhang.figures.fact_source.Parquet`
    reads them.  A store without facts writes no file of facts.  The store may serve meanwhile;
    export a backup where a record and its correction must not be torn apart.

    :param place: the path of the SQLite file, or the URL of the PostgreSQL database
    :param district: code of the district that sends, part of every record's name from then on
    """
    folder.mkdir(parents=True, exist_ok=True)
    connection = attached(dialect, place)
    try:
        connection.execute("SET preserve_insertion_order = true; SET threads = 1")
        for part, sql in (("facts", _FACTS), ("closure", _CLOSURE)):
            target = str(folder / part).replace("'", "''")
            connection.execute(sql.format(store=STORE, folder=target), {"district": district})
        files = sorted(folder.rglob("*.parquet"))
        return tuple(_partition(folder, file, connection) for file in files)
    finally:
        connection.close()


def _partition(folder: Path, file: Path, connection: duckdb.DuckDBPyConnection) -> Partition:
    counted = connection.execute("SELECT num_rows FROM parquet_file_metadata(?)", [str(file)])
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    rows = counted.fetchone() or (0,)
    return Partition(file.relative_to(folder).as_posix(), int(rows[0]), digest)
