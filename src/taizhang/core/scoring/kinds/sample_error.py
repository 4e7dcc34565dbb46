"""sample_error: points by the error rate of a drawn sample, its interval shown (抽样核对)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import Annotated, ClassVar

from taizhang.core.scoring.draft import Clause, DraftFigures
from taizhang.core.scoring.interval import Interval, reach
from taizhang.core.scoring.kinds.per_event import PerEvent
from taizhang.core.scoring.outcome import (
    ZERO,
    Case,
    Outcome,
    Waiting,
    WaitsFor,
    by_person,
    undecided,
)
from taizhang.core.scoring.parameter import (
    FORMULA,
    NUMBER,
    WAITS_FOR,
    Param,
    as_number,
    choice,
)
from taizhang.core.scoring.rubric_code import RubricCode
from taizhang.core.scoring.rule import Decision, Defect, ScoringRule
from taizhang.core.text.bilingual import NOTHING, Bilingual, say
from taizhang.core.text.number import number_text, points_text

#: Two-sided 95 % point of the normal distribution.
Z95 = 1.959963984540054
Counts = tuple[Fraction, Fraction]  # errors, checked


@dataclass(frozen=True, slots=True)
class Sample:
    """The error rate of a sample, with errors and checked fields where they are known."""

    rate: Interval
    counts: Counts | None


@dataclass(frozen=True, kw_only=True)
class SampleError(ScoringRule):
    """Full marks × max(0, 1 − e ÷ E0): the error rate e of checked fields becomes points."""

    example: ClassVar[str] = "{kind: sample_error, zero_at: 10}"
    decision: ClassVar[Decision] = Decision.SAMPLE
    by_deduction: ClassVar[bool] = True

    figure: Annotated[
        str | None,
        Param(
            FORMULA,
            "error rate e, in the unit of zero_at; without it the assessor states errors and "
            "checked",
        ),
    ] = None
    zero_at: Annotated[
        Fraction | None,
        Param(
            NUMBER,
            "error rate E0 at which nothing is left (10 for 10 %); an item without it has no "
            "conversion: reported, and left to the assessor",
        ),
    ] = None
    decide_by: Annotated[
        str,
        Param(
            choice("estimate", "interval"),
            "points from the estimate, or undecided when the ends of its 95 % interval differ",
        ),
    ] = "estimate"
    waits_for: Annotated[str | None, WAITS_FOR] = None

    def defects(self, maximum: Fraction) -> Iterator[Defect]:
        if self.zero_at is None or self.zero_at <= 0:
            yield Defect(RubricCode.RUBRIC_015, {"max": points_text(maximum)})

    def score(self, case: Case) -> Outcome:
        sample = self._sample(case)
        full = self.full_marks(case)
        if isinstance(sample, Bilingual):
            waits = Waiting(WaitsFor.DECISION, sample)
            return undecided(self._conversion(full, "%"), NOTHING, waits)
        rate = sample.rate
        required, actual = self._conversion(full, rate.suffix), _with_interval(sample)
        if self.zero_at is None or self.zero_at <= 0:
            occasion = say(
                "细则没有写差错率怎样折算成分数（%(found)s）",
                "the rubric does not say how errors become points (%(found)s)",
                found=actual,
            )
            return by_person(case, required, occasion, ZERO, full)
        end = self.zero_at

        def points(rate: Fraction) -> Fraction:
            return full * max(ZERO, 1 - max(ZERO, rate) / end)

        spread = _spread(sample) if self.decide_by == "interval" else rate
        possible = reach(points, spread, (ZERO, end))
        why = say(
            "差错率%(found)s，到%(end)s为0分，按比例计分",
            "error rate %(found)s; nothing is left at %(end)s, in proportion below",
            found=actual,
            end=number_text(end) + rate.suffix,
        )
        remedy = say(
            "按核对清单逐条更正差错记录。",
            "Correct the wrong records one by one from the check list.",
        )
        values = (rate, spread) if rate.not_applicable or rate.waits else (spread,)
        return self.settled(case, values, possible, required, actual, why, remedy)

    def _sample(self, case: Case) -> Sample | Bilingual:
        """Give the sample, or what is waited for."""
        if self.figure is not None:
            value = case.source.value(self.figure)
            figure = value.figure
            if figure is not None and figure.numerator is not None and figure.denominator:
                return Sample(value, (figure.numerator, figure.denominator))
            return Sample(value, None)
        stated = case.answer.get("errors"), case.answer.get("checked")
        if None in stated:
            until = self.waits_for
            return say(
                "等待抽样核对的结果（差错数、核对数）%(until)s。",
                "Waits for the checks (errors, checked)%(until)s.",
                until=Bilingual(f"：{until}", f": {until}") if until else NOTHING,
            )
        try:
            errors, checked = (as_number(count) for count in stated)
        except ValueError:
            errors, checked = ZERO, ZERO
        if not 0 <= errors <= checked or checked == 0:
            return say(
                "核对结果“%(errors)s/%(checked)s”不能用，等待更正。",
                "The checks '%(errors)s/%(checked)s' cannot be used; waits for a correction.",
                errors=stated[0],
                checked=stated[1],
            )
        rate = errors / checked * 100
        label = say("抽样差错率", "error rate of the sample").zh
        known = Interval(low=rate, high=rate, label=label, unit="percent")
        return Sample(known, (errors, checked))

    def _conversion(self, full: Fraction, suffix: str) -> Bilingual:
        if self.zero_at is None:
            return say("抽样核对（没有折算办法）", "sample check (no conversion stated)")
        return say(
            "%(full)s×max(0,1−差错率÷%(end)s)",
            "%(full)s × max(0, 1 − error rate ÷ %(end)s)",
            full=full,
            end=number_text(self.zero_at) + suffix,
        )

    @classmethod
    def draft(cls, clause: Clause, figures: DraftFigures) -> dict[str, object]:
        if clause.params.get("deduct") is not None:
            return PerEvent.draft(clause, figures)
        return {"kind": cls.kind}


def _spread(sample: Sample) -> Interval:
    """Give the 95 % interval of the rate as what is known of it."""
    if sample.counts is None:
        return sample.rate
    low, high = (end * sample.rate.whole for end in wilson(*sample.counts))
    waits = say(
        "抽样%(n)s项，区间两端得分不同，需加大样本。",
        "%(n)s were checked; both ends of the interval earn different points: check more.",
        n=number_text(sample.counts[1]),
    )
    return Interval(low=low, high=high, waits=waits)


def _with_interval(sample: Sample) -> Bilingual:
    rate = sample.rate
    if sample.counts is None:
        return rate.sentence()
    low, high = (number_text(end * rate.whole, 2) for end in wilson(*sample.counts))
    return say(
        "%(rate)s（%(k)s/%(n)s，95%%区间%(low)s–%(high)s%(suffix)s）",
        "%(rate)s (%(k)s/%(n)s, 95%% interval %(low)s–%(high)s%(suffix)s)",
        rate=rate.sentence(),
        k=number_text(sample.counts[0]),
        n=number_text(sample.counts[1]),
        low=low,
        high=high,
        suffix=rate.suffix,
    )


def wilson(errors: Fraction, checked: Fraction) -> tuple[Fraction, Fraction]:
    """Give the Wilson 95 % interval of a share ``errors / checked`` (Wilson 1927).

    :raises ZeroDivisionError: if nothing was checked
    """
    n, p = float(checked), float(errors / checked)
    middle = (p + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 / (1 + Z95**2 / n) * sqrt(p * (1 - p) / n + Z95**2 / (4 * n * n))
    low = Fraction(max(0.0, middle - half)).limit_denominator(10**9)
    high = Fraction(min(1.0, middle + half)).limit_denominator(10**9)
    return (ZERO if errors == 0 else low), (Fraction(1) if errors == checked else high)
