"""The rule kinds with their parameters: what a pack may write in ``rule: {kind: …}``.

Where practice reads a phrase in two ways ("缺一份扣1分": each, or once?), the reading is a
parameter with a stated default, never a silent choice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any

from taizhang.core.issue import gettext_noop
from taizhang.core.rubric import Rule, RuleKind
from taizhang.core.scoring.parameter import (
    BANDS,
    FLAG,
    FORMULA,
    FORMULAS,
    MAPPING,
    NUMBER,
    OPERAND,
    PARTS,
    POINTS,
    POINTS_OR_PENDING,
    POSITIVE,
    RANGE,
    TEXT,
    TIERS,
    Fault,
    Operand,
    Param,
    Reader,
    choice,
    declared,
    mappings,
    read_params,
)

#: What ``waits_for`` of a rule that a person decides means.
WAITS_FOR = "what the decision waits for, in the owner's words, while its source is not there"


@dataclass(frozen=True, kw_only=True)
class Params:
    """What every rule kind takes."""

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


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A figure against a bound: ``operator`` is at_least, at_most, above or below."""

    figure: str
    operator: str
    bound: Operand
    label: str = ""
    points: Fraction | None = None


OPERATORS = ("at_least", "at_most", "above", "below")


@dataclass(frozen=True, kw_only=True)
class AllOrNothing(Params):
    """Full marks when everything holds, nothing when nothing does."""

    when: Annotated[
        tuple[str, ...],
        Param(FORMULAS, "conditions that can be true or false; without any, the assessor decides"),
    ] = ()
    partial: Annotated[
        Fraction | str,
        Param(
            POINTS_OR_PENDING,
            "what some but not all conditions earn: points, or pending for the assessor's decision",
        ),
    ] = "pending"
    otherwise: Annotated[Fraction, Param(POINTS, "points when no condition holds")] = Fraction(0)


@dataclass(frozen=True, kw_only=True)
class Completeness(Params):
    """Full marks less a deduction for each missing part of the records (never attachments)."""

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
            choice("part", "record", "once"),
            "what is counted as missing: each missing part of each record; each record that "
            "lacks a part (needs `complete`); or once, however much is missing",
        ),
    ] = "part"
    complete: Annotated[str | None, Param(FORMULA, "number of records that have all parts")] = None
    none: Annotated[Fraction, Param(POINTS, "points without any record")] = Fraction(0)
    floor: Annotated[Fraction, Param(POINTS, "lowest points")] = Fraction(0)


@dataclass(frozen=True, kw_only=True)
class Threshold(Params):
    """Full marks when a figure reaches a bound; exactly one of the four bounds is given."""

    figure: Annotated[str, Param(FORMULA, "what is compared, unrounded")]
    at_least: Annotated[
        Operand | None, Param(OPERAND, "full marks at this value and above (以上)")
    ] = None
    at_most: Annotated[
        Operand | None, Param(OPERAND, "full marks at this value and below (以下)")
    ] = None
    above: Annotated[Operand | None, Param(OPERAND, "full marks above this value")] = None
    below: Annotated[Operand | None, Param(OPERAND, "full marks below this value")] = None
    otherwise: Annotated[
        Fraction | None,
        Param(POINTS, "points when the bound is not reached; 0 by default"),
    ] = None
    zero_at: Annotated[
        Fraction | None,
        Param(
            NUMBER,
            "where a source text gives 0 points; without `else` what lies between here and the "
            "bound is undefined: reported, and left to the assessor",
        ),
    ] = None

    @property
    def comparison(self) -> Comparison:
        """Give the figure against its bound."""
        return _comparison(self.figure, {name: getattr(self, name) for name in OPERATORS})


@dataclass(frozen=True, kw_only=True)
class AllOf(Params):
    """Full marks when all conditions hold, or a share for each."""

    conditions: Annotated[
        tuple[Comparison, ...],
        Param(
            CONDITIONS,
            "figures, each with its bound",
        ),
    ]
    split: Annotated[
        str,
        Param(
            choice("none", "equal", "points"),
            "none: all must hold; equal: each earns the same share; points: each earns its own",
        ),
    ] = "none"
    otherwise: Annotated[Fraction, Param(POINTS, "points when not all hold, with split none")] = (
        Fraction(0)
    )


@dataclass(frozen=True, kw_only=True)
class Proportional(Params):
    """Full marks × figure ÷ target."""

    figure: Annotated[str, Param(FORMULA, "what was done")]
    of: Annotated[Operand, Param(OPERAND, "what was to be done: a number, norm(…) or target(…)")]
    at_most: Annotated[
        Fraction | None, Param(POINTS, "most points that can be earned; full marks by default")
    ] = None
    lower_is_better: Annotated[
        bool, Param(FLAG, "full marks up to the target, then full × target ÷ figure")
    ] = False


@dataclass(frozen=True, kw_only=True)
class RatePoints(Params):
    """Full marks × a rate (75 % earns three quarters)."""

    figure: Annotated[str, Param(FORMULA, "a rate in percent or permille, or a ratio of at most 1")]


