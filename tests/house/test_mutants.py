"""Mutants are small, are drawn by a seed, and are killed where a test looks."""

import ast
import shutil
from pathlib import Path

import pytest

from tools import mutants
from tools.mutants import ROOT, Mutant, drawn, mutants_of, told

SOURCE = '''"""A module."""


def chosen(values: list[int], most: int = 3) -> str:
    """Say how many there are."""
    count = 0
    for value in values:
        if value >= 1 and not value > most:
            count += value * 2
    values.sort()
    return "many" if count in (5, 6) else f"{count}"
'''


def texts(kind: str) -> list[str]:
    data = SOURCE.encode()
    return [
        next(
            line
            for line in one.source(data).decode().splitlines()
            if line not in SOURCE.split("\n")
        )
        for one in mutants_of(Path("a.py"), data)
        if one.kind == kind
    ]


def test_each_operator_changes_one_thing() -> None:
    found = texts("comparison")
    assert "        if (value > 1) and not value > most:" in found
    assert "        if value >= 1 and not (value >= most):" in found
    assert texts("and/or") == ["        if ((value >= 1) or (not value > most)):"]
    assert texts("not") == ["        if value >= 1 and (value > most):"]
    assert texts("arithmetic") == ["            count += (value + 2)"]
    assert texts("statement") == ["            pass", "    pass"]
    assert "def chosen(values: list[int], most: int = (3 + 1)) -> str:" in texts("number")
    assert texts("return") == ["    return None"]
    assert len(texts("condition")) == 2


def test_every_mutant_is_python_and_differs_from_the_source() -> None:
    data = SOURCE.encode()
    for one in mutants_of(Path("a.py"), data):
        assert one.source(data) != data
        assert ast.parse(one.source(data))
        assert b'"""Say how many there are."""' in one.source(data)


def test_the_same_seed_draws_the_same_mutants() -> None:
    first = drawn(7, 12, [])
    assert first == drawn(7, 12, [])
    assert first != drawn(8, 12, [])
    assert len(set(first)) == 12
    for one in first:
        assert not {"migrations", "__init__.py"} & set(one.file.parts)
        assert (ROOT / one.file).read_bytes() != one.source((ROOT / one.file).read_bytes())


def test_the_tests_of_a_module_come_first() -> None:
    chosen = mutants.tests_of(Path("src/taizhang/core/base/period.py"))
    assert chosen[0] == "tests/core/test_period_words.py"
    assert "tests/core/scoring/test_score.py" in chosen
    assert not [one for one in chosen if not (ROOT / one).is_file()]
    assert mutants.tests_of(Path("src/taizhang/core/form/answer.py"))[0].startswith(
        "tests/core/form/"
    )


def test_a_mutant_is_killed_where_a_test_looks_and_survives_where_none_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in {
        "src/taizhang/core/small.py": "def twice(n: int) -> int:\n    return n * 2\n",
        "tests/core/test_small.py": (
            "from taizhang.core.small import twice\n\n\ndef test_it():\n    assert twice(3) == 6\n"
        ),
        "src/taizhang/core/unread.py": "def thrice(n: int) -> int:\n    return n * 3\n",
        "pytest.ini": "[pytest]\nmarkers =\n    browser\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.copy(ROOT / "src/taizhang/__init__.py", tmp_path / "src/taizhang/__init__.py")
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    given: list[Mutant] = []
    for name in ("small", "unread"):
        file = Path(f"src/taizhang/core/{name}.py")
        given += [
            one
            for one in mutants_of(file, (tmp_path / file).read_bytes())
            if one.kind == "arithmetic"
        ]
    assert [end for _, end in told(given, 60)] == ["killed", "survived"]
    assert "n * 2" in (tmp_path / "src/taizhang/core/small.py").read_text(encoding="utf-8")
