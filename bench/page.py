"""One figure page of a district, over ten million facts: its queries against plain SQL.

The page is the one of the desk: a figure of a year in all, by street and by month, on the live
SQLite instance.  What core asks of the engine for it is noted; then the engine's answers are timed,
and the same rows fetched by plain SQL from the same file.  The slowest of three pages counts.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from statistics import median
from typing import Any

from bench.facts import FACTS, store
from bench.ledger import DISTRICT

RATIO, SECONDS = 3.0, 0.150
ROUNDS = 15
NOW = datetime(2026, 1, 10, 2, tzinfo=UTC)
PERIOD = "2025"
#: A measure, one whose records have rows, and a ratio.
FIGURES = ("lectures", "materials", "training_pass_rate")

_CELLS = """
SELECT u.ancestor, c.measure, c.month, sum(c.low), sum(c.high), sum(c.facts), sum(c.missing),
    sum(c.about), sum(c.open_high), sum(c.records), sum(CASE WHEN u.way <> 'own' THEN c.facts END)
FROM ledger_cube c JOIN units_closure u ON u.code = c.unit
WHERE u.ancestor IN ({units}) AND u.valid_from <= ? AND u.valid_to >= ?
    AND c.measure IN ({measures}) AND c.month BETWEEN ? AND ? {without}
GROUP BY u.ancestor, c.measure{month}
"""
_JOINT = """
SELECT u.ancestor, f.measure, f.month, f.record_id, f.ordinal, min(f.low), min(f.high),
    min(f.kind), min(u.way <> 'own')
FROM ledger_fact f JOIN units_closure u ON u.code = f.unit
WHERE u.ancestor IN ({units}) AND u.valid_from <= ? AND u.valid_to >= ? AND f.joint
    AND f.measure IN ({measures}) AND f.month BETWEEN ? AND ? AND f.retired_at IS NULL {without}
GROUP BY u.ancestor, f.measure, f.record_id, f.ordinal
"""

_WITHOUT = """AND {unit} NOT IN (
    SELECT code FROM units_closure WHERE ancestor IN ({some}) AND valid_from <= ? AND valid_to >= ?
)"""

Call = tuple[str, tuple[Any, ...], dict[str, Any]]


def run(count: int = FACTS) -> dict[str, Any]:
    """Time the page's queries through the engine and by plain SQL, in turn."""
    folder = store(count)
    os.environ["TAIZHANG_KEYS"] = str(folder / "keys")
    os.environ.pop("DATABASE_URL", None)
    from taizhang.web.instance import instance_open

    instance_open(folder / "home")
    from taizhang.web.ledger.book import open_book

    book = open_book(now=NOW)
    plain = sqlite3.connect(f"{(folder / 'home' / 'db.sqlite3').as_uri()}?mode=ro", uri=True)
    pages = [_timed(book, plain, key) for key in FIGURES]
    plain.close()
    ours, baseline, calls, key = max(pages)
    unit = _seconds(lambda: _answered(open_book(now=NOW), (), None))
    return {
        "name": f"queries of one figure page of a district, {count:,} facts",
        "ours": round(ours, 4),
        "baseline": round(baseline, 4),
        "ratio": round(ours / baseline, 2),
        "bar": f"≤ {RATIO:g} × and ≤ {SECONDS:g} s",
        "met": all(one <= min(RATIO * other, SECONDS) for one, other, *_ in pages),
        "note": f"seconds, medians of {ROUNDS} in turn; the slowest of {len(FIGURES)} pages: "
        f"{key}, {calls} calls of the engine; all figures of the district: {unit:.2f} s",
    }


def _timed(book: Any, plain: sqlite3.Connection, key: str) -> tuple[float, float, int, str]:
    """Time the queries of one page, ours and plain ones in turn."""
    calls = _noted(book, key)

    def by_engine() -> list[Any]:
        return [getattr(book.engine, name)(*args, **named) for name, args, named in calls]

    def by_sql() -> list[Any]:
        return [_plain(plain, *call) for call in calls]

    for answer, rows, call in zip(by_engine(), by_sql(), calls, strict=True):
        _compare(answer, rows, call)
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for called, taken in zip((by_engine, by_sql), times, strict=True):
            taken.append(_seconds(called))
    return median(times[0]), median(times[1]), len(calls), key


def _seconds(called: Callable[[], Any]) -> float:
    started = time.perf_counter()
    called()
    return time.perf_counter() - started


def _answered(book: Any, keys: tuple[str, ...], by: str | None) -> int:
    """Answer one question as the pages do, and count the figures."""
    from taizhang.core.indicator import Question, figures
    from taizhang.core.period import parse_period

    period = parse_period(PERIOD)
    return len(figures(book, Question(units=(DISTRICT,), period=period, indicators=keys, by=by)))


def _noted(book: Any, key: str) -> list[Call]:
    """Answer a page once and note what the engine is asked."""
    calls: list[Call] = []

    class Noting:
        def __getattr__(self, name: str) -> Callable[..., Any]:
            def ask(*args: Any, **named: Any) -> Any:
                calls.append((name, args, named))
                return getattr(book.engine, name)(*args, **named)

            return ask

    noting = replace(book, engine=Noting())
    assert [_answered(noting, (key,), by) for by in (None, "unit", "month")] == [1, 10, 12]
    return calls


Span = tuple[date, date, bool]


def _spans(name: str, args: tuple[Any, ...]) -> dict[Span, list[str]]:
    """Give the measures asked for by first day, last day and whether months are told apart."""
    if name == "present":
        return {(args[2], args[3], True): list(args[0])}
    spans: dict[Span, list[str]] = {}
    for ask in args[0]:
        assert not ask.where
        spans.setdefault((ask.start, ask.end, ask.by == "month"), []).append(ask.measure)
    return spans


def _plain(connection: sqlite3.Connection, name: str, args: Any, named: Any) -> list[Any]:
    """Fetch by hand what one call of the engine needs: cells added up, and joint facts."""
    units, rows = list(args[1]), []
    day, left = named["tree"].isoformat(), sorted(named.get("without", ()))
    for (start, end, by_month), measures in _spans(name, args).items():
        months = (start.year * 100 + start.month, end.year * 100 + end.month)
        values = [*units, day, day, *measures, *months, *([*left, day, day] if left else [])]
        found = []
        for sql, unit in ((_CELLS, "c.unit"), (_JOINT, "f.unit")):
            query = sql.format(
                units=", ".join("?" * len(units)),
                measures=", ".join("?" * len(measures)),
                month=", c.month" if by_month else "",
                without=_WITHOUT.format(unit=unit, some=", ".join("?" * len(left))) if left else "",
            )
            found.append(connection.execute(query, values).fetchall())
        rows.append(found)
    return rows


def _compare(answer: Mapping[Any, Any], rows: list[Any], call: Call) -> None:
    """See that both found the same facts."""
    if call[0] == "present":
        both = [row for found in rows for some in found for row in some]
        assert {(row[1], row[0], row[2]) for row in both} == {
            (measure, unit, month)
            for (measure, unit), found in answer.items()
            for month in found.months
        }
        return
    counted = sum(row[5] for cells, _ in rows for row in cells) + sum(len(one) for _, one in rows)
    hows = len({(ask.measure, ask.how) for ask in call[1][0]}) / len(
        {ask.measure for ask in call[1][0]}
    )
    assert sum(total.facts for total in answer.values()) == counted * hows > 0
