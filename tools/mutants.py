"""Draw small faults by a seed, put each into a copy of the tree, and see whether tests notice.

`python -m tools.mutants [--seed N] [--count N] [--under FOLDER] [--list] [--only PLACE]`.  A mutant
is one operator, number, condition, statement or word of the source changed; the tests of its room,
and those that import its module, run one after the other until one fails.  Whoever finds a survivor
adds a test for its kind, or shows that the program does the same with it.
"""

import argparse
import ast
import difflib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE, TESTS = Path("src/taizhang"), Path("tests")
ROOMS = ("core", "web", "figures", "documents")
#: Not drawn: what Django writes, and the messages, which tests of their own read.
LEFT_OUT = ("migrations", "code.py", "_code.py", "message.py", "settings.py", "__init__.py")
#: What a copy of the tree needs; the rest is linked.
COPIED = ("src", "tests", "tools", "bench")
SWAPPED: dict[type[ast.AST], str] = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
    ast.Add: "-", ast.Sub: "+", ast.Mult: "+", ast.Div: "*", ast.FloorDiv: "*", ast.Mod: "+",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one file: what stands from ``start`` to ``end`` (bytes) becomes ``text``."""

    file: Path
    line: int
    kind: str
    start: int
    end: int
    text: str

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}:{self.start}"

    def source(self, data: bytes) -> bytes:
        return data[: self.start] + self.text.encode() + data[self.end :]


class _Finder(ast.NodeVisitor):
    """Gathers the mutants of a file."""

    def __init__(self, file: Path, data: bytes) -> None:
        self.file, self.data = file, data
        self.found: list[Mutant] = []
        self.lines = [0]
        for line in data.splitlines(keepends=True):
            self.lines.append(self.lines[-1] + len(line))

    def _span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        start = self.lines[node.lineno - 1] + node.col_offset
        return start, self.lines[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)

    def _text(self, node: ast.expr) -> str:
        start, end = self._span(node)
        return self.data[start:end].decode()

    def _put(self, kind: str, node: ast.expr | ast.stmt, text: str) -> None:
        self.found.append(Mutant(self.file, node.lineno, kind, *self._span(node), text))

    def visit_Compare(self, node: ast.Compare) -> None:
        parts = [self._text(part) for part in (node.left, *node.comparators)]
        for at, operator in enumerate(node.ops):
            words = [_WRITTEN[type(one)] for one in node.ops]
            words[at] = SWAPPED[type(operator)]
            rest = " ".join(f"{word} {part}" for word, part in zip(words, parts[1:], strict=True))
            self._put("comparison", node, f"({parts[0]} {rest})")
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        word = " or " if isinstance(node.op, ast.And) else " and "
        self._put("and/or", node, f"({word.join(f'({self._text(one)})' for one in node.values)})")
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            self._put("not", node, f"({self._text(node.operand)})")
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if type(node.op) in SWAPPED and not isinstance(node.left, ast.Constant | ast.JoinedStr):
            left, right = self._text(node.left), self._text(node.right)
            self._put("arithmetic", node, f"({left} {SWAPPED[type(node.op)]} {right})")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, bool):
            self._put("truth", node, str(not node.value))
        elif isinstance(node.value, int):
            self._put("number", node, f"({node.value} + 1)")

    def visit_If(self, node: ast.If) -> None:
        self._put("condition", node.test, f"(not ({self._text(node.test)}))")
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._put("condition", node.test, f"(not ({self._text(node.test)}))")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if len(node.args) > 1:
            first, second = node.args[:2]
            start, end = self._span(first)[0], self._span(second)[1]
            text = f"{self._text(second)}, {self._text(first)}"
            self.found.append(Mutant(self.file, node.lineno, "arguments", start, end, text))
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        value = node.value
        if value is not None and not (isinstance(value, ast.Constant) and value.value is None):
            self._put("return", value, "None")
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            self._put("words", value, repr(f"{value.value}x"))
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring says nothing to the program
            self._put("statement", node, "pass")
            self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._put("statement", node, "pass")
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for statement in (*node.args.defaults, *node.args.kw_defaults, *node.body):
            if statement is not None:
                self.visit(statement)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Leave what stands inside a text: its places in the file are not told before 3.12."""

    def visit_Match(self, node: ast.Match) -> None:
        for case in node.cases:  # patterns are no expressions
            for statement in case.body:
                self.visit(statement)


_WRITTEN = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
    ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip


def mutants_of(file: Path, data: bytes) -> list[Mutant]:
    """Give every mutant of a file; a few may be no Python any more, and are not drawn."""
    finder = _Finder(file, data)
    finder.visit(ast.parse(data))
    return finder.found


def _reads(data: bytes) -> bool:
    try:
        ast.parse(data)
    except SyntaxError:
        return False
    return True


def drawn(seed: int, count: int, under: list[str]) -> list[Mutant]:
    """Draw ``count`` mutants over the rooms by a seed: the same seed, the same mutants."""
    folders = under or [f"{SOURCE}/{room}" for room in ROOMS]
    files = sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))
    every: list[tuple[Path, bytes]] = []
    for file in files:
        name = file.relative_to(ROOT)
        if not any(part in LEFT_OUT or part.endswith("_code.py") for part in name.parts):
            every.append((name, file.read_bytes()))
    # Lines first, so that a file of tables is not drawn more often than one of sentences.
    draw = random.Random(seed)  # noqa: S311 - drawn again by whoever looks at a survivor
    found: list[Mutant] = []
    weights = [data.count(b"\n") for _, data in every]
    while len(found) < count:
        name, data = draw.choices(every, weights)[0]
        here = mutants_of(name, data)
        if here and (one := draw.choice(here)) not in found and _reads(one.source(data)):
            found.append(one)
    return found


