"""Hostile packs are answered by issues at their files, whatever they hold, within limits."""

import io
import os
import sys
import time
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import cast

import pytest

import taizhang.cli
from taizhang.core.base.enclosure import EnclosureLimits, Stop, Stopped
from taizhang.core.base.issue import Issue, Level, errors
from taizhang.core.definition.pack import Pack
from taizhang.core.form.code import FormCode
from taizhang.core.form.expression.code import ExpressionCode
from taizhang.core.pack.code import PackCode
from taizhang.core.pack.examine import shipped_folder
from taizhang.core.pack.load import load
from taizhang.documents.code import DocumentCode
from taizhang.documents.pack_check import examination
from taizhang.documents.pack_check.examination import Examination, examine_files, examine_folder
from taizhang.documents.pack_check.issue_json import issues_written
from tests.documents.test_hostile import ENDLESS, UNREADABLE

pytestmark = pytest.mark.usefixtures("packs_enclosed")

SKELETON = Path(taizhang.cli.__file__).with_name("skeleton")
SMALL = EnclosureLimits(part=2, whole=20, wall=60)
HEAD = "---\ntitle: 试\nkind: 总结\nperiod: year\n---\n"
FORM = (
    "| survey |\n| | type | name | label | about | calculation | constraint |\n{}\n"
    "| settings |\n| | form_title |\n| | 试 |\n"
)
TEST = "records:\n  - {{form: f, unit: 东一社区, date: 2026-03-01{}, answers: {{{}}}}}\n" + (
    "expect:\n  facts: [{{measure: nothing, count: 0}}]\n"
)


def pack(**files: str | bytes) -> dict[str, bytes]:
    """This function will give the example pack with more files, ``forms__f_md`` for forms/f.md."""
    codes = {
        path.relative_to(SKELETON).as_posix(): path.read_bytes()
        for path in SKELETON.rglob("*")
        if path.is_file()
    }
    codes = {name: data.replace(b"key: KEY", b"key: trial") for name, data in codes.items()}
    for name, text in files.items():
        data = text.encode() if isinstance(text, str) else text
        codes[name.replace("__", "/")] = data
    return codes


def named(issues: tuple[Issue, ...]) -> dict[str, set[str]]:
    """This function will give the codes of the errors by file."""
    by_file: dict[str, set[str]] = {}
    for error in errors(issues):
        by_file.setdefault(error.place.file, set()).add(error.code.name)
    return by_file


@cache
def common() -> tuple[Pack, ...]:
    """This function will give the pack that the example leans on."""
    pack, _ = load(shipped_folder() / "common")
    return (pack,) if pack is not None else ()


def examined(files: dict[str, bytes], **asked: bool) -> Examination:
    began = time.monotonic()
    examination = examine_files(files, common(), limits=SMALL, **asked)
    assert time.monotonic() - began < 100
    return examination


def test_the_example_is_sound_and_passes_its_tests() -> None:
    examination = examined(pack(), tests=True)
    assert (examination.key, examination.version, named(examination.issues)) == (
        "trial",
        "1.0.0",
        {},
    )
    assert examination.sound
    assert [outcome.compared > 10 for outcome in examination.outcomes] == [True]


def test_every_hostile_template_of_a_pack_is_named_in_one_go() -> None:
    bodies = {**UNREADABLE, **ENDLESS}
    files = {f"documents__{name}.md.j2": HEAD + body for name, body in bodies.items()}
    issues = named(examined(pack(**files)).issues)
    # What Jinja itself cannot read is told with the rules; the rest is rendered afterwards.
    assert set().union(*issues.values()) == {"RULE_035"}
    readable = {name: text for name, text in files.items() if name.replace("__", "/") not in issues}
    assert len(readable) > 50
    again = named(examined(pack(**readable)).issues)
    assert set(again) == {name.replace("__", "/") for name in readable}
    codes = set().union(*again.values())
    assert codes <= {
        *("DOCUMENT_001", "DOCUMENT_002", "DOCUMENT_004", "DOCUMENT_006", "DOCUMENT_018"),
    }


