"""Sentences and points of scores in a page's language."""

from __future__ import annotations

from fractions import Fraction

from django import template
from django.utils.translation import get_language, gettext

from taizhang.core.base.period import parse_period
from taizhang.core.scoring import ItemScore
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
    text = points_text(given)
    if item.factor == 1 or item.not_applicable:
        return text
    worth = points_text(given * item.factor)
    return gettext("%(points)s (counts %(worth)s)") % {"points": text, "worth": worth}


@register.filter
def on_scale(item: ItemScore) -> str:
    """Write an item's points on the rubric's scale, and beside them what they count here."""
    return stated(item, None if item.points is None else item.stated(item.points))


@register.filter
def period_words(value: object) -> str:
    """Write a period in words: 2026年上半年."""
    return sentence(period_bilingual(parse_period(str(value))))
