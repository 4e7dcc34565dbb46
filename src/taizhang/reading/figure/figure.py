"""Documents → figures: what was counted, how it is known, unit, period, place, status."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from taizhang.core.base.period import Period
from taizhang.core.base.quantity import MISSING, Quantity, QuantityKind
from taizhang.reading.base.deadline import check
from taizhang.reading.base.line import Document, DocumentType, Line, Style
from taizhang.reading.figure.description import what_of
from taizhang.reading.figure.figure_table import table_figures
from taizhang.reading.figure.history import is_historic
from taizhang.reading.text.label import head_label
from taizhang.reading.tokens.amount import Amount, amounts
from taizhang.reading.tokens.time import Moment, document_period, every_of, moment_for, moments

_SENTENCE = re.compile(r"[。；！？\n]")
#: what a number without a unit counts, by the last sign of what it is called
_NOUN_UNIT = re.compile(
    r"(?P<unit>人次|场次|户|次|份|人|件|起|家|场)(?:数|总数|总量)(?:量)?(?:共计|共|为|达到?了?|是|有|：|累计|合计|已达)*$"
)
_TOTAL = re.compile(
    r"率(?:为|达到?了?|是)+$|(?:总数|数量|总量|总额|总计|得分|指数|[\u4e00-\u9fff]{2}量|人口)(?:共计|共|为|达到?了?|是|：|累计)+$"
)
#: what a number above a thousand without a unit can count
_LARGE = re.compile(r"(?:人口|人数|户数|总数|[\u4e00-\u9fff]{2}量)(?:已|达到?|为|共|有|约)*$")
#: counters that a Chinese numeral may stand before and still count something
_HAN_UNITS = frozenset(
    "次 人 名 位 户 份 册 本 场 期 块 条 幅 件 个 项 处 起 例 家 所 座 支 批 篇 种 类 人次 "
    "场次 天 小时 张 台 辆 % ‰ 堂 节 轮 间 栋 盏 部 只 课时 讲 倍 成 元 套 "
    "艘 桩 具 班次 批次 户次 车次 棵 株 亩 公里 米 吨 公斤 遍 组 队 门 面 个月 分钟 "
    "斤 百分点 箱 盒".split()
)
#: what one of, makes no count of it: 一个, 一种, 一项 are articles
_ARTICLES = frozenset(
    "个 套 种 项 批 条 部 类 面 道 面 层 级 位 名 人 家 本 把 门 组 队 张 段 件 份 处 块 天".split()
)
_FOUND = re.compile(
    r"(?:成立|组建|设立|建立|建成|新建|建有|建设|设有|设置|配有|配备|配置|购置|购买|安装|投放|选派|聘请|聘用|增设|新增|打造|创建|制作|评选出?|培育|各|共|仅|只|计|增|满)(?:了|起)?$"
)
_OFTEN = re.compile(
    r"每[\u4e00-\u9fff\d]{0,14}$|(?:(?<![青少中老成壮])年|月|周|季度?|天|日|旬)(?:至少|均|各)?(?:组织|召开|开展|举办|进行|更换|出|集中|轮训|调度|检查|研究|清洗|消杀|巡查|开)[\u4e00-\u9fff]{0,6}$"
)
#: counted things that are structure of the text, not of the world
_STRUCTURE = re.compile(
    r"^(?:不同)?(?:个|项|条|点|类|种|块|层)?(?:方面|重点(?=[，。、；]|工作|任务|环节|领域|$)|统一|坚持|结合|确保|环节|层次|加强|到位|阶段|全面|文明|意识|关系|不[准得漏]|必须|有[^\d，。；]{0,2}[”」]?$|着力|服从|目标|转变|"
    r"突出|原则|要求|步骤|关键|问题(?:是|：)|特点|能力|建设|工作重点|主要|办法|意见|之最|突破|亮点|抓手|平台|机制|模式|责任人?$|层面|服务功能|主题)"
)
_SKIP_UNITS = frozenset(
    "岁 年 月 日 周 季 级 层 口径 则 列 站 点 路 段 眼 席 版 字 页 副 回 对 双 届 床 m".split()
)
_WITH_DIGITS = frozenset("字 页 版 站 点 路 段 口 眼 层 对 副 双 床 席 周 m".split())
_TIMES = frozenset("个月 天 周 年 小时 分钟 工作日".split())
_SCORED = re.compile(r"(?:得分|评分|均分|平均|总分|分数|测评|考核|成绩|考评|综合).{0,8}$")


@dataclass(frozen=True)
class ReadFigure:
    """One figure of a document."""

    what: str
    text: str
    line: int
    column: int
    quantity: Quantity
    unit: str
    period: Period | None = None
    as_of: date | None = None
    every: str = ""
    historic: bool = False
    #: the sentence it stands in, for checks
    sentence: str = ""
    #: what the text said of the time, where the year is not known
    when: str = ""
    #: number of the clean line, and first and last place in it
    spot: tuple[int, int, int] = (0, 0, 0)


def figures_find(document: Document) -> tuple[ReadFigure, ...]:
    """Find the figures of one document, in the order of the text."""
    whole = document_period(document)
    labels = _labels(document)
    figures: list[ReadFigure] = []
    tables: dict[int, list[Line]] = {}
    section = whole
    for index, line in enumerate(document.lines):
        check()
        section = _section_period(line, section, whole)
        if line.cells:
            tables.setdefault(line.table, []).append(line)
        elif line.text:
            figures += _line_figures(document, line, labels.get(index, ()), section)
    for rows in tables.values():
        figures += [_of_table(entry, whole) for entry in table_figures(rows)]
    return tuple(sorted(figures, key=lambda figure: (figure.line, figure.column)))


def _section_period(line: Line, section: Period | None, whole: Period | None) -> Period | None:
    """Give the period of the section a line stands in: a first-level heading may name a year."""
    label = head_label(line.text) if len(line.text) <= 40 else None
    if label is None or label.style not in (Style.HAN, Style.PART, Style.CHAPTER):
        return section
    named = next((moment.period for moment in moments(line.text, None) if moment.period), None)
    return named or whole


def _labels(document: Document) -> dict[int, tuple[tuple[int, int], ...]]:
    """Give, for each line, where its outline labels stand: their digits count nothing."""
    spans: dict[int, tuple[tuple[int, int], ...]] = {}
    for block in document.blocks():
        if block.label:
            index, start = block.at
            spans[index] = (*spans.get(index, ()), (start, start + len(block.label)))
    return spans


def _of_table(entry: tuple[str, Amount, Line, str], whole: Period | None) -> ReadFigure:
    what, amount, line, unit = entry
    number, column = line.place(amount.start)
    return ReadFigure(
        what,
        amount.text,
        number,
        column,
        amount.quantity,
        unit,
        whole,
        historic=is_historic(what),
        sentence=line.text,
        spot=(line.number, amount.start, amount.end),
    )


def _line_figures(
    document: Document, line: Line, labels: tuple[tuple[int, int], ...], whole: Period | None
) -> Iterator[ReadFigure]:
    text = line.text
    kept = [
        amount
        for amount in amounts(text, points=document.type is not DocumentType.RUBRIC)
        if not any(low <= amount.numeral < high for low, high in labels)
        and is_figure(text, amount, document.type)
    ]
    year = whole.first.year if whole else None
    times: list[Moment] = []
    sentence = (0, 0)
    starts = _sentences(text)
    absent = list(_absent(text))
    last = ""
    former: ReadFigure | None = None
    for index, amount in enumerate(kept):
        check()
        if not sentence[0] <= amount.start < sentence[1]:
            sentence = _sentence(starts, amount.start)
            times = moments(text[sentence[0] : sentence[1]], year)
        before = kept[index - 1].end if index else 0
        after = kept[index + 1].start if index + 1 < len(kept) else len(text)
        labelled = max((high for _low, high in labels if high <= amount.start), default=0)
        what = what_of(text, amount.start, amount.end, max(before, labelled), after)
        between = text[before : amount.start]
        if index and _CHANGED.fullmatch(between):
            what = last  # 由A升至B: B is of the same thing
        elif amount.unit == "百分点" and (match := _COMPARED.search(between)):
            what = f"{last if match[0] == between else what}"
        elif last and _LEANS.fullmatch(what):
            what = f"{last}{what}"[-_LONGEST_NAME:]  # 较上年减少: of what was named before
        elif last and _OFTEN_ALONE.fullmatch(what):
            what = last
        last = what
        figure = _found(line, amount, what, sentence, times, whole, before)
        same = former is not None and former.sentence == figure.sentence
        if same and former and former.historic and _OF_BEFORE.match(what):
            figure = replace(figure, historic=True)  # 参检人员, 补贴: of the mechanism just named
        former = figure
        yield figure
    for at, end, what in absent:
        place = _sentence(starts, at)
        amount = Amount(at, end, text[at:end], MISSING, "%", False, at)
        yield _found(line, amount, what, place, [], whole)


def _found(
    line: Line,
    amount: Amount,
    what: str,
    sentence: tuple[int, int],
    times: list[Moment],
    whole: Period | None,
    floor: int = 0,
) -> ReadFigure:
    """Make a figure; ``floor`` is where the number before it ends."""
    start, end = sentence
    text = line.text[start:end]
    moment = moment_for(times, text, amount.numeral - start)
    clause = text[: amount.end - start]
    clause = clause[max((clause.rfind(sign) for sign in "，："), default=-1) + 1 :]
    number, column = line.place(amount.start)
    unit = amount.unit or _unit_of_noun(line.text[: amount.start])
    period = moment.period if moment else whole
    return ReadFigure(
        what,
        amount.text,
        number,
        column,
        amount.quantity,
        unit,
        period if not (moment and moment.as_of) else None,
        moment.as_of if moment else None,
        every_of(clause),
        is_historic(what) or is_historic(_near(text, amount.start - start, floor - start)),
        text,
        moment.text if moment and not moment.period and not moment.as_of else "",
        (line.number, amount.start, amount.end),
    )


def _near(sentence: str, at: int, floor: int) -> str:
    """Give the clause of a number, in which its mechanism is named, behind the number before."""
    cut = at
    while cut > 0 and sentence[cut - 1] not in "，；。：":
        cut -= 1
    cut = max(cut, floor) if "、" in sentence[max(0, floor) : at] else cut
    stop = at
    while stop < len(sentence) and sentence[stop] not in "，；。、":
        stop += 1
    return sentence[cut:stop]


def _sentences(text: str) -> list[int]:
    """Give where the sentences of a line begin, and its end."""
    return [0, *(match.end() for match in _SENTENCE.finditer(text)), len(text) + 1]


def _sentence(starts: list[int], at: int) -> tuple[int, int]:
    """Give first place and end of the sentence that holds a place."""
    which = bisect_right(starts, at) - 1
    return starts[which], min(starts[which + 1], starts[-1] - 1)


def _unit_of_noun(before: str) -> str:
    match = _NOUN_UNIT.search(before[-16:])
    return match["unit"] if match else ""


#: words between two values of one thing, and before the step between them
_CHANGED = re.compile(
    r"[，]?(?:(?:上|下|提|增|减|降|拉|压)?(?:升|降|高|加|长|少|低|减|变)(?:到了?|至|为)|到了?|至)(?:今年的|现在的|目前的|了)?"
)
_COMPARED = re.compile(
    r"，?(?:同比|环比|[较比](?:去年|上年|年初|上季度|同期|上年同期|去年同期|全[市区县省国]平均水平)?)?"
    r"(?:提高|提升|上升|下降|增长|降低|增加|减少|高|低)了?$"
)
#: names that say nothing without the one before: a comparison, a stretch; and how often alone
_LEANS = re.compile(
    r"(?:仍|也|均)?(?:(?:同比|环比|[较比](?:去年|上年度?|年初|上月|上季度?|上年同期|去年同期|同期|计划|全[国省市县区])[^，。；]{0,8}?"
    r"|(?:低于|高于|超过|优于)全?[^，。；]{1,8}(?:水平|均值|平均))"
    r"(?:提高|提升|上升|下降|增长|降低|增加|减少|高|低|多|少|翻)?(?:了|出)?|(?:步行|服务)?(?:范围|半径)内)"
)
_OFTEN_ALONE = re.compile(
    r"(?:每(?:[两二三四半]?个?[年月周天日旬]|季度?|学期|班|户|人|场|村|社区|校))+"
)
_LONGEST_NAME = 40
#: a rate that is announced and not given: 整建合格率已达。
_ABSENT = re.compile(
    r"(?P<what>[^，。；：、]{2,20}(?:率|比例|覆盖面|满意度))(?:已|均|都|也|就)*(?:达到|达|为|是|提高到|提高至|上升到|上升至|下降到|下降至|降至|升至)了?(?:\s?(?P<mask>[%％]))?(?=[。；，、\n]|$|以上)"
)


_LATELY = re.compile(r"^(?:目前|现在|截至目前|全年|今年|其中|使|我[区县市镇街社])+")


def _absent(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _ABSENT.finditer(text):
        if not re.search(r"(?:标准|要求|目标|水平)$", match["what"]):
            name = _LATELY.sub("", match["what"])
            yield match.end() - 1, match.end(), name


def is_figure(text: str, amount: Amount, kind: DocumentType) -> bool:
    """Tell a figure from a number that only names, orders or structures something."""
    unit, before = amount.unit, text[max(0, amount.start - 24) : amount.start]
    after = text[amount.end : amount.end + 12]
    if unit.startswith(":"):
        return unit == ":100" or "比" in before[-12:]
    if not unit:
        named = _NOUN_UNIT.search(before) or _TOTAL.search(before)
        large = (amount.low or amount.high or 0) >= 1000 and _LARGE.search(before)
        return bool(named or large) and not amount.han
    if unit == "分":
        return kind is not DocumentType.RUBRIC and bool(_SCORED.search(before))
    if unit in _SKIP_UNITS:
        return unit in _WITH_DIGITS and not amount.han and unit not in ("级",)
    if unit in _TIMES and re.search(r"每(?:隔)?$", before):
        return False  # each two months: how often, not how many
    if amount.han and not amount.quantity.missing and not _han_counts(amount, before, after):
        return False
    counted = (
        text[amount.end - len(unit) : amount.end - len(unit) + 14] if unit == "个" else unit + after
    )
    structure = _STRUCTURE.match(counted if unit == "个" else after)
    return not (
        structure
        and amount.quantity.exact
        and (amount.low or 0) <= 20
        and unit in ("个", "项", "条", "点", "类", "种", "层")
    )


def _han_counts(amount: Amount, before: str, after: str) -> bool:
    """Judge a Chinese numeral: a unit of counting, and not 一 as an article."""
    long = len(amount.text) > 2 and any(sign in amount.text for sign in "十百千万亿")
    if amount.unit not in _HAN_UNITS and not long:
        return False
    if not amount.text.strip(_SCALES_ALONE + amount.unit):
        return False  # 万人, 千米 name what is divided by
    if _LACKED.search(before) or (amount.unit == "类" and "以上" in amount.text):
        return False  # 每缺一项 scores; 二类以上 is a class
    if (
        amount.unit in ("种", "类")
        and not _FOUND.search(before)
        and re.match(r"[\u4e00-\u9fff]", after)
    ):
        return amount.quantity.kind is not QuantityKind.EXACT or _COUNTED.search(before) is not None
    if amount.quantity.kind is not QuantityKind.EXACT or amount.low != 1:
        return True
    if _OFTEN.search(before) or (amount.unit in ("次", "期", "场") and _often_after(before)):
        return True
    if amount.unit in _ARTICLES:
        if before.endswith(("各", "仅", "只", "共")):
            return True
        return bool(_FOUND.search(before)) and amount.unit not in (
            "个",
            "种",
            "套",
            "项",
            "部",
            "类",
            "面",
            "层",
            "级",
            "批",
            "条",
        )
    return not after.startswith(("性", "关", "把", "面", "代"))


_COUNTED = re.compile(r"(?:掌握|印制|发放|编印|制作|开展|提供|达|有|学会|办理|推出|出台)(?:了)?$")
_SCALES_ALONE = "百千万亿"
_LACKED = re.compile(r"(?:每?[缺少漏差]少?|每有|每发现|每出现|每增加)$")


#: names of numbers that belong to what was counted before them
_OF_BEFORE = re.compile(
    r"^(?:其中|参检|参加|参训|受检|应检|实检|到检|补贴|补助|人员|人数|人均|每人|合格|金额|经费|资金|共|计)+$"
)


def _often_after(before: str) -> bool:
    return bool(re.search(r"[年月周天季][\u4e00-\u9fff]{0,4}$", before))
