"""How a command group adds its commands, so that every command has the same common options."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from taizhang.cli.language import _

#: A handler may return an exit code; ``None`` is 0.  Problems are raised as ``Refused``.
Handler = Callable[[argparse.Namespace], "int | None"]
Subparsers = Any  # argparse keeps the type private
FORMATS = ("table", "json", "csv")


def add_group(subparsers: Subparsers, name: str, summary: str) -> Subparsers:
    """Add a group such as ``units`` and give the place where its commands are added."""
    parser = subparsers.add_parser(name, help=summary, description=summary)
    return parser.add_subparsers(dest="command", metavar=_("COMMAND"), required=True)


def add_command(
    subparsers: Subparsers,
    name: str,
    summary: str,
    run: Handler,
    *,
    home: bool = True,
    prints: bool = False,
) -> argparse.ArgumentParser:
    """Add one command.

    :param home: it works on an instance: adds ``--home`` (``args.home``) and ``--as``
        (``args.user``)
    :param prints: it prints data: adds ``--format table|json|csv`` (``args.format``)
    """
    parser: argparse.ArgumentParser = subparsers.add_parser(name, help=summary, description=summary)
    if home:
        parser.add_argument(
            "--home",
            type=Path,
            metavar="DIR",
            default=Path(os.environ.get("TAIZHANG_HOME") or "taizhang-data"),
            help=_("folder of the instance (TAIZHANG_HOME, else ./taizhang-data)"),
        )
        parser.add_argument(
            "--as", dest="user", metavar="USER", help=_("act as this user (the local owner)")
        )
    choices = FORMATS if prints else ("table", "json")
    parser.add_argument(
        "--format", choices=choices, default="table", help=_("how to print (table)")
    )
    parser.set_defaults(run=run)
    return parser
