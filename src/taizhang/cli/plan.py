"""``taizhang plan``: tasks, quotas, due dates and progress of a unit."""

from __future__ import annotations

import argparse
from fractions import Fraction
from typing import Any

from taizhang.cli.arguments import day, period
from taizhang.cli.context import acting_user, now, open_instance
from taizhang.cli.language import _, language
from taizhang.cli.output import show
from taizhang.cli.parser import Subparsers, add_command


def register(subparsers: Subparsers) -> None:
    """Add the command."""
    command = add_command(
        subparsers, "plan", _("Show tasks, quotas, due dates and progress"), run_plan, prints=True
    )
    command.add_argument("--unit", metavar="CODE", required=True)
    command.add_argument("--period", metavar="P", type=period, required=True)
    command.add_argument("--pack", metavar="KEY", help=_("only the plan of this pack"))
    command.add_argument("--as-of", dest="as_of", type=day, metavar="DATE")
    command.add_argument("--tree", type=day, metavar="DATE")


def run_plan(args: argparse.Namespace) -> None:
    """Show the plans of all packs, or of one."""
    open_instance(args.home)
    from taizhang.core.progress.task_progress import plan_of, progress
    from taizhang.web.accounts.access import require
    from taizhang.web.ledger.open_book import open_book

    require(acting_user(args), "plan.read", args.unit)
    book = open_book(as_of=args.as_of, tree=args.tree, language=language(), now=now())
    packs = plan_of(book.programmes, args.pack)
    tasks = [
        (pack.key, task) for pack in packs for task in progress(book, pack, args.unit, args.period)
    ]
    rows: list[dict[str, Any]] = [{"pack": pack, **task.as_json()} for pack, task in tasks]
    headings = {
        "label": _("Task"),
        "quota": _("Quota"),
        "due": _("Due by now"),
        "done": _("Done"),
        "unit": _("Counted in"),
        "state": _("State"),
        "lead": _("Responsible"),
        "sentence": _("Explanation"),
    }
    states = {
        "done": _("done"),
        "on_track": _("on track"),
        "behind": _("behind"),
        "not_due": _("not due"),
        "not_known": _("not known"),
        "unset": _("set by the unit itself"),
    }
    # Machines get the quota as it is; people read whole things where whole things are counted.
    shown = [
        {
            **row,
            "quota": short(task.owed()),
            "due": short(task.owed_by_now()),
            "done": short(row["done"]),
            "state": states[row["state"]],
        }
        for row, (_pack, task) in zip(rows, tasks, strict=True)
    ]
    shown = rows if args.format == "csv" else shown
    show(args.format, headings, shown, {"tasks": rows})


def short(value: Fraction | float | None) -> str | None:
    """Write a number with at most one digit behind the point; ``None`` stays."""
    from taizhang.core.text.number import number_text

    return None if value is None else number_text(Fraction(value), 1)
