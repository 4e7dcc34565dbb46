"""Labels make the outline; restarts, lost breaks and series of documents are told apart."""

import pytest

from taizhang.reading.base.line import Block, Document, DocumentType
from taizhang.reading.source.source import source_read
from taizhang.reading.text.cleaning import source_clean
from taizhang.reading.text.document import split


def documents(text: str) -> tuple[Document, ...]:
    return split(source_clean(source_read(text.encode(), "a.txt")))


def shape(blocks: tuple[Block, ...] | list[Block]) -> list[object]:
    return [
        [block.label or block.text[:4], shape(block.children)] if block.children else block.label
        for block in blocks
        if block.label or block.children
    ]


def test_levels_nest_by_their_labels() -> None:
    text = (
        "工作总结\n一、主要做法\n（一）宣传\n1、讲座\n（1）进校园\n（2）进企业\n2、咨询\n"
        "（二）培训\n二、打算"
    )
    (document,) = documents(text)
    assert shape(document.outline) == [
        ["一、", [["（一）", [["1、", ["（1）", "（2）"]], "2、"]], "（二）"]],
        "二、",
    ]


def test_a_list_restarting_inside_a_paragraph_keeps_its_own_level() -> None:
    text = (
        "工作总结\n一、宣传工作\n基本做法是：一、办好专栏。二、上门讲解。三、组织竞赛。\n"
        "二、培训工作"
    )
    (document,) = documents(text)
    assert shape(document.outline) == [
        ["一、", [["基本做法", ["一、", "二、", "三、"]]]],
        "二、",
    ]


def test_a_lost_break_is_put_back() -> None:
    text = "工作总结\n（一）宣传\n张贴海报，效果良好。（二）培训\n组织两期。"
    (document,) = documents(text)
    assert [(one.label, one.restored) for one in document.outline] == [
        ("（一）", False),
        ("（二）", True),
    ]


def test_one_line_holds_a_whole_text() -> None:
    text = (
        "社区自查报告：一、组织健全。成立小组。二、宣传到位。（一）办专栏。（二）办讲座。"
        "三、问题不少。"
    )
    (document,) = documents(text)
    assert shape(document.outline) == [
        ["社区自查", ["一、", ["二、", ["（一）", "（二）"]], "三、"]]
    ]


PIECES = {
    DocumentType.PLAN: (
        "为做好今年工作，特制定计划如下：\n一、工作目标\n力争每月开展宣传活动，计划举办讲座6场。"
    ),
    DocumentType.SUMMARY: (
        "今年以来，社区开展了宣传活动，共举办讲座6场，取得了良好效果，现总结如下。"
    ),
    DocumentType.SELFCHECK: (
        "对照标准认真自查，现将自查情况报告如下：\n一、自查情况\n已基本达标。\n"
        "二、存在的问题\n人手不足。"
    ),
    DocumentType.NOTICE: "各社区：\n现将有关事项通知如下：\n一、请于5月底前完成。\n特此通知。",
    DocumentType.RUBRIC: (
        "一、宣传（10分）\n资料齐全得5分，缺一项扣1分。\n二、培训（10分）\n不达标不得分。"
    ),
}


@pytest.mark.parametrize("title", ["社区工作范文{}", "篇{}：社区工作计划", "【社区工作总结{}】"])
def test_pieces_of_a_collection_are_typed_by_content(title: str) -> None:
    numbers = "一二三四五"
    text = "\n".join(
        f"{title.format(numbers[at])}\n{piece}" for at, piece in enumerate(PIECES.values())
    )
    found = documents(text)
    assert [one.type for one in found] == list(PIECES)
    assert [one.span[0] for one in found] == sorted({one.span[0] for one in found})


def test_a_heading_that_sounds_like_a_title_starts_no_document() -> None:
    text = "2024年工作总结\n一、工作情况\n开展了活动。\n二、下一步工作计划\n继续努力。"
    assert len(documents(text)) == 1


def test_an_annex_with_a_text_of_its_own_is_a_document() -> None:
    text = (
        "关于开展考核的通知\n各社区：\n现将有关事项通知如下：请认真准备。\n特此通知。\n2024年5月1日\n"
        "附件：社区考核评分细则\n一、宣传（10分）\n资料齐全得5分，缺一项扣1分。\n"
        "二、培训（10分）\n不达标不得分。"
    )
    assert [one.type for one in documents(text)] == [DocumentType.NOTICE, DocumentType.RUBRIC]


def test_a_second_title_begins_a_text_even_after_a_single_sentence() -> None:
    text = (
        "关于报送健康教育台账的通知\n各社区：请于本月5日前报送台账。\n"
        "2025年健康教育工作计划\n一、工作目标\n全年开展讲座12次，发放资料600份。"
    )
    found = documents(text)
    assert [one.title for one in found] == [
        "关于报送健康教育台账的通知",
        "2025年健康教育工作计划",
    ]
    assert [one.span for one in found] == [(1, 2), (3, 5)]


@pytest.mark.parametrize("heading", ["健康知识讲座安排", "二、下半年工作计划", "下半年工作计划"])
def test_a_heading_inside_a_short_text_begins_none(heading: str) -> None:
    text = f"2025年健康教育工作计划\n为做好全年工作，制定本计划。\n{heading}\n每月举办讲座1次。"
    assert len(documents(text)) == 1
