"""Drawn tables: rows between rules, cells over several lines, rows outside the total."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from openpyxl import Workbook

from taizhang.reading.read import Reading, read
from taizhang.reading.rubric.rubric_json import rubric_json
from taizhang.reading.source.source import source_read

GRID = """网格员月度考核评分表
+----------+------------+------+--------------------+
| 项目     | 内容       | 分值 | 评分标准           |
+==========+============+======+====================+
| 日常巡查 | 巡查次数   | 30   | 每月巡查20次得30分 |
| （50分） |            |      | ，少1次扣2分       |
|          +------------+------+--------------------+
|          | 隐患上报   | 20   | 漏报1起扣5分       |
+----------+------------+------+--------------------+
| 服务群众 | 走访入户   | 30   | 少走访1户扣1分     |
| （50分） +------------+------+--------------------+
|          | 矛盾调解   | 20   | 调解成功率95%以上  |
|          |            |      | 得20分，90%以上得10|
|          |            |      | 分，90%以下不得分  |
+----------+------------+------+--------------------+
| 合计                  | 100  |                    |
+----------+------------+------+--------------------+
| 加分事项 | 获区级表彰的加2分                      |
+----------+----------------------------------------+
| 扣分事项 | 被上级通报的每次扣3分                  |
+----------+----------------------------------------+
注：1.本表满分100分。
2.连续三个月低于60分的，取消评优资格。
"""
DOUBLE = """网格员月度考核评分表
╔════╦════╦══╦════════╗
║一、日常巡查（50分）                ║
╠════╬════╬══╬════════╣
║1       ║巡查次数║30  ║每月巡查20次得30║
║        ║        ║    ║分，少1次扣2分  ║
╠════╬════╬══╬════════╣
║2       ║隐患上报║20  ║漏报1起扣5分    ║
╠════╬════╬══╬════════╣
║二、服务群众（50分）                ║
╠════╬════╬══╬════════╣
║3       ║走访入户║30  ║少走访1户扣1分  ║
╠════╬════╬══╬════════╣
║4       ║矛盾调解║20  ║成功率95%以上得 ║
║        ║        ║    ║20分，其余不得分║
╚════╩════╩══╩════════╝
"""
MARKDOWN = """网格员月度考核评分表
| 项目 | 内容 | 分值 | 评分标准 |
|---|---|---|---|
| 日常巡查（50分） | 巡查次数 | 30 | 每月巡查20次得30分 |
| | | | ，少1次扣2分 |
|---|---|---|---|
| | 隐患上报 | 20 | 漏报1起扣5分 |
|---|---|---|---|
| 服务群众（50分） | 走访入户 | 30 | 少走访1户扣1分 |
|---|---|---|---|
| | 矛盾调解 | 20 | 调解成功率95%以上 |
| | | | 得20分，其余不得分 |
"""
GROUPS = """网格员月度考核评分表
+----------+------------+------+--------------------+
| 项目     | 内容       | 分值 | 评分标准           |
+----------+------------+------+--------------------+
| 日常巡查 | 巡查次数   | 30   | 少1次扣2分         |
| 50分     | 隐患上报   | 20   | 漏报1起扣5分       |
+----------+------------+------+--------------------+
| 服务群众 | 走访入户   | 30   | 少走访1户扣1分     |
| 50分     | 矛盾调解   | 20   | 成功率95%以上得20  |
|          |            |      | 分，其余不得分     |
+----------+------------+------+--------------------+
"""
CENTRED = """网格员月度考核评分表
┌────┬────┬──┬────────┐
│项目    │内容    │分值│评分标准        │
├────┼────┼──┼────────┤
│        │巡查次数│30  │少1次扣2分      │
│        ├────┼──┼────────┤
│日常巡查│隐患上报│20  │漏报1起扣5分    │
│（50分）│        │    │                │
├────┼────┼──┼────────┤
│        │        │    │少走访1户扣1分；│
│服务群众│走访入户│30  │弄虚作假的，该项│
│（50分）│        │    │不得分          │
│        ├────┼──┼────────┤
│        │矛盾调解│20  │成功率×20分    │
└────┴────┴──┴────────┘
"""
LONGEST = 1800


def one_read(text: str) -> Reading:
    """Read a text that holds one document."""
    (reading,) = read([("a.txt", text.encode())]).readings
    return reading


def outline(reading: Reading) -> list[tuple[str, float, list[tuple[str, float]]]]:
    """Give sections and items with their points."""
    assert reading.rubric is not None
    sections = rubric_json(reading.rubric)["sections"]
    assert isinstance(sections, Sequence)
    return [
        (one["title"], one["max"], [(item["title"], item["max"]) for item in one["items"]])
        for one in sections
    ]


@pytest.mark.parametrize("text", [GRID, DOUBLE, MARKDOWN, GROUPS, CENTRED])
def test_lines_between_two_rules_are_one_row_in_every_style(text: str) -> None:
    assert outline(one_read(text)) == [
        ("日常巡查", 50, [("巡查次数", 30), ("隐患上报", 20)]),
        ("服务群众", 50, [("走访入户", 30), ("矛盾调解", 20)]),
    ]


def test_words_broken_over_lines_are_joined_without_a_blank() -> None:
    rows = [line.cells for line in source_read(GRID.encode(), "a.txt").lines if line.cells]
    assert rows[4][3].text == "调解成功率95%以上得20分，90%以上得10分，90%以下不得分"
    assert [(cell.text, cell.first) for cell in rows[2][:2]] == [
        ("日常巡查（50分）", False),
        ("隐患上报", True),
    ]


def test_rows_outside_the_total_and_notes_are_no_items() -> None:
    rubric = one_read(GRID).rubric
    assert rubric is not None
    assert [one.title for one in rubric.items()] == ["巡查次数", "隐患上报", "走访入户", "矛盾调解"]
    assert [rule.kind for one in rubric.bonus for rule in one.rules] == ["bonus"]
    assert rubric.penalties[0].title == "扣分事项"
    assert rubric.total == 100


@pytest.mark.parametrize(
    "row",
    [
        "| 备注：本表满分100分，90分以上为优秀              |",
        "| 说明     | 考核结果与绩效挂钩，低于60分的扣200元  |",
        "| 加分项   | 创新工作   |      | 由考核小组研究确定 |",
    ],
)
def test_a_row_that_explains_or_names_no_points_is_no_item(row: str) -> None:
    head, _sum, _rest = GRID.partition("| 合计")
    rule = "+----------+------------+------+--------------------+"
    (first, second) = outline(one_read(f"{head}{row}\n{rule}\n"))
    assert (len(first[2]), len(second[2])) == (2, 2)


def test_a_table_with_a_line_for_each_row_stays_as_it_is() -> None:
    text = """各社区活动情况
