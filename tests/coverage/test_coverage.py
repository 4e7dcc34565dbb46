"""Every mechanism of the old papers has its home, and taking the home out makes something fail."""

from __future__ import annotations

import pytest

from taizhang.core.pack.examine import shipped_folder
from tests.coverage.element import Element, NoElement, without
from tests.coverage.page import PAGE, ROOT, counts, elements, page, proofs, rows
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


def test_every_row_has_a_home_or_says_what_it_waits_for() -> None:
    assert all(row.says and (row.home or row.later) for row in ROWS)
    found = counts(ROWS, proofs())
    assert found["with a home"] + found["for later"] == found["rows"] == 252
    assert found["proved by removal"] == sum(bool(row.at) for row in ROWS)
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
