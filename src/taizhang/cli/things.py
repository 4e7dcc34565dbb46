"""``taizhang things``: boards, racks, screens and their like, with name, place and next due day."""

from __future__ import annotations

import argparse

from taizhang.cli.arguments import day
from taizhang.cli.context import acting_user, now, open_instance, today
from taizhang.cli.language import _
from taizhang.cli.output import show
from taizhang.cli.parser import Subparsers, add_command


def register(subparsers: Subparsers) -> None:
    """Add the command."""
    summary = _("List things with their number, name, place and next due day")
    listing = add_command(subparsers, "things", summary, run_list, prints=True)
    listing.add_argument("--kind", metavar="KIND", default="", help=_("only this kind of thing"))
    listing.add_argument(
        "--unit", metavar="CODE", required=True, help=_("that has them, and those below it")
    )
    listing.add_argument(
        "--state",
        choices=("standing", "ended", "all"),
        default="standing",
        help=_("only those in use (as without), those that are gone, or all"),
    )
    listing.add_argument(
        "--on", type=day, metavar="DATE", help=_("as they stood on that day (today)")
    )
    listing.add_argument(
        "--as-of", type=day, metavar="DATE", help=_("what the ledger knew at the end of that day")
    )


def run_list(args: argparse.Namespace) -> None:
    """List things."""
    open_instance(args.home)
    from taizhang.web.things.kinds import kind_key
    from taizhang.web.things.queries import ThingFilter, things_told

    kind = kind_key(args.kind, today())
    wanted = ThingFilter(unit=args.unit, kind=kind, state=args.state)
    told = things_told(acting_user(args), wanted, now(), args.on, args.as_of)
    things = [dict(thing) for thing in told]
    headings = {
        "number": _("Number"),
        "name": _("Name"),
        "place": _("Place"),
        "kind": _("Kind"),
        "unit_code": _("Unit"),
        "state": _("State"),
        "due": _("Next due"),
    }
    show(args.format, headings, things, {"things": things})
