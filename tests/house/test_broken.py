"""The list of rules that are broken on purpose names rules and tests that are there."""

from pathlib import Path

import pytest

from tools.broken import LISTS, BrokenRule, listed

FILES = sorted(LISTS.glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_rule_stands_once_and_its_tests_exist(file: Path) -> None:
    rules = listed([file])
    assert rules
    assert [f"{rule.rule}: {rule.wrong()}" for rule in rules if rule.wrong()] == []


def test_an_entry_that_names_nothing_is_told() -> None:
    def rule(**changes: object) -> BrokenRule:
        entry = {
            "rule": "half is rounded up", "file": "src/taizhang/core/base/rounding.py",
            "old": "def round_half_up", "new": "def round_down",
            "tests": ("tests/conftest.py::gone",),
        }  # fmt: skip
        return BrokenRule(**{**entry, **changes})  # type: ignore[arg-type]

    assert rule(file="src/gone.py").wrong() == "src/gone.py is not there"
    assert "stands 0 times" in rule(old="nowhere to be read").wrong()
    assert rule(tests=()).wrong() == "it changes nothing or names no test"
    assert rule().wrong() == "tests/conftest.py::gone is not there"
