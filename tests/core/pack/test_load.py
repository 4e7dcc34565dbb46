"""A pack folder becomes a frozen Pack, or every issue of every file at once."""
# ruff: noqa: E501 - files of packs in one line each

from dataclasses import FrozenInstanceError
from datetime import date
from fractions import Fraction
from pathlib import Path
from time import process_time

import pytest

from taizhang.core.base.issue import Issue, errors
from taizhang.core.counting.measure import About, MeasureKind
from taizhang.core.definition.pack import Pack
from taizhang.core.form.xform import xform
from taizhang.core.pack.code import PackCode
from taizhang.core.pack.examine import examine, shipped_folder
from taizhang.core.pack.load import digest_of, load, read
from taizhang.core.pack.reader import READERS
from taizhang.core.pack.schema import PART_SCHEMAS

SHIPPED = sorted(path.parent for path in shipped_folder().glob("*/pack.yaml"))
FORM = """
| survey |
|        | type            | name    | label | about    |
|        | date            | held_on | 日期  | activity |
|        | select_one kind | kind    | 形式  | activity |
|        | begin repeat    | rows    | 资料  | place    |
|        | integer         | copies  | 份数  | place    |
|        | end repeat      |         |       |          |
| choices |
|         | list_name | name | label |
|         | kind      | talk | 讲解  |
"""
FILES = {
    "pack.yaml": """
key: talks
version: 1.0
label: 讲座
unit_kinds: [社区, 村]
uses: [common]
mirrors: {社区: 卫生服务站}
legal_basis: [{document: 某法, number: 第三条, from: 2020-06-01, source: 法律文本}]
""",
    "forms/talk.md": FORM,
    "measures.yaml": """
measures:
  talks: {label: 讲座, unit: 次, kind: event, about: activity}
  copies: {label: 资料, unit: 份, kind: level, about: place, over_units: max}
counting:
  - {form: talk, date: held_on, by: {kind: kind}, facts: {talks: 1}}
  - {form: talk, date: held_on, each: rows, facts: {copies: rows.copies, common.x: 2}}
""",
    "indicators.yaml": """
completion: {label: 完成率, numerator: talks, denominator: norm(talks), unit: percent, cap: 100}
""",
    "norms.yaml": """
norms:
  talks:
    label: 讲座
    measure: talks
    unit: 次
    versions:
      - {document: 规范, from: 2017-02-28, to: , region: '', values: {卫生服务站: 6, 中心: 12.5}, spread: [3, 06], source: 甲}
  boards: {label: 宣传栏, measure: boards, unit: 块, versions: [{document: 规范, values: {社区: 1}, verified: false}]}
""",
    "plan.yaml": """
plan: {title: 计划}
tasks:
  - {key: talks, label: 讲座, measure: talks, quota: 6, spread: at_end, due: '11-30', support: [甲, 乙], days: [tb]}
""",
    "calendar.yaml": "days: [{key: tb, label: 结核病日, on: '03-24', since: 1996}]\n",
    "rubric.yaml": """
rubric: {key: talks, total: 10, period: half, weights: {H1: 0.4, H2: 0.6}}
sections:
  - key: a
    max: 10
    items:
      - {key: i, max: 7.5, rule: {kind: tiers, figure: talks, tiers: [[6, 7.5]], below: 0}, variants: {村: {kind: manual}}}
bonus: {cap: 3, items: [{key: b, max: 3, rule: {kind: discretionary, range: [0, 3]}}]}
""",
    "documents/note.md.j2": "---\ntitle: 总结\nkind: 总结\nperiod: year\nsealed: yes\n---\n正文\n",
    "tests/a.yaml": "expect: {figures: []}\n",
    "README.md": "for people\n",
}


def files(**changes: str | None) -> dict[str, bytes]:
    """Give the files with some replaced; a dot in a name is written __, a slash ___."""
    named = {name.replace("___", "/").replace("__", "."): text for name, text in changes.items()}
    return {name: text.encode() for name, text in {**FILES, **named}.items() if text is not None}


