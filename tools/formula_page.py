"""Write the tables of docs/reference/formula.md from the code:
`python -m tools.formula_page [--check]`.

The text around them is written by hand; what stands between the markers is not.
"""

import sys

from taizhang.core.base.figure import Flag
from taizhang.core.formula import FUNCTIONS
from taizhang.core.text.flag import FLAG_TEXTS, flag_sentence
from tools.page import ROOT, page_run

PAGE = ROOT / "docs" / "reference" / "formula.md"

#: Arguments that show what a flag with one looks like.
ARGUMENTS = {
    "to_date": "2026-05-10",
    "of": "78/94",
    "incomplete": "78/94",
    "moved": "12",
    "split": "3",
    "joined": "2",
    "left": "1",
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
    for name in FLAG_TEXTS:
        flag = Flag(name, ARGUMENTS.get(name, ""))
        rows.append(f"| `{flag}` | {flag_sentence(flag, 'zh')} | {flag_sentence(flag, 'en')} |")
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
    return page_run(arguments, __doc__, PAGE, lambda: written(PAGE.read_text(encoding="utf-8")))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
