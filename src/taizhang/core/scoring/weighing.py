"""Joins the scores of weighted parts (上半年 40 %, 下半年 60 %) into the score of the period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from taizhang.core.period import Period
from taizhang.core.period_words import PARTS
from taizhang.core.scoring.outcome import Loss
from taizhang.core.scoring.result import ZERO, ItemScore, Score, SectionScore
from taizhang.core.text.bilingual import NOTHING, Said, joined, say

Part = tuple[str, Fraction, Score]  # name, weight, score
WeighedItem = tuple[str, Fraction, ItemScore]


def weighed(period: Period, parts: Sequence[Part]) -> Score:
    """Add up the same unit's scores, each by its weight; decided points count at once."""
    last = parts[-1][2]
    sections = tuple(
        SectionScore(
            key=section.key,
            title=section.title,
            max=sum((weight * one.sections[index].max for _, weight, one in parts), ZERO),
            items=tuple(
                _item(
                    [(name, weight, one.sections[index].items[at]) for name, weight, one in parts]
                )
                for at in range(len(section.items))
            ),
        )
        for index, section in enumerate(last.sections)
    )
    bonus = tuple(
        _item([(name, weight, one.bonus_items[at]) for name, weight, one in parts])
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
        required=_said([(name, item.required) for name, _, item in applying]),
        found=_said([(name, item.found) for name, _, item in applying]),
        losses=() if waiting else losses,
        waits_for=_said([(name, item.waits_for) for name, _, item in applying]),
        not_applicable=NOTHING if applying else last.not_applicable,
        figures=tuple(dict.fromkeys(key for _, _, item in parts for key in item.figures)),
        requirements=last.requirements,
        parts=tuple((name, item) for name, _, item in parts),
        sure=sure,
        pending=pending,
    )


def _in(name: str, said: Said) -> Said:
    return say("%(part)s：%(said)s", "%(part)s: %(said)s", part=PARTS[name], said=said)


def _said(parts: Sequence[tuple[str, Said]]) -> Said:
    return joined([_in(name, said) for name, said in parts if said])
