"""Small numbers are withheld from outsiders, and one sibling with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.core.base.figure import Figure, ReasonCode
from taizhang.core.base.period import parse_period
from taizhang.core.base.quantity import Quantity, QuantityKind
from taizhang.core.formula.name_scope import NameScope
from taizhang.core.formula.parse import parse
from taizhang.core.formula.type_checker import type_in
from taizhang.core.indicator import Question, figures
from taizhang.core.indicator.suppression import SuppressionTable, withheld
from tests.core.ledger import TREE, ask, book, facts, flags, history, value

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
    assert (found.records.count, dict(found.records.query), flags(found)) == (None, {}, ())
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


MONTHS = """
2026-01-01 SA births 20 sex=f
2026-02-01 SA births 80 sex=f
2026-03-01 SA births 60 sex=m
"""


@pytest.mark.parametrize(
    ("period", "given"),
    [
        ("2026", {"by": "month"}),
        ("2026", {"by": "sex"}),
        ("2026Q1", {}),
        ("2026-01..2026-11", {}),
        ("2025-01..2026-12", {}),
    ],
)
def test_people_are_shown_by_unit_and_year_alone(period: str, given: dict[str, str]) -> None:
    """Months, dimensions and other periods would show by their difference what is withheld."""
    ledger = book(MONTHS, ALL, public=True)
    found = ask(ledger, "births", "SA", period, **given)
    assert {one.value for one in found} == {None}
    assert {one.reason.code for one in found} == {ReasonCode.SUPPRESSED}
    (year,) = ask(ledger, "births", "SA")
    assert year.value == 160
    # What is no count of people stays open.
    lectures = "\n".join(f"2026-0{month}-05 SA lectures 2" for month in (1, 2, 3))
    found = ask(book(lectures, ALL, public=True), "lectures", "SA", "2026Q1", by="month")
    assert [one.value for one in found] == [2, 2, 2]


def test_an_earlier_day_and_another_tree_show_no_people() -> None:
    """The difference to yesterday is whoever was recorded today."""
    ledger = book(MONTHS, ALL, public=True)
    for asked in (
        replace(ledger, as_of=ledger.today - timedelta(days=1)),
        replace(ledger, tree=date(2026, 6, 30)),
    ):
        (found,) = ask(asked, "births", "SA")
        assert found.reason.code is ReasonCode.SUPPRESSED


@pytest.mark.parametrize(
    "formula",
    ["births + 100", "births * 10", "births[sex=='f']", "100 - births"],
)
def test_a_formula_of_ones_own_shows_no_people(formula: str) -> None:
    for page in (births(SA=3), births(SA=300)):
        (found,) = ask(book(page, ALL, public=True), formula, "SA")
        assert (found.value, found.reason.code) == (None, ReasonCode.SUPPRESSED)


def test_the_same_is_withheld_whoever_is_asked_for() -> None:
    """A companion asked for alone would be shown, and the total minus it gives the rest away."""
    ledger = book(births(SA=3, SB=9, SC=70), ALL, public=True)
    alone = {unit: ask(ledger, "births", unit)[0].value for unit in ("SA", "SB", "SC", "S")}
    assert alone == {"SA": None, "SB": None, "SC": 70, "S": 82}


def test_a_rate_over_some_members_only_shows_no_other_members() -> None:
    """Births of all minus births of those who know their population are SC's."""
    page = (
        births(SA=50, SB=60, SC=3)
        + """
    2026-05-01 SA population 500
    2026-05-01 SB population 600
    """
    )
    (inside,) = ask(book(page, ALL), "birth_rate", "S")
    assert inside.numerator == 110
    (found,) = ask(book(page, ALL, public=True), "birth_rate", "S")
    assert found.numerator is None


@settings(max_examples=30, deadline=None)
@given(
    st.fixed_dictionaries({unit: st.integers(0, 8) for unit in ("SA", "SB", "SC", "TA", "TB")}),
    st.integers(0, 3),
)
def test_nobody_can_work_a_withheld_number_out(counts: dict[str, int], own: int) -> None:
    """An attacker asks everything, lists every table that fits, and finds two for each number."""
    tree = TREE + "TB 社区 T\n"
    page = births(**counts, **({"S": own} if own == 3 else {}))
    ledger = book(page, ALL, tree=tree, public=True)
    shown_now: dict[str, object] = {}
    for question in _every_question():
        for one in figures(ledger, question):
            known = shown_now.setdefault(one.unit_code, one.value)
            assert known == one.value, "every door shows the same"
    hidden = [code for code, value in shown_now.items() if value is None]
    if not hidden:
        return
    worlds = [
        world
        for guess in product(range(10), repeat=sum(code in counts for code in hidden))
        for told in ((0, 3, 7) if own == 3 else (0,))  # what S itself recorded nobody shows
        if (world := _world(shown_now, guess, counts, told))
    ]
    assert worlds, "the truth fits what is shown"
    for code in hidden:
        assert len({world[code] for world in worlds}) > 1, (code, shown_now)


