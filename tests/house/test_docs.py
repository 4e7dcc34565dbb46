"""The document tools see what they must."""

import argparse
import subprocess
from pathlib import Path

import pytest

from tools import commands_page, links


@pytest.fixture
def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tz")
    groups = parser.add_subparsers(dest="group", required=True)
    units = groups.add_parser("units", description="Units").add_subparsers(required=True)
    load = units.add_parser("import", description="Read units.")
    load.add_argument("FILE", help="one line a unit")
    load.add_argument("--format", choices=("table", "json"), help="how to print (100%%)")
    load.add_argument("--changes", metavar="CSV", required=True)
    load.add_argument("--dry", action="store_true")
    groups.add_parser("head", description="The head").add_argument("unit", nargs="*")
    return parser


def test_each_command_has_its_section(parser: argparse.ArgumentParser) -> None:
    found = {command.prog: list(commands_page.section(command)) for command in _commands(parser)}
    assert set(found) == {"tz units import", "tz head"}
    assert (
        "tz units import FILE [--format table|json] --changes CSV [--dry]"
        in found["tz units import"]
    )
    assert "| `--format table\\|json` | how to print (100%) |" in found["tz units import"]
    assert "tz head [UNIT…]" in found["tz head"]
    assert "The head." in found["tz head"]


def _commands(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    return list(commands_page.commands(parser))


def test_dead_links_absent_scripts_and_modules_are_named(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "b.md").write_text("# B\n", encoding="utf-8")
    (tmp_path / "a.md").write_text(
        "[B](docs/b.md#b) [C](docs/c.md) [out](https://example.org)\n"
        "Run `script/fly` then `script/setup`.\nSee `core/gone.py` and `core/here.py`.\n"
        "```\n[in a fence](nowhere.md)\n```\n",
        encoding="utf-8",
    )
    (tmp_path / "script").mkdir()
    (tmp_path / "script" / "setup").touch()
    (tmp_path / "src/taizhang/core").mkdir(parents=True)
    (tmp_path / "src/taizhang/core/here.py").touch()
    found = [line for path in links.documents(tmp_path) for line in links.problems(path, tmp_path)]
    assert found == [
        "a.md: the link to docs/c.md leads nowhere",
        "a.md: script/fly does not exist",
        "a.md: core/gone.py does not exist",
    ]
