"""Frozen texts: the same value back, the same text for the same value, nothing else made of one."""

import dataclasses
import json
from datetime import date
from fractions import Fraction

import pytest

from taizhang.core.base.figure import Figure, Flag, FlagName, Reason, ReasonCode
from taizhang.core.scoring.outcome import Waiting, WaitsFor
from taizhang.core.scoring.score_sheet import ItemScore
from taizhang.core.text.bilingual import Bilingual
from taizhang.core.text.flag import flag_remark
from taizhang.documents import tree
from taizhang.documents.format import format_number
from taizhang.documents.tree import (
    Blank,
    Document,
    Head,
    List,
    Number,
    Part,
    Quoted,
    Strong,
    Table,
    Text,
)
from taizhang.web.base.archive_json import CLASSES, archive_digest, archive_read, archive_text

FIGURE = Figure(
    key="a.b",
    label="讲座",
    unit_code="360602001001",
    unit_name="一社区",
    period="2025",
    as_of=date(2026, 1, 20),
    tree=date(2025, 12, 31),
    value=Fraction(1, 3),
    reason=None,
    low=Fraction(0),
    flags=(Flag(FlagName.TO_DATE, "2026-01-20"),),
)
DOCUMENT = Document(
    head=Head(title=(Quoted("一社区", "unit:1"),), as_of=date(2026, 1, 20), synthetic=True),
    blocks=(
        List(True, ((Strong((Number(figure=FIGURE, ref=1, part=Part.RECORDS),)), Text("。")),)),
        Table(((Text("甲"),),), (((Blank("待写"),),),)),
    ),
)


def test_a_document_comes_back_as_it_was() -> None:
    text = archive_text(DOCUMENT)
    assert archive_read(text) == DOCUMENT
    assert archive_text(archive_read(text)) == text
    assert len(archive_digest(text)) == 64
    assert archive_digest(text + " ") != archive_digest(text)


def test_missing_is_not_zero_and_a_reason_comes_back() -> None:
    none = dataclasses.replace(FIGURE, value=None, reason=Reason(ReasonCode.WAITING, "待定"))
    zero = dataclasses.replace(FIGURE, value=Fraction(0))
    assert archive_read(archive_text(none)).value is None
    assert archive_read(archive_text(none)).reason.code is ReasonCode.WAITING
    assert archive_read(archive_text(zero)).value == 0
    assert archive_text(none) != archive_text(zero)


def test_every_class_of_a_document_can_be_frozen() -> None:
    classes = {
        name
        for name, cls in vars(tree).items()
        if isinstance(cls, type)
        and dataclasses.is_dataclass(cls)
        and cls.__module__ == tree.__name__
    }
    assert classes <= set(CLASSES)


@pytest.mark.parametrize(
    "text",
    [
        '{"format":1,"content":{"@":"Popen","args":["x"]}}',
        '{"format":3,"content":null}',
        '{"format":1,"content":{"kind":"x"}}',
    ],
)
def test_nothing_unknown_is_made_of_a_text(text: str) -> None:
    with pytest.raises(ValueError, match=r"format|class"):
        archive_read(text)


def test_what_is_no_class_of_ours_is_not_frozen() -> None:
    with pytest.raises(TypeError):
        archive_text(object())
    with pytest.raises(TypeError):
        archive_text(json.JSONDecoder())
    with pytest.raises(TypeError):
        archive_text(1.5)


def test_what_an_item_waits_for_comes_back_with_its_kind_from_older_texts_too() -> None:
    item = ItemScore(
        key="papers",
        title="资料",
        max=Fraction(5),
        stated_max=Fraction(5),
        points=None,
        kind="threshold",
        waits_for=Waiting(WaitsFor.DATA, Bilingual("等待数据", "waits for data")),
    )
    assert archive_read(archive_text(item)) == item
    older = (
        '{"format":1,"content":{"@":"ItemScore","key":"papers","kind":"threshold",'
        '"max":{"@":"Fraction","is":"5"},"points":null,"stated_max":{"@":"Fraction","is":"5"},'
        '"title":"资料","waits_for":{"@":"Said","en":"waits for data","zh":"等待数据"}}}'
    )
    waits = archive_read(older).waits_for
    assert (waits.kind, waits.sentence) == (WaitsFor.DECISION, item.waits_for.sentence)


def test_a_text_of_before_keeps_its_marks() -> None:
    """Open months were marked at each number; what was frozen so is read so."""
    flags = (Flag(FlagName.INCOMPLETE, "0/1", "2026-11"),)
    figure = dataclasses.replace(FIGURE, value=Fraction(5), low=Fraction(5), high=None, flags=flags)
    text = archive_text(figure)
    now = archive_read(text)
    assert now == figure
    assert format_number(Number(figure=now, unit="次")).text == "5次"
    before = archive_read(text.replace('"format":2', '"format":1').replace("|2026-11", ""))
    assert format_number(Number(figure=before, unit="次")).text == "不少于5次*"
    assert flag_remark(before.flags[0]) == "未报齐"
