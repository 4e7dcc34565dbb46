"""The notice of results (通报), from frozen versions only, in code order, without ranks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from taizhang.core.base.period import Period
from taizhang.core.scoring import ItemScore, Score
from taizhang.core.text.number import points_text
from taizhang.core.text.period import day_chinese, period_chinese
from taizhang.documents.assemble import assemble
from taizhang.documents.score_document import points_number
from taizhang.documents.tree import (
    Align,
    Annex,
    Blank,
    Block,
    DateText,
    Document,
    Head,
    Heading,
    Inline,
    Inlines,
    LawRef,
    Ordinal,
    Paragraph,
    Quoted,
    Signature,
    Table,
    Text,
)
from taizhang.documents.wording import DATE_PROMPT, heading_number

_ZH = "zh-hans"
#: What a rubric's title says of itself and a notice does not repeat.
_RULES = re.compile(r"(?:考核)?(?:评分|考评|计分)?(?:细则|办法|标准)$")


def notice_document(
    *,
    title: str,
    office: tuple[str, str],
    period: Period,
    plan_number: str,
    scores: Sequence[tuple[Score, str]],
    appeals: tuple[int, int],
    signed_on: date | None,
    reason: str,
    synthetic: bool,
) -> Document:
    """Write the notice.

    :param office: code and name of the unit that assesses
    :param scores: frozen scores in code order, each with the digest of its version
    :param appeals: how many were filed, and how many of these changed a score
    :param signed_on: the day of sign-off, ``None`` while appeals are heard
    :param reason: why it was signed with items undecided, '' where none is
    """
    code, name = office
    unit: Inlines = (Quoted(name, f"unit:{code}"),)
    head = _head(title, unit, code, period, scores, signed_on, synthetic)
    blocks: list[Block] = [
        Paragraph(_opening(office, period, title, plan_number, scores, signed_on)),
        Heading(1, (Text("考核结果"),), heading_number(1, 1)),
        Paragraph((Text("下表按单位代码排列，不排名次。"),)),
        _table([score for score, _ in scores]),
        Heading(1, (Text("申诉情况"),), heading_number(1, 2)),
        Paragraph(_appeals(scores, office, appeals)),
    ]
    if reason:
        blocks += [
            Heading(1, (Text("尚未评定的项目"),), heading_number(1, 3)),
            Paragraph((Text("部分项目未评定即定稿，理由："), Quoted(reason, "assessment"))),
        ]
    signature = Signature(
        issuer=unit,
        day=DateText(day_chinese(signed_on)) if signed_on else Blank(DATE_PROMPT),
        sealed=True,
    )
    return assemble(head, tuple(blocks), (_losses(scores, office), _digests(scores)), signature)


def _head(
    title: str,
    unit: Inlines,
    code: str,
    period: Period,
    scores: Sequence[tuple[Score, str]],
    signed_on: date | None,
    synthetic: bool,
) -> Head:
    subject = _RULES.sub("", title)
    return Head(
        title=(
            *unit,
            Text("关于"),
            DateText(period_chinese(period)),
            Quoted(subject, "rubric"),
            Text("" if subject.endswith("考核") else "考核"),
            Text("结果的通报" if signed_on else "结果的公示"),
        ),
        issuer=unit,
        addressee=(Text("各被考核单位"),),
        synthetic=synthetic,
        kind="通报",
        unit_code=code,
        period=str(period),
        as_of=scores[0][0].as_of if scores else None,
    )


def _opening(
    office: tuple[str, str],
    period: Period,
    title: str,
    plan_number: str,
    scores: Sequence[tuple[Score, str]],
    signed_on: date | None,
) -> Inlines:
    inlines: Inlines = (
        Text("按照备案的督查检查考核计划（备案号："),
        LawRef("", plan_number),
        Text("），依据"),
        LawRef(title),
        Text("，对所属单位"),
        DateText(period_chinese(period)),
        Text("工作进行了考核，共评定"),
        _count(scores, office, "units", "被考核单位", Fraction(len(scores)), "个单位"),
        Text("。得分由工作记录、抽样核对和考核员的评定得出，"),
    )
    if scores:
        inlines += (
            Text("记录截至"),
            DateText(day_chinese(min(score.as_of for score, _ in scores))),
            Text("，"),
        )
    ending = "申诉已答复，结果已定稿。" if signed_on else "现正受理申诉。"
    return (*inlines, Text(ending))


def _count(
    scores: Sequence[tuple[Score, str]],
    office: tuple[str, str],
    key: str,
    label: str,
    value: Fraction,
    unit: str,
    sentence: str = "",
) -> Inline:
    """Make a number over all units: it is the office's, not that of one unit."""
    if not scores:
        return Text("〇" + unit)
    number = points_number(scores[0][0], key, label, value, sentence, unit)
    code, name = office
    figure = replace(number.figure, unit_code=code, unit_name=name, unit=unit or "分")
    return replace(number, figure=figure)


