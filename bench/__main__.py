"""`script/bench [--json] [ROW…]`: the rows of docs/reference/benchmarks.md."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Generator
from importlib import import_module
from typing import Any

from bench.cannot import CannotRunError

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
EXTRAS = ("home", "cases", "command", "province", "spark", "workbook")
#: Those whose size ``--facts`` sets.
OF_FACTS = ("rollup", "page")
MODULES = tuple(module for modules in ROWS.values() for module in modules) + EXTRAS
#: How one row is measured in a process of its own; its name follows.
ONE = [sys.executable, "-m", "bench", "--one"]
#: Status of a run that somebody stopped (128 + SIGINT).
INTERRUPTED = 130


def main() -> int:
    """Run the rows asked for, each in a process of its own, and print each as it is measured.

    A row that cannot run is named with its reason and costs no other.  The status is 1 where a row
    failed, 0 where this machine only lacks a program for one.
    """
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
        print(json.dumps(alone(args.one, size), ensure_ascii=False))
        return 0
    unknown = [row for row in args.rows if row not in ROWS and row not in MODULES]
    if unknown:
        parser.error(f"no such row: {', '.join(unknown)}")
    wanted = [module for row in args.rows or ROWS for module in ROWS.get(row, (row,))]
    write = json_rows() if args.json else text_rows()
    next(write)
    failed = False
    left = list(dict.fromkeys(wanted))
    try:
        while left:
            print(f"… {left[0]}", file=sys.stderr, flush=True)
            result = measured(left[0], args.facts)
            failed |= result["failed"]
            write.send({"row": row_of(left.pop(0)), **result})
    except KeyboardInterrupt:
        for module in left:
            write.send({"row": row_of(module), **without(module, "interrupted")})
        return INTERRUPTED
    finally:
        write.close()
    return 1 if failed else 0


def row_of(module: str) -> int | None:
    """Give the row of the table that a module measures, if it measures one."""
    return next((int(row) for row, modules in ROWS.items() if module in modules), None)


def json_rows() -> Generator[None, dict[str, Any], None]:
    """Write one document, each row on a line of its own as it comes, and close it in any case."""
    print(f'{{"machine": {json.dumps(machine())}, "rows": [', flush=True)
    before = ""
    try:
        while True:
            row = yield
            print(f"{before}{json.dumps(row, ensure_ascii=False)}", end="", flush=True)
            before = ",\n"
    finally:
        print("\n]}", flush=True)


def text_rows() -> Generator[None, dict[str, Any], None]:
    """Write a line for each row as it comes."""
    while True:
        print(line((yield)), flush=True)


def alone(module: str, size: dict[str, int]) -> dict[str, Any]:
    """Measure one module in this process; whatever it runs into is what it says."""
    try:
        found: dict[str, Any] = import_module(f"bench.{module}").run(**size)
    except CannotRunError as error:
        return without(module, str(error))
    except Exception as error:
        traceback.print_exc()
        why = f"{type(error).__name__}: {error}".strip().splitlines()[0]
        return without(module, why, failed=True)
    return {**found, "cannot": None, "failed": False}


def without(module: str, why: str, *, failed: bool = False) -> dict[str, Any]:
    """Give what stands in the place of a row that has no figures; ``failed`` where it should."""
    none = dict.fromkeys(("ours", "baseline", "ratio", "bar", "met"))
    return {"name": module, **none, "note": "", "cannot": why, "failed": failed}


def measured(module: str, facts: int | None) -> dict[str, Any]:
    """Run one module in a fresh process: no cache of one row helps another, no fall costs one."""
    command = [*ONE, module, *(["--facts", str(facts)] if facts else [])]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    said = done.stdout.splitlines()
    if done.returncode == 0 and said:
        result: dict[str, Any] = json.loads(said[-1])
        return result
    ended = (
        f"ended by signal {-done.returncode}" if done.returncode < 0 else "ended without figures"
    )
    return without(module, ended, failed=True)


def machine() -> dict[str, int]:
    """Say how large the machine is, and nothing else about it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"cores": os.cpu_count() or 0, "memory_gib": round(memory / 2**30)}


def line(result: dict[str, Any]) -> str:
    """Give one result as a line for people."""
    row = "–" if result["row"] is None else result["row"]
    if result["cannot"] is not None:
        return f"{row}  {result['name']}: NOT MEASURED — {result['cannot']}"
    baseline = "" if result["baseline"] is None else f", baseline {result['baseline']}"
    ratio = "" if result["ratio"] is None else f", ratio {result['ratio']}"
    bar = ""
    if result["bar"] is not None:
        bar = f" ({result['bar']}: {'met' if result['met'] else 'NOT MET'})"
    return f"{row}  {result['name']}: {result['ours']}{baseline}{ratio}{bar} — {result['note']}"


if __name__ == "__main__":
    sys.exit(main())
