"""Plans → tasks: what is to be done, how much, how often, on which days, by whom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from taizhang.core.issue import Issue, Place
from taizhang.core.rules.lawful import Subject, judge
from taizhang.core.rules.wall_code import TASK
from taizhang.reading.figure import is_figure
from taizhang.reading.moment import every_of
from taizhang.reading.number import Amount, amounts
from taizhang.reading.text import Block, Document, DocumentType, Style

#: how often, as plan.yaml writes it; other words stay as they are
_EVERY = {
    "月": "month",
    "季": "quarter",
    "季度": "quarter",
    "半年": "half",
    "年": "year",
    "周": "week",
    "星期": "week",
    "天": "day",
    "日": "day",
    "学期": "term",
    "旬": "ten_days",
}
#: verbs that begin a task
_VERB = (
    r"开展|举办|组织|加快|发挥|扶持|动员|举行|召开|建立|健全|完善|制定|制订|编制|编印|印制|印发"
    r"|发放|加强|加大|做好|落实|推进|推广|更换|更新|办好|办|"
    r"设立|设置|成立|充实|培训|宣传|排查|整治|检查|巡查|走访|慰问|清理|清洗|播放|利用|完成|实施"
    r"|配备|配齐|签订|报送|上报|"
    r"创建|打造|建设|评选|表彰|调解|整理|出|张贴|悬挂|安排|深化|强化|提高|提升|普及|启动|探索"
    r"|规范|抓好|抓|搞好|督促|指导|"
    r"新建|改造|修缮|维护|种植|补种|消杀|投放|体检|随访|筛查|登记|采集|摸清|调查|开设|开放|开通"
    r"|招募|发展|扩大|确保|力争|实现|"
    r"购置|采购|安装|演练|训练|备好|制作|发布|接待|解决|化解|办理|回访|覆盖|接受|参加|选派|聘请"
    r"|公示|公开|总结|考核|征集|结对|帮扶|关爱|保障"
)
_HAS_VERB = re.compile(_VERB)
_DAY_NAME = re.compile(
    r"(?:世界|全国|国际|中国|全球|国家|全民)[\u4e00-\u9fff]{1,12}?(?:日|周|宣传月"
    r"|活动月)(?![常程])|"
    r"元旦|春节|元宵节|清明节?|端午节?|中秋节?|重阳节|国庆节?|母亲节|父亲节|儿童节|妇女节"
    r"|劳动节|青年节|教师节|建军节|助残日|植树节|学雷锋(?:日|纪念日)|"
    r"国家宪法日|宪法日|安全生产月|防灾减灾日|消防宣传月|科普日|科技周|爱国卫生月|敬老月|禁毒日"
    r"|消费者权益日|安全教育日|环境日"
    r"|(?<!\d)\d{1,2}[·.]\d{1,2}(?=[”\u4e00-\u9fff])"
)
_DATE = re.compile(
    r"(?P<month>1[0-2]|0?[1-9])月(?:(?P<day>\d{1,2})[日号]|(?P<part>上旬|中旬|下旬|底|末|初)"
    r"|份)?(?P<before>之?前|以前)?"
)
_QUARTER = re.compile(r"第?([一二三四])季度(?!度)")
_BY = (
    re.compile(
        r"(?:责任|牵头|承办|主办|实施|配合|完成)(?:单位|部门|科室|人"
        r"|领导)[:：]\s?(?P<by>[^。；\n（）]{2,40})"
    ),
    re.compile(r"（(?:由)?(?P<by>[^（）\d]{2,20}?)(?:负责|牵头|承办|落实)(?:，[^（）]*)?）"),
    re.compile(
        r"由(?P<by>[\u4e00-\u9fff、（）]{2,18}?)(?:具体|共同|统一)?(?:负责|牵头|承办|组织|实施"
        r"|承担|主讲)"
    ),
    re.compile(
        r"(?:^|[，。；])(?P<by>各?(?:社区|村|街道|乡镇|镇|小区|学校|中心|科室|单位|部门|网格|县|市"
        r"|区)[\u4e00-\u9fff、]{0,12}?)(?:要|应|须|必须|负责|牵头)"
    ),
)
_NEXT = re.compile(
    r"(?:下一?步|下阶段|下半年|明年|来年|今后|20\d\d年)[^。]{0,10}(?:工作)?(?:计划|打算|安排"
    r"|思路|要点|重点|措施|任务)|工作计划$"
)
_SKIP = re.compile(r"指导思想|总体要求|存在(?:的)?(?:问题|不足)|基本情况|工作原则|背景|意义$")
_FREQUENCY = re.compile(
    r"每(?:一|两|[二三四五六])?个?(?:半年|学期|季度?|[年月周日天旬]|星期|工作日)(?:第?[一1]日"
    r"|定期)?|全年|年内|定期|本年度?|今年"
    r"|20\d\d年(?:度)?|计划于?|原则上|分别|共|总计|累计|年均"
)
_AMOUNT_WORDS = re.compile(
    r"(?:不少于|不低于|不得少于|至少|不下于|达到?了?|达|完成|控制在|不超过|各|约|以上|以内|以下"
    r"|左右|及以上|次数)+$"
)
_COUNT_UNITS = frozenset(
    "次 场 场次 期 份 条 块 幅 人次 人 名 户 家 件 篇 册 个 处 所 支 节 堂 批 本 "
    "课时 学时 小时 项 种 % 套 台 盏 亩 棵 株 公里 吨 公斤 只 例 对 辆".split()
)
#: names of numbers that need the task they count for
_GENERIC = re.compile(
    r"^(?:参加|参与|受益|覆盖|参训|到场|培训|每次|其中|时间|时长)?(?:人数|人次|数量|次数|人员"
    r"|群众|学员|居民|时间|总数|面积)?$"
)
#: headings that hold tasks and are none
_HEADING = re.compile(r"(?:措施|要求|目标|任务|内容|安排|思路|重点|步骤|保障|原则|计划)$")
_LONGEST = 60


@dataclass(frozen=True)
class ReadTask:
    """One task as read; ``quota`` is the least that is asked (the most for an upper bound)."""

    what: str
    line: int
    quota: Decimal | None = None
    unit: str = ""
    every: str = ""
    on: tuple[str, ...] = ()
    by: str = ""
    kind: str = ""
    text: str = ""


def tasks_find(document: Document) -> list[ReadTask]:
    """Find the tasks of a plan, or of the part of a summary that looks ahead."""
    plans = document.type in (DocumentType.PLAN, DocumentType.NOTICE)
    found: list[ReadTask] = []
    for block in document.outline:
        ahead = plans or bool(_NEXT.search(block.title or block.text[:40]))
        if ahead:
            found += _tasks(document, block, "")
    return found


def _tasks(document: Document, block: Block, heading: str) -> list[ReadTask]:
    """Give the tasks of a block: those of its sentences and below it, else its own heading."""
    if _SKIP.search(block.title):
        return []
    own = block.title or heading
    found = list(_own_tasks(document, block, own))
    for child in block.children:
        found += _tasks(document, child, own)
    title = block.title or re.split(r"[，。；]", block.text)[0]
    listed = (
        block.label
        and block.style is not Style.SPOKEN
        and not any(one.label for one in block.children)
    )
    if (
        not found
        and listed
        and _HAS_VERB.search(title)
        and not _HEADING.search(title)
        and 4 <= len(title) <= _LONGEST
    ):
        found = [ReadTask(_trimmed(title), block.line, by=_by(block.whole()), text=title)]
    return found


def _own_tasks(document: Document, block: Block, heading: str) -> Iterator[ReadTask]:
    index, start = block.at
    line = document.lines[index]
    text = line.text[start + len(block.label) : block.end[1]].lstrip(" 、．.")
    if line.cells:
        text = "，".join(cell.text for cell in line.cells if cell.first and cell.text)
    by = _by(text)
    for sentence in re.findall(r"[^。；！？]+[。；！？]?", text):
        place = line.line_at(start + max(0, line.text[start:].find(sentence)))
        yield from _sentence_tasks(sentence.strip("。；！？ "), place, heading, by)


def _sentence_tasks(sentence: str, line: int, heading: str, by: str) -> Iterator[ReadTask]:
    """Give a task for each quota of a sentence, else one for its recurrence or days."""
    by = _by(sentence) or by
    on = tuple(_days(sentence))
    quotas = [one for one in amounts(sentence) if _is_quota(sentence, one)]
    for one in quotas:
        clause, at = _clause(sentence, one.start)
        every = every_of(sentence[: one.end][max(0, at - 20) :]) or every_of(clause)
        value = one.quantity.low if one.quantity.low is not None else one.quantity.high
        what = _what(clause, one, at, sentence, heading)
        if what:
            yield ReadTask(
                what,
                line,
                value,
                one.unit,
                _EVERY.get(every, every),
                on,
                by,
                one.quantity.kind.name.lower(),
                sentence,
            )
    if quotas:
        return
    every = every_of(sentence)
    if (every or on) and _HAS_VERB.search(sentence):
        what = _plain_what(sentence, heading)
        if what:
            yield ReadTask(what, line, None, "", _EVERY.get(every, every), on, by, "", sentence)


def _is_quota(sentence: str, amount: Amount) -> bool:
    if amount.unit not in _COUNT_UNITS or amount.quantity.missing:
        return False
    before = sentence[max(0, amount.start - 6) : amount.start]
    if amount.unit in ("种", "个", "项") and not amount.text[0].isdigit():
        return False  # 四种家庭 names them and asks for none
    if re.search(r"去年|上年|目前|现有|已|年龄|年满|第$", before):
        return False
    return is_figure(sentence, amount, DocumentType.PLAN)


def _clause(sentence: str, at: int) -> tuple[str, int]:
    """Give the part of a sentence between commas that holds a place, and where it begins."""
    start = max(sentence.rfind(mark, 0, at) for mark in "，：") + 1
    ends = [end for mark in "，" if (end := sentence.find(mark, at)) >= 0]
    return sentence[start : min(ends, default=len(sentence))], start


def _what(clause: str, amount: Amount, at: int, sentence: str, heading: str) -> str:
    """Name the task of a quota: the words of its clause without the amount."""
    before = clause[: amount.start - at]
    after = clause[amount.end - at :]
    noun = re.match(r"(?:以上|左右|以内)?的?(?P<noun>[\u4e00-\u9fff“”、]{2,20})", after)
    text = _AMOUNT_WORDS.sub("", _stripped(before))
    if noun and (len(text) <= 3 or re.search(rf"(?:{_VERB})$", text)):
        text = f"{text}{noun['noun']}"
    if not text or _GENERIC.search(text):
        earlier = sentence[: max(0, at - 1)]
        last = re.split(r"[，：]", earlier)[-1] if earlier else ""
        lead = _stripped(last) or heading
        text = f"{_trimmed(lead)}：{text}" if text and lead else lead or text
    return _trimmed(text) or heading[:_LONGEST]


def _plain_what(sentence: str, heading: str) -> str:
    clauses = [one for one in re.split(r"[，：]", sentence) if _HAS_VERB.search(one)]
    best = next(
        (one for one in clauses if every_of(one) or _DAY_NAME.search(one) or _DATE.search(one)),
        None,
    )
    text = _stripped(best or (clauses[0] if clauses else ""))
    if best is not None and len(text) < 6 and len(clauses) > 1:
        later = clauses[clauses.index(best) + 1 :]
        text = _stripped(later[0]) if later else text
    if _DAY_NAME.search(text) and not re.search(
        rf"(?:{_VERB})[^，]*$", _DAY_NAME.split(text)[-1] or ""
    ):
        later = clauses[clauses.index(best) + 1 :] if best in clauses else []
        text = _stripped(later[0]) if later else heading
    text = _trimmed(text)
    if len(text) < 4 and heading:
        return f"{heading}：{text}".strip("：")[:_LONGEST]
    return text


def _stripped(text: str) -> str:
    text = _DATE.sub("", text)
    text = _FREQUENCY.sub(
        "", re.sub(r"^.*?(?=由)由[\u4e00-\u9fff、]{2,14}?(?:负责|牵头)", "", text)
    )
    return text.strip(" ，、：“”（）")


def _trimmed(text: str) -> str:
    text = re.sub(
        r"^(?:要|将|应|须|并|且|同时|其中|另外|还要|各社区要?|我(?:社区|街道|中心|镇|村)(?:要"
        r"|将)?)+",
        "",
        text,
    )
    return text.strip(" ，、：的于在")[:_LONGEST]


def _days(text: str) -> Iterator[str]:
    """Give the days of a sentence: names of theme days, MM-DD, MM (a month), quarters."""
    for match in _DAY_NAME.finditer(text):
        yield match[0]
    for match in _DATE.finditer(text):
        month = int(match["month"])
        if match["day"]:
            yield f"{month:02d}-{int(match['day']):02d}"
        else:
            part = match["part"] or ""
            yield f"{month:02d}" + {
                "上旬": " 上旬",
                "中旬": " 中旬",
                "下旬": " 下旬",
                "底": " 月底",
                "末": " 月底",
                "初": " 月初",
            }.get(part, "")
    for match in _QUARTER.finditer(text):
        yield f"Q{'一二三四'.index(match[1]) + 1}"


def _by(text: str) -> str:
    for pattern in _BY:
        if match := pattern.search(text):
            return match["by"].strip(" ，、")
    return ""


def plan_json(tasks: Iterable[ReadTask]) -> dict[str, object]:
    """Give the tasks in the shape of the read command."""
    return {
        "tasks": [
            {
                "what": one.what,
                "quota": None
                if one.quota is None
                else int(one.quota)
                if one.quota % 1 == 0
                else float(one.quota),
                "unit": one.unit or None,
                "every": one.every or None,
                "on": "、".join(one.on) or None,
                "by": one.by or None,
                "kind": one.kind or None,
                "line": one.line,
            }
            for one in tasks
        ]
    }


def tasks_lawful(tasks: Iterable[ReadTask], file: str) -> list[Issue]:
    """Flag the tasks that no plan may hold today, each with the lawful service in its place."""
    found: list[Issue] = []
    seen: set[tuple[object, int]] = set()
    for task in tasks:
        said = f"{task.what}".replace("计划生育", "计生")
        for issue in judge(Subject(TASK, task.what[:30], said), Place(file, task.line)):
            if (issue.code, task.line) not in seen:
                seen.add((issue.code, task.line))
                found.append(issue)
    return found
