"""Words of official Chinese documents: numerals of headings, periods, dates.

They are the vocabulary of the documents themselves, which are Chinese whatever language the
interface speaks; so they are no interface texts and pass no catalogue.
"""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"

SYNTHETIC = "演示数据（合成）"
NUMBERS_TITLE = "数字来源表"
NUMBERS_HEADER = ("序号", "口径和算法", "文中数字（分子÷分母，说明，依据的记录数）")
#: The same, one number a row, for a workbook.
NUMBERS_SHEET = ("序号", "文中数字", "口径和算法", "分子÷分母", "截至", "记录数")
TOTAL = "合计"
FOOTNOTE_NOTE = "带“*”的数字范围不全或有调整，见附件“数字来源表”。"
ANALOGY_NOTE = "文中引用的规范约束卫生机构，社区参照执行。"
DATE_PROMPT = "成文日期"
ANNEX = "附件"


def chinese_numeral(number: int) -> str:
    """Write 1–99 as 一 … 九十九, as headings are numbered.

    :raises ValueError: if it is outside 1–99
    """
    if not 1 <= number <= 99:
        raise ValueError(f"{number} headings are more than 一、 can number")
    tens, ones = divmod(number, 10)
    text = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return text + (_DIGITS[ones] if ones else "")


def heading_number(level: int, number: int) -> str:
    """Give the numbering of a heading: 一、 （一） 1. （1） (GB/T 9704—2012, 7.3.3)."""
    match level:
        case 1:
            return f"{chinese_numeral(number)}、"
        case 2:
            return f"（{chinese_numeral(number)}）"
        case 3:
            return f"{number}."
        case _:
            return f"（{number}）"


def annex_label(index: int, count: int) -> str:
    """Give what stands on the first line of an annex: 附件, or 附件1 where there are several."""
    return ANNEX if count == 1 else f"{ANNEX}{index + 1}"


def annex_lead(index: int, count: int) -> str:
    """Give what stands before the title of an annex in 附件说明: 附件：1. for the first, then 2."""
    number = "" if count == 1 else f"{index + 1}."
    return number if index else f"{ANNEX}：{number}"
