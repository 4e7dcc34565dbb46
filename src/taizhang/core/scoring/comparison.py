"""Comparisons: a figure against a bound, how far it falls short, and what would close the gap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from taizhang.core.scoring.interval import Interval
from taizhang.core.scoring.outcome import Case
from taizhang.core.scoring.parameter import Operand
from taizhang.core.text.bilingual import NOTHING, Bilingual, say
from taizhang.core.text.number import number_text
from taizhang.core.text.unit_sign import RATES

#: The signs of the operators by which a pack names a bound.
SIGNS = {"at_least": "≥", "at_most": "≤", "above": ">", "below": "<"}
OPERATORS = tuple(SIGNS)
#: Operators of figures that should be high.
RISING = ("at_least", "above")


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A figure against a bound: ``operator`` is at_least, at_most, above or below."""

    figure: str
    operator: str
    bound: Operand
    label: str = ""
    points: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison with the values of one case, and both sides in words."""

    comparison: Comparison
    value: Interval
    bound: Interval
    required: Bilingual
    actual: Bilingual

    @property
    def label(self) -> str:
        """Name what is compared, in the owner's words where there are any."""
        return self.comparison.label or self.value.label

    @property
    def labelled(self) -> Bilingual:
        """Write the figure after its name."""
        return say("%(a)s%(b)s", "%(a)s %(b)s", a=self.label, b=self.actual)

    @property
    def unfit(self) -> bool:
        """Say whether either side is 不适用."""
        return bool(self.value.not_applicable or self.bound.not_applicable)

    @property
    def shortfall(self) -> Bilingual:
        """Say that the figure misses the bound."""
        return say(
            "%(label)s为%(found)s，未达到“%(required)s”",
            "%(label)s is %(found)s, which misses '%(required)s'",
            label=self.value.label,
            found=self.actual,
            required=self.required,
        )

    @property
    def advice(self) -> Bilingual:
        """Say how far it is to the bound."""
        return gap_advice(self.comparison.operator, self.value, self.bound)


def comparison_of(
    figure: str,
    bounds: Mapping[str, Operand | None],
    label: str = "",
    points: Fraction | None = None,
) -> Comparison:
    """Make a comparison of the one bound that is given.

    :raises ValueError: if there is none, or more than one
    """
    given = [(operator, bound) for operator, bound in bounds.items() if bound is not None]
    if len(given) != 1:
        raise ValueError("exactly one bound")
    operator, bound = given[0]
    return Comparison(figure=figure, operator=operator, bound=bound, label=label, points=points)


def compared(comparison: Comparison, case: Case) -> Compared:
    """Read both sides of a comparison."""
    value = case.source.value(comparison.figure)
    bound = case.source.value(comparison.bound, like=value)
    required = say(
        "%(label)s%(sign)s%(bound)s%(note)s",
        "%(label)s %(sign)s %(bound)s%(note)s",
        label=comparison.label or value.label,
        sign=SIGNS[comparison.operator],
        bound=bound.sentence(),
        note=bound.note,
    )
    return Compared(comparison, value, bound, required, value.sentence(against=bound.exact))


def gap_advice(operator: str, value: Interval, bound: Interval) -> Bilingual:
    """Say how far a value is from a bound."""
    if value.exact is None or bound.exact is None:
        return NOTHING
    if operator not in RISING:
        return say(
            "把%(label)s降到%(bound)s可得满分。",
            "Bring %(label)s down to %(bound)s for full marks.",
            label=value.label,
            bound=bound.sentence(),
        )
    if value.unit in (*RATES, ""):
        return say(
            "把%(label)s提高到%(bound)s可得满分。",
            "Raise %(label)s to %(bound)s for full marks.",
            label=value.label,
            bound=bound.sentence(),
        )
    return say(
        "再完成%(gap)s%(unit)s可得满分。",
        "%(gap)s%(unit)s more earn full marks.",
        gap=number_text(abs(bound.exact - value.exact), value.decimals),
        unit=value.suffix,
    )
