"""zero_trigger: nothing when something happened, else what another rule gives (出现…本项不得分)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Annotated, ClassVar

from taizhang.core.scoring.draft import Clause, DraftFigures
from taizhang.core.scoring.interval import truth
from taizhang.core.scoring.outcome import (
    ZERO,
    Case,
    Outcome,
    below_max,
    decided,
    unapplied,
    undecided,
    waits_of,
)
from taizhang.core.scoring.parameter import FORMULA, Gives, Param
from taizhang.core.scoring.rule import RULE, ScoringRule
from taizhang.core.text.bilingual import joined, say


@dataclass(frozen=True, kw_only=True)
class ZeroTrigger(ScoringRule):
    """Nothing when something happened; else full marks, or what another rule gives."""

    example: ClassVar[str] = (
        "{kind: zero_trigger, when: false_records > 0, "
        "rule: {kind: proportional, figure: records, of: 12}}"
    )

    when: Annotated[
        str,
        Param(FORMULA, "condition, or a number of events (more than 0 triggers)", Gives.EVENT),
    ]
    rule: Annotated[
        ScoringRule | None, Param(RULE, "rule that scores the item when nothing happened")
    ] = None

    def most(self, maximum: Fraction) -> Fraction:
        full = super().most(maximum)
        return full if self.rule is None else self.rule.most(maximum) or full

    def score(self, case: Case) -> Outcome:
        event = case.source.value(self.when)
        fired = truth(event)
        required = say("没有发生：%(label)s", "must not happen: %(label)s", label=event.label)
        actual = event.sentence()
        unfit = unapplied(event)
        if unfit:
            return self.left_out(case, required, unfit)
        if fired:
            why = say(
                "发生%(label)s（%(value)s），本项不得分",
                "%(label)s happened (%(value)s): no points for the item",
                label=event.label,
                value=actual,
            )
            return decided(case, ZERO, required, actual, why)
        if self.rule is None:
            otherwise = decided(case, self.full_marks(case), required, actual, below_max())
        else:
            otherwise = self.rule.apply(case)
            both = joined([text for text in (required, otherwise.required) if text])
            otherwise = replace(otherwise, required=both)
        if fired is False or otherwise.points == ZERO:
            return otherwise
        most = otherwise.points
        if most is None:
            most = (otherwise.possible or (case.max,))[-1]
        return undecided(required, actual, waits_of(event), {ZERO, most})

    @classmethod
    def draft(cls, clause: Clause, figures: DraftFigures) -> dict[str, object]:
        event = figures.count(clause.condition or "触发情形", "次")
        return {"kind": cls.kind, "when": f"{event} > 0"}
