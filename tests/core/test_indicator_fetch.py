"""What one question costs: how often the engine and the closings are asked, whatever it asks for.

The numbers are those of a ledger in which nothing is spared: a community has not closed, a value
is missing, two communities were merged, a level was counted before and after.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from taizhang.core.base.period import parse_period
from taizhang.core.book import Book
from taizhang.core.indicator import Question, figures
from tests.core.ledger import TREE, book
from tests.core.test_indicator_change import TREE as CHANGED

FACTS = """
2026-03-01 SA lectures 1 topic=tb
2026-03-01 SA attendance 40 topic=tb
2026-04-01 SB lectures 2
2026-04-01 SB attendance ?
2026-05-01 TA lectures 4 topic=aids
2026-02-01 SA population 1000
2026-02-01 SB population 800
2026-02-01 SA reached 100
2026-06-30 SA births 3
"""
CLOSED = "SA,TA 2026-01..2026-12"
MERGED = """
2026-03-01 SA lectures 1
2026-03-01 SX lectures 8
2026-02-01 SA population 1000
2026-02-01 SB population 800
2026-08-10 SM population 1810
"""


class Asked:
    """Counts the calls of an engine by name."""

    def __init__(self, engine: object) -> None:
        self._engine = engine
        self.calls: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        self.calls[name] += 1
        return getattr(self._engine, name)


def calls(ledger: Book, **asked: Any) -> tuple[int, int, int]:
    """Answer a question; count what it asked for: totals, presence, closings."""
    engine, closings = Asked(ledger.engine), Asked(ledger.closings)
    question = Question(**{"units": ("D",), "period": parse_period("2026"), "home": "he", **asked})
    assert figures(replace(ledger, engine=engine, closings=closings), question)
    return engine.calls["totals"], engine.calls["present"], closings.calls["closed"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"indicators": ("lectures",)}, (1, 1, 1)),
        ({"indicators": ("lectures",), "by": "unit"}, (1, 1, 1)),
        ({"indicators": ("lectures",), "by": "month"}, (1, 1, 1)),
        ({"indicators": ("per_lecture",)}, (3, 1, 1)),
        ({"indicators": ("population",)}, (2, 0, 1)),
        ({}, (5, 1, 1)),
        ({"by": "unit"}, (5, 1, 1)),
        ({"by": "month"}, (5, 1, 1)),
        ({"by": "topic"}, (3, 1, 1)),
    ],
)
def test_calls_of_a_question(asked: dict[str, Any], expected: tuple[int, int, int]) -> None:
    assert calls(book(FACTS, CLOSED), **asked) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"indicators": ("lectures",)}, (1, 2, 1)),
        ({"indicators": ("population",)}, (6, 0, 1)),
        ({}, (7, 2, 1)),
        ({"by": "unit"}, (7, 2, 1)),
    ],
)
def test_calls_over_a_change_of_the_tree(
    asked: dict[str, Any], expected: tuple[int, int, int]
) -> None:
    assert calls(book(MERGED, CLOSED, CHANGED), **asked) == expected


def test_more_units_are_asked_for_in_as_many_calls() -> None:
    more = "\n".join(f"S{number:02} 社区 S" for number in range(40))
    some = calls(book(FACTS, CLOSED), by="unit", level="community")
    assert calls(book(FACTS, CLOSED, TREE + more), by="unit", level="community") == some


def test_an_outsider_costs_one_call_for_each_measure_of_people() -> None:
    ledger = replace(book(FACTS, CLOSED), public=True)
    assert calls(ledger, indicators=("births",), by="unit") == (2, 1, 1)
    assert calls(ledger) == (7, 1, 1)
