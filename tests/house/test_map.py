"""The map of the house names every room, and a name that nobody knows is reported."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import history, map_page, shape

ROOT = Path(__file__).resolve().parents[2]
WORDS = (
    "# Glossary\n\n| word | meaning |\n|---|---|\n| lot, balance | supplies |\n| count | a look |\n"
)


def _house(tmp_path: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = tmp_path / "src" / "taizhang" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "src" / "taizhang"


def test_the_map_lists_rooms_and_modules_with_their_first_lines(tmp_path: Path) -> None:
    package = _house(
        tmp_path,
        {
            "supply/__init__.py": '"""Things | in stock."""',
            "supply/lot.py": '"""What came in.\n\nMore."""',
            "supply/count/__init__.py": '"""Looks."""',
        },
    )
    assert map_page.page(map_page.rooms(package)).endswith(
        "## `supply/`\nThings | in stock.\n\n| module | holds |\n|---|---|\n"
        "| `lot` | What came in. |\n\n## `supply/count/`\nLooks.\n"
    )


@pytest.mark.parametrize(
    ("file", "text", "reported"),
    [
        ("supply/lot.py", '"""Lots."""', []),
        ("supply/supply_lot.py", '"""Lots."""', []),
        ("supply/_lot.py", '"""Lots."""', []),
        ("supply/settle.py", '"""Lots."""', ["supply/settle.py: 'settle' stands neither"]),
        ("supply/lot_known.py", '"""Lots."""', ["supply/lot_known.py: 'known' stands neither"]),
        ("supply/settled/lot.py", '"""Lots."""', ["supply/settled/: 'settled' stands neither"]),
        ("supply/lot.py", "", ["supply/lot.py: no first line"]),
    ],
)
def test_a_name_outside_the_glossary_is_reported(
    tmp_path: Path, file: str, text: str, reported: list[str]
) -> None:
    rooms = map_page.rooms(_house(tmp_path, {"supply/__init__.py": '"""Supplies."""', file: text}))
    faults = list(
        map_page.problems(rooms, map_page.glossary(WORDS) | map_page.names("## `supply/`\n"))
    )
    assert [fault[: len(start)] for fault, start in zip(faults, reported, strict=True)] == reported


def test_the_glossary_is_small_and_holds_no_idle_word() -> None:
    words = map_page.glossary(map_page.GLOSSARY.read_text(encoding="utf-8"))
    rooms = map_page.rooms(map_page.PACKAGE)
    assert 50 < len(words) <= map_page.MOST_WORDS
    used = {word for room in rooms.values() for module in room for word in module.split("_")}
    assert words <= used | {word for room in rooms for word in room.replace("/", "_").split("_")}


@pytest.mark.parametrize(
    ("file", "text", "reported"),
    [
        ("a.py", "def f():\n" + "    g()\n" * 59, []),
        ("a.py", "def f():\n" + "    g()\n" * 60, ["src/taizhang/a.py:1: f has 61 lines"]),
        ("a.py", "class A:\n    async def f(self):\n" + "        g()\n" * 60, ["a.py:2: f has"]),
        ("a.py", "units = [one.code for one in tree]\n", ["a.py:1: 'one'", "a.py:1: 'one'"]),
        ("a.py", "def f(found: int) -> None:\n    return\n", ["a.py:1: 'found'"]),
        ("a.py", "if said := f():\n    pass\n", ["a.py:1: 'said'"]),
        ("a.py", "mine.found = 'one'  # said\n", []),
        ("a.py", "class A:\n    found: int\n", []),
        ("web/a/queries.py", "User.objects.filter(pk=1).update(a=2)\n", ["update is a write"]),
        ("web/a/queries.py", "user.save()\n", ["save is a write"]),
        ("web/a/queries.py", "image.save(out, 'JPEG')\nseen.update(a)\n", []),
        ("web/a/grant_actions.py", "User.objects.create(name=name)\n", []),
        ("web/a/queries.py", "now = timezone.now()\n", ["timezone.now() is asked below"]),
        ("web/a/views_list.py", "now = timezone.now()\n", []),
        ("web/a/queries.py", "today = timezone.localdate(now)\n", []),
        ("web/a/templates/a/b.html", "<p>" + "x" * 117 + "\n", []),
        ("web/a/templates/a/b.html", "\n<p>" + "x" * 118 + "\n", ["b.html:2: 121 columns"]),
        ("web/a/static/b.html", "<p>" + "x" * 118 + "\n", []),
    ],
)
def test_a_shape_that_nobody_reads_is_reported(
    tmp_path: Path, file: str, text: str, reported: list[str]
) -> None:
    _house(tmp_path, {file: text})
    faults = list(shape.problems(tmp_path))
    assert len(faults) == len(reported)
    assert all(start in fault for fault, start in zip(faults, reported, strict=True))


def test_a_commit_without_room_or_reason_is_reported() -> None:
    log = "\n".join(
        f"{digest}\x1f{subject}\x1f{body}\x1e"
        for digest, subject, body in (
            ("a1", "ledger: a fact has names", "Why.\n\nPrice."),
            ("b2", "ledger: " + "a" * 65, "Why."),
            ("c3", "Fix things", "Why."),
            ("d4", "core, web: move", "\n"),
        )
    )
    assert [fault[:4] for fault in history.problems(log)] == ["b2: ", "c3: ", "d4: "]


def test_a_dependency_that_nothing_imports_is_reported(tmp_path: Path) -> None:
    (tmp_path / "src" / "taizhang").mkdir(parents=True)
    (tmp_path / "src" / "taizhang" / "__init__.py").write_text("import lxml\n", encoding="utf-8")
    project = '[project]\nname = "taizhang"\nversion = "1"\ndependencies = ["lxml", "segno"]\n'
    (tmp_path / "pyproject.toml").write_text(project, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "deptry", "src", "--no-ansi"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "DEP002 'segno' defined as a dependency but not used" in done.stderr
    assert "lxml" not in done.stderr