@dataclass(frozen=True, kw_only=True)
class Tiers(Params):
    """Points by steps of a figure."""

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
    below: Annotated[Fraction, Param(POINTS, "points beyond the last step")] = Fraction(0)
    compare: Annotated[
        str, Param(choice("at_least", "at_most"), "whether a high or a low figure is good")
    ] = "at_least"


@dataclass(frozen=True, kw_only=True)
class PerEvent(Params):
    """Start marks less a deduction for each event."""

    figure: Annotated[str, Param(FORMULA, "number of events")]
    deduct: Annotated[
        Fraction, Param(NUMBER, "points taken off for each event, written as 0 or more")
    ]
    start: Annotated[
        Fraction | None, Param(POINTS, "points without any event; full marks by default")
    ] = None
    floor: Annotated[Fraction, Param(POINTS, "lowest points")] = Fraction(0)
    resolved: Annotated[
        str | None, Param(FORMULA, "number of events since put right, which no longer count")
    ] = None


@dataclass(frozen=True, kw_only=True)
class ZeroTrigger(Params):
    """Nothing when something happened; else full marks, or what another rule gives."""

    when: Annotated[str, Param(FORMULA, "condition, or a number of events (more than 0 triggers)")]
    rule: Annotated[
        Mapping[str, object] | None,
        Param(MAPPING, "rule that scores the item when nothing happened"),
    ] = None


@dataclass(frozen=True, kw_only=True)
class PercentStep(Params):
    """Full marks less a deduction for each step that a figure misses its target by."""

    figure: Annotated[str, Param(FORMULA, "what is compared, unrounded")]
    target: Annotated[Operand, Param(OPERAND, "value of full marks")]
    deduct: Annotated[Fraction, Param(NUMBER, "points taken off for each step")]
    step: Annotated[Fraction, Param(POSITIVE, "size of a step in the figure's own unit")] = (
        Fraction(1)
    )
    count: Annotated[
        str,
        Param(
            choice("whole", "started", "exact"),
            "which steps count: whole ones, each one begun, or their exact share",
        ),
    ] = "whole"
    side: Annotated[
        str, Param(choice("below", "above"), "the side of the target that loses points")
    ] = "below"
    floor: Annotated[Fraction, Param(POINTS, "lowest points")] = Fraction(0)


@dataclass(frozen=True, kw_only=True)
class Discretionary(Params):
    """Points within a range, by the assessor's judgement with a written reason."""

    range: Annotated[tuple[Fraction, Fraction], Param(RANGE, "lowest and highest points")]
    mode: Annotated[
        str,
        Param(
            choice("award", "deduct"),
            "whether the range is given (酌情给分) or taken off full marks (酌情扣分)",
        ),
    ] = "award"
    reason: Annotated[
        str, Param(choice("required", "optional"), "whether a decision needs its written reason")
    ] = "required"


@dataclass(frozen=True, kw_only=True)
class Bonus(Params):
    """Points outside the total: for each of something, or by another rule, up to a cap."""

    figure: Annotated[str | None, Param(FORMULA, "number of what earns a bonus")] = None
    each: Annotated[Fraction | None, Param(POINTS, "points for each")] = None
    rule: Annotated[
        Mapping[str, object] | None, Param(MAPPING, "instead: rule that gives the points")
    ] = None
    cap: Annotated[Fraction | None, Param(POINTS, "most points; the item's max by default")] = None


@dataclass(frozen=True, kw_only=True)
class SampleError(Params):
    """Full marks × max(0, 1 − e ÷ E0): the error rate e of checked fields becomes points."""

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
    waits_for: Annotated[str | None, Param(TEXT, WAITS_FOR)] = None


@dataclass(frozen=True, kw_only=True)
class Manual(Params):
    """Points that the assessor states."""

    reason: Annotated[
        str, Param(choice("required", "optional"), "whether a decision needs its written reason")
    ] = "required"
    waits_for: Annotated[str | None, Param(TEXT, WAITS_FOR)] = None


CONDITIONS = Reader(
    gettext_noop("list of {figure, at_least|at_most|above|below, label?, points?}"),
    lambda value: tuple(_condition(one) for one in mappings(value)),
)

KINDS: Mapping[RuleKind, type[Params]] = {
    RuleKind.ALL_OR_NOTHING: AllOrNothing,
    RuleKind.COMPLETENESS: Completeness,
    RuleKind.THRESHOLD: Threshold,
    RuleKind.ALL_OF: AllOf,
    RuleKind.PROPORTIONAL: Proportional,
    RuleKind.RATE_POINTS: RatePoints,
    RuleKind.TIERS: Tiers,
    RuleKind.PER_EVENT: PerEvent,
    RuleKind.ZERO_TRIGGER: ZeroTrigger,
    RuleKind.PERCENT_STEP: PercentStep,
    RuleKind.DISCRETIONARY: Discretionary,
    RuleKind.BONUS: Bonus,
    RuleKind.SAMPLE_ERROR: SampleError,
    RuleKind.MANUAL: Manual,
}

