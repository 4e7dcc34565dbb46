"""Write the tables of docs/reference/formula.md from the code:
`python -m tools.formula_page [--check]`.

The text around them is written by hand; what stands between the markers is not.
"""

import sys
from pathlib import Path

from taizhang.core.formula import FUNCTIONS
from taizhang.core.indicator.words import FLAGS, Words

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "formula.md"

#: Arguments that show what a flag with one looks like.
ARGUMENTS = {
    "to_date": "2026-05-10",
    "of": "78/94",
    "incomplete": "78/94",
    "moved": "12",
    "split": "3",
}


def functions() -> str:
    """This function will give the table of functions."""
    rows = ["| function | gives | does |", "|---|---|---|"]
    for one in FUNCTIONS.values():
        rows.append(f"| `{one.example}` | {one.gives} | {one.does} |")
    return "\n".join(rows)


def flags() -> str:
    """This function will give the table of flags."""
    rows = ["| flag | 中文 | English |", "|---|---|---|"]
    chinese, english = Words("zh-hans"), Words("en")
    for name in FLAGS:
        flag = f"{name} {ARGUMENTS[name]}" if name in ARGUMENTS else name
        rows.append(f"| `{flag}` | {chinese.flag(flag)} | {english.flag(flag)} |")
    return "\n".join(rows)


def written(text: str) -> str:
    """This function will put the tables between their markers.

    :raises ValueError: if a marker is missing
    """
    for name, table in (("functions", functions()), ("flags", flags())):
        start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        before, found, rest = text.partition(start)
        _, closed, after = rest.partition(end)
        if not found or not closed:
            raise ValueError(f"{PAGE.name} lacks {start} … {end}")
        text = f"{before}{start}\n{table}\n{end}{after}"
    return text


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    text = PAGE.read_text(encoding="utf-8")
    wanted = written(text)
    if not arguments:
        PAGE.write_text(wanted, encoding="utf-8")
    elif text != wanted:
        print(f"{PAGE.relative_to(ROOT)} is behind; run python -m tools.formula_page")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
