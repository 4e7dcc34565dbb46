"""bonus: points outside the total, for each of something or by another rule (加分项)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Annotated, ClassVar

from taizhang.core.base.issue import gettext_noop
from taizhang.core.scoring.draft import Clause, DraftFigures
from taizhang.core.scoring.interval import reach
from taizhang.core.scoring.outcome import ZERO, Case, Outcome
from taizhang.core.scoring.parameter import FORMULA, POINTS, Fault, Param
from taizhang.core.scoring.rule import RULE, ScoringRule
from taizhang.core.text.bilingual import NOTHING, say


@dataclass(frozen=True, kw_only=True)
class Bonus(ScoringRule):
    """Points outside the total: for each of something, or by another rule, up to a cap."""

    example: ClassVar[str] = "{kind: bonus, figure: pilot_projects, each: 1, cap: 3}"
    outside_total: ClassVar[bool] = True

    figure: Annotated[str | None, Param(FORMULA, "number of what earns a bonus")] = None
    each: Annotated[Fraction | None, Param(POINTS, "points for each")] = None
    rule: Annotated[ScoringRule | None, Param(RULE, "instead: rule that gives the points")] = None
    cap: Annotated[Fraction | None, Param(POINTS, "most points; the item's max by default")] = None

    def most(self, maximum: Fraction) -> Fraction:
        return maximum if self.cap is None else self.cap

    def faults(self) -> Iterator[Fault]:
        if (self.rule is None) == (self.figure is None):
            wanted = gettext_noop("either figure with each, or rule")
            yield Fault("figure", "missing", wanted=wanted)
        elif self.figure is not None and self.each is None:
            yield Fault("each", "missing", wanted=POINTS.wanted)

    def score(self, case: Case) -> Outcome:
        cap = min(self.most(case.max), case.max)
        if self.rule is not None:
            return replace(self.rule.apply(replace(case, max=cap)), losses=())
        value = case.source.value(self.figure or "")
        each = self.each or ZERO
        breaks = [ZERO, cap / each] if each else [ZERO]
        possible = reach(lambda count: min(cap, each * max(ZERO, count)), value, breaks)
        required = say(
            "每%(unit)s加%(each)s分，最多%(cap)s分",
            "%(each)s points for each, at most %(cap)s",
            unit=value.suffix or "个",
            each=each,
            cap=cap,
        )
        outcome = self.settled(case, (value,), possible, required, value.sentence(), NOTHING)
        return replace(outcome, losses=())

    @staticmethod
    def each_of(params: Mapping[str, object]) -> object:
        """Give what a clause as read adds for each."""
        return params.get("each", params.get("points"))

    @classmethod
    def draft(cls, clause: Clause, figures: DraftFigures) -> dict[str, object]:
        each = cls.each_of(clause.params)
        if not isinstance(each, Fraction):
            return {"kind": "discretionary", "range": [ZERO, clause.most]}
        return {
            "kind": cls.kind,
            "figure": figures.count(clause.condition or clause.item, "次"),
            "each": each,
            "cap": clause.most,
        }
