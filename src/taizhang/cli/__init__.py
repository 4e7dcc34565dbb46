"""The command line: ``taizhang GROUP COMMAND …``."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from taizhang import __version__
from taizhang.cli import output
from taizhang.cli.language import _
from taizhang.core.base.issue import Refused

#: Modules of this package; each has ``register(subparsers)``.  Heavy imports (django, duckdb,
#: ibis) stand inside handlers, so that ``taizhang --help`` answers at once.
GROUPS = (
    "instance",
    "people",
    "units",
    "pack",
    "records",
    "closings",
    "cases",
    "things",
    "working_day",
    "facts",
    "figures",
    "audit",
    "write",
    "fill",
    "demo",
    "score",
    "plan",
    "read",
)


def parser_make() -> argparse.ArgumentParser:
    """Build the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="taizhang",
        description=_("Record community work once; read every figure and document from it."),
    )
    parser.add_argument("--version", action="version", version=f"taizhang {__version__}")
    subparsers = parser.add_subparsers(dest="group", metavar=_("COMMAND"), required=True)
    for group in GROUPS:
        import_module(f"taizhang.cli.{group}").register(subparsers)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code: 0 done, 1 refused with issues, 2 wrong usage."""
    try:
        args = parser_make().parse_args(arguments)
    except SystemExit as end:  # argparse ends --help with 0 and wrong usage with 2
        return end.code if isinstance(end.code, int) else 2
    except Refused as refused:  # an option that can be read, yet asks for too much
        output.warn(refused.issues)
        return 1
    # A command builds many objects, keeps them and ends: looking for rubbish as often as Python
    # does costs a tenth of its time.
    gc.set_threshold(100_000, 20, 100)
    try:
        code: int | None = args.run(args)
        sys.stdout.flush()
        return code or 0
    except Refused as refused:
        output.warn(refused.issues)
        if args.format == "json":
            output.show_json(output.issues_json(refused.issues))
        return 1
    except BrokenPipeError:
        # The reader (`head`) went away; Python would complain again when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
