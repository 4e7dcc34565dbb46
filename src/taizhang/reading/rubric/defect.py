"""What is wrong, open or unlawful in a rubric that was read: Issues with line and remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from taizhang.core.base.issue import NOWHERE, Issue, Level, Marked, Place
from taizhang.core.counting.measure import About
from taizhang.core.rules.wall.code import ITEM, SECTION, LawfulCode
from taizhang.core.rules.wall.wall import NamedPart, judge
from taizhang.core.scoring.kinds.all_or_nothing import AllOrNothing
from taizhang.core.scoring.kinds.manual import Manual
from taizhang.core.scoring.kinds.percent_step import PercentStep
from taizhang.core.scoring.kinds.sample_error import SampleError
from taizhang.core.text.number import number_text, points_text
from taizhang.reading.base.line import Document, Style
from taizhang.reading.rubric.code import SchemeCode
from taizhang.reading.rubric.requirement import requirements_of
from taizhang.reading.rubric.rubric import ReadItem, ReadRubric, ReadSection
from taizhang.reading.rubric.rule.clause import Scheme
from taizhang.reading.tokens.bound import Bound, bounds_find

_SAID = {"at_least": "≥", "at_most": "≤", "above": ">", "below": "<", "equal": "="}
#: written words that are another word here; each pattern knows the neighbours that make it one
_SLIPS = (
    (re.compile(r"随即(?=抽|选|检|查|走访|入户|核)"), "随机"),
    (re.compile(r"(?:则|的|都|均)?得不得(?!分)分?"), "不得分"),
    (re.compile(r"(?<=[全整备标合成格实位])的(?=\d+(?:\.\d+)?分)"), "得"),
    (re.compile(r"(?:既|即)时(?=上报|报送|整改|更新)"), "及时"),
    (re.compile(r"截止(?=\d{4}年)"), "截至"),
    (re.compile(r"按步就班"), "按部就班"),
    (re.compile(r"座谈回"), "座谈会"),
    (re.compile(r"(?<=[考检])枋"), "核"),
)
_BROKEN = re.compile(
    r"[率度数面量]、(?:达|为|在|不低|不少|超|到|应(?!用))[^，。；]{0,8}|[，。；、：]{2,}"
    r"|[、，](?=[）。；])|（）|：(?=[。；])"
)
_NONE_AT_ALL = re.compile(
    r"(?:无|没有|零|杜绝|不(?:得|能|许)?(?:出现|有))(?:任何)?(?:错|差错|漏|误|瞒"
    r"|迟)[^，。；]{0,10}|零(?:差错|误差|失误)|准确无误"
)
_EXACTNESS = re.compile(r"准确率|差错率|误差率|正确率|相符率|一致率|完整率")
_SIZE = re.compile(
    r"(?P<low>\d+)\s?[-—–~～至到]{1,2}\s?(?P<high>\d+)\s?(?P<unit>户|人|名|份|家|个|件|例|处)"
)
_CUT_NAME = re.compile(
    r"(?:(?<=上午)|(?<=下午)|(?<=[，、；。：]))(?P<name>[\u4e00-\u9fff](?:社区|街道|村|镇"
    r"|乡))(?=[；。、，]|$)"
)
_SMALL_NAME = re.compile(
    r"[本各该全两每到在向某有由对与和及跨外农乡城古山新老旧小大进出驻访镇区县市省一二三四五六七八九十]"
)
#: words without which a fragment of a list says nothing: predicates of office prose
_PREDICATE = re.compile(
    r"有|无|是|为|达|按|做|编|制定|制订|建|开|落|完|及时|规范|健全|齐|准确|清|符|合理|管理|明"
    r"|到位|组织|召|开展|配|设|定期|落实|核实|实行|实施|保|加强"
    r"|参|发|报送|上报|通报|报告|申报|汇报|签|上墙|上岗|防|治|用|持|公示|公开|更新|整|修|检|巡"
    r"|查|处|办|"
    r"不|未|应|须|要|可|能|使|进行|推|宣传|培训|教育|服务|指导|监督|考核|记录|登记|归档|核|率"
    r"|帮|访|动|联|协|调|解|化|净|绿|美|亮|畅|洁|入户|出|收"
    r"|送|交|领|见|得|扣|加|减|统一|互|共|响应|知|熟|掌握|购|投|印|张贴|悬挂|设置|显|挂|执行"
    r"|遵守|坚持|结合|提|对|将|由|与|负责|专人|安全|平整|完好"
)
_ON_PERSONS = re.compile(
    r"入户|(?:抽查|走访|核对|核查|调查)[^，。；]{0,12}(?:户|人|对象|妇女|家庭)"
)
_EMPTY_WORDS = frozenset(
    "资料 记录 材料 台账 台帐 档案 齐全 完整 达标 达到 符合 要求 标准 完成 落实 到位 规定 "
    "全部 开展 工作 及时 健全 规范 有 无 相关 各项 合格 上报 按时 情况 每次 优秀 良好".split()
)


def defects_find(rubric: ReadRubric, document: Document, file: str) -> list[Issue]:
    """List every defect of a rubric, in the order of the text."""
    issues: list[Issue] = []
    for check in (
        _sums,
        _headings,
        _items,
        _lists,
        _targets,
        _absolutes,
        _weights,
        _words,
        _names,
        _lawful,
    ):
        issues += check(rubric, document, file)
    return sorted(issues, key=lambda issue: issue.place.line or 0)


def _doubt(code: SchemeCode, file: str, line: int, **facts: object) -> Issue:
    return Issue(code, Place(file, line), facts, Level.WARNING)


def _wrong(code: SchemeCode, file: str, line: int, **facts: object) -> Issue:
    return Issue(code, Place(file, line), facts)


def item_name(item: ReadItem) -> str:
    """Give the name by which messages call an item: label and title."""
    return f"{item.label}{item.title}"[:40] or str(item.line)


def _section_name(section: ReadSection) -> str:
    return f"{section.label}{section.title}"[:40] or str(section.line)


def _points(value: Fraction | None) -> str:
    return points_text(value or Fraction(0))


def _sums(rubric: ReadRubric, document: Document, file: str) -> Iterator[Issue]:
    for section in rubric.sections:
        if section.max is None or section.naive == section.max:
            continue
        facts = {
            "section": _section_name(section),
            "found": _points(section.naive),
            "max": _points(section.max),
        }
        if not section.regrouped:
            if section.naive:
                yield _wrong(SchemeCode.SCHEME_003, file, section.line, **facts)
            continue
        head = section.regrouped[0][0]
        labels = "、".join(item.label.strip("、.．") or item.title for item in section.regrouped[0])
        yield _wrong(
            SchemeCode.SCHEME_004,
            file,
            section.line,
            **facts,
            group=grouping_text(section),
            heading=_points(head.heading),
            items=labels,
        )
    if rubric.total is None:
        if rubric.sections:
            yield _doubt(SchemeCode.SCHEME_027, file, rubric.line, found=_points(rubric.sum))
    elif rubric.sum != rubric.total:
        yield _wrong(
            SchemeCode.SCHEME_005,
            file,
            rubric.line,
            found=_points(rubric.sum),
            total=_points(rubric.total),
        )


def grouping_text(section: ReadSection) -> str:
    """Say how a section adds up once regrouped: 5+(2+1+1+1)."""
    parts: list[str] = []
    grouped = {id(item): run for run in section.regrouped for item in run}
    for item in section.items:
        run = grouped.get(id(item))
        if run is None:
            parts.append(_points(item.counted))
        elif run[0] is item:
            parts.append(f"({'+'.join(_points(item.counted) for item in run)})")
    return "+".join(parts)


def _headings(rubric: ReadRubric, document: Document, file: str) -> Iterator[Issue]:
    for section in rubric.sections:
        bare = [item for item in section.items if item.heading is None and item.clause is not None]
        if bare:
            labels = "、".join(item.label.strip("、.．") or item.title[:12] for item in bare)
            yield _doubt(
                SchemeCode.SCHEME_002, file, bare[0].line, items=f"{section.label}{labels}"
            )


def _items(rubric: ReadRubric, document: Document, file: str) -> Iterator[Issue]:
    for item in [*rubric.items(), *rubric.bonus]:
        name = item_name(item)
        if item.heading is not None and item.clause is not None and item.heading != item.clause:
            code = (
                SchemeCode.SCHEME_001
                if item.mended is not None or item.clause > item.heading
                else SchemeCode.SCHEME_026
            )
            yield _wrong(
                code,
                file,
                item.line,
                item=name,
                heading=_points(item.heading),
                clause=_points(item.clause),
            )
        stated = [_requirement(requirement) for requirement in requirements_of(item)]
        sampled = any(rule.kind == SampleError.kind for rule in item.rules)
        if stated and not sampled:
            yield _doubt(
                SchemeCode.SCHEME_006, file, item.line, item=name, requirements="；".join(stated)
            )
        for rule in item.rules:
            yield from _open(item, rule, file)
        if sampled and (size := _SIZE.search(item.content)):
            yield _doubt(
                SchemeCode.SCHEME_017, file, item.line, item=name, size=size[0], error="11"
            )
        strange = _unrelated(item)
        if strange:
            yield _doubt(SchemeCode.SCHEME_012, file, item.line, item=name, condition=strange)


def _requirement(bound: Bound) -> str:
    return f"{bound.figure}{_SAID[bound.operator]}{number_text(bound.value)}{bound.unit}"


def _open(item: ReadItem, rule: Scheme, file: str) -> Iterator[Issue]:
    """Tell what one rule leaves open."""
    name = item_name(item)
    simple = {
        "target": SchemeCode.SCHEME_025 if rule.kind == PercentStep.kind else SchemeCode.SCHEME_008,
        "zero": SchemeCode.SCHEME_009,
        "partial": SchemeCode.SCHEME_010,
        "cap": SchemeCode.SCHEME_024,
        "per": SchemeCode.SCHEME_011,
    }
    for doubt, facts in rule.doubts:
        if doubt in simple:
            points = _points(Fraction(str(rule.params.get("deduct_each", 0))))
            yield _doubt(
                simple[doubt], file, item.line, item=name, condition=rule.condition, points=points
            )
        elif doubt == "gap":
            low, high = Fraction(str(facts["low"])), Fraction(str(facts["high"]))
            yield _wrong(
                SchemeCode.SCHEME_007,
                file,
                item.line,
                item=name,
                low=number_text(low),
                high=number_text(high),
                unit=facts["unit"],
            )
        elif doubt == "many":
            yield _doubt(
                SchemeCode.SCHEME_013,
                file,
                item.line,
                item=name,
                points=_points(rule.points),
                count=facts["count"],
            )
        elif doubt == "conversion" and rule.kind in (SampleError.kind, Manual.kind):
            yield _wrong(
                SchemeCode.SCHEME_016, file, item.line, item=name, points=_points(item.max)
            )


def _unrelated(item: ReadItem) -> str:
    """Give the condition of an all-or-nothing whose words the item's own text never uses."""
    for rule in item.rules:
        if rule.kind != AllOrNothing.kind or len(item.content) < 20:
            continue
        words = rule.condition
        for word in sorted(_EMPTY_WORDS, key=len, reverse=True):
            words = words.replace(word, "")
        signs = re.sub(r"[^\u4e00-\u9fff]", "", words)
        pairs = {signs[index : index + 2] for index in range(len(signs) - 1)}
        if len(signs) >= 2 and pairs and not any(pair in item.content for pair in pairs):
            return rule.condition
    return ""


