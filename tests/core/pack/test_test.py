"""Pack tests compare what they expect with what the plain engine finds, and say both."""
# ruff: noqa: E501 - files of packs in one line each

from typing import Any

import pytest

from taizhang.core.definition.pack import Pack
from taizhang.core.pack.examine import examine, shipped_folder
from taizhang.core.pack.load import load
from taizhang.core.pack.test_runner import PackTestOutcome, run
from taizhang.documents.write import text_of

FILES = {
    "pack.yaml": "{key: p, version: 1, label: 试, unit_kinds: [社区, 村]}",
    "forms/f.md": """
| survey |
|        | type            | name  | label | required | constraint | about    | save_to | calculation |
|        | text            | rack  | 编号  |          |            | place    |         |             |
|        | date            | on    | 日期  | yes      |            | activity |         |             |
|        | select_one kind | kind  | 形式  |          |            | activity |         |             |
|        | integer         | n     | 人次  |          | . >= 0     | activity |         |             |
|        | calculate       | due   | 下次  |          |            | place    | due     | date(decimal-date-time(${on}) + 30) |
| choices |
|         | list_name | name | label |
|         | kind      | talk | 讲解  |
|         | kind      | fair | 集市  |
| entities |
|          | dataset | entity_id | label   |
|          | racks   | ${rack}   | ${rack} |
""",
    "measures.yaml": """
measures:
  events: {label: 活动, unit: 次, kind: event, about: activity}
  people: {label: 人次数, unit: 人次, kind: event, about: activity}
counting:
  - {form: f, date: on, by: {kind: kind}, entity: rack, facts: {events: 1, people: n}}
""",
    "indicators.yaml": """
indicators:
  late: {label: 超期, formula: overdue('racks'), unit: 个}
  share: {label: 讲解占比, numerator: "events[kind == 'talk']", denominator: events, unit: percent}
""",
    "plan.yaml": "tasks: [{key: a, label: 活动, measure: events, quota: 12}]",
    "rubric.yaml": """
rubric: {key: p, title: 考核, total: 10, unit_kinds: [社区, 村], period: year}
sections:
  - key: s
    title: 工作
    max: 10
    items:
      - {key: i, title: 活动, max: 6, rule: {kind: proportional, figure: events, of: 12}}
      - {key: m, title: 印象, max: 4, rule: {kind: manual}}
""",
}
RECORDS = """
today: 2027-02-01
as_of: 2026-12-31
records:
  - {id: a, form: f, unit: 东一社区, date: 2026-03-01, answers: {on: 2026-03-01, kind: talk, n: 10, rack: R-1}}
  - {form: f, unit: 东一社区, date: 2026-03-09, accepted: 2026-04-02, replaces: a, reason: 数错了, answers: {on: 2026-03-01, kind: fair, n: 8, rack: R-1}}
  - {form: f, unit: 东二社区, date: 2026-05-01, times: 3, answers: {on: 2026-05-01, kind: talk, n: {low: 100, kind: at_least}}}
  - {form: f, unit: 西一社区, with: [西村], date: 2026-06-01, answers: {on: 2026-06-01}}
  - {id: b, form: f, unit: 西村, date: 2026-07-01, answers: {on: 2026-07-01, n: 5}}
  - {form: f, unit: 西村, date: 2026-07-02, withdraws: b, reason: 报重了}
"""


def pack(test: str) -> Pack:
    files = {**FILES, "tests/a.yaml": test}
    found, issues = load({name: text.encode() for name, text in files.items()})
    assert found is not None, issues
    return found


def outcome(expect: str, ledger: str = RECORDS) -> PackTestOutcome:
    (one,) = run(pack(f"{ledger}\nexpect:\n{expect}"))
    return one


def wrong(one: PackTestOutcome) -> list[tuple[str, Any, Any]]:
    return [(it.code.name, it.facts.get("expected"), it.facts.get("found")) for it in one.issues]


