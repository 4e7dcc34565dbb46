"""Spark source: the same tables on a cluster, where a province outgrows one machine (``[spark]``).

Nothing else of this room knows Spark: the expressions are those of
:mod:`taizhang.figures.ibis_expression`.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

import pyarrow as pa
from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession

from taizhang.figures.dialect import SPARK, Params, Rows
from taizhang.figures.table import closure_table, fact_table

#: What a session needs so that its answers are those of the other engines: overflow is an error,
#: moments without zone stay what they are.
SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
}

#: How Spark says that a folder has no files, which is an empty table here as it is in DuckDB.
_NO_FILES = ("UNABLE_TO_INFER_SCHEMA", "PATH_NOT_FOUND")

#: What this room does elsewhere and not on Spark, and why.
GAPS = {
    "cube": "districts send facts, no month cube; Spark adds the facts up",
    "live store": "Spark reads what districts sent; a serving database is read where it serves",
    "rollup_write": "Spark writes a folder of parts; write the table of roll_up() instead",
}


def session_open(master: str, settings: Mapping[str, str] | None = None) -> SparkSession:
    """Open a session on a Spark master such as ``spark://HOST:7077``; the caller stops it.

    :param settings: what does not stand in the cluster's ``spark-defaults.conf`` (memory, cores)
    :raises RuntimeError: if there is no Java, or the master does not answer
    """
    builder = SparkSession.builder.master(master).appName("taizhang")
    for name, value in {"spark.ui.showConsoleProgress": "false", **(settings or {})}.items():
        builder = builder.config(name, value)
    with warnings.catch_warnings():
        # It says so of its pandas interface, which nothing here uses.
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas")
        return builder.getOrCreate()


class SparkParquet:
    """Parquet partitions that districts sent, read by Spark; they hold no cube.

    ``facts`` and ``closure`` are folders as :class:`taizhang.figures.fact_source.Parquet` takes
    them, as paths or addresses that every worker of the cluster can open.  The tables are seen by a
    session of its own, so that two sources on one cluster do not meet.
    """

    dialect = SPARK
    cube = False

    def __init__(self, session: SparkSession, facts: str, closure: str) -> None:
        self._session = session
        self._facts = facts
        self._closure = closure

    @cached_property
    def session(self) -> SparkSession:
        """The session that sees both folders as tables."""
        session = self._session.newSession()
        for name, value in SETTINGS.items():
            session.conf.set(name, value)
        for table, place in (
            (fact_table(SPARK), self._facts),
            (closure_table(SPARK), self._closure),
        ):
            try:
                frame = session.read.option("recursiveFileLookup", "true").parquet(place)
            except AnalysisException as error:
                if error.getCondition() not in _NO_FILES:
                    raise
                empty = table.schema().to_pyarrow().empty_table()
                frame = session.createDataFrame(empty)
            frame.select(*table.columns).createTempView(table.get_name())
        return session

    def rows(self, sql: str, params: Params) -> Rows:
        """Run a statement and give all its rows."""
        rows: Rows = self._answer(sql, params).collect()
        return rows

    def arrow(self, sql: str, params: Params) -> pa.Table:
        """Run a statement and give its rows as one table."""
        return self._answer(sql, params).toArrow()

    def _answer(self, sql: str, params: Params) -> DataFrame:
        return self.session.sql(sql, args={name: _text(value) for name, value in params.items()})


def _text(value: object) -> object:
    """Give a moment as text: Spark would take one without zone for one of this machine's zone."""
    return value.isoformat(sep=" ") if isinstance(value, datetime) else value
