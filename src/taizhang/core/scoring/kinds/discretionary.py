"""discretionary: points within a range by the assessor's judgement (酌情扣1—3分)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, ClassVar

from taizhang.core.scoring.draft import Clause, DraftFigures
from taizhang.core.scoring.outcome import ZERO, Case, Outcome, by_person
from taizhang.core.scoring.parameter import RANGE, REASON, Param, choice
from taizhang.core.scoring.rule import Decision, Defect, ScoringRule, unvarying
from taizhang.core.text.bilingual import NOTHING, say


@dataclass(frozen=True, kw_only=True)
class Discretionary(ScoringRule):
    """Points within a range, by the assessor's judgement with a written reason."""

    example: ClassVar[str] = "{kind: discretionary, range: [0, 3]}"
    decision: ClassVar[Decision] = Decision.POINTS

    range: Annotated[tuple[Fraction, Fraction], Param(RANGE, "lowest and highest points")]
    mode: Annotated[
        str,
        Param(
            choice("award", "deduct"),
            "whether the range is given (酌情给分) or taken off full marks (酌情扣分)",
        ),
    ] = "award"
    reason: Annotated[str, REASON] = "required"

    def most(self, maximum: Fraction) -> Fraction:
        low, high = self.range
        return high if self.mode == "award" else super().most(maximum) - low

    def defects(self, maximum: Fraction) -> Iterator[Defect]:
        low, high = self.range
        if low == high:
            yield unvarying(self.most(maximum))

    def score(self, case: Case) -> Outcome:
        low, high = self.range
        if self.mode == "deduct":
            required = say(
                "酌情扣%(a)s–%(b)s分", "minus %(a)s–%(b)s points by judgement", a=low, b=high
            )
            low, high = self.full_marks(case) - high, self.full_marks(case) - low
        else:
            required = say("酌情给%(a)s–%(b)s分", "%(a)s–%(b)s points by judgement", a=low, b=high)
        low, high = max(ZERO, low), min(case.max, high)
        return by_person(case, required, NOTHING, low, high, self.reason == "required")

    @classmethod
    def draft(cls, clause: Clause, figures: DraftFigures) -> dict[str, object]:
        stated = clause.params.get("range")
        ends = (
            [end for end in stated if isinstance(end, Fraction)] if isinstance(stated, list) else []
        )
        low, high = ends if len(ends) == 2 else (ZERO, clause.most)
        mode = clause.params.get("mode", "award")
        if mode == "deduct":
            low = ZERO  # a unit without fault loses nothing
        return {"kind": cls.kind, "range": [low, high], "mode": mode}
