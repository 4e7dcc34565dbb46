"""tiers: points by steps or bands of a figure (90%以上得5分，80%—90%得3分)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, ClassVar

from taizhang.core.base.issue import gettext_noop
from taizhang.core.scoring.comparison import SIGNS, Comparison
from taizhang.core.scoring.draft import Clause, DraftFigures
from taizhang.core.scoring.interval import Interval, reach
from taizhang.core.scoring.outcome import ZERO, Case, Outcome
from taizhang.core.scoring.parameter import BANDS, FORMULA, POINTS, TIERS, Fault, Param, choice
from taizhang.core.scoring.rubric_code import RubricCode
from taizhang.core.scoring.rule import Defect, ScoringRule, unvarying
from taizhang.core.text.bilingual import NOTHING, Bilingual, joined, say
from taizhang.core.text.number import number_text, points_text


@dataclass(frozen=True, kw_only=True)
class Tiers(ScoringRule):
    """Points by steps of a figure."""

    example: ClassVar[str] = (
        "{kind: tiers, figure: awareness_rate, tiers: [[90, 15], [80, 10], [60, 5]], below: 0}"
    )

    figure: Annotated[str, Param(FORMULA, "what is compared, unrounded")]
    tiers: Annotated[
        tuple[tuple[Fraction, ...], ...], Param(TIERS, "steps [bound, points], best first")
    ] = ()
    bands: Annotated[
        tuple[tuple[Fraction, ...], ...],
        Param(
            BANDS,
            "instead of tiers: [from, to, points], both ends included, as source texts write them; "
            "what falls between or into two bands is left to the assessor",
        ),
    ] = ()
    below: Annotated[Fraction, Param(POINTS, "points beyond the last step")] = ZERO
    compare: Annotated[
        str, Param(choice("at_least", "at_most"), "whether a high or a low figure is good")
    ] = "at_least"

    @property
    def rising(self) -> bool:
        """Say whether a high figure is good."""
        return self.compare == "at_least"

    @property
    def steps(self) -> list[tuple[Fraction, Fraction]]:
        """Give (first bound, points) of every step or band."""
        return [(row[0], row[-1]) for row in (*self.tiers, *self.bands)]

    def comparisons(self) -> Iterator[Comparison]:
        for bound, _ in self.tiers:
            yield Comparison(figure=self.figure, operator=self.compare, bound=bound)

    def most(self, maximum: Fraction) -> Fraction:
        return max([*(points for _, points in self.steps), self.below])

    def faults(self) -> Iterator[Fault]:
        if bool(self.tiers) == bool(self.bands):
            yield Fault("tiers", "missing", wanted=gettext_noop("either tiers or bands"))

    def defects(self, maximum: Fraction) -> Iterator[Defect]:
        yield from self._bands_apart()
        yield from self._steps_turned()
        if {points for _, points in self.steps} == {self.below}:
            yield unvarying(self.most(maximum))

    def _bands_apart(self) -> Iterator[Defect]:
        """Find bands that overlap or leave a hole between them."""
        for (low, high, points), (low2, high2, points2) in pairwise(sorted(self.bands)):
            if low2 <= high and points != points2:
                facts = {
                    "value": number_text(low2),
                    "one": f"{number_text(low)}–{number_text(high)}",
                    "other": f"{number_text(low2)}–{number_text(high2)}",
                }
                yield Defect(RubricCode.RUBRIC_010, facts)
            elif low2 > high:
                facts = {"low": number_text(high), "high": number_text(low2)}
                yield Defect(RubricCode.RUBRIC_011, facts)

    def _steps_turned(self) -> Iterator[Defect]:
        """Find steps in which a worse figure earns more."""
        best_first = sorted(self.steps, key=lambda step: step[0], reverse=self.rising)
        for (better, less), (worse, more) in pairwise(best_first):
            if more > less:
                facts = {
                    "better": number_text(better),
                    "less": points_text(less),
                    "worse": number_text(worse),
                    "more": points_text(more),
                }
                yield Defect(RubricCode.RUBRIC_012, facts)

    def score(self, case: Case) -> Outcome:
        value = case.source.value(self.figure)
        stops = sorted({bound for row in (*self.tiers, *self.bands) for bound in row[:-1]})
        possible = reach(lambda figure: self._points(case.max, figure), value, stops)
        exact = value.exact
        nearest = None if exact is None else min(stops, key=lambda stop: abs(stop - exact))
        actual = value.sentence(against=nearest)
        steps = self._steps_sentence(value.suffix)
        why = say(
            "%(label)s为%(found)s，按档次“%(tiers)s”计分",
            "%(label)s is %(found)s, scored by the steps '%(tiers)s'",
            label=value.label,
            found=actual,
            tiers=steps,
        )
        required = say(
            "%(label)s：%(tiers)s", "%(label)s: %(tiers)s", label=value.label, tiers=steps
        )
        remedy = self._next_step(case, value)
        return self.settled(case, (value,), possible, required, actual, why, remedy)

    def _points(self, maximum: Fraction, figure: Fraction) -> Fraction | None:
        """Give the points of one value; ``None`` in a hole and where bands disagree."""
        if self.bands:
            inside = {row[2] for row in self.bands if row[0] <= figure <= row[1]}
            if inside:
                return min(maximum, inside.pop()) if len(inside) == 1 else None
            lowest = min(row[0] for row in self.bands)
            highest = max(row[1] for row in self.bands)
            beyond = figure < lowest if self.rising else figure > highest
            return min(maximum, self.below) if beyond else None
        for bound, points in sorted(self.tiers, reverse=self.rising):
            if figure >= bound if self.rising else figure <= bound:
                return min(maximum, points)
        return min(maximum, self.below)

    def _steps_sentence(self, suffix: str) -> Bilingual:
        bands = [
            say(
                "%(a)s–%(b)s得%(p)s分",
                "%(a)s–%(b)s: %(p)s",
                p=points,
                a=number_text(low),
                b=number_text(high) + suffix,
            )
            for low, high, points in self.bands
        ]
        tiers = [
            say(
                "%(sign)s%(bound)s得%(p)s分",
                "%(sign)s %(bound)s: %(p)s",
                sign=SIGNS[self.compare],
                p=points,
                bound=number_text(bound) + suffix,
            )
            for bound, points in self.tiers
        ]
        return joined([*(bands or tiers), say("其余%(p)s分", "else %(p)s", p=self.below)])

    def _next_step(self, case: Case, value: Interval) -> Bilingual:
        """Say which bound earns the next points."""
        exact = value.exact
        if exact is None or not self.tiers:
            return NOTHING
        now = self._points(case.max, exact)
        better = [row for row in self.tiers if now is not None and row[1] > now]
        if not better:
            return NOTHING
        bound, points = min(better, key=lambda row: abs(row[0] - exact))
        return say(
            "%(label)s达到%(bound)s可得%(points)s分。",
            "%(bound)s of %(label)s earns %(points)s points.",
            label=value.label,
            bound=number_text(bound) + value.suffix,
            points=points,
        )

    @classmethod
    def draft(cls, clause: Clause, figures: DraftFigures) -> dict[str, object]:
        rows = clause.params.get("tiers")
        if not clause.params.get("taken"):
            if "tiers" not in clause.params:
                return super().draft(clause, figures)
            return {
                "kind": cls.kind,
                "figure": figures.figure(clause.figure, clause.unit),
                "tiers": rows,
                "below": clause.params.get("below", ZERO),
                **clause.kept("compare"),
            }
        if not all(isinstance(row[0], Fraction) for row in _rows(rows)):
            return super().draft(clause, figures)
        figure = figures.figure(clause.figure, clause.unit or clause.text_unit)
        return {"kind": cls.kind, "figure": figure, "tiers": rows, "below": ZERO}


def _rows(value: object) -> list[Sequence[object]]:
    return value if isinstance(value, list) else []
