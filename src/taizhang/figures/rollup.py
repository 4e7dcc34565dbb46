"""Roll-up: every unit of every level × every month × every measure, from facts in one pass."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa

from taizhang.figures.catalogue import statement
from taizhang.figures.fact_source import ColumnarSource, DuckDBTables, Parquet
from taizhang.figures.shape import Read, Shape, span_values


def roll_up(source: ColumnarSource, *, tree: date, start: date, end: date) -> pa.Table:
    """Roll the live facts dated in [start, end] up the tree of one day.

    The table has one row per unit, measure and month (``bucket``, yyyymm) that holds facts:
    ``ancestor, measure, bucket, low, high`` (ten-thousandths; sums of the known bounds), ``facts,
    missing, about, open_high, moved, split``.  A joint fact counts once in each unit.
    """
    sql, params = _prepared(source, tree, start, end)
    return source.arrow(sql, params)


def rollup_write(
    source: Parquet | DuckDBTables, file: Path, *, tree: date, start: date, end: date
) -> int:
    """Write a roll-up to one Parquet file, ordered by unit, measure and month; count its rows."""
    sql, params = _prepared(source, tree, start, end)
    target = str(file).replace("'", "''")
    copy = (
        f"COPY ({sql} ORDER BY ancestor, measure, bucket) "
        f"TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
    )
    written = source.connection.execute(copy, params).fetchone()
    return int(written[0]) if written else 0


def _prepared(
    source: ColumnarSource, tree: date, start: date, end: date
) -> tuple[str, dict[str, object]]:
    query = statement(Shape(source.dialect, Read.EVERYTHING, by="month"))
    return query.bound(span_values(source.dialect, tree=tree, start=start, end=end))
