"""Scores of assessments: computed now, with what appeals changed, compared with frozen ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from taizhang.core.base.period import Period
from taizhang.core.scoring import ItemScore, Score, rubric_named, score_all
from taizhang.core.scoring.kinds import decision_of
from taizhang.core.scoring.outcome import WaitsFor
from taizhang.core.scoring.rule import Decision
from taizhang.core.scoring.score_sheet import rounded
from taizhang.core.text.number import points_text
from taizhang.web.assess.queries import with_answers
from taizhang.web.base.moment import one_moment
from taizhang.web.ledger.open_book import open_book


def scores_now(
    rubric: str,
    units: Sequence[str],
    period: Period,
    now: datetime,
    language: str = "zh-hans",
    so_far: bool = False,
) -> tuple[Score, ...]:
    """Score units as the ledger and the decisions stand at ``now``, in the order asked.

    :param so_far: as if the period ended now
    :raises Refused: SCORE_001 to 003
    """
    with one_moment():
        book = with_answers(open_book(now=now, language=language))
        stated = rubric_named(book.programmes, rubric)
        return score_all(book, stated, units, period, so_far=so_far)


def items_of(score: Score) -> Iterator[ItemScore]:
    """Walk all items, those of the bonus last."""
    yield from score.items
    yield from score.bonus_items


def item_of(score: Score, key: str) -> ItemScore | None:
    """Find an item by its key."""
    return next((item for item in items_of(score) if item.key == key), None)


def undecided(scores: Iterable[Score]) -> list[str]:
    """Name the items that wait, as "unit: item"; a bonus that nobody gave is no gap."""
    return [
        f"{score.unit_name}：{item.title}"
        for score in scores
        for item in score.items
        if item.waits_for
    ]


def decided_by_person(item: ItemScore) -> bool:
    """Say whether an assessor decides the item: by its rule, or because it waits for one."""
    by_person = decision_of(item.kind) in (Decision.POINTS, Decision.SAMPLE)
    return by_person or item.waits_for.kind is WaitsFor.DECISION


def sums_shown(score: Score) -> dict[str, object]:
    """Give the sums of a score as a list of units shows them."""
    return {
        "total": points_text(score.total),
        "max": points_text(score.max),
        "converted": points_text(score.converted) if score.left else "",
        "scale": points_text(score.scale),
        "pending": points_text(score.pending_max),
        "lost": points_text(score.lost),
        "bonus": points_text(score.bonus) if score.bonus_items else "",
        "waiting": sum(bool(item.waits_for) for item in score.items),
    }


@dataclass(frozen=True, slots=True)
class ScoreDifference:
    """An item that would be scored otherwise today."""

    key: str
    title: str
    then: str
    now: str


def differences(then: Score, now: Score) -> list[ScoreDifference]:
    """Name the items whose points differ, as far as two digits show."""
    today = {item.key: item for item in items_of(now)}
    changed = []
    for item in items_of(then):
        other = today.get(item.key)
        points = None if other is None else other.points
        if rounded(item.points) != rounded(points):
            changed.append(
                ScoreDifference(item.key, item.title, _written(item.points), _written(points))
            )
    return changed


def _written(points: Fraction | None) -> str:
    return "—" if points is None else points_text(points)
