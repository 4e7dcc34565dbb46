"""Comparisons in three values: what is not known is neither true nor false."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from taizhang.documents.template.template_values import ComparableFigure
from tests.documents.ledger import make


def known(low: int | None, high: int | None) -> ComparableFigure:
    def undecided(name: str) -> None:
        raise AssertionError(f"{name} was asked")

    number = None if low is None else Fraction(low)
    top = None if high is None else Fraction(high)
    return ComparableFigure("x", (number, top), undecided)


@st.composite
def intervals(draw: st.DrawFn) -> tuple[int, int | None, int]:
    """Give (low, high or None, the true value inside)."""
    low = draw(st.integers(-20, 20))
    high = draw(st.none() | st.integers(low, 30))
    true = draw(st.integers(low, 40 if high is None else high))
    return low, high, true


@given(intervals(), intervals())
def test_a_decided_comparison_is_right_for_every_value_inside(
    bounds: tuple[int, int | None, int], other: tuple[int, int | None, int]
) -> None:
    mine, theirs = known(*bounds[:2]), known(*other[:2])
    a, b = bounds[2], other[2]
    for truth, real in (
        (mine < theirs, a < b),
        (mine <= theirs, a <= b),
        (mine > theirs, a > b),
        (mine >= theirs, a >= b),
        (mine == theirs, a == b),
        (mine != theirs, a != b),
    ):
        assert truth.state in (None, real)


@given(st.integers(-20, 20), st.integers(-20, 20))
def test_exact_values_always_decide(a: int, b: int) -> None:
    mine, theirs = known(a, a), known(b, b)
    assert (mine < theirs).state is (a < b)
    assert (mine <= theirs).state is (a <= b)
    assert (mine == theirs).state is (a == b)
    assert (mine >= b).state is (a >= b)


def test_an_unknown_figure_decides_nothing_and_says_so_when_asked() -> None:
    asked: list[str] = []
    nothing = ComparableFigure.of("lectures", make("lectures", None), asked.append)
    truth = nothing >= 12
    assert truth.state is None
    assert not truth
    assert asked == ["lectures"]


def test_an_incomplete_sum_is_open_above() -> None:
    figure = make("lectures", 30, high=None, flags=("incomplete 2/3",))
    some = ComparableFigure.of("lectures", figure, lambda name: None)
    assert (some >= 30).state is True
    assert (some >= 31).state is None
    assert (some < 30).state is False
