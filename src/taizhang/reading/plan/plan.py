"""Plans → tasks: what is to be done, how much, how often, on which days, by whom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from taizhang.core.base.issue import NOWHERE, Issue, Place
from taizhang.core.base.quantity import QuantityKind
from taizhang.core.rules.wall.code import TASK
from taizhang.core.rules.wall.wall import NamedPart, judge
from taizhang.reading.base.deadline import check
from taizhang.reading.base.line import Block, Document, DocumentType, Line, Style
from taizhang.reading.figure.figure import is_figure
from taizhang.reading.plan.due import DATE, DAY_NAME, by_of, by_of_all, days_of, lead_of
from taizhang.reading.tokens.amount import Amount, amounts
from taizhang.reading.tokens.time import every_of

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
    "课时 学时 小时 项 种 % 套 台 盏 亩 棵 株 公里 吨 公斤 只 例 对 辆 轮 座 遍 米 元 天 具 张 "
    "台次 班次 批次 户次 家次 平方米 立方米 讲 顶 面 箱 栋 间 张 部 页 字 TB GB".split()
)
#: names of numbers that need the task they count for
_GENERIC = re.compile(
    r"^(?:参加|参与|受益|覆盖|参训|到场|培训|每次|其中|时间|时长)?(?:人数|人次|数量|次数|人员"
    r"|群众|学员|居民|时间|总数|面积)?$"
)
#: what the columns of a plan's table hold
_COLUMNS = (
    ("skip", re.compile(r"^(?:序号|编号|备注|签字|完成情况|落实情况|配合(?:单位|部门))$")),
    (
        "by",
        re.compile(
            r"(?:责任|牵头|承办|实施|主办|负责|落实)(?:单位|部门|科室|人|领导|主体)?|负责人"
        ),
    ),
    ("on", re.compile(r"时间|时限|期限|日期|进度|月份")),
)
_CARRIED = frozenset(("人次", "人", "名", "户次", "学时", "课时", "小时"))
_ROUND = re.compile(r"制|(?:专人|不间断|全天候|在岗|轮流|、|领导|带班)*(?:值班|值守|巡逻)")
#: who is chosen or won goes with no recurrence: 每半年考核1次，选派8名骨干
_CHOSEN = re.compile(r"\s?(?:并|再|新)?(?:选派|选送|选拔|招募|招聘|发展|评选|聘请|吸纳|引进|新增)")
#: what holds all the time, and a season that ends what a day before it says
_THROUGHOUT = re.compile(r"保持|稳定在|始终")
_SEASON = re.compile(r"寒暑?假|暑[假期]|[春夏秋冬]季|汛期|农闲")
#: a clause with a time of its own does not take over 每季度 from the one before
_OWN_TIME = re.compile(r"年底|年终|年末|年内|全年|半年|\d月")
_TIMED = re.compile(r"每(?:年|季|月|周|半|天|日|旬)|\d{1,2}月|年底前|月底前|\d日前")
#: words that only say why the text is written
_PREFACE = re.compile(r"制定本|特制定|结合实际|根据[^，]{2,30}(?:要求|部署|精神|通知)")
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
    tasks: list[ReadTask] = []
    for block in document.outline:
        ahead = plans or bool(_NEXT.search(block.title or block.text[:40]))
        if ahead:
            tasks += _tasks(document, block, "")
    return tasks


def _tasks(document: Document, block: Block, heading: str) -> list[ReadTask]:
    """Give the tasks of a block: those of its sentences and below it, else its own heading."""
    if _SKIP.search(block.title):
        return []
    own = block.title or heading
    tasks = list(_own_tasks(document, block, own))
    for child in block.children:
        tasks += _tasks(document, child, own)
    title = block.title or re.split(r"[，。；]", block.text)[0]
    listed = (
        block.label
        and block.style is not Style.SPOKEN
        and not any(child.label for child in block.children)
    )
    if (
        not tasks
        and listed
        and _HAS_VERB.search(title)
        and not _HEADING.search(title)
        and 4 <= len(title) <= _LONGEST
    ):
        tasks = [ReadTask(_trimmed(title), block.line, by=by_of(block.whole()), text=title)]
    return tasks


def _own_tasks(document: Document, block: Block, heading: str) -> Iterator[ReadTask]:
    index, start = block.at
    line = document.lines[index]
    if line.cells:
        yield from _row_tasks(document, line, heading)
        return
    begin = start + len(block.label)
    text = line.text[begin : block.end[1]]
    shift = len(text) - len(text.lstrip(" 、．."))
    lead, around = lead_of(text[shift:])
    begin, text = begin + shift + lead, text[shift + lead :]
    segments = [
        (match.start(), match[0]) for match in re.finditer(r"[^。；！？]+[。；！？]?", text)
    ]
    by = by_of_all([part for _at, part in segments]) if segments else ""
    for at, segment in segments:
        check()
        phrase = segment.strip("。；！？ ")
        yield from _sentence_tasks(phrase, line.line_at(begin + at), heading, by, around)


def _row_tasks(document: Document, line: Line, heading: str) -> Iterator[ReadTask]:
    """Give the tasks of a table row: its head says which columns hold who and when."""
    head, roles = _head_of(document, line.table)
    if line.number == head and any(roles.values()):
        return
    held: dict[str, list[str]] = {"": [], "by": [], "on": [], "skip": []}
    for cell in line.cells:
        if cell.text and (cell.first or roles.get(cell.column)):
            held[roles.get(cell.column, "")].append(cell.text)
    by = "、".join(held["by"])
    on = tuple(day for text in held["on"] for day in days_of(text))
    often = next((rhythm for text in held["on"] if (rhythm := every_of(text))), "")
    for sentence in re.findall(r"[^。；！？]+", "，".join(held[""])):
        for task in _sentence_tasks(sentence.strip(" "), line.number, heading, by, on, often):
            yield task if task.every or not often else replace(task, every=_EVERY.get(often, often))


def _head_of(document: Document, table: int) -> tuple[int, dict[int, str]]:
    """Give the line of a table's head and what its columns hold, found once for a document."""
    heads: dict[int, tuple[int, dict[int, str]]] = document.__dict__.setdefault("_heads", {})
    if not heads:
        for line in document.lines:
            if line.cells and line.table not in heads:
                roles = {cell.column: _column_role(cell.text) for cell in line.cells}
                heads[line.table] = (line.number, roles)
    return heads[table]


