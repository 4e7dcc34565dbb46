"""``taizhang cases``: what began and must end, with owner, clock and next step."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from taizhang.cli.arguments import day
from taizhang.cli.context import acting_user, now, open_instance, today
from taizhang.cli.language import _
from taizhang.cli.output import show
from taizhang.cli.parser import Subparsers, add_command

#: What a step says, in this order; why it had no effect the page of the case says.
_STEP = ("step", "at", "unit_code", "record", "effect")


def register(subparsers: Subparsers) -> None:
    """Add the command."""
    summary = _("List cases with their owner, clock and next steps; open ones only")
    listing = add_command(subparsers, "cases", summary, run_list, prints=True)
    listing.add_argument("--kind", metavar="KIND", default="", help=_("only this kind of case"))
    listing.add_argument(
        "--state", metavar="STATE", default="", help=_("only this state; 'all' for ended ones too")
    )
    listing.add_argument(
        "--overdue", action="store_true", help=_("only those of which a limit has passed")
    )
    listing.add_argument(
        "--unit",
        metavar="CODE",
        required=True,
        help=_("that opened or has them, and those below it"),
    )
    listing.add_argument(
        "--as-of", type=day, metavar="DATE", help=_("what the ledger knew at the end of that day")
    )
    listing.add_argument(
        "--on", type=day, metavar="DATE", help=_("as they stood on that day (today)")
    )


def run_list(args: argparse.Namespace) -> None:
    """List cases."""
    open_instance(args.home)
    from taizhang.web.cases.kinds import kind_key
    from taizhang.web.cases.queries import CaseFilter, cases_told

    wanted = CaseFilter(
        unit=args.unit,
        kind=kind_key(args.kind, today()),
        state=args.state,
        overdue=args.overdue,
    )
    told = cases_told(acting_user(args), wanted, now(), args.on, args.as_of)
    cases = [_shown(case) for case in told]
    headings = {
        "number": _("Number"),
        "label": _("Kind"),
        "owner": _("Owner"),
        "state": _("State"),
        "opened": _("Opened on"),
        "due": _("Limit"),
        "days": _("Days"),
        "next": _("Next steps"),
    }
    rows = [{**case, "next": " ".join(case["next"])} for case in cases]
    show(args.format, headings, rows, {"cases": cases})


def _shown(case: Mapping[str, Any]) -> dict[str, Any]:
    steps = [{name: step[name] for name in _STEP} for step in case["steps"]]
    return {**case, "steps": steps}