def test_everything_that_holds_passes() -> None:
    one = outcome("""
  facts:
    - {measure: events, unit: 东二社区, count: 3}
    - {measure: people, date: 2026-05-01, value: {low: 100, kind: at_least}}
    - {measure: events, record: a, count: 0}
    - {measure: events, unit: 西村, count: 1}
    - {measure: events, unit: 东一社区, dimensions: {kind: fair}, entity: R-1, count: 1}
  figures:
    - {figure: events, unit: 试验区, period: 2026, value: 5}
    - {figure: people, unit: 东街道, period: 2026, value: 308, low: 308, high: none, flags: [inexact]}
    - {figure: people, unit: 西一社区, period: 2026-06, value: none, reason: answer_blank}
    - {figure: share, unit: 东街道, period: 2026, value: 75, numerator: 3, denominator: 4, shown: '75'}
    - {figure: events, unit: 西街道, period: 2026, by: unit, rows: {西一社区: 1, 西村: 1}}
    - {figure: events, unit: 东街道, period: 2026H1, by: month, rows: {2026-03: 1, 2026-05: 3}}
    - {figure: events, unit: 东街道, period: 2026, by: kind, rows: {fair: 1, talk: 3}}
    - {figure: late, unit: 东一社区, period: 2026-03, value: 0}
    - {figure: late, unit: 东一社区, period: 2026-04, value: 1}
  score:
    - {unit: 东二社区, period: 2026, total: 1.5, pending_max: 4, bonus: 0, items: {i: 1.5, m: none}, sections: {s: 1.5}, lost: {i: 活动}, waits_for: {m: 评}}
  plan:
    - {unit: 东二社区, period: 2026, tasks: {a: {quota: 12, due: 12, done: 3, state: behind, sentence: 进度滞后}}}
""")
    assert [issue.line() for issue in one.issues] == []
    assert one.passed
    assert one.compared >= 35


@pytest.mark.parametrize(
    ("expect", "expected", "found"),
    [
        ("  figures: [{figure: events, unit: 东街道, period: 2026, value: 5}]", "5", "4"),
        ("  figures: [{figure: events, unit: 东街道, period: 2026, value: none}]", "none", "4"),
        (
            "  figures: [{figure: share, unit: 东街道, period: 2026, value: 74.9}]",
            "74.9 (749/10)",
            "75",
        ),
        (
            "  figures: [{figure: events, unit: 东街道, period: 2026, reason: not_reported}]",
            "not_reported",
            "none",
        ),
        (
            "  figures: [{figure: events, unit: 东街道, period: 2026, flags: [inexact]}]",
            "inexact",
            "none",
        ),
        (
            "  figures: [{figure: events, unit: 东街道, period: 2026, by: unit, rows: {东九社区: 1}}]",
            "1",
            "—（东一社区、东二社区）",
        ),
        ("  facts: [{measure: events, unit: 东二社区, count: 2}]", "2", "3"),
        ("  facts: [{measure: people, unit: 东一社区, value: 9}]", "9", "8"),
        ("  facts: [{measure: people, unit: 东一社区, record: zz}]", "1", "0"),
        ("  score: [{unit: 东二社区, period: 2026, total: 2}]", "2", "1.5 (3/2)"),
        ("  score: [{unit: 东二社区, period: 2026, items: {x: 2}}]", "2", "not in the rubric"),
        ("  score: [{unit: 东二社区, period: 2026, sections: {x: 2}}]", "2", "not in the rubric"),
        ("  plan: [{unit: 东二社区, period: 2026, tasks: {a: {state: done}}}]", "done", "behind"),
        (
            "  plan: [{unit: 东二社区, period: 2026, tasks: {b: {done: 1}}}]",
            "a task of the plan",
            "no such task",
        ),
    ],
)
def test_what_does_not_hold_is_said(expect: str, expected: str, found: str) -> None:
    one = outcome(expect)
    assert not one.passed
    assert wrong(one) == [("TEST_001", expected, found)]


def test_sentences_are_compared_by_what_they_contain() -> None:
    text = "  figures: [{figure: events, unit: 东街道, period: 2026, value: 4, sentence: %s}]"
    assert outcome(text % "活动").passed
    failed = outcome(text % "讲座")
    assert [code for code, _, _ in wrong(failed)] == ["TEST_001"]
    assert "活动" in failed.issues[0].line()


def test_a_lost_point_is_not_said_with_the_sentence_of_another_item() -> None:
    first, last = FILES["rubric.yaml"].rstrip().splitlines()[-2:]
    files = {
        **FILES,
        "rubric.yaml": FILES["rubric.yaml"].replace(f"{first}\n{last}", f"{last}\n{first}"),
    }
    score = "  score: [{unit: 东二社区, period: 2026, lost: {i: 讲座}}]"
    files["tests/a.yaml"] = f"{RECORDS}expect:\n{score}\n"
    found, _ = load({name: text.encode() for name, text in files.items()})
    assert found is not None
    (one,) = run(found)
    assert [issue.facts["sentence"] for issue in one.issues] == [""]


