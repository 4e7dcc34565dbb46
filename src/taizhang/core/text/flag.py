"""Flags of figures in words: a whole sentence, a remark in a document's annex, a mark of a page."""

from __future__ import annotations

from dataclasses import dataclass

from taizhang.core.base.figure import MARKED_THEN, Flag, FlagName
from taizhang.core.base.issue import gettext_noop
from taizhang.core.base.period import parse_period
from taizhang.core.text.bilingual import Bilingual
from taizhang.core.text.period import months_chinese, months_english


@dataclass(frozen=True, slots=True)
class FlagText:
    """What a flag tells the reader; ``mark`` is a message of the interface, in few words.

    Its argument is ``%(argument)s``, or ``%(known)s`` and ``%(everyone)s`` of a share; see
    :func:`flag_facts`.
    """

    sentence: Bilingual
    remark: str
    mark: str


FLAG_TEXTS: dict[FlagName, FlagText] = {
    FlagName.TO_DATE: FlagText(
        Bilingual(
            "时段未结束，计至%(argument)s。",
            "The period is running; counted to %(argument)s.",
        ),
        "计至%(argument)s",
        gettext_noop("until %(argument)s"),
    ),
    FlagName.OF: FlagText(
        Bilingual(
            "只计分子和分母都已知的%(known)s个单位（共%(everyone)s个）。",
            "Taken over the %(known)s of %(everyone)s units for which both sides are known.",
        ),
        "计%(everyone)s个单位中的%(known)s个",
        gettext_noop("of %(known)s/%(everyone)s"),
    ),
    FlagName.OF_MONTHS: FlagText(
        Bilingual(
            "各单位应报的月份合计%(everyone)s个，只计分子和分母都已知的%(known)s个。",
            "Taken over the %(known)s of %(everyone)s unit-months for which both sides are known.",
        ),
        "计应报的%(everyone)s个月份中的%(known)s个",
        gettext_noop("of %(known)s/%(everyone)s unit-months"),
    ),
    FlagName.INCOMPLETE: FlagText(
        Bilingual(
            "应报%(everyone)s个单位，%(known)s个已报齐；为已收到数的合计。",
            "Of %(everyone)s units %(known)s have reported fully; the number adds up what has "
            "come in.",
        ),
        "%(everyone)s个单位中%(known)s个报齐",
        gettext_noop("%(known)s of %(everyone)s units have reported fully"),
    ),
    FlagName.BLANK: FlagText(
        Bilingual(
            "有%(argument)s处填报时空着，没有计入。",
            "%(argument)s answers were left blank and are not counted.",
        ),
        "有%(argument)s处空着",
        gettext_noop("%(argument)s answers left blank"),
    ),
    FlagName.INEXACT: FlagText(
        Bilingual(
            "含不确切的数，取下限。",
            "Not exactly known; the low end is shown.",
        ),
        "取下限",
        gettext_noop("inexact"),
    ),
    FlagName.MOVED: FlagText(
        Bilingual(
            "其中%(argument)s条来自调整前的单位。",
            "%(argument)s of the facts were recorded under units before they changed.",
        ),
        "%(argument)s条来自调整前的单位",
        gettext_noop("with %(argument)s from former units"),
    ),
    FlagName.SPLIT: FlagText(
        Bilingual(
            "其中%(argument)s条留在已拆分的单位。",
            "%(argument)s of the facts stay on a unit that was split.",
        ),
        "%(argument)s条留在已拆分的单位",
        gettext_noop("with %(argument)s of split units"),
    ),
    FlagName.JOINED: FlagText(
        Bilingual(
            "其中%(argument)s条来自当时不属于本单位的下级单位。",
            "%(argument)s of the facts come from units that belonged elsewhere at the time.",
        ),
        "%(argument)s条来自当时不属本单位的下级",
        gettext_noop("with %(argument)s of units that belonged elsewhere"),
    ),
    FlagName.LEFT: FlagText(
        Bilingual(
            "已划出的下级单位另有%(argument)s条，不计在内。",
            "%(argument)s more facts belong to units that have left since and are not counted.",
        ),
        "已划出的下级另有%(argument)s条",
        gettext_noop("without %(argument)s of units that have left"),
    ),
    FlagName.ABOUT: FlagText(
        Bilingual(
            "其中有约数。",
            "Some of the numbers are approximate.",
        ),
        "含约数",
        gettext_noop("partly approximate"),
    ),
    FlagName.BACK: FlagText(
        Bilingual(
            "部分记录来自当日尚未设立的单位，计入其前身或上级。",
            "Some records come from units that did not exist yet on the tree's day.",
        ),
        "部分记录来自当日尚未设立的单位",
        gettext_noop("with records of units from before they existed"),
    ),
    FlagName.CAPPED: FlagText(
        Bilingual(
            "超过上限的按上限计。",
            "What exceeds the cap counts as the cap.",
        ),
        "超过上限的按上限计",
        gettext_noop("capped"),
    ),
    FlagName.BY_ANALOGY: FlagText(
        Bilingual(
            "规范约束的是卫生机构，社区参照执行。",
            "The norm binds health institutions; it is followed by analogy.",
        ),
        "规范约束卫生机构，社区参照执行",
        gettext_noop("by analogy"),
    ),
    FlagName.UNVERIFIED_SOURCE: FlagText(
        Bilingual(
            "口径或规范来源待核。",
            "The source has not been verified.",
        ),
        "口径或规范来源待核",
        gettext_noop("source not verified"),
    ),
    FlagName.IMPLAUSIBLE: FlagText(
        Bilingual(
            "数值不合常理，请核对分子、分母和单位。",
            "The value is implausible; check numerator, denominator and unit.",
        ),
        "不合常理，请核对",
        gettext_noop("implausible"),
    ),
}


