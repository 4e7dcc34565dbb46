"""The archive file of one record: 安排, 记录, 总结, as offices file an activity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby

from taizhang.core.form import Form
from taizhang.core.text.period import day_chinese
from taizhang.documents.tree import (
    Blank,
    Block,
    DateText,
    Document,
    Head,
    Heading,
    Inlines,
    Paragraph,
    Quoted,
    Signature,
    Table,
    Text,
)
from taizhang.web.ledger.record.present import AnswerText, FactText, answers_shown

#: Names by which the forms of packs ask for what was arranged before and what was summed up after.
_ARRANGED = ("planned", "plan_")
_SUMMED = ("summary", "summed", "outcome")


def archive_document(
    *,
    uid: str,
    title: str,
    unit_name: str,
    day: date,
    form: Form | None,
    answers: Mapping[str, object],
    facts: Sequence[FactText],
    evidence: Sequence[str],
    synthetic: bool,
) -> Document:
    """Write the archive file of a record: three parts, what it counted for, its evidence.

    What the form has no answer for is a blank that a person fills in.

    :param evidence: names of the attached files
    """
    parts = _parts(form, answers)
    source = f"record:{uid}"
    blocks: list[Block] = []
    for number, (heading, prompt, rows) in enumerate(
        (
            ("安排", "事前的安排：时间、对象、内容、分工", parts[0]),
            ("记录", "当天的情况", parts[1]),
            ("总结", "效果和下一步打算", parts[2]),
        )
    ):
        blocks.append(Heading(1, (Text(heading),), "一二三"[number] + "、"))
        blocks.append(_table(rows, source) if rows else Paragraph((Blank(prompt),)))
    blocks.append(Heading(1, (Text("计入"),), "四、"))
    blocks.append(_counted(facts, source))
    if evidence:
        blocks.append(Heading(1, (Text("佐证"),), "五、"))
        names = tuple(Quoted(name, source) for name in evidence)
        blocks += [Paragraph((name,)) for name in names]
    blocks.append(Signature(issuer=(Quoted(unit_name, source),), day=_day(day)))
    return Document(
        head=Head(
            title=(Quoted(f"{unit_name}{title}档案", source),),
            issuer=(Quoted(unit_name, source),),
            day=day,
            synthetic=synthetic,
            kind="档案",
            as_of=day,
        ),
        blocks=tuple(blocks),
    )


def _parts(
    form: Form | None, answers: Mapping[str, object]
) -> tuple[list[AnswerText], list[AnswerText], list[AnswerText]]:
    arranged, summed, held = {}, {}, {}
    for name, value in answers.items():
        if value in (None, "", []):
            continue
        if name.startswith(_ARRANGED):
            arranged[name] = value
        elif name.startswith(_SUMMED):
            summed[name] = value
        else:
            held[name] = value
    return (
        answers_shown(form, arranged),
        answers_shown(form, held),
        answers_shown(form, summed),
    )


def _table(rows: Sequence[AnswerText], source: str) -> Table:
    shown = tuple((_said(answer.label, source), _said(answer.value, source)) for answer in rows)
    return Table(header=((Text("项目"),), (Text("内容"),)), rows=shown)


def _counted(facts: Sequence[FactText], source: str) -> Block:
    if not facts:
        return Paragraph((Text("这条记录没有计入数字。"),))
    rows = []
    for (label, unit_name), of_measure in groupby(
        facts, key=lambda fact: (fact.label, fact.unit_name)
    ):
        values = "；".join(
            f"{fact.value}（{fact.dimensions}）" if fact.dimensions else fact.value
            for fact in of_measure
        )
        rows.append((_said(label, source), _said(unit_name, source), _said(values, source)))
    header = ((Text("计量"),), (Text("单位"),), (Text("数量"),))
    return Table(header=header, rows=tuple(rows))


def _said(text: str, source: str) -> Inlines:
    return (Quoted(text, source),)


def _day(day: date) -> DateText:
    return DateText(day_chinese(day))