def test_refused_records_are_expected_or_named() -> None:
    ledger = (
        "records: [{form: f, unit: 东一社区, date: 2026-03-01, answers: {on: 2026-03-01, n: -1}}]"
    )
    figure = "  figures: [{figure: events, unit: 东一社区, period: 2026-03, value: 0}]"
    expected = outcome(f"  refused: [ANSWER_004]\n{figure}", ledger)
    assert expected.passed
    # Each refusal that is expected is one expectation more than the figure alone.
    assert expected.compared == outcome(figure, ledger).compared + 1
    one = outcome(figure, ledger)
    assert [(issue.code.name, issue.place.file) for issue in one.issues] == [
        ("ANSWER_004", "tests/a.yaml")
    ]


def test_open_months_are_missing() -> None:
    ledger = RECORDS + "closed: [{unit: 东一社区, period: 2026-01..2026-03}]\n"
    text = "  figures: [{figure: events, unit: 东一社区, period: %s, value: %s}]"
    assert outcome(text % ("2026Q1", "1"), ledger).passed
    assert outcome(text % ("2026-04", "none"), ledger).passed


def test_as_of_shows_what_was_known_then() -> None:
    ledger = RECORDS.replace("as_of: 2026-12-31", "as_of: 2026-04-01")
    text = "  figures: [{figure: people, unit: 东一社区, period: 2026-03, value: %s}]"
    assert outcome(text % 10, ledger).passed
    assert outcome(text % 8).passed


def test_own_units_changes_targets_and_decisions() -> None:
    ledger = """
today: 2027-01-01
units:
  - {code: '100000000000', name: 某区, level: district, kind: 市辖区}
  - {code: '100000001000', name: 某街道, level: street, kind: 街道, parent: '100000000000'}
  - {code: '100000001001', name: 甲社区, level: community, kind: 社区, parent: '100000001000', valid_to: 2026-06-30}
  - {code: '100000001002', name: 乙社区, level: community, kind: 社区, parent: '100000001000'}
changes: [{date: 2026-07-01, change: merge, from: [甲社区], to: [乙社区]}]
records:
  - {form: f, unit: 甲社区, date: 2026-02-01, answers: {on: 2026-02-01}}
targets: [{measure: events, unit: 乙社区, period: 2026, amount: 2}]
decisions: [{item: m, unit: 乙社区, period: 2026, answer: {points: 3, reason: 查看现场}}]
"""
    one = outcome(
        """
  figures:
    - {figure: events, unit: 乙社区, period: 2026, value: 1}
    - {figure: events, unit: 甲社区, period: 2026-02, value: 1}
  plan: [{unit: 乙社区, period: 2026, tasks: {a: {quota: 2, done: 1}}}]
  score: [{unit: 乙社区, period: 2026, total: 3.5, pending_max: 0, items: {m: 3}}]
""",
        ledger,
    )
    assert [issue.line() for issue in one.issues] == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("today: 2027-02-01", "todya: 2027-02-01", "PACK_006"),
        ("today: 2027-02-01", "today: tomorrow", "PACK_008"),
        ("unit: 东二社区", "unit: 东九社区", "TEST_002"),
        ("form: f, unit: 东二社区", "form: g, unit: 东二社区", "TEST_006"),
        ("replaces: a", "replaces: z", "TEST_007"),
        ("times: 3", "times: many", "PACK_008"),
    ],
)
def test_faults_of_the_test_itself(old: str, new: str, code: str) -> None:
    figure = "  figures: [{figure: events, unit: 西街道, period: 2026, value: 2}]"
    one = outcome(figure, RECORDS.replace(old, new))
    assert code in [issue.code.name for issue in one.issues]


@pytest.mark.parametrize(
    "key", sorted(one.name for one in shipped_folder().iterdir() if (one / "pack.yaml").exists())
)
def test_shipped_packs_prove_themselves(key: str) -> None:
    whole = examine(shipped_folder() / key)
    assert whole.pack is not None
    outcomes = run(whole.pack, whole.others, text_of)
    assert outcomes
    assert [issue.line() for one in outcomes for issue in one.issues] == []


def ran(test: str, more: dict[str, str], write: Any = None) -> PackTestOutcome:
    files = {**FILES, **more, "tests/a.yaml": test}
    found, issues = load({name: text.encode() for name, text in files.items()})
    assert found is not None, issues
    (one,) = run(found, write=write)
    return one


