"""Allowed appeals: what one gave for an item stands in the place of what the rule gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from taizhang.core.book import AppealedPoints
from taizhang.core.scoring.outcome import NO_WAIT, ZERO, Loss
from taizhang.core.scoring.score_sheet import ItemScore, Score
from taizhang.core.text.bilingual import NOTHING, say

REMEDY = say("申诉已答复，一项只申诉一次。", "The appeal is answered; an item is appealed once.")


def with_appeals(score: Score, appeals: Mapping[str, AppealedPoints]) -> Score:
    """Give a score with what appeals gave, by the key of the item, in the place of the rules'."""
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
    given = min(appeal.points, item.stated_max)
    points = given * item.factor
    why = say(
        "申诉后改定%(points)s分（满分%(max)s分）：%(reason)s",
        "changed on appeal to %(points)s of %(max)s points: %(reason)s",
        points=given,
        max=item.stated_max,
        reason=appeal.reason,
    )
    lost = item.max - points
    return replace(
        item,
        points=points,
        sure=points,
        pending=ZERO,
        found=why,
        losses=(Loss(points=lost, why=why, remedy=REMEDY),) if lost else (),
        waits_for=NO_WAIT,
        not_applicable=NOTHING,
        possible=None,
        parts=(),
    )