def _lists(rubric: ReadRubric, document: Document, file: str) -> Iterator[Issue]:
    """Find spoken lists (一是 … 二是) inside one paragraph of an item."""
    lines = {item.line: item for item in rubric.items()}
    for block in document.blocks():
        inner = [child for child in block.children if child.style is Style.SPOKEN and child.inside]
        if len(inner) > 1 and block.line in lines:
            labels = "、".join(child.label for child in inner)
            yield _doubt(
                SchemeCode.SCHEME_022,
                file,
                block.line,
                item=item_name(lines[block.line]),
                labels=labels,
            )


def _targets(rubric: ReadRubric, document: Document, file: str) -> Iterator[Issue]:
    """Find one rate with several targets in several items."""
    bounds_by_figure: dict[str, list[tuple[ReadItem, Bound]]] = {}
    for item in rubric.items():
        seen = set()
        for bound in bounds_find(item.content):
            name = re.sub(r"^.*?(?=[\u4e00-\u9fff]{2,4}率$)", "", bound.figure)
            if (
                bound.rate
                and bound.high is None
                and name.endswith("率")
                and (name, bound.value) not in seen
            ):
                seen.add((name, bound.value))
                bounds_by_figure.setdefault(name, []).append((item, bound))
    for name, uses in bounds_by_figure.items():
        if len({bound.value for _, bound in uses}) > 1 and len({id(item) for item, _ in uses}) > 1:
            targets = "；".join(
                f"{item_name(item)} {_SAID[bound.operator]}{number_text(bound.value)}{bound.unit}"
                for item, bound in uses
            )
            yield _doubt(
                SchemeCode.SCHEME_014, file, uses[-1][0].line, figure=name, targets=targets
            )


