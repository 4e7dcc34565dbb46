"""`script/bench [--json] [ROW…]`: the rows of docs/reference/benchmarks.md."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from importlib import import_module
from typing import Any

#: Row of docs/reference/benchmarks.md → modules of this package, each with ``run() -> dict``.
ROWS = {
    "1": ("rollup",),
    "2": ("page",),
    "3": ("accept",),
    "4": ("importing",),
    "6": ("document", "score"),
    "7": ("form",),
}
#: Measured on demand, each with a bar of its own; Spark has none.
EXTRAS = ("home", "command", "province", "spark")
#: Those whose size ``--facts`` sets.
OF_FACTS = ("rollup", "page")
MODULES = tuple(module for modules in ROWS.values() for module in modules) + EXTRAS


def main() -> int:
    """Run the rows asked for, each in a process of its own, and print what was measured."""
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "rows", nargs="*", metavar="ROW", help=f"{', '.join(ROWS)} or {', '.join(MODULES)}; all"
    )
    parser.add_argument("--facts", type=int, metavar="N", help="facts of rows 1 and 2 (10,000,000)")
    parser.add_argument("--one", choices=MODULES, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        size = {"count": args.facts} if args.facts and args.one in OF_FACTS else {}
        print(json.dumps(import_module(f"bench.{args.one}").run(**size), ensure_ascii=False))
        return 0
    unknown = [row for row in args.rows if row not in ROWS and row not in MODULES]
    if unknown:
        parser.error(f"no such row: {', '.join(unknown)}")
    wanted = [module for row in args.rows or ROWS for module in ROWS.get(row, (row,))]
    results = []
    for module in dict.fromkeys(wanted):
        print(f"… {module}", file=sys.stderr, flush=True)
        results.append({"row": row_of(module), **measured(module, args.facts)})
    if args.json:
        document = {"machine": machine(), "rows": results}
        print(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for result in results:
            print(line(result))
    return 0


def row_of(module: str) -> int | None:
    """Give the row of the table that a module measures, if it measures one."""
    return next((int(row) for row, modules in ROWS.items() if module in modules), None)


def measured(module: str, facts: int | None) -> dict[str, Any]:
    """Run one module in a fresh process: no cache of one row helps another."""
    command = [sys.executable, "-m", "bench", "--one", module]
    command += ["--facts", str(facts)] if facts else []
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def machine() -> dict[str, int]:
    """Say how large the machine is, and nothing else about it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"cores": os.cpu_count() or 0, "memory_gib": round(memory / 2**30)}


def line(result: dict[str, Any]) -> str:
    """Give one result as a line for people."""
    baseline = "" if result["baseline"] is None else f", baseline {result['baseline']}"
    ratio = "" if result["ratio"] is None else f", ratio {result['ratio']}"
    bar = ""
    if result["bar"] is not None:
        bar = f" ({result['bar']}: {'met' if result['met'] else 'NOT MET'})"
    row = "–" if result["row"] is None else result["row"]
    return f"{row}  {result['name']}: {result['ours']}{baseline}{ratio}{bar} — {result['note']}"


if __name__ == "__main__":
    sys.exit(main())
