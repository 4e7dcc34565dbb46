"""Values are intervals that hold the exact result however inexact quantities turn out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.core.base.figure import ReasonCode
from taizhang.core.base.period import parse_period
from taizhang.core.definition.programme import Programmes
from taizhang.core.formula import EvaluationContext, NameScope, Value, Window, evaluate, parse
from taizhang.core.formula import value as arithmetic
from taizhang.core.formula.leaf import Group, Leaf
from taizhang.core.formula.value import exactly, missing, truth
from tests.core.ledger import MEASURES, measure, pack
from tests.strategies import NAMES, inside, intervals, numeric

NUMBERS = {f"he.{name}": measure(name, name, "") for name in NAMES}
SCOPE = NameScope(
    Programmes((pack(measures={**{one.key: one for one in MEASURES}, **NUMBERS}),)), "he"
)
PERIOD = parse_period("2026H1")
UNKNOWN = missing(ReasonCode.NOT_REPORTED)


@dataclass
class Given:
    """A scope that gives what a test says."""

    values: Mapping[str, Value]

    def total(self, leaf: Leaf, group: Group) -> Value:
        return self.values[leaf.measure.removeprefix("he.")]

    def norm(self, key: str, window: Window, group: Group) -> Value:
        return self.values[f"norm {key}"]

    def target(self, key: str, window: Window, group: Group) -> Value:
        return self.values[f"target {key}"]

    def units(self, kinds: tuple[str, ...]) -> Value:
        return exactly(len(kinds))

    def units_where(
        self, condition: object, kinds: tuple[str, ...], context: EvaluationContext
    ) -> Value:
        return exactly(len(kinds))

    def begun(self, window: Window) -> bool:
        return True

    def overdue(self, dataset: str, window: Window, *having: str) -> Value:
        return exactly(len(dataset))

    def entities(self, dataset: str, window: Window, *having: str) -> Value:
        return exactly(len(dataset) + 1)


def calculate(text: str, **values: Value) -> Value:
    return evaluate(parse(text), EvaluationContext(SCOPE, Window(PERIOD)), Given(values))


def ends(value: Value) -> tuple[object, object]:
    return value.low, value.high


def between(low: int | None, high: int | None) -> Value:
    return Value(None if low is None else Fraction(low), None if high is None else Fraction(high))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3 - 4 / 8", Fraction(13, 2)),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("-(2 - 5)", 3),
        ("if(2 > 1, 10, 20)", 10),
        ("if(not 2 > 1 or 1 != 1, 10, 20)", 20),
        ("min(3, 1, 2) + max(3, 1, 2)", 4),
        ("days_between('2026-02-27', '2026-03-01')", 2),
        ("days_between(period_start(), period_end())", 180),
        ("days_between(previous(period_start()) , '2026-01-01')", 184),
        ("days_between(year_before(period_end()), period_end())", 365),
        ("units('社区', '村')", 2),
        ("overdue('boards')", 6),
        ("entities('boards')", 7),
        ("1 / 3 + 1 / 3 + 1 / 3 == 1", 1),
        ("round(2.345, 2)", Fraction("2.35")),
        ("round(-2.5, 0)", -3),
        ("ceiling(7 / 3) + ceiling(-7 / 3)", 1),
        ("floor(7 / 3) + floor(-7 / 3)", -1),
        ("ceiling(3) + floor(3)", 6),
    ],
)
def test_exact_results(text: str, expected: Fraction | int) -> None:
    assert ends(calculate(text)) == (expected, expected)


@pytest.mark.parametrize(
    ("text", "one", "other", "expected"),
    [
        ("x + y", (1, 2), (3, None), (4, None)),
        ("x - y", (10, 20), (3, 5), (5, 17)),
        ("x - y", (10, 20), (3, None), (None, 17)),
        ("x * y", (-1, 2), (3, 5), (-5, 10)),
        ("x * y", (0, None), (0, None), (0, None)),
        ("x / y", (10, 20), (2, 5), (2, 10)),
        ("x / y", (10, 20), (2, None), (0, 10)),
        ("x / y", (10, 20), (0, 5), (2, None)),
        ("x / y", (0, None), (4, 4), (0, None)),
        ("x / y", (10, 20), (-5, -2), (-10, -2)),
        ("x / y", (10, 20), (-5, 0), (None, -2)),
        ("min(x, y)", (1, 9), (3, 5), (1, 5)),
        ("max(x, y)", (1, 9), (3, None), (3, None)),
        ("round(x / y, 0)", (1, 9), (2, 2), (1, 5)),
        ("ceiling(x / y)", (1, 9), (2, 2), (1, 5)),
        ("floor(x / y)", (1, None), (2, 2), (0, None)),
        ("if(x > 5, 100, y)", (1, 9), (3, 4), (3, 100)),
        ("if(x > 5, 100, y)", (6, 9), (3, 4), (100, 100)),
    ],
)
def test_inexact_results(
    text: str,
    one: tuple[int | None, int | None],
    other: tuple[int | None, int | None],
    expected: tuple[int | None, int | None],
) -> None:
    assert ends(calculate(text, x=between(*one), y=between(*other))) == expected


@pytest.mark.parametrize(
    ("text", "low", "high", "certain", "possible"),
    [
        ("lectures >= 12", 12, None, True, True),
        ("lectures >= 12", 11, None, False, True),
        ("lectures < 12", 12, None, False, False),
        ("lectures > 12", 5, 12, False, False),
        ("lectures <= 12", 5, 12, True, True),
        ("lectures == 12", 12, 12, True, True),
        ("lectures == 12", 12, 13, False, True),
        ("lectures != 12", 13, None, True, True),
        ("lectures >= 12 or 1 > 0", 0, None, True, True),
        ("lectures >= 12 and 1 < 0", 0, None, False, False),
        ("not lectures >= 12", 0, None, False, True),
    ],
)
def test_a_comparison_that_straddles_is_undecided(
    text: str, low: int, high: int | None, certain: bool, possible: bool
) -> None:
    assert ends(calculate(text, lectures=between(low, high))) == ends(truth(certain, possible))


def test_missing_stays_missing_unless_the_rest_decides() -> None:
    plain = ("lectures + 1", "lectures / 2", "min(lectures, 3)", "lectures > 3", "-lectures")
    stepped = ("round(lectures, 1)", "ceiling(lectures)", "floor(lectures)", "max(0, lectures)")
    for text in (*plain, *stepped):
        assert calculate(text, lectures=UNKNOWN).reason is ReasonCode.NOT_REPORTED
    assert ends(calculate("coalesce(lectures, 3)", lectures=UNKNOWN)) == (3, 3)
    assert ends(calculate("lectures > 3 or 1 > 0", lectures=UNKNOWN)) == (1, 1)
    assert ends(calculate("lectures > 3 and 1 < 0", lectures=UNKNOWN)) == (0, 0)
    assert calculate("lectures > 3 and 1 > 0", lectures=UNKNOWN).reason is not None
    assert ends(calculate("if(1 > 0, 5, lectures)", lectures=UNKNOWN)) == (5, 5)
    assert calculate("if(lectures > 3, 5, 6)", lectures=UNKNOWN).reason is not None


def test_nothing_over_nothing_is_not_applicable() -> None:
    for above in (0, 5):
        found = calculate("lectures / births", lectures=exactly(above), births=exactly(0))
        assert (found.reason, found.detail) == (ReasonCode.NOT_APPLICABLE, "zero_denominator")
    doubt = calculate("lectures / births", lectures=exactly(5), births=between(-1, 1))
    assert doubt.known
    assert ends(doubt) == (None, None)


@given(numeric(), intervals(), intervals(), st.data())
def test_the_interval_holds_the_exact_value_of_every_completion(
    text: str, x: Value, y: Value, data: st.DataObject
) -> None:
    """Whatever the inexact quantities turn out to be, the exact result lies inside."""
    wide = calculate(text, x=x, y=y)
    one, other = inside(x, data.draw), inside(y, data.draw)
    narrow = calculate(text, x=exactly(one), y=exactly(other))
    if narrow.known:
        assert narrow.exact
        assert wide.known
        assert wide.low is None or wide.low <= narrow.low
        assert wide.high is None or narrow.high <= wide.high


HALVES = st.integers(-99, 99).map(lambda number: Fraction(number, 20))


@given(st.one_of(HALVES, st.fractions(-50, 50, max_denominator=40)), st.integers(0, 4))
def test_rounding_is_that_of_decimal_arithmetic(number: Fraction, digits: int) -> None:
    """The second route: quantize, halves away from zero, ceiling and floor of decimals."""
    wide = Context(prec=60)
    exact = wide.divide(Decimal(number.numerator), Decimal(number.denominator))

    def quantized(step: Decimal, way: str) -> Fraction:
        return Fraction(exact.quantize(step, way, context=wide))

    given = exactly(number)
    wanted = quantized(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    assert ends(calculate(f"round(x, {digits})", x=given)) == (wanted, wanted)
    assert calculate("ceiling(x)", x=given).low == quantized(Decimal(1), ROUND_CEILING)
    assert calculate("floor(x)", x=given).low == quantized(Decimal(1), ROUND_FLOOR)


@pytest.mark.parametrize("text", ["coalesce(lectures / births, 3)", "coalesce(1 / births, 3)"])
def test_a_denominator_that_may_be_nothing_keeps_the_way_open(text: str) -> None:
    wide = calculate(text, lectures=exactly(-1), births=between(0, 1))
    assert wide.low is None or wide.low <= 1
    assert wide.high is None or wide.high >= 3


@given(intervals(), intervals())
def test_operations_keep_their_ends_in_order(one: Value, other: Value) -> None:
    for operation in (
        arithmetic.plus,
        arithmetic.minus,
        arithmetic.times,
        arithmetic.over,
        arithmetic.smallest,
        arithmetic.largest,
    ):
        found = operation(one, other)
        if found.low is not None and found.high is not None:
            assert found.low <= found.high


def test_an_earlier_window_ends_on_the_same_day_of_its_time() -> None:
    half = Window(parse_period("2026H1"))
    assert half.end(date(2026, 5, 31)) == date(2026, 5, 31)
    assert half.earlier(12).end(date(2026, 5, 31)) == date(2025, 5, 31)
    assert half.earlier(6).end(date(2026, 5, 31)) == date(2025, 11, 30)
    assert half.earlier(6).end(date(2027, 1, 1)) == date(2025, 12, 31)


LOOKED = Value(Fraction(2), Fraction(2))
NEVER = missing(ReasonCode.NOT_LOOKED)


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (between(1, 1), (3, None)),
        (between(1, None), (3, None)),
        (between(0, 0), (None, "not_looked")),
        (between(0, 4), (None, "not_reported")),  # perhaps somebody has
        (between(0, None), (None, "not_reported")),
        (missing(ReasonCode.WAITING), (None, "waiting")),
    ],
)
def test_a_value_that_nobody_looked_for_is_none(
    times: Value, expected: tuple[int | None, str | None]
) -> None:
    found = calculate("looked(x, y)", x=times, y=between(3, 3))
    assert (found.low, found.reason) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("max(x, y)", (None, "not_looked")),  # unknown, never the best of the rest
        ("min(x, y)", (None, "not_looked")),
        ("max_looked(x, y)", (2, None)),
        ("min_looked(y, x)", (2, None)),
        ("max_looked(y, y)", (None, "not_looked")),
        ("max_looked(x, 1 / 0)", (2, None)),
        ("max_looked(1 / 0, y)", (None, "not_looked")),
    ],
)
def test_what_nobody_looked_at_leaves_an_extreme_unknown_or_out(
    text: str, expected: tuple[int | None, str | None]
) -> None:
    found = calculate(text, x=LOOKED, y=NEVER)
    assert (found.low, found.reason) == expected


def test_what_is_unknown_for_another_reason_leaves_the_looked_at_unknown() -> None:
    found = calculate("max_looked(x, y)", x=LOOKED, y=missing(ReasonCode.NOT_REPORTED))
    assert found.reason is ReasonCode.NOT_REPORTED
