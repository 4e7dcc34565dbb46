"""Old plans: tasks with quota, recurrence, days and who is responsible; drafts as packs."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from taizhang.core.pack.examine import examine
from taizhang.reading.base.line import Document
from taizhang.reading.plan.plan import ReadTask, plan_json, tasks_find, tasks_lawful
from taizhang.reading.review.draft_pack import draft_files
from taizhang.reading.rubric.rubric_json import rubric_of
from taizhang.reading.source.source import source_read
from taizhang.reading.text.cleaning import source_clean
from taizhang.reading.text.document import split
from tests.reading.score_rubric import rubric_document, texts

PLAN = """2025年河道管护工作计划
一、工作目标
全年巡河不少于96次，河面保洁率达到98%以上。
二、重点任务
1.每月开展巡河8次，由村级河长负责。
2.每季度召开一次河长会议，研究解决突出问题。责任单位：镇河长办
3.3月22日“世界水日”期间，组织志愿者开展净滩活动。
4.11月底前完成3处排污口整治。（牵头单位：农业农村办）
5.印发宣传册2000份，悬挂横幅20条。
"""


def document(text: str) -> Document:
    """Give the document of a text."""
    return split(source_clean(source_read(text.encode(), "plan.txt")))[0]


def task(word: str) -> ReadTask:
    """Give the task of the plan whose name holds a word."""
    return next(one for one in tasks_find(document(PLAN)) if word in one.what)


def test_quota_with_unit() -> None:
    found = task("宣传册")
    assert (found.quota, found.unit, found.line) == (Decimal(2000), "份", 9)


def test_a_lower_bound_stays_one() -> None:
    found = task("河面保洁率")
    assert (found.quota, found.unit, found.kind) == (Decimal(98), "%", "at_least")


def test_recurrence_and_who_is_responsible() -> None:
    found = task("开展巡河")
    assert (found.quota, found.every, found.by) == (Decimal(8), "month", "村级河长")
    assert (task("会议").every, task("会议").by) == ("quarter", "镇河长办")


def test_days_by_name_and_date() -> None:
    assert set(task("净滩").on) == {"世界水日", "03-22"}


def test_a_month_after_a_number_is_no_label() -> None:
    found = task("排污口")
    assert (found.quota, found.unit, found.on) == (Decimal(3), "处", ("11 月底",))


def test_json_keeps_the_contract() -> None:
    first = plan_json(tasks_find(document(PLAN)))["tasks"]
    assert isinstance(first, list)
    assert {"what", "quota", "unit", "every", "on", "by", "line"} <= set(first[0])


def test_tasks_against_the_law_are_told() -> None:
    text = "工作计划\n一、任务\n1.每月组织孕检到位率排查1次。\n2.举办讲座4次。\n"
    issues = tasks_lawful(tasks_find(document(text)), "a.txt")
    assert {issue.place.line for issue in issues} == {3}


def pack(folder: Path, files: dict[str, str]) -> Path:
    """Write the files of a draft."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def test_a_draft_plan_is_a_pack_without_faults(tmp_path: Path) -> None:
    files = draft_files(None, tasks_find(document(PLAN)), "河道管护")
    whole = examine(pack(tmp_path, files))
    assert not [issue.line() for issue in whole.issues]


@pytest.mark.parametrize("path", texts("tuned"), ids=lambda path: path.stem)
def test_draft_rubrics_are_accepted_or_explained(path: Path, tmp_path: Path) -> None:
    rubric, _ = rubric_of(rubric_document(path), path.name)
    whole = examine(pack(tmp_path, draft_files(rubric, (), path.stem)))
    codes = {issue.code.name.rsplit("_", 1)[0] for issue in whole.issues}
    # What is left to explain is in the text: sums, gaps, walls; never a slip of the draft itself.
    assert codes <= {"RUBRIC", "LAWFUL"}
    wrong = {"RUBRIC_001", "RUBRIC_002", "RUBRIC_003", "RUBRIC_016", "RUBRIC_028"}
    assert not wrong & {issue.code.name for issue in whole.issues}
