"""Quotas of the unit's own plan: unset, handed down for a year, shared out over its months."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from taizhang.core.aggregate.reference_engine import ReferenceEngine
from taizhang.core.base.period import Period, parse_period, year_of
from taizhang.core.book import Book, EmptyLedger
from taizhang.core.definition.programme import Programmes
from taizhang.core.progress.task_progress import TaskState, progress
from taizhang.core.quota import target
from taizhang.core.unit.tree import History, Unit, UnitLevel
from tools.quotas_page import packs

STREET, ONE, TWO = "360602001000", "360602001001", "360602001002"
MEASURE = "agreements_petitions.joint_activities"  # a street keeps this pack, too
YEAR = year_of(2026)


class Handed(EmptyLedger):
    """Knows the quotas of some communities for 2026."""

    def __init__(self, **amounts: int) -> None:
        self.amounts = {f"3606020010{name[1:]}": amount for name, amount in amounts.items()}

    def handed(self, measure: str, unit: str, period: Period) -> Fraction | None:
        amount = self.amounts.get(unit)
        known = amount is not None and (measure, period) == (MEASURE, YEAR)
        return Fraction(amount or 0) if known else None


def book(**amounts: int) -> Book:
    """Open an empty ledger of a street with two communities."""
    history = History(
        (
            Unit(code=STREET, name="街", level=UnitLevel.STREET, kind="街道", parent=None),
            Unit(code=ONE, name="甲", level=UnitLevel.COMMUNITY, kind="社区", parent=STREET),
            Unit(code=TWO, name="乙", level=UnitLevel.COMMUNITY, kind="社区", parent=STREET),
        )
    )
    day = date(2026, 12, 31)
    empty = Book(
        programmes=Programmes(packs()),
        history=history,
        engine=ReferenceEngine((), history),
        today=day,
        as_of=day,
    )
    return replace(empty, targets=Handed(**amounts))


@pytest.mark.parametrize(
    ("period", "owed"), [("2026", 4), ("2026H1", 2), ("2026Q2", 1), ("2026-04", 0), ("2025", None)]
)
def test_a_years_quota_is_shared_out_over_its_months(period: str, owed: int | None) -> None:
    """The pack spreads it over March, June, September and December."""
    found = target(book(_01=4), MEASURE, ONE, parse_period(period))
    assert found == (None if owed is None else Fraction(owed))


def test_a_parent_owes_the_sum_once_all_have_one() -> None:
    assert target(book(), MEASURE, STREET, YEAR) is None
    assert target(book(_01=4), MEASURE, STREET, YEAR) is None  # four beside the work of two
    assert target(book(_01=4, _02=3), MEASURE, STREET, YEAR) == 7


def test_a_task_without_its_own_quota_says_so_and_is_not_behind() -> None:
    pack = next(pack for pack in packs() if pack.key == "agreements_petitions")
    tasks = {task.task.key: task for task in progress(book(_01=4), pack, TWO, YEAR)}
    joint = tasks["joint"]
    assert (joint.state, joint.quota, joint.due) == (TaskState.UNSET, None, None)
    assert joint.sentence.startswith("任务数由本单位自定，还没有定")
    mine = {task.task.key: task for task in progress(book(_01=4), pack, ONE, YEAR)}["joint"]
    assert (mine.quota, mine.state) == (4, TaskState.NOT_KNOWN)  # no month is closed
