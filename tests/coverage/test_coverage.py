"""Every mechanism of the old papers has its home, and taking the home out makes something fail."""

from __future__ import annotations

import pytest

from taizhang.core.pack.examine import shipped_folder
from tests.coverage.doors import doors
from tests.coverage.element import Element, NoElement, without
from tests.coverage.page import PAGE, ROOT, VERDICTS, counts, elements, page, proofs, rows
from tests.coverage.proof import prove, shipped

ROWS = rows()
ELEMENTS = elements(ROWS)
#: Without --coverage-all one element in forty is taken out.
SAMPLE = 40


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "taken_out" in metafunc.fixturenames:
        whole = metafunc.config.getoption("--coverage-all")
        metafunc.parametrize("taken_out", ELEMENTS if whole else ELEMENTS[::SAMPLE])


def test_without_the_element_something_fails(
    taken_out: str, request: pytest.FixtureRequest
) -> None:
    failed = prove(taken_out)
    assert failed
    if request.config.getoption("--coverage-all"):
        assert failed == proofs()[taken_out], "write the page anew: python -m tests.coverage --all"


def test_the_page_is_the_one_that_the_table_and_the_proofs_make() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(ROWS, proofs())


def test_every_row_is_judged_and_says_what_it_lacks() -> None:
    assert {row.verdict for row in ROWS} == set(VERDICTS)
    found = counts(ROWS, proofs())
    assert sum(found[name] for name in VERDICTS) == found["rows"] == 252
    assert found["with a home"] == found["tried"] + found["thin"]
    assert found["proved by removal"] == sum(bool(row.at) for row in ROWS)
    for row in ROWS:
        assert row.says, row.key
        assert bool(row.later) == (row.verdict != "tried"), row.key
        assert bool(row.at or row.engine) == row.home, row.key


def test_a_word_in_a_list_is_no_home() -> None:
    """What is done has a form, a figure, a task or a paper of its own, and says where."""
    for row in ROWS:
        if row.home:
            assert row.engine or any("=" not in path for path in row.at), row.key
            assert doors(row.at, row.engine), row.key


def test_the_proofs_are_those_of_the_elements() -> None:
    assert set(proofs()) == set(ELEMENTS)


def test_every_shipped_pack_is_home_of_something() -> None:
    packs = {path.parent.name for path in shipped_folder().glob("*/pack.yaml")}
    assert {Element.parse(one).pack for one in ELEMENTS} == packs


@pytest.mark.parametrize("path", sorted({one for row in ROWS for one in row.engine}))
def test_tests_of_the_software_are_there(path: str) -> None:
    assert "\ndef test_" in (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "file", "gone"),
    [
        ("common:measures/meetings", "measures.yaml", "  meetings:"),
        ("common:calendar/new_year", "calendar.yaml", "key: new_year"),
        ("common:counting/meeting", "measures.yaml", "form: meeting"),
        ("common:forms/meeting/outcome", "forms/meeting.md", "| outcome |"),
        ("common:forms/meeting/meeting_kind=group", "forms/meeting.md", "领导小组会"),
        ("health_education:rubric/innovation", "rubric.yaml", "key: innovation"),
        ("health_education:plan/av", "plan.yaml", "key: av,"),
        ("health_education:pack/mirrors", "pack.yaml", "mirrors:"),
    ],
)
def test_an_element_is_taken_out_alone(path: str, file: str, gone: str) -> None:
    element = Element.parse(path)
    files = shipped(element.pack).pack.files
    left = without(element, files)
    assert gone in files[file].decode()
    assert gone not in left[file].decode()
    before = iter(files[file].decode().splitlines())
    assert all(line in before for line in left[file].decode().splitlines()), "only lines are cut"
    assert {name: data for name, data in left.items() if name != file} == {
        name: data for name, data in files.items() if name != file
    }


@pytest.mark.parametrize(
    "path",
    ["common", "common:photos/a", "common:measures/none", "common:forms/none", "common:rubric/a",
     "common:forms/meeting/none", "common:forms/meeting/meeting_kind=none", "common:documents/no"],
)  # fmt: skip
def test_what_is_not_there_is_said(path: str) -> None:
    with pytest.raises(NoElement):
        without(Element.parse(path), shipped("common").pack.files)
