"""threshold: full marks when a figure reaches a bound (上报5篇以上得1分)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, ClassVar

from taizhang.core.base.issue import gettext_noop
from taizhang.core.scoring.comparison import (
    OPERATORS,
    RISING,
    Comparison,
    compared,
    comparison_of,
)
from taizhang.core.scoring.draft import Clause, DraftFigures
from taizhang.core.scoring.interval import Interval, constant, holds
from taizhang.core.scoring.outcome import ZERO, Case, Outcome
from taizhang.core.scoring.parameter import (
    FORMULA,
    NUMBER,
    OPERAND,
    POINTS,
    Fault,
    Operand,
    Param,
    shown,
)
from taizhang.core.scoring.rubric_code import RubricCode
from taizhang.core.scoring.rule import Defect, ScoringRule, unvarying


@dataclass(frozen=True, kw_only=True)
class Threshold(ScoringRule):
    """Full marks when a figure reaches a bound; exactly one of the four bounds is given."""

    example: ClassVar[str] = "{kind: threshold, figure: large_events, at_least: 4, else: 0}"

    figure: Annotated[str, Param(FORMULA, "what is compared, unrounded")]
    at_least: Annotated[
        Operand | None, Param(OPERAND, "full marks at this value and above (以上)")
    ] = None
    at_most: Annotated[
        Operand | None, Param(OPERAND, "full marks at this value and below (以下)")
    ] = None
    above: Annotated[Operand | None, Param(OPERAND, "full marks above this value")] = None
    below: Annotated[Operand | None, Param(OPERAND, "full marks below this value")] = None
    otherwise: Annotated[
        Fraction | None,
        Param(POINTS, "points when the bound is not reached; 0 by default"),
    ] = None
    zero_at: Annotated[
        Fraction | None,
        Param(
            NUMBER,
            "where a source text gives 0 points; without `else` what lies between here and the "
            "bound is undefined: reported, and left to the assessor",
        ),
    ] = None

    @property
    def comparison(self) -> Comparison:
        """Give the figure against its bound."""
        return comparison_of(self.figure, {name: getattr(self, name) for name in OPERATORS})

    def comparisons(self) -> Iterator[Comparison]:
        yield self.comparison

    @property
    def targets(self) -> bool:
        return True

    def faults(self) -> Iterator[Fault]:
        given = [name for name in OPERATORS if getattr(self, name) is not None]
        if len(given) != 1:
            problem = "unknown" if given else "missing"
            wanted = gettext_noop("exactly one bound")
            yield Fault(" | ".join(given or OPERATORS), problem, wanted=wanted)

    def defects(self, maximum: Fraction) -> Iterator[Defect]:
        if self.otherwise == self.most(maximum):
            yield unvarying(self.most(maximum))
        bound = self.comparison.bound
        if self.zero_at is not None and self.otherwise is None and bound != self.zero_at:
            low, high = shown(self.zero_at), shown(bound)
            if isinstance(bound, Fraction) and bound < self.zero_at:
                low, high = high, low
            yield Defect(RubricCode.RUBRIC_009, {"figure": self.figure, "low": low, "high": high})

    def score(self, case: Case) -> Outcome:
        sides = compared(self.comparison, case)
        verdict = holds(sides.comparison.operator, sides.value, sides.bound)
        possible: set[Fraction | None] = set()
        if verdict is not False:
            possible.add(self.full_marks(case))
        if verdict is not True:
            possible |= self._missed(sides.value, case.max)
        return self.settled(
            case,
            (sides.value, sides.bound),
            possible,
            sides.required,
            sides.actual,
            sides.shortfall,
            sides.advice,
        )

    def _missed(self, value: Interval, most: Fraction) -> set[Fraction | None]:
        """Give what a missed bound may earn; ``None`` in the stretch that a text leaves open."""
        if self.zero_at is None or self.otherwise is not None:
            return {min(most, self.otherwise or ZERO)}
        worse = "at_most" if self.comparison.operator in RISING else "at_least"
        at_zero = holds(worse, value, constant(self.zero_at))
        if at_zero is None:
            return {ZERO, None}
        return {ZERO} if at_zero else {None}

    @classmethod
    def draft(cls, clause: Clause, figures: DraftFigures) -> dict[str, object]:
        return {
            "kind": cls.kind,
            "figure": figures.figure(clause.figure, clause.unit),
            **clause.kept(*OPERATORS),
            **(clause.kept("zero_at") or {"else": ZERO}),
        }
