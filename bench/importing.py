"""Import of 100,000 records against inserting the very same rows with executemany."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

from bench.ledger import NOW, instance, record

RECORDS = 100_000
BAR = 25.0
PRAGMAS = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL")


def run(records: int = RECORDS) -> dict[str, Any]:
    """Import, then insert what the import stored into a copy of the empty instance."""
    random = Random("taizhang-bench-import")  # noqa: S311 - the same records on every run
    lines = [json.dumps(record(n, random), ensure_ascii=False) for n in range(records)]
    with instance() as (home, owner):
        from django.db import connections

        from taizhang.web.ledger.accept.actions import records_import

        connections.close_all()
        empty = home.path / "empty.sqlite3"
        shutil.copy(home.database, empty)
        started = time.perf_counter()
        done = records_import(lines=lines, file="bench.jsonl", acting_user=owner, now=NOW)
        ours = time.perf_counter() - started
        assert done.records == records
        connections.close_all()
        baseline = _baseline(home.database, empty)
    return {
        "name": f"records import of {records:,} records",
        "ours": round(ours, 3),
        "baseline": round(baseline, 3),
        "ratio": round(ours / baseline, 2),
        "bar": f"≤ {BAR:g} ×",
        "met": ours <= BAR * baseline,
        "note": f"{records / ours:,.0f} records/s, {done.facts:,} facts; seconds",
    }


def _baseline(full: Path, empty: Path) -> float:
    """Time executemany of all rows that the import added, in one durable transaction."""
    with closing(sqlite3.connect(full)) as source:
        tables = [row[0] for row in source.execute(_TABLES)]
        rows = {table: source.execute(f"SELECT * FROM {table}").fetchall() for table in tables}  # noqa: S608
    with closing(sqlite3.connect(empty, isolation_level=None)) as target:
        for pragma in PRAGMAS:
            target.execute(pragma)
        before = {
            table: set(target.execute(f"SELECT * FROM {table}").fetchall())  # noqa: S608
            for table in tables
        }
        new = {table: [row for row in rows[table] if row not in before[table]] for table in tables}
        started = time.perf_counter()
        target.execute("BEGIN IMMEDIATE")
        for table, some in new.items():
            if some:
                places = ", ".join("?" * len(some[0]))
                target.executemany(f"INSERT INTO {table} VALUES ({places})", some)  # noqa: S608
        target.execute("COMMIT")
        return time.perf_counter() - started


_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' "
    "AND (name LIKE 'ledger_%' OR name = 'audit_entry') ORDER BY name"
)
