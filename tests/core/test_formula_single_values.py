"""Median, smallest and largest of single values, and the mean beside them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from statistics import median

from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.core.base.figure import ReasonCode
from taizhang.core.base.period import parse_period
from taizhang.core.base.quantity import Quantity, QuantityKind
from tests.core.ledger import book, figure, flags, value
from tests.core.naive import answer, stated, told
from tests.strategies import Town, exact_quantities, quantities, towns

ODDS = settings(max_examples=40, deadline=None)
PAGE = """
2026-01-08 SA attendance 40 topic=tb
2026-02-08 SA attendance 10 topic=aids
2026-03-08 SA attendance 25 topic=tb
2026-03-09 SB attendance 60 topic=tb
2026-03-09 TA attendance 5
"""
ALL = "SA,SB,SC,TA 2026-01..2026-12"
YEAR = parse_period("2026")


def test_the_middle_of_single_values() -> None:
    ledger = book(PAGE, ALL)
    assert value(ledger, "median(attendance)", "SA") == 25
    assert value(ledger, "median(attendance)", "S") == Fraction(65, 2)
    assert value(ledger, "median(attendance[topic == 'tb'])", "S") == 40
    assert value(ledger, "smallest(attendance)", "S") == 10
    assert value(ledger, "smallest(attendance)", "D") == 5
    assert value(ledger, "largest(attendance)", "D") == 60
    found = figure(ledger, "median(attendance)", "S")
    assert "「讲座受益人次」（人次）的中位数" in found.sentence
    assert (found.shown(), found.records.count) == ("32.5", 4)


def test_of_nothing_there_is_no_middle() -> None:
    for formula in ("median(attendance)", "smallest(attendance)", "largest(attendance)"):
        found = figure(book(PAGE, ALL), formula, "SC")
        assert found.reason.code is ReasonCode.NOT_APPLICABLE


def test_only_units_that_are_known_take_part_in_a_middle() -> None:
    """SB left a value of May blank, perhaps below, perhaps above; of SC May alone is known."""
    page = f"{PAGE}2026-05-01 SB attendance ?\n2026-05-01 SC attendance 7"
    ledger = book(page, "SA,SB,TA 2026-01..2026-12")
    for formula, wanted in (("median(attendance)", 25), ("smallest(attendance)", 7)):
        found = figure(ledger, formula, "S")
        assert (found.value, found.high, flags(found)) == (wanted, wanted, ("of_months 24/36",))
    top = figure(ledger, "largest(attendance)", "S")
    assert (top.value, top.high) == (60, None)


def test_of_too_few_known_there_is_no_middle() -> None:
    ledger = book(PAGE, "SB 2026-01..2026-12")
    for formula in ("median(attendance)", "smallest(attendance) / 2", "mean(attendance) / 2"):
        assert figure(ledger, formula, "SA").reason.code is ReasonCode.TOO_FEW_KNOWN


def test_inexact_values_leave_the_middle_between_two_numbers() -> None:
    page = """
    2026-01-08 SA attendance 20..90
    2026-02-08 SA attendance 50+
    2026-03-08 SA attendance 30
    """
    found = figure(book(page, ALL), "median(attendance)", "SA")
    assert (found.low, found.high, flags(found)) == (30, 90, ("inexact",))
    least = figure(book(page, ALL), "smallest(attendance)", "SA")
    assert (least.low, least.high) == (20, 30)
    open_above = f"{page}2026-04-01 SA attendance 70+"
    assert figure(book(open_above, ALL), "median(attendance)", "SA").high is None


@ODDS
@given(towns(values=exact_quantities, all_closed=True), st.sampled_from(["2026", "2026Q2"]))
def test_single_values_are_those_of_the_facts(town: Town, period: str) -> None:
    """The second route: the statistics of what each record says, counted once."""
    asked = parse_period(period)
    values = stated(town, "attendance", asked)
    wanted = {
        "median": median(values) if values else None,
        "smallest": min(values, default=None),
        "largest": max(values, default=None),
        "mean": sum(values) / len(values) if values else None,
    }
    for function, number in wanted.items():
        assert told(town, f"{function}(attendance)", asked) == number


@ODDS
@given(towns(values=quantities, all_closed=True), st.data())
def test_the_interval_holds_every_way_the_values_may_turn_out(
    town: Town, data: st.DataObject
) -> None:
    drawn: dict[tuple[str, int], Quantity] = {}
    for fact in town.facts:
        low = int(fact.value.low or 0)
        high = int(fact.value.high) if fact.value.high is not None else low + 40
        number = Decimal(data.draw(st.integers(low, high)))
        exact = Quantity(number, number, QuantityKind.EXACT)
        drawn.setdefault((fact.record, fact.ordinal), fact.value if fact.value.missing else exact)
    filled = replace(
        town, facts=tuple(replace(f, value=drawn[f.record, f.ordinal]) for f in town.facts)
    )
    for function in ("median", "smallest", "largest", "mean"):
        wide = answer(town, f"{function}(attendance)", YEAR)
        narrow = answer(filled, f"{function}(attendance)", YEAR)
        assert (wide.value is None) == (narrow.value is None)
        if wide.value is not None:
            assert wide.low <= narrow.value
            assert wide.high is None or narrow.value <= wide.high
