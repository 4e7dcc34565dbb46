"""Check the documents: relative links lead to files, named scripts and modules exist."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
SCRIPT = re.compile(r"(?<![\w/.])(script/[a-z]+|\.ci/[a-z]+)")
MODULE = re.compile(r"`([\w-]+(?:/[\w-]+)+\.py)`")
#: A module is named from the root, from the package, from its apps, or beside the page.
ABOVE_MODULES = ("", "src/taizhang", "src/taizhang/web")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
OUTSIDE = ("http://", "https://", "mailto:", "#")


def documents(root: Path) -> list[Path]:
    """This function will list the Markdown files that git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", "*.md"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = (root / name for name in listed.split("\0") if name)
    return sorted(path for path in paths if path.exists())


def problems(path: Path, root: Path) -> Iterator[str]:
    """This function will yield one line for each link, script and module that is not there."""
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(root)
    for match in LINK.finditer(FENCE.sub("", text)):
        target = match[1]
        if target.startswith(OUTSIDE):
            continue
        file = (path.parent / target.partition("#")[0]).resolve()
        if not file.exists():
            yield f"{name}: the link to {target} leads nowhere"
    for match in SCRIPT.finditer(text):
        if not (root / match[1]).exists():
            yield f"{name}: {match[1]} does not exist"
    for match in MODULE.finditer(text):
        above = (path.parent, *(root / folder for folder in ABOVE_MODULES))
        if not any((folder / match[1]).exists() for folder in above):
            yield f"{name}: {match[1]} does not exist"


def main() -> int:
    found = [
        line
        for path in documents(ROOT)
        if "tests/errors" not in path.as_posix() and "/forms/" not in path.as_posix()
        for line in problems(path, ROOT)
    ]
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
