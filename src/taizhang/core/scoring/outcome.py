"""What a rule makes of one item: points with each loss explained, or what it waits for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

from taizhang.core.scoring.known import Known
from taizhang.core.scoring.parameter import Operand, as_number
from taizhang.core.scoring.rule import Params
from taizhang.core.text.bilingual import NOTHING, Said, joined, same, say
from taizhang.core.text.number import points_text


class Source(Protocol):
    """Where a rule gets its values from: figures of one unit and period."""

    def value(self, operand: Operand, like: Known | None = None) -> Known:
        """Give a figure as far as it is known; a constant in the unit of ``like``."""
        ...


@dataclass(frozen=True, kw_only=True)
class Case:
    """One item to be scored: its maximum, its owner's remedy, its figures and decision."""

    max: Fraction
    remedy: str
    source: Source
    answer: Mapping[str, object] = field(default_factory=dict)

    def full(self, params: Params) -> Fraction:
        """Give the points of full marks, which are never more than the item's maximum."""
        return self.max if params.full is None else min(self.max, params.full)


@dataclass(frozen=True, kw_only=True)
class Loss:
    """Points not earned: why, and how to win them back."""

    points: Fraction
    why: Said
    remedy: Said


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The points of an item and their explanation.

    ``points`` is ``None`` exactly when the item waits for something or is not applicable.
    """

    points: Fraction | None
    required: Said = NOTHING
    found: Said = NOTHING
    losses: tuple[Loss, ...] = ()
    waits_for: Said = NOTHING
    not_applicable: Said = NOTHING
    possible: tuple[Fraction, Fraction] | None = None  # of an undecided item, where it is known


def decided(
    case: Case, points: Fraction, required: Said, found: Said, why: Said, remedy: Said = NOTHING
) -> Outcome:
    """Give points; what is missing from the maximum is one loss."""
    lost = case.max - points
    losses: tuple[Loss, ...] = ()
    if lost > 0:
        losses = (Loss(points=lost, why=why, remedy=advice(case, remedy)),)
    return Outcome(points=points, required=required, found=found, losses=losses)


def advice(case: Case, computed: Said) -> Said:
    """Join what the numbers advise with the rubric owner's own words."""
    parts = [one for one in (computed, same(case.remedy)) if one]
    if not parts:
        return say("按要求补齐后申请复核。", "Mend it, then ask for a review.")
    return Said("".join(one.zh for one in parts), " ".join(one.en for one in parts))


def undecided(
    required: Said, found: Said, waits: Said, possible: Iterable[Fraction] = ()
) -> Outcome:
    """Give no points, say what is waited for and between which points the item lies."""
    ends = sorted(possible)
    return Outcome(
        points=None,
        required=required,
        found=found,
        waits_for=waits,
        possible=(ends[0], ends[-1]) if len(ends) > 1 else None,
    )


def not_applicable(case: Case, params: Params, required: Said, why: Said) -> Outcome:
    """Treat 不适用 as the rule says: leave the item out, give nothing, or let a person decide."""
    found = say("不适用", "not applicable")
    if params.not_applicable == "rescale":
        return Outcome(points=None, required=required, found=found, not_applicable=why)
    if params.not_applicable == "zero":
        return decided(
            case,
            Fraction(0),
            required,
            found,
            say(
                "没有可计分的数据（%(why)s），按细则不得分。",
                "There is nothing to score (%(why)s); the rubric then gives no points.",
                why=why,
            ),
        )
    return by_person(case, required, why, Fraction(0), case.max)


def unapplied(*values: Known) -> Said:
    """Give the first reason among values why the item does not apply."""
    return next((one.not_applicable for one in values if one.not_applicable), NOTHING)


def waits_of(*values: Known) -> Said:
    """Join what the values wait for."""
    waits = list(dict.fromkeys(one.waits for one in values if one.waits))
    return joined(waits) if waits else say("等待数据。", "Waits for data.")


def by_person(
    case: Case,
    required: Said,
    occasion: Said,
    low: Fraction,
    high: Fraction,
    reason_required: bool = True,
) -> Outcome:
    """Take the points that a person decided within [low, high]; wait while there are none.

    A decision is ``{"points": number, "reason": text}``.
    """
    asked = say("%(low)s–%(high)s分", "%(low)s–%(high)s points", low=low, high=high)
    points, reason = case.answer.get("points"), str(case.answer.get("reason") or "").strip()
    if points is None or points == "":
        waits = say(
            "等待考核员评定（%(range)s）%(occasion)s",
            "Waits for the assessor's decision (%(range)s)%(occasion)s",
            range=asked,
            occasion=Said(
                f"：{occasion.zh}" if occasion else "", f": {occasion.en}" if occasion else ""
            ),
        )
        return undecided(required, NOTHING, waits)
    try:
        given = as_number(points)
    except ValueError:
        given = None
    if given is None or not low <= given <= high:
        waits = say(
            "评定的分数“%(points)s”不在%(range)s之内，等待更正。",
            "The decided points '%(points)s' are not within %(range)s; waits for a correction.",
            points=points if given is None else points_text(given),
            range=asked,
        )
        return undecided(required, NOTHING, waits)
    if reason_required and not reason:
        waits = say(
            "已评%(points)s分，等待书面理由。",
            "%(points)s points were decided; waits for the written reason.",
            points=given,
        )
        return undecided(required, NOTHING, waits)
    found = say(
        "评定%(points)s分：%(reason)s" if reason else "评定%(points)s分",
        "decided %(points)s points: %(reason)s" if reason else "decided %(points)s points",
        points=given,
        reason=reason,
    )
    why = say(
        "考核员评定%(points)s分（满分%(max)s分）：%(reason)s",
        "The assessor decided %(points)s of %(max)s points: %(reason)s",
        points=given,
        max=case.max,
        reason=reason or "-",
    )
    remedy = say("对评定有异议可申诉。", "Appeal if you disagree with the decision.")
    return decided(case, given, required, found, why, remedy)


def settle(
    case: Case,
    params: Params,
    values: tuple[Known, ...],
    possible: set[Fraction | None],
    required: Said,
    found: Said,
    why: Said,
    remedy: Said = NOTHING,
) -> Outcome:
    """Decide when every possible value gives the same points.

    ``None`` among the possible points is a stretch that the rubric leaves undefined: a person
    decides when nothing else is possible, and data are waited for otherwise.
    """
    unfit = unapplied(*values)
    if unfit:
        return not_applicable(case, params, required, unfit)
    if possible == {None}:
        undefined = say(
            "细则没有规定“%(found)s”得几分",
            "the rubric does not say what '%(found)s' earns",
            found=found,
        )
        outcome = by_person(case, required, undefined, Fraction(0), case.max)
        return outcome if outcome.found else _with_found(outcome, found)
    known = {one for one in possible if one is not None}
    if len(possible) == 1:
        return decided(case, known.pop(), required, found, why, remedy)
    return undecided(required, found, waits_of(*values), known)


def _with_found(outcome: Outcome, found: Said) -> Outcome:
    return Outcome(
        points=outcome.points,
        required=outcome.required,
        found=found,
        losses=outcome.losses,
        waits_for=outcome.waits_for,
    )
