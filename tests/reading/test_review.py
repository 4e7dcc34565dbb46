"""What was read as findings: stable ids, places, decisions, the baseline and the draft packs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from taizhang.core.pack.examine import examine
from taizhang.reading.read import Reading, read
from taizhang.reading.review.finding import Accepted, Action, Decision, Finding, FindingKind
from taizhang.reading.review.review import accepted, findings, shown
from tests.reading.score_rubric import texts

SUMMARY = """社区２０２４年工作总结
一、主要工作
由社区主任王小明负责，全年举办讲座１２场，发放资料600余份。
辖区人口出生率為8.2%。居民满意率295%。
二、2025年工作计划
1.每季度召开居民代表会议1次，由社区主任王小明负责。
2.更换宣传栏12期。
"""
RUBRIC = """社区环境卫生考核细则（100分）
一、组织领导（40分）
1.制度建设（20分）。制度齐全得20分，缺一项扣2分，扣完为止。
2.会议（20分）。全年召开会议12次以上得20分，每少1次扣2分。
二、环境整治（60分）
1.清运率达到98%以上得60分，每低1个百分点扣3分。
"""


def readings(text: str, name: str = "a.txt") -> tuple[Reading, ...]:
    """Read one text."""
    return read([(name, text.encode())]).readings


def found(text: str, kind: FindingKind, word: str = "", *, names: bool = False) -> Finding:
    """Give the first finding of a kind whose text or task name holds a word."""
    return next(
        one
        for one in findings(readings(text), names=names)
        if one.kind is kind and (word in one.text or word in str(one.fields.get("what")))
    )


def decided(text: str, *decisions: tuple[Finding, Decision], names: bool = False) -> Accepted:
    """Apply decisions to a text read anew."""
    return accepted(readings(text), {one.id: said for one, said in decisions}, names=names)


def all_accepted(text: str) -> Accepted:
    """Accept every finding of a text."""
    return decided(text, *((one, Decision(Action.ACCEPT)) for one in findings(readings(text))))


def test_ids_are_the_same_when_the_text_is_read_again_and_apart_within_it() -> None:
    first = [one.id for one in findings(readings(SUMMARY))]
    assert first == [one.id for one in findings(readings(SUMMARY, "b.txt"), names=True)]
    assert len(set(first)) == len(first) > 8
    doubled = SUMMARY.replace("2.更换宣传栏12期。", "2.更换宣传栏12期。更换宣传栏12期。")
    again = [one.id for one in findings(readings(doubled))]
    assert len(set(again)) == len(again)


def test_places_hold_in_the_clean_text_and_in_the_original() -> None:
    lines = {one.line: one for one in shown(readings(SUMMARY), names=True)}
    raw = SUMMARY.split("\n")
    figures = [one for one in findings(readings(SUMMARY)) if one.kind is FindingKind.FIGURE]
    assert len(figures) >= 5
    for one in figures:
        assert one.place.clean
        assert one.place.original
        low, high = one.place.clean
        assert lines[one.place.clean_line].clean[low:high] == one.text
        start, end = one.place.original
        assert raw[one.place.line - 1][start:end].translate(_WIDE) == one.text


_WIDE = {0xFF10 + one: 0x30 + one for one in range(10)}


def test_every_kind_is_found_with_its_fields() -> None:
    kinds = {one.kind for text in (SUMMARY, RUBRIC) for one in findings(readings(text))}
    assert kinds >= set(FindingKind) - {FindingKind.ISSUE}
    figure = found(SUMMARY, FindingKind.FIGURE, "600余份")
    assert figure.fields["kind"] == "at_least"
    assert (figure.fields["low"], figure.fields["unit"]) == (600, "份")
    rule = found(RUBRIC, FindingKind.RULE, "召开会议")
    assert rule.fields["max"] == 20
    assert rule.about == (found(RUBRIC, FindingKind.SECTION, "组织领导").id,)
    assert json.loads(json.dumps(rule.as_json(), ensure_ascii=False))["fields"]["rule"]


def test_names_are_masked_unless_asked_for() -> None:
    task = found(SUMMARY, FindingKind.TASK, "居民代表会议")
    assert task.masked
    assert "王小明" not in task.text + str(task.fields)
    assert "王小明" in found(SUMMARY, FindingKind.TASK, "居民代表会议", names=True).text
    whole = all_accepted(SUMMARY)
    assert "王小明" not in json.dumps([whole.baseline, whole.files], ensure_ascii=False)
    plain = accepted(readings(SUMMARY), {task.id: Decision(Action.ACCEPT)}, names=True).files[
        "plan.yaml"
    ]
    assert "王小明" in plain


def test_only_what_was_accepted_is_in_the_baseline() -> None:
    lectures = found(SUMMARY, FindingKind.FIGURE, "讲座")
    sheets = found(SUMMARY, FindingKind.FIGURE, "资料")
    result = decided(
        SUMMARY, (lectures, Decision(Action.ACCEPT)), (sheets, Decision(Action.REJECT))
    )
    (row,) = result.baseline
    assert (row["what"], row["unit"], row["line"], row["text"]) == ("举办讲座", "场", 3, "12场")
    assert row["quantity"] == {"low": 12, "high": 12, "kind": "exact"}
    assert (row["period"], row["status"]) == ("2024", "current")
    assert lectures.id not in result.undecided
    assert sheets.id not in result.undecided
    assert len(result.undecided) == len(findings(readings(SUMMARY))) - 2
    assert not result.files


def test_a_correction_changes_what_it_names() -> None:
    sheets = found(SUMMARY, FindingKind.FIGURE, "资料")
    said = {"kind": "exact", "low": "615", "high": "615", "period": "2024H1"}
    (row,) = decided(SUMMARY, (sheets, Decision(Action.CORRECT, said))).baseline
    assert row["quantity"] == {"low": 615, "high": 615, "kind": "exact"}
    assert (row["period"], row["unit"]) == ("2024H1", "份")


def test_an_accepted_doubt_changes_the_figure_it_is_about() -> None:
    rate = found(SUMMARY, FindingKind.FIGURE, "8.2%")
    doubt = next(
        one
        for one in findings(readings(SUMMARY))
        if one.kind is FindingKind.DOUBT and rate.id in one.about
    )
    yes = Decision(Action.ACCEPT)
    assert doubt.fields == {"unit": "‰"}
    assert decided(SUMMARY, (rate, yes)).baseline[0]["unit"] == "%"
    assert decided(SUMMARY, (rate, yes), (doubt, yes)).baseline[0]["unit"] == "‰"
    slip = next(
        one for one in findings(readings(SUMMARY)) if one.issue and one.fields.get("low") == 95
    )
    share = found(SUMMARY, FindingKind.FIGURE, "295%")
    row = decided(SUMMARY, (share, yes), (slip, yes)).baseline[0]
    assert row["quantity"] == {"low": 95, "high": None, "kind": "at_least"}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"points": 3}, "REVIEW_002"),
        ({"low": "viel"}, "REVIEW_003"),
        ({"low": "9", "high": "3"}, "REVIEW_003"),
        ({"low": "NaN"}, "REVIEW_003"),
        ({"low": "1e99999999"}, "REVIEW_003"),  # would fill the memory once written out
        ({"kind": "roughly"}, "REVIEW_003"),
        ({"kind": "between", "low": "700"}, "REVIEW_003"),
        ({"period": "last year"}, "REVIEW_003"),
        ({"as_of": "2024-13-01"}, "REVIEW_003"),
        ({"status": "gone"}, "REVIEW_003"),
        ({"what": " "}, "REVIEW_003"),
    ],
)
def test_a_decision_that_does_not_fit_is_told(fields: dict[str, object], code: str) -> None:
    sheets = found(SUMMARY, FindingKind.FIGURE, "资料")
    result = decided(SUMMARY, (sheets, Decision(Action.CORRECT, fields)))
    assert not result.baseline
    assert [(one.code.name, one.place.line) for one in result.issues] == [(code, 3)]
    assert result.issues[0].sentence()


def test_a_decision_on_what_is_not_there_is_told() -> None:
    result = accepted(readings(SUMMARY), {"nothing": Decision(Action.ACCEPT)})
    assert [one.code.name for one in result.issues] == ["REVIEW_001"]


def test_tasks_become_a_plan_with_the_corrections(tmp_path: Path) -> None:
    board = found(SUMMARY, FindingKind.TASK, "宣传栏")
    change = Decision(Action.CORRECT, {"quota": 6, "by": "文化站", "what": "更换宣传栏"})
    result = decided(SUMMARY, (board, change))
    assert 'quota: "6"' in result.files["plan.yaml"]
    assert "lead: 文化站" in result.files["plan.yaml"]
    assert not [one.line() for one in examine(pack(tmp_path, result.files)).issues]


def test_rules_become_a_rubric_that_the_check_accepts(tmp_path: Path) -> None:
    result = all_accepted(RUBRIC)
    assert set(result.files) >= {"rubric.yaml", "pack.yaml", "measures.yaml"}
    assert not [one.line() for one in examine(pack(tmp_path, result.files)).issues]


def test_a_rejected_rule_leaves_its_item_to_be_scored_by_hand(tmp_path: Path) -> None:
    rate = found(RUBRIC, FindingKind.RULE, "清运率")
    others = [one for one in findings(readings(RUBRIC)) if one.id != rate.id]
    pairs = [(one, Decision(Action.ACCEPT)) for one in others]
    result = decided(RUBRIC, *pairs, (rate, Decision(Action.REJECT)))
    assert "manual" in result.files["rubric.yaml"]
    assert not [one.line() for one in examine(pack(tmp_path, result.files)).issues]


def test_points_kind_and_parameters_of_a_rule_can_be_corrected() -> None:
    rate = found(RUBRIC, FindingKind.RULE, "清运率")
    section = found(RUBRIC, FindingKind.SECTION, "环境整治")
    change = {"kind": "threshold", "rule": {"figure": "清运率", "unit": "%", "at_least": "97.5"}}
    yes = (section, Decision(Action.CORRECT, {"max": "60", "what": "环境整治和清运"}))
    written = decided(RUBRIC, yes, (rate, Decision(Action.CORRECT, change))).files["rubric.yaml"]
    assert "at_least: 97.5" in written
    assert "title: 环境整治和清运" in written
    wrong = Decision(Action.CORRECT, {"kind": "by_mood"})
    assert decided(RUBRIC, (rate, wrong)).issues[0].code.name == "REVIEW_003"


def test_several_documents_give_a_draft_each() -> None:
    result = all_accepted(SUMMARY + "\n" + RUBRIC)
    assert {path.split("/")[0] for path in result.files} == {"draft_1", "draft_2"}
    assert [one.document for one in result.drafts] == [0, 1]


@pytest.mark.parametrize("path", texts("tuned"), ids=lambda path: path.stem)
def test_every_rule_and_section_of_a_rubric_is_a_finding(path: Path, tmp_path: Path) -> None:
    many = read([(path.name, path.read_bytes())]).readings
    all_found = findings(many)
    assert len({one.id for one in all_found}) == len(all_found)
    result = accepted(many, {one.id: Decision(Action.ACCEPT) for one in all_found})
    assert not result.issues
    assert not result.undecided
    for draft in result.drafts:
        whole = examine(pack(tmp_path / draft.key, dict(draft.files)))
        codes = {one.code.name.rsplit("_", 1)[0] for one in whole.issues}
        assert codes <= {"RUBRIC", "LAWFUL"}, [one.line() for one in whole.issues]


def pack(folder: Path, files: dict[str, str]) -> Path:
    """Write the files of a draft."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder
