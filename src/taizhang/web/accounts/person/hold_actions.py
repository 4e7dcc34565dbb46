"""A reset administrator's account rests until another one agrees: begun, agreed, ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from taizhang.core.base.issue import Issue, Refused
from taizhang.web.accounts.access import SEPARATED, require
from taizhang.web.accounts.code import AccountCode
from taizhang.web.accounts.models import Grant, Hold, Role, User
from taizhang.web.accounts.person.holds import at_work
from taizhang.web.audit.actions import audit_append, write_lock

#: Who confirms what the security administrator did: never both kinds rest at once.
WATCHERS = (Role.SYSTEM, Role.AUDITOR)


def hold_begin(
    *,
    user: User,
    action: str,
    acting_user: User,
    now: datetime,
    roles: Iterable[str] = (),
    was_at_work: bool = True,
) -> list[int]:
    """Let an administrator's account rest after ``action``; the caller logs the rows given back.

    Nothing rests for a person of other roles, and nothing that the owner does.

    :param roles: roles that the person gets by the action, beside those they have
    :param was_at_work: whether the person could do something of a role of the three until now
    :raises Refused: ACCOUNT_015
    """
    held = {*roles, *user.grants.values_list("role", flat=True)}
    is_owner = Grant.objects.filter(user=acting_user, role=Role.OWNER).exists()
    if is_owner or not held & {role.value for role in SEPARATED}:
        return []
    if was_at_work:
        _watcher_stays(user)
    hold = Hold.objects.create(user=user, action=action, asked_by=acting_user, asked_at=now)
    return [hold.pk]


def _watcher_stays(user: User) -> None:
    """See that somebody who confirms and sees the log is still at work when ``user`` rests."""
    write_lock()  # two of them, reset at once, would each find the other
    watchers = at_work(WATCHERS)
    if watchers.filter(user=user).exists() and not watchers.exclude(user=user).exists():
        raise Refused([Issue(AccountCode.ACCOUNT_015, facts={"name": str(user)})])


@transaction.atomic
def hold_confirm(*, person: int, acting_user: User, now: datetime) -> User:
    """Let an administrator whose account rests be one again.

    :raises Refused: ACCESS_001, ACCOUNT_013, ACCOUNT_014
    """
    require(acting_user, "hold.confirm")
    write_lock()
    open_holds = list(
        Hold.objects.select_related("user").filter(user=person, confirmed_at__isnull=True)
    )
    if not open_holds:
        raise Refused([Issue(AccountCode.ACCOUNT_013)])
    user = open_holds[0].user
    if acting_user.pk in {user.pk, *(hold.asked_by_id for hold in open_holds)}:
        raise Refused([Issue(AccountCode.ACCOUNT_014, facts={"name": str(user)})])
    numbers = [hold.pk for hold in open_holds]
    Hold.objects.filter(pk__in=numbers).update(confirmed_by=acting_user, confirmed_at=now)
    audit_append(
        actor=acting_user,
        action="hold.confirm",
        objects=[str(user.pk)],
        rows={Hold: numbers},
        now=now,
    )
    return user