#: Of a ratio the last month it takes in; of a unit alone which months it has not closed.
_DETAILED: dict[FlagName, FlagText] = {
    FlagName.TO_DATE: FlagText(
        Bilingual(
            "时段未结束，比率计至已到报结日的%(months)s。",
            "The period is running; the ratio takes in the months due, to %(months_en)s.",
        ),
        "计至%(months)s",
        gettext_noop("until %(detail)s"),
    ),
    FlagName.INCOMPLETE: FlagText(
        Bilingual(
            "%(months)s还没有报结，为已收到数的合计。",
            "%(months_en)s not closed yet; the number adds up what has come in.",
        ),
        "%(months)s还没有报结",
        gettext_noop("not closed yet: %(detail)s"),
    ),
}


def flag_text(flag: Flag) -> FlagText:
    """Give the words of a flag; those of a unit alone name its months."""
    return (_DETAILED if _is_detailed(flag) else FLAG_TEXTS)[flag.name]


def _is_detailed(flag: Flag) -> bool:
    return flag.detail not in ("", MARKED_THEN)


def flag_sentence(flag: Flag, language: str) -> str:
    """Say in a sentence what a flag means."""
    return flag_text(flag).sentence.text(language) % flag_facts(flag)


def flag_remark(flag: Flag) -> str:
    """Say a flag in the few words that stand in brackets in an annex."""
    if flag.name is FlagName.INCOMPLETE and flag.argument.endswith("/1") and not _is_detailed(flag):
        return "未报齐"
    return flag_text(flag).remark % flag_facts(flag)


def flag_facts(flag: Flag) -> dict[str, str]:
    """Give what the words of a flag name."""
    known, _, everyone = flag.argument.partition("/")
    facts = {"argument": flag.argument, "known": known, "everyone": everyone, "detail": flag.detail}
    if _is_detailed(flag):
        months = [parse_period(month).first for month in flag.detail.split(",")]
        facts |= {"months": months_chinese(months), "months_en": months_english(months)}
    return facts
