"""Who may do what where: one rule, asked by every page, every action and every guarded read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone

from taizhang.core.base.issue import Issue, Refused
from taizhang.core.unit.body import BODY_SIGN
from taizhang.core.unit.tree import Tree, Unit
from taizhang.web.accounts.models import Grant, PastGrant, Role, User
from taizhang.web.audit.actions import Actor
from taizhang.web.audit.code import AccessCode
from taizhang.web.base.raw_cursor import raw_cursor
from taizhang.web.units.models import Closure
from taizhang.web.units.queries import bodies, history

#: Reading what concerns a unit of one's own reach.
LOOK = frozenset(
    {
        "burden.read",
        "document.read",
        "figure.read",
        "pack.read",
        "plan.read",
        "record.read",
        "score.read",
    }
)
_RECORD = frozenset(
    {
        "case.step",
        "closing.close",
        "document.draft",
        "reading.use",
        "record.accept",
        "record.attach",
        "record.correct",
        "token.own",
    }
)
_LEAD = frozenset({"appeal.file", "circumstance.state", "document.freeze", "thing.merge"})
_REVIEW = frozenset(
    {
        "case.step",
        "document.draft",
        "document.freeze",
        "reading.use",
        "record.review",
        "target.hand_down",
        "thing.merge",
        "token.own",
    }
)
_HOST = frozenset(
    {
        "appeal.answer",
        "assessment.open",
        "assessment.sign",
        "circumstance.answer",
        "closing.close",
        "complaint.answer",
        "form.mark",
    }
)

#: What a role may do: names of actions; ``*`` is everything.  The table in
#: docs/reference/permissions.md is made from this and from the pages' doors.
ALLOWED: dict[str, frozenset[str]] = {
    Role.OWNER: frozenset({"*"}),
    Role.RECORDER: LOOK | _RECORD,
    Role.LEAD: LOOK | _RECORD | _LEAD,
    Role.REVIEWER: LOOK | _REVIEW,
    Role.OFFICER: LOOK | _REVIEW | _HOST,
    Role.ASSESSOR: LOOK
    | {"circumstance.answer", "score.decide", "document.draft", "document.freeze"},
    Role.VIEWER: LOOK,
    Role.SYSTEM: frozenset(
        {
            "facts.rebuild",
            "hold.confirm",
            "instance.settings",
            "pack.install",
            "pack.read",
            "units.import",
            "user.add",
            "user.read",
        }
    ),
    Role.SECURITY: frozenset({"grant.change", "user.read", "user.secure"}),
    Role.AUDITOR: frozenset({"audit.read", "hold.confirm"}),
}
#: The three administrators watch each other: nobody is two of them, nor one of them and a worker.
SEPARATED = frozenset({Role.SYSTEM, Role.SECURITY, Role.AUDITOR})
#: Roles of people who work with the ledger, those that make a home first.
BUSINESS = (
    Role.RECORDER,
    Role.LEAD,
    Role.REVIEWER,
    Role.OFFICER,
    Role.ASSESSOR,
    Role.VIEWER,
    Role.OWNER,
)


def reach(actor: Actor, action: str) -> frozenset[str]:
    """Give the units for which ``actor`` may do ``action``; '' stands for the whole instance.

    What lies below these units is reached too and not listed.  An administrator whose account
    rests (:mod:`.holds`) reaches nothing by that role.
    """
    wanted = {action, "*"}
    with raw_cursor() as cursor:  # plain SQL: every acceptance asks
        cursor.execute(_GRANTS, [actor.pk])
        return frozenset(
            unit
            for role, unit, rests in cursor.fetchall()
            if ALLOWED[role] & wanted and not (rests and role in SEPARATED)
        )


_GRANTS = (
    "SELECT held.role, held.unit, EXISTS (SELECT 1 FROM accounts_hold hold "
    "WHERE hold.user_id = who.id AND hold.confirmed_at IS NULL) FROM accounts_grant held "
    "JOIN accounts_user who ON who.id = held.user_id WHERE who.id = %s AND who.is_active"
)


def may(actor: Actor, action: str, unit: str | None = None) -> bool:
    """Say whether ``actor`` may do ``action`` on ``unit`` and what is below it.

    :param unit: code of a unit; ``None`` for what concerns the whole instance
    """
    return within(reach(actor, action), unit, timezone.now())


def within(reached: Iterable[str], unit: str | None, now: datetime) -> bool:
    """Say whether ``unit`` is one of ``reached`` or lies below one, in the tree of today."""
    held = set(reached)
    return "" in held or (unit is not None and all_within(held, [unit], now))


def all_within(reached: Iterable[str], units: Iterable[str], now: datetime) -> bool:
    """Say whether each of ``units`` is one of ``reached`` or lies below one, in the tree of today.

    Whoever asks by the tree of another day meets units that have moved away since: it is today's
    tree that says who may look where.
    """
    held, units = set(reached), set(units)
    if "" in held or not held:
        return bool(held)
    today = timezone.localdate(now)
    wanted = {_seat(code, today) for code in set(units) - held if BODY_SIGN in code}
    wanted |= {code for code in units if BODY_SIGN not in code}
    if not wanted:
        return True  # bodies whose own roles are held
    rows = Closure.objects.filter(
        code__in=wanted, ancestor__in=held, valid_from__lte=today, valid_to__gte=today
    )
    return len(set(rows.values_list("code", flat=True))) == len(wanted)


def _seat(code: str, today: date) -> str:
    """Give the unit beside which a body stands, its own code where there is none."""
    body = bodies().body_on(code, today)
    return code if body is None else body.parent


#: What was filled in while a role held may come so long after the role was taken.
STILL_COMES = timedelta(days=30)


def held_then(actor: Actor, action: str, unit: str, day: date, now: datetime) -> bool:
    """Say whether ``actor`` might do ``action`` for ``unit`` on a past ``day`` and no more today.

    The role was taken since, not longer ago than :data:`STILL_COMES`, or stands for a unit that has
    ended since.  When something was filled in nobody can prove: the day that it tells of counts.
    """
    known = history()
    above = {unit, *known.tree(day).ancestors(unit)}
    past = PastGrant.objects.filter(
        user_id=actor.pk, user__is_active=True, ended_at__gt=now - STILL_COMES
    )
    for role, home, ended_at in past.values_list("role", "unit", "ended_at"):
        known_role = {action, "*"} & ALLOWED.get(role, frozenset())
        if known_role and (not home or home in above) and day <= timezone.localdate(ended_at):
            return True
    ended = known.unit_on(unit, timezone.localdate(now)) is None
    return ended and not above.isdisjoint(reach(actor, action))


def require(actor: Actor, action: str, unit: str | None = None) -> None:
    """See that ``actor`` may do ``action`` on ``unit``.

    :raises Refused: ACCESS_001
    """
    if not may(actor, action, unit):
        raise Refused([Issue(AccessCode.ACCESS_001, facts={"action": action})])


def tops_reached(actor: Actor, action: str, tree: Tree) -> tuple[Unit, ...]:
    """Give the uppermost units of a tree for which, and below which, a person may do something."""
    reached = reach(actor, action)
    if "" in reached:
        return tree.tops
    return tuple(unit for code in sorted(reached) if (unit := tree.unit(code)) is not None)


def home_unit(user: User, now: datetime) -> str:
    """Give the unit that pages are about when none is named: that of the first role of work.

    A role for the whole instance is at home at the first of the uppermost units; '' without units.
    """
    order = {role.value: place for place, role in enumerate(BUSINESS)}
    grants = [
        (order[role], unit)
        for role, unit in Grant.objects.filter(user=user).values_list("role", "unit")
        if role in order
    ]
    if not grants:
        return ""
    _, unit = min(grants)
    if unit:
        return unit
    tops = history().tree(timezone.localdate(now)).tops
    return tops[0].code if tops else ""