def pack() -> Pack:
    found, issues = load(files())
    assert [issue.line() for issue in issues] == []
    assert found is not None
    return found


def test_everything_is_read() -> None:
    one = pack()
    assert (one.key, one.version, one.label, one.unit_kinds) == (
        "talks",
        "1.0",
        "讲座",
        ("社区", "村"),
    )
    assert (one.uses, one.mirrors) == (("common",), {"社区": "卫生服务站"})
    assert one.legal_basis[0]["from"] == date(2020, 6, 1)
    assert list(one.forms) == ["talks.talk"]
    assert one.forms["talks.talk"].version == "1.0"
    talks, copies = one.measures["talks.talks"], one.measures["talks.copies"]
    assert (talks.kind, talks.about, talks.dimensions) == (
        MeasureKind.EVENT,
        About.ACTIVITY,
        ("kind",),
    )
    assert (copies.over_units, copies.place.line) == ("max", 4)
    assert one.counting[1].facts == {"talks.copies": "rows.copies", "common.x": 2}
    assert one.counting[0].form == "talks.talk"
    assert one.indicators["talks.completion"].cap == 100


def test_norms_plan_calendar_rubric_documents_tests() -> None:
    one = pack()
    version = one.norms["talks.talks"].versions[0]
    assert one.norms["talks.talks"].measure == "talks.talks"
    assert one.norms["talks.boards"].measure == "boards"  # another pack's; rules resolve it
    assert (version.in_force_from, version.in_force_to) == (date(2017, 2, 28), None)
    assert version.values == {"卫生服务站": 6, "中心": Fraction(25, 2)}
    assert version.spread == (3, 6)
    assert one.plan is not None
    task = one.plan.tasks[0]
    assert (task.quota, task.spread, task.due, task.support) == (
        "6",
        "at_end",
        "11-30",
        ("甲", "乙"),
    )
    assert one.calendar[0].on == "03-24"
    rubric = one.rubric
    assert rubric is not None
    assert (rubric.period, rubric.unit_kinds) == ("half", ("社区", "村"))
    assert rubric.weights == {"H1": Fraction(2, 5), "H2": Fraction(3, 5)}
    item = rubric.sections[0].items[0]
    assert (item.max, item.rule.kind) == (Fraction(15, 2), "tiers")
    assert item.variants["村"].kind == "manual"
    assert (rubric.bonus_cap, rubric.bonus[0].key) == (3, "b")
    text = one.documents["talks.note"]
    assert (text.title, text.body, text.place.line) == ("总结", "正文\n", 7)
    assert text.head["sealed"] is True
    assert [test.name for test in one.tests] == ["a"]


def test_a_pack_is_frozen_and_its_digest_is_its_content() -> None:
    one = pack()
    with pytest.raises(FrozenInstanceError):
        one.key = "x"  # type: ignore[misc]
    assert one.digest == digest_of(files()) == pack().digest
    assert digest_of(files(README__md="other\n")) != one.digest


def named(issues: tuple[Issue, ...]) -> set[tuple[str, str, int | None]]:
    return {(issue.code.name, issue.place.file, issue.place.line) for issue in issues}


