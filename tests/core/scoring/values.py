"""Stands in for the figures of one unit: values by formula, as far as a test knows them."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from taizhang.core.base.figure import Figure
from taizhang.core.definition.rubric import Rule
from taizhang.core.scoring.interval import Interval, constant
from taizhang.core.scoring.kinds import apply
from taizhang.core.scoring.outcome import Case, Outcome
from taizhang.core.scoring.parameter import Operand
from taizhang.core.text.bilingual import Bilingual, say

DAY = date(2026, 1, 31)
Given = Any  # a number, (low, high), a text why it is not applicable, or a Interval


def value_of(given: Given, label: str, unit: str) -> Interval:
    if isinstance(given, Interval):
        return given
    if isinstance(given, str):
        return Interval(
            low=None, high=None, label=label, unit=unit, not_applicable=say(given, given)
        )
    low, high = given if isinstance(given, tuple) else (given, given)
    waits = Bilingual("", "") if low == high else say("等待数据", "waits for data")
    return Interval(
        low=None if low is None else Fraction(low),
        high=None if high is None else Fraction(high),
        label=label,
        unit=unit,
        decimals=1,
        waits=waits,
        figure=figure(label, low, high, unit),
    )


def figure(label: str, low: Any, high: Any, unit: str) -> Figure:
    return Figure(
        key=f"he.{label}",
        label=label,
        unit_code="360602001001",
        unit_name="社区",
        period="2025",
        as_of=DAY,
        tree=DAY,
        value=None if low is None else Fraction(low),
        reason=None,
        low=None if low is None else Fraction(low),
        high=None if high is None else Fraction(high),
        unit=unit,
    )


class Values:
    """A source of figures."""

    def __init__(self, values: Mapping[str, Given], unit: str = "次") -> None:
        self.values = values
        self.unit = unit

    def value(self, operand: Operand, like: Interval | None = None) -> Interval:
        if isinstance(operand, Fraction):
            return constant(operand, like)
        return value_of(self.values[operand], operand, self.unit)


def score(
    kind: str,
    params: Mapping[str, object],
    values: Mapping[str, Given] | None = None,
    *,
    max: int = 10,
    unit: str = "次",
    answer: Mapping[str, object] | None = None,
    remedy: str = "",
) -> Outcome:
    """Score one item of ``max`` points by a rule and check what holds of every outcome."""
    case = Case(
        max=Fraction(max), remedy=remedy, source=Values(values or {}, unit), answer=answer or {}
    )
    outcome = apply(Rule(kind=kind, params=params), case)
    if outcome.points is None:
        assert outcome.losses == ()
        assert outcome.waits_for or outcome.not_applicable
    else:
        assert 0 <= outcome.points <= max
        assert not outcome.waits_for
        if kind != "bonus":
            assert outcome.points + sum(loss.points for loss in outcome.losses) == max
        for loss in outcome.losses:
            assert loss.points > 0
            assert all((loss.why.zh, loss.why.en, loss.remedy.zh, loss.remedy.en))
    return outcome
