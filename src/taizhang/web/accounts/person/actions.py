"""Writes of other people's accounts: who exists, who may do what, who got stuck."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from axes.models import AccessAttempt
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from taizhang.core.base.invisible_sign import seen
from taizhang.core.base.issue import Issue, Refused
from taizhang.core.unit.ownership import Ownership
from taizhang.web.accounts.access import SEPARATED, require
from taizhang.web.accounts.code import AccountCode
from taizhang.web.accounts.models import Grant, Hold, PastGrant, Role, User
from taizhang.web.accounts.person.hold_actions import hold_begin
from taizhang.web.accounts.person.holds import at_work
from taizhang.web.accounts.person.own_account_actions import (
    others_end,
    password_set,
    totp_delete,
    word,
)
from taizhang.web.accounts.queries import OWNER
from taizhang.web.audit.actions import audit_append, write_lock
from taizhang.web.audit.snapshot import Rows
from taizhang.web.units.queries import bodies, history

_NAME = re.compile(r"[\w.-]{2,150}")
_ONE_TIME = 12  # letters of a password that its owner changes at the first log-in


@transaction.atomic
def person_add(*, username: str, name: str, acting_user: User, now: datetime) -> tuple[User, str]:
    """Add a person without any role and give the password to hand over.

    :raises Refused: ACCESS_001, ACCOUNT_004, ACCOUNT_010
    """
    require(acting_user, "user.add")
    user = person_new(username, name)
    password = one_time(user)
    user.save()
    _log(acting_user, "user.add", user, now)
    return user, password


def person_new(username: str, name: str) -> User:
    """Give a new person, not saved yet, after looking at the name; the caller asks and logs.

    :raises Refused: ACCOUNT_004, ACCOUNT_010
    """
    if _NAME.fullmatch(username) is None:
        raise Refused([Issue(AccountCode.ACCOUNT_010, facts={"name": username})])
    write_lock()
    if User.objects.filter(username__iexact=username).exists():
        raise Refused([Issue(AccountCode.ACCOUNT_004, facts={"name": username})])
    return User(username=username, name=seen(name).strip())


def one_time(user: User) -> str:
    """Give ``user`` a password that they must change when they log in; the caller saves."""
    password = word(_ONE_TIME)
    user.password = make_password(password)
    user.must_change = True
    return password


@transaction.atomic
def grant_give(*, person: int, role: str, unit: str, acting_user: User, now: datetime) -> Grant:
    """Give a person a role for a unit and all below it; '' is the whole instance.

    :raises Refused: ACCESS_001, ACCOUNT_001, ACCOUNT_002, ACCOUNT_003, ACCOUNT_006, ACCOUNT_011
    """
    require(acting_user, "grant.change", unit or None)
    user = _other(person)  # locked: of two roles given at once the second sees the first
    wanted = Role(role)
    if wanted is Role.OWNER:
        raise Refused([Issue(AccountCode.ACCOUNT_006)])
    held = [Role(role) for role in user.grants.values_list("role", flat=True)]
    separation_check(wanted, held)
    if wanted in SEPARATED and unit:
        raise Refused([Issue(AccountCode.ACCOUNT_011, facts={"role": str(wanted.label)})])
    if unit and not Ownership(history(), bodies()).exists(unit, timezone.localdate(now)):
        raise Refused([Issue(AccountCode.ACCOUNT_002, facts={"unit": unit})])
    grant, made = Grant.objects.get_or_create(user=user, role=wanted.value, unit=unit)
    if made:
        if wanted in SEPARATED:  # a shorter session from now on
            user.sessions_count += 1
            user.save(update_fields=["sessions_count"])
        rests = (
            hold_begin(
                user=user,
                action="grant.change",
                acting_user=acting_user,
                now=now,
                was_at_work=False,
            )
            if wanted in SEPARATED
            else []
        )
        _log(acting_user, "grant.change", user, now, grant.pk, holds=rests)
    return grant


def separation_check(wanted: Role, held: list[Role]) -> None:
    """See that the three administrators stay apart, and apart from those who work.

    :raises Refused: ACCOUNT_003
    """
    for other in held:
        if other != wanted and (wanted in SEPARATED or other in SEPARATED):
            facts = {"role": str(wanted.label), "other": str(other.label)}
            raise Refused([Issue(AccountCode.ACCOUNT_003, facts=facts)])


@transaction.atomic
def grant_take(*, person: int, grant: int, acting_user: User, now: datetime) -> None:
    """Take a role from a person.

    :raises Refused: ACCESS_001, ACCOUNT_001, ACCOUNT_006, ACCOUNT_007, ACCOUNT_012
    """
    user = _other(person)
    held = Grant.objects.filter(pk=grant, user=user).first()
    require(acting_user, "grant.change", (held.unit or None) if held else None)
    if held is None:
        raise Refused([Issue(AccountCode.ACCOUNT_012, facts={"name": str(user)})])
    _not_last(user, {held.role})
    past = PastGrant.objects.create(user=user, role=held.role, unit=held.unit, ended_at=now)
    held.delete()
    audit_append(
        actor=acting_user,
        action="grant.change",
        objects=[str(user.pk)],
        rows={User: [user.pk], Grant: [grant], PastGrant: [past.pk]},
        now=now,
    )


@transaction.atomic
def person_stop(*, person: int, acting_user: User, now: datetime) -> None:
    """Let a person log in no more, nor their programs; what they wrote stays theirs.

    :raises Refused: ACCESS_001, ACCOUNT_001, ACCOUNT_006, ACCOUNT_007
    """
    require(acting_user, "user.secure")
    user = _other(person)
    _not_last(user, set(user.grants.values_list("role", flat=True)))
    user.is_active = False
    user.sessions_count += 1  # none of them wakes when the person comes back
    user.save(update_fields=["is_active", "sessions_count"])
    _log(acting_user, "user.stop", user, now)
    others_end(user, acting_user, now)


@transaction.atomic
def person_return(*, person: int, acting_user: User, now: datetime) -> None:
    """Let a stopped person log in again.

    :raises Refused: ACCESS_001, ACCOUNT_001, ACCOUNT_006
    """
    require(acting_user, "user.secure")
    user = _other(person)
    user.is_active = True
    user.save(update_fields=["is_active"])
    rests = hold_begin(
        user=user, action="user.return", acting_user=acting_user, now=now, was_at_work=False
    )
    _log(acting_user, "user.return", user, now, holds=rests)


@transaction.atomic
def password_reset(*, person: int, acting_user: User, now: datetime) -> str:
    """Give a person a new one-time password; all their sessions and addresses of programs end.

    :raises Refused: ACCESS_001, ACCOUNT_001, ACCOUNT_006, ACCOUNT_015
    """
    require(acting_user, "user.secure")
    user = _other(person)
    password = one_time(user)
    user.save(update_fields=["password", "must_change"])
    AccessAttempt.objects.filter(username=user.username).delete()
    rests = hold_begin(user=user, action="password.reset", acting_user=acting_user, now=now)
    _log(acting_user, "password.reset", user, now, holds=rests)
    others_end(user, acting_user, now)
    return password


@transaction.atomic
def password_give(*, person: int, password: str, acting_user: User, now: datetime) -> None:
    """Give a person a password that they may keep: for made-up people, whose password is printed.

    :raises Refused: ACCESS_001, ACCOUNT_001, ACCOUNT_005, ACCOUNT_006, ACCOUNT_015
    """
    require(acting_user, "user.secure")
    user = _other(person)
    password_set(user, password)
    user.save(update_fields=["password"])
    rests = hold_begin(user=user, action="password.reset", acting_user=acting_user, now=now)
    _log(acting_user, "password.reset", user, now, holds=rests)


@transaction.atomic
def person_unlock(*, person: int, acting_user: User, now: datetime) -> None:
    """Forget a person's wrong passwords.

    :raises Refused: ACCESS_001, ACCOUNT_001, ACCOUNT_006
    """
    require(acting_user, "user.secure")
    user = _other(person)
    AccessAttempt.objects.filter(username=user.username).delete()
    _log(acting_user, "account.unlock", user, now)


@transaction.atomic
def totp_remove(*, person: int, acting_user: User, now: datetime) -> None:
    """Let a person who lost their telephone log in without one-time codes.

    :raises Refused: ACCESS_001, ACCOUNT_001, ACCOUNT_006, ACCOUNT_015
    """
    require(acting_user, "user.secure")
    user = _other(person)
    removed = totp_delete(user)
    rests = hold_begin(user=user, action="totp.remove", acting_user=acting_user, now=now)
    rows: Rows = {User: [user.pk], **removed, Hold: rests}
    objects = [str(user.pk)]
    audit_append(actor=acting_user, action="totp.remove", objects=objects, rows=rows, now=now)


def _other(person: int) -> User:
    user = User.objects.select_for_update().filter(pk=person).first()
    if user is None:
        raise Refused([Issue(AccountCode.ACCOUNT_001, facts={"user": str(person)})])
    if user.username == OWNER:
        raise Refused([Issue(AccountCode.ACCOUNT_006)])
    return user


def _not_last(user: User, roles: set[str]) -> None:
    """See that each of the three administrators is still somebody who can log in and act."""
    write_lock()  # two of them, stopped at once, would each find the other
    for role in sorted(roles & {role.value for role in SEPARATED}):
        others = at_work([Role(role)]).exclude(user=user)
        if user.is_active and not others.exists():
            facts = {"name": str(user), "role": str(Role(role).label)}
            raise Refused([Issue(AccountCode.ACCOUNT_007, facts=facts)])


def _log(
    acting_user: User,
    action: str,
    user: User,
    now: datetime,
    *grants: int,
    holds: Iterable[int] = (),
) -> None:
    rows = {User: [user.pk], Grant: grants, Hold: holds}
    audit_append(actor=acting_user, action=action, objects=[str(user.pk)], rows=rows, now=now)
