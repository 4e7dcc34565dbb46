"""Shares of units, values of the unit above, norms for each thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.core.base.figure import ReasonCode
from taizhang.core.base.period import Month, parse_period
from taizhang.core.definition.norm import share
from taizhang.core.definition.programme import Programmes
from taizhang.core.formula import NameScope, check, parse
from taizhang.core.unit.tree import History
from tests.core.ledger import NORM, ask, book, figure, flags, history, measure, pack, value
from tests.core.ledger import TREE as UNITS
from tests.core.naive import TREE, answer, stated
from tests.strategies import Town, exact_quantities, towns

ALL = "SA,SB,SC,TA 2026-01..2026-12"
PAGE = """
2026-01-08 SA lectures 6
2026-02-08 SB lectures 2
2026-03-08 TA lectures 8
"""
PASSING = "share_of_units(lectures >= 6, '社区', '村')"


# the share of units that pass


def test_units_that_pass_of_those_known() -> None:
    found = figure(book(PAGE, ALL), PASSING, "D")
    assert (found.numerator, found.denominator, found.value) == (2, 4, 50)
    assert (found.unit, found.shown(), flags(found)) == ("percent", "50", ())
    assert "满足“「健康知识讲座」（次）不少于6”的社区、村所占比例" in found.sentence
    assert value(book(PAGE, ALL), PASSING, "SA") == 100


def test_a_unit_for_which_it_is_open_is_left_out_on_both_sides() -> None:
    """SB holds two lectures and has open months; TA has its six for certain, whatever is open."""
    found = figure(book(PAGE, "SA,SC 2026-01..2026-12"), PASSING, "D")
    assert (found.numerator, found.denominator, flags(found)) == (2, 3, ("of 3/4",))


def test_of_too_few_known_there_is_no_share() -> None:
    few = figure(book(PAGE, "SC 2026-01..2026-12"), PASSING, "S")
    assert few.value == Fraction(100, 2)  # SA for certain and SC, two of three
    none = figure(book("", ""), PASSING, "S")
    assert none.reason.code is ReasonCode.NOT_REPORTED
    one = figure(book("2026-02-08 SB lectures 2", "SC 2026-01..2026-12"), PASSING, "S")
    assert one.reason.code is ReasonCode.TOO_FEW_KNOWN
    nobody = figure(book(PAGE, ALL), "share_of_units(lectures >= 6, '村')", "S")
    assert nobody.reason.code is ReasonCode.NOT_APPLICABLE


def test_outsiders_learn_no_small_number_by_a_share_of_units() -> None:
    said = "2026-06-30 SA births 3\n2026-06-30 SB births 60\n2026-06-30 TA births 70"
    ledger = replace(book(said, ALL), public=True)
    (found,) = ask(ledger, "share_of_units(births >= 3, '社区')", "D")
    assert found.reason.code is ReasonCode.SUPPRESSED


@settings(max_examples=40, deadline=None)
@given(towns(values=exact_quantities, all_closed=True), st.integers(1, 60))
def test_a_share_is_counted_unit_by_unit(town: Town, least: int) -> None:
    """The second route: add up what the records of each unit say, then count the units."""
    period = parse_period("2026")
    tree = town.history.tree(TREE)
    passing = bound = 0
    for unit in tree.units.values():
        if unit.kind != "社区":
            continue
        homes = tree.homes(unit.code)
        own = replace(town, facts=tuple(fact for fact in town.facts if fact.unit in homes))
        bound += 1
        passing += sum(stated(own, "attendance", period)) >= least
    found = answer(town, f"share_of_units(attendance >= {least}, '社区')", period)
    assert (found.numerator, found.denominator) == (passing, bound)
    assert found.value == Fraction(100 * passing, bound)


# the unit above


STREET = pack(
    key="street",
    label="街道",
    unit_kinds=("街道",),
    measures={
        "he.price": replace(measure("price", "单价", "元/份", level=True), over_units="last")
    },
    forms={},
    counting=(),
    norms={},
    indicators={},
)
PRICED = "2026-01-01 S price 2.5\n2026-01-08 SA materials 30\n2026-01-08 TA materials 7"


def priced() -> Programmes:
    price = replace(STREET.measures["he.price"], key="street.price")
    return Programmes((pack(), replace(STREET, measures={"street.price": price})))


def test_a_price_set_by_the_street_is_taken_from_above() -> None:
    ledger = book(PRICED, ALL, programmes=priced())
    facts = ledger.engine._facts
    facts["street.price"] = [replace(fact, measure="street.price") for fact in facts["he.price"]]
    found = figure(ledger, "materials * above(street.price)", "SA")
    assert (found.value, found.unit) == (75, "元")
    assert "上一级单位的「单价」" in found.sentence
    unpriced = figure(ledger, "materials * above(street.price)", "TA")
    assert unpriced.value is None


def test_what_is_above_is_the_unit_right_above_and_the_top_has_none() -> None:
    ledger = book(PAGE, ALL)
    assert value(ledger, "above(lectures)", "SA") == 8
    assert value(ledger, "above(above(lectures))", "SA") == 16
    assert value(ledger, "100 * lectures / above(lectures)", "SA") == 75
    assert figure(ledger, "above(lectures)", "D").reason.code is ReasonCode.NOT_APPLICABLE
    assert value(ledger, "units_where(lectures >= above(lectures) / 2, '社区')", "S") == 1
    rows = ask(ledger, "above(lectures)", "D", by="unit", level="community")
    assert [row.value for row in rows] == [8, 8, 8, 8]


def test_what_is_not_known_above_is_missing_here_without_naming_its_units() -> None:
    found = figure(book(PAGE, "SA 2026-01..2026-12"), "above(lectures)", "SA")
    assert (found.value, found.high) == (8, None)
    assert not any(flag.startswith(("incomplete", "of")) for flag in flags(found))
    silent = figure(book("", ""), "above(lectures)", "SA")
    assert silent.reason.code is ReasonCode.NOT_REPORTED


@pytest.mark.parametrize(
    "text",
    ["above(births)", "above(coverage)", "above(largest(attendance))", "1 + above(households + 1)"],
)
def test_no_number_of_people_comes_from_above(text: str) -> None:
    (issue,) = check(parse(text), NameScope(Programmes((pack(),)), "he"), text)[1]
    assert issue.code.name == "FORMULA_023"


@settings(max_examples=30, deadline=None)
@given(towns(values=exact_quantities, all_closed=True))
def test_a_value_from_above_is_the_figure_of_the_unit_above(town: Town) -> None:
    """The second route: ask for the parent's own figure."""
    period = parse_period("2026")
    tree = town.history.tree(TREE)
    for unit in list(tree.units.values())[:4]:
        found = answer(town, "above(lectures)", period, unit.code)
        parent = tree.above(unit.code)
        if parent is None:
            assert found.value is None
        else:
            assert found.value == answer(town, "lectures", period, parent).value


