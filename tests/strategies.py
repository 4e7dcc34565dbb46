"""What property tests of several rooms draw: formulas, intervals, ledgers with closings.

Trees, facts and questions for engines are in :mod:`tests.figures.strategies`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from taizhang.core.aggregate.reference_engine import ReferenceEngine
from taizhang.core.base.quantity import MISSING, Quantity, QuantityKind
from taizhang.core.book import Book
from taizhang.core.counting.fact import Fact
from taizhang.core.definition.programme import Programmes
from taizhang.core.formula.value import Value
from taizhang.core.unit.tree import History
from tests.core.ledger import Closed, pack
from tests.figures.strategies import DISTRICT, STREETS, histories

__all__ = ["DISTRICT", "STREETS", "histories"]

#: The names that random formulas are about; pure numbers, so that every formula is well typed.
NAMES = ("x", "y")

fractions = st.builds(Fraction, st.integers(-12, 12), st.integers(1, 4))


@st.composite
def intervals(draw: st.DrawFn, least: int = -12) -> Value:
    """Make a value: exact, between, at least, at most."""
    ends = sorted(draw(st.tuples(fractions, fractions)))
    low, high = (max(end, Fraction(least)) for end in ends)
    match draw(st.sampled_from(("exact", "exact", "between", "at_least", "at_most"))):
        case "exact":
            return Value(low, low)
        case "between":
            return Value(low, high)
        case "at_least":
            return Value(low, None)
        case _:
            return Value(None, high)


def inside(value: Value, draw: Callable[[st.SearchStrategy[Fraction]], Fraction]) -> Fraction:
    """Draw one way in which an inexact value could turn out."""
    low = value.low if value.low is not None else (value.high or Fraction(0)) - 7
    high = value.high if value.high is not None else low + 7
    part = draw(st.sampled_from((Fraction(0), Fraction(1, 3), Fraction(1))))
    return low + (high - low) * part


def numeric(names: tuple[str, ...] = NAMES) -> st.SearchStrategy[str]:
    """Give texts of formulas whose value is a number."""
    leaves = st.one_of(st.sampled_from(names), st.sampled_from(("0", "1", "2.5", "7")))
    return st.recursive(leaves, _larger, max_leaves=6)


def _larger(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(part, part)
    return st.one_of(
        st.tuples(part, st.sampled_from("+-*/"), part).map(lambda one: f"({' '.join(one)})"),
        part.map(lambda one: f"-{one}"),
        pair.map(lambda one: f"min({one[0]}, {one[1]})"),
        pair.map(lambda one: f"max({one[0]}, {one[1]})"),
        part.map(lambda one: f"round({one}, 1)"),
        part.map(lambda one: f"ceiling({one}) - floor({one} / 2)"),
        pair.map(lambda one: f"coalesce({one[0]}, {one[1]})"),
        st.tuples(_conditions(part), part, part).map(lambda one: f"if({', '.join(one)})"),
    )


def _conditions(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    sign = st.sampled_from(("==", "!=", "<", "<=", ">", ">="))
    simple = st.tuples(part, sign, part).map(" ".join)
    return st.one_of(
        simple,
        st.tuples(simple, st.sampled_from(("and", "or")), simple).map(" ".join),
        simple.map(lambda one: f"not {one}"),
    )


@dataclass(frozen=True)
class Town:
    """A ledger of a district in 2026 with what its units have closed."""

    history: History
    facts: tuple[Fact, ...]
    closed: Mapping[str, set[int]]

    def book(self, **given: object) -> Book:
        """Open the ledger on 1 March 2027."""
        closings = Closed("")
        closings.months.update(self.closed)
        today = date(2027, 3, 1)
        stated: dict[str, object] = {
            "programmes": Programmes((pack(),)),
            "history": self.history,
            "engine": ReferenceEngine(self.facts, self.history),
            "today": today,
            "as_of": today,
            "closings": closings,
        }
        return Book(**{**stated, **given})


days = st.builds(date, st.just(2026), st.integers(1, 12), st.integers(1, 28))
quantities = st.one_of(
    st.integers(0, 60).map(lambda n: Quantity(Decimal(n), Decimal(n), QuantityKind.EXACT)),
    st.integers(0, 60).map(lambda n: Quantity(Decimal(n), Decimal(n), QuantityKind.EXACT)),
    st.integers(0, 60).map(lambda n: Quantity(Decimal(n), None, QuantityKind.AT_LEAST)),
    st.tuples(st.integers(0, 30), st.integers(0, 30)).map(
        lambda pair: Quantity(Decimal(min(pair)), Decimal(max(pair)), QuantityKind.BETWEEN)
    ),
    st.just(MISSING),
)
exact_quantities = st.integers(0, 60).map(
    lambda n: Quantity(Decimal(n), Decimal(n), QuantityKind.EXACT)
)


@st.composite
def towns(
    draw: st.DrawFn,
    joint: bool = True,
    values: st.SearchStrategy[Quantity] = quantities,
    all_closed: bool = False,
) -> Town:
    """Make a town: changing communities, up to twenty facts dated while their unit existed."""
    history = draw(histories())
    facts: list[Fact] = []
    for number in range(draw(st.integers(0, 20))):
        day = draw(days)
        living = sorted(
            unit.code for unit in history.tree(day).units.values() if unit.kind == "社区"
        )
        count = draw(st.integers(1, 3)) if joint else 1
        units = draw(st.lists(st.sampled_from(living), min_size=1, max_size=count, unique=True))
        fact = Fact(
            record=f"r{number:02}",
            ordinal=0,
            measure=draw(st.sampled_from(("he.lectures", "he.attendance", "he.births"))),
            unit=units[0],
            date=day,
            value=draw(values),
            dimensions=draw(st.sampled_from(({}, {"topic": "tb"}, {"topic": "aids"}))),
            joint=len(units) > 1,
        )
        facts += [replace(fact, unit=unit) for unit in units]
    months = [202600 + month for month in range(1, 13)]
    closed = {
        code: set(months) if all_closed else draw(st.sets(st.sampled_from(months)))
        for code in history.codes
    }
    return Town(history, tuple(facts), closed)
