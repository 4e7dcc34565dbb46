"""Each issue code is shown by one small broken input; see README.md."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from taizhang.cli import main
from taizhang.web.instance.paths import Home
from tools.issues_page import PACKAGE, groups

HERE = Path(__file__).resolve().parent
FOLDERS = sorted(path for path in HERE.iterdir() if path.is_dir() and path.name[-3:].isdigit())


def _exempt() -> dict[str, str]:
    lines = (HERE / "exempt.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition(" ") for line in lines if line and not line.startswith("#"))
    return {code: reason.strip() for code, _, reason in pairs}


def _commands(folder: Path, home: Home, tmp: Path) -> Iterator[list[str]]:
    script = folder / "command.txt"
    if not script.exists():
        script = folder / "warning.txt"
    inputs = [path for path in folder.iterdir() if path.name.partition(".")[0] == "input"]
    paths = {
        "{home}": home.path,
        "{here}": folder,
        "{shared}": HERE / "shared",
        "{packs}": PACKAGE / "packs",
        "{tmp}": tmp,
        "{input}": inputs[0] if inputs else folder / "input",
    }
    for line in script.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        arguments = shlex.split(line)
        for name, path in paths.items():
            arguments = [argument.replace(name, str(path)) for argument in arguments]
        yield arguments


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_broken_input_is_refused_with_its_code(
    folder: Path, instance: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tmp").mkdir()
    *before, last = _commands(folder, instance, tmp_path / "tmp")
    for arguments in before:
        assert main(arguments) == 0, capsys.readouterr().err
    capsys.readouterr()
    status = main(last)
    said = capsys.readouterr().err
    codes = [line.partition(" ")[0] for line in said.splitlines()]
    assert folder.name in codes, said
    assert status == (1 if (folder / "command.txt").exists() else 0), said


def test_every_code_has_a_folder_or_a_reason() -> None:
    known = {entry.name for group in groups(PACKAGE) for entry in group.entries}
    shown, exempt = {folder.name for folder in FOLDERS}, _exempt()
    assert sorted(known - shown - exempt.keys()) == [], "give each a folder (README.md)"
    assert sorted(shown - known) == [], "these folders show no code that exists"
    assert sorted(exempt.keys() - known) == [], "these exemptions name no code that exists"
    assert sorted(exempt.keys() & shown) == [], "these are exempt and have a folder"
    assert all(exempt.values()), "each exemption says why"