# a norm for each thing


class Things:
    """Boards with the day since which each stands, and its state."""

    def __init__(self, units: History, *boards: tuple[str, date, str]) -> None:
        self.units = units
        self.boards = boards

    def states(
        self, dataset: str, unit: str, on: date, as_of: date | None
    ) -> Sequence[Mapping[str, object]]:
        homes = {unit, *self.units.tree(on).homes(unit)}
        return [
            {"unit": where, "state": state}
            for where, since, state in self.boards
            if where in homes and since <= on
        ]


BOARDS = (
    ("SA", date(2025, 3, 1), "in_use"),
    ("SA", date(2026, 7, 15), "in_use"),
    ("SB", date(2026, 1, 1), "ended"),
    ("TA", date(2026, 12, 1), "in_use"),
)
EACH = "per_thing(norm(lectures), 'boards')"


def test_a_norm_is_asked_for_every_thing_in_the_months_in_which_it_stands() -> None:
    """6 a year, half a lecture a month: SA 6 and, from July, 3; SB 6; TA half a one."""
    units = history(UNITS)
    ledger = book(PAGE, ALL, entities=Things(units, *BOARDS))
    assert value(ledger, EACH, "SA") == 9
    assert value(ledger, EACH, "S") == 15
    assert value(ledger, EACH, "D") == Fraction(31, 2)
    used = "per_thing(norm(lectures), 'boards', 'state', 'in_use')"
    assert value(ledger, EACH, "SA", "2026Q1") == Fraction(3, 2)
    found = figure(ledger, EACH, "SA")
    assert (found.unit, flags(found)) == ("次", ("by_analogy",))
    assert "按「宣传栏」逐个计算的「健康知识讲座」的规范要求" in found.sentence
    assert NORM.versions[0].title in found.sentence
    with pytest.raises(Exception, match="FORMULA_007"):
        figure(ledger, used, "S")  # the form of this test saves no state


def test_a_unit_without_any_thing_owes_nothing() -> None:
    ledger = book(PAGE, ALL, entities=Things(history(UNITS), *BOARDS))
    found = figure(ledger, EACH, "SC")
    assert (found.value, found.reason.code) == (None, ReasonCode.NOT_APPLICABLE)
    assert "没有这类物件" in found.sentence
    early = figure(ledger, EACH, "TA", "2026Q1")
    assert early.reason.code is ReasonCode.NOT_APPLICABLE


def test_of_months_to_come_the_things_of_today_are_asked() -> None:
    ledger = book(PAGE, ALL, entities=Things(history(UNITS), *BOARDS), today=date(2026, 3, 10))
    assert value(ledger, EACH, "SA") == 6


def test_months_that_a_division_leaves_out_are_left_out_of_what_is_owed() -> None:
    ledger = book(PAGE, "SA,SB,SC 2026-01..2026-09", entities=Things(history(UNITS), *BOARDS))
    found = figure(ledger, f"lectures / {EACH}", "SA")
    # January to September: half a lecture in each for the first board, in three for the second.
    assert (found.numerator, found.denominator) == (6, 6)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("SA", "SB", "TA")),
            st.dates(date(2025, 6, 1), date(2026, 12, 31)),
            st.just("in_use"),
        ),
        max_size=6,
    ),
    st.sampled_from(("2026", "2026Q2", "2026-11")),
)
def test_the_sum_over_things_is_that_of_their_months(
    boards: list[tuple[str, date, str]], period: str
) -> None:
    """The second route: a share of the year's norm for each board and month's end."""
    ledger = book("", ALL, entities=Things(history(UNITS), *boards))
    wanted = sum(
        6 * share("even", month.month)
        for _, since, _ in boards
        for month in parse_period(period).months()
        if since <= Month(month.year, month.month).end
    )
    assert (value(ledger, EACH, "D", period) or 0) == wanted
