"""``taizhang units import | list | show | tree``: units through time."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from taizhang.cli.arguments import day
from taizhang.cli.code import UnitAskCode
from taizhang.cli.context import acting_user, now, open_instance, today
from taizhang.cli.files import file_read
from taizhang.cli.language import _
from taizhang.cli.output import fail, issues_json, say, show, show_json, warn
from taizhang.cli.parser import Subparsers, add_command, add_group
from taizhang.core.base.issue import Issue
from taizhang.core.unit.tree import History, Tree, Unit, UnitLevel


def register(subparsers: Subparsers) -> None:
    """Add the commands."""
    group = add_group(subparsers, "units", _("Units through time"))
    imports = add_command(
        group, "import", _("Add units and their changes from CSV files"), run_import
    )
    imports.add_argument(
        "file",
        type=Path,
        nargs="?",
        metavar="FILE.csv",
        help=_(
            "columns code,name,level,kind,parent,valid_from,valid_to; a code has 12 digits and "
            "does not begin with 0"
        ),
    )
    imports.add_argument(
        "--changes",
        type=Path,
        metavar="CHANGES.csv",
        help=_("columns date,change,from,to; change is merge, split, rename or recode"),
    )
    imports.add_argument(
        "--bodies",
        type=Path,
        metavar="BODIES.csv",
        help=_("columns code,name,kind,parent,may_record,may_own,valid_from,valid_to"),
    )
    listing = add_command(group, "list", _("List units of a day"), run_list, prints=True)
    listing.add_argument("--below", metavar="CODE", help=_("this unit and those below it"))
    listing.add_argument("--level", choices=[level.value for level in UnitLevel])
    listing.add_argument("--all", action="store_true", help=_("every row of every day"))
    tree = add_command(group, "tree", _("Draw the tree of a day"), run_tree)
    tree.add_argument("code", nargs="?", metavar="CODE", help=_("from this unit down"))
    shown = add_command(group, "show", _("Show a unit and all that became of it"), run_show)
    shown.add_argument("code", metavar="CODE")
    for command in (listing, tree, shown):
        command.add_argument("--day", type=day, metavar="DATE", help=_("the tree's day (today)"))


def run_import(args: argparse.Namespace) -> None:
    """Import a units file, all or nothing."""
    open_instance(args.home)
    from taizhang.web.units.actions import File, units_import

    def read(path: Path) -> File:
        return File(name=str(path), data=file_read(path))

    done = units_import(
        units=args.file and read(args.file),
        changes=args.changes and read(args.changes),
        bodies=args.bodies and read(args.bodies),
        acting_user=acting_user(args),
        now=now(),
    )
    warn(done.notes)
    counts = {
        "added": done.added,
        "ended": done.ended,
        "corrected": done.corrected,
        "changes": done.changes,
        "bodies": done.bodies,
    }
    if args.format == "json":
        show_json({**counts, **issues_json(done.notes)})
    else:
        sentence = _(
            "%(added)s units added, %(ended)s ended, %(corrected)s names corrected, %(changes)s "
            "changes added, %(bodies)s bodies."
        )
        say(sentence % counts)


def run_list(args: argparse.Namespace) -> None:
    """List units."""
    history = _history(args.home)
    tree = history.tree(args.day or today())
    units: Iterable[Unit] = history.units if args.all else tree.units.values()
    if args.below:
        _known(history, args.below)
        inside = tree.homes(args.below)
        units = [unit for unit in units if unit.code in inside]
    rows = [_row(unit) for unit in units if args.level in (None, unit.level)]
    headings = {
        "code": _("Code"),
        "name": _("Name"),
        "level": _("Level"),
        "kind": _("Kind"),
        "parent": _("Parent"),
        "valid_from": _("From"),
        "valid_to": _("To"),
    }
    show(args.format, headings, rows, {"units": rows})


def run_tree(args: argparse.Namespace) -> None:
    """Draw the tree of a day."""
    history = _history(args.home)
    tree = history.tree(args.day or today())
    if args.code:
        _known(history, args.code)
    top = tree.unit(args.code) if args.code else None
    tops = tree.tops if args.code is None else (top,) if top else ()
    if args.format == "json":
        show_json({"day": tree.day, "units": [_branch(tree, unit) for unit in tops]})
        return
    for top in tops:
        for unit in tree.below(top.code):
            depth = len(tree.ancestors(unit.code)) - len(tree.ancestors(top.code))
            say(f"{'  ' * depth}{unit.code} {unit.name}")


def run_show(args: argparse.Namespace) -> None:
    """Show the rows of a code, its changes, and where its facts go on a day."""
    history = _history(args.home)
    _known(history, args.code)
    on = args.day or today()
    tree = history.tree(on)
    rows = [_row(unit) for unit in history.units if unit.code == args.code]
    changes: list[dict[str, Any]] = [
        {
            "date": change.date,
            "change": change.kind.value,
            "from": list(change.sources),
            "to": list(change.targets),
        }
        for change in history.changes
        if args.code in (*change.sources, *change.targets)
    ]
    ancestors = tree.ancestors(args.code)
    below = [unit.code for unit in tree.children(args.code)]
    document = {
        "code": args.code,
        "day": on,
        "rows": rows,
        "changes": changes,
        "ancestors": ancestors,
        "children": below,
        "homes": dict(tree.homes(args.code)),
    }
    if args.format == "json":
        show_json(document)
        return
    for row in rows:
        days = f"{row['valid_from'] or '…'} – {row['valid_to'] or '…'}"
        say(f"{row['code']} {row['name']} ({row['kind']}) {days}")
    for change in changes:
        sides = f"{' '.join(change['from'])} → {' '.join(change['to'])}"
        say(f"{change['date']} {change['change']} {sides}")
    say(_("On %(day)s below: %(above)s") % {"day": on, "above": " < ".join(ancestors) or "-"})
    say(_("Right below it: %(below)s") % {"below": " ".join(below) or "-"})


def _history(home: Path) -> History:
    open_instance(home)
    from taizhang.web.units import queries

    return queries.history()


def _known(history: History, code: str) -> None:
    if not history.rows(code):
        fail([Issue(UnitAskCode.UNITASK_001, facts={"code": code})])


def _row(unit: Unit) -> dict[str, Any]:
    days: dict[str, date | None] = {"valid_from": unit.valid_from, "valid_to": unit.valid_to}
    return {
        "code": unit.code,
        "name": unit.name,
        "level": unit.level.value,
        "kind": unit.kind,
        "parent": unit.parent,
        **days,
    }


def _branch(tree: Tree, unit: Unit) -> dict[str, Any]:
    below = [_branch(tree, child) for child in tree.children(unit.code)]
    return {**_row(unit), "children": below}
