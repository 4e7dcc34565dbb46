"""PDF with a text layer, wiki tables, slid bytes, spread titles; the shape of the JSON."""

from __future__ import annotations

import io
from collections.abc import Mapping
from decimal import Decimal

import openpyxl
import pytest
from pypinyin import Style, pinyin

from taizhang.core.scoring.kinds import KINDS
from taizhang.core.scoring.kinds.per_event import PerEvent
from taizhang.core.scoring.kinds.rate_points import RatePoints
from taizhang.core.scoring.kinds.tiers import Tiers
from taizhang.reading.base.line import EditKind
from taizhang.reading.read import as_json, read
from taizhang.reading.source.source import source_read
from taizhang.reading.text.cleaning import source_clean
from taizhang.reading.text.mojibake import SLID, slid_back
from tests.reading.made import pdf_file

PAGES = [
    [
        "东湖街道2024年垃圾分类工作总结",
        "一年来，街道共开展入户宣传1.2万户次，发放手册",
        "9600余册。",
    ],
    ["二、存在问题", "分类准确率仅为78.5%，较目标低1.5个百分点。"],
]


def test_a_pdf_with_a_text_layer_is_read_over_its_lines_and_pages() -> None:
    (reading,) = read([("a.pdf", pdf_file(PAGES))]).readings
    found = [(one.text, one.unit, one.quantity.low) for one in reading.figures]
    assert found == [
        ("1.2万户次", "户次", Decimal(12000)),
        ("9600余册", "册", Decimal(9600)),
        ("78.5%", "%", Decimal("78.5")),
        ("1.5个百分点", "百分点", Decimal("1.5")),
    ]
    assert reading.document.type == "summary"
    assert reading.figures[2].line > reading.figures[1].line


def test_a_pdf_without_text_says_so() -> None:
    result = read([("a.pdf", pdf_file([[""]]))])
    assert [one.code.name for one in result.issues] == ["READING_007"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "big5"])
def test_figures_are_the_same_in_every_encoding(encoding: str) -> None:
    text = "河道巡查工作通報\n全區共巡河1,250人次，清理漂浮物約36噸，整改率達到98.6%。\n"
    (reading,) = read([("a.txt", text.encode(encoding))]).readings
    found = [(one.text, one.quantity.kind.name, one.unit) for one in reading.figures]
    assert found == [
        ("1,250人次", "EXACT", "人次"),
        ("约36吨", "ABOUT", "吨"),
        ("98.6%", "EXACT", "%"),
    ]


WIKI = """各社区情况
{| class="wikitable"
! rowspan="2" | 片区 !! 社区 !! 讲座（场） !! 参加（人次）
|-
| 东湖 || 6 || 1,204
|-
| 南片
| 西湖
| 9
| 约800
|}
{{|社区|巡查（次）|}}
{{|东湖|36|}}
"""


def test_wiki_tables_give_their_cells() -> None:
    rows = [one for one in source_read(WIKI.encode(), "a.txt").lines if one.cells]
    assert [cell.text for cell in rows[0].cells] == ["片区", "社区", "讲座（场）", "参加（人次）"]
    assert [(cell.text, cell.first) for cell in rows[1].cells][:2] == [
        ("片区", False),
        ("东湖", True),
    ]
    assert [cell.text for cell in rows[2].cells] == ["南片", "西湖", "9", "约800"]
    assert [cell.text for cell in rows[4].cells] == ["东湖", "36"]
    assert len({one.table for one in rows}) == 2


def test_a_sheet_with_merged_heads_is_read_as_a_rubric() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["考核项目", "考核内容", "分值", "评分标准"],
        ["巡查", "每日巡查", 30, "少1次扣2分，扣完为止"],
        [None, "问题上报", 20, "上报率×20分"],
        ["整改", "整改率", 50, "95%以上得50分，90%以上得30分，90%以下不得分"],
    ):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    stream = io.BytesIO()
    book.save(stream)
    (reading,) = read([("a.xlsx", stream.getvalue())]).readings
    rubric = reading.rubric
    assert rubric is not None
    assert [(one.title, one.sum) for one in rubric.sections] == [("巡查", 50), ("整改", 50)]
    kinds = [item.rules[0].kind for item in rubric.items()]
    assert kinds == [PerEvent.kind, RatePoints.kind, Tiers.kind]


def slid(before: str, first: str, second: str) -> str:
    """Damage two characters as a lost byte does: the pair between them, and two readings."""
    behind = (before.encode("gbk")[1:] + first.encode("gbk")[:1]).decode("gbk")
    pair = (first.encode("gbk")[1:] + second.encode("gbk")[:1]).decode("gbk")
    sounds = [pinyin(one, style=Style.TONE)[0][0] for one in (behind, second)]
    return f"{before}?{sounds[0]}){pair}?{sounds[1]})"