def _column_role(text: str) -> str:
    """Say what a column of a plan's table holds by its head; '' for the work itself."""
    return next((role for role, pattern in _COLUMNS if pattern.search(text)), "")


def _sentence_tasks(
    sentence: str,
    line: int,
    heading: str,
    by: str,
    around: tuple[str, ...] = (),
    often: str = "",
) -> Iterator[ReadTask]:
    """Give a task for each quota of a sentence, and for clauses with a time of their own.

    :param around: days that a table's column or the head of the paragraph gives
    :param often: how often, where a column says it
    """
    by = by_of(sentence) or by
    quotas = [amount for amount in amounts(sentence) if _is_quota(sentence, amount)]
    quotas = [quota for quota in quotas if not _is_object(sentence, quota, quotas)]
    apart = list(_clause_tasks(sentence, line, by, quotas))
    for quota in quotas:
        yield from _quota_task(
            sentence, quota, line, heading, by, _on(sentence, quota, quotas, around)
        )
    if quotas or len(_timed(sentence)) > 1:
        yield from apart
        return
    on = tuple(dict.fromkeys((*around, *days_of(sentence))))
    every = every_of(sentence) or often
    if (every or on) and _HAS_VERB.search(sentence) and not _PREFACE.search(sentence):
        what = _plain_what(sentence, heading)
        if what:
            yield ReadTask(what, line, None, "", _EVERY.get(every, every), on, by, "", sentence)


