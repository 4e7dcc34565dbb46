"""Check the shape of the code: short functions, telling names, writes and clocks in their places.

A function has at most 60 lines.  A variable is the noun that it holds: `one`, `found` and `said`
are none.  A line of a template has at most 120 columns.  In the web a row is written by a module of
actions (or the steps that only actions call), and the clock is read at the edge: what is asked
later is asked of the same moment.  A line of each fault is printed.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.page import ROOT

MOST_LINES = 60
MOST_COLUMNS = 120
EMPTY_NAMES = frozenset({"one", "found", "said"})
#: Modules that write rows, and the steps of acceptance and of the log that only they call.
WRITERS = re.compile(r"(\w+_)?(actions|persist)|bulk|raw_cursor|snapshot")
WRITES = frozenset(
    (
        "create",
        "bulk_create",
        "get_or_create",
        "update_or_create",
        "update",
        "bulk_update",
        "delete",
    )
)
#: Pages, commands, jobs, and what runs before or beside them; `access` only where nobody says when.
EDGE = re.compile(r"views(_\w+)?|context|permission|locks|sessions|jobs|worker|warmup|rsgi|access")
CLOCKS = frozenset(("timezone.now()", "timezone.localdate()", "date.today()", "time.time()"))
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
            elif isinstance(node, ast.Call) and "web" in file.parts:
                yield from _misplaced(node, file.stem, name)
            elif _name_of(node) in EMPTY_NAMES and id(node) not in fields:
                yield f"{name}:{getattr(node, 'lineno', 0)}: {_name_of(node)!r} says nothing"
    for file in sorted((root / "src").rglob("*")):
        if "templates" not in file.parts or file.suffix not in TEMPLATES:
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if len(line) > MOST_COLUMNS:
                yield f"{file.relative_to(root).as_posix()}:{number}: {len(line)} columns"


def _misplaced(call: ast.Call, module: str, name: str) -> Iterator[str]:
    """Yield a line for a write or a look at the clock that stands in a wrong module."""
    text = ast.unparse(call)
    if text in CLOCKS and not EDGE.fullmatch(module):
        yield f"{name}:{call.lineno}: {text} is asked below the edge"
    if not isinstance(call.func, ast.Attribute) or WRITERS.fullmatch(module):
        return
    is_manager = re.search(r"\.(objects|_default_manager)\b", ast.unparse(call.func.value))
    if (is_manager and call.func.attr in WRITES) or text.endswith((".save()", ".delete()")):
        yield f"{name}:{call.lineno}: {call.func.attr} is a write outside actions"


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
    for line in lines:
        print(line)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
