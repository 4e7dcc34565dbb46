"""``taizhang init | backup | restore | serve``: the life of an instance."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from taizhang.cli.arguments import day
from taizhang.cli.context import now, open_instance, today
from taizhang.cli.demo import people_show
from taizhang.cli.language import _
from taizhang.cli.output import issues_json, say, show_json, warn
from taizhang.cli.parser import Subparsers, add_command
from taizhang.core.base.literal import whole_of


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
    init.add_argument(
        "--from",
        dest="first",
        type=day,
        metavar="2026-11-01",
        help=_("months before that of this day are never due (the month of today)"),
    )
    backup = add_command(
        subparsers,
        "backup",
        _("Write an archive of an instance, also while it serves"),
        run_backup,
        home=False,
    )
    backup.add_argument("home", type=Path, metavar="DIR", help=_("folder of the instance"))
    backup.add_argument("file", type=Path, metavar="FILE", help=_("the new archive, tar.gz"))
    backup.add_argument(
        "--with-key", action="store_true", help=_("put the keys in too; keep such an archive safe")
    )
    restore = add_command(
        subparsers, "restore", _("Put an archive back and verify it"), run_restore, home=False
    )
    restore.add_argument("file", type=Path, metavar="FILE", help=_("an archive of taizhang backup"))
    restore.add_argument("home", type=Path, metavar="DIR", help=_("an empty or new folder"))
    restore.add_argument(
        "--damaged",
        action="store_true",
        help=_("also when pictures or old texts are missing or do not open; each is named"),
    )
    serve = add_command(subparsers, "serve", _("Serve an instance to browsers"), run_serve)
    serve.add_argument("--host", default="127.0.0.1", help=_("address to listen on (127.0.0.1)"))
    serve.add_argument("--port", type=_port, default=8000, help=_("port to listen on (8000)"))
    serve.add_argument(
        "--workers",
        type=whole_of,
        choices=range(1, 33),
        metavar="N",
        default=min(4, os.cpu_count() or 1),
        help=_("number of processes that answer (one for each core, at most 4)"),
    )


def _days(value: str) -> int:
    days = whole_of(value)
    if not 0 <= days <= 366:
        raise argparse.ArgumentTypeError(_("must be 0 to 366 days"))
    return days


def _port(value: str) -> int:
    port = whole_of(value)
    if not 1 <= port <= 65535:
        raise argparse.ArgumentTypeError(_("must be 1 to 65535"))
    return port


def run_init(args: argparse.Namespace) -> None:
    """Make an instance: folder, keys, migrated database, local owner."""
    from taizhang.web.instance.open import instance_make

    home = instance_make(
        args.home,
        name=args.name,
        close_after=args.close_after,
        starts_on=args.first or today().replace(day=1),
        now=now(),
    )
    if args.format == "json":
        show_json({"home": str(home.path), "id": home.id, "keys": str(home.keys)})
        return
    say(_("The instance is ready in %(home)s.") % {"home": home.path})
    kept = _(
        "Its keys lie in %(keys)s. Keep a copy apart from the backups: without them the audit log "
        "cannot be verified."
    )
    say(kept % {"keys": home.keys})


def run_backup(args: argparse.Namespace) -> None:
    """Write an archive."""
    from taizhang.web.instance.backup import backup_make

    done = backup_make(args.home, args.file, now=now(), with_key=args.with_key)
    facts = {
        "file": str(args.file),
        "files": done.files,
        "size": done.size,
        "count": done.count,
        "digest": done.digest,
        "with_key": args.with_key,
    }
    warn(done.issues)
    if args.format == "json":
        show_json({**facts, **issues_json(done.issues)})
        return
    say(_("%(file)s holds %(files)s files, %(size)s bytes.") % facts)
    say(_("Head of its log, to keep outside: %(count)s:%(digest)s") % facts)
    if not args.with_key:
        sentence = _(
            "The keys are not in it; keep a copy of them elsewhere: without them no picture opens."
        )
        say(sentence)


def run_restore(args: argparse.Namespace) -> None:
    """Put an archive back."""
    from taizhang.web.instance.restore import backup_restore

    done = backup_restore(args.file, args.home, now=now(), damaged=args.damaged)
    warn(done.issues)
    facts = {"home": str(done.home.path), "id": done.home.id, "opened": done.opened}
    if args.format == "json":
        show_json({**facts, **issues_json(done.issues)})
        return
    if done.issues:
        sentence = _(
            "The instance is back in %(home)s and its log verifies; what is amiss is above."
        )
    else:
        sentence = _(
            "The instance is back in %(home)s; its log verifies, and its %(opened)s pictures and "
            "old texts open."
        )
    say(sentence % facts)


def run_serve(args: argparse.Namespace) -> None:
    """Serve until told to stop."""
    from taizhang.web.instance.server import names_of, port_check, start

    home = open_instance(args.home, update=True)
    port_check(args.host, args.port)
    from django.db import connections

    from taizhang.web.administration.actions import setup_open

    code = setup_open(now())
    addresses = [f"http://{name}:{args.port}" for name in names_of(args.host)]
    facts = {"home": home.path, "address": addresses[0]}
    say(_("Serving %(home)s on %(address)s; Ctrl-C ends it.") % facts)
    if addresses[1:]:
        say(_("Other machines reach it on %(addresses)s.") % {"addresses": " ".join(addresses[1:])})
    if code is not None:
        sentence = _("Nobody can log in yet. Make the first administrators here: %(address)s")
        say(sentence % {"address": f"{facts['address']}/setup/?code={code}"})
    people_show()
    connections.close_all()
    start(home, args.host, args.port, workers=args.workers)
