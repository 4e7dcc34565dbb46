"""Weighted parts of a period (上半年 40 %, 下半年 60 %), joined into one score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from taizhang.core.base.period import Period
from taizhang.core.scoring.outcome import NO_WAIT, ZERO, Loss, Waiting, WaitsFor
from taizhang.core.scoring.score_sheet import ItemScore, Score, SectionScore
from taizhang.core.text.bilingual import NOTHING, Bilingual, joined, say
from taizhang.core.text.period import PARTS

Part = tuple[str, Fraction, Score]  # name, weight, score
WeighedItem = tuple[str, Fraction, ItemScore]


def weighted_score(period: Period, parts: Sequence[Part]) -> Score:
    """Add up the same unit's scores, each by its weight; decided points count at once."""
    last = parts[-1][2]
    sections = tuple(
        SectionScore(
            key=section.key,
            title=section.title,
            max=sum((weight * score.sections[index].max for _, weight, score in parts), ZERO),
            items=tuple(
                _item(
                    [
                        (name, weight, score.sections[index].items[at])
                        for name, weight, score in parts
                    ]
                )
                for at in range(len(section.items))
            ),
        )
        for index, section in enumerate(last.sections)
    )
    bonus = tuple(
        _item([(name, weight, score.bonus_items[at]) for name, weight, score in parts])
        for at in range(len(last.bonus_items))
    )
    return replace(
        last,
        period=str(period),
        sections=sections,
        bonus_items=bonus,
        weights=tuple((name, weight) for name, weight, _ in parts),
    )


def _item(parts: Sequence[WeighedItem]) -> ItemScore:
    """Join one item of all parts."""
    last = parts[-1][2]
    applying = [(name, weight, item) for name, weight, item in parts if not item.not_applicable]
    waiting = any(item.points is None for _, _, item in applying)
    sure = sum((weight * item.sure for _, weight, item in parts), ZERO)
    pending = sum((weight * item.pending for _, weight, item in parts), ZERO)
    losses = tuple(
        Loss(points=weight * loss.points, why=_in(name, loss.why), remedy=loss.remedy)
        for name, weight, item in applying
        for loss in item.losses
    )
    return ItemScore(
        key=last.key,
        title=last.title,
        max=sum((weight * item.max for _, weight, item in parts), ZERO),
        stated_max=last.stated_max,
        points=None if waiting or not applying else sure,
        kind=last.kind,
        required=_in_parts([(name, item.required) for name, _, item in applying]),
        found=_in_parts([(name, item.found) for name, _, item in applying]),
        losses=() if waiting else losses,
        waits_for=_waiting([(name, item.waits_for) for name, _, item in applying]),
        not_applicable=NOTHING if applying else last.not_applicable,
        figures=tuple(dict.fromkeys(key for _, _, item in parts for key in item.figures)),
        requirements=last.requirements,
        parts=tuple((name, item) for name, _, item in parts),
        sure=sure,
        pending=pending,
    )


def _in(name: str, sentence: Bilingual) -> Bilingual:
    return say("%(part)s：%(text)s", "%(part)s: %(text)s", part=PARTS[name], text=sentence)


def _in_parts(parts: Sequence[tuple[str, Bilingual]]) -> Bilingual:
    return joined([_in(name, sentence) for name, sentence in parts if sentence])


def _waiting(parts: Sequence[tuple[str, Waiting]]) -> Waiting:
    """Join what the parts wait for; a decision goes before data, which come by themselves."""
    kinds = {waits.kind for _, waits in parts if waits}
    if not kinds:
        return NO_WAIT
    kind = WaitsFor.DECISION if WaitsFor.DECISION in kinds else WaitsFor.DATA
    return Waiting(kind, _in_parts([(name, waits.sentence) for name, waits in parts]))
