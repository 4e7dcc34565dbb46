"""Scoring rules: what all rule kinds share, and the hooks that a file of ``kinds`` fills.

A scoring rule is a frozen dataclass: its class is the kind (named by its module), its fields are
the parameters that a pack writes in ``rule: {kind: …}``.  Where practice reads a phrase in two ways
("缺一份扣1分": each, or once?), the reading is a parameter with a stated default, never a silent
choice.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, ClassVar

from taizhang.core.base.issue import gettext_noop
from taizhang.core.scoring.comparison import Comparison
from taizhang.core.scoring.draft import Clause, DraftFigures
from taizhang.core.scoring.interval import Interval
from taizhang.core.scoring.outcome import (
    ZERO,
    Case,
    Outcome,
    by_person,
    decided,
    unapplied,
    undecided,
    waits_of,
)
from taizhang.core.scoring.parameter import POINTS, Fault, Gives, Param, Reader, choice, declared
from taizhang.core.scoring.parameter import mapping as read_mapping
from taizhang.core.scoring.rubric_code import RubricCode
from taizhang.core.text.bilingual import NOTHING, Bilingual, say
from taizhang.core.text.number import points_text

#: A rule inside a rule: read as a mapping, then as a scoring rule of its own kind.
RULE = Reader(gettext_noop("mapping"), read_mapping)


class Decision(StrEnum):
    """What a person states for an item of a kind, whatever the records say."""

    NONE = ""  # the figures decide
    POINTS = "points"  # points and the reason for them
    SAMPLE = "sample"  # errors found and fields checked


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that a rule reads: in which parameter it stands, and what it must give."""

    parameter: str
    text: str
    gives: Gives


@dataclass(frozen=True, slots=True)
class Defect:
    """What makes a rule undefined, impossible or unjust, though its parameters can be read."""

    code: RubricCode
    facts: Mapping[str, object]
    doubtful: bool = False  # only warns


@dataclass(frozen=True, kw_only=True)
class ScoringRule(ABC):
    """A rule with its parameters read; a kind is a subclass in a module of its own."""

    kind: ClassVar[str]  # how packs name it: the name of its module
    example: ClassVar[str]  # a rule of the kind as a pack writes it
    decision: ClassVar[Decision] = Decision.NONE
    outside_total: ClassVar[bool] = False  # its points stand beside the total
    by_deduction: ClassVar[bool] = False  # old texts take points off for each fault

    full: Annotated[
        Fraction | None, Param(POINTS, "points of full marks; the item's max by default")
    ] = None
    not_applicable: Annotated[
        str,
        Param(
            choice("rescale", "zero", "pending"),
            "what a figure that is 不适用 (0/0, no norm for this kind of unit) means: the item "
            "leaves and its section is rescaled; it earns nothing; or the assessor decides",
        ),
    ] = "rescale"

    def __init_subclass__(cls) -> None:
        cls.kind = cls.__module__.rpartition(".")[2]

    # what a kind fills in

    @abstractmethod
    def score(self, case: Case) -> Outcome:
        """Give the points of one case with their explanation, or what they wait for."""

    def most(self, maximum: Fraction) -> Fraction:
        """Give the most points that the rule can earn in an item of ``maximum``."""
        return maximum if self.full is None else self.full

    def faults(self) -> Iterator[Fault]:
        """Find parameters that are right alone and wrong together."""
        yield from ()

    def defects(self, maximum: Fraction) -> Iterator[Defect]:
        """Find what no pack should ask with this kind in an item of ``maximum``."""
        yield from ()

    def comparisons(self) -> Iterator[Comparison]:
        """Walk the figures that the rule holds against a bound."""
        yield from ()

    @property
    def targets(self) -> bool:
        """Say whether the bounds are targets, of which a figure should have one only."""
        return False

    @classmethod
    def draft(cls, clause: Clause, figures: DraftFigures) -> dict[str, object]:
        """Write a clause of an old text as a rule; ``manual`` where the kind has no way."""
        return {"kind": "manual"}

    # what the kinds use

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """Give every formula that the rule itself reads, without those of a rule inside it."""
        return tuple(
            Formula(parameter.name, text, parameter.param.gives)
            for parameter in declared(type(self))
            for text in parameter.param.reader.formulas(getattr(self, parameter.name))
            if isinstance(text, str)
        )

    @property
    def inner(self) -> tuple[tuple[str, ScoringRule], ...]:
        """Give (parameter, rule) of the rules inside the rule."""
        names = (parameter.name for parameter in declared(type(self)))
        held = ((name, getattr(self, name)) for name in names)
        return tuple((name, rule) for name, rule in held if isinstance(rule, ScoringRule))

    @property
    def all_formulas(self) -> tuple[Formula, ...]:
        """Give every formula that the rule reads, the rules inside it included."""
        inner = (
            Formula(f"{name}.{formula.parameter}", formula.text, formula.gives)
            for name, rule in self.inner
            for formula in rule.all_formulas
        )
        return (*self.formulas, *inner)

    def full_marks(self, case: Case) -> Fraction:
        """Give the points of full marks, which are never more than the item's maximum."""
        return case.max if self.full is None else min(case.max, self.full)

    def left_out(self, case: Case, required: Bilingual, why: Bilingual) -> Outcome:
        """Treat 不适用 as the rule says: leave out, give nothing, or let a person decide."""
        actual = say("不适用", "not applicable")
        if self.not_applicable == "rescale":
            return Outcome(points=None, required=required, actual=actual, not_applicable=why)
        if self.not_applicable == "zero":
            nothing = say(
                "没有可计分的数据（%(why)s），按细则不得分。",
                "There is nothing to score (%(why)s); the rubric then gives no points.",
                why=why,
            )
            return decided(case, ZERO, required, actual, nothing)
        return by_person(case, required, why, ZERO, case.max)

    def settled(
        self,
        case: Case,
        values: tuple[Interval, ...],
        possible: set[Fraction | None],
        required: Bilingual,
        actual: Bilingual,
        why: Bilingual,
        remedy: Bilingual = NOTHING,
    ) -> Outcome:
        """Decide when every possible value gives the same points.

        ``None`` among the possible points is a stretch that the rubric leaves undefined: a person
        decides when nothing else is possible, and data are waited for otherwise.
        """
        unfit = unapplied(*values)
        if unfit:
            return self.left_out(case, required, unfit)
        if possible == {None}:
            undefined = say(
                "细则没有规定“%(found)s”得几分",
                "the rubric does not say what '%(found)s' earns",
                found=actual,
            )
            return by_person(case, required, undefined, ZERO, case.max, actual=actual)
        known = {points for points in possible if points is not None}
        if len(possible) == 1:
            return decided(case, known.pop(), required, actual, why, remedy)
        return undecided(required, actual, waits_of(*values), known)


def unvarying(points: Fraction) -> Defect:
    """Give the doubt about a rule that earns the same whatever happens."""
    return Defect(RubricCode.RUBRIC_029, {"points": points_text(points)}, doubtful=True)
