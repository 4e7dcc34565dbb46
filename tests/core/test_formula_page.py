"""The reference page says what the code does."""

from __future__ import annotations

import re

import pytest

from taizhang.core.base.figure import Flag, FlagName
from taizhang.core.definition.programme import Programmes
from taizhang.core.formula import FUNCTIONS, NameScope, check, parse
from taizhang.core.formula.unit_type import joined, multiplied, type_of
from taizhang.core.text.flag import flag_sentence
from tests.core.ledger import pack
from tools.formula_page import PAGE, functions, main, written

TEXT = PAGE.read_text(encoding="utf-8")
SCOPE = NameScope(Programmes((pack(),)), "he")


def test_the_page_is_up_to_date() -> None:
    assert main(["--check"]) == 0
    assert written(TEXT) == TEXT


def test_a_page_without_its_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks <!-- flags -->"):
        written(TEXT.replace("<!-- flags -->", ""))
    stale = TEXT.replace("counts how many values were stated", "counts")
    assert written(stale) == TEXT != stale


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_is_on_the_page_and_its_example_is_sound(name: str) -> None:
    function = FUNCTIONS[name]
    assert function.name == name
    assert f"| `{function.example}` |" in functions()
    assert function.example.startswith(f"{name}(")
    node = parse(function.example)
    kind, issues = check(node, SCOPE, function.example)
    assert not issues
    assert function.least <= len(node.arguments)
    gives = function.gives.split(",")[0]
    if gives in ("个", "天", "date"):
        assert str(kind) == gives
    if gives == "the measure's unit":
        assert str(kind) in ("次", "人", "人次", "份")


def test_every_function_of_the_evaluation_is_in_the_table() -> None:
    """An example of each function evaluates; see test_formula_value for what it gives."""
    names = set(re.findall(r"`(\w+)\(", functions()))
    assert names == set(FUNCTIONS)


def test_the_examples_of_the_page_are_formulas() -> None:
    for text in ("lectures[topic == 'tb' and audience != 'youth'] / norm(lectures)", "0.1 + 0.2"):
        assert text in TEXT
        assert check(parse(text), SCOPE, text)[1] == ()


@pytest.mark.parametrize(
    ("left", "right"), [("人", "人次"), ("人", "户"), ("percent", "permille"), ("次", "ratio")]
)
def test_what_the_page_says_is_refused(left: str, right: str) -> None:
    assert joined(type_of(left), type_of(right)) is None
    assert multiplied(type_of("人"), type_of("人")) is None
    assert multiplied(type_of("percent"), type_of("permille")) is None


@pytest.mark.parametrize("flag", sorted(FlagName))
def test_every_flag_is_said_in_both_languages(flag: FlagName) -> None:
    sample = Flag(flag, "3/4" if flag in ("of", "incomplete") else "7")
    for language in ("zh-hans", "en"):
        said = flag_sentence(sample, language)
        assert "%" not in said
        assert said.endswith(("。", "."))
    assert f"`{flag}" in TEXT