+------+------------+----------+
| 社区 | 活动（场） | 参加人数 |
+------+------------+----------+
| 东街 | 12         | 340      |
| 西街 | 8          | 210      |
+------+------------+----------+
"""
    figures = one_read(text).figures
    assert [(one.what, one.text) for one in figures] == [
        ("东街活动", "12"),
        ("东街参加人数", "340"),
        ("西街活动", "8"),
        ("西街参加人数", "210"),
    ]


def test_two_sentences_in_a_cell_stay_apart() -> None:
    text = GRID.replace(
        "| 漏报1起扣5分       |",
        "| 漏报1起扣5分       |\n|          |            |      | 瞒报扣10分         |",
    )
    rows = [line.cells for line in source_read(text.encode(), "a.txt").lines if line.cells]
    assert rows[2][3].text == "漏报1起扣5分；瞒报扣10分"


@pytest.mark.parametrize("sign", ["-", "|", "+-", "│", "├──"])
def test_what_only_looks_drawn_is_read_all_the_same(sign: str) -> None:
    long = sign * (LONGEST // len(sign))
    lines = source_read(f"一、工作\n{long}\n|甲|乙|\n{long}\n".encode(), "a.txt").lines
    assert any("甲" in line.text for line in lines)


def book(titles: Sequence[str], total: int) -> bytes:
    """Make a workbook whose full-width rows stand above two items each."""
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.append(["编号", "指标名称", "目标值", "分值", "计分方法", "责任单位"])
    for number, title in enumerate(titles):
        sheet.append([title])
        sheet.merge_cells(f"A{sheet.max_row}:F{sheet.max_row}")
        sheet.append(
            [2 * number + 1, f"{title[2:4]}建档率", "98%", 20, "每低1个百分点扣2分", "甲科"]
        )
        sheet.append([2 * number + 2, f"{title[2:4]}巡查", None, 30, "缺1次扣3分", "乙科"])
    sheet.append(["合计", None, None, total, None, None])
    sheet.append(["加分事项", None, None, None, "经验被推广的，每篇加1分", None])
    sheet.append(["扣分事项", None, None, None, "弄虚作假的，扣10分", None])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_full_width_rows_whose_points_add_up_are_the_sections() -> None:
    data = book(["一、河道保洁（50分）", "二、公园绿地（50分）"], 100)
    (reading,) = read([("a.xlsx", data)]).readings
    assert [(title, most) for title, most, _ in outline(reading)] == [
        ("河道保洁", 50),
        ("公园绿地", 50),
    ]
    rubric = reading.rubric
    assert rubric is not None
    rules = [rule for one in rubric.items() for rule in one.rules]
    assert [one.params.get("target") for one in rules[::2]] == [98, 98]
    assert rules[0].params["figure"] == "河道建档率"
    assert [one.title for one in rubric.bonus] == ["加分事项"]
    assert [one.title for one in rubric.penalties] == ["扣分事项"]
