"""Administrators' accounts that wait for a consent: which they are, and who is at work.

Whoever could give an administrator's account a new password, or the role itself, and then log in
with it, would hold two of the three roles that watch each other.  So the account rests: it can do
nothing of the three roles until one of the other two, neither who asked nor whose account it is,
has confirmed.  The owner at the command line, who may do everything, needs and may give consent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import QuerySet

from taizhang.web.accounts.access import require
from taizhang.web.accounts.models import Grant, Hold, Role, User


def at_work(roles: Iterable[Role]) -> QuerySet[Grant]:
    """Give the grants of roles whose people can log in and act: none that rests."""
    grants = Grant.objects.filter(role__in=list(roles), user__is_active=True)
    grants = grants.exclude(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    resting = Hold.objects.filter(confirmed_at__isnull=True).values("user")
    return grants.exclude(user__in=resting)


@dataclass(frozen=True, slots=True)
class RestingAccount:
    """An account that rests: what was done to it and by whom; whether the reader may confirm."""

    user: User
    holds: tuple[Hold, ...]
    may_confirm: bool


def waiting_for(acting_user: User) -> list[RestingAccount]:
    """Give the accounts that rest, to whoever may confirm.

    :raises Refused: ACCESS_001
    """
    require(acting_user, "hold.confirm")
    by_user: dict[User, list[Hold]] = {}
    rows = Hold.objects.select_related("user", "asked_by").filter(confirmed_at__isnull=True)
    for hold in rows.order_by("user__username", "pk"):
        by_user.setdefault(hold.user, []).append(hold)
    return [
        RestingAccount(
            user,
            tuple(holds),
            acting_user.pk not in {user.pk, *(hold.asked_by_id for hold in holds)},
        )
        for user, holds in by_user.items()
    ]


def holds_of(user: User) -> list[Hold]:
    """Give why an account rests; nothing where it does not."""
    rows = Hold.objects.select_related("asked_by").filter(user=user, confirmed_at__isnull=True)
    return list(rows.order_by("pk"))
