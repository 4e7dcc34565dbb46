"""Check the shape of the code: short functions, telling names, templates that can be read.

A function has at most 60 lines.  A variable is the noun that it holds: `one`, `found` and `said`
are none.  A line of a template has at most 120 columns.  A line of each fault is printed.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.page import ROOT

MOST_LINES = 60
MOST_COLUMNS = 120
EMPTY_NAMES = frozenset({"one", "found", "said"})
TEMPLATES = frozenset({".html", ".txt", ".js", ".xml"})


def problems(root: Path) -> Iterator[str]:
    """Yield a line for each fault of the package that lies below `root`."""
    for file in sorted((root / "src").rglob("*.py")):
        name = file.relative_to(root).as_posix()
        if "migrations" in file.parts:
            continue
        nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
        fields = {id(field) for node in nodes for field in _fields(node)}
        for node in nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > MOST_LINES:
                    yield f"{name}:{node.lineno}: {node.name} has {lines} lines"
            elif _name_of(node) in EMPTY_NAMES and id(node) not in fields:
                yield f"{name}:{getattr(node, 'lineno', 0)}: {_name_of(node)!r} says nothing"
    for file in sorted((root / "src").rglob("*")):
        if "templates" not in file.parts or file.suffix not in TEMPLATES:
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if len(line) > MOST_COLUMNS:
                yield f"{file.relative_to(root).as_posix()}:{number}: {len(line)} columns"


def _fields(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the fields that a class declares: they are keys of what is stored, no variables."""
    if isinstance(node, ast.ClassDef):
        yield from (part.target for part in node.body if isinstance(part, ast.AnnAssign))


def _name_of(node: ast.AST) -> str | None:
    """Give the variable that a node binds or reads."""
    if isinstance(node, ast.Name):
        return node.id
    return node.arg if isinstance(node, ast.arg) else None


def main() -> int:
    lines = list(problems(ROOT))
    print("\n".join(lines))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
