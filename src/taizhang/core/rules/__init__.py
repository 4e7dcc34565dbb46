"""The checks of a pack: a tuple of small rules, each of which yields the issues it finds."""

from __future__ import annotations

from collections.abc import Sequence

from taizhang.core.base.issue import Issue, Refused, errors
from taizhang.core.definition.pack import Pack
from taizhang.core.definition.programme import UnknownName
from taizhang.core.rules import case, constant, counting, forms, formulas, norms, rubric, thing
from taizhang.core.rules.context import Rule, RuleContext
from taizhang.core.rules.phone import fillable
from taizhang.core.rules.wall import wall

RULES: tuple[Rule, ...] = (
    *forms.RULES,
    *fillable.RULES,
    *counting.RULES,
    *case.RULES,
    *thing.RULES,
    *norms.RULES,
    *constant.RULES,
    *formulas.RULES,
    *rubric.RULES,
    *wall.RULES,
)


def check(pack: Pack, others: Sequence[Pack] = (), shipped: bool = False) -> tuple[Issue, ...]:
    """Give every issue of a pack beside the packs it will be installed with.

    ``shipped`` says that the pack is part of the software, whose forms leave the legal marks blank.
    """
    context = RuleContext(pack, tuple(others), shipped)
    issues: list[Issue] = []
    stumbled: list[Exception] = []
    for rule in RULES:
        try:
            issues.extend(rule(context))
        except (UnknownName, Refused) as error:
            # A rule may stumble over a part that is faulty itself, which another rule names.
            stumbled.append(error)
    if stumbled and not errors(issues):
        raise stumbled[0]
    return tuple(issues)
