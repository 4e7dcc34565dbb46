"""Write docs/reference/issues.md from the Code enums: `python -m tools.issues_page [--check]`.

The sources are read, not imported, so that a page about the web rooms needs no configured Django.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

from tools.messages import bare_percent
from tools.page import ROOT, page_run

PACKAGE = ROOT / "src" / "taizhang"
PAGE = ROOT / "docs" / "reference" / "issues.md"
EXAMPLES = ROOT / "tests" / "errors"
CATALOGUE = PACKAGE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
NAME = re.compile(r"[A-Z]+_\d{3}")

INTRODUCTION = """# Issues

Every message that the software gives about data, by code. A message names the place (file and
line, or sheet, row and column); `%(name)s` stands for a fact of the case. The command line prints
`CODE place: mark sentence remedy` and ends with 1.

This page is written by `python -m tools.issues_page`; change the text in the source named above
each group.
"""


@dataclass(frozen=True)
class Entry:
    """One code as its source declares it."""

    name: str
    sentence: str
    remedy: str


@dataclass(frozen=True)
class Group:
    """The codes of one enum."""

    title: str
    source: str
    entries: tuple[Entry, ...]


class Unreadable(Exception):
    """Raised when an enum is not written the one way that tools can read."""


def groups(package: Path) -> list[Group]:
    """This function will read every subclass of Code in the package, sorted by first code."""
    found = [
        _group(node, path.relative_to(package.parent).as_posix())
        for path in sorted(package.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and any(_is_code(base) for base in node.bases)
    ]
    return sorted((group for group in found if group.entries), key=lambda g: g.entries[0].name)


def _is_code(base: ast.expr) -> bool:
    return getattr(base, "id", getattr(base, "attr", "")) == "Code"


def _group(node: ast.ClassDef, source: str) -> Group:
    title = (ast.get_docstring(node) or node.name).partition("\n")[0].rstrip(".")
    entries = [
        _entry(statement.targets[0].id, statement.value, f"{source}:{statement.lineno}")
        for statement in node.body
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
    ]
    return Group(title, source, tuple(sorted(entries, key=lambda entry: entry.name)))


def _entry(name: str, value: ast.expr, place: str) -> Entry:
    parts = value.elts if isinstance(value, ast.Tuple) else []
    texts = [
        part.args[0].value
        for part in parts
        if isinstance(part, ast.Call)
        and part.args
        and isinstance(part.args[0], ast.Constant)
        and isinstance(part.args[0].value, str)
    ]
    if len(texts) != 2 or len(parts) != 2:
        message = f'{place}: {name} must be (gettext_noop("What is wrong."), gettext_noop("Do.")).'
        raise Unreadable(message)
    return Entry(name, texts[0], texts[1])


def problems(found: list[Group]) -> Iterator[str]:
    """This function will yield codes that clash, are misnamed, or do not speak in sentences."""
    seen: dict[str, str] = {}
    for group in found:
        for entry in group.entries:
            if entry.name in seen:
                yield f"{entry.name} stands in {seen[entry.name]} and in {group.source}"
            seen[entry.name] = group.source
            if not NAME.fullmatch(entry.name):
                yield f"{group.source}: {entry.name} is not of the form ROOM_001"
            # A remedy may end in a command, an example after a colon or a fact of the case.
            for text in (entry.sentence, entry.remedy):
                if not text.endswith((".", "?", "'", "`", ")s")) and ": " not in text:
                    yield f"{group.source}: {entry.name} does not end in a full stop: {text!r}"
                if bare_percent(text):
                    yield f"{group.source}: {entry.name} has a bare %; write %%: {text!r}"


def page(found: list[Group], chinese: dict[str, str], examples: Path) -> str:
    """This function will write the page: English, Chinese where there is one, the example input."""
    lines = [INTRODUCTION]
    for group in found:
        lines += [f"## {group.title}", "", f"Source: `src/{group.source}`", ""]
        for entry in group.entries:
            lines += [f"### {entry.name}", "", f"{entry.sentence} **{entry.remedy}**", ""]
            sentence, remedy = chinese.get(entry.sentence), chinese.get(entry.remedy)
            if sentence and remedy:
                lines += [f"{sentence}**{remedy}**", ""]
            if (examples / entry.name).is_dir():
                lines += [f"Example: `tests/errors/{entry.name}/`", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def chinese_read(catalogue: Path) -> dict[str, str]:
    """This function will give the Chinese of each English text."""
    if not catalogue.exists():
        return {}
    return {e.msgid: e.msgstr for e in polib.pofile(str(catalogue)) if not e.obsolete}


def main(arguments: list[str]) -> int:
    try:
        found = groups(PACKAGE)
    except Unreadable as unreadable:
        print(unreadable)
        return 1
    return page_run(
        arguments,
        __doc__,
        PAGE,
        lambda: page(found, chinese_read(CATALOGUE), EXAMPLES),
        list(problems(found)),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
