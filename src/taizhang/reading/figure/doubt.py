"""Checks over what was read: each finding is a warning with its line, nothing is changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from itertools import groupby

from ruamel.yaml import YAML

from taizhang.core.base.issue import Issue, Level, Marked, Place, gettext_noop
from taizhang.core.base.quantity import QuantityKind
from taizhang.reading.base import deadline
from taizhang.reading.base.code import DoubtCode
from taizhang.reading.base.line import Block, Document, DocumentType, Style
from taizhang.reading.figure.figure import ReadFigure

#: rates counted per thousand, and those that cannot pass the whole
_PER_MILLE = re.compile(
    r"(?:人口)?(?:出生|死亡|自然增长|自增|婴儿死亡|新生儿死亡|孕产妇死亡)率|(?:刑事)?发案率|(?:粗)?(?:结婚|离婚)率"
)
_SHARE = re.compile(r"率(?!先|领)|比例|比重|覆盖面|占比|占")
_GROWTH = re.compile(
    r"增长|增幅|提高|上升|完成率|完成|超额|增加|下降|同比|环比|达标的|翻|负荷|入住率|利用率|上座|履约|预算|达成率|周转"
)
_TIMES = re.compile(
    r"参加(?:活动|培训|讲座|人员|群众|居民)?$|受(?:教育|益|训|众)(?:人数|群众|居民|人员)?|接待|接受(?:咨询|教育|服务)|咨询|参与(?:群众|居民|人员|活动)?$|义诊|服务(?:群众|居民)?$|吸引"
)
_SUM = re.compile(r"(?:其中|分别为|分别是|包括|具体为|含)")
_GENRES = {
    DocumentType.PLAN: (re.compile(r"计划|方案|安排|要点"), Marked(gettext_noop("plan"))),
    DocumentType.SUMMARY: (
        re.compile(r"总结|小结|汇报|报告|述职"),
        Marked(gettext_noop("summary")),
    ),
    DocumentType.SELFCHECK: (
        re.compile(r"自查|自评|自检|报告|汇报"),
        Marked(gettext_noop("self-check")),
    ),
    DocumentType.RUBRIC: (
        re.compile(r"评分|考核|考评|标准|细则|办法|检查表"),
        Marked(gettext_noop("rubric")),
    ),
    DocumentType.NOTICE: (
        re.compile(r"通知|通报|通告|公告|公示|函|倡议|告知|简报"),
        Marked(gettext_noop("notice")),
    ),
}
#: characters masked by hand or lost on the way
_MASKED = re.compile(
    r"(?<![A-Za-z])[xX×✕]{2,8}(?![A-Za-z])|(?<![*\d])\*{1,6}(?![*\d])|[□■▢]{1,8}|_{2,}|某某|[?？]{3,}|党的(?:十|大)(?=精神)|[\u4e00-\u9fff]\ufffd+"
)
_ORPHAN = re.compile(
    r"(?<![\d〇○零一二三四五六七八九十])(?:^|"
    r"(?<=[，。；：（ ]))年\d{1,2}月\d{1,2}日(?:（?星期(?P<week>[一二三四五六日天])）?)?"
)
#: ≥ and ≤ as recognition misreads them: the sign becomes a 2, a W or a >
_SLIP = re.compile(
    r"(?:率|比例|面|数|时间|次数|人数|得分|温度|距离|间隔)[^\d，。；]{0,3}?(?P<slip>(?P<two>2(?=(?:[5-9]\d|100)(?:\.\d+)?[%％])|2(?=[2-9]\d%))|(?P<w>[WwＷ](?=\d)))\d+"
)
_AGAIN = re.compile(r"(?P<word>[\u4e00-\u9fff]{2})(?P=word)(?!而|[\u4e00-\u9fff]{0,1}地)")
_DOUBLED = frozenset(
    "天天 人人 家家 户户 常常 时时 处处 往往 渐渐 多多 平平 安安 "
    "高高 兴兴 快快 乐乐 研究研究 讨论讨论".split()
)
_PAIRS = {"（": "）", "《": "》", "“": "”", "【": "】"}
_ANNEX = re.compile(
    r"名单|附件|附表|一览表|联系方式|分工表|附：|登记表|统计表|考核时间|时间安排|成员"
)


#: Stands behind a day that nobody has compared with the official text.
_UNVERIFIED = "（待核）"


@dataclass(frozen=True)
class Law:
    """One act that is no longer in force."""

    names: tuple[str, ...]
    whole: bool
    since: str
    now: str


@cache
def laws() -> tuple[Law, ...]:
    """Give the acts of ``law.yaml``."""
    data = resources.files("taizhang.reading").joinpath("law.yaml").read_text(encoding="utf-8")
    return tuple(
        Law(
            tuple(entry["names"]),
            bool(entry.get("whole")),
            str(entry["since"]) + ("" if entry.get("verified", True) else _UNVERIFIED),
            str(entry["now"]),
        )
        for entry in YAML(typ="safe").load(data)
    )


def doubts_find(document: Document, figures: Sequence[ReadFigure], file: str) -> list[Issue]:
    """Find all that is doubtful in one document, in the order of the text."""
    issues: list[Issue] = []
    for of_figures in (_rates, _people, _sums, _twice):
        deadline.check()
        issues += [_issue(code, file, line, facts) for code, line, facts in of_figures(figures)]
    for of_text in (_laws, _masks, _slips, _pairs, _dates, _words, _runs, _empty, _fused, _type):
        deadline.check()
        issues += [_issue(code, file, line, facts) for code, line, facts in of_text(document)]
    return sorted(issues, key=lambda issue: (issue.place.line or 0, issue.code.name))


Doubt = tuple[DoubtCode, int, Mapping[str, object]]


def _issue(code: DoubtCode, file: str, line: int, facts: Mapping[str, object]) -> Issue:
    return Issue(code, Place(file, line), facts, Level.WARNING)


def _rates(figures: Sequence[ReadFigure]) -> Iterator[Doubt]:
    """Find ‰ written as %, rates above the whole, numbers announced and not given."""
    for figure in figures:
        facts = {"what": figure.what, "text": figure.text}
        low = (
            figure.quantity.low
            if figure.quantity.kind is not QuantityKind.AT_MOST
            else figure.quantity.high
        )
        if figure.quantity.missing:
            yield DoubtCode.DOUBT_007, figure.line, {"text": f"{figure.what} {figure.text}".strip()}
        elif figure.unit == "%" and low is not None:
            if _PER_MILLE.search(figure.what) and not re.search(
                r"增长率.{0,4}(?:经济|产值|GDP)", figure.what
            ):
                yield DoubtCode.DOUBT_001, figure.line, facts
            elif (
                low > 100
                and _SHARE.search(figure.what)
                and not _GROWTH.search(
                    figure.what
                    + figure.sentence[max(0, figure.sentence.find(figure.text) - 8) :][:24]
                )
            ):
                yield DoubtCode.DOUBT_002, figure.line, facts
        elif figure.unit == "‰" and low is not None and low > 60 and _PER_MILLE.search(figure.what):
            yield DoubtCode.DOUBT_002, figure.line, facts


def _together(figures: Sequence[ReadFigure]) -> Iterator[list[ReadFigure]]:
    """Group the figures that stand in one sentence."""
    for _key, group in groupby(figures, key=lambda figure: (figure.line, figure.sentence)):
        deadline.check()
        yield list(group)


def _people(figures: Sequence[ReadFigure]) -> Iterator[Doubt]:
    """Find people counted in 人 over several occasions."""
    for same in _together(figures):
        yield from _people_in(same)


def _people_in(same: Sequence[ReadFigure]) -> Iterator[Doubt]:
    for figure in same:
        if figure.unit == "人" and _TIMES.search(figure.what) and _several(figure, same):
            yield DoubtCode.DOUBT_003, figure.line, {"what": figure.what, "text": figure.text}


def _several(figure: ReadFigure, same: Sequence[ReadFigure]) -> bool:
    """Say whether the sentence counts more than one occasion, or adds people up (累计)."""
    if re.search(r"累计|先后|人次", figure.sentence):
        return True
    occasions = ("次", "场", "期", "场次")
    return any(other.unit in occasions and (other.quantity.low or 0) > 1 for other in same)


def _sums(figures: Sequence[ReadFigure]) -> Iterator[Doubt]:
    """Check a total against the parts that follow it in one sentence: 共A…，其中B、C、D."""
    for same in _together(figures):
        yield from _sums_in(same)


def _sums_in(figures: Sequence[ReadFigure]) -> Iterator[Doubt]:
    """Check the last number before 其中, 分别为 … against those of its unit behind it."""
    sentence = figures[0].sentence
    marker = _SUM.search(sentence)
    if marker is None:
        return
    total: ReadFigure | None = None
    parts: list[ReadFigure] = []
    at = 0
    for figure in figures:
        at = max(sentence.find(figure.text, at), at)
        if at < marker.start() and figure.unit not in ("%", "‰", "百分点"):
            total = figure
        elif at > marker.start() and total and figure.unit == total.unit:
            parts.append(figure)
        at += len(figure.text)
    if total and total.quantity.exact and len(parts) > 1 and not total.unit.startswith(":"):
        yield from _sum(total, parts, marker[0])


def _sum(total: ReadFigure, parts: Sequence[ReadFigure], marker: str) -> Iterator[Doubt]:
    if not all(part.quantity.exact for part in parts):
        return
    amount = sum((part.quantity.low or Decimal(0) for part in parts), Decimal(0))
    whole = total.quantity.low or Decimal(0)
    # 其中 may name only some of the parts; more than the whole is wrong in any case.
    if (
        amount > whole
        or (amount != whole and marker != "其中" and len(parts) > 1)
        or (amount != whole and len(parts) > 2 and amount > whole * Decimal("0.8"))
    ):
        terms = "+".join(part.text for part in parts)
        yield (
            DoubtCode.DOUBT_004,
            total.line,
            {
                "total": f"{total.what}{total.text}",
                "sum": amount.normalize().__format__("f"),
                "parts": terms,
            },
        )


def _twice(figures: Sequence[ReadFigure]) -> Iterator[Doubt]:
    """Find a figure that the text gives twice with different values."""
    seen: dict[tuple[str, str, object], ReadFigure] = {}
    for figure in figures:
        # A short rate such as 管理率 may belong to another subject each time.
        if figure.quantity.missing or len(figure.what) < (9 if figure.unit == "%" else 5):
            continue
        key = (figure.what, figure.unit, (figure.period, figure.as_of, figure.every))
        first = seen.setdefault(key, figure)
        if first.quantity != figure.quantity and first.sentence != figure.sentence:
            texts = f"{first.text} ({first.line}), {figure.text} ({figure.line})"
            yield DoubtCode.DOUBT_016, figure.line, {"what": figure.what, "texts": texts}


def _laws(document: Document) -> Iterator[Doubt]:
    told: set[str] = set()
    by_name, pattern = _named()
    for line in document.lines:
        for match in pattern.finditer(line.text):
            law = by_name[match[0]]
            if match[0] not in told and _cites(line.text, match[0], law.whole):
                told.add(match[0])
                facts = {"law": match[0], "since": law.since, "now": law.now}
                yield DoubtCode.DOUBT_005, line.line_at(match.start()), facts


@cache
def _named() -> tuple[dict[str, Law], re.Pattern[str]]:
    by_name = {name: law for law in laws() for name in law.names}
    longest = sorted(by_name, key=len, reverse=True)
    return by_name, re.compile("|".join(map(re.escape, longest)))


def _cites(text: str, name: str, whole: bool) -> bool:
    if whole:
        return bool(re.search(rf"《(?:中华人民共和国)?{re.escape(name)}》", text))
    return not re.search(rf"{re.escape(name)}.{{0,6}}(?:废止|取消|停止|不再)", text)


def _masks(document: Document) -> Iterator[Doubt]:
    for line in (*document.heading, *document.lines):
        if line.cells:
            continue
        for match in _MASKED.finditer(line.text):
            start = max(0, match.start() - 6)
            text = line.text[start : match.end() + 6]
            yield DoubtCode.DOUBT_006, line.line_at(match.start()), {"text": text}


def _slips(document: Document) -> Iterator[Doubt]:
    for line in document.lines:
        for match in _SLIP.finditer(line.text):
            sign = "≥" if match["two"] else "≤"
            rest = line.text[match.end("slip") : match.end()]
            facts = {"text": f"{match['slip']}{rest}", "guess": f"{sign}{rest}"}
            yield DoubtCode.DOUBT_013, line.line_at(match.start("slip")), facts


def _pairs(document: Document) -> Iterator[Doubt]:
    for line in document.lines:
        for opening, closing in _PAIRS.items():
            depth = line.text.count(opening) - line.text.count(closing)
            if depth > 0 and not line.cells:
                at = line.text.rfind(opening)
                facts = {"sign": line.text[at : at + 8]}
                yield DoubtCode.DOUBT_014, line.line_at(at), facts


_WEEK = "一二三四五六日"


def _dates(document: Document) -> Iterator[Doubt]:
    for line in document.lines:
        for match in _ORPHAN.finditer(line.text):
            hint = _years(match) if match["week"] else ""
            facts = {"text": match[0], "hint": hint}
            yield DoubtCode.DOUBT_015, line.line_at(match.start()), facts


def _years(match: re.Match[str]) -> str:
    """Name the years in which the day fell on that day of the week."""
    from datetime import date

    month, day = (int(number) for number in re.findall(r"\d+", match[0])[:2])
    wanted = _WEEK.index(match["week"].replace("天", "日"))
    if not (1 <= month <= 12 and 1 <= day <= 28):
        return ""
    years = [year for year in range(2000, 2031) if date(year, month, day).weekday() == wanted]
    return f" ({', '.join(map(str, years))})"


def _words(document: Document) -> Iterator[Doubt]:
    for line in document.lines:
        for match in _AGAIN.finditer(line.text):
            word = match["word"]
            if word[0] != word[1] and match[0] not in _DOUBLED and not line.cells:
                yield DoubtCode.DOUBT_017, line.line_at(match.start()), {"text": match[0]}


def _runs(document: Document) -> Iterator[Doubt]:
    """Find lists that begin in the middle or leave a number out, and lost breaks."""
    yield from _siblings(document.outline)
    for block in document.blocks():
        yield from _siblings(block.children)
        if block.restored:
            yield DoubtCode.DOUBT_011, block.line, {"label": block.label}


def _siblings(blocks: Sequence[Block]) -> Iterator[Doubt]:
    last: dict[Style, int] = {}
    for block in blocks:
        if block.style in (Style.NONE, Style.DECIMAL, Style.ARTICLE):
            continue
        before = last.get(block.style, 0)
        if block.ordinal > before + 1:
            missing = block.label.replace(
                _numeral(block.ordinal, block), _numeral(block.ordinal - 1, block), 1
            )
            yield DoubtCode.DOUBT_008, block.line, {"label": block.label, "before": missing}
        last[block.style] = block.ordinal


def _numeral(number: int, block: Block) -> str:
    if block.style is Style.CIRCLE:
        return chr(0x245F + number) if number else "0"
    if block.style is Style.LETTER:
        return chr(96 + number)
    if any(sign.isdigit() for sign in block.label):
        return str(number)
    tens, ones = divmod(number, 10)
    digits = "〇一二三四五六七八九"
    if number < 10:
        return digits[number]
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")


def _empty(document: Document) -> Iterator[Doubt]:
    """Find headings and annexes that are announced and empty."""
    for block in document.blocks():
        bare = not block.children and not block.text.strip()
        if (
            block.label
            and bare
            and block.style in (Style.HAN, Style.HAN_BRACKET, Style.CHAPTER, Style.PART)
        ):
            if _ANNEX.search(block.title) and len(block.title) < 25:
                yield DoubtCode.DOUBT_009, block.line, {"title": f"{block.label}{block.title}"}
    texts = [line for line in document.lines if line.text]
    for line in texts[-6:]:
        if re.match(r"^附(?:件|表)?\d*[：:]", line.text) and line is texts[-1]:
            yield DoubtCode.DOUBT_009, line.number, {"title": line.text[:40]}


def _fused(document: Document) -> Iterator[Doubt]:
    """Find first-level headings that run on into their text without a stop."""
    siblings = [block for block in document.outline if block.style is Style.HAN]
    short = [block for block in siblings if block.title and len(block.title) <= 30]
    for block in document.blocks():
        long = (
            block.style is Style.HAN
            and not block.inside
            and not block.title
            and len(block.text) > 60
        )
        if long and len(short) * 2 >= len(siblings) > 1:
            yield DoubtCode.DOUBT_010, block.line, {"label": block.label, "text": block.text[:30]}


def _type(document: Document) -> Iterator[Doubt]:
    if document.type not in _GENRES or not document.title:
        return
    pattern, name = _GENRES[document.type]
    genres = [genre for genre, (signs, _name) in _GENRES.items() if signs.search(document.title)]
    if genres and not pattern.search(document.title):
        facts = {"said": _GENRES[genres[0]][1], "found": name}
        yield DoubtCode.DOUBT_012, document.span[0], facts
