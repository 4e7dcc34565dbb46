"""Sentences of a score, in Chinese and English side by side, with their numbers in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from taizhang.core.figure import round_half_up
from taizhang.core.indicator.words import Words
from taizhang.core.period import parse_period

#: More digits than this are shown to nobody, however close a figure comes to its bound.
MOST_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence in both languages."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        """Give the sentence in ``language`` (``zh…``, anything else is English)."""
        return self.zh if language.startswith("zh") else self.en

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


NOTHING = Said("", "")


def say(zh: str, en: str, **facts: object) -> Said:
    """Fill ``%(name)s`` of both sentences; a fact may be a sentence itself or points."""
    return Said(
        zh % {name: _fact(one, "zh") for name, one in facts.items()},
        en % {name: _fact(one, "en") for name, one in facts.items()},
    )


def same(text: str) -> Said:
    """Give a text that is the same in both languages, such as the words of a pack."""
    return Said(text, text)


def joined(parts: list[Said]) -> Said:
    """Join sentences as a list of things."""
    return Said("；".join(one.zh for one in parts), "; ".join(one.en for one in parts))


def period_said(text: str) -> Said:
    """Write a period: 2026年上半年, 2026H1."""
    period = parse_period(text)
    return Said(Words("zh").period(period), Words("en").period(period))


def day_said(day: date) -> Said:
    """Write a day: 2026年11月22日, 2026-11-22."""
    return Said(f"{day.year}年{day.month}月{day.day}日", day.isoformat())


def points_text(value: Fraction) -> str:
    """Write points: at most two digits, halves away from zero, no zeros at the end."""
    text = round_half_up(value, 2)
    return text.rstrip("0").rstrip(".") if "." in text else text


def number_text(value: Fraction, decimals: int = 2) -> str:
    """Write a number with at most ``decimals`` digits and no zeros at the end."""
    text = round_half_up(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def apart(value: Fraction, bound: Fraction, decimals: int) -> str:
    """Write ``value`` with as many digits as it takes to tell it from ``bound``.

    89.96 % misses 90 %; shown as 90.0 % the loss would look like a mistake.
    """
    text = number_text(value, decimals)
    while value != bound and text == number_text(bound, decimals) and decimals < MOST_DIGITS:
        decimals += 1
        text = number_text(value, decimals)
    return text


def _fact(value: object, language: str) -> str:
    if isinstance(value, Said):
        return value.text(language)
    return points_text(value) if isinstance(value, Fraction) else str(value)
