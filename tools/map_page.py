"""Write docs/reference/map.md: every room of the house, its modules, and what each holds.

Run `python -m tools.map_page` to write it, `--check` to see whether it is up to date.  A module's
name is made of words that the map already knows or that the glossary explains: a new word comes
into no map before docs/reference/glossary.md, small on purpose, has it.  A module that does not say
what it holds is a fault as well.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.page import ROOT, page_run

PACKAGE = ROOT / "src" / "taizhang"
FILE = ROOT / "docs" / "reference" / "map.md"
GLOSSARY = ROOT / "docs" / "reference" / "glossary.md"
#: A glossary that grows is a vocabulary that nobody knows.
MOST_WORDS = 120
#: A word of the glossary opens a row of its table: `| word, word | meaning |`.
WORDS = re.compile(r"^\| ([a-z, ]+) \|", re.MULTILINE)
#: A room's heading, or a module that opens a row of a table.
NAMES = re.compile(r"^(?:## |\| )`([\w/]+)`", re.MULTILINE)


def main() -> int:
    """Write the map or compare it, and say what has no name or no first line."""
    words = glossary(GLOSSARY.read_text(encoding="utf-8"))
    house = rooms(PACKAGE)
    known = words | names(FILE.read_text(encoding="utf-8"))
    faults = list(problems(house, known))
    if len(words) > MOST_WORDS:
        faults.append(f"{GLOSSARY.name}: {len(words)} words, at most {MOST_WORDS}")
    # What has no good name yet is not made known by writing it down.
    arguments = sys.argv[1:] if not faults or sys.argv[1:] else ["--check"]
    return page_run(arguments, __doc__, FILE, lambda: page(house), faults)


def problems(rooms: dict[str, dict[str, str]], words: frozenset[str]) -> Iterator[str]:
    """Yield a line for each module whose name or first line says nothing."""
    yield from _misnamed(rooms, words)
    yield from _undescribed(rooms)


def glossary(text: str) -> frozenset[str]:
    """Give the words that the glossary explains."""
    return frozenset(
        word.strip()
        for row in WORDS.findall(text)
        for word in row.split(",")
        if row not in ("word", "words")
    )


def names(text: str) -> frozenset[str]:
    """Give the words of which the rooms and modules of a map are named."""
    return frozenset(re.split(r"[/_\n]+", "\n".join(NAMES.findall(text))))


def rooms(package: Path) -> dict[str, dict[str, str]]:
    """Give for each room, by its path, what it and its modules hold ("" for the room itself)."""
    found: dict[str, dict[str, str]] = {}
    for file in sorted(package.rglob("*.py")):
        if "migrations" in file.parts:
            continue  # Django names and writes them
        room = file.parent.relative_to(package).as_posix()
        module = "" if file.stem == "__init__" else file.stem
        text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        found.setdefault(room, {})[module] = text.partition("\n")[0]
    return dict(sorted(found.items()))


def page(rooms: dict[str, dict[str, str]]) -> str:
    """Give the text of the map."""
    return "".join(_lines(rooms))


def _lines(rooms: dict[str, dict[str, str]]) -> Iterator[str]:
    yield "# Map of the house\n\n"
    yield "Written by `python -m tools.map_page`; `script/check` compares it. Words: "
    yield "[glossary](glossary.md). Imports run from the later rooms to the earlier ones, as the\n"
    yield "contracts of `pyproject.toml` say.\n"
    for room, modules in rooms.items():
        if room == ".":
            continue
        yield f"\n## `{room}/`\n{modules.get('', '')}\n"
        named = [(module, text) for module, text in modules.items() if module]
        if named:
            yield "\n| module | holds |\n|---|---|\n"
        for module, text in named:
            yield f"| `{module}` | {text.replace('|', chr(92) + '|')} |\n"


def _misnamed(rooms: dict[str, dict[str, str]], words: frozenset[str]) -> Iterator[str]:
    for room, modules in rooms.items():
        for name in (*room.split("/"), *modules):
            for word in filter(None, name.strip("._").split("_")):
                if word not in words:
                    place = f"{room}/{name}.py" if name in modules else f"{room}/"
                    yield f"{place}: {word!r} stands neither in the map nor in the glossary"


def _undescribed(rooms: dict[str, dict[str, str]]) -> Iterator[str]:
    for room, modules in rooms.items():
        for module, text in modules.items():
            if not text:
                yield f"{room}/{module or '__init__'}.py: no first line says what it holds"


if __name__ == "__main__":
    sys.exit(main())