def test_characters_whose_bytes_slid_are_put_back_and_the_change_is_kept() -> None:
    damaged = f"受理咨{slid('詢', '人', '數')}達120人。"
    match = SLID.search(damaged)
    assert match
    assert slid_back(match) == "人數"
    lines = source_clean(source_read(f"社區統計\n{damaged}\n".encode(), "a.txt"))
    assert lines[1].text == "受理咨询人数达120人。"
    assert EditKind.BYTES in {edit.kind for edit in lines[1].edits}
    assert lines[1].original() == damaged


def test_what_fits_no_character_or_several_is_left() -> None:
    for damaged in ("詢?nèi)藬?xū)", "好?nèi)藬?shù)", "詢?fang)藬?shù)"):
        match = SLID.search(damaged)
        assert match
        assert slid_back(match) is None


def test_a_title_with_its_characters_apart_and_a_label_before_a_blank() -> None:
    text = "自  查  报  告\n1 制度建设\n3 月底前完成\n"
    assert [one.text for one in source_clean(source_read(text.encode(), "a.txt")) if one.text] == [
        "自查报告",
        "1 制度建设",
        "3月底前完成",
    ]


# the shape of the JSON

FIGURE = {
    "what": str,
    "text": str,
    "line": int,
    "kind": str,
    "low": (int, float, type(None)),
    "high": (int, float, type(None)),
    "unit": str,
    "period": (str, type(None)),
    "status": str,
}
TASK = {
    "what": str,
    "quota": (int, float, type(None)),
    "unit": (str, type(None)),
    "every": (str, type(None)),
    "on": (str, type(None)),
    "by": (str, type(None)),
    "line": int,
}
POINTS = (int, float, type(None))
ITEM = {"label": str, "title": str, "max": POINTS, "sum": POINTS, "line": int, "rules": list}
SECTION = {"label": str, "title": str, "max": POINTS, "sum": POINTS, "items": list}
ISSUE = {"code": str, "line": (int, type(None)), "sentence": str, "remedy": str}
DOCUMENT = {"title": str, "type": str, "span": list, "issues": list, "figures": list}
TEXT = """2024年河道管护工作总结
一年来，共巡河96次，清理垃圾约30吨，满意率295%。
二、2025年工作计划
1.每月巡河8次，由村级河长负责；结合“世界水日”发放倡议书500份，开展净滩活动4场。

河道保洁考核评分细则（100分）
一、巡查（40分）
1.巡河（40分）。每少1次扣2分。
二、保洁（60分）
1.保洁率达到95%得60分，否则不得分。
三、加分
1.获县级表彰加2分。
"""


def shaped(value: object, shape: Mapping[str, object]) -> dict[str, object]:
    """Say whether a JSON object has the keys of a shape, each of its type."""
    assert isinstance(value, dict)
    for key, kind in shape.items():
        assert key in value
        assert isinstance(value[key], kind), (key, value[key])  # type: ignore[arg-type]
    return value


def test_the_json_has_the_promised_shape() -> None:
    said = as_json(read([("a.txt", TEXT.encode())]))
    assert set(said) == {"documents"}
    documents = said["documents"]
    assert isinstance(documents, list)
    assert [one["type"] for one in documents] == ["summary", "rubric"]
    for one in documents:
        shaped(one, DOCUMENT)
        assert [type(line) for line in one["span"]] == [int, int]
        for issue in one["issues"]:
            shaped(issue, ISSUE)
        for figure in one["figures"]:
            shaped(figure, FIGURE)
            assert figure["status"] in ("current", "historic")
            assert figure["kind"] in (
                *("exact", "at_least", "at_most"),
                *("about", "between", "missing"),
            )
    assert documents[0]["issues"]
    assert documents[0]["rubric"] is None
    for task in documents[0]["plan"]["tasks"]:
        shaped(task, TASK)
    rubric = shaped(documents[1]["rubric"], {"total": int, "sum": int, "bonus": list})
    assert isinstance(rubric["sections"], list)
    for section in rubric["sections"]:
        for item in shaped(section, SECTION)["items"]:  # type: ignore[attr-defined]
            for rule in shaped(item, ITEM)["rules"]:  # type: ignore[attr-defined]
                assert rule["kind"] in KINDS
    assert isinstance(rubric["bonus"], list)
    assert rubric["bonus"][0]["rules"][0]["kind"] == "bonus"
