"""proportional: full marks × what was done ÷ what was to be done (按完成比例得分)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, ClassVar

from taizhang.core.scoring.comparison import Comparison, gap_advice
from taizhang.core.scoring.draft import RATE_UNITS, Clause, DraftFigures
from taizhang.core.scoring.interval import ratio, reach
from taizhang.core.scoring.outcome import ZERO, Case, Outcome
from taizhang.core.scoring.parameter import FLAG, FORMULA, OPERAND, POINTS, Operand, Param
from taizhang.core.scoring.rubric_code import RubricCode
from taizhang.core.scoring.rule import Defect, ScoringRule
from taizhang.core.text.bilingual import say
from taizhang.core.text.number import number_text

ONE = Fraction(1)


@dataclass(frozen=True, kw_only=True)
class Proportional(ScoringRule):
    """Full marks × figure ÷ target."""

    example: ClassVar[str] = "{kind: proportional, figure: lectures, of: norm(lectures)}"

    figure: Annotated[str, Param(FORMULA, "what was done")]
    of: Annotated[Operand, Param(OPERAND, "what was to be done: a number, norm(…) or target(…)")]
    at_most: Annotated[
        Fraction | None, Param(POINTS, "most points that can be earned; full marks by default")
    ] = None
    lower_is_better: Annotated[
        bool, Param(FLAG, "full marks up to the target, then full × target ÷ figure")
    ] = False

    def comparisons(self) -> Iterator[Comparison]:
        yield Comparison(figure=self.figure, operator="at_least", bound=self.of)

    def most(self, maximum: Fraction) -> Fraction:
        full = super().most(maximum)
        return full if self.at_most is None else min(full, self.at_most)

    def defects(self, maximum: Fraction) -> Iterator[Defect]:
        if isinstance(self.of, Fraction) and self.of <= 0:
            yield Defect(RubricCode.RUBRIC_021, {"of": number_text(self.of)})

    def score(self, case: Case) -> Outcome:
        value = case.source.value(self.figure)
        target = case.source.value(self.of, like=value)
        share = ratio(value, target)
        full = self.full_marks(case)
        most = full if self.at_most is None else min(self.at_most, full)

        def points(done: Fraction) -> Fraction:
            if self.lower_is_better:
                return most if done <= 1 else min(most, full / done)
            return min(most, full * max(ZERO, done))

        possible = reach(points, share, (ZERO, ONE))
        if self.lower_is_better and share.high is None:
            possible.add(ZERO)
        required = say(
            "%(label)s应为%(target)s%(note)s",
            "%(label)s: %(target)s%(note)s",
            label=value.label,
            target=target.sentence(),
            note=target.note,
        )
        if target.not_applicable:  # nothing is asked: no quota was handed down
            required = say(
                "%(label)s：%(why)s",
                "%(label)s: %(why)s",
                label=value.label,
                why=target.not_applicable,
            )
        actual = value.sentence(against=target.exact)
        why = say(
            "%(label)s为%(found)s，应为%(target)s，完成%(share)s%%",
            "%(label)s is %(found)s of %(target)s, %(share)s%% of it",
            label=value.label,
            found=actual,
            target=target.sentence(),
            share=number_text((share.exact or ZERO) * 100),
        )
        remedy = gap_advice("at_most" if self.lower_is_better else "at_least", value, target)
        return self.settled(case, (value, target, share), possible, required, actual, why, remedy)

    @classmethod
    def draft(cls, clause: Clause, figures: DraftFigures) -> dict[str, object]:
        each, target = clause.params.get("each"), clause.params.get("of")
        if isinstance(each, Fraction) and each:
            figure = figures.count(clause.condition or clause.figure, "次")
            return {"kind": cls.kind, "figure": figure, "of": clause.most / each}
        if isinstance(target, str) and re.fullmatch(r"\d+(?:\.\d+)?", target):
            figure = figures.count(clause.figure, "次")
            return {"kind": cls.kind, "figure": figure, "of": Fraction(target)}
        if not isinstance(target, Fraction):
            return {"kind": "rate_points", "figure": figures.rate(clause.figure)}
        if clause.unit in RATE_UNITS:
            return {"kind": cls.kind, "figure": figures.rate(clause.figure), "of": target}
        figure = figures.count(clause.figure, clause.unit)
        return {"kind": cls.kind, "figure": figure, "of": target}
