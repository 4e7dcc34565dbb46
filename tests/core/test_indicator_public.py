"""Small numbers are withheld from outsiders, and one sibling with them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.core.figure import Figure, ReasonCode
from taizhang.core.formula.check import type_in
from taizhang.core.formula.parse import parse
from taizhang.core.formula.scope import Scope
from taizhang.core.indicator import Question, figures
from taizhang.core.period import parse_period
from taizhang.core.quantity import Kind, Quantity
from tests.core.ledger import TREE, ask, book, facts

ALL = "SA,SB,SC,TA 2026-01..2026-12"


def shown(found: tuple[Figure, ...]) -> dict[str, object]:
    return {one.bucket or one.unit_code: one.value for one in found}


def births(**counts: int) -> str:
    return "\n".join(f"2026-05-01 {unit} births {count}" for unit, count in counts.items())


def street(page: str, what: str = "births", **given: object) -> dict[str, object]:
    return shown(ask(book(page, ALL, public=True), what, "S", by="unit", **given))


def test_a_count_of_people_from_one_to_four_is_withheld_with_its_smallest_sibling() -> None:
    assert street(births(SA=3, SB=9, SC=7)) == {"SA": None, "SB": 9, "SC": None}
    assert street(births(SA=3, SB=9, SC=0)) == {"SA": None, "SB": None, "SC": 0}
    assert street(births(SA=5, SB=9, SC=0)) == {"SA": 5, "SB": 9, "SC": 0}
    assert street(births(SA=7, SB=7, SC=1)) == {"SA": None, "SB": 7, "SC": None}


def test_a_withheld_figure_shows_nothing_at_all() -> None:
    (found, *_) = ask(book(births(SA=3, SB=9), ALL, public=True), "births", "S", by="unit")
    assert found.reason.code is ReasonCode.SUPPRESSED
    empty = (found.value, found.numerator, found.denominator, found.low, found.high)
    assert empty == (None,) * 5
    assert (found.records.count, dict(found.records.query), found.flags) == (None, {}, ())
    assert not any(character.isdigit() for character in found.sentence)
    assert found.as_json()["shown"] == "—"


def test_inside_nothing_is_withheld() -> None:
    found = ask(book(births(SA=3, SB=9, SC=7), ALL), "births", "S", by="unit")
    assert shown(found) == {"SA": 3, "SB": 9, "SC": 7}


def test_only_people_and_households_are_withheld() -> None:
    page = "2026-05-01 SA lectures 3\n2026-05-01 SA attendance 2\n2026-05-01 SB attendance 9"
    assert street(page, "lectures")["SA"] == 3
    assert street(page, "attendance")["SA"] == 2
    homes = "2026-05-01 SA households 4\n2026-05-01 SB households 90\n2026-05-01 SC households 80"
    assert street(homes, "households") == {"SA": None, "SB": 90, "SC": None}


@pytest.mark.parametrize(
    ("count", "value"), [("2+", None), ("0..3", None), ("5..9", 5), ("3..90", None)]
)
def test_an_inexact_count_that_may_be_small_is_withheld(count: str, value: int | None) -> None:
    page = f"2026-05-01 SA births {count}"
    (found,) = ask(book(page, ALL, public=True), "births", "SA")
    assert found.value == value


def test_a_rate_over_fewer_than_thirty_people_is_withheld() -> None:
    page = """
    2026-05-01 SA reached 20
    2026-05-01 SA population 29
    2026-05-01 SB reached 20
    2026-05-01 SB population 30
    2026-05-01 SC reached 50
    2026-05-01 SC population 500
    """
    found = ask(book(page, ALL, public=True), "coverage", "S", by="unit")
    assert shown(found) == {"SA": None, "SB": None, "SC": 10}
    assert found[1].reason.code is ReasonCode.SUPPRESSED  # the smallest denominator beside SA


def test_a_share_that_shows_a_small_count_is_withheld() -> None:
    page = "2026-05-01 SA reached 3\n2026-05-01 SA population 100"
    (found,) = ask(book(page, ALL, public=True), "coverage", "SA")
    assert found.reason.code is ReasonCode.SUPPRESSED


def test_months_and_values_of_a_dimension_are_siblings_too() -> None:
    page = """
    2026-01-01 SA births 2 sex=f
    2026-02-01 SA births 8 sex=f
    2026-03-01 SA births 6 sex=m
    """
    ledger = book(page, ALL, public=True)
    months = ask(ledger, "births", "SA", "2026Q1", by="month")
    assert shown(months) == {"2026-01": None, "2026-02": 8, "2026-03": None}
    few = page.replace("births 8", "births 1")
    sexes = ask(book(few, ALL, public=True), "births", "SA", by="sex")
    assert shown(sexes) == {"f": None, "m": None}


def test_units_of_a_level_are_siblings_below_the_unit_asked_about() -> None:
    """TA is the only community of its street, but the district's total would give it away."""
    ledger = book(births(SA=7, SB=9, SC=8, TA=3), ALL, public=True)
    found = ask(ledger, "births", "D", by="unit", level="community")
    assert shown(found)["TA"] is None
    assert sum(one.value is None for one in found) >= 2
    # nor may the street's total give away what was withheld with it
    assert sum(one.value is None for one in found if one.unit_code != "TA") != 1


