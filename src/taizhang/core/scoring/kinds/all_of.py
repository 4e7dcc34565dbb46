"""all_of: full marks when all conditions hold, or a share for each (七项均达标得7分)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, ClassVar

from taizhang.core.base.issue import gettext_noop
from taizhang.core.scoring.comparison import (
    OPERATORS,
    Compared,
    Comparison,
    compared,
    comparison_of,
)
from taizhang.core.scoring.draft import Clause, DraftFigures
from taizhang.core.scoring.interval import holds
from taizhang.core.scoring.outcome import (
    ZERO,
    Case,
    Loss,
    Outcome,
    advice,
    undecided,
    waits_of,
    with_rest,
)
from taizhang.core.scoring.parameter import (
    POINTS,
    Fault,
    Operand,
    Param,
    Reader,
    as_formula,
    as_operand,
    choice,
    mappings,
    not_negative,
)
from taizhang.core.scoring.rubric_code import RubricCode
from taizhang.core.scoring.rule import Defect, ScoringRule
from taizhang.core.text.bilingual import NOTHING, Bilingual, joined, say

#: Conditions in one rule above which losing all for one failure is doubtful.
MANY = 3
Verdict = tuple[Compared, bool | None]


def _condition(given: Mapping[str, object]) -> Comparison:
    unknown = set(given) - {"figure", "label", "points", *OPERATORS}
    if unknown:
        raise ValueError(f"unknown {sorted(unknown)}")
    bounds = {name: as_operand(given[name]) for name in OPERATORS if given.get(name) is not None}
    points = given.get("points")
    return comparison_of(
        as_formula(given.get("figure")),
        bounds,
        label=str(given.get("label") or ""),
        points=None if points is None else not_negative(points),
    )


def _sides(conditions: tuple[Comparison, ...]) -> Iterator[Operand]:
    for condition in conditions:
        yield condition.figure
        yield condition.bound


CONDITIONS = Reader(
    gettext_noop("list of {figure, at_least|at_most|above|below, label?, points?}"),
    lambda value: tuple(_condition(condition) for condition in mappings(value)),
    _sides,
)


@dataclass(frozen=True, kw_only=True)
class AllOf(ScoringRule):
    """Full marks when all conditions hold, or a share for each."""

    example: ClassVar[str] = (
        "{kind: all_of, split: equal, conditions: "
        "[{figure: timely_rate, at_least: 100}, {figure: accuracy, at_least: 95}]}"
    )

    conditions: Annotated[tuple[Comparison, ...], Param(CONDITIONS, "figures, each with its bound")]
    split: Annotated[
        str,
        Param(
            choice("none", "equal", "points"),
            "none: all must hold; equal: each earns the same share; points: each earns its own",
        ),
    ] = "none"
    otherwise: Annotated[Fraction, Param(POINTS, "points when not all hold, with split none")] = (
        ZERO
    )

    def comparisons(self) -> Iterator[Comparison]:
        yield from self.conditions

    @property
    def targets(self) -> bool:
        return True

    def most(self, maximum: Fraction) -> Fraction:
        if self.split == "points":
            return sum((condition.points or ZERO for condition in self.conditions), ZERO)
        return super().most(maximum)

    def faults(self) -> Iterator[Fault]:
        if self.split == "points":
            wanted = gettext_noop("points in every condition")
            for condition in self.conditions:
                if condition.points is None:
                    yield Fault("conditions", "missing", wanted=wanted)

    def defects(self, maximum: Fraction) -> Iterator[Defect]:
        if self.split == "none" and len(self.conditions) > MANY:
            facts = {"count": len(self.conditions)}
            yield Defect(RubricCode.RUBRIC_020, facts, doubtful=True)

    def score(self, case: Case) -> Outcome:
        everything = [compared(condition, case) for condition in self.conditions]
        fitting = [sides for sides in everything if not sides.unfit]
        required = joined([sides.required for sides in everything])
        actual = joined([sides.labelled for sides in everything])
        if not fitting or (len(fitting) < len(everything) and self.not_applicable != "rescale"):
            values = tuple(sides.value for sides in everything)
            return self.settled(case, values, {ZERO}, required, actual, NOTHING)
        verdicts = [
            (sides, holds(sides.comparison.operator, sides.value, sides.bound)) for sides in fitting
        ]
        if self.split == "none":
            return self._together(case, verdicts, required, actual)
        return self._apart(case, verdicts, required, actual)

    def _together(
        self, case: Case, verdicts: list[Verdict], required: Bilingual, actual: Bilingual
    ) -> Outcome:
        """Give full marks only where all hold."""
        open_values = tuple(sides.value for sides, verdict in verdicts if verdict is None)
        missed = [sides.shortfall for sides, verdict in verdicts if verdict is False]
        full, otherwise = self.full_marks(case), min(case.max, self.otherwise)
        possible = {otherwise} if missed else {full, otherwise} if open_values else {full}
        why = say("须全部达标；%(missed)s", "all must hold; %(missed)s", missed=joined(missed))
        return self.settled(case, open_values, {*possible}, required, actual, why)

    def _apart(
        self, case: Case, verdicts: list[Verdict], required: Bilingual, actual: Bilingual
    ) -> Outcome:
        """Give each condition its share."""
        shares = self._shares(case, [sides.comparison for sides, _ in verdicts])
        shared = list(zip(verdicts, shares, strict=True))
        sure = sum((share for (_, verdict), share in shared if verdict), ZERO)
        open_ = sum((share for (_, verdict), share in shared if verdict is None), ZERO)
        if open_:
            waits = waits_of(*(sides.value for sides, verdict in verdicts if verdict is None))
            return undecided(required, actual, waits, (sure, sure + open_))
        losses = [
            Loss(points=share, why=sides.shortfall, remedy=advice(case, sides.advice))
            for (sides, verdict), share in shared
            if verdict is False and share
        ]
        return Outcome(
            points=sure, required=required, actual=actual, losses=with_rest(case, sure, losses)
        )

    def _shares(self, case: Case, conditions: list[Comparison]) -> list[Fraction]:
        """Share full marks among the conditions that apply."""
        full = self.full_marks(case)
        if self.split == "points":
            own = [condition.points or ZERO for condition in conditions]
            return [full * points / sum(own) if sum(own) else ZERO for points in own]
        return [full / len(conditions)] * len(conditions)

    @classmethod
    def draft(cls, clause: Clause, figures: DraftFigures) -> dict[str, object]:
        conditions = clause.params.get("conditions")
        if not isinstance(conditions, list) or not conditions:
            return super().draft(clause, figures)
        return {
            "kind": cls.kind,
            "conditions": [
                {
                    "figure": figures.figure(condition["figure"], condition["unit"]),
                    **{name: condition[name] for name in OPERATORS if name in condition},
                    "label": condition["figure"],
                }
                for condition in conditions
            ],
            **({"split": "equal"} if clause.params.get("split") == "equal" else {}),
        }
