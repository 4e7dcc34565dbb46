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
    "not_due_yet": Bilingual(
        "还没有到报结的日子，也还没有记录。",
        "No month is due yet, and nothing has been recorded.",
    ),
    "none_due": Bilingual(
        "时段内还没有到期应报结的月份，比率到时再算。",
        "No month of the period is due yet; the ratio waits until then.",
    ),
    "each_unit_needed": Bilingual(
        "分子和分母都已知的月份不到应报的一半；只有一两个单位时，每个单位都须达到一半。",
        "Both sides are known in less than half of the months owed; of one or two units each must "
        "reach half.",
    ),
    "quota_not_shared": Bilingual(
        "任务数下达给整个单位，有下级没有报齐时不能分摊。",
        "The quota was handed to the whole unit and cannot be shared out over those that reported.",
    ),
    "does_not_add": Bilingual(
        "各单位的这个数不能合并，请逐个单位看。",
        "Values of several units do not come together; ask unit by unit.",
    ),
    "apart": Bilingual(
        "大小不同的各项不相加，请分项看。",
        "Its parts are unlike in size and do not add up; ask for each by itself.",
    ),
    "nothing_stated": Bilingual("时段内没有可取的数。", "No value was stated in the period."),
    "zero_denominator": Bilingual("分母为0，不适用。", "The denominator is 0: not applicable."),
    "no_things": Bilingual("没有这类物件，不适用。", "There is no such thing: not applicable."),
    "nobody_above": Bilingual("没有上级单位。", "There is no unit above."),
    "things_not_kept": Bilingual(
        "设施物件还没有名册，暂不计数。", "Things are not counted: no register of them yet."
    ),
    "no_target": Bilingual("没有下达计划任务数。", "No quota was handed down."),
    "historic": Bilingual(
        "历史指标，只用于读懂旧材料，不计算，也不与任何数比较。",
        "A historic indicator, kept to read old texts; it is neither computed nor compared.",
    ),
    "no_dimension": Bilingual(
        "不能按这个维度分开。",
        "It cannot be split by this dimension.",
    ),
    "no_constant": Bilingual(
        "时段内这个常数还没有规定的数。", "The constant has no value in the period."
    ),
    "constant_changes": Bilingual(
        "常数在时段内有变动，请分段统计。",
        "A constant changes within the period; ask for its parts.",
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
    ReasonCode.ANSWER_BLANK: Bilingual(
        "填报了，这一项空着。", "It was reported, and this answer was left blank."
    ),
    ReasonCode.NEVER_COUNTED: Bilingual(
        "已报结，没有清点过。", "Months were closed, but it was never counted."
    ),
    ReasonCode.TOO_FEW_KNOWN: Bilingual(
        "分子和分母都已知的单位或月份不到应报的一半，算不出能代表全体的数。",
        "Both sides are known for less than half of the units or months: too few to speak for all.",
    ),
    ReasonCode.NOT_LOOKED: Bilingual(
        "没有查看过，没有发现不等于没有。",
        "Nobody looked, so having found nothing says nothing.",
    ),
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
    ReasonCode.ANSWER_BLANK: "空着",
    ReasonCode.NEVER_COUNTED: "未清点",
    ReasonCode.TOO_FEW_KNOWN: "不足半数",
    ReasonCode.NOT_LOOKED: "未查看",
    ReasonCode.SUPPRESSED: "已隐去",
    ReasonCode.NOT_IN_FORCE: "未施行",
    ReasonCode.NO_UNIT: "无此单位",
    ReasonCode.WAITING: "待定",
}


def reason_sentence(code: ReasonCode, detail: str, language: str) -> str:
    """Say why there is no value, by the detail that evaluation gives or the reason itself."""
    return (_DETAILS.get(detail) or _REASONS[code]).text(language)