def test_named_units_of_one_parent_are_siblings() -> None:
    ledger = book(births(SA=3, SB=9, SC=70), ALL, public=True)
    question = Question(
        indicators=("births",), units=("SA", "SB", "S"), period=parse_period("2026"), home="he"
    )
    assert shown(figures(ledger, question)) == {"SA": None, "SB": None, "S": 82}


@settings(max_examples=150, deadline=None)
@given(
    st.fixed_dictionaries(
        {unit: st.integers(0, 12) for unit in ("SA", "SB", "SC", "TA")},
    )
)
def test_the_total_minus_what_is_shown_never_gives_a_withheld_number_away(
    counts: dict[str, int],
) -> None:
    """In one answer by unit, the parent's total leaves at least two numbers open, or none."""
    page = births(**counts)
    inside = book(page, ALL)
    outside = replace(inside, public=True)
    for parent in ("D", "S"):
        (total,) = ask(outside, "births", parent)
        level = {"level": "community"} if parent == "D" else {}
        found = ask(outside, "births", parent, by="unit", **level)
        assert all(one.value is None or not 1 <= one.value <= 4 for one in (*found, total))
        if total.value is not None:
            assert sum(one.value is None for one in found) != 1
        children = [one for one in found if one.unit_code.startswith("S")]
        if any(one.value for one in children):
            assert sum(one.value is None for one in children) != 1


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 90)), min_size=3, max_size=3))
def test_rates_leave_no_single_one_open_either(pairs: list[tuple[int, int]]) -> None:
    page = "\n".join(
        f"2026-05-01 {unit} reached {min(pair)}\n2026-05-01 {unit} population {max(pair)}"
        for unit, pair in zip(("SA", "SB", "SC"), pairs, strict=True)
    )
    outside = book(page, ALL, public=True)
    found = ask(outside, "coverage", "S", by="unit")
    (total,) = ask(outside, "coverage", "S")
    for one, pair in zip(found, pairs, strict=True):
        if max(pair) < 30 or 1 <= min(pair) <= 4:
            assert one.reason.code is ReasonCode.SUPPRESSED
        if one.reason is not None:
            assert (one.numerator, one.denominator, one.low, one.high) == (None,) * 4
    if total.value is not None:
        assert sum(one.value is None for one in found) != 1


def test_the_facts_of_these_tests_speak_of_people() -> None:
    """Guards the tests above: births are 人 and coverage divides by 人."""
    ledger = book("", ALL)
    scope = Scope(ledger.programmes, "he")
    assert str(type_in(scope, parse("births"))) == "人"
    assert facts("2026-05-01 SA births 3")[0].value == Quantity(Decimal(3), Decimal(3), Kind.EXACT)
    assert "SA" in TREE