def _absolutes(rubric: ReadRubric, document: Document, file: str) -> Iterator[Issue]:
    """Find a demand for no error at all beside a bound that allows some."""
    for section in rubric.sections:
        words = _NONE_AT_ALL.search(section.preamble)
        for item in section.items:
            inner = words or _NONE_AT_ALL.search(item.content)
            if inner is None:
                continue
            for bound in requirements_and_used(item):
                if (
                    bound.rate
                    and _EXACTNESS.search(bound.figure)
                    and bound.operator == "at_least"
                    and bound.value < 100
                ):
                    yield _wrong(
                        SchemeCode.SCHEME_015,
                        file,
                        section.line if words else item.line,
                        section=_section_name(section) if words else item_name(item),
                        words=inner[0],
                        item=item_name(item),
                        bound=_requirement(bound),
                    )


def requirements_and_used(item: ReadItem) -> list[Bound]:
    """Give all bounds of an item: stated ones and those its rules use."""
    return [bound for text in (item.content, *item.clauses) for bound in bounds_find(text)]


def _weights(rubric: ReadRubric, document: Document, file: str) -> Iterator[Issue]:
    total = rubric.total or rubric.sum
    items = list(rubric.items())
    for item in items if len(items) > 2 and total else ():
        share = (item.max or Fraction(0)) * 100 / total
        if share >= 50:
            yield _doubt(
                SchemeCode.SCHEME_018,
                file,
                item.line,
                item=item_name(item),
                share=number_text(share),
            )


