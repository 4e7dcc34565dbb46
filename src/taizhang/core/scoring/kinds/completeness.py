"""completeness: full marks less a deduction for each missing part of the records (少资料扣1分)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Annotated, ClassVar

from taizhang.core.base.issue import gettext_noop
from taizhang.core.scoring.deduction import Deduction, deduction_defects
from taizhang.core.scoring.draft import Clause, DraftFigures
from taizhang.core.scoring.interval import Interval, difference, reach, truth
from taizhang.core.scoring.outcome import ZERO, Case, Loss, Outcome, advice, with_rest
from taizhang.core.scoring.parameter import (
    FORMULA,
    NUMBER,
    OPERAND,
    PARTS,
    POINTS,
    Fault,
    Operand,
    Param,
    choice,
)
from taizhang.core.scoring.rule import Defect, ScoringRule
from taizhang.core.text.bilingual import Bilingual, joined, say

ONE = Fraction(1)
#: How the sentence of the requirement calls what is counted as missing, by ``per``.
PER = {
    "part": ("每少一项", "each missing part"),
    "record": ("每少一份齐全的记录", "each record that is not complete"),
    "once": ("有缺少", "anything missing"),
}
Gap = tuple[str, Interval]  # a part, and how many records lack it


@dataclass(frozen=True, kw_only=True)
class Completeness(ScoringRule):
    """Full marks less a deduction for each missing part of the records (never attachments)."""

    example: ClassVar[str] = (
        "{kind: completeness, records: events, quota: 4, deduct_each: 1.5, "
        "parts: {活动安排: events_planned, 活动总结: events_summed_up}}"
    )
    by_deduction: ClassVar[bool] = True

    records: Annotated[str, Param(FORMULA, "number of records, such as a measure with a filter")]
    parts: Annotated[
        tuple[tuple[str, str], ...],
        Param(
            PARTS,
            "each part (planned beforehand, held, result written) with the number of records that "
            "have it: an answer's measure, never an attachment",
        ),
    ]
    deduct_each: Annotated[Fraction, Param(NUMBER, "points taken off for each missing one")]
    quota: Annotated[
        Operand | None,
        Param(OPERAND, "records that there should be; by default those that there are"),
    ] = None
    per: Annotated[
        str,
        Param(
            choice(*PER),
            "what is counted as missing: each missing part of each record; each record that "
            "lacks a part (needs `complete`); or once, however much is missing",
        ),
    ] = "part"
    complete: Annotated[str | None, Param(FORMULA, "number of records that have all parts")] = None
    none: Annotated[Fraction, Param(POINTS, "points without any record")] = ZERO
    floor: Annotated[Fraction, Param(POINTS, "lowest points")] = ZERO

    def faults(self) -> Iterator[Fault]:
        if self.per == "record" and not self.complete:
            wanted = gettext_noop("formula, because per is record")
            yield Fault("complete", "missing", wanted=wanted)

    def defects(self, maximum: Fraction) -> Iterator[Defect]:
        most = self.most(maximum)
        yield from deduction_defects("deduct_each", self.deduct_each, self.floor, most)

    def score(self, case: Case) -> Outcome:
        records = case.source.value(self.records)
        quota = records if self.quota is None else case.source.value(self.quota, like=records)
        counts = [(part, case.source.value(formula)) for part, formula in self.parts]
        gaps: list[Gap] = [(part, _lacking(quota, count)) for part, count in counts]
        values = (records, quota, *(count for _, count in counts))
        if self.per == "record" and self.complete is not None:
            complete = case.source.value(self.complete)
            values = (*values, complete)
            gaps = [(say("齐全的记录", "complete records").zh, _lacking(quota, complete))]
        any_record = truth(records)
        possible: set[Fraction | None] = set()
        if any_record is not False:
            left = Deduction(self.full_marks(case), self.floor, self.deduct_each)
            possible |= reach(left.points, self._missing(gaps), left.breaks)
        if any_record is not True:
            possible.add(min(case.max, self.none))
        actual = joined(
            [
                say("%(l)s%(n)s", "%(l)s %(n)s", l=label, n=value.sentence())
                for label, value in [(records.label, records), *counts]
            ]
        )
        required, why = self._required(records, quota), _no_record(records, quota)
        outcome = self.settled(case, values, possible, required, actual, why)
        if outcome.points is None or any_record is False:
            return outcome
        losses = [*self._losses(case, gaps)]
        return replace(outcome, losses=with_rest(case, outcome.points, losses))

    def _missing(self, gaps: list[Gap]) -> Interval:
        """Add up what is missing, as the rule counts it."""
        low = sum((gap.low or ZERO for _, gap in gaps), ZERO)
        highs = [gap.high for _, gap in gaps]
        high = None if None in highs else sum((high for high in highs if high is not None), ZERO)
        if self.per == "once":
            low = min(low, ONE)
            high = None if high is None else min(high, ONE)
        return Interval(low=low, high=high)

    def _required(self, records: Interval, quota: Interval) -> Bilingual:
        zh, en = PER[self.per]
        return say(
            f"%(label)s%(quota)s%(note)s，均有%(parts)s；{zh}扣%(deduct)s分",
            f"%(label)s: %(quota)s%(note)s, each with %(parts)s; {en}: minus %(deduct)s",
            label=records.label,
            quota=quota.sentence(),
            note=quota.note,
            # “均有有安排” is said by nobody, however the part is named.
            parts="、".join(part for part, _ in self.parts).removeprefix("有"),
            deduct=self.deduct_each,
        )

    def _losses(self, case: Case, gaps: list[Gap]) -> Iterator[Loss]:
        """Explain the deduction part by part."""
        for part, gap in gaps:
            if not gap.exact:
                continue
            points = self.deduct_each * (ONE if self.per == "once" else gap.exact)
            why = say(
                "缺%(label)s%(count)s，按细则扣%(points)s分",
                "%(count)s without %(label)s: minus %(points)s points",
                label=part,
                count=gap.sentence(),
                points=points,
            )
            remedy = say(
                "补齐%(count)s的%(label)s（如实补记，不需要照片）。",
                "Complete %(label)s of %(count)s (truthfully; no photo is needed).",
                count=gap.sentence(),
                label=part,
            )
            yield Loss(points=points, why=why, remedy=advice(case, remedy))
            if self.per == "once":
                return

    @classmethod
    def draft(cls, clause: Clause, figures: DraftFigures) -> dict[str, object]:
        once = clause.params.get("per") == "once" and not clause.headed
        return {
            "kind": cls.kind,
            "records": figures.count(f"{clause.item}：应有记录", "份"),
            "parts": {"资料": figures.count(f"{clause.item}：资料齐全的记录", "份")},
            "deduct_each": clause.params["deduct_each"],
            **({"per": "once"} if once else {}),
        }


def _lacking(quota: Interval, count: Interval) -> Interval:
    """Give how many records lack what ``count`` of them have, 0 at least."""
    gap = difference(quota, count)
    low = max(ZERO, gap.low) if gap.low is not None else ZERO
    return replace(gap, low=low, high=None if gap.high is None else max(ZERO, gap.high))


def _no_record(records: Interval, quota: Interval) -> Bilingual:
    return say(
        "没有%(label)s记录，应有%(quota)s",
        "there is no record of %(label)s; required: %(quota)s",
        label=records.label,
        quota=quota.sentence(),
    )