def tests_of(file: Path) -> list[str]:
    """Give the tests to run for a module: those that import it first, then those of its room."""
    module = ".".join(file.with_suffix("").parts[1:])
    package, _, name = module.rpartition(".")
    room, mirror = TESTS.joinpath(*file.parts[2:-1]), ""
    while not (ROOT / room).is_dir():  # tests of a small package stand in files named after it
        room, mirror = room.parent, room.name
    stem = name.rstrip("s")
    beside = [
        test.relative_to(ROOT)
        for test in sorted((ROOT / room).rglob("test_*.py"))
        if test.stem.startswith(f"test_{mirror}") or stem in test.stem
    ]
    importing = [
        test.relative_to(ROOT)
        for test in sorted((ROOT / TESTS).rglob("test_*.py"))
        if (text := test.read_text(encoding="utf-8"))
        and (f"{module} import" in text or f"{package} import {name}\n" in text)
    ]
    own = [test for test in beside if stem in test.stem]
    return [str(test) for test in dict.fromkeys((*own, *importing, *beside))]


def others_of(file: Path) -> list[str]:
    """Give the other tests of the whole room, which may reach a module by a way round."""
    room = TESTS.joinpath(*file.parts[2:4])
    room = room if (ROOT / room).is_dir() and file.parts[2] == "web" else room.parent
    first = set(tests_of(file))
    every = (str(one.relative_to(ROOT)) for one in sorted((ROOT / room).rglob("test_*.py")))
    return [one for one in every if one not in first]


def tried(mutant: Mutant, tree: Path, seconds: int) -> tuple[str, str]:
    """Run the tests on a mutant in a copy of the tree: how it ends, and the test that failed."""
    file = tree / mutant.file
    data = file.read_bytes()
    file.write_bytes(mutant.source(data))
    try:
        end, failed = run(tree, tests_of(mutant.file), seconds)
        if end == "survived" and (others := others_of(mutant.file)):
            end, failed = run(tree, others, seconds)
        return end, failed
    finally:
        file.write_bytes(data)


def run(tree: Path, tests: list[str], seconds: int) -> tuple[str, str]:
    """Run tests until one fails: killed, survived or timeout, and the file of the test."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-m", "not browser", *tests]
    command += ["-p", "no:cacheprovider", "--no-header", "--tb=no", "-rfE"]
    path = os.pathsep.join([str(tree / "src"), str(tree)])
    env = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    env.pop("DJANGO_SETTINGS_MODULE", None)  # the tree says itself which
    with subprocess.Popen(
        command, cwd=tree, env=env, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return "timeout", ""
    failed = _FAILED.search(said)
    end = "survived" if process.returncode == 0 else "killed"
    return end, failed["file"] if failed else ""


_FAILED = re.compile(r"^(?:FAILED|ERROR) (?P<file>[^\s:]+)", re.MULTILINE)


def copied(folder: Path) -> Path:
    """Make a copy of the tree in which a mutant can stand."""
    tree = folder / "tree"
    tree.mkdir()
    for path in ROOT.iterdir():
        if path.name in COPIED:
            ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
            shutil.copytree(path, tree / path.name, ignore=ignored, symlinks=True)
        elif path.name != ".git":
            (tree / path.name).symlink_to(path)
    return tree


def shown(mutant: Mutant) -> str:
    """Give the change of a mutant as a diff without its heading."""
    before = (ROOT / mutant.file).read_bytes()
    old, new = (data.decode().splitlines() for data in (before, mutant.source(before)))
    return "\n".join([*difflib.unified_diff(old, new, lineterm="", n=0)][3:])


def told(mutants: list[Mutant], seconds: int) -> Iterator[tuple[Mutant, str]]:
    """Try each mutant; where the test that failed does so without it nothing can be said of it."""
    whole: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="tz-mutants-") as folder:
        tree = copied(Path(folder))
        for mutant in mutants:
            end, failed = tried(mutant, tree, seconds)
            if failed and failed not in whole:
                whole[failed], _ = run(tree, [failed], seconds)
            if whole.get(failed, "survived") != "survived":
                end = f"unknown: {failed} fails without it"
            yield mutant, end


def main(arguments: list[str]) -> int:
    """Draw, try, and say what survived; 1 where something did."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutants", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--under", action="append", default=[], metavar="FOLDER")
    parser.add_argument("--timeout", type=int, default=600, metavar="SECONDS")
    parser.add_argument("--list", action="store_true", help="only say which are drawn")
    parser.add_argument("--only", action="append", default=[], metavar="PLACE", help="of the drawn")
    args = parser.parse_args(arguments)
    mutants = drawn(args.seed, args.count, args.under)
    mutants = [one for one in mutants if not args.only or one.place in args.only]
    if args.list:
        for one in mutants:
            print(f"{one.place} {one.kind}\n{shown(one)}")
        return 0
    counted: Counter[str] = Counter()
    for one, end in told(mutants, args.timeout):
        counted[end] += 1
        print(f"{end:9} {one.place} {one.kind}", flush=True)
        if end != "killed":
            print(shown(one), flush=True)
    print(", ".join(f"{count} {end}" for end, count in counted.items()))
    return 0 if set(counted) <= {"killed"} else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
