"""per_error: start marks less a deduction for what a check found (现场核对每发现一处扣2分)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, ClassVar

from taizhang.core.scoring.deduction import deduction_defects
from taizhang.core.scoring.interval import Interval
from taizhang.core.scoring.outcome import ZERO, Case, Outcome, decided
from taizhang.core.scoring.parameter import FORMULA, POINTS, Fault, Param, as_number
from taizhang.core.scoring.rule import Decision, Defect, ScoringRule
from taizhang.core.text.bilingual import NOTHING, Bilingual, joined, say
from taizhang.core.text.number import number_text


@dataclass(frozen=True, kw_only=True)
class PerError(ScoringRule):
    """Start marks less a deduction for each problem that a check found standing.

    What a unit puts on record of itself never takes points: without a check a clean unit and one
    that hides look alike.  A finding that the unit had on record costs ``recorded`` instead of
    ``deduct``, and never more.
    """

    example: ClassVar[str] = (
        "{kind: per_error, start: 8, deduct: 2, recorded: 1, own: problems_overdue, "
        "excused: problems_handed_up, looked: {figure: patrols, at_least: 4}}"
    )
    decision: ClassVar[Decision] = Decision.SAMPLE
    by_deduction: ClassVar[bool] = True

    deduct: Annotated[
        Fraction, Param(POINTS, "points for each finding that the unit did not have on record")
    ]
    own: Annotated[
        str | None,
        Param(
            FORMULA,
            "number of overdue problems that the unit has on record; as many of the findings cost "
            "`recorded`",
        ),
    ] = None
    recorded: Annotated[
        Fraction | None,
        Param(POINTS, "points for each of these, at most `deduct`; 0 by default"),
    ] = None
    excused: Annotated[
        str | None,
        Param(
            FORMULA,
            "number of problems on record that were handed up or are within their limit; as many "
            "of the findings cost nothing",
        ),
    ] = None
    start: Annotated[
        Fraction | None, Param(POINTS, "points without any finding; full marks by default")
    ] = None
    floor: Annotated[Fraction, Param(POINTS, "lowest points")] = ZERO

    @property
    def cost(self) -> Fraction:
        """Give what a finding costs that was on record."""
        return self.recorded or ZERO

    def most(self, maximum: Fraction) -> Fraction:
        return super().most(maximum) if self.start is None else self.start

    def faults(self) -> Iterator[Fault]:
        if self.cost > self.deduct:
            wanted = number_text(self.deduct)
            yield Fault("recorded", "wrong", number_text(self.cost), f"0 – {wanted}")

    def defects(self, maximum: Fraction) -> Iterator[Defect]:
        yield from deduction_defects("deduct", self.deduct, self.floor, self.most(maximum))

    def score(self, case: Case) -> Outcome:
        findings = _findings(case)
        own = None if self.own is None else case.source.value(self.own)
        excused = None if self.excused is None else case.source.value(self.excused)
        counted = findings - _at_most(excused, findings)
        told = _at_most(own, counted)
        start = self.full_marks(case) if self.start is None else min(case.max, self.start)
        cost = self.cost * told + self.deduct * (counted - told)
        points = max(min(self.floor, start), start - cost)
        required = say(
            "核对时没有未整改的问题，每处扣%(deduct)s分；本单位记录过、已超期的每处扣%(cost)s分，"
            "期限内的和已请上级协调的不扣",
            "no problem stands at a check; minus %(deduct)s for each, %(cost)s where it is on "
            "record and overdue, nothing where it is on record and in time or handed up",
            deduct=self.deduct,
            cost=self.cost,
        )
        actual = _found(case, findings, own)
        why = say(
            "%(found)s，其中记录过、已超期的%(told)s处每处扣%(cost)s分，没有记录的%(hidden)s处每处扣"
            "%(deduct)s分",
            "%(found)s; %(told)s on record and overdue at %(cost)s each, %(hidden)s not on record "
            "at %(deduct)s each",
            found=actual,
            told=number_text(told),
            cost=self.cost,
            hidden=number_text(counted - told),
            deduct=self.deduct,
        )
        remedy = say("整改查出的问题。", "Put right what was found.") if findings else NOTHING
        return decided(case, points, required, actual, why, remedy)


def _at_most(own: Interval | None, findings: Fraction) -> Fraction:
    """Give how many findings can have been on record; doubt goes to the unit."""
    if own is None or own.not_applicable:
        return ZERO
    return findings if own.high is None else min(findings, max(ZERO, own.high))


def _found(case: Case, findings: Fraction, own: Interval | None) -> Bilingual:
    checked = case.answer.get("checked")
    parts = [say("还没有核对", "not checked yet")]
    if checked is not None:
        told = "核对%(checked)s处，发现问题%(findings)s处"
        english = "%(checked)s places checked, %(findings)s problems found"
        parts = [say(told, english, checked=checked, findings=findings)]
    if own is not None and not own.not_applicable:
        told = "%(label)s%(own)s，自己记录的不因此扣分"
        english = "%(label)s: %(own)s, which costs nothing by itself"
        parts.append(say(told, english, label=own.label, own=own.sentence()))
    return joined(parts)


def _findings(case: Case) -> Fraction:
    """Give how many problems the check found; none while nobody has checked."""
    stated = case.answer.get("errors")
    return ZERO if stated is None else max(ZERO, as_number(stated))
