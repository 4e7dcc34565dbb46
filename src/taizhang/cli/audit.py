"""``taizhang audit head | verify``: keep the log's head outside, and see that the log is whole."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from taizhang.cli.context import acting_user, now, open_instance
from taizhang.cli.language import _
from taizhang.cli.output import fail, issues_json, say, settle, show_json
from taizhang.cli.parser import Subparsers, add_command, add_group
from taizhang.core.base.issue import Issue

if TYPE_CHECKING:
    from taizhang.web.audit.verify import Verified


def register(subparsers: Subparsers) -> None:
    """Add the commands."""
    group = add_group(subparsers, "audit", _("The log of every write"))
    add_command(group, "head", _("Print count and digest of the log, to keep outside"), run_head)
    verify = add_command(
        group,
        "verify",
        _("See that log, rows and files were not changed, lost or put back"),
        run_verify,
    )
    verify.add_argument("--head", metavar="COUNT:DIGEST", help=_("a head that was printed earlier"))
    deep = _("also count every fact anew from the records and compare; nothing is changed")
    verify.add_argument("--deep", action="store_true", help=deep)


def run_head(args: argparse.Namespace) -> None:
    """Print the head."""
    open_instance(args.home)
    from taizhang.web.audit import access
    from taizhang.web.audit import verify as queries

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
    from taizhang.web.audit import access
    from taizhang.web.audit import verify as queries

    access.require(acting_user(args), "audit.read")
    kept = queries.outside_read(args.head) if args.head else None
    if isinstance(kept, Issue):
        fail([kept])
    verified = queries.verify(kept)
    issues = verified.issues
    anew = None
    if args.deep:
        from taizhang.web.ledger.facts.rebuild import facts_verify

        agreed = facts_verify(now())
        issues, anew = (*issues, *agreed.issues), agreed.records
    settle(issues)
    if args.format == "json":
        counts = {
            "count": verified.count,
            "uncovered": verified.uncovered,
            "opened": verified.opened,
        }
        show_json({**counts, "records": anew, **issues_json(issues)})
    else:
        verified_say(verified, anew)


def verified_say(verified: Verified, anew: int | None) -> None:
    """Say what was verified, and what was not.

    :param anew: so many records were counted anew; ``None`` when they were not
    """
    sentence = _(
        "The log is whole: %(count)s rows. The rows that it covers are as it recorded them, and "
        "%(opened)s pictures and old texts open."
    )
    say(sentence % {"count": verified.count, "opened": verified.opened})
    if anew is None:
        say(_("Facts were not counted anew; --deep does it."))
    else:
        sentence = _("Facts, the month cube and things are what %(count)s records state.")
        say(sentence % {"count": anew})
    if verified.uncovered:
        sentence = _("%(count)s stored rows are older than this check and are not covered by it.")
        say(sentence % {"count": verified.uncovered})