def test_all_issues_of_all_files_come_at_once() -> None:
    found, issues = load(
        files(
            pack__yaml="key: 讲座\nlabel: 讲座\nunit_kinds: 社区\nversoin: 1\n",
            measures__yaml="measures:\n  a: {label: 甲, unit: 次, kind: evnt}\n  a: {}\ncounting: {}\n",
            calendar__yaml="days:\n  - {key: x, label: 甲, since: many}\n  - {key: x, label: 乙}\n",
            rubric__yaml="rubric: {key: r, total: all}\nsections:\n - {key: a, max: 1, items: [{key: i, max: 1, rule: {kind: magic}}]}\n",
            documents___note__md__j2="---\ntitle: [总结\n---\n",
            documents___other__md__j2="总结",
            norms__yaml="norms: {a: {label: 甲, unit: 次, versions: [{document: 乙, values: {社区: many}, spread: [13]}]}}",
            count__py="import os\n",
            forms___talk__md="| survey |\n|  | type | name | label |\n|  | dat | held_on | 日期 |\n",
        )
    )
    assert found is None
    assert named(issues) == {
        ("PACK_008", "pack.yaml", 1),
        ("PACK_006", "pack.yaml", 4),
        ("PACK_007", "pack.yaml", 1),
        ("PACK_008", "pack.yaml", 3),
        ("PACK_007", "measures.yaml", 2),
        ("PACK_008", "measures.yaml", 2),
        ("PACK_005", "measures.yaml", 3),
        ("PACK_008", "measures.yaml", 4),
        ("PACK_008", "calendar.yaml", 2),
        ("PACK_013", "calendar.yaml", 3),
        ("PACK_008", "rubric.yaml", 1),
        ("PACK_008", "rubric.yaml", 3),
        ("PACK_002", "documents/note.md.j2", 3),
        ("PACK_012", "documents/other.md.j2", 1),
        ("PACK_008", "norms.yaml", 1),
        ("PACK_009", "count.py", None),
        ("FORM_009", "forms/talk.md", 3),
    }
    unknown = [issue for issue in issues if issue.code is PackCode.PACK_006]
    assert unknown[0].facts["known"] == "version"


def test_a_faulty_pack_is_read_as_far_as_possible() -> None:
    reading = read(files(plan__yaml="tasks: [{key: a, lable: 甲}]\n"))
    assert reading.pack is not None
    assert reading.unreadable == ()
    assert set(reading.pack.measures) == {"talks.talks", "talks.copies"}
    assert read(files(plan__yaml="tasks: [")).unreadable == ("plan.yaml",)


def test_a_folder_reads_as_its_files(tmp_path: Path) -> None:
    for name, data in files().items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("left alone", encoding="utf-8")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "pack.yaml")
    found, issues = load(tmp_path)
    assert issues == ()
    assert found is not None
    assert found.digest == pack().digest


@pytest.mark.parametrize("source", [{}, {"measures.yaml": b"measures: {}"}, Path("nowhere")])
def test_no_pack_here(source: Path | dict[str, bytes]) -> None:
    found, issues = load(source)
    assert found is None
    assert [issue.code for issue in issues] == [PackCode.PACK_001]


def test_a_file_for_a_folder_is_no_pack(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text("key: a\n", encoding="utf-8")
    found, issues = load(tmp_path / "pack.yaml")
    assert found is None
    assert [issue.code for issue in issues] == [PackCode.PACK_001]


def test_every_kind_of_value_has_a_reader() -> None:
    kinds = {key.kind for shape in PART_SCHEMAS.values() for key in shape.values()}
    assert kinds == set(READERS) & kinds
    assert set(READERS) - kinds == set()


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda path: path.name)
def test_shipped_pack_is_sound_and_fits_the_phone(folder: Path) -> None:
    whole = examine(folder)
    assert [issue.line() for issue in errors(whole.issues)] == []
    assert whole.pack is not None
    for form in whole.pack.forms.values():
        text, complaints = xform(form)
        assert complaints == ()
        assert f'id="{form.key}" version="{form.version}"' in text


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda path: path.name)
def test_loading_one_pack_is_quick(folder: Path) -> None:
    load(folder)
    start = process_time()
    load(folder)
    assert process_time() - start < 0.4


def test_a_pack_in_older_words_is_read_as_one_in_those_of_today() -> None:
    older = files(
        measures__yaml=FILES["measures.yaml"].replace("level", "stock").replace("place", "stock"),
        forms___talk__md=FORM.replace("| place ", "| stock "),
    )
    loaded, issues = load(older)
    assert [issue.line() for issue in issues] == []
    assert loaded is not None
    copies = loaded.measures["talks.copies"]
    assert (copies.kind, copies.about) == (MeasureKind.LEVEL, About.PLACE)
    assert loaded.forms["talks.talk"].fields[2].about == About.PLACE
