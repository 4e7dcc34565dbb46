"""Rules on constants: each version dated and sourced, one on a day, names that mean one thing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from taizhang.core.base.issue import Issue
from taizhang.core.rules.code import RuleCode
from taizhang.core.rules.context import RuleContext, bare, wrong


def constants_dated(context: RuleContext) -> Iterator[Issue]:
    """Find versions without a first day in force, or that end before it, or without a source."""
    for constant in context.pack.constants.values():
        name = bare(constant.key)
        if not constant.versions:
            yield wrong(RuleCode.RULE_051, constant.place, name=name)
        for version in constant.versions:
            if version.in_force_from is None:
                yield wrong(RuleCode.RULE_052, version.place, name=name)
            elif version.in_force_to is not None and version.in_force_to < version.in_force_from:
                yield wrong(RuleCode.RULE_053, version.place, name=name)
            if not version.source:
                yield wrong(RuleCode.RULE_017, version.place, name=name)


def constant_versions_apart(context: RuleContext) -> Iterator[Issue]:
    """Find two versions of a constant in force on one day."""
    for constant in context.pack.constants.values():
        ordered = sorted(constant.versions, key=lambda version: version.in_force_from or date.min)
        for version, later in pairwise(ordered):
            begins = later.in_force_from or date.min
            if begins <= (version.in_force_to or date.max):
                facts = {"name": bare(constant.key), "day": begins.isoformat()}
                yield wrong(RuleCode.RULE_054, later.place, **facts)


def constants_named_apart(context: RuleContext) -> Iterator[Issue]:
    """Find names that are both a constant and a measure or an indicator of the pack."""
    pack = context.pack
    for key, constant in pack.constants.items():
        if key in pack.measures or key in pack.indicators:
            yield wrong(RuleCode.RULE_055, constant.place, name=bare(key))


RULES = (constants_dated, constant_versions_apart, constants_named_apart)
