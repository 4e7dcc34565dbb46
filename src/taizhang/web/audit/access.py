"""The door for apps below accounts: they ask here, accounts answers.

``accounts`` registers its rule when Django starts; without a rule everything is refused.
"""

from __future__ import annotations

from collections.abc import Callable

from taizhang.core.base.issue import Issue, Refused
from taizhang.web.audit.actions import Actor
from taizhang.web.audit.code import AccessCode

#: (actor, action, unit code or None for the whole instance) → may it be done
Rule = Callable[[Actor, str, str | None], bool]
_rules: list[Rule] = []


def rule_register(rule: Rule) -> None:
    """Make ``rule`` the one that answers."""
    _rules[:] = [rule]


def require(actor: Actor, action: str, unit: str | None = None) -> None:
    """See that ``actor`` may do ``action`` on ``unit`` (``None``: on the whole instance).

    :raises Refused: ACCESS_001
    """
    if not any(rule(actor, action, unit) for rule in _rules):
        raise Refused([Issue(AccessCode.ACCESS_001, facts={"action": action})])
