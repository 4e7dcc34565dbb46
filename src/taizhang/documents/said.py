"""How inlines are said: the words and digits every renderer prints, decided once."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from taizhang.core.figure import Figure, ReasonCode, round_half_up
from taizhang.core.sign import seen
from taizhang.documents.tree import Blank, Explanation, Inline, Inlines, Number, Part, Strong, flat

#: Printed after a value whose unit is no counting word.
SIGNS = {"percent": "%", "permille": "‰", "per100": "", "ratio": "", "number": ""}
#: Two or three characters for a table cell that has no value.
SHORT_REASONS = {
    ReasonCode.NOT_APPLICABLE: "不适用",
    ReasonCode.NOT_REPORTED: "未报",
    ReasonCode.SUPPRESSED: "已隐去",
    ReasonCode.NOT_IN_FORCE: "未施行",
    ReasonCode.NO_UNIT: "无此单位",
    ReasonCode.WAITING: "待定",
}
#: Flags for which a number bears a footnote mark: something is left out, moved or doubtful.  Others
#: are words of the number itself (about, inexact) or are said in its sentence in the annex.
MARKED_FLAGS = frozenset("incomplete of to_date moved split joined left back implausible".split())
FOOTNOTE = "*"
#: Flags that speak of the way of counting, not of one number.
METHOD_FLAGS = frozenset({"capped", "by_analogy", "unverified_source"})
#: Flags in a few words, as they stand in brackets in the annex; arguments as in the full sentences.
SHORT_FLAGS = {
    "to_date": "计至%(one)s",
    "of": "计%(everyone)s个单位中的%(known)s个",
    "incomplete": "%(everyone)s个单位中%(known)s个报齐",
    "inexact": "取下限",
    "moved": "%(one)s条来自调整前的单位",
    "split": "%(one)s条留在已拆分的单位",
    "joined": "%(one)s条来自当时不属本单位的下级",
    "left": "已划出的下级另有%(one)s条",
    "about": "含约数",
    "back": "部分记录来自当日尚未设立的单位",
    "capped": "超过上限的按上限计",
    "by_analogy": "规范约束卫生机构，社区参照执行",
    "unverified_source": "口径或规范来源待核",
    "implausible": "不合常理，请核对",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A number as printed: ``word`` (不少于, 约, 近), ``digits``, ``unit``, footnote ``mark``.

    ``missing`` is the marked reason where there is no value; the other parts are then empty.
    """

    word: str = ""
    digits: str = ""
    unit: str = ""
    mark: str = ""
    missing: str = ""

    @property
    def text(self) -> str:
        """Give the whole as one text."""
        return self.missing or f"{self.word}{self.digits}{self.unit}{self.mark}"


def said(number: Number) -> Said:
    """Say a number: its low end with its word when inexact, its reason when there is none."""
    figure = number.figure
    if number.part is not Part.VALUE:
        return _part_said(number)
    if figure.value is None:
        return Said(missing=_missing(figure, number.compact))
    word, digits = _word_and_digits(figure)
    return Said(word, digits, number.unit, FOOTNOTE if footnoted(figure) else "")


def footnoted(figure: Figure) -> bool:
    """Say whether a figure that has a value lacks something its annex row must tell."""
    return figure.value is not None and any(flag_name(f) in MARKED_FLAGS for f in figure.flags)


def flag_name(flag: str) -> str:
    """Give the machine word of a flag without its arguments."""
    return flag.partition(" ")[0]


def flag_words(flag: str) -> str:
    """Say a flag in a few words."""
    name, _, argument = flag.partition(" ")
    known, _, everyone = argument.partition("/")
    if name == "incomplete" and everyone == "1":
        return "未报齐"
    return SHORT_FLAGS[name] % {"one": argument, "known": known, "everyone": everyone}


def unit_word(figure: Figure) -> str:
    """Give what is printed after the value: 次, 人次, %, ‰, or nothing for a bare ratio."""
    return unit_sign(figure.unit)


def unit_sign(unit: str) -> str:
    """Give what is printed after a value of a unit."""
    return SIGNS.get(unit, unit)


def exact_text(value: Fraction) -> str:
    """Write an exact part of a figure: whole numbers whole, others with at most two decimals."""
    if value.denominator == 1:
        return str(value.numerator)
    return round_half_up(value, 2).rstrip("0").rstrip(".")


def _word_and_digits(figure: Figure) -> tuple[str, str]:
    low, high = figure.low, figure.high
    if low == 0 and high is not None and high > 0 and figure.value == 0:
        # Only an upper bound is known ("近500"); its low end would read as a nought.
        return "近", round_half_up(high, figure.decimals)
    if low == 0 and high is None and figure.value == 0:
        # What was reported so far adds up to nought; "not less than 0" would tell nobody anything.
        return "已报", figure.shown()
    about = any(flag_name(flag) == "about" for flag in figure.flags)
    open_above = low is not None and low != high
    return ("不少于" if open_above else "约" if about else ""), figure.shown()


def _missing(figure: Figure, compact: bool) -> str:
    if figure.reason is None:
        return "〔未报〕" if compact else f"【缺数：{figure.label}】"
    if compact or figure.reason.code is ReasonCode.NOT_APPLICABLE:
        # Nothing is missing where a figure does not apply; the annex tells why.
        return f"〔{SHORT_REASONS[figure.reason.code]}〕"
    return f"【缺数：{figure.reason.sentence.rstrip('。.')}】"


def _part_said(number: Number) -> Said:
    figure = number.figure
    value = {
        Part.NUMERATOR: figure.numerator,
        Part.DENOMINATOR: figure.denominator,
        Part.RECORDS: None if figure.records.count is None else Fraction(figure.records.count),
    }[number.part]
    return Said(missing="—") if value is None else Said("", exact_text(value), number.unit)


def inline_text(inline: Inline) -> str:
    """Write one inline as plain text."""
    match inline:
        case Number():
            return said(inline).text
        case Blank():
            return blank_text(inline)
        case Explanation():
            return inline.figure.sentence
        case Strong():
            return plain(inline.inlines)
        case _:
            return seen(inline.text)


def blank_text(blank: Blank) -> str:
    """Write a blank: marked so that no one can overlook it."""
    return f"【待填：{blank.prompt}】"


def plain(inlines: Inlines) -> str:
    """Write inlines as plain text, as a renderer without markup prints them."""
    return "".join(inline_text(inline) for inline in flat(inlines))
