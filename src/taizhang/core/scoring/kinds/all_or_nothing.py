"""all_or_nothing: full marks when all conditions hold, nothing when none does (资料齐全得3分)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, ClassVar

from taizhang.core.scoring.draft import Clause, DraftFigures
from taizhang.core.scoring.interval import Interval, truth
from taizhang.core.scoring.outcome import ZERO, Case, Outcome, by_person
from taizhang.core.scoring.parameter import FORMULAS, POINTS, POINTS_OR_PENDING, Gives, Param
from taizhang.core.scoring.rule import ScoringRule
from taizhang.core.text.bilingual import NOTHING, Bilingual, joined, say


@dataclass(frozen=True, kw_only=True)
class AllOrNothing(ScoringRule):
    """Full marks when everything holds, nothing when nothing does."""

    example: ClassVar[str] = (
        "{kind: all_or_nothing, when: [plans >= 1, summaries >= 1], partial: pending}"
    )

    when: Annotated[
        tuple[str, ...],
        Param(
            FORMULAS,
            "conditions that can be true or false; without any, the assessor decides",
            Gives.CONDITION,
        ),
    ] = ()
    partial: Annotated[
        Fraction | str,
        Param(
            POINTS_OR_PENDING,
            "what some but not all conditions earn: points, or pending for the assessor's decision",
        ),
    ] = "pending"
    otherwise: Annotated[Fraction, Param(POINTS, "points when no condition holds")] = ZERO

    def score(self, case: Case) -> Outcome:
        full = self.full_marks(case)
        if not self.when:
            required = say(
                "齐全得%(full)s分，没有不得分", "all: %(full)s points; none: 0", full=full
            )
            return by_person(case, required, NOTHING, ZERO, full)
        values = tuple(case.source.value(formula) for formula in self.when)
        verdicts = [truth(value) for value in values]
        paired = list(zip(values, verdicts, strict=True))
        required = joined([say("%(a)s", "%(a)s", a=value.label) for value in values])
        actual = joined([_verdict_sentence(value, verdict) for value, verdict in paired])
        missed = "、".join(value.label for value, verdict in paired if not verdict)
        why = say("不具备：%(missed)s", "does not hold: %(missed)s", missed=missed)
        possible = self._possible(case, verdicts)
        return self.settled(case, values, possible, required, actual, why)

    def _possible(self, case: Case, verdicts: list[bool | None]) -> set[Fraction | None]:
        may_hold = [verdict is not False for verdict in verdicts]
        may_fail = [verdict is not True for verdict in verdicts]
        possible: set[Fraction | None] = set()
        if all(may_hold):
            possible.add(self.full_marks(case))
        if all(may_fail):
            possible.add(min(case.max, self.otherwise))
        if any(
            holds and fails
            for i, holds in enumerate(may_hold)
            for j, fails in enumerate(may_fail)
            if i != j
        ):
            pending = self.partial == "pending"
            possible.add(None if pending else min(case.max, Fraction(self.partial)))
        return possible

    @classmethod
    def draft(cls, clause: Clause, figures: DraftFigures) -> dict[str, object]:
        return {"kind": cls.kind, "partial": "pending"}


def _verdict_sentence(value: Interval, verdict: bool | None) -> Bilingual:
    zh, en = {True: ("有", "yes"), False: ("无", "no"), None: ("未知", "not known")}[verdict]
    return say(f"%(label)s：{zh}", f"%(label)s: {en}", label=value.label)