def _appeals(
    scores: Sequence[tuple[Score, str]], office: tuple[str, str], appeals: tuple[int, int]
) -> Inlines:
    filed, changed = appeals
    if not filed:
        return (Text("没有单位提出申诉。"),)
    return (
        Text("收到申诉"),
        _count(scores, office, "appeals", "申诉", Fraction(filed), "件"),
        Text("，其中改变得分"),
        _count(scores, office, "appeals.changed", "改变得分的申诉", Fraction(changed), "件"),
        Text("，其余维持原分。"),
    )


def _table(scores: Sequence[Score]) -> Table:
    bonus = any(score.bonus_items for score in scores)
    left = any(score.left for score in scores)
    more = (*(("折算得分",) if left else ()), *(("加分",) if bonus else ()))
    names = ("单位", "满分", "得分", "待定", *more)
    rows = []
    for score in scores:
        cells: list[Inlines] = [
            (Quoted(score.unit_name, f"unit:{score.unit_code}"),),
            (Quoted(points_text(score.max), f"rubric:{score.rubric}"),),
            (points_number(score, "total", "总分", score.total, "各项已定得分之和。", ""),),
            (points_number(score, "pending", "待定分", score.pending_max, "尚未评定。", ""),),
        ]
        if left:
            told = "不适用的部分退出总分，总分÷满分×细则总分。"
            number = points_number(score, "converted", "折算得分", score.converted, told, "")
            cells.append((number,))
        if bonus:
            cells.append((points_number(score, "bonus", "加分", score.bonus, "", ""),))
        rows.append(tuple(cells))
    align = (Align.LEFT, *(Align.RIGHT for _ in names[1:]))
    return Table(tuple((Text(name),) for name in names), tuple(rows), (), align)


def _losses(scores: Sequence[tuple[Score, str]], office: tuple[str, str]) -> Annex:
    """Say for each item how many units lost how much; each unit has its own explanation."""
    lost: dict[str, list[ItemScore]] = {}
    for score, _ in scores:
        for item in score.items:
            if item.losses:
                lost.setdefault(item.key, []).append(item)
    rows = tuple(_loss_row(scores, office, items) for items in lost.values())
    explanation = Paragraph((Text("各单位逐项的失分原因和补救办法另行反馈，在系统中可查。"),))
    if not rows:
        return Annex(title=(Text("各项失分情况"),), blocks=(Paragraph((Text("没有失分。"),)),))
    header: tuple[Inlines, ...] = tuple(
        (Text(heading),) for heading in ("项目", "失分单位数", "合计失分", "补救办法")
    )
    align = (Align.LEFT, Align.RIGHT, Align.RIGHT, Align.LEFT)
    return Annex(
        title=(Text("各项失分情况"),),
        blocks=(explanation, Table(header, rows, (), align, small=True)),
    )


def _loss_row(
    scores: Sequence[tuple[Score, str]], office: tuple[str, str], items: Sequence[ItemScore]
) -> tuple[Inlines, ...]:
    points = sum((loss.points for item in items for loss in item.losses), Fraction(0))
    key, title = items[0].key, items[0].title
    units = Fraction(len(items))
    told = ("有失分的单位数。", "各单位失分之和。")
    return (
        (Quoted(title, f"rubric:{key}"),),
        (_count(scores, office, f"{key}.units", f"{title}失分单位", units, "个", told[0]),),
        (_count(scores, office, f"{key}.lost", f"{title}失分", points, "", told[1]),),
        (Quoted(_shared([item.losses[-1].remedy.text(_ZH) for item in items]), f"rubric:{key}"),),
    )


def _shared(remedies: Sequence[str]) -> str:
    """Give the sentences with which all remedies end: the rubric owner's own words."""
    split = [[f"{sentence}。" for sentence in text.split("。") if sentence] for text in remedies]
    shared: list[str] = []
    for same in zip(*(reversed(sentences) for sentences in split), strict=False):
        if len(set(same)) > 1:
            break
        shared.insert(0, same[0])
    return "".join(shared) or remedies[0]


def _digests(scores: Sequence[tuple[Score, str]]) -> Annex:
    """List the digest of each frozen version, so that nobody can put another in its place."""
    rows = tuple(
        (
            (Quoted(score.unit_name, f"unit:{score.unit_code}"),),
            (Ordinal(digest),),
        )
        for score, digest in scores
    )
    header: tuple[Inlines, ...] = ((Text("单位"),), (Text("定稿摘要"),))
    table = Table(header, rows, (), (Align.LEFT, Align.LEFT), small=True)
    explanation = Paragraph((Text("摘要由定稿全文算出，可在系统中逐一核对。"),))
    return Annex(title=(Text("定稿版本"),), blocks=(explanation, table))
