"""Sentences and points of scores in a page's language."""

from __future__ import annotations

from fractions import Fraction

from django import template
from django.utils.translation import get_language

from taizhang.core.scoring.said import Said, period_said, points_text

register = template.Library()


@register.filter
def said(value: Said) -> str:
    """Say a sentence of a score in the language of the page."""
    return value.text(get_language() or "zh-hans")


@register.filter
def points(value: Fraction | None) -> str:
    """Write points, "—" for none."""
    return "—" if value is None else points_text(value)


@register.filter
def period_words(value: object) -> str:
    """Write a period in words: 2026年上半年."""
    return said(period_said(str(value)))