def test_a_number_counted_jointly_gives_nothing_away_above() -> None:
    """S has 25, which SA and SB both show: 26 - 25 would be TA, whatever they add up to."""
    page = """
    2026-05-01 SA births 25 !together
    2026-05-01 SB births 25 !together
    2026-05-01 TA births 1
    """
    ledger = book(page, ALL, public=True)
    communities = shown(ask(ledger, "births", "D", by="unit", level="community"))
    assert communities == {"SA": None, "SB": None, "SC": 0, "TA": None}
    assert value(replace(ledger, public=False), "births", "D") == 26


def test_a_number_left_on_a_unit_that_is_gone_gives_nothing_away() -> None:
    """What SA had before it was split may have been shown: T is known by it, and so is TA."""
    tree = """
    D  区   -
    S  街道 D
    T  街道 D
    SA 社区 S ..2026-03-31
    SB 社区 S 2026-04-01..
    SC 社区 S 2026-04-01..
    TA 社区 T
    2026-04-01 split SA -> SB,SC
    """
    page = "2026-02-01 SA births 40\n" + births(SB=20, TA=3)
    ledger = book(page, "SA,SB,SC,TA 2026-01..2026-12", tree=tree, public=True)
    assert shown(ask(ledger, "births", "D", by="unit", level="community")) == {
        "SB": None,
        "SC": 0,
        "TA": None,
    }


def test_a_small_rest_is_not_had_by_difference() -> None:
    """S minus its communities would show the one that S recorded itself."""
    page = births(SA=9, SB=10, SC=70, S=1)
    assert street(page) == {"SA": None, "SB": None, "SC": 70}
    assert street(births(SA=9, SB=10, SC=70, S=8)) == {"SA": 9, "SB": 10, "SC": 70}


def test_an_upper_end_is_not_had_by_difference() -> None:
    """S has 16..19; less 9 and 7 of the others that is SA's.  Its lower end may be known as 0."""
    page = "2026-05-01 SA births 0..3\n" + births(SB=9, SC=7)
    assert street(page) == {"SA": None, "SB": None, "SC": None}


@settings(max_examples=60, deadline=None)
@given(
    st.fixed_dictionaries({unit: st.integers(1, 6) for unit in ("SA", "SB", "SC", "TA")}),
    st.fixed_dictionaries({unit: st.integers(-6, 6) for unit in ("D", "S", "T")}),
    st.sampled_from((0, 1)),
)
def test_who_knows_what_is_counted_at_no_unit_or_twice_works_nothing_out(
    counts: dict[str, int], rests: dict[str, int], least: int
) -> None:
    """The table alone, against a list of every table that fits what is shown and its rests."""
    sums = {"S": ("SA", "SB", "SC"), "T": ("TA",), "D": ("S", "T")}
    true = dict(counts)
    for unit, below in sums.items():
        parts = [true[part] for part in below]
        true[unit] = max(sum(parts) + rests[unit], *parts)
        rests[unit] = true[unit] - sum(parts)
    numbers = {unit: Decimal(number) for unit, number in true.items()}
    table = SuppressionTable(history(TREE).tree(date(2026, 12, 31)), numbers, least)
    hidden = withheld([table], (unit for unit, number in true.items() if number <= 4))
    worlds = []
    for guess in product(
        *(range(least, 9) if unit in hidden else (counts[unit],) for unit in counts)
    ):
        world = dict(zip(counts, guess, strict=True))
        for unit, below in sums.items():
            world[unit] = rests[unit] + sum(world[part] for part in below)
        if all(
            world[unit] >= least and (unit in hidden or world[unit] == true[unit]) for unit in true
        ):
            worlds.append(world)
    assert true in worlds
    for unit in hidden:
        assert len({world[unit] for world in worlds}) > 1, (unit, true, hidden)


def _every_question() -> Iterator[Question]:
    year = parse_period("2026")
    given = {"indicators": ("births",), "period": year, "home": "he"}
    for code in ("D", "S", "T", "SA", "SB", "SC", "TA", "TB"):
        yield Question(units=(code,), **given)
    yield Question(units=("D",), by="unit", **given)
    yield Question(units=("D",), by="unit", level="community", **given)
    yield Question(units=("S", "T"), by="unit", **given)
    yield Question(units=("SA", "TA", "D"), **given)


def _world(
    shown_now: dict[str, object], guess: tuple[int, ...], counts: dict[str, int], own: int
) -> dict[str, object] | None:
    """Fill a guess in; nothing where it does not fit what is shown, or shows a nothing."""
    rest = iter(guess)
    world = {
        code: shown_now[code] if shown_now[code] is not None else next(rest) for code in counts
    }
    world["S"] = world["SA"] + world["SB"] + world["SC"] + own
    world["T"] = world["TA"] + world["TB"]
    world["D"] = world["S"] + world["T"]
    fits = all(value is None or value == world[code] for code, value in shown_now.items())
    return (
        world
        if fits and all(world[code] for code in shown_now if shown_now[code] is None)
        else None
    )


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
    scope = NameScope(ledger.programmes, "he")
    assert str(type_in(scope, parse("births"))) == "人"
    assert facts("2026-05-01 SA births 3")[0].value == Quantity(
        Decimal(3), Decimal(3), QuantityKind.EXACT
    )
    assert "SA" in TREE
