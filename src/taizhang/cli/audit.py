"""``taizhang audit head | verify``: keep the log's head outside, and see that the log is whole."""

from __future__ import annotations

import argparse

from taizhang.cli.language import _
from taizhang.cli.opening import acting_user, open_instance
from taizhang.cli.output import fail, say, show_json
from taizhang.cli.parser import Subparsers, add_command, add_group
from taizhang.core.issue import Issue


def register(subparsers: Subparsers) -> None:
    """Add the commands."""
    group = add_group(subparsers, "audit", _("The log of every write"))
    add_command(group, "head", _("Print count and digest of the log, to keep outside"), run_head)
    verify = add_command(
        group, "verify", _("See that no row of the log was changed, lost or put back"), run_verify
    )
    verify.add_argument("--head", metavar="COUNT:DIGEST", help=_("a head that was printed earlier"))
    deep = _("also count every fact anew from the records and compare; nothing is changed")
    verify.add_argument("--deep", action="store_true", help=deep)


def run_head(args: argparse.Namespace) -> None:
    """Print the head."""
    open_instance(args.home)
    from taizhang.web.audit import access, queries

    access.require(acting_user(args), "audit.read")
    head = queries.head()
    if args.format == "json":
        show_json({"count": head.count, "digest": head.digest})
    else:
        # In one word, as `audit verify --head` and the backup write it.
        say(f"{head.count}:{head.digest}")


def run_verify(args: argparse.Namespace) -> None:
    """Walk the log; refuse with everything that is wrong."""
    open_instance(args.home)
    from taizhang.web.audit import access, queries

    access.require(acting_user(args), "audit.read")
    kept = queries.outside_read(args.head) if args.head else None
    if isinstance(kept, Issue):
        fail([kept])
    found = queries.verify(kept)
    issues = found.issues
    if args.deep:
        from taizhang.web.ledger.rebuild import facts_verify

        issues += facts_verify()
    if issues:
        fail(issues)
    if args.format == "json":
        show_json({"count": found.count, "uncovered": found.uncovered, "issues": []})
    else:
        say(
            _("The log is whole, and what is stored agrees with it: %(count)s rows.")
            % {"count": found.count}
        )
        if found.uncovered:
            said = _("%(count)s stored rows are older than this check and are not covered by it.")
            say(said % {"count": found.uncovered})
