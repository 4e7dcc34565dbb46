"""``taizhang closings close | list``: months that units report complete."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import date

from taizhang.cli.arguments import day, period
from taizhang.cli.context import acting_user, now, open_instance, today
from taizhang.cli.language import _
from taizhang.cli.output import say, show, show_json
from taizhang.cli.parser import Subparsers, add_command, add_group
from taizhang.core.base.literal import whole_of
from taizhang.core.base.period import Month

#: No day was given: it is only asked for.
UNSAID = object()


def register(subparsers: Subparsers) -> None:
    """Add the commands."""
    group = add_group(subparsers, "closings", _("Months that units report complete"))
    close = add_command(
        group, "close", _("Close months of units, the zero report included"), run_close
    )
    close.add_argument(
        "--unit",
        metavar="CODE",
        action="append",
        required=True,
        help=_("may be given more than once; a street closes the units below it"),
    )
    close.add_argument(
        "--month",
        type=period,
        metavar="2026-05",
        action="append",
        required=True,
        help=_(
            "a month, or several such as 2026-01..2026-06 or 2026H1; may be given more than once"
        ),
    )
    close.add_argument(
        "--pack",
        metavar="KEY",
        action="append",
        help=_("only this pack; may be given more than once (every pack that the unit keeps)"),
    )
    listing = add_command(group, "list", _("List closed months"), run_list, prints=True)
    listing.add_argument("--unit", metavar="CODE", default="", help=_("this unit and those below"))
    listing.add_argument("--pack", metavar="KEY", default="")
    listing.add_argument("--period", type=period, metavar="2026H1")
    start = add_command(
        group, "start", _("Say, or set, the day from which months are due"), run_start, prints=True
    )
    start.add_argument(
        "day",
        nargs="?",
        default=UNSAID,
        type=_start,
        metavar="2026-11-01",
        help=_("months before that of this day are asked of nobody; 'always' for every month"),
    )

    _settings_register(group)


def _settings_register(group: Subparsers) -> None:
    settings = add_command(
        group,
        "settings",
        _("Say, or set, the closing day and when months close by themselves"),
        run_settings,
        prints=True,
    )
    settings.add_argument(
        "--closing-day",
        type=whole_of,
        metavar="N",
        help=_("until this day of the next month a month is not due (10)"),
    )
    settings.add_argument(
        "--close-after",
        default=UNSAID,
        type=_after,
        metavar="N|never",
        help=_("let a month close by itself N days after its end, never before the closing day"),
    )
    settings.add_argument(
        "--from",
        dest="holds_from",
        type=day,
        metavar="2026-12-01",
        help=_("for the months that end on this day or later (today)"),
    )


def _after(text: str) -> int | None:
    return None if text == "never" else whole_of(text)


def _start(text: str) -> date | None:
    return None if text == "always" else day(text)


def run_start(args: argparse.Namespace) -> None:
    """Say, or set, the day from which months are due."""
    open_instance(args.home)
    from taizhang.web.accounts.actions import instance_start
    from taizhang.web.ledger.facts.closing import due_from
    from taizhang.web.programmes.queries import installed

    if args.day is not UNSAID:
        instance_start(day=args.day, acting_user=acting_user(args), now=now())
    start = due_from()
    packs = list(dict.fromkeys(version.key for version in installed()))
    rows = [{"pack": pack, "from": start.get(pack)} for pack in packs]
    show(args.format, {"pack": _("Pack"), "from": _("Due from")}, rows, {"packs": rows})


def run_settings(args: argparse.Namespace) -> None:
    """Say, or set, what holds for closings, with the day from which each holds."""
    open_instance(args.home)
    from taizhang.web.accounts.actions import closing_terms_set
    from taizhang.web.accounts.queries import closing_terms, terms_on

    if args.closing_day is not None or args.close_after is not UNSAID:
        since = args.holds_from or today()
        terms = replace(terms_on(since), holds_from=since)
        if args.closing_day is not None:
            terms = replace(terms, closing_day=args.closing_day)
        if args.close_after is not UNSAID:
            terms = replace(terms, close_after=args.close_after)
        closing_terms_set(terms=terms, acting_user=acting_user(args), now=now())
    headings = {
        "from": _("From"),
        "closing_day": _("Closing day"),
        "close_after": _("Closes by itself after days"),
        "starts_on": _("Due from"),
    }
    rows = [
        {
            "from": None if terms.holds_from == date.min else terms.holds_from,
            "closing_day": terms.closing_day,
            "close_after": terms.close_after,
            "starts_on": terms.starts_on,
        }
        for terms in closing_terms()
    ]
    show(args.format, headings, rows, {"settings": rows})


def run_close(args: argparse.Namespace) -> None:
    """Close months of units."""
    open_instance(args.home)
    from taizhang.web.ledger.facts.actions import closings_close
    from taizhang.web.ledger.facts.closing import closings_meant

    months = [month for asked in args.month for month in asked.months()]
    meant = closings_meant(args.unit, args.pack or (), months)
    closed = closings_close(closings=meant, acting_user=acting_user(args), now=now())
    counts = {"closed": closed, "before": len(meant) - closed}
    if args.format == "json":
        show_json(counts)
    else:
        say(_("%(closed)s closed now, %(before)s were closed before.") % counts)


def run_list(args: argparse.Namespace) -> None:
    """List the closings that people made."""
    open_instance(args.home)
    from taizhang.web.ledger.queries import closings_list

    closings = closings_list(
        acting_user=acting_user(args),
        now=now(),
        unit=args.unit,
        pack=args.pack,
        period=args.period,
    )
    rows = [
        {
            "month": str(Month.from_number(closing.month)),
            "pack": closing.pack,
            "unit": closing.unit,
            "closed_at": closing.closed_at,
        }
        for closing in closings
    ]
    headings = {
        "month": _("Month"),
        "pack": _("Pack"),
        "unit": _("Unit"),
        "closed_at": _("Closed"),
    }
    show(args.format, headings, rows, {"closings": rows})
