"""Sentences of figures: numbers with their bounds, periods, documents, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from taizhang.core.base.period import Period
from taizhang.core.text.bilingual import Bilingual
from taizhang.core.text.number import number_text
from taizhang.core.text.period import period_bilingual
from taizhang.core.text.unit_sign import unit_sign

#: What is said in the place of 100 % and 0 % of one unit.
VERDICTS = {True: Bilingual("是", "yes"), False: Bilingual("否", "no")}


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

    def reach(self, reached: int, of: int, kinds: Sequence[str]) -> str:
        """Say how many units do what is asked of each: 12个村（社区）中10个达到; "" of one."""
        if of < 2:
            return ""
        who = "村（社区）" if set(kinds) == {"村", "社区"} else "、".join(kinds)
        return self.pick(
            f"{of}个{who or '单位'}中{reached}个达到", f"{reached} of {of} units reach it"
        )

    def verdict(self, counted: bool) -> str:
        """Say a share of one unit, which is no percentage: yes or no."""
        return VERDICTS[counted].text(self.language)

    def shared(self) -> str:
        """Say how an activity of several units counts."""
        return self.pick(
            "几个单位共同开展的，各单位的任务都计，合计只计一次。",
            "What several units did together counts in the duty of each and once in the sum.",
        )

    def number(self, low: Fraction, high: Fraction | None, decimals: int, unit: str) -> str:
        """Write a value with what is not known about it."""
        suffix = unit_sign(unit)
        text = number_text(low, decimals) + suffix
        if high is None:
            return self.pick(f"不少于{text}", f"at least {text}")
        if high != low:
            top = number_text(high, decimals) + suffix
            return self.pick(f"{text}至{top}", f"{text} to {top}")
        return text
