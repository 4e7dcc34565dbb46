"""A community that moves takes its past along; the old street and the new one are told."""

from dataclasses import replace
from datetime import date

from tests.core.ledger import ask, book, figure, flags

#: On 1 July 2026 SA moves from street S to street T; TG is a grid that moves with it.
TREE = """
D  区   -
S  街道 D
T  街道 D
SA 社区 S ..2026-06-30
SA 社区 T 2026-07-01..
SG 网格 SA
SB 社区 S
"""
CLOSED = "SA,SB 2026-01..2026-12"
EVENTS = """
2026-03-05 SA lectures 1
2026-04-05 SG lectures 1
2026-08-05 SA lectures 1
2026-03-05 SB lectures 1
"""


def told(unit: str, period: str = "2026", **given: object) -> tuple[object, tuple[str, ...]]:
    found = figure(replace(book(EVENTS, CLOSED, TREE), **given), "lectures", unit, period)
    return found.value, flags(found)


def test_both_streets_are_told_what_crossed_their_border() -> None:
    assert told("S") == (1, ("left 2",))
    assert told("T") == (3, ("joined 2",))
    assert told("D") == (4, ())
    assert told("SA") == (3, ())


def test_a_report_of_the_first_half_is_as_it_was_and_told_on_todays_tree() -> None:
    assert told("S", "2026H1") == (3, ())
    assert told("S", "2026H1", tree=date(2026, 12, 31)) == (1, ("left 2",))
    assert told("T", "2026H1", tree=date(2026, 12, 31)) == (2, ("joined 2",))
    assert told("S", "2026H2") == (0, ())


def test_on_the_tree_of_before_the_move_what_came_later_is_told() -> None:
    assert told("S", tree=date(2026, 6, 30)) == (4, ("joined 1",))
    assert told("T", tree=date(2026, 6, 30))[1] == ()


def test_months_and_units_below_are_told_as_well() -> None:
    ledger = book(EVENTS, CLOSED, TREE)
    months = {one.bucket: flags(one) for one in ask(ledger, "lectures", "T", by="month")}
    assert months["2026-03"] == months["2026-04"] == ("joined 1",)
    assert months["2026-08"] == ()
    streets = {one.unit_code: flags(one) for one in ask(ledger, "lectures", "D", by="unit")}
    assert streets == {"S": ("left 2",), "T": ("joined 2",)}


def test_the_sentence_says_so() -> None:
    ledger = book(EVENTS, CLOSED, TREE)
    assert "其中2条来自当时不属于本单位的下级单位。" in figure(ledger, "lectures", "T").sentence
    assert "已划出的下级单位另有2条，不计在内。" in figure(ledger, "lectures", "S").sentence


def test_a_merge_over_the_border_is_told_to_the_street_that_lost() -> None:
    tree = """
    D  区   -
    S  街道 D
    T  街道 D
    SA 社区 S ..2026-06-30
    TA 社区 T ..2026-06-30
    SB 社区 S
    TM 社区 T 2026-07-01..
    2026-07-01 merge SA,TA -> TM
    """
    ledger = book("2026-03-05 SA lectures 5", "TM 2026-07..2026-12\nSB 2026-01..2026-12", tree)
    assert flags(figure(ledger, "lectures", "S")) == ("left 1",)
    assert "moved 1" in flags(figure(ledger, "lectures", "T"))