def _words(rubric: ReadRubric, document: Document, file: str) -> Iterator[Issue]:
    """Find written slips, broken punctuation and fragments that say nothing."""
    for line in document.lines:
        for pattern, guess in _SLIPS:
            for match in pattern.finditer(line.text):
                yield _doubt(
                    SchemeCode.SCHEME_019,
                    file,
                    line.line_at(match.start()),
                    word=match[0],
                    guess=guess,
                )
        for match in _BROKEN.finditer(line.text):
            around = line.text[max(0, match.start() - 6) : match.end() + 4]
            yield _doubt(SchemeCode.SCHEME_020, file, line.line_at(match.start()), text=around)
    for item in rubric.items():
        fragments = re.split(r"[。；]", item.content)
        for before, current in pairwise(fragments):
            text = current.strip("，、 ")
            # A list of what is looked at holds 、; a lost sentence is short and bare.
            if (
                4 <= len(text) <= 10
                and "、" not in text
                and before
                and not _PREDICATE.search(text)
                and not re.search(r"[\d（）“”：]", text)
            ):
                yield _doubt(SchemeCode.SCHEME_021, file, item.line, text=text)


def _names(rubric: ReadRubric, document: Document, file: str) -> Iterator[Issue]:
    for line in document.lines:
        for match in _CUT_NAME.finditer(line.text):
            if not _SMALL_NAME.match(match["name"]):
                yield _doubt(
                    SchemeCode.SCHEME_023, file, line.line_at(match.start()), name=match["name"]
                )


def _lawful(rubric: ReadRubric, document: Document, file: str) -> Iterator[Issue]:
    """Flag what a rubric may no longer score, each with the lawful service in its place."""
    for section in rubric.sections:
        facts = {"name": _section_name(section)}
        for issue in _walls_of(section.title.replace("计划生育", "计生"), SECTION):
            yield replace(issue, place=Place(file, section.line), facts={**issue.facts, **facts})
    for item in [*rubric.items(), *rubric.bonus, *rubric.penalties]:
        yield from item_lawful(item, file)


def item_lawful(item: ReadItem, file: str) -> list[Issue]:
    """Find the walls that an item runs into, by its title, its text and its clauses."""
    issues: dict[object, Issue] = {}
    texts = [item.title, *re.split(r"[。；！？]", item.content), *item.clauses]
    for text in texts:
        for issue in _judged(item, text, Place(file, item.line)):
            issues.setdefault(issue.code, issue)
    return list(issues.values())


def _judged(item: ReadItem, text: str, place: Place) -> Iterator[Issue]:
    # 计划生育 names an office here, not the plan of a person; the lexicon knows 计生 as well.
    for issue in _walls_of(text.replace("计划生育", "计生")):
        yield replace(issue, place=place, facts={**issue.facts, "name": item_name(item)})


@lru_cache(maxsize=16384)
def _walls_of(text: str, kind: Marked = ITEM) -> tuple[Issue, ...]:
    """Judge one sentence of an item, or a title; its name and its place are filled in later."""
    issues = list(judge(NamedPart(kind, "", text, scoring=True), NOWHERE))
    if kind == ITEM and _ON_PERSONS.search(text):
        # What is checked at a door is about persons, whatever the item is called.
        persons = judge(NamedPart(ITEM, "", text, about=About.PERSON), NOWHERE)
        issues += [issue for issue in persons if issue.code is LawfulCode.LAWFUL_001]
    return tuple(issues)
