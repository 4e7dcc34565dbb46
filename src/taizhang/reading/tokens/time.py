"""Time expressions of old texts → periods and days, as far as the text says the year."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from taizhang.core.base.period import Month, Period, year_of
from taizhang.reading.base.line import Document
from taizhang.reading.tokens.numeral import DIGITS

_HAN_YEAR = r"[二一][〇○零九][〇○零一二三四五六七八九]{2}"
_YEAR = (
    rf"(?:(?P<year>(?<!\d)(?:19|20)\d{{2}}(?=年)|{_HAN_YEAR})年度?|"
    r"(?P<word>今年|本年度?|去年|上年度?|明年|来年|次年|前年|当年|全年|年内))"
)
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_MOMENT = re.compile(
    r"(?=[截到至\d今本去上明来次前当全年下第一二三四五六七八九十][^年月季底末]{0,11}[年月季底末]|[年底])"
    rf"(?P<until>截[至止]到?|到|至)?\s?(?:{_YEAR})?\s?的?"
    rf"(?:(?P<half>上半年|下半年)|(?:第|前)?(?P<quarter>[一二三四1-4])季度|(?P<upto>前三季度)"
    rf"|(?P<from>{_MONTH})(?:月份?)?\s?[-—~～至到]\s?(?P<to>{_MONTH})月份?"
    rf"|(?P<month>{_MONTH})月(?:份)?(?:(?P<day>\d{{1,2}})[日号]|(?P<end>底|末))?"
    r"|(?P<yearend>年?底|年末))?"
)
#: every time that is told has one of these
_TIME_SIGN = re.compile(r"[年月季底末]")
_RELATIVE = {"去年": -1, "上年": -1, "上年度": -1, "前年": -2, "明年": 1, "来年": 1, "次年": 1}
_EVERY = re.compile(
    r"每(?:一?个?)?(?P<unit>半年|半个?月|学期|季度|[年月周日天季旬]|两个?[月周年]|[二三四五六]个?[月年周]|星期|工作日|班次?|户|人|场|村|社区|校|所|镇|名?\S{0,3}(?=不少于|至少))"
    r"|(?P<nth>[一二两三四五半\d]{1,2}个?[年月周])(?=[一1二两]次)|(?P<rate>年|月|周|季度)(?:均|人均)"
)
#: a year the text is about, not one it only refers to: 2002年前, 2017年版, 2010年以来
_NAMED = re.compile(r"(?<!\d)(20\d\d|19[89]\d)年(?!前|版|以来|起|第|修订|至今)")
_CHANGES = re.compile(
    r"(?:下降|提高|提升|上升|增加|增长|减少|降低|压降|扩大|增|降|升|缩短)(?:到|至|为)|变为|改为|到今年"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as said: a period, or the day by which something stood; ``text`` as written."""

    start: int
    end: int
    text: str
    period: Period | None
    as_of: date | None = None


def every_of(text: str) -> str:
    """Give how often a clause says that something happens (月, 季度, 两年 …), '' when it "
    "does not."""
    year = ""
    for match in _EVERY.finditer(text):
        year = match["unit"] or match["nth"] or match["rate"]
    return year


def moments(text: str, year: int | None) -> list[Moment]:
    """Find the time expressions of a clause.

    :param year: the year the document speaks about, for 今年 and bare months
    """
    times: list[Moment] = []
    if not _TIME_SIGN.search(text):
        return times
    for match in _MOMENT.finditer(text):
        if match[0].strip("截至止到的 ") and (moment := _moment(match, year)):
            times.append(moment)
    return times


def _moment(match: re.Match[str], year: int | None) -> Moment | None:
    groups = [
        match[name]
        for name in ("year", "word", "half", "quarter", "upto", "from", "month", "yearend")
    ]
    if not any(groups) or (match["yearend"] == "底" and not any(groups[:2])):
        return None
    if match["from"] and not match[0].endswith(("月", "月份")):
        return None
    which = _year(match, year)
    if re.match(r"(?:以|之)?前", match.string[match.end() :]) and not match["month"]:
        return Moment(match.start(), match.end(), f"{match[0]}前", None)  # before it: no period
    if which is None:
        return Moment(match.start(), match.end(), match[0], None)
    period = _period(match, which)
    if period is None:
        return None
    text = match[0]
    until = (match["until"] or "").startswith("截") or match["yearend"] or match["end"]
    if until:
        last = period.end
        if match["day"] and 1 <= int(match["day"]) <= monthrange(last.year, last.month)[1]:
            last = date(last.year, last.month, int(match["day"]))
        return Moment(match.start(), match.end(), text, None, last)
    return Moment(match.start(), match.end(), text, period)


def _year(match: re.Match[str], year: int | None) -> int | None:
    if match["year"]:
        year_text = match["year"]
        return (
            int(year_text)
            if year_text.isdigit()
            else int("".join(str(DIGITS[sign]) for sign in year_text))
        )
    if year is None:
        return None
    return year + _RELATIVE.get(match["word"] or "", 0)


def _period(match: re.Match[str], year: int) -> Period | None:
    if match["half"]:
        first = 1 if match["half"] == "上半年" else 7
        return Period(Month(year, first), Month(year, first + 5))
    if match["upto"]:
        return Period(Month(year, 1), Month(year, 9))
    if match["quarter"]:
        number = int(match["quarter"]) if match["quarter"].isdigit() else DIGITS[match["quarter"]]
        return Period(Month(year, number * 3 - 2), Month(year, number * 3))
    if match["from"]:
        first, last = _month(match["from"]), _month(match["to"])
        return Period(Month(year, first), Month(year, last)) if first <= last else None
    if match["month"]:
        month = Month(year, _month(match["month"]))
        return Period(month, month)
    return year_of(year)


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.partition("十")
    return 10 + DIGITS.get(ones, 0) if ten else DIGITS[tens]


def document_period(document: Document) -> Period | None:
    """Give the period a whole text speaks about: its title's, else the year it names most."""
    titles = "".join(line.text for line in document.heading)
    for moment in moments(titles or document.title, None):
        if moment.period:
            return moment.period
    texts = [line.text for line in document.lines if line.text]
    named = Counter(int(year) for text in texts for year in _NAMED.findall(text))
    first = "".join(texts[:3])[:400]
    for text in (first, "".join(texts[-3:])[-60:]):
        years = [int(year) for year in _NAMED.findall(text)]
        if years:
            return year_of(max(years, key=lambda year: (named[year], year)))
    return year_of(named.most_common(1)[0][0]) if named else None


def moment_for(known: Iterable[Moment], text: str, at: int) -> Moment | None:
    """Give the time that holds for a number at ``at``: the last one said before it.

    A change (由去年的A下降至B) ends the time said before it.
    """
    # 较去年, 比上年同期: what is compared with is not the time of the number.
    before = [
        moment
        for moment in known
        if moment.end <= at and not text[: moment.start].endswith(("较", "比", "同"))
    ]
    if not before:
        return None
    last = before[-1]
    return None if _CHANGES.search(text[last.end : at]) else last
