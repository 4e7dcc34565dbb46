"""``taizhang closings close | list``: months that units report complete."""

from __future__ import annotations

import argparse

from taizhang.cli.language import _
from taizhang.cli.opening import acting_user, now, open_instance
from taizhang.cli.output import say, show, show_json
from taizhang.cli.parser import Subparsers, add_command, add_group
from taizhang.core.period import Month, Period, parse_period


def register(subparsers: Subparsers) -> None:
    """Add the commands."""
    group = add_group(subparsers, "closings", _("Months that units report complete"))
    close = add_command(
        group, "close", _("Close a month of a unit, the zero report included"), run_close
    )
    close.add_argument("--unit", metavar="CODE", required=True)
    close.add_argument("--month", type=_month, metavar="2026-05", required=True)
    close.add_argument(
        "--pack",
        metavar="KEY",
        action="append",
        help=_("only this pack; may be given more than once (every pack that the unit keeps)"),
    )
    listing = add_command(group, "list", _("List closed months"), run_list, prints=True)
    listing.add_argument("--unit", metavar="CODE", default="", help=_("this unit and those below"))
    listing.add_argument("--pack", metavar="KEY", default="")
    listing.add_argument("--period", type=_period, metavar="2026H1")


def _period(value: str) -> Period:
    try:
        return parse_period(value)
    except ValueError as error:
        message = _("'%(value)s' is not a period like 2026, 2026H1, 2026Q3 or 2026-05")
        raise argparse.ArgumentTypeError(message % {"value": value}) from error


def _month(value: str) -> Month:
    period = _period(value)
    if period.length != 1:
        message = _("'%(value)s' is not a month like 2026-05") % {"value": value}
        raise argparse.ArgumentTypeError(message)
    return period.first


def run_close(args: argparse.Namespace) -> None:
    """Close a month."""
    open_instance(args.home)
    from taizhang.web.ledger.actions import closings_close
    from taizhang.web.ledger.closings import packs_kept

    packs = args.pack or packs_kept(args.unit, args.month)
    closed = closings_close(
        closings=[(args.unit, pack, args.month) for pack in packs],
        acting_user=acting_user(args),
        now=now(),
    )
    counts = {"closed": closed, "before": len(packs) - closed}
    if args.format == "json":
        show_json(counts)
    else:
        say(_("%(closed)s closed now, %(before)s were closed before.") % counts)


def run_list(args: argparse.Namespace) -> None:
    """List the closings that people made."""
    open_instance(args.home)
    from taizhang.web.ledger.queries import closings_list

    found = closings_list(
        acting_user=acting_user(args),
        now=now(),
        unit=args.unit,
        pack=args.pack,
        period=args.period,
    )
    rows = [
        {
            "month": str(Month.from_number(one.month)),
            "pack": one.pack,
            "unit": one.unit,
            "closed_at": one.closed_at,
        }
        for one in found
    ]
    headings = {
        "month": _("Month"),
        "pack": _("Pack"),
        "unit": _("Unit"),
        "closed_at": _("Closed"),
    }
    show(args.format, headings, rows, {"closings": rows})
