"""Score of a district of 100 communities by the shipped rubric, from a year of records."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from random import Random
from statistics import median
from typing import Any

from bench.ledger import COMMUNITIES, DISTRICT, NOW, instance, record

RECORDS = 30_000
BAR = 3.0
ROUNDS = 3
#: The year is over and every month is closed, so that items are decided, not waiting.
SCORED_AT = datetime(2026, 1, 20, 2, tzinfo=UTC)


def run(records: int = RECORDS) -> dict[str, Any]:
    """Import a year, close it, then open the book and score all communities, several times."""
    random = Random("taizhang-bench-score")  # noqa: S311 - the same records on every run
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
        times, decided = [], 0
        for _round in range(ROUNDS):
            started = time.perf_counter()
            decided = _score()
            times.append(time.perf_counter() - started)
    ours = median(times)
    return {
        "name": f"score of a district of {len(COMMUNITIES)} communities",
        "ours": round(ours, 3),
        "baseline": None,
        "ratio": None,
        "bar": f"≤ {BAR:g} s",
        "met": ours <= BAR,
        "note": f"seconds, median of {ROUNDS}; {decided:,} items decided from {records:,} records",
    }


def _score() -> int:
    """Score the district as the command does, and count the decided items."""
    from taizhang.core.base.period import year_of
    from taizhang.core.scoring import rubric_named, score_all, units_below
    from taizhang.web.assess.queries import with_answers
    from taizhang.web.ledger.open_book import open_book

    book = with_answers(open_book(now=SCORED_AT))
    rubric = rubric_named(book.programmes, "health_education")
    period = year_of(2025)
    units = units_below(book, rubric, DISTRICT, period)
    scores = score_all(book, rubric, units, period)
    assert len(scores) == len(COMMUNITIES)
    said = [score.as_json() for score in scores]
    assert all(one["max"] == 100 for one in said)
    return sum(item.points is not None for score in scores for item in score.items)
