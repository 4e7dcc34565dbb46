"""Sentences and points of scores in a page's language."""

from __future__ import annotations

from fractions import Fraction

from django import template
from django.utils.translation import get_language

from taizhang.core.base.period import parse_period
from taizhang.core.scoring import ItemScore
from taizhang.core.scoring.score_sheet import with_worth
from taizhang.core.text.bilingual import Bilingual
from taizhang.core.text.number import points_text
from taizhang.core.text.period import period_bilingual

register = template.Library()


@register.filter
def sentence(value: Bilingual) -> str:
    """Say a sentence of a score in the language of the page."""
    return value.text(get_language() or "zh-hans")


@register.filter
def points(value: Fraction | None) -> str:
    """Write points, "—" for none."""
    return "—" if value is None else points_text(value)


@register.filter
def stated(item: ItemScore, given: Fraction | None) -> str:
    """Write points of an item on the rubric's scale, and beside them what they count here.

    They differ where items of the section that do not apply left their points to the others.
    """
    if given is None:
        return "—"
    worth = given if item.not_applicable else given * item.factor
    return sentence(with_worth(given, worth))


@register.filter
def on_scale(item: ItemScore) -> str:
    """Write an item's points on the rubric's scale, and beside them what they count here."""
    return stated(item, item.stated_points)


@register.filter
def loss_on_scale(item: ItemScore, lost: Fraction) -> str:
    """Write points that an item lost on the rubric's scale, and beside them what they count."""
    return stated(item, item.stated(lost))


@register.filter
def period_words(value: object) -> str:
    """Write a period in words: 2026年上半年."""
    return sentence(period_bilingual(parse_period(str(value))))
