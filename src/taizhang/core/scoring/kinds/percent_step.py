"""percent_step: full marks less a deduction for each step off the target (每低1个百分点扣1分)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Annotated, ClassVar

from taizhang.core.scoring.comparison import SIGNS, Comparison, gap_advice
from taizhang.core.scoring.deduction import Deduction, deduction_defects
from taizhang.core.scoring.draft import Clause, DraftFigures
from taizhang.core.scoring.interval import difference, reach
from taizhang.core.scoring.outcome import ZERO, Case, Outcome
from taizhang.core.scoring.parameter import (
    FORMULA,
    NUMBER,
    OPERAND,
    POINTS,
    POSITIVE,
    Operand,
    Param,
    choice,
)
from taizhang.core.scoring.rule import Defect, ScoringRule
from taizhang.core.text.bilingual import say
from taizhang.core.text.number import number_text

#: Steps of a draft at most.
MOST_STEPS = 60


@dataclass(frozen=True, kw_only=True)
class PercentStep(ScoringRule):
    """Full marks less a deduction for each step that a figure misses its target by."""

    example: ClassVar[str] = (
        "{kind: percent_step, figure: coverage, target: 90, step: 1, deduct: 0.5}"
    )

    figure: Annotated[str, Param(FORMULA, "what is compared, unrounded")]
    target: Annotated[Operand, Param(OPERAND, "value of full marks")]
    deduct: Annotated[Fraction, Param(NUMBER, "points taken off for each step")]
    step: Annotated[Fraction, Param(POSITIVE, "size of a step in the figure's own unit")] = (
        Fraction(1)
    )
    count: Annotated[
        str,
        Param(
            choice("whole", "started", "exact"),
            "which steps count: whole ones, each one begun, or their exact share",
        ),
    ] = "whole"
    side: Annotated[
        str, Param(choice("below", "above"), "the side of the target that loses points")
    ] = "below"
    floor: Annotated[Fraction, Param(POINTS, "lowest points")] = ZERO

    @property
    def operator(self) -> str:
        """Give how the figure must stand to the target."""
        return "at_least" if self.side == "below" else "at_most"

    def comparisons(self) -> Iterator[Comparison]:
        yield Comparison(figure=self.figure, operator=self.operator, bound=self.target)

    @property
    def targets(self) -> bool:
        return True

    def defects(self, maximum: Fraction) -> Iterator[Defect]:
        yield from deduction_defects("deduct", self.deduct, self.floor, self.most(maximum))

    def score(self, case: Case) -> Outcome:
        value = case.source.value(self.figure)
        target = case.source.value(self.target, like=value)
        below = self.side == "below"
        gap = difference(target, value) if below else difference(value, target)
        left = Deduction(self.full_marks(case), self.floor, self.deduct)
        breaks = [ZERO]
        if self.deduct > 0:
            breaks.append(self.step * (ceil(left.most_events) + 1))
        possible = reach(lambda gap: left.points(self._steps(gap)), gap, breaks)
        required = say(
            "%(label)s%(sign)s%(target)s，每差%(step)s扣%(deduct)s分",
            "%(label)s %(sign)s %(target)s, minus %(deduct)s for each %(step)s",
            label=value.label,
            sign=SIGNS[self.operator],
            target=target.sentence(),
            step=number_text(self.step) + value.suffix,
            deduct=self.deduct,
        )
        actual = value.sentence(against=target.exact)
        why = say(
            "%(label)s为%(found)s，与%(target)s相差%(gap)s，计%(steps)s档，每档扣%(deduct)s分",
            "%(label)s is %(found)s, %(gap)s from %(target)s: %(steps)s steps of %(deduct)s points",
            label=value.label,
            found=actual,
            target=target.sentence(),
            gap=number_text(abs(gap.exact or ZERO), 4) + value.suffix,
            steps=number_text(self._steps(gap.exact or ZERO)),
            deduct=self.deduct,
        )
        remedy = gap_advice(self.operator, value, target)
        return self.settled(case, (value, target), possible, required, actual, why, remedy)

    def _steps(self, gap: Fraction) -> Fraction:
        steps = max(ZERO, gap) / self.step
        rounded = {"whole": Fraction(floor(steps)), "started": Fraction(ceil(steps))}
        return rounded.get(self.count, steps)

    @classmethod
    def draft(cls, clause: Clause, figures: DraftFigures) -> dict[str, object]:
        if "base" in clause.params:
            return cls._raised(clause, figures)
        return {
            "kind": cls.kind,
            "figure": figures.rate(clause.figure),
            "target": Fraction(100),
            **clause.kept("target", "step", "deduct", "side", "floor"),
        }

    @classmethod
    def _raised(cls, clause: Clause, figures: DraftFigures) -> dict[str, object]:
        """Write a base and steps above it as steps below the value that earns everything."""
        params = clause.params
        add, below = params.get("add"), params.get("deduct")
        if "full_at" not in params or not isinstance(add, Fraction):
            return super().draft(clause, figures)
        ends = [params.get(name) for name in ("base", "target", "step")]
        if below is None and all(isinstance(end, Fraction) for end in ends):
            return _climbed(clause, figures.rate(clause.figure), add)
        if below is not None and below != add:
            # One size up and another down: there is no such rule.
            return super().draft(clause, figures)
        return {
            "kind": cls.kind,
            "figure": figures.rate(clause.figure),
            "target": params["full_at"],
            "step": params["step"],
            "deduct": add,
        }


def _climbed(clause: Clause, figure: str, add: Fraction) -> dict[str, object]:
    """Write a base below which nothing is earned, and each whole step above it, as tiers."""
    points, value, step, full = (
        Fraction(str(clause.params[name])) for name in ("base", "target", "step", "full")
    )
    tiers = [[value, points]]
    while points < full and len(tiers) < MOST_STEPS and step > 0 and add > 0:
        value, points = value + step, min(points + add, full)
        tiers.append([value, points])
    return {"kind": "tiers", "figure": figure, "tiers": tiers[::-1], "below": ZERO}
