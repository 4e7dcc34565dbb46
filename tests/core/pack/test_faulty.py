"""Whatever an author mistypes, a pack is read to issues and never to a crash."""

import random
from pathlib import Path

import pytest

from taizhang.core.base.issue import errors
from taizhang.core.pack.examine import faults, shipped_folder
from taizhang.core.pack.load import load, read
from taizhang.core.pack.test_runner import run

SKELETON = Path(__file__).resolve().parents[3] / "src" / "taizhang" / "cli" / "skeleton"
FILES = {
    path.relative_to(SKELETON).as_posix(): path.read_text(encoding="utf-8").replace("KEY", "waste")
    for path in sorted(SKELETON.rglob("*"))
    if path.is_file()
}
COMMON, _ = load(shipped_folder() / "common")
SLIPS = (
    'null [] {} no -1 1e9 "x" 人 :: | {{ }} ${x} norm( ( ) 2026-13-01 a.b.c ~ 1/0 0.00001 true '
    "- key: \x00 each:"
).split(" ")


def mistyped(slips: random.Random) -> dict[str, bytes]:
    """Give the files of the skeleton with one to three slips of the hand."""
    files = dict(FILES)
    for _ in range(slips.randint(1, 3)):
        name = slips.choice(sorted(files))
        lines = files[name].split("\n")
        at = slips.randrange(len(lines))
        line = lines[at]
        place = slips.randrange(len(line) + 1)
        slip = slips.choice(SLIPS)
        lines[at : at + 1] = slips.choice(
            [
                [],
                [line, slips.choice(lines)],
                [line[:place] + slip + line[place:]],
                [line[:place] + line[place + 1 :]],
                [" ".join(slips.choice((word, word, slip)) for word in line.split(" "))],
            ]
        )
        files[name] = "\n".join(lines)
    return {name: text.encode() for name, text in files.items()}


@pytest.mark.parametrize("seed", range(40))
def test_slips_of_the_hand_become_issues(seed: int) -> None:
    assert COMMON is not None
    slips = random.Random(seed)  # noqa: S311 - the same slips in every run
    for _ in range(3):
        reading = read(mistyped(slips))
        issues = reading.issues + faults(reading, (COMMON,))
        assert all(issue.line() for issue in issues)
        if not errors(issues) and reading.pack is not None:
            for outcome in run(reading.pack, (COMMON,)):
                assert all(issue.line() for issue in outcome.issues)
