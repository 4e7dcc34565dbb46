"""House rules that a machine can hold: scripts, locks, sizes, marks, what the repository holds."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = [
    *(f"script/{name}" for name in ("setup", "server", "test", "check", "bench")),
    ".ci/run",
]
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-spark.lock"]


def _tracked(*patterns: str) -> list[Path]:
    """Files that git knows or would add; an unpacked source archive has no git and lists all."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


@pytest.mark.parametrize("script", SCRIPTS)
def test_script_is_executable_and_parses(script: str) -> None:
    path = ROOT / script
    assert os.access(path, os.X_OK)
    assert path.read_text(encoding="utf-8").startswith("#!/usr/bin/env bash\n")
    subprocess.run(["bash", "-n", str(path)], check=True)


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_host_no_path_and_hashes_all(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"://|--index|--extra-index|--find-links|file:|\s/\w", text)
    pins = [line for line in text.splitlines() if re.match(r"\w", line)]
    assert len(pins) > 50
    for pin in pins:
        assert "==" in pin, pin
        assert re.search(rf"^{re.escape(pin)}\n    --hash=sha256:[0-9a-f]{{64}}", text, re.M), pin


def test_locks_agree_with_each_other_and_with_the_project() -> None:
    def pins(lock: str) -> set[str]:
        text = (ROOT / lock).read_text(encoding="utf-8")
        return set(re.findall(r"^(\S+==\S+(?: ;[^\\]+)?)", text, re.M))

    assert pins("requirements.lock") <= pins("requirements-dev.lock") & pins(LOCKS[2])
    assert any(pin.startswith("pyspark==4.") for pin in pins(LOCKS[2]))
    locked = {pin.partition("==")[0] for pin in pins("requirements.lock")}
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = re.search(r"^dependencies = \[\n(.*?)^\]", project, re.M | re.S)
    assert block is not None
    asked = re.findall(r'^    "([\w.-]+)', block[1], re.M)
    assert {re.sub(r"[-_.]+", "-", name).lower() for name in asked} <= locked


def test_repository_holds_no_bundle_and_no_font() -> None:
    held = _tracked(
        "*.ttf", "*.otf", "*.ttc", "*.woff", "*.woff2", "*.min.js", "*.min.css", "*.map"
    )
    assert held == []
    long_lines = [
        path
        for path in _tracked("*.js", "*.css", "*.mjs")
        if any(len(line) > 2000 for line in path.read_text(encoding="utf-8").splitlines())
    ]
    assert long_lines == []


def test_no_compiled_catalogue_is_committed() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "*.mo"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert listed.stdout == ""


def test_views_do_not_query_models() -> None:
    views = (ROOT / "src" / "taizhang" / "web").rglob("views*.py")
    assert [view for view in views if ".objects" in view.read_text(encoding="utf-8")] == []


def test_no_source_file_is_long() -> None:
    lengths = {
        path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines())
        for path in _tracked("src/*.py", "tools/*.py", "bench/*.py")
    }
    assert {path: length for path, length in lengths.items() if length > 600} == {}


def test_no_line_of_a_template_is_long() -> None:
    for path in _tracked("src/taizhang/web/**/templates/**"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            assert len(line) <= 120, f"{path}:{number}"


def test_packs_hold_data_only() -> None:
    assert _tracked("src/taizhang/packs/**/*.py") == []


def test_source_has_no_unfinished_marks() -> None:
    # In a name (a parameter of SQL, an attribute of HTML) the word is no mark; in a remark it is.
    marks = re.compile(
        r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b|\bfor now\b|#.*\bplaceholder\b", re.I
    )
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in _tracked("src/*.py", "src/*.html", "src/*.yaml", "src/*.css", "src/*.js")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if marks.search(line)
    ]
    assert found == []


def test_repository_names_no_machine() -> None:
    """Paths under a person's home, or to where this checkout lies, tell of one machine."""
    # With the folder above it: a checkout in /src or /app has a name that other paths hold too.
    here = re.escape(f"{ROOT}/" if len(ROOT.parts) > 2 else "file:///").encode()
    place = re.compile(rb"/(?:home|Users|root)/\w|\bfile:///|" + here)
    this = Path(__file__)
    found = [
        path.relative_to(ROOT)
        for path in _tracked()
        if path != this and path.suffix not in (".png", ".docx", ".xlsx", ".pdf")
        if place.search(path.read_bytes())
    ]
    assert found == []


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_readme_commands_exist(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    for command in ("script/server", "script/test"):
        assert re.search(rf"^{command}$", text, re.M), f"{readme} does not show {command}"
        assert (ROOT / command).exists()


def test_decisions_are_numbered_and_say_all_four_things() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert pages
    numbers = [int(page.name[:4]) for page in pages]
    assert numbers == list(range(1, len(pages) + 1))
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for heading in ("## Question", "## Choice", "## Reason", "## Price"):
            assert heading in text, f"{page.name} lacks {heading}"
