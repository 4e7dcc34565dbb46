"""Bilingual texts: a sentence in Chinese and English side by side, filled, joined, chosen."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from taizhang.core.text.number import points_text


def is_chinese(language: str) -> bool:
    """Say whether a language is Chinese (``zh…``); all others read English."""
    return language.startswith("zh")


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One sentence in both languages."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        """Give the sentence in ``language`` (``zh…``, anything else is English)."""
        return self.zh if is_chinese(language) else self.en

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


NOTHING = Bilingual("", "")


def say(zh: str, en: str, **facts: object) -> Bilingual:
    """Fill ``%(name)s`` of both sentences; a fact may be a sentence itself or points."""
    return Bilingual(
        zh % {name: _fact(fact, "zh") for name, fact in facts.items()},
        en % {name: _fact(fact, "en") for name, fact in facts.items()},
    )


def same(text: str) -> Bilingual:
    """Give a text that is the same in both languages, such as the words of a pack."""
    return Bilingual(text, text)


def joined(parts: list[Bilingual]) -> Bilingual:
    """Join sentences as a list of things."""
    return Bilingual("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))


def _fact(value: object, language: str) -> str:
    if isinstance(value, Bilingual):
        return value.text(language)
    return points_text(value) if isinstance(value, Fraction) else str(value)
