"""Sentences of figures: numbers with their bounds, periods, documents, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from taizhang.core.base.period import Period
from taizhang.core.base.rounding import round_half_up
from taizhang.core.text.bilingual import Bilingual
from taizhang.core.text.period import period_bilingual
from taizhang.core.text.unit_sign import unit_sign


class FigureSentences:
    """Sentences in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def pick(self, zh: str, en: str) -> str:
        """Choose the language."""
        return Bilingual(zh, en).text(self.language)

    def join(self, parts: Sequence[str]) -> str:
        """Put sentences behind each other."""
        return self.pick("", " ").join(part for part in parts if part)

    def documents(self, names: Sequence[str]) -> str:
        """Name the documents of the norms used."""
        if not names:
            return ""
        quoted = "、".join(f"《{name}》" for name in names)
        return self.pick(f"规范依据：{quoted}。", f"Norm: {quoted}.")

    def period(self, period: Period) -> str:
        """Write a period as people say it."""
        return period_bilingual(period).text(self.language)

    def number(self, low: Fraction, high: Fraction | None, decimals: int, unit: str) -> str:
        """Write a value with what is not known about it."""
        suffix = unit_sign(unit)
        text = round_half_up(low, decimals) + suffix
        if high is None:
            return self.pick(f"不少于{text}", f"at least {text}")
        if high != low:
            top = round_half_up(high, decimals) + suffix
            return self.pick(f"{text}至{top}", f"{text} to {top}")
        return text
