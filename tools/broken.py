"""Break each named rule on purpose, in a copy of the tree, and see that its tests fail.

`python -m tools.broken [FILE …]`.  ``tests/broken/*.yaml`` lists rules: the sentence that the rule
says, the text of the source that holds it, the text that breaks it, and the tests that must fail.
``tools.mutants`` draws its faults; these are chosen, one for each rule that figures rest on.
"""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from tools.mutants import ROOT, copied, run

LISTS = ROOT / "tests" / "broken"
SECONDS = 600


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A rule, where it stands, how it is broken, and the tests that must then fail."""

    rule: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def wrong(self) -> str:
        """Say what is wrong with the entry itself; blank where nothing is."""
        path = ROOT / self.file
        if not path.is_file():
            return f"{self.file} is not there"
        times = path.read_text(encoding="utf-8").count(self.old)
        if times != 1:
            return f"its text stands {times} times in {self.file}"
        if self.old == self.new or not self.tests:
            return "it changes nothing or names no test"
        for test in self.tests:
            file, _, name = test.partition("::")
            source = ROOT / file
            function = name.partition("[")[0]
            if not source.is_file() or f"def {function}(" not in source.read_text("utf-8"):
                return f"{test} is not there"
        return ""

    def outcomes(self, tree: Path) -> Iterator[tuple[str, str]]:
        """Give how each of its tests ends in a copy of the tree where the rule is broken."""
        path = tree / self.file
        source = path.read_text(encoding="utf-8")
        path.write_text(source.replace(self.old, self.new), encoding="utf-8")
        try:
            for test in self.tests:
                yield test, run(tree, [test], SECONDS)[0]
        finally:
            path.write_text(source, encoding="utf-8")


def listed(files: list[Path]) -> list[BrokenRule]:
    """Read the rules of the files, in order."""
    return [
        BrokenRule(**{**entry, "tests": tuple(entry["tests"])})
        for file in files
        for entry in YAML(typ="safe").load(file)
    ]


def main(arguments: list[str]) -> int:
    """Try each rule; 1 where an entry is wrong or a test passes though its rule is broken."""
    files = [Path(argument) for argument in arguments] or sorted(LISTS.glob("*.yaml"))
    rules = listed(files)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="tz-broken-") as folder:
        tree = copied(Path(folder))
        for rule in rules:
            wrong = rule.wrong()
            ends = [] if wrong else list(rule.outcomes(tree))
            passed = [f"{test} {end}" for test, end in ends if end != "killed"]
            failed += bool(wrong or passed)
            print(f"{'FAILED' if wrong or passed else 'killed'} {rule.rule}", flush=True)
            for line in (*passed, *([wrong] if wrong else [])):
                print(f"       {line}", flush=True)
    print(f"{len(rules) - failed} of {len(rules)} broken rules were noticed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
