"""Year summary of a street as DOCX, from 100,000 records of a district."""

from __future__ import annotations

import json
import time
from random import Random
from statistics import median
from typing import Any

from bench.ledger import COMMUNITIES, NOW, STREETS, instance, record
from bench.score import SCORED_AT

RECORDS = 100_000
BAR = 1.0
ROUNDS = 5
TEMPLATE = "health_education.year_summary"


def run(records: int = RECORDS) -> dict[str, Any]:
    """Import a year, close it, then open the book and write the summary, several times."""
    random = Random("taizhang-bench-document")  # noqa: S311 - the same records on every run
    lines = [json.dumps(record(n, random), ensure_ascii=False) for n in range(records)]
    with instance() as (_, owner):
        from taizhang.core.base.period import year_of
        from taizhang.web.ledger.accept.actions import records_import
        from taizhang.web.ledger.facts.actions import closings_close

        records_import(lines=lines, file="bench.jsonl", acting_user=owner, now=NOW)
        months = year_of(2025).months()
        closings = [
            (unit, pack, month)
            for month in months
            for unit in COMMUNITIES
            for pack in ("common", "health_education")
        ]
        closings_close(closings=closings, acting_user=owner, now=NOW)
        times, numbers = [], 0
        for _round in range(ROUNDS):
            started = time.perf_counter()
            numbers = _write()
            times.append(time.perf_counter() - started)
    ours = median(times)
    return {
        "name": "year summary (DOCX) of a street",
        "ours": round(ours, 3),
        "baseline": None,
        "ratio": None,
        "bar": f"≤ {BAR:g} s",
        "met": ours <= BAR,
        "note": f"seconds, median of {ROUNDS}; {numbers} numbers from {records:,} records",
    }


def _write() -> int:
    """Write the summary as the command does, and count its numbers."""
    from taizhang.core.base.period import year_of
    from taizhang.documents.render.docx import to_docx
    from taizhang.documents.write import write
    from taizhang.web.ledger.open_book import open_book

    document = write(open_book(now=SCORED_AT), TEMPLATE, STREETS[0], year_of(2025))
    assert to_docx(document).startswith(b"PK")
    assert document.numbers
    return len(document.numbers)