CHAIN = "| | text | c0 | 码 | activity | | |\n" + "\n".join(
    f"| | calculate | c{n} | | activity | concat(${{c{n - 1}}}, ${{c{n - 1}}}) | |"
    for n in range(1, 33)
)
SQUARES = "| | integer | c0 | 数 | activity | | |\n" + "\n".join(
    f"| | calculate | c{n} | | activity | ${{c{n - 1}}} * ${{c{n - 1}}} | |" for n in range(1, 31)
)
PEOPLE = "| | integer | people | 人 | activity | | |\n| | calculate | d | | activity | {} | |"


@pytest.mark.parametrize("pattern", ["^((a+))+$", "^a*a*a*a*a*a*a*a*a*$"])
def test_a_pattern_that_explodes_is_refused_at_its_cell(pattern: str) -> None:
    row = f"| | text | code | 码 | activity | | regex(., '{pattern}') |"
    examination = examined(
        pack(forms__f_md="", **{"forms__f.md": FORM.format(row)}), templates=False
    )
    (issue,) = [
        issue for issue in examination.issues if issue.code is ExpressionCode.EXPRESSION_006
    ]
    assert (issue.place.file, issue.place.column) == ("forms/f.md", "constraint")


@pytest.mark.parametrize(
    ("rows", "answers", "wanted"),
    [
        (CHAIN, "c0: aaaaaaaaaa", {"TEST_009"}),
        (SQUARES, "c0: 99999", {"TEST_009"}),
        (PEOPLE.format("date(${people} - 800000)"), "people: 3", {"TEST_009"}),
        (PEOPLE.format("(9999999999999999999999999999 + ${people}) mod 7"), "people: 3",
         {"TEST_009"}),
    ],
    ids=["concat", "square", "date", "mod"],
)  # fmt: skip
def test_calculations_that_grow_end(rows: str, answers: str, wanted: set[str]) -> None:
    files = {"forms__f.md": FORM.format(rows), "tests__f.yaml": TEST.format("", answers)}
    examination = examined(pack(**files), templates=False, tests=True)
    assert examination.sound
    assert {outcome.name: named(outcome.issues) for outcome in examination.outcomes}["f"] == {
        "tests/f.yaml": wanted
    }


