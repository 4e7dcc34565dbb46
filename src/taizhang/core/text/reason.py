"""Reasons for a figure without value, in words: a sentence, and what fits into a table cell."""

from __future__ import annotations

from taizhang.core.base.figure import ReasonCode
from taizhang.core.text.bilingual import Bilingual

#: Why there is no value: by the detail that evaluation gives, else by the reason itself.
_DETAILS: dict[str, Bilingual] = {
    "not_begun": Bilingual("统计时段尚未开始。", "The period has not begun."),
    "not_bound": Bilingual(
        "本单位及其下级都不填报这项内容。",
        "Neither this unit nor any below it keeps this.",
    ),
    "nobody_reported": Bilingual(
        "应填报的单位都还没有填报，也没有报结。",
        "None of the units expected to report has reported or closed a month.",
    ),
    "nobody_known": Bilingual(
        "没有一个单位的分子和分母都已知。",
        "There is no unit for which both sides are known.",
    ),
    "does_not_add": Bilingual(
        "各单位的这个数不能合并，请逐个单位看。",
        "Values of several units do not come together; ask unit by unit.",
    ),
    "nothing_stated": Bilingual("时段内没有可取的数。", "No value was stated in the period."),
    "zero_denominator": Bilingual("分母为0，不适用。", "The denominator is 0: not applicable."),
    "no_target": Bilingual("没有下达计划任务数。", "No quota was handed down."),
    "historic": Bilingual(
        "历史指标，只用于读懂旧材料，不计算，也不与任何数比较。",
        "A historic indicator, kept to read old texts; it is neither computed nor compared.",
    ),
    "no_dimension": Bilingual(
        "不能按这个维度分开。",
        "It cannot be split by this dimension.",
    ),
    "undecided": Bilingual(
        "已知的数还不足以判断。",
        "What is known does not decide it yet.",
    ),
    "no_lower_end": Bilingual(
        "已知的数不足以给出下限。",
        "What is known gives no lower end.",
    ),
}
_REASONS: dict[ReasonCode, Bilingual] = {
    ReasonCode.NOT_APPLICABLE: Bilingual("不适用。", "Not applicable."),
    ReasonCode.NOT_REPORTED: Bilingual("尚未填报。", "Not reported yet."),
    ReasonCode.SUPPRESSED: Bilingual(
        "数值过小或可由此推出过小的数，为保护个人信息不予公布。",
        "Too small to publish, or it would give away a number that is.",
    ),
    ReasonCode.NOT_IN_FORCE: Bilingual(
        "时段内没有有效的规范。", "No norm was in force in the period."
    ),
    ReasonCode.NO_UNIT: Bilingual("这一天没有这个单位。", "There is no such unit on that day."),
    ReasonCode.WAITING: Bilingual("等待数据。", "Waiting for data."),
}
#: Two or three characters for a table cell that has no value.
SHORT_REASONS = {
    ReasonCode.NOT_APPLICABLE: "不适用",
    ReasonCode.NOT_REPORTED: "未报",
    ReasonCode.SUPPRESSED: "已隐去",
    ReasonCode.NOT_IN_FORCE: "未施行",
    ReasonCode.NO_UNIT: "无此单位",
    ReasonCode.WAITING: "待定",
}


def reason_sentence(code: ReasonCode, detail: str, language: str) -> str:
    """Say why there is no value, by the detail that evaluation gives or the reason itself."""
    return (_DETAILS.get(detail) or _REASONS[code]).text(language)
