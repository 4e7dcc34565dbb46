"""The checks of a pack: a tuple of small rules, each of which yields the issues it finds."""

from __future__ import annotations

from collections.abc import Sequence

from taizhang.core.issue import Issue
from taizhang.core.pack.model import Pack
from taizhang.core.rules.context import Context, Rule

RULES: tuple[Rule, ...] = ()


def check(pack: Pack, others: Sequence[Pack] = ()) -> tuple[Issue, ...]:
    """Give every issue of a pack beside the packs it will be installed with."""
    context = Context(pack, tuple(others))
    return tuple(issue for rule in RULES for issue in rule(context))
