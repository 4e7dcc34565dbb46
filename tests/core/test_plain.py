"""The plain engine, counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from taizhang.core.aggregate.query import Aggregate, AggregateQuery, Aggregation, DimensionFilter
from taizhang.core.aggregate.reference_engine import ReferenceEngine
from taizhang.core.counting.fact import Fact
from tests.core.ledger import TREE, facts, history

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
END = date(2026, 12, 31)
HISTORY = history(TREE)


def total(
    said: str | tuple[Fact, ...],
    how: Aggregation = Aggregation.SUM,
    unit: str = "S",
    measure: str = "he.lectures",
    where: tuple[DimensionFilter, ...] = (),
    **given: object,
) -> Aggregate | None:
    engine = ReferenceEngine(facts(said) if isinstance(said, str) else said, HISTORY)
    one = AggregateQuery(measure, how, *YEAR, where)
    return engine.totals([one], [unit], **{"tree": END, **given}).get((one, unit, None))


PAGE = """
2026-01-05 SA lectures 2    topic=tb
2026-02-05 SA lectures 3+   topic=aids
2026-02-06 SB lectures ~4   topic=tb
2026-03-07 SC lectures 5..9
2026-03-08 SC lectures ?    topic=tb
2026-03-09 TA lectures 100
2025-12-31 SA lectures 1000
"""


def test_a_sum_adds_what_is_known_and_says_what_is_not() -> None:
    assert total(PAGE) == Aggregate(
        low=Decimal(14), high=None, facts=5, missing=1, about=1, records=5
    )
    assert total(PAGE, unit="SB").high == 4
    assert total(PAGE, unit="D").low == 114
    assert total(PAGE, unit="TA").low == 100


def test_bounds_add_where_all_are_closed() -> None:
    page = "2026-01-05 SA lectures 2..6\n2026-01-06 SB lectures 3"
    found = total(page)
    assert (found.low, found.high) == (5, 9)


@pytest.mark.parametrize(
    ("how", "low", "high"),
    [
        (Aggregation.COUNT, 5, 5),
        (Aggregation.MAX, 5, None),
        (Aggregation.MEAN, 14, None),
        (Aggregation.DISTINCT, 0, 0),
    ],
)
def test_other_ways_to_bring_values_together(how: Aggregation, low: int, high: int | None) -> None:
    found = total(PAGE, how)
    assert (found.low, found.high) == (low, high)


def test_different_things_and_persons_are_counted_once() -> None:
    page = facts(
        """
        2026-01-05 SA materials 10 @b1
        2026-02-05 SA materials 10 @b1
        2026-03-05 SB materials 10 @b1
        2026-03-05 SB materials 10 @b2
        2026-03-06 SB materials 10
        """
    )
    assert total(page, Aggregation.DISTINCT, measure="he.materials").low == 2
    known = (*page[:-1], replace(page[-1], person="p1"))
    assert total(known, Aggregation.DISTINCT, measure="he.materials").low == 3


def test_filters() -> None:
    assert total(PAGE, where=(DimensionFilter("topic", ("tb",)),)).facts == 3
    assert (
        total(PAGE, where=(DimensionFilter("topic", ("tb",), True),)).facts == 2
    )  # one has no topic
    assert (
        total(PAGE, where=(DimensionFilter("topic", ("tb", "aids")), DimensionFilter("x", ("y",))))
        is None
    )


def test_the_last_value_stands_per_unit_dimensions_and_entity() -> None:
    page = """
    2026-01-05 SA population 900 scope=hukou
    2026-06-05 SA population 950 scope=hukou
    2026-05-05 SA population 1200 scope=changzhu
    2026-02-05 SB population 700 scope=hukou
    """
    found = total(page, Aggregation.LAST, measure="he.population")
    assert (found.low, found.facts, found.records) == (950 + 1200 + 700, 3, 3)
    hukou = total(
        page,
        Aggregation.LAST,
        measure="he.population",
        where=(DimensionFilter("scope", ("hukou",)),),
    )
    assert hukou.low == 1650


def test_of_two_values_of_one_day_the_one_accepted_later_stands() -> None:
    page = """
    2026-06-05 SA population 950 +2026-06-07
    2026-06-05 SA population 960 +2026-06-06
    """
    assert total(page, Aggregation.LAST, measure="he.population").low == 950


def test_a_joint_record_counts_once_at_every_common_parent() -> None:
    page = """
    2026-04-07 SA lectures 1 !j
    2026-04-07 SB lectures 1 !j
    2026-04-07 TA lectures 1 !j
    """
    assert [total(page, unit=unit).low for unit in ("SA", "SB", "TA", "S", "T", "D")] == [1] * 6
    assert total(page, unit="S", without=frozenset(("SA",))).low == 1
    assert total(page, unit="S", without=frozenset(("SA", "SB"))) is None


def test_as_of_keeps_what_was_accepted_and_not_yet_retired_by_the_end_of_a_day() -> None:
    first = facts("2026-03-01 SA lectures 1")[0]
    # 15:59 in UTC is 23:59 in Shanghai, 16:00 is the next day
    accepted = replace(first, accepted_at=datetime(2026, 3, 2, 15, 59, tzinfo=UTC))
    late = replace(first, accepted_at=datetime(2026, 3, 2, 16, 0, tzinfo=UTC))
    gone = replace(accepted, retired_at=datetime(2026, 3, 5, 16, 0, tzinfo=UTC))
    day = date(2026, 3, 2)
    assert total((accepted,), as_of=day) is not None
    assert total((late,), as_of=day) is None
    assert total((gone,), as_of=date(2026, 3, 5)) is not None
    assert total((gone,), as_of=date(2026, 3, 6)) is None
    assert total((gone,)) is None
    assert total((late,)) is not None


MERGED = """
D  区   -
S  街道 D
SA 社区 S ..2026-06-30
SB 社区 S ..2026-06-30
SM 社区 S 2026-07-01..
SX 社区 S ..2026-06-30
SY 社区 S 2026-07-01..
SZ 社区 S 2026-07-01..
2026-07-01 merge SA,SB -> SM
2026-07-01 split SX -> SY,SZ
"""


@pytest.mark.parametrize(
    ("tree", "unit", "expected"),
    [
        ("2026-12-31", "SM", (3 + 5, 2, 0)),  # both halves under the successor
        ("2026-12-31", "SA", None),  # its facts are at the successor
        ("2026-12-31", "SY", (7, 0, 0)),  # a part never inherits
        ("2026-12-31", "S", (3 + 5 + 6 + 7, 3, 1)),  # the split unit's facts stay below
        ("2026-06-30", "SA", (1, 0, 0)),
        ("2026-06-30", "SM", (5, 1, 0)),  # the merged unit's own facts stay on itself
        ("2026-06-30", "SX", (6 + 7, 1, 0)),  # a part goes back to its origin
        ("2026-06-30", "S", (3 + 5 + 6 + 7, 2, 0)),
    ],
)
def test_merge_and_split_under_both_trees(
    tree: str, unit: str, expected: tuple[int, int, int] | None
) -> None:
    page = facts(
        """
        2026-03-01 SA lectures 1
        2026-03-01 SB lectures 2
        2026-09-01 SM lectures 5
        2026-03-01 SX lectures 6
        2026-09-01 SY lectures 7
        """
    )
    engine = ReferenceEngine(page, history(MERGED))
    one = AggregateQuery("he.lectures", Aggregation.SUM, *YEAR)
    found = engine.totals([one], [unit], tree=date.fromisoformat(tree)).get((one, unit, None))
    assert (found and (found.low, found.moved, found.split)) == expected


def test_buckets_by_month_and_dimension() -> None:
    engine = ReferenceEngine(facts(PAGE), HISTORY)
    by_month = AggregateQuery("he.lectures", Aggregation.SUM, *YEAR, by="month")
    by_topic = AggregateQuery("he.lectures", Aggregation.COUNT, *YEAR, by="topic")
    found = engine.totals([by_month, by_topic], ["S"], tree=END)
    assert {key[2]: one.low for key, one in found.items() if key[0] == by_month} == {
        "202601": 2,
        "202602": 7,
        "202603": 5,
    }
    assert {key[2]: one.low for key, one in found.items() if key[0] == by_topic} == {
        "tb": 3,
        "aids": 1,
        "": 1,
    }


def test_presence_names_months_and_missing_values() -> None:
    engine = ReferenceEngine(facts(PAGE), HISTORY)
    found = engine.present(["he.lectures", "he.births"], ["SA", "SC", "T"], *YEAR, tree=END)
    assert {key: (sorted(one.months), one.missing) for key, one in found.items()} == {
        ("he.lectures", "SA"): ([202601, 202602], 0),
        ("he.lectures", "SC"): ([202603], 1),
        ("he.lectures", "T"): ([202603], 0),
    }
