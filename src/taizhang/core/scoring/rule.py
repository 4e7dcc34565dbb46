"""Scoring rules: what all rule kinds share, and the hooks that a file of ``kinds`` fills.

A scoring rule is a frozen dataclass: its class is the kind (named by its module), its fields are
the parameters that a pack writes in ``rule: {kind: …}``.  Where practice reads a phrase in two ways
("缺一份扣1分": each, or once?), the reading is a parameter with a stated default, never a silent
choice.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, ClassVar

from taizhang.core.base.issue import gettext_noop
from taizhang.core.scoring.comparison import Comparison
from taizhang.core.scoring.draft import Clause, DraftFigures
from taizhang.core.scoring.interval import Interval, holds
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
from taizhang.core.scoring.parameter import (
    POINTS,
    Fault,
    Gives,
    Operand,
    Param,
    Reader,
    as_formula,
    as_operand,
    choice,
    declared,
)
from taizhang.core.scoring.parameter import mapping as read_mapping
from taizhang.core.scoring.rubric_code import RubricCode
from taizhang.core.text.bilingual import NOTHING, Bilingual, joined, say
from taizhang.core.text.number import points_text

#: A rule inside a rule: read as a mapping, then as a scoring rule of its own kind.
RULE = Reader(gettext_noop("mapping"), read_mapping)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a unit must have done before a rule scores it: patrols, visits, counts of things."""

    figure: str
    at_least: Operand


def _looked(value: object) -> Looked:
    given = read_mapping(value)
    if given.keys() != {"figure", "at_least"}:
        raise ValueError("figure and at_least")
    at_least = as_operand(given["at_least"])
    if isinstance(at_least, Fraction) and at_least <= 0:
        raise ValueError("who need not look has not looked")
    return Looked(as_formula(given["figure"]), at_least)


#: Whoever did not look cannot say that there is nothing; see :meth:`ScoringRule.apply`.
LOOKED = Reader(
    gettext_noop("{figure: formula, at_least: number above 0 or formula}"),
    _looked,
    lambda looked: () if looked is None else (looked.figure, looked.at_least),
)


class Decision(StrEnum):
    """What a person states for an item of a kind, whatever the records say."""

    NONE = ""  # the figures decide
    POINTS = "points"  # points and the reason for them
    SAMPLE = "sample"  # errors found and fields checked
    NOBODY = "nobody"  # neither figures nor a person: the source is not there yet


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
    looked: Annotated[
        Looked | None,
        Param(
            LOOKED,
            "how often the unit must have looked before the rule counts: not looked earns nothing; "
            "where nothing was to be looked at (at_least is 0) the item is 不适用",
        ),
    ] = None

    def __init_subclass__(cls) -> None:
        cls.kind = cls.__module__.rpartition(".")[2]

    def apply(self, case: Case) -> Outcome:
        """Score one case, once it is known that the unit looked where the rule asks that."""
        if self.looked is None:
            return self.score(case)
        looks = case.source.value(self.looked.figure)
        asked = case.source.value(self.looked.at_least, like=looks)
        required = say(
            "先要看过：%(label)s≥%(asked)s%(note)s",
            "look first: %(label)s ≥ %(asked)s%(note)s",
            label=looks.label,
            asked=asked.sentence(),
            note=asked.note,
        )
        unfit = unapplied(looks, asked)
        if unfit or asked.exact == ZERO:
            return self.left_out(case, required, unfit or _nothing_to_look_at(asked))
        seen = holds("at_least", looks, asked)
        if seen is False:
            return _not_looked(case, looks, asked, required)
        outcome = self.score(case)
        both = joined([text for text in (required, outcome.required) if text])
        outcome = replace(outcome, required=both)
        if seen or outcome.points == ZERO or outcome.not_applicable:
            return outcome
        most = outcome.points
        if most is None:
            most = (outcome.possible or (case.max,))[-1]
        return undecided(both, looks.sentence(), waits_of(looks, asked), {ZERO, most})

    # what a kind fills in

    @abstractmethod
    def score(self, case: Case) -> Outcome:
        """Give the points of one case with their explanation, or what they wait for.

        Asked through :meth:`apply` alone, also by a rule that holds this one.
        """

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


def _not_looked(case: Case, looks: Interval, asked: Interval, required: Bilingual) -> Outcome:
    """Give nothing: whoever did not look cannot say that there is nothing."""
    seen = looks.sentence(against=asked.exact)
    actual = say("%(label)s%(seen)s", "%(label)s: %(seen)s", label=looks.label, seen=seen)
    why = say(
        "没有看过，无从得分：%(label)s为%(seen)s，应不少于%(asked)s；没有发现问题，不等于没有问题",
        "not looked, so nothing can be earned: %(label)s is %(seen)s, at least %(asked)s asked; "
        "none found is not the same as none there",
        label=looks.label,
        seen=seen,
        asked=asked.sentence(),
    )
    remedy = say(
        "先做到%(label)s%(asked)s。",
        "First reach %(asked)s of %(label)s.",
        label=looks.label,
        asked=asked.sentence(),
    )
    return decided(case, ZERO, required, actual, why, remedy)


def _nothing_to_look_at(asked: Interval) -> Bilingual:
    return say(
        "没有这一类对象（%(label)s为0），不适用",
        "there is nothing of the kind (%(label)s: 0): not applicable",
        label=asked.label,
    )


def unvarying(points: Fraction) -> Defect:
    """Give the doubt about a rule that earns the same whatever happens."""
    return Defect(RubricCode.RUBRIC_029, {"points": points_text(points)}, doubtful=True)
