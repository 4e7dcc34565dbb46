"""per_event: start marks less a deduction for each event (每发生一次扣2分，扣完为止)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, ClassVar

from taizhang.core.scoring.deduction import Deduction, deduction_defects
from taizhang.core.scoring.draft import Clause, DraftFigures
from taizhang.core.scoring.interval import difference, reach
from taizhang.core.scoring.outcome import ZERO, Case, Outcome
from taizhang.core.scoring.parameter import FORMULA, NUMBER, POINTS, Param
from taizhang.core.scoring.rule import Defect, ScoringRule
from taizhang.core.text.bilingual import NOTHING, say
from taizhang.core.text.number import number_text


@dataclass(frozen=True, kw_only=True)
class PerEvent(ScoringRule):
    """Start marks less a deduction for each event."""

    example: ClassVar[str] = (
        "{kind: per_event, start: 10, deduct: 2, figure: boards_overdue, floor: 0}"
    )
    by_deduction: ClassVar[bool] = True

    figure: Annotated[str, Param(FORMULA, "number of events")]
    deduct: Annotated[
        Fraction, Param(NUMBER, "points taken off for each event, written as 0 or more")
    ]
    start: Annotated[
        Fraction | None, Param(POINTS, "points without any event; full marks by default")
    ] = None
    floor: Annotated[Fraction, Param(POINTS, "lowest points")] = ZERO
    resolved: Annotated[
        str | None, Param(FORMULA, "number of events since put right, which no longer count")
    ] = None

    def most(self, maximum: Fraction) -> Fraction:
        return super().most(maximum) if self.start is None else self.start

    def defects(self, maximum: Fraction) -> Iterator[Defect]:
        yield from deduction_defects("deduct", self.deduct, self.floor, self.most(maximum))

    def score(self, case: Case) -> Outcome:
        events = case.source.value(self.figure)
        counted = events
        if self.resolved is not None:
            counted = difference(events, case.source.value(self.resolved))
        start = self.full_marks(case) if self.start is None else min(case.max, self.start)
        left = Deduction(start, self.floor, self.deduct)
        possible = reach(left.points, counted, left.breaks)
        required = say(
            "%(label)s为0，每%(unit)s扣%(deduct)s分，最低%(floor)s分",
            "%(label)s: 0; minus %(deduct)s for each, not below %(floor)s",
            label=events.label,
            unit=events.suffix or "个",
            deduct=self.deduct,
            floor=left.least,
        )
        actual = counted.sentence()
        why = say(
            "%(label)s%(count)s，每%(unit)s扣%(deduct)s分",
            "%(label)s: %(count)s, minus %(deduct)s points for each",
            label=events.label,
            count=actual,
            unit=events.suffix or "个",
            deduct=self.deduct,
        )
        remedy = NOTHING
        if counted.exact:
            remedy = say("整改这%(count)s。", "Put these right: %(count)s.", count=actual)
        return self.settled(case, (counted,), possible, required, actual, why, remedy)

    @classmethod
    def draft(cls, clause: Clause, figures: DraftFigures) -> dict[str, object]:
        if clause.params.get("deduct") is None:
            return super().draft(clause, figures)
        return {
            "kind": cls.kind,
            "start": clause.most,
            "deduct": clause.params["deduct"],
            "figure": figures.count(clause.condition or clause.item, "次"),
            "floor": clause.params.get("floor", ZERO),
        }

    @classmethod
    def draft_sum(cls, clauses: Sequence[Clause], figures: DraftFigures) -> dict[str, object]:
        """Write deductions of several sizes as one sum of events, weighed by what each costs."""
        parts = []
        for clause in clauses:
            cost = clause.params.get("deduct", clause.params.get("deduct_each"))
            event = figures.count(clause.condition or clause.item, "次")
            parts.append(f"{event} * {number_text(cost) if isinstance(cost, Fraction) else cost}")
        return {
            "kind": cls.kind,
            "start": clauses[0].most,
            "deduct": Fraction(1),
            "figure": " + ".join(parts),
            "floor": ZERO,
        }
