"""Functions of time: year to date, averages over earlier periods, months that meet a condition."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.core.base.figure import ReasonCode
from taizhang.core.base.issue import Refused
from taizhang.core.base.period import Month, Period, parse_period
from taizhang.core.definition.programme import Programmes
from taizhang.core.formula import NameScope, check, check_indicator, define_formula, parse
from tests.core.ledger import book, figure, flags, indicator, pack, value
from tests.core.naive import naive, told
from tests.strategies import Town, exact_quantities, towns

ODDS = settings(max_examples=40, deadline=None)
SCOPE = NameScope(Programmes((pack(),)), "he")
LECTURES = """
2025-12-20 SA lectures 2
2026-01-08 SA lectures 1
2026-02-08 SA lectures 3
2026-04-08 SA lectures 6
2026-04-09 SB lectures 1
"""
CLOSED = "SA,SB,SC,TA 2025-10..2026-12"

closed_towns = towns(values=exact_quantities, all_closed=True)
months = st.integers(1, 12).map(lambda month: Month(2026, month))


# year to date


def test_a_year_to_date_begins_in_january_of_the_year_in_which_the_period_ends() -> None:
    ledger = book(LECTURES, CLOSED)
    assert value(ledger, "to_date(lectures)", "SA", "2026-03") == 4
    assert value(ledger, "to_date(lectures)", "SA", "2026Q2") == 10
    assert value(ledger, "to_date(lectures)", "SA", "2025-11..2026-02") == 4
    assert value(ledger, "to_date(norm(lectures))", "SA", "2026-03") == Fraction(3, 2)
    assert value(ledger, "to_date(lectures) - lectures", "SA", "2026Q2") == 4
    assert value(ledger, "year_before(to_date(lectures))", "SA", "2026-12") == 2
    assert value(ledger, "100 * to_date(lectures) / to_date(norm(lectures))", "D", "2026-04") == (
        Fraction(100 * 11, 8)
    )


def test_a_year_to_date_of_a_running_period_is_counted_to_its_day() -> None:
    ledger = book(LECTURES, CLOSED, today=date(2026, 4, 8))
    found = figure(ledger, "to_date(lectures)", "SA", "2026Q2")
    assert (found.value, flags(found)) == (10, ("to_date 2026-04-08",))
    assert (found.records.query["from"], found.records.query["to"]) == ("2026-01-01", "2026-04-08")
    assert "年初至时段末累计的「健康知识讲座」" in found.sentence


def test_a_year_to_date_with_an_open_month_is_what_is_known() -> None:
    found = figure(book(LECTURES, "SA 2026-02..2026-04"), "to_date(lectures)", "SC", "2026-03")
    assert found.reason.code is ReasonCode.NOT_REPORTED
    known = figure(book(LECTURES, "SA 2026-04"), "to_date(lectures)", "SA", "2026-04")
    assert (known.value, known.high, flags(known)) == (10, None, ("incomplete 0/1",))


@ODDS
@given(closed_towns, months, st.integers(1, 3))
def test_a_year_to_date_is_what_the_facts_since_january_add_up_to(
    town: Town, last: Month, length: int
) -> None:
    period = Period(last.plus(1 - length), last)
    assert told(town, "to_date(lectures)", period) == naive(town, "lectures", Month(2026, 1), last)


# averages over earlier periods


def test_an_average_is_over_the_periods_before_this_one() -> None:
    ledger = book(LECTURES, CLOSED)
    assert value(ledger, "average_of(lectures, 3)", "SA", "2026-03") == 2
    assert value(ledger, "average_of(lectures, 1)", "SA", "2026Q1") == 2
    assert value(ledger, "average_of(lectures, 2)", "S", "2026-05") == Fraction(7, 2)
    assert value(ledger, "lectures / average_of(lectures, 3)", "SA", "2026-04") == Fraction(18, 4)


def test_an_average_is_missing_where_one_of_its_periods_is() -> None:
    found = figure(book(LECTURES, CLOSED), "average_of(lectures, 7)", "SA", "2026-03")
    assert found.reason.code is ReasonCode.NOT_REPORTED
    assert "此前7个等长时段的平均" in found.sentence


@ODDS
@given(closed_towns, months.filter(lambda month: month.month > 4), st.integers(1, 4))
def test_an_average_is_that_of_the_sums_of_its_periods(
    town: Town, month: Month, count: int
) -> None:
    sums = [naive(town, "attendance", month.plus(-back), month.plus(-back)) for back in range(1, 5)]
    wanted = sum(sums[:count], Fraction(0)) / count
    assert told(town, f"average_of(attendance, {count})", Period(month, month)) == wanted


@pytest.mark.parametrize("number", ["0", "13", "1.5", "-1", "lectures"])
def test_over_how_many_periods_is_a_whole_number_up_to_twelve(number: str) -> None:
    text = f"average_of(lectures, {number})"
    (issue,) = check(parse(text), SCOPE, text)[1]
    assert issue.code.name == "FORMULA_007"
    assert "1 to 12" in issue.sentence()


def test_averages_of_averages_are_refused_before_they_are_worked_out() -> None:
    nested = "average_of(average_of(average_of(lectures + 1, 12), 12), 12)"
    with pytest.raises(Refused) as refused:
        define_formula(nested, SCOPE)
    assert [issue.code.name for issue in refused.value.issues] == ["FORMULA_019"]
    with pytest.raises(Refused):
        define_formula("months_where(average_of(average_of(lectures, 12), 12) > 1)", SCOPE)


# months that meet a condition


def test_months_that_meet_a_condition_are_counted() -> None:
    ledger = book(LECTURES, CLOSED)
    assert value(ledger, "months_where(lectures >= 1)", "SA", "2026") == 3
    assert value(ledger, "months_where(lectures >= 3)", "SA", "2026") == 2
    assert value(ledger, "months_where(lectures >= 7)", "S", "2026") == 1
    assert value(ledger, "units_where(months_where(lectures >= 1) >= 1, '社区')", "D") == 2
    found = figure(ledger, "months_where(lectures >= 1)", "SA", "2026H1")
    assert (str(found.unit), found.shown(), flags(found)) == ("个月", "3", ())


def test_an_open_month_leaves_the_count_between_two_numbers() -> None:
    ledger = book(LECTURES, "SA 2026-03..2026-11")
    found = figure(ledger, "months_where(lectures >= 3)", "SA", "2026")
    # A month that holds a record is known; of December nothing is.
    assert (found.low, found.high, flags(found)) == (2, 3, ("incomplete 0/1",))
    sure = figure(ledger, "months_where(lectures >= 1)", "SA", "2026-01..2026-11")
    assert (sure.low, sure.high, flags(sure)) == (3, 3, ())
    silent = figure(ledger, "months_where(lectures >= 1)", "SC", "2026")
    assert silent.reason.code is ReasonCode.NOT_REPORTED


def test_months_that_have_not_begun_are_not_counted() -> None:
    ledger = book(LECTURES, CLOSED, today=date(2026, 4, 20))
    condition = "months_where(coalesce(lectures, 0) >= 0)"
    assert value(ledger, condition, "SA", "2026") == 4
    assert flags(figure(ledger, condition, "SA", "2026")) == ("to_date 2026-04-20",)
    later = figure(ledger, condition, "SA", "2026H2")
    assert later.reason.code is ReasonCode.WAITING


def test_months_leave_the_division_around_them_alone() -> None:
    """Which members a division keeps is not decided by what is known month by month."""
    more = "2026-04-09 SB attendance ?\n2026-04-10 SA attendance 5"
    found = figure(
        book(LECTURES + more, CLOSED), "lectures / months_where(attendance >= 1)", "S", "2026-04"
    )
    assert found.value == 7


@ODDS
@given(closed_towns, st.integers(1, 40))
def test_months_are_those_whose_own_sums_meet_the_condition(town: Town, least: int) -> None:
    year = [Month(2026, month) for month in range(1, 13)]
    wanted = sum(naive(town, "attendance", month, month) >= least for month in year)
    assert told(town, f"months_where(attendance >= {least})", parse_period("2026")) == wanted


# a fixed whole


def test_a_share_of_a_fixed_whole_needs_no_trick() -> None:
    quality = indicator("quality", numerator="lectures", denominator="12")
    assert check_indicator(quality, Programmes((pack(quality),))) == ()
    ledger = book(LECTURES, CLOSED, indicators=(quality,))
    found = figure(ledger, "quality", "SA", "2026")
    assert (found.numerator, found.denominator, found.value) == (10, 12, Fraction(1000, 12))
    assert found.shown() == "83.3"
    wrong = indicator("wrong", numerator="lectures", denominator="12 * lectures", unit="人")
    assert [issue.code.name for issue in check_indicator(wrong, SCOPE.programmes)] == [
        "INDICATOR_002"
    ]