def bomb(size: int, names: int = 1) -> bytes:
    """This function will give a workbook whose parts unpack to ``size`` bytes each."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(names):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b" " * size)
    return out.getvalue()


def workbook(change: Callable[[str], str]) -> bytes:
    """This function will give a small form as a workbook with one part of it changed."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "survey"
    sheet.append(["type", "name", "label", "about"])
    sheet.append(["text", "a", "甲", "activity"])
    plain = io.BytesIO()
    book.save(plain)
    out = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            data = old.read(member)
            if member.filename == "xl/worksheets/sheet1.xml":
                data = change(data.decode()).encode()
            new.writestr(member, data)
    return out.getvalue()


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
) + "]>"  # fmt: skip
FORMS = {
    "forms/bomb.xlsx": bomb(60_000_000),
    "forms/many.xlsx": bomb(1_000_000, 60),
    "forms/none.xlsx": b"PK\x03\x04 none",
    "forms/lol.xlsx": workbook(lambda xml: ENTITIES + xml.replace("<v>0</v>", "<v>&j;</v>")),
    "forms/cut.xlsx": workbook(lambda xml: xml[: len(xml) // 2]),
    "forms/number.xlsx": workbook(lambda xml: xml.replace("<v>0</v>", "<v>9e9999</v>")),
    "forms/far.xlsx": workbook(lambda xml: xml.replace('r="A1"', 'r="ZZZZZ1"')),
    "forms/wide.md": "|" * 1_900_000,
    "forms/rows.md": FORM.format("| | text | a | 甲 | activity | | |\n" * 100_000),
    "forms/names.md": FORM.format(
        "\n".join(f"| | text | a{n} | 甲 | activity | | ${{b{n}}} = 1 |" for n in range(300))
    ),
    "forms/groups.md": FORM.format("| | begin_group | g | 组 | | | |\n" * 1_500),
    "forms/circle.md": FORM.format(
        "| | calculate | a | | activity | ${b} | |\n| | calculate | b | | activity | ${a} | |"
    ),
    "forms/range.md": FORM.replace("constraint |", "constraint | parameters |").format(
        "| | range | a | 甲 | activity | | | start=x end=9e999999 step=0 |"
    ),
    "forms/deep.md": FORM.format(f"| | text | a | 甲 | activity | {'(' * 900}1{')' * 900} | |"),
    "forms/nul.md": b"\x00" * 1_000,
}
YAMLS = {
    "measures.yaml": "[" * 30_000,
    "indicators.yaml": "a: &a [x, x]\n" + "".join(f"b{n}: [*a, *a]\n" for n in range(2_000)),
    "norms.yaml": "a: !!python/object/apply:os.system [true]\n",
    "plan.yaml": "{" * 30_000,
    "calendar.yaml": "- " * 30_000 + "a\n",
    "rubric.yaml": b"\xff\xfe" + b"a" * 1_000,
    "tests/a.yaml": "a: " + "9" * 100_000 + "\n",
    "tests/b.yaml": "? " * 5_000 + "a\n",
    "tests/c.yaml": "a: '" + "x" * 490_000 + "\n",
    "tests/d.yaml": "x: " * 1_000 + "\n",
    "tests/e.yaml": "a" * 600_000,
    "tests/f.yaml": "--- a\n" * 5_000,
    "tests/g.yaml": "a: |\n" + " " * 400_000 + "b\n",
    "tests/h.yaml": "%YAML 9.9\n---\na: b\n",
    "documents/head.md.j2": "---\n" + "a: &a\n" * 100 + "---\n",
    "documents/large.md.j2": HEAD + "甲" * 100_000,
    "documents/none.md.j2": "---\n" * 3,
    "elsewhere/x.exe": b"MZ",
}


def test_every_hostile_file_of_a_pack_is_named_in_one_go() -> None:
    files = pack()
    for name, data in {**FORMS, **YAMLS}.items():
        files[name] = data.encode() if isinstance(data, str) else data
    examination = examined(files, tests=True)
    by_file = named(examination.issues)
    # A number of a hundred thousand digits is a text, and brackets around one word are none.
    harmless = {"forms/far.xlsx", "forms/number.xlsx", "forms/deep.md", "tests/a.yaml"}
    harmless.add("tests/g.yaml")
    assert {*FORMS, *YAMLS} - harmless <= set(by_file)
    assert "PACK_017" not in set().union(*by_file.values())
    assert FormCode.FORM_001.name in by_file["forms/bomb.xlsx"]


RECORDS = {
    "times": (", times: 1000000000", "a: 1"),
    "negative": (", times: -5", "a: 1"),
    "digits": ("", "a: 999999999999999999"),
    "long": ("", f"a: {'x' * 20_000}"),
    "quantity": ("", "a: {low: 5, high: -5, kind: between}"),
    "date": (", accepted: 9999-12-31", "a: 1"),
    "list": ("", "a: [[[[[]]]]]"),
}


def test_a_test_without_end_is_stopped_and_named() -> None:
    form = FORM.format("| | integer | a | 甲 | activity | | |")
    tests = {f"tests__{name}.yaml": TEST.format(*record) for name, record in RECORDS.items()}
    endless = tests.pop("tests__times.yaml")
    examination = examined(pack(**{"forms__f.md": form}, **tests), templates=False, tests=True)
    assert examination.sound
    assert {outcome.name for outcome in examination.outcomes} == {*RECORDS, "year"} - {"times"}
    assert all(errors(outcome.issues) for outcome in examination.outcomes if outcome.name != "year")
    files = pack(**{"forms__f.md": form, "tests__times.yaml": endless})
    (issue,) = examined(files, templates=False, tests=True).issues
    assert issue.place.file == "tests/times.yaml"
    assert issue.code in (PackCode.PACK_014, PackCode.PACK_015)


def test_a_folder_may_hold_anything(tmp_path: Path) -> None:
    for name, data in pack().items():
        path = tmp_path / "trial" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    folder = tmp_path / "trial"
    os.mkfifo(folder / "forms" / "pipe.md")
    (folder / "forms" / "zero.md").symlink_to("/dev/zero")
    (folder / "loop").symlink_to(folder)
    issues = named(examine_folder(folder, limits=SMALL).issues)
    assert issues == {"forms/pipe.md": {"PACK_019"}}
    (folder / "forms" / "pipe.md").unlink()
    with (folder / "tests" / "huge.yaml").open("wb") as sparse:
        sparse.truncate(10**12)
    assert set(named(examine_folder(folder, limits=SMALL).issues)) == {"tests/huge.yaml"}
    (folder / "tests" / "huge.yaml").unlink()
    deep = folder
    for _ in range(50):
        deep = deep / "d"
        deep.mkdir()
    (deep / "x.md").write_text("x")
    for number in range(600):
        (folder / "documents" / f"x{number}.md.j2").write_text(HEAD)
    assert "PACK_003" in set().union(*named(examine_folder(folder, limits=SMALL).issues).values())


@pytest.mark.parametrize("path", ["/", "/dev/null", "/dev/zero", "/nowhere", "/proc/self"])
def test_what_is_no_pack_is_said_at_once(path: str) -> None:
    (issue,) = examine_folder(Path(path), limits=SMALL).issues
    assert issue.code is PackCode.PACK_001


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS holds to no limit of memory")
def test_a_stop_for_memory_is_an_issue_with_the_file() -> None:
    limits = EnclosureLimits(part=20, whole=30, wall=60, memory=60)
    (issue,) = examine_files(pack(), (), limits=limits).issues
    assert issue.code in (PackCode.PACK_015, PackCode.PACK_017)


def test_more_issues_than_help_are_counted() -> None:
    rows = "\n".join(f"| | intager | a{n} | 甲 | activity | | |" for n in range(1_500))
    examination = examined(pack(**{"forms__f.md": FORM.format(rows)}), templates=False)
    assert len(examination.issues) == 501
    assert examination.issues[-1].code is PackCode.PACK_018
    assert examination.issues[-1].level is Level.ERROR
    assert DocumentCode.DOCUMENT_018.sentence


@pytest.mark.parametrize("level", list(Level))
def test_what_is_left_out_weighs_as_much_as_its_worst(level: Level) -> None:
    """A sound pack stays sound however many hints there are."""
    hints = [Issue(PackCode.PACK_001, level=Level.WARNING)] * 600
    left = [Issue(PackCode.PACK_001, level=level)] * 600
    written = cast("list[dict[str, object]]", issues_written([*hints, *left]))
    assert (len(written), written[-1]["level"]) == (501, level.value)


def test_a_sound_pack_with_more_hints_than_help_is_sound() -> None:
    rows = "\n".join(
        f"| | begin repeat | r{n} | | | | |\n| | text | a{n} | 甲 | activity | | |\n"
        "| | end repeat | | | | | |"
        for n in range(600)
    )
    examination = examined(pack(**{"forms__f.md": FORM.format(rows)}), templates=False)
    assert examination.issues[-1].code is PackCode.PACK_018
    assert examination.sound


@pytest.mark.parametrize(
    ("why", "code"),
    [
        (Stop.CLOCK, PackCode.PACK_014),
        (Stop.MEMORY, PackCode.PACK_015),
        (Stop.DEPTH, PackCode.PACK_016),
        (Stop.FAULT, PackCode.PACK_017),
    ],
)
def test_whatever_stops_a_child_is_an_issue_at_the_file_it_had_begun(
    why: Stop, code: PackCode, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> object:
        raise Stopped(why, "forms/f.md", "OverflowError: date value out of range")

    monkeypatch.setattr(examination, "enclosed", stopped)
    (issue,) = examine_folder(Path("trial"), limits=SMALL).issues
    assert (issue.code, issue.place.file) == (code, "forms/f.md")
    assert issue.sentence()