def test_days_of_the_calendar_are_compared_with_their_year() -> None:
    calendar = {
        "calendar.yaml": """
days:
  - {key: law, label: 宪法日, on: '12-04', source: 法}
  - {key: month, label: 宣传月, span: '05', source: 法}
  - {key: twice, label: 半年报, every: half, source: 法}
"""
    }
    text = "expect: {days: [{year: 2026, days: %s}]}"
    right = "{law: 2026-12-04, month: 2026-05-01..2026-05-31, twice: [2026-01-01..2026-06-30, 2026-07-01..2026-12-31]}"
    one = ran(text % right, calendar)
    assert (one.issues, one.compared) == ((), 3)
    bad = "{law: 2026-12-05, month: 2026-05-01, twice: 2026-01-01, none: 2026-01-01}"
    assert wrong(ran(text % bad, calendar)) == [
        ("TEST_001", "2026-12-05", "2026-12-04"),
        ("TEST_001", "2026-05-01", "2026-05-01..2026-05-31"),
        ("TEST_001", "2026-01-01", "2026-01-01..2026-06-30, 2026-07-01..2026-12-31"),
        ("TEST_001", "2026-01-01", "no such day"),
    ]


def test_texts_of_documents_are_compared_and_need_a_writer() -> None:
    expect = """
expect:
  documents:
    - {document: d, unit: 东一社区, period: 2026, contains: [活动12次], lacks: [密]}
"""
    head = "---\ntitle: 报\nkind: 总结\nperiod: year\n---\n"
    template = {"documents/d.md.j2": head + "{{ fig('events') }}\n"}
    asked = []

    def saying(said: str) -> Any:
        def write(book: Any, template: str, unit: str, period: Any) -> str:
            asked.append((template, unit))
            return said

        return write

    right = ran(expect, template, saying("开展\n活动12次。"))
    assert (right.issues, right.compared) == ((), 2)
    assert asked == [("p.d", "900101001001")]
    assert wrong(ran(expect, template, saying("开展\n活动13次，密。"))) == [
        ("TEST_001", "活动12次", "活动13次，密。"),
        ("TEST_001", "none", "密"),
    ]
    unknown = expect.replace("document: d", "document: e")
    for one in (ran(expect, template), ran(unknown, template, saying(""))):
        assert [issue.code.name for issue in one.issues] == ["TEST_009"]


def test_overdue_things_are_chosen_by_a_property() -> None:
    form = FILES["forms/f.md"].replace(
        "| 形式  |          |            | activity |         |",
        "| 形式  |          |            | activity | kind    |",
    )
    assert form != FILES["forms/f.md"]
    figures = """
  - {form: f, unit: 东一社区, date: 2026-03-01, answers: {on: 2026-03-01, kind: talk, rack: R-1}}
  - {form: f, unit: 东一社区, date: 2026-03-01, answers: {on: 2026-03-01, kind: fair, rack: R-2}}
  - {form: f, unit: 东一社区, date: 2026-03-02, answers: {on: 2026-03-02, kind: fair, rack: R-3}}
expect:
  figures:
    - {figure: "overdue('racks')", unit: 东一社区, period: 2026, value: 3}
    - {figure: "overdue('racks', 'kind', 'fair')", unit: 东一社区, period: 2026, value: 2, sentence: 集市}
    - {figure: "overdue('racks', 'kind', 'talk')", unit: 东一社区, period: 2026-03, value: 0}
"""
    one = ran(f"records:{figures}", {"forms/f.md": form})
    assert [issue.line() for issue in one.issues] == []
    wrongs = ("'kind'", "'colour', 'red'", "'kind', 'red'", "events, 'fair'", "'kind', 1")
    for text in wrongs:
        figure = (
            f"- {{figure: \"overdue('racks', {text})\", unit: 东一社区, period: 2026, value: 0}}"
        )
        bad = ran(f"expect: {{figures: [{figure[2:]}]}}", {"forms/f.md": form})
        assert [issue.code.name for issue in bad.issues] == ["TEST_009"], text


def test_things_of_two_units_with_one_number_are_two_for_every_function() -> None:
    measures = FILES["measures.yaml"]
    assert "entity: rack" in measures, measures
    text = """
records:
  - {form: f, unit: 东一社区, date: 2026-03-01, answers: {on: 2026-03-01, kind: talk, rack: R-1}}
  - {form: f, unit: 东二社区, date: 2026-03-01, answers: {on: 2026-03-01, kind: talk, rack: R-1}}
  - {form: f, unit: 东二社区, date: 2026-03-02, answers: {on: 2026-03-02, kind: talk, rack: R-1}}
expect:
  figures:
    - {figure: distinct(events), unit: 东街道, period: 2026, value: 2}
    - {figure: "overdue('racks')", unit: 东街道, period: 2026, value: 2}
    - {figure: "entities('racks')", unit: 东街道, period: 2026, value: 2}
    - {figure: "entities('racks')", unit: 东街道, period: 2026-02, value: 0}
    - {figure: distinct(events), unit: 东二社区, period: 2026, value: 1}
"""
    assert [issue.line() for issue in ran(text, {}).issues] == []
