"""Proves where each row lives and writes the page: `python -m tests.coverage [--all]`.

`--all` takes every element out of a copy of its pack, one at a time (some minutes), and keeps what
failed in `proofs.yaml`; without it only what is new is taken out.
"""

from __future__ import annotations

import os
import sys

from tests.coverage.page import (
    PAGE,
    PROOFS,
    counts,
    elements,
    page,
    proofs,
    proofs_write,
    rows,
)
from tests.coverage.proof import prove_all


def main(arguments: list[str]) -> int:
    """This function will prove, write proofs and page, and print the counts."""
    all_rows = rows()
    wanted = elements(all_rows)
    kept = {} if "--all" in arguments or not PROOFS.exists() else proofs()
    found = {one: kept[one] for one in wanted if kept.get(one)}
    new = [one for one in wanted if one not in found]
    try:
        for path, failed in prove_all(new, os.cpu_count() or 1):
            if failed:
                found[path] = failed
            else:
                sys.stderr.write(f"{path}: nothing fails without it\n")
    finally:
        proofs_write(found)
    PAGE.write_text(page(all_rows, found), encoding="utf-8")
    for name, number in counts(all_rows, found).items():
        sys.stdout.write(f"{name}: {number}\n")
    return 0 if len(found) == len(wanted) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
