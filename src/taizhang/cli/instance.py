"""``taizhang init | backup | restore | serve``: the life of an instance."""

from __future__ import annotations

import argparse
from pathlib import Path

from taizhang.cli.language import _
from taizhang.cli.opening import now
from taizhang.cli.output import say, show_json
from taizhang.cli.parser import Subparsers, add_command


def register(subparsers: Subparsers) -> None:
    """Add the commands."""
    init = add_command(subparsers, "init", _("Make an empty instance"), run_init, home=False)
    init.add_argument("home", type=Path, metavar="DIR", help=_("an empty or new folder"))
    init.add_argument("--name", default="", help=_("name of the office that hosts it"))
    init.add_argument(
        "--close-after",
        type=_days,
        metavar="N",
        help=_("let a month close by itself N days after its end"),
    )


def _days(value: str) -> int:
    days = int(value)
    if not 0 <= days <= 366:
        raise argparse.ArgumentTypeError(_("must be 0 to 366 days"))
    return days


def run_init(args: argparse.Namespace) -> None:
    """Make an instance: folder, keys, migrated database, local owner."""
    from taizhang.web.instance import instance_make

    home = instance_make(args.home, name=args.name, close_after=args.close_after, now=now())
    if args.format == "json":
        show_json({"home": str(home.path), "id": home.id, "keys": str(home.keys)})
        return
    say(_("The instance is ready in %(home)s.") % {"home": home.path})
    say(
        _(
            "Its keys lie in %(keys)s. Keep a copy apart from the backups: without them the audit "
            "log cannot be verified."
        )
        % {"keys": home.keys}
    )
