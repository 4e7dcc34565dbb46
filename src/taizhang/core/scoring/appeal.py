"""Allowed appeals and stated circumstances: what people gave in the place of the rule's points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from taizhang.core.book import AppealedPoints
from taizhang.core.scoring.outcome import NO_WAIT, ZERO, Loss
from taizhang.core.scoring.score_sheet import ItemScore, Score
from taizhang.core.text.bilingual import NOTHING, Bilingual, say

REMEDY = say("申诉已答复，一项只申诉一次。", "The appeal is answered; an item is appealed once.")
ADJUSTED = say("对调整有异议可申诉。", "Appeal if you disagree with the adjustment.")


def with_appeals(score: Score, appeals: Mapping[str, AppealedPoints]) -> Score:
    """Give a score with what people gave beside the rules, by the key of the item."""
    if not appeals:
        return score

    def appealed(item: ItemScore) -> ItemScore:
        appeal = appeals.get(item.key)
        return item if appeal is None else _appealed(item, appeal)

    return replace(
        score,
        sections=tuple(
            replace(section, items=tuple(appealed(item) for item in section.items))
            for section in score.sections
        ),
        bonus_items=tuple(appealed(item) for item in score.bonus_items),
    )


def _appealed(item: ItemScore, appeal: AppealedPoints) -> ItemScore:
    if appeal.circumstance:
        item = replace(item, circumstance=_circumstance(appeal))
    if appeal.points is None:
        return item
    given = min(appeal.points, item.stated_max)
    points = given * item.factor
    if appeal.adjusted and item.points is not None and item.points >= points:
        return item  # to state a circumstance never costs
    why = say(
        "申诉后改定%(points)s分（满分%(max)s分）：%(reason)s",
        "changed on appeal to %(points)s of %(max)s points: %(reason)s",
        points=given,
        max=item.stated_max,
        reason=appeal.reason,
    )
    if appeal.adjusted:
        why = say(
            "因所述情况调整为%(points)s分（满分%(max)s分）：%(reason)s",
            "adjusted for the stated circumstance to %(points)s of %(max)s points: %(reason)s",
            points=given,
            max=item.stated_max,
            reason=appeal.reason,
        )
    lost = item.max - points
    remedy = ADJUSTED if appeal.adjusted else REMEDY
    return replace(
        item,
        points=points,
        sure=points,
        pending=ZERO,
        found=why,
        losses=(Loss(points=lost, why=why, remedy=remedy),) if lost else (),
        waits_for=NO_WAIT,
        not_applicable=NOTHING,
        possible=None,
        parts=(),
    )


def _circumstance(appeal: AppealedPoints) -> Bilingual:
    if appeal.points is None and appeal.reason:
        return say(
            "%(text)s（复核后不调整：%(reason)s）",
            "%(text)s (reviewed, not adjusted: %(reason)s)",
            text=appeal.circumstance,
            reason=appeal.reason,
        )
    return say("%(text)s", "%(text)s", text=appeal.circumstance)
