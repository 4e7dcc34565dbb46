"""waiting: points that nobody can give yet, with what they wait for (等抽样核对后计分)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, ClassVar

from taizhang.core.scoring.outcome import ZERO, Case, Outcome, Waiting, WaitsFor, undecided
from taizhang.core.scoring.parameter import TEXT, Param
from taizhang.core.scoring.rule import Decision, ScoringRule
from taizhang.core.text.bilingual import NOTHING, say


@dataclass(frozen=True, kw_only=True)
class NoSourceYet(ScoringRule):
    """Points that nobody can give yet: neither the unit's own word nor an assessor's."""

    example: ClassVar[str] = "{kind: waiting, waits_for: 居民抽样评价}"
    decision: ClassVar[Decision] = Decision.NOBODY

    waits_for: Annotated[
        str, Param(TEXT, "the source, not there yet, from which alone the points can come")
    ]

    def score(self, case: Case) -> Outcome:
        required = say("等待：%(source)s", "waits for: %(source)s", source=self.waits_for)
        waits = say(
            "等待%(source)s，有了来源再计分，不由人填",
            "Waits for %(source)s; scored from that source alone, typed by nobody",
            source=self.waits_for,
        )
        possible: set[Fraction] = {ZERO, self.full_marks(case)}
        return undecided(required, NOTHING, Waiting(WaitsFor.DATA, waits), possible)
