"""How inlines are said: the words and digits every renderer prints, decided once."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from taizhang.core.base.figure import MARKED_THEN, Figure, FlagName, ReasonCode
from taizhang.core.base.invisible_sign import seen
from taizhang.core.indicator.sentence import VERDICTS
from taizhang.core.text.number import number_text
from taizhang.core.text.reason import SHORT_REASONS
from taizhang.documents.tree import (
    Blank,
    DateText,
    Explanation,
    Inline,
    Inlines,
    LawRef,
    Number,
    Ordinal,
    Part,
    Quoted,
    Strong,
    Text,
    flat,
)

#: Flags for which a number bears a footnote mark: something is left out, moved or doubtful.  Others
#: are words of the number itself (about, inexact, blank) or are said in its sentence in the annex.
#: Months that are open, or to come, are said once for the whole document.
MARKED_FLAGS = frozenset(map(FlagName, "moved split joined left back implausible".split()))
FOOTNOTE = "*"
#: Flags that speak of the way of counting, not of one number.
METHOD_FLAGS = frozenset((FlagName.CAPPED, FlagName.BY_ANALOGY, FlagName.UNVERIFIED_SOURCE))


@dataclass(frozen=True, slots=True)
class NumberText:
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


def format_number(number: Number) -> NumberText:
    """Say a number: its low end with its word when inexact, its reason when there is none."""
    figure = number.figure
    if number.part is not Part.VALUE:
        return _part_said(number)
    if figure.value is None:
        return NumberText(missing=_missing(figure, number.compact))
    mark = FOOTNOTE if footnoted(figure) else ""
    if figure.verdict is not None:  # of one unit there is no percentage
        return NumberText(digits=VERDICTS[figure.verdict].zh, mark=mark)
    word, digits = _word_and_digits(figure)
    return NumberText(word, digits, number.unit, mark)


def footnoted(figure: Figure) -> bool:
    """Say whether a figure that has a value lacks something its annex row must tell."""
    return figure.value is not None and any(
        flag.name in MARKED_FLAGS or flag.detail == MARKED_THEN for flag in figure.flags
    )


def _word_and_digits(figure: Figure) -> tuple[str, str]:
    low, high = figure.low, figure.high
    if not figure.inexact:
        return "约" if figure.flag(FlagName.ABOUT) else "", figure.shown()
    if low == 0 and high is not None and high > 0 and figure.value == 0:
        # Only an upper bound is known ("近500"); its low end would read as a nought.
        return "近", number_text(high, figure.decimals)
    if low == 0 and high is None and figure.value == 0:
        # What was reported so far adds up to nought; "not less than 0" would tell nobody anything.
        return "已报", figure.shown()
    return "不少于", figure.shown()


def _missing(figure: Figure, compact: bool) -> str:
    if figure.reason is None:
        return "〔未报〕" if compact else f"【缺数：{figure.label}】"
    if compact or figure.reason.code in (ReasonCode.NOT_APPLICABLE, ReasonCode.NOT_LOOKED):
        # Nothing that was counted is missing; the annex tells why.
        return f"〔{SHORT_REASONS[figure.reason.code]}〕"
    return f"【缺数：{figure.reason.sentence.rstrip('。.')}】"


def _part_said(number: Number) -> NumberText:
    figure = number.figure
    value = {
        Part.NUMERATOR: figure.numerator,
        Part.DENOMINATOR: figure.denominator,
        Part.RECORDS: _whole(figure.records.count),
        Part.DONE: figure.done,
        Part.OWED: figure.owed,
        Part.REACHED: _whole(figure.reached),
        Part.OF: _whole(figure.of),
    }[number.part]
    return (
        NumberText(missing="—")
        if value is None
        else NumberText("", number_text(value), number.unit)
    )


def _whole(count: int | None) -> Fraction | None:
    return None if count is None else Fraction(count)


def inline_text(inline: Inline) -> str:
    """Write one inline as plain text."""
    match inline:
        case Number():
            return format_number(inline).text
        case Blank():
            return blank_text(inline)
        case Explanation():
            return inline.figure.sentence
        case Strong():
            return plain(inline.inlines)
        case Text() | DateText() | LawRef() | Quoted() | Ordinal():
            return seen(inline.text)
        case _:
            assert_never(inline)


def blank_text(blank: Blank) -> str:
    """Write a blank: marked so that no one can overlook it."""
    return f"【待填：{blank.prompt}】"


def plain(inlines: Inlines) -> str:
    """Write inlines as plain text, as a renderer without markup prints them."""
    return "".join(inline_text(inline) for inline in flat(inlines))
