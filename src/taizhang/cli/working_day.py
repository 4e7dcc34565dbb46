"""``taizhang holidays add | list``: the notices by which working days are counted."""

from __future__ import annotations

import argparse

from taizhang.cli.arguments import day
from taizhang.cli.context import acting_user, now, open_instance, today
from taizhang.cli.language import _
from taizhang.cli.output import say, show, warn
from taizhang.cli.parser import Subparsers, add_command, add_group
from taizhang.core.base.literal import whole_of


def register(subparsers: Subparsers) -> None:
    """Add the commands."""
    group = add_group(subparsers, "holidays", _("Notices of holidays, for limits in working days"))
    adding = add_command(group, "add", _("Write down a year's notice of holidays"), run_add)
    adding.add_argument("--year", type=whole_of, metavar="2027", required=True)
    adding.add_argument(
        "--document", metavar="TEXT", required=True, help=_("name and number of the notice")
    )
    adding.add_argument(
        "--rest",
        metavar="DAYS",
        action="append",
        required=True,
        help=_("free days: 2027-02-05 or 2027-02-05..2027-02-11; may be given more than once"),
    )
    adding.add_argument(
        "--work",
        metavar="DAYS",
        action="append",
        default=[],
        help=_("days of a weekend that are worked; may be given more than once"),
    )
    adding.add_argument(
        "--known-from", type=day, metavar="DATE", help=_("the day of its publication (today)")
    )
    adding.add_argument(
        "--verified", action="store_true", help=_("it was compared with the notice itself")
    )
    adding.add_argument(
        "--preview", action="store_true", help=_("only say which limits it would move")
    )
    add_command(group, "list", _("List the notices that hold"), run_list, prints=True)


def run_add(args: argparse.Namespace) -> None:
    """Write down a notice, or say what it would move."""
    from taizhang.core.case.working_day_text import notice_doubts, notice_read

    edition = notice_read(
        year=args.year,
        known_from=args.known_from or today(),
        rest="\n".join(args.rest),
        work="\n".join(args.work),
        document=args.document[:200],
        verified=args.verified,
        today=today(),
    )
    warn(notice_doubts(edition))
    open_instance(args.home)
    from taizhang.web.cases.actions import edition_add
    from taizhang.web.cases.working_day import limits_moved

    moved = list(limits_moved(edition, now()))
    if not args.preview:
        edition_add(edition=edition, acting_user=acting_user(args), now=now())
    for row in moved:
        say(f"{row.number or row.uid}: {row.before} → {row.after}")
    say(_("%(count)s limits moved.") % {"count": len(moved)})


def run_list(args: argparse.Namespace) -> None:
    """List the notices that hold."""
    open_instance(args.home)
    from taizhang.web.cases.working_day import editions

    rows = [
        {
            "year": edition.year,
            "document": edition.document,
            "known_from": edition.known_from.isoformat(),
            "rest": len(edition.rest),
            "work": len(edition.work),
            "verified": edition.verified,
        }
        for edition in editions()
    ]
    headings = {
        "year": _("Year"),
        "document": _("Notice"),
        "known_from": _("Known from"),
        "rest": _("Free days"),
        "work": _("Worked at weekends"),
        "verified": _("Compared"),
    }
    show(args.format, headings, rows, {"holidays": rows})
