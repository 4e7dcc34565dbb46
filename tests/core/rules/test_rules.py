"""Each rule finds its fault; what tests/errors shows once is varied here."""
# ruff: noqa: E501 - files of packs in one line each

from pathlib import Path

import pytest

from taizhang.core.base.issue import Issue, Level, errors
from taizhang.core.definition.pack import Pack
from taizhang.core.pack.examine import examine, shipped_folder
from taizhang.core.pack.load import read
from taizhang.core.rules import RULES, check
from taizhang.core.rules.code import RuleCode
from taizhang.core.rules.forms import stem

FORM = """
| survey |
|        | type              | name    | label    | required | about    | save_to |
|        | text              | rack    | 取阅架编号 | yes    | place    |         |
|        | date              | held_on | 日期     | yes      | activity |         |
|        | select_one kind   | kind    | 形式     |          | activity | kind    |
|        | integer           | people  | 人次     |          | activity |         |
|        | begin repeat      | rows    | 资料     |          | place    |         |
|        | integer           | copies  | 份数     |          | place    |         |
|        | end repeat        |         |          |          |          |         |
|        | date              | due     | 下次     |          | place    | due     |
| choices |
|         | list_name | name | label |
|         | kind      | talk | 讲解  |
|         | kind      | fair | 集市  |
| entities |
|          | dataset | entity_id | label   |
|          | racks   | ${rack}   | ${rack} |
"""
FILES = {
    "pack.yaml": "{key: p, version: 1, label: 试, unit_kinds: [社区]}",
    "forms/f.md": FORM,
    "measures.yaml": """
measures:
  events: {label: 活动, unit: 次, kind: event, about: activity}
  copies: {label: 资料, unit: 份, kind: event, about: place}
counting:
  - {form: f, date: held_on, when: "kind == 'talk' and people != ''", by: {kind: kind}, entity: rack, facts: {events: 1}}
  - {form: f, date: held_on, each: rows, facts: {copies: rows.copies}}
""",
    "norms.yaml": "norms: {events: {label: 活动, measure: events, unit: 次, versions: [{document: 规范, from: 2020-01-01, values: {社区: 4}, source: 甲}]}}",
    "indicators.yaml": "indicators: {rate: {label: 完成率, numerator: events, denominator: norm(events), unit: percent, source: 甲}}",
    "plan.yaml": "tasks: [{key: a, label: 活动, measure: events, quota: norm(events), due: '02-29'}]",
    "calendar.yaml": "days: [{key: d, label: 老年节, lunar: 09-09, source: 甲}]",
    "documents/note.md.j2": "---\n{title: 总结, kind: 总结, period: year}\n---\n举办{{ fig('events') }}。\n\n{% if has('copies') %}\n{{ fig('copies') }}{% endif %}\n",
}


def issues(
    *subs: tuple[str, str, str], shipped: bool = False, others: tuple[Pack, ...] = ()
) -> list[Issue]:
    files = dict(FILES)
    for name, old, new in subs:
        assert old in files[name], old
        files[name] = files[name].replace(old, new)
    reading = read({name: text.encode() for name, text in files.items()})
    assert reading.pack is not None
    assert [issue.line() for issue in reading.issues] == []
    return list(check(reading.pack, others, shipped))


def found(*subs: tuple[str, str, str], **more: bool) -> list[str]:
    return [issue.code.name for issue in issues(*subs, **more)]  # type: ignore[arg-type]


def test_a_sound_pack_passes() -> None:
    assert [issue.line() for issue in issues()] == []


@pytest.mark.parametrize(
    ("code", "file", "old", "new"),
    [
        ("RULE_002", "measures.yaml", "people != ''", "peple != ''"),
        ("RULE_002", "measures.yaml", "entity: rack", "entity: rak"),
        ("RULE_002", "measures.yaml", "{kind: kind}", "{kind: knd}"),
        ("RULE_002", "measures.yaml", "each: rows", "each: rows, when: copy > 1"),
        ("RULE_039", "measures.yaml", "facts: {events: 1}", "facts: {events: copies}"),
        ("RULE_039", "measures.yaml", "facts: {events: 1}", "facts: {events: rows.copies}"),
        ("RULE_004", "measures.yaml", "each: rows", "each: row"),
        ("RULE_005", "measures.yaml", "{kind: kind}", "{kind: rack}"),
        ("RULE_006", "measures.yaml", "{events: 1}", "{events: rack}"),
        ("RULE_009", "measures.yaml", "'talk'", "'tlk'"),
        ("RULE_029", "forms/f.md", "| date              | due ", "| text              | due "),
        ("RULE_030", "forms/f.md", "取阅架编号 | yes ", "取阅架编号 |     "),
        (
            "RULE_013",
            "forms/f.md",
            "人次     |          | activity",
            "人次     |          | activty ",
        ),
        ("RULE_025", "calendar.yaml", "lunar: 09-09", "lunar: 13-01"),
        ("RULE_025", "calendar.yaml", "lunar: 09-09", "lunar: 09-09, on: '03-24'"),
        ("RULE_026", "plan.yaml", "'02-29'", "'2026-02-29'"),
        ("RULE_026", "plan.yaml", "'02-29'", "年底"),
        ("RULE_036", "indicators.yaml", "{rate:", "{events:"),
        ("FORMULA_003", "indicators.yaml", "numerator: events", "numerator: evnts"),
        ("FORMULA_003", "plan.yaml", "measure: events", "measure: evnts"),
        ("FORMULA_003", "documents/note.md.j2", "fig('copies')", "fig('cpies')"),
        ("FORMULA_008", "plan.yaml", "measure: events", "measure: copies"),
        ("RULE_035", "documents/note.md.j2", "{% endif %}", ""),
    ],
)
def test_fault(code: str, file: str, old: str, new: str) -> None:
    assert code in found((file, old, new))