#: Names as packs write them, where Python keeps the word for itself.
SPELLED = {"else": "otherwise"}


def read_rule(rule: Rule) -> tuple[Params | None, list[Fault]]:
    """Read a rule's parameters; ``None`` and every fault when any is wrong."""
    given = {SPELLED.get(name, name): value for name, value in rule.params.items()}
    given.pop("kind", None)
    params, faults = read_params(KINDS[rule.kind], given)
    spelled = {python: written for written, python in SPELLED.items()}
    named = [
        Fault(spelled.get(one.parameter, one.parameter), one.problem, one.found, one.wanted)
        for one in faults
    ]
    if params is not None:
        named += _together(params)
    return (None, named) if named else (params, [])


def nested(given: Mapping[str, object], outer: Rule) -> Rule:
    """Read the rule inside a zero_trigger or bonus.

    :raises ValueError: if its kind is unknown
    """
    params = {name: value for name, value in given.items() if name != "kind"}
    return Rule(kind=RuleKind(str(given.get("kind"))), params=params, place=outer.place)


def _together(params: Params) -> list[Fault]:
    """Find parameters that are right alone and wrong together."""
    faults = []
    if isinstance(params, Threshold):
        given = [name for name in OPERATORS if getattr(params, name) is not None]
        if len(given) != 1:
            problem = "unknown" if given else "missing"
            faults.append(
                Fault(
                    " | ".join(given or OPERATORS),
                    problem,
                    wanted=gettext_noop("exactly one bound"),
                )
            )
    elif isinstance(params, Tiers) and bool(params.tiers) == bool(params.bands):
        faults.append(Fault("tiers", "missing", wanted=gettext_noop("either tiers or bands")))
    elif isinstance(params, Completeness) and params.per == "record" and not params.complete:
        faults.append(
            Fault("complete", "missing", wanted=gettext_noop("formula, because per is record"))
        )
    elif isinstance(params, AllOf) and params.split == "points":
        faults += [
            Fault("conditions", "missing", wanted=gettext_noop("points in every condition"))
            for one in params.conditions
            if one.points is None
        ]
    elif isinstance(params, Bonus) and (params.rule is None) == (params.figure is None):
        faults.append(
            Fault("figure", "missing", wanted=gettext_noop("either figure with each, or rule"))
        )
    elif isinstance(params, Bonus) and params.figure is not None and params.each is None:
        faults.append(Fault("each", "missing", wanted=POINTS.wanted))
    return faults + _nested_faults(params)


def _nested_faults(params: Params) -> list[Fault]:
    inner: Any = getattr(params, "rule", None)
    if inner is None:
        return []
    try:
        _, faults = read_rule(nested(inner, Rule(kind=RuleKind.MANUAL)))
    except ValueError:
        wanted = ", ".join(kind.value for kind in RuleKind)
        return [Fault("rule.kind", "wrong", str(inner.get("kind")), wanted)]
    return [Fault(f"rule.{one.parameter}", one.problem, one.found, one.wanted) for one in faults]


def _condition(given: Mapping[str, object]) -> Comparison:
    allowed = {"figure", "label", "points", *OPERATORS}
    if set(given) - allowed:
        raise ValueError(f"unknown {sorted(set(given) - allowed)}")
    bounds = {name: OPERAND.read(given[name]) for name in OPERATORS if given.get(name) is not None}
    points = given.get("points")
    return _comparison(
        str(FORMULA.read(given.get("figure"))),
        bounds,
        label=str(given.get("label") or ""),
        points=None if points is None else _fraction(POINTS.read(points)),
    )


def _fraction(value: object) -> Fraction:
    if not isinstance(value, Fraction):
        raise ValueError(f"{value!r} is no number")
    return value


def _comparison(
    figure: str, bounds: Mapping[str, Any], label: str = "", points: Fraction | None = None
) -> Comparison:
    given = [(name, bound) for name, bound in bounds.items() if bound is not None]
    if len(given) != 1:
        raise ValueError("exactly one bound")
    operator, bound = given[0]
    return Comparison(figure=figure, operator=operator, bound=bound, label=label, points=points)


def formulas(params: Params) -> tuple[tuple[str, str], ...]:
    """Give (parameter, formula) of everything that a rule reads, the rule inside it included."""
    found: list[tuple[str, str]] = []
    for one in declared(type(params)):
        value: Any = getattr(params, one.name)
        reader = one.param.reader
        if reader is CONDITIONS:
            for condition in value:
                found += [(one.name, condition.figure), (one.name, condition.bound)]
        elif reader is PARTS:
            found += [(one.name, formula) for _, formula in value]
        elif reader is FORMULAS:
            found += [(one.name, formula) for formula in value]
        elif reader in (FORMULA, OPERAND):
            found.append((one.name, value))
        elif reader is MAPPING and value is not None:
            inner, _ = read_rule(nested(value, Rule(kind=RuleKind.MANUAL)))
            found += [(f"rule.{name}", text) for name, text in formulas(inner)] if inner else []
    return tuple((name, text) for name, text in found if isinstance(text, str))
