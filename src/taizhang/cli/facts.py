"""``taizhang facts rebuild``: count everything anew from the records; and what is sent up."""

from __future__ import annotations

import argparse

from taizhang.cli import parcel
from taizhang.cli.context import acting_user, now, open_instance
from taizhang.cli.language import _
from taizhang.cli.output import issues_json, say, show_json, warn
from taizhang.cli.parser import Subparsers, add_command, add_group


def register(subparsers: Subparsers) -> None:
    """Add the command."""
    group = add_group(subparsers, "facts", _("Facts that the records state"))
    summary = _("Count all facts and the month cube anew; print their digest")
    add_command(group, "rebuild", summary, run_rebuild)
    parcel.commands_add(group)


def run_rebuild(args: argparse.Namespace) -> None:
    """Rebuild, say where the stored rows were wrong, print the digest."""
    open_instance(args.home)
    from taizhang.web.ledger.facts.actions import facts_rebuild

    done = facts_rebuild(acting_user=acting_user(args), now=now())
    warn(done.issues)
    counts = {"records": done.records, "facts": done.facts, "cells": done.cells}
    counts["states"] = done.states
    if args.format == "json":
        show_json({"digest": done.digest, **counts, **issues_json(done.issues)})
        return
    say(done.digest)
    sentence = _("%(facts)s facts, %(cells)s cells and %(states)s states from %(records)s records.")
    say(sentence % counts)
