"""rate_points: full marks × a rate (完成率×10分)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, ClassVar

from taizhang.core.scoring.comparison import gap_advice
from taizhang.core.scoring.draft import Clause, DraftFigures
from taizhang.core.scoring.interval import constant, reach
from taizhang.core.scoring.outcome import ZERO, Case, Outcome
from taizhang.core.scoring.parameter import FORMULA, Gives, Param
from taizhang.core.scoring.rule import ScoringRule
from taizhang.core.text.bilingual import say


@dataclass(frozen=True, kw_only=True)
class RatePoints(ScoringRule):
    """Full marks × a rate (75 % earns three quarters)."""

    example: ClassVar[str] = "{kind: rate_points, figure: full_file_share}"

    figure: Annotated[
        str,
        Param(FORMULA, "a rate in percent or permille, or a ratio of at most 1", Gives.RATE),
    ]

    def score(self, case: Case) -> Outcome:
        value = case.source.value(self.figure)
        whole, full = Fraction(value.whole), self.full_marks(case)

        def points(rate: Fraction) -> Fraction:
            return full * min(max(rate / whole, ZERO), Fraction(1))

        possible = reach(points, value, (ZERO, whole))
        bound = constant(whole, like=value)
        required = say(
            "按%(label)s×%(full)s分计", "%(label)s × %(full)s points", label=value.label, full=full
        )
        actual = value.sentence(against=whole)
        why = say(
            "%(label)s为%(found)s，满分需%(bound)s",
            "%(label)s is %(found)s; full marks need %(bound)s",
            label=value.label,
            found=actual,
            bound=bound.sentence(),
        )
        remedy = gap_advice("at_least", value, bound)
        return self.settled(case, (value,), possible, required, actual, why, remedy)

    @classmethod
    def draft(cls, clause: Clause, figures: DraftFigures) -> dict[str, object]:
        return {"kind": cls.kind, "figure": figures.rate(clause.figure)}
