"""The outcome of one item: points with each loss explained, or what it waits for; decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from taizhang.core.scoring.interval import Interval
from taizhang.core.scoring.parameter import Operand, as_number
from taizhang.core.text.bilingual import NOTHING, Bilingual, joined, same, say
from taizhang.core.text.number import points_text

ZERO = Fraction(0)


class Source(Protocol):
    """Where a rule gets its values from: figures of one unit and period."""

    def value(self, operand: Operand, like: Interval | None = None) -> Interval:
        """Give a figure as far as it is known; a constant in the unit of ``like``."""
        ...


@dataclass(frozen=True, kw_only=True)
class Case:
    """One item to be scored: its maximum, its owner's remedy, its figures and decision."""

    max: Fraction
    remedy: str
    source: Source
    answer: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Loss:
    """Points not earned: why, and how to win them back."""

    points: Fraction
    why: Bilingual
    remedy: Bilingual


class WaitsFor(StrEnum):
    """What would settle an item."""

    NOTHING = ""
    DATA = "data"  # months that are open, answers that are blank, a period that runs
    DECISION = "decision"  # of the assessor


@dataclass(frozen=True, slots=True)
class Waiting:
    """What an undecided item waits for: its kind, and the sentence that people read."""

    kind: WaitsFor
    sentence: Bilingual

    def text(self, language: str) -> str:
        """Give the sentence in ``language``."""
        return self.sentence.text(language)

    def __bool__(self) -> bool:
        return bool(self.sentence)


NO_WAIT = Waiting(WaitsFor.NOTHING, NOTHING)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The points of an item and their explanation.

    ``points`` is ``None`` exactly when the item waits for something or is not applicable.
    """

    points: Fraction | None
    required: Bilingual = NOTHING
    actual: Bilingual = NOTHING
    losses: tuple[Loss, ...] = ()
    waits_for: Waiting = NO_WAIT
    not_applicable: Bilingual = NOTHING
    possible: tuple[Fraction, Fraction] | None = None  # of an undecided item, where it is known


def decided(
    case: Case,
    points: Fraction,
    required: Bilingual,
    actual: Bilingual,
    why: Bilingual,
    remedy: Bilingual = NOTHING,
) -> Outcome:
    """Give points; what is missing from the maximum is one loss."""
    lost = case.max - points
    losses: tuple[Loss, ...] = ()
    if lost > 0:
        losses = (Loss(points=lost, why=why, remedy=advice(case, remedy)),)
    return Outcome(points=points, required=required, actual=actual, losses=losses)


def advice(case: Case, computed: Bilingual) -> Bilingual:
    """Join what the numbers advise with the rubric owner's own words."""
    parts = [part for part in (computed, same(case.remedy)) if part]
    if not parts:
        return say("按要求补齐后申请复核。", "Mend it, then ask for a review.")
    return Bilingual("".join(part.zh for part in parts), " ".join(part.en for part in parts))


def undecided(
    required: Bilingual, actual: Bilingual, waits: Waiting, possible: Iterable[Fraction] = ()
) -> Outcome:
    """Give no points, say what is waited for and between which points the item lies."""
    ends = sorted(possible)
    return Outcome(
        points=None,
        required=required,
        actual=actual,
        waits_for=waits,
        possible=(ends[0], ends[-1]) if len(ends) > 1 else None,
    )


def unapplied(*values: Interval) -> Bilingual:
    """Give the first reason among values why the item does not apply."""
    return next((value.not_applicable for value in values if value.not_applicable), NOTHING)


def waits_of(*values: Interval) -> Waiting:
    """Join what the values wait for."""
    sentences = list(dict.fromkeys(value.waits for value in values if value.waits))
    sentence = joined(sentences) if sentences else say("等待数据。", "Waits for data.")
    return Waiting(WaitsFor.DATA, sentence)


def by_person(
    case: Case,
    required: Bilingual,
    occasion: Bilingual,
    low: Fraction,
    high: Fraction,
    reason_required: bool = True,
    actual: Bilingual = NOTHING,
) -> Outcome:
    """Take the points that a person decided within [low, high]; wait while there are none.

    A decision is ``{"points": number, "reason": text}``; ``actual`` is shown until there is one.
    """
    asked = say("%(low)s–%(high)s分", "%(low)s–%(high)s points", low=low, high=high)
    points, reason = case.answer.get("points"), str(case.answer.get("reason") or "").strip()
    given = _given(points)
    if points is None or points == "":
        waits = say(
            "等待考核员评定（%(range)s）%(occasion)s",
            "Waits for the assessor's decision (%(range)s)%(occasion)s",
            range=asked,
            occasion=Bilingual(
                f"：{occasion.zh}" if occasion else "", f": {occasion.en}" if occasion else ""
            ),
        )
    elif given is None or not low <= given <= high:
        waits = say(
            "评定的分数“%(points)s”不在%(range)s之内，等待更正。",
            "The decided points '%(points)s' are not within %(range)s; waits for a correction.",
            points=points if given is None else points_text(given),
            range=asked,
        )
    elif reason_required and not reason:
        waits = say(
            "已评%(points)s分，等待书面理由。",
            "%(points)s points were decided; waits for the written reason.",
            points=given,
        )
    else:
        return _by_decision(case, required, given, reason)
    return undecided(required, actual, Waiting(WaitsFor.DECISION, waits))


def _given(points: object) -> Fraction | None:
    try:
        return as_number(points)
    except ValueError:
        return None


def _by_decision(case: Case, required: Bilingual, points: Fraction, reason: str) -> Outcome:
    actual = say(
        "评定%(points)s分：%(reason)s" if reason else "评定%(points)s分",
        "decided %(points)s points: %(reason)s" if reason else "decided %(points)s points",
        points=points,
        reason=reason,
    )
    why = say(
        "考核员评定%(points)s分（满分%(max)s分）：%(reason)s",
        "The assessor decided %(points)s of %(max)s points: %(reason)s",
        points=points,
        max=case.max,
        reason=reason or "-",
    )
    remedy = say("对评定有异议可申诉。", "Appeal if you disagree with the decision.")
    return decided(case, points, required, actual, why, remedy)


def with_rest(case: Case, points: Fraction, losses: list[Loss]) -> tuple[Loss, ...]:
    """Make losses add up to what is missing from the maximum.

    A floor takes back what goes beyond it, the last losses first; full marks below the maximum
    are a loss of their own.
    """
    left = case.max - points
    counted = []
    for loss in losses:
        taken = min(loss.points, left)
        if taken > 0:
            counted.append(replace(loss, points=taken))
            left -= taken
    if left > 0:
        counted.append(Loss(points=left, why=below_max(), remedy=advice(case, NOTHING)))
    return tuple(counted)


def below_max() -> Bilingual:
    """Say that full marks do not reach the item's maximum."""
    return say("细则的满分低于本项分值", "the rule's full marks are below the item's maximum")