def test_lines_of_templates_are_lines_of_the_file() -> None:
    wrong = issues(("documents/note.md.j2", "fig('copies')", "fig('cpies')"))
    assert [(issue.place.file, issue.place.line) for issue in wrong] == [
        ("documents/note.md.j2", 7)
    ]


def test_legal_marks_are_whole_true_or_blank() -> None:
    head = "| settings |\n|  | mark_form_no | mark_authority | mark_approval_no | mark_expiry |\n"

    def with_marks(*marks: str, shipped: bool = False) -> list[str]:
        row = f"|  | {' | '.join(marks)} |\n| entities |"
        return found(("forms/f.md", "| entities |", head + row), shipped=shipped)

    good = ("卫基1表", "区卫生健康局", "区统〔2026〕3号", "2027-12-31")
    assert with_marks(*good) == []
    assert with_marks(*good, shipped=True).count("RULE_032") == 4
    assert with_marks(*good[:3], "") == ["RULE_031"]
    assert with_marks(*good[:2], "区统〔2026〕XX号", good[3]) == ["RULE_031"]
    assert with_marks(*good[:3], "长期") == ["RULE_031"]
    assert with_marks("待定", *good[1:]) == ["RULE_031"]


def test_what_another_pack_owns_is_not_asked_again() -> None:
    common = examine(shipped_folder() / "common").pack
    assert common is not None
    for label in ("常住人口", "常住人口数", "户籍人口（人）", "流动人口总数"):
        codes = [
            issue.code for issue in issues(("forms/f.md", "人次     ", label), others=(common,))
        ]
        assert codes == [RuleCode.RULE_014], label
    assert issues(("forms/f.md", "人次     ", "到场人数"), others=(common,)) == []


def test_stem_of_a_label() -> None:
    assert stem("常住人口（人）") == stem("常住人口数") == stem("常住人口 总数") == "常住人口"
    assert stem("人数") == "人数"


def test_a_form_with_a_faulty_expression_does_not_hide_other_faults(tmp_path: Path) -> None:
    files = {**FILES, "forms/f.md": FORM.replace("kind    | 形式 ", "kind    |      ")}
    files["forms/f.md"] = files["forms/f.md"].replace("| save_to |", "| relevant |", 1)
    files["forms/f.md"] += "| survey |\n"
    files["measures.yaml"] = files["measures.yaml"].replace("{events: 1}", "{events: 1, x: 1}")
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    codes = {issue.code.name for issue in errors(examine(tmp_path).issues)}
    assert {"RULE_007", "FORM_001", "FORM_006"} <= codes


def test_rules_wait_while_a_file_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text(FILES["pack.yaml"], encoding="utf-8")
    (tmp_path / "measures.yaml").write_text("measures: [", encoding="utf-8")
    (tmp_path / "plan.yaml").write_text(FILES["plan.yaml"], encoding="utf-8")
    assert [issue.code.name for issue in examine(tmp_path).issues] == ["PACK_002"]


def test_unverified_entries_are_named_once_a_file() -> None:
    wrong = issues(
        ("norms.yaml", "source: 甲", "source: 甲, verified: false"),
        ("calendar.yaml", "source: 甲", "source: 甲, verified: false"),
    )
    assert [(issue.code, issue.level, issue.place.file) for issue in wrong] == [
        (RuleCode.RULE_018, Level.WARNING, "norms.yaml"),
        (RuleCode.RULE_018, Level.WARNING, "calendar.yaml"),
    ]


def test_each_rule_says_what_it_finds() -> None:
    assert [rule.__name__ for rule in RULES if not (rule.__doc__ or "").startswith("Find")] == [
        "verified"
    ]
    assert len(set(RULES)) == len(RULES)


def test_a_pack_named_after_petitions_may_score_its_agreements() -> None:
    # The word stands in the pack's key, not in the measure that is scored.
    whole = examine(shipped_folder() / "agreements_petitions")
    assert whole.pack is not None
    assert "RUBRIC_019" not in {issue.code.name for issue in whole.issues}
    counted = whole.pack.rubric
    assert counted is not None
    scored = [item.rule.params.get("figure") for one in counted.sections for item in one.items]
    assert "joint_activities" in scored
