"""The example packs of the pages for authors: clean, proved by their own tests, installable."""

import json
from pathlib import Path

import pytest

from taizhang.cli import main
from taizhang.web.instance.paths import Home

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "packs" / "examples"
EXAMPLES = sorted(path.parent for path in FOLDER.glob("*/pack.yaml"))


def test_there_is_an_example() -> None:
    assert [folder.name for folder in EXAMPLES] == ["fire_safety"]


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_an_example_is_clean_and_proves_itself(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pack", "check", str(folder), "--format", "json"]) == 0
    issues = json.loads(capsys.readouterr().out)["issues"]
    # Nothing but what nobody has yet held against its document.
    assert {(issue["code"], issue["level"]) for issue in issues} <= {("RULE_018", "warning")}
    assert main(["pack", "test", str(folder), "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["issues"] == []
    assert all(test["compared"] > 10 for test in answer["tests"])


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_an_example_is_installed(
    folder: Path, instance: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ["--home", str(instance.path)]
    assert main(["pack", "install", "common", *home]) == 0
    assert main(["pack", "install", str(folder), *home]) == 0, capsys.readouterr().err
