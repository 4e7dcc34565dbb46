"""Finds one element of a pack by its path and takes it out of the pack's source files.

Paths: ``PACK:documents/KEY``, ``PACK:forms/KEY``, ``PACK:forms/KEY/QUESTION``,
``PACK:forms/KEY/LIST=CHOICE``, ``PACK:measures/KEY``, ``PACK:counting/FORM`` (all its rules),
``PACK:indicators/KEY``, ``PACK:norms/KEY``, ``PACK:plan/TASK``, ``PACK:calendar/DAY``,
``PACK:rubric/ITEM``, ``PACK:cases/KIND``, ``PACK:pack/KEY``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from taizhang.core.base.yaml_source import YamlList, YamlMap, read_yaml

Files = Mapping[str, bytes]
FILES = {
    "measures": "measures.yaml", "counting": "measures.yaml", "indicators": "indicators.yaml",
    "norms": "norms.yaml", "plan": "plan.yaml", "calendar": "calendar.yaml",
    "rubric": "rubric.yaml", "pack": "pack.yaml", "cases": "cases.yaml",
}  # fmt: skip


class NoElement(LookupError):
    """Raised when a pack has nothing at a path."""


@dataclass(frozen=True, order=True)
class Element:
    """One element: its pack, its kind (folder or file) and the names within."""

    pack: str
    kind: str
    names: tuple[str, ...]

    @classmethod
    def parse(cls, path: str) -> Element:
        """This function will read a path; NoElement where it has not that form."""
        found = re.fullmatch(r"(\w+):(\w+)((?:/[^/\s]+)+)", path)
        if found is None or found[2] not in {*FILES, "documents", "forms"}:
            raise NoElement(path)
        return cls(found[1], found[2], tuple(found[3][1:].split("/")))

    def __str__(self) -> str:
        return f"{self.pack}:{self.kind}/{'/'.join(self.names)}"


def without(element: Element, files: Files) -> dict[str, bytes]:
    """This function will give the pack's files without one element.

    NoElement is raised where the pack has none such.
    """
    left = dict(files)
    if element.kind == "documents" or (element.kind == "forms" and len(element.names) == 1):
        ending = ".md.j2" if element.kind == "documents" else ".md"
        if left.pop(f"{element.kind}/{element.names[0]}{ending}", None) is None:
            raise NoElement(str(element))
        return left
    if element.kind == "forms":
        name = f"forms/{element.names[0]}.md"
        cut = _row_cut
    else:
        name = FILES[element.kind]
        cut = _yaml_cut
    if name not in left:
        raise NoElement(str(element))
    left[name] = cut(element, left[name])
    return left


def _row_cut(element: Element, data: bytes) -> bytes:
    """Take a question, or a choice of a list, out of a form written as Markdown tables."""
    lines = data.decode().splitlines(keepends=True)
    choices, _, choice = element.names[1].partition("=")
    sheet, found = "", False
    columns: list[str] = []
    kept: list[str] = []
    for line in lines:
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if cells and cells[0]:
            sheet, columns = cells[0], []
        elif cells and not columns:
            columns = cells
        elif cells:
            row = dict(zip(columns, cells, strict=False))
            mine = (
                sheet == "choices" and (row.get("list_name"), row.get("name")) == (choices, choice)
                if choice
                else sheet == "survey" and row.get("name") == choices
            )
            if mine:
                found = True
                continue
        kept.append(line)
    if not found:
        raise NoElement(str(element))
    return "".join(kept).encode()


def _yaml_cut(element: Element, data: bytes) -> bytes:
    """Take entries out of a YAML file: each with the lines that are indented below it."""
    tree, issues = read_yaml(data, "")
    assert not issues
    assert isinstance(tree, YamlMap)
    begins = sorted(_lines(element, tree), reverse=True)
    if not begins:
        raise NoElement(str(element))
    lines = data.decode().splitlines(keepends=True)
    for begin in begins:
        first = begin - 1
        indent = _indent(lines[first])
        end = first + 1
        while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) > indent):
            end += 1
        del lines[first:end]
    return "".join(lines).encode()


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _lines(element: Element, tree: YamlMap) -> Iterator[int]:
    """Give the line on which each entry of the element begins."""
    name = element.names[0]
    if element.kind in ("measures", "indicators", "norms"):
        table = tree.get(element.kind)
        if isinstance(table, YamlMap) and name in table:
            yield table.lines[name]
    elif element.kind in ("pack", "cases"):
        if name in tree:
            yield tree.lines[name]
    else:
        key, within = {
            "counting": ("form", ("counting",)),
            "plan": ("key", ("tasks",)),
            "calendar": ("key", ("days",)),
            "rubric": ("key", ("sections", "bonus", "items")),
        }[element.kind]
        yield from _entries(tree, key, name, within)


def _entries(tree: object, key: str, name: str, within: tuple[str, ...]) -> Iterator[int]:
    """Give the lines of list entries whose ``key`` is ``name``, in the lists called ``within``."""
    if isinstance(tree, YamlList):
        for line, entry in zip(tree.lines, tree, strict=True):
            if isinstance(entry, YamlMap) and entry.get(key) == name:
                yield line
            else:
                yield from _entries(entry, key, name, within)
    elif isinstance(tree, YamlMap):
        for one in within:
            yield from _entries(tree.get(one), key, name, within)
