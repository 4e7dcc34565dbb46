"""What the command of every reference page does: write it, or say with --check that it is behind.

The page `docs/…/NAME.md` is made by `tools/NAME_page.py`, which script/check finds by that name.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def page_run(
    arguments: Sequence[str],
    usage: str | None,
    file: Path,
    page: Callable[[], str],
    problems: Sequence[str] = (),
) -> int:
    """This function will write the page or compare it, and give the exit status.

    `problems` are other faults that were found on the way: printed, and a failure.
    """
    if list(arguments) not in ([], ["--check"]):
        print(usage, file=sys.stderr)
        return 2
    wrong = list(problems)
    text = page()
    if not arguments:
        file.write_text(text, encoding="utf-8")
    elif not file.exists() or file.read_text(encoding="utf-8") != text:
        wrong.append(f"{file.relative_to(ROOT)} is behind; run python -m tools.{file.stem}_page")
    for line in wrong:
        print(line)
    return 1 if wrong else 0
