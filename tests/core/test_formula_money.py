"""Prices, money and parts of amounts: units that are quotients, rates times amounts."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.core.base.issue import Refused
from taizhang.core.book import Book
from taizhang.core.definition.programme import Programmes
from taizhang.core.formula import NameScope, check_indicator, define_formula
from taizhang.core.formula.unit_type import divided, multiplied, type_of
from tests.core.ledger import MEASURES as PLAIN
from tests.core.ledger import book, figure, indicator, measure, pack

MEASURES = (
    *PLAIN,
    replace(measure("price", "单价", "元/份", level=True), over_units="last"),
    replace(measure("fee", "补助标准", "元/人次", level=True), over_units="last"),
    measure("spent", "支出", "元"),
)
COST = indicator("cost", "元", formula="materials * price")
PROGRAMMES = Programmes((pack(COST, measures={one.key: one for one in MEASURES}),))
SCOPE = NameScope(PROGRAMMES, "he")
PAGE = """
2026-01-08 SA materials 300
2026-02-08 SA materials 101
2026-01-01 SA price 2.5
2026-01-09 SA attendance 45
2026-01-01 SA fee 20
2026-03-01 SA spent 1000.5
"""


def ledger(said: str = PAGE) -> Book:
    return book(said, "SA,SB,SC,TA 2026-01..2026-12", programmes=PROGRAMMES)


def test_copies_times_their_price_are_money() -> None:
    found = figure(ledger(), "cost", "SA")
    assert (found.value, found.unit, found.shown()) == (Fraction("1002.5"), "元", "1002.5")
    assert check_indicator(COST, PROGRAMMES) == ()
    assert figure(ledger(), "attendance * fee", "SA").value == 900
    assert figure(ledger(), "attendance * fee", "SA").shown() == "900"
    each = figure(ledger(), "spent / materials", "SA")
    assert (each.unit, each.shown()) == ("元/份", "2.5")
    assert figure(ledger(), "spent / price", "SA").unit == "份"


def test_a_part_of_an_amount_is_so_many_hundredths_of_it() -> None:
    """5 lectures of the 6 that the norm asks are 83.3 %; of 401 copies that is 334.2."""
    said = f"{PAGE}2026-05-01 SA lectures 3\n2026-06-01 SA births 5\n2026-01-01 SA population 1000"
    found = figure(ledger(said), "materials * completion", "SA")
    assert (found.value, found.unit) == (Fraction(401, 2), "份")
    assert figure(ledger(said), "completion * population", "SA").value == 500
    assert figure(ledger(said), "population * birth_rate", "SA").value == 5
    assert figure(ledger(said), "2 * completion", "SA").value == 100
    assert figure(ledger(said), "(lectures / 6) * completion", "SA").unit == "次"


@pytest.mark.parametrize(
    ("left", "right", "product"),
    [
        ("份", "元/份", "元"),
        ("元/份", "份", "元"),
        ("个", "元/块", "元"),
        ("人次", "元/人次", "元"),
        ("percent", "元/份", "元/份"),
        ("permille", "人", "人"),
        ("", "元/份", "元/份"),
        ("人", "元/人次", None),
        ("个", "元/人", None),
        ("户", "元/份", None),
        ("元/份", "元/份", None),
        ("percent", "percent", None),
        ("次", "份", None),
    ],
)
def test_what_multiplies(left: str, right: str, product: str | None) -> None:
    found = multiplied(type_of(left), type_of(right))
    assert (None if found is None else str(found)) == product


@pytest.mark.parametrize(
    ("left", "right", "quotient"),
    [
        ("元", "份", "元/份"),
        ("元", "元/份", "份"),
        ("元/份", "元/份", "ratio"),
        ("元", "元/人次", "人次"),
        ("份", "元/份", None),
        ("元/份", "份", None),
        ("元", "percent", None),
    ],
)
def test_what_divides(left: str, right: str, quotient: str | None) -> None:
    found = divided(type_of(left), type_of(right))
    assert (None if found is None else str(found)) == quotient


@pytest.mark.parametrize(
    ("unit", "formula", "told"),
    [
        ("元", "materials * 2.5", ["INDICATOR_002"]),
        ("元", "spent / materials", ["INDICATOR_002"]),
        ("份", "materials * price", ["INDICATOR_002"]),
        ("元/人次", "spent / attendance", []),
        ("千元/份", "spent / materials", ["INDICATOR_002"]),
        ("元/千份", "spent / materials", []),
        ("元", "spent + materials * price", []),
        ("元", "spent + materials", ["FORMULA_008"]),
    ],
)
def test_an_indicator_of_money_speaks_of_money(unit: str, formula: str, told: list[str]) -> None:
    new = indicator("new", unit, formula=formula)
    assert [issue.code.name for issue in check_indicator(new, PROGRAMMES)] == told


def test_a_price_of_something_else_is_refused() -> None:
    for text in ("lectures * price", "births * fee", "price + fee"):
        with pytest.raises(Refused) as refused:
            define_formula(text, SCOPE)
        assert [issue.code.name for issue in refused.value.issues] == ["FORMULA_008"]


@given(
    st.lists(st.integers(0, 500), min_size=1, max_size=6),
    st.decimals(0, 99, places=2),
    st.integers(0, 12),
)
def test_money_and_parts_are_what_the_records_multiply_to(
    copies: list[int], price: object, lectures: int
) -> None:
    """The second route: multiply what each record says, then add."""
    said = [f"2026-01-0{day} SA materials {number}" for day, number in enumerate(copies, 1)]
    said += [f"2026-01-01 SA price {price}", f"2026-05-01 SA lectures {lectures}"]
    ledger_said = ledger("\n".join(said))
    money = sum(Fraction(number) * Fraction(str(price)) for number in copies)
    assert figure(ledger_said, "cost", "SA").value == money
    part = sum(Fraction(number) * min(Fraction(lectures, 6), 1) for number in copies)
    assert figure(ledger_said, "materials * completion", "SA").value == part


def test_prices_of_several_units_do_not_come_together() -> None:
    found = figure(ledger(), "cost", "S")
    assert (found.value, found.reason.code.value) == (None, "not_applicable")
    assert figure(ledger(), "spent / materials", "S").value is not None


def test_what_is_inexact_or_missing_stays_so_in_money() -> None:
    said = "2026-01-08 SA materials 100..200\n2026-01-01 SA price 2"
    found = figure(ledger(said), "cost", "SA")
    assert (found.low, found.high) == (200, 400)
    unpriced = figure(ledger("2026-01-08 SA materials 100"), "cost", "SA")
    assert unpriced.value is None
    assert unpriced.reason.code == "never_counted"
