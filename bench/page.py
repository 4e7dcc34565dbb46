"""One figure page of a district, over ten million facts: its queries against plain SQL.

The page is the one of the desk: a figure of a year in all, by street and by month, on the live
SQLite instance.  What core asks of the engine for it is noted; then the engine's answers are timed
(sums by asked unit), and the plain SELECT of the rows behind them from the same file.  The slowest
of three pages counts.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
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
SELECT unit, measure, month, dims, low, high, facts, missing, about, open_high, records
FROM ledger_cube
WHERE measure IN ({measures}) AND month BETWEEN ? AND ? AND unit IN ({codes}) {without}
"""
_JOINT = """
SELECT unit, measure, month, record_id, ordinal, low, high, kind
FROM ledger_fact
WHERE joint AND measure IN ({measures}) AND month BETWEEN ? AND ? AND retired_at IS NULL {without}
"""
_CODES = """
SELECT code FROM units_closure WHERE ancestor IN ({units}) AND valid_from <= ? AND valid_to >= ?
"""

Call = tuple[str, tuple[Any, ...], dict[str, Any]]


def run(count: int = FACTS) -> dict[str, Any]:
    """Time the page's queries through the engine and by plain SQL, in turn."""
    folder = store(count)
    os.environ["TAIZHANG_KEYS"] = str(folder / "keys")
    os.environ.pop("DATABASE_URL", None)
    from taizhang.web.instance.open import instance_open

    instance_open(folder / "home")
    from taizhang.web.ledger.open_book import open_book

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
        _compare(book, answer, rows, call)
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
    from taizhang.core.base.period import parse_period
    from taizhang.core.indicator import Question, figures

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


def _spans(name: str, args: tuple[Any, ...]) -> dict[tuple[date, date], list[str]]:
    """Give the measures asked for by first and last day."""
    if name == "present":
        return {(args[2], args[3]): list(args[0])}
    spans: dict[tuple[date, date], list[str]] = {}
    for ask in args[0]:
        assert not ask.where
        assert (ask.start.day, (ask.end + timedelta(days=1)).day) == (1, 1), "whole months"
        spans.setdefault((ask.start, ask.end), []).append(ask.measure)
    return spans


def _plain(connection: sqlite3.Connection, name: str, args: Any, named: Any) -> list[Any]:
    """Fetch the rows behind one call of the engine: cells of the cube, and joint facts."""
    day, left = named["tree"].isoformat(), sorted(named.get("without", ()))
    units, rows = list(args[1]), []
    codes = _CODES.format(units=_marks(units))
    without = f"AND unit NOT IN ({_CODES.format(units=_marks(left))})" if left else ""
    parts = [*left, day, day] if left else []
    for (start, end), measures in _spans(name, args).items():
        chosen = [*measures, start.year * 100 + start.month, end.year * 100 + end.month]
        about = {"measures": _marks(measures), "codes": codes, "without": without}
        cells = connection.execute(_CELLS.format(**about), [*chosen, *units, day, day, *parts])
        joint = connection.execute(_JOINT.format(**about), [*chosen, *parts])
        rows.append((cells.fetchall(), joint.fetchall()))
    return rows


def _marks(values: list[str]) -> str:
    return ", ".join("?" * len(values))


def _compare(book: Any, answer: Mapping[Any, Any], rows: list[Any], call: Call) -> None:
    """See that the engine counted the facts that were fetched, in every unit asked for."""
    name, args, named = call
    tree = book.history.tree(named["tree"])
    gone = named.get("without_months", frozenset())  # months of units that a ratio leaves out
    facts: Counter[tuple[str, str]] = Counter()
    months: dict[tuple[str, str], set[int]] = defaultdict(set)
    for unit in args[1]:
        homes = tree.homes(unit)
        for cells, joint in rows:
            kept = [row for row in joint if row[0] in homes and (row[0], row[2]) not in gone]
            once = {row[1:5]: row for row in kept}
            own = [row for row in cells if row[0] in homes and (row[0], row[2]) not in gone]
            for row in (*own, *once.values()):
                months[row[1], unit].add(row[2])
            for row in own:
                facts[row[1], unit] += row[6]
            for row in once.values():
                facts[row[1], unit] += 1
    if name == "present":
        assert {key: set(found.months) for key, found in answer.items()} == months
        return
    counted: Counter[tuple[Any, str]] = Counter()
    for (ask, unit, _), total in answer.items():
        counted[ask, unit] += total.facts
    assert counted
    # A measure may be asked for over several spans of months.
    summed: Counter[tuple[str, str]] = Counter()
    for (ask, unit), number in counted.items():
        summed[ask.measure, unit] += number
    assert summed == facts
