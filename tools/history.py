"""Check the commits: a subject `room: what` of at most 72 characters, and a body that says why.

Commits before the check began are left as they are.  Where there is no history (an unpacked
archive, a shallow clone) there is nothing to check.
"""

import re
import subprocess
import sys
from collections.abc import Iterator

from tools.page import ROOT

#: The last commit before the check began.
BEFORE = "8d7f1cb20414132e75a90803360515df070e30aa"
MOST_COLUMNS = 72
SUBJECT = re.compile(r"[a-z][a-z_./ -]*(, [a-z_./-]+)*: \S.*")
#: Hash, subject and body, apart by separators of fields, and of records between commits.
FORMAT = "--format=%h%x1f%s%x1f%b%x1e"


def problems(log: str) -> Iterator[str]:
    """Yield a line for each fault of commits, printed by the format below."""
    for commit in filter(str.strip, log.split("\x1e")):
        digest, subject, body = commit.strip("\n").split("\x1f")
        if len(subject) > MOST_COLUMNS:
            yield f"{digest}: a subject of {len(subject)} characters: {subject}"
        if not SUBJECT.fullmatch(subject):
            yield f"{digest}: the subject names no room: {subject}"
        if not body.strip():
            yield f"{digest}: no body says why: {subject}"


def main() -> int:
    done = subprocess.run(
        ["git", "log", "--no-merges", FORMAT, f"{BEFORE}..HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = list(problems(done.stdout)) if done.returncode == 0 else []
    for line in lines:
        print(line)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