def _quota_task(
    sentence: str, quota: Amount, line: int, heading: str, by: str, on: tuple[str, ...]
) -> Iterator[ReadTask]:
    clause, at = _clause(sentence, quota.start)
    # 每季度组织1次，参与100人次: people and hours go with the recurrence before them.
    carried = quota.unit in _CARRIED and not _OWN_TIME.search(clause) and not _CHOSEN.match(clause)
    every = every_of(sentence[: quota.end][max(0, at - 20) if carried else at :])
    every = every or every_of(clause)
    quantity = quota.quantity
    value = quantity.low if quantity.kind is not QuantityKind.AT_MOST else quantity.high
    value = value if value is not None else quantity.high
    what = _what(clause, quota, at, sentence, heading)
    if what:
        kind = quantity.kind.name.lower()
        repeated = _EVERY.get(every, every)
        yield ReadTask(what, line, value, quota.unit, repeated, on, by, kind, sentence)


def _on(
    sentence: str, quota: Amount, quotas: Sequence[Amount], around: tuple[str, ...]
) -> tuple[str, ...]:
    """Give the days of a quota: its own clause's, and those of clauses that ask for nothing else.

    清淤8公里，11月底前完成 is due then; 评选10户，12月召开总结会 is not.
    """
    days = list(around)
    timed = {at for at, _clause_text in _timed(sentence)}
    for match in _CLAUSE.finditer(sentence):
        at, end = match.span()
        mine = at <= quota.start < end
        other = any(at <= quota.start < end for quota in quotas)
        done = re.search(r"(?:完成|到位|前)$", match[0])
        # 4月举办招聘会1场，提供岗位200个: the time in front holds for what goes with it.
        led = other and end <= quota.start and bool(_LED.match(match[0]))
        own = _clause(sentence, quota.start)[0]
        led = led and not (_TIMED.search(own) or _THROUGHOUT.search(own))
        led = led and not _SEASON.search(sentence, end, quota.start)
        if mine or led or (not other and (at not in timed or done or at < quota.start)):
            days += days_of(match[0])
    return tuple(dict.fromkeys(days))


_CLAUSE = re.compile(r"[^，：]+")
_LED = re.compile(rf"\s?[“\"]?(?:{DATE.pattern}|{DAY_NAME.pattern})[”\"]?(?:期间|当天|前后|份|里)?")


@lru_cache(maxsize=8)
def _timed(sentence: str) -> tuple[tuple[int, str], ...]:
    """Give the clauses of a sentence, with their places, that say when and what to do.

    Asked several times of the sentence at hand.
    """
    return tuple(
        (match.start(), match[0])
        for match in _CLAUSE.finditer(sentence)
        if _TIMED.search(match[0])
        and _HAS_VERB.search(_stripped(match[0]))
        and not _PREFACE.search(match[0])
    )


def _clause_tasks(
    sentence: str, line: int, by: str, quotas: Sequence[Amount]
) -> Iterator[ReadTask]:
    """Give the tasks without a number that a sentence names beside those with one."""
    for at, clause in _timed(sentence):
        if any(at <= quota.start < at + len(clause) for quota in quotas):
            continue
        what = _trimmed(_stripped(clause))
        rest = sentence[at + len(clause) + 1 :]
        counted = min((quota.start for quota in quotas if quota.start > at), default=0)
        if len(what) < 4 or (counted and "，" not in rest[: max(0, counted - at - len(clause))]):
            continue  # 9月启动…，扶持项目15个: the number says what is begun
        every = every_of(clause)
        on = tuple(days_of(clause))
        yield ReadTask(what, line, None, "", _EVERY.get(every, every), on, by, "", sentence)


