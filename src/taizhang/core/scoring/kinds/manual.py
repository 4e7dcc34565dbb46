"""manual: points that the assessor states (由考核组评定)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from taizhang.core.scoring.outcome import ZERO, Case, Outcome, by_person
from taizhang.core.scoring.parameter import REASON, WAITS_FOR
from taizhang.core.scoring.rule import Decision, ScoringRule
from taizhang.core.text.bilingual import NOTHING, same, say


@dataclass(frozen=True, kw_only=True)
class Manual(ScoringRule):
    """Points that the assessor states."""

    example: ClassVar[str] = "{kind: manual}"
    decision: ClassVar[Decision] = Decision.POINTS

    reason: Annotated[str, REASON] = "required"
    waits_for: Annotated[str | None, WAITS_FOR] = None

    def score(self, case: Case) -> Outcome:
        required = say("由考核员评定", "by the assessor")
        occasion = same(self.waits_for) if self.waits_for else NOTHING
        full, reasoned = self.full_marks(case), self.reason == "required"
        return by_person(case, required, occasion, ZERO, full, reasoned)
