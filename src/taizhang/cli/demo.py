"""``taizhang demo DIR``: the demonstration instance."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from taizhang.cli.language import _
from taizhang.cli.output import say, show, show_json
from taizhang.cli.parser import Subparsers, add_command
from taizhang.demo.people import PASSWORD, PEOPLE, people_there


def register(subparsers: Subparsers) -> None:
    """Add the command."""
    command = add_command(
        subparsers,
        "demo",
        _("Make the demonstration: the real tree of 月湖区 with made-up records"),
        run,
        home=False,
    )
    command.add_argument("directory", type=Path, metavar="DIR", help=_("new or empty folder"))


def run(args: argparse.Namespace) -> None:
    """Make the demonstration in a new folder."""
    from taizhang.demo.instance import demo_make

    made = demo_make(args.directory, _progress if sys.stderr.isatty() else lambda done, of: None)
    counts = {
        "units": made.units,
        "records": made.records,
        "facts": made.facts,
        "closings": made.closings,
    }
    if args.format == "json":
        show_json(
            {**counts, "people": [person.username for person in PEOPLE], "password": PASSWORD}
        )
    else:
        sentence = _("%(units)s units, %(records)s made-up records, %(facts)s facts in %(home)s.")
        say(sentence % {**counts, "home": args.directory})
        people_show()


def people_show() -> None:
    """Print who can log in to the demonstration at work, if it is one."""
    there = people_there()
    if not there:
        return
    sentence = _("Made-up people who can log in, each with the password %(password)s:")
    say(sentence % {"password": PASSWORD})
    columns = {"name": _("name"), "role": _("role"), "unit": _("unit")}
    rows = [
        {"name": person.username, "role": role, "unit": person.unit or _("whole instance")}
        for person, role in there
    ]
    show("table", columns, rows)


def _progress(done: int, total: int) -> None:
    end = "\n" if done == total else ""
    print(f"\r{done}/{total}", end=end, file=sys.stderr, flush=True)
