"""Who may do what where: one rule, asked by every action and every guarded read."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from taizhang.core.issue import Issue, Refused
from taizhang.web.accounts.models import Grant, Role
from taizhang.web.audit.access import AccessCode
from taizhang.web.audit.actions import Actor
from taizhang.web.units.models import Closure

#: What a role may do: names of actions, ``noun.*`` for all of a noun, ``*`` for everything.
#: ``read`` is every reading of figures, plans, scores and records of a unit.
ALLOWED: dict[str, frozenset[str]] = {
    Role.OWNER: frozenset({"*"}),
    Role.MANAGER: frozenset(
        {"read", "record.*", "closing.*", "target.*", "plan.*", "score.*", "document.*"}
    ),
    Role.WORKER: frozenset({"read", "record.*", "closing.*", "document.*"}),
    Role.ASSESSOR: frozenset({"read", "score.*", "document.*"}),
    Role.VIEWER: frozenset({"read"}),
}


def may(actor: Actor, action: str, unit: str | None = None) -> bool:
    """Say whether ``actor`` may do ``action`` on ``unit`` and what is below it.

    :param unit: code of a unit; ``None`` for what concerns the whole instance
    """
    noun = action.partition(".")[0]
    wanted = {action, f"{noun}.*", "*"}
    grants = Grant.objects.filter(user_id=actor.pk, user__is_active=True)
    reach = {grant.unit for grant in grants if ALLOWED[grant.role] & wanted}
    if "" in reach:
        return True
    return bool(unit and reach) and _is_below(unit or "", reach, timezone.now())


def _is_below(unit: str, reach: set[str], now: datetime) -> bool:
    today = timezone.localdate(now)
    rows = Closure.objects.filter(
        code=unit, ancestor__in=reach, valid_from__lte=today, valid_to__gte=today
    )
    return rows.exists()


def require(actor: Actor, action: str, unit: str | None = None) -> None:
    """See that ``actor`` may do ``action`` on ``unit``.

    :raises Refused: ACCESS_001
    """
    if not may(actor, action, unit):
        raise Refused([Issue(AccessCode.ACCESS_001, facts={"action": action})])
