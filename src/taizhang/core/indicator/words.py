"""The sentences of figures, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from taizhang.core.figure import ReasonCode, round_half_up
from taizhang.core.period import Period
from taizhang.core.period_words import period_chinese

#: (Chinese, English)
Both = tuple[str, str]

#: Why there is no value: by the detail that evaluation gives, else by the reason itself.
_DETAILS: dict[str, Both] = {
    "not_begun": ("统计时段尚未开始。", "The period has not begun."),
    "not_bound": (
        "本单位及其下级都不填报这项内容。",
        "Neither this unit nor any below it keeps this.",
    ),
    "nobody_reported": (
        "应填报的单位都还没有填报，也没有报结。",
        "None of the units expected to report has reported or closed a month.",
    ),
    "nobody_known": (
        "没有一个单位的分子和分母都已知。",
        "There is no unit for which both sides are known.",
    ),
    "does_not_add": (
        "各单位的这个数不能合并，请逐个单位看。",
        "Values of several units do not come together; ask unit by unit.",
    ),
    "nothing_stated": ("时段内没有可取的数。", "No value was stated in the period."),
    "zero_denominator": ("分母为0，不适用。", "The denominator is 0: not applicable."),
    "no_target": ("没有下达计划任务数。", "No quota was handed down."),
    "historic": (
        "历史指标，只用于读懂旧材料，不计算，也不与任何数比较。",
        "A historic indicator, kept to read old texts; it is neither computed nor compared.",
    ),
    "no_dimension": (
        "不能按这个维度分开。",
        "It cannot be split by this dimension.",
    ),
    "undecided": (
        "已知的数还不足以判断。",
        "What is known does not decide it yet.",
    ),
    "no_lower_end": (
        "已知的数不足以给出下限。",
        "What is known gives no lower end.",
    ),
}
_REASONS: dict[ReasonCode, Both] = {
    ReasonCode.NOT_APPLICABLE: ("不适用。", "Not applicable."),
    ReasonCode.NOT_REPORTED: ("尚未填报。", "Not reported yet."),
    ReasonCode.SUPPRESSED: (
        "数值过小或可由此推出过小的数，为保护个人信息不予公布。",
        "Too small to publish, or it would give away a number that is.",
    ),
    ReasonCode.NOT_IN_FORCE: ("时段内没有有效的规范。", "No norm was in force in the period."),
    ReasonCode.NO_UNIT: ("这一天没有这个单位。", "There is no such unit on that day."),
    ReasonCode.WAITING: ("等待数据。", "Waiting for data."),
}

#: What each flag tells the reader; ``%(known)s of %(everyone)s`` and ``%(one)s`` are its argument.
FLAGS: dict[str, Both] = {
    "to_date": ("时段未结束，计至%(one)s。", "The period is running; counted to %(one)s."),
    "of": (
        "只计分子和分母都已知的%(known)s个单位（共%(everyone)s个）。",
        "Taken over the %(known)s of %(everyone)s units for which both sides are known.",
    ),
    "incomplete": (
        "应报%(everyone)s个单位，%(known)s个已报齐；只计已知部分，实际数可能更大。",
        "Of %(everyone)s units %(known)s have reported fully; only what is known is counted "
        "and the true number may be larger.",
    ),
    "inexact": ("含不确切的数，取下限。", "Not exactly known; the low end is shown."),
    "moved": (
        "其中%(one)s条来自调整前的单位。",
        "%(one)s of the facts were recorded under units before they changed.",
    ),
    "split": (
        "其中%(one)s条留在已拆分的单位。",
        "%(one)s of the facts stay on a unit that was split.",
    ),
    "joined": (
        "其中%(one)s条来自当时不属于本单位的下级单位。",
        "%(one)s of the facts come from units that belonged elsewhere at the time.",
    ),
    "left": (
        "已划出的下级单位另有%(one)s条，不计在内。",
        "%(one)s more facts belong to units that have left since and are not counted.",
    ),
    "about": ("其中有约数。", "Some of the numbers are approximate."),
    "back": (
        "部分记录来自当日尚未设立的单位，计入其前身或上级。",
        "Some records come from units that did not exist yet on the tree's day.",
    ),
    "capped": ("超过上限的按上限计。", "What exceeds the cap counts as the cap."),
    "by_analogy": (
        "规范约束的是卫生机构，社区参照执行。",
        "The norm binds health institutions; it is followed by analogy.",
    ),
    "unverified_source": ("口径或规范来源待核。", "The source has not been verified."),
    "implausible": (
        "数值不合常理，请核对分子、分母和单位。",
        "The value is implausible; check numerator, denominator and unit.",
    ),
}


class Words:
    """Sentences in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.index = 0 if language.startswith("zh") else 1

    def pick(self, both: Both) -> str:
        """Choose the language."""
        return both[self.index]

    def join(self, parts: Sequence[str]) -> str:
        """Put sentences behind each other."""
        return ("" if self.index == 0 else " ").join(part for part in parts if part)

    def reason(self, code: ReasonCode, detail: str) -> str:
        """Say why there is no value."""
        return self.pick(_DETAILS.get(detail) or _REASONS[code])

    def flag(self, flag: str) -> str:
        """Say what a flag (a name, with its argument behind a space) means."""
        name, _, argument = flag.partition(" ")
        known, _, everyone = argument.partition("/")
        return self.pick(FLAGS[name]) % {"one": argument, "known": known, "everyone": everyone}

    def documents(self, names: Sequence[str]) -> str:
        """Name the documents of the norms used."""
        if not names:
            return ""
        said = "、".join(f"《{name}》" for name in names)
        return self.pick((f"规范依据：{said}。", f"Norm: {said}."))

    def period(self, period: Period) -> str:
        """Write a period as people say it."""
        return str(period) if self.index == 1 else period_chinese(period)

    def number(self, low: Fraction, high: Fraction | None, decimals: int, unit: str) -> str:
        """Write a value with what is not known about it."""
        sign = {"percent": "%", "permille": "‰", "ratio": "", "per100": "", "number": ""}
        suffix = sign.get(unit, unit)
        text = round_half_up(low, decimals) + suffix
        if high is None:
            return self.pick((f"不少于{text}", f"at least {text}"))
        if high != low:
            top = round_half_up(high, decimals) + suffix
            return self.pick((f"{text}至{top}", f"{text} to {top}"))
        return text