def _is_object(sentence: str, amount: Amount, quotas: Sequence[Amount]) -> bool:
    """Tell whom a task is for from how much of it: 对5家企业每月检查1次 asks for one."""
    clause, at = _clause(sentence, amount.start)
    later = [quota for quota in quotas if amount.end < quota.start < at + len(clause)]
    timed = re.search(r"每|一次|全年", sentence[amount.end : at + len(clause)])
    led = re.match(r"(?:[\u4e00-\u9fff“”]{0,12}：)?(?:对|为|给|向|面向|组织)", clause.strip(" "))
    return bool(led and timed and (later or re.search(r"[一1]次", clause[amount.end - at :])))


def _is_quota(sentence: str, amount: Amount) -> bool:
    if amount.unit not in _COUNT_UNITS or amount.quantity.missing:
        return False
    before = sentence[max(0, amount.start - 6) : amount.start]
    if amount.unit in ("种", "个", "项") and not amount.text[0].isdigit():
        return False  # 四种家庭 names them and asks for none
    if amount.unit == "小时" and _ROUND.match(sentence, amount.end):
        return False  # 24小时制, 24小时值班 are a way to work
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
    if noun and re.search(r"[对为给向]$", text):
        text = noun["noun"]
    elif noun and (len(text) <= 3 or re.search(rf"(?:{_VERB})$", text)):
        text = f"{text}{noun['noun']}"
    if not text or _GENERIC.search(text):
        earlier = sentence[: max(0, at - 1)]
        last = re.split(r"[，：]", earlier)[-1] if earlier else ""
        lead = _stripped(last) or heading
        text = f"{_trimmed(lead)}：{text}" if text and lead else lead or text
    return _trimmed(text) or heading[:_LONGEST]


def _plain_what(sentence: str, heading: str) -> str:
    clauses = [clause for clause in re.split(r"[，：]", sentence) if _HAS_VERB.search(clause)]
    best = next(
        (
            clause
            for clause in clauses
            if every_of(clause) or DAY_NAME.search(clause) or DATE.search(clause)
        ),
        None,
    )
    text = _stripped(best or (clauses[0] if clauses else ""))
    if best is not None and len(text) < 6 and len(clauses) > 1:
        later = clauses[clauses.index(best) + 1 :]
        text = _stripped(later[0]) if later else text
    if DAY_NAME.search(text) and not re.search(
        rf"(?:{_VERB})[^，]*$", DAY_NAME.split(text)[-1] or ""
    ):
        later = clauses[clauses.index(best) + 1 :] if best in clauses else []
        text = _stripped(later[0]) if later else heading
    text = _trimmed(text)
    if len(text) < 4 and heading:
        return f"{heading}：{text}".strip("：")[:_LONGEST]
    return text


def _stripped(text: str) -> str:
    text = re.sub(r"[（(]\s?[前后]?\s?[）)]", "", DATE.sub("", text))
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


def plan_json(tasks: Iterable[ReadTask]) -> dict[str, object]:
    """Give the tasks in the shape of the read command."""
    return {
        "tasks": [
            {
                "what": task.what,
                "quota": None
                if task.quota is None
                else int(task.quota)
                if task.quota % 1 == 0
                else float(task.quota),
                "unit": task.unit or None,
                "every": task.every or None,
                "on": "、".join(task.on) or None,
                "by": task.by or None,
                "kind": task.kind or None,
                "line": task.line,
            }
            for task in tasks
        ]
    }


def tasks_lawful(tasks: Iterable[ReadTask], file: str) -> list[Issue]:
    """Flag the tasks that no plan may hold today, each with the lawful service in its place."""
    issues: list[Issue] = []
    seen: set[tuple[object, int]] = set()
    for task in tasks:
        for issue in _judged(task.what):
            if (issue.code, task.line) not in seen:
                seen.add((issue.code, task.line))
                issues.append(replace(issue, place=Place(file, task.line)))
    return issues


@lru_cache(maxsize=4096)
def _judged(what: str) -> tuple[Issue, ...]:
    """Judge the words of a task; its place is filled in later."""
    text = what.replace("计划生育", "计生")
    return tuple(judge(NamedPart(TASK, what[:30], text), NOWHERE))
