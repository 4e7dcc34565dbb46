"""The second route of figures: plain Python over the facts of a town, and the figure beside it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from taizhang.core.base.figure import Figure
from taizhang.core.base.period import Month, Period
from taizhang.core.indicator import Question, figures
from tests.strategies import DISTRICT, Town

#: Every naive answer is for the whole district of 2026, whose units change and stay in it.
TREE = date(2026, 12, 31)


def stated(town: Town, measure: str, period: Period) -> list[Fraction]:
    """Give what records say of a measure, each once, whatever units it credits."""
    values = {
        (fact.record, fact.ordinal): fact.value.low
        for fact in town.facts
        if fact.measure == f"he.{measure}" and fact.date in period
    }
    return [Fraction(low) for low in values.values() if low is not None]


def naive(town: Town, measure: str, first: Month, last: Month) -> Fraction:
    return sum(stated(town, measure, Period(first, last)), Fraction(0))


def answer(town: Town, formula: str, period: Period, unit: str = DISTRICT) -> Figure:
    question = Question(indicators=(formula,), units=(unit,), period=period, home="he")
    (answered,) = figures(town.book(tree=TREE), question)
    return answered


def told(town: Town, formula: str, period: Period) -> Fraction | None:
    return answer(town, formula, period).value
