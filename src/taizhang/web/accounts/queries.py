"""Reads of people and of the instance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet
from django.utils import timezone

from taizhang.core.issue import Code, Issue, Refused, gettext_noop
from taizhang.web.accounts.access import require
from taizhang.web.accounts.models import Instance, Role, User
from taizhang.web.quick import quick_cursor
from taizhang.web.units.queries import history

OWNER = "owner"


class AccountCode(Code):
    """What can be wrong with a user named by hand."""

    ACCOUNT_001 = (
        gettext_noop("There is no active user '%(user)s'."),
        gettext_noop("Check the spelling, or leave --as away to act as the local owner."),
    )
    ACCOUNT_002 = (
        gettext_noop("There is no unit '%(unit)s' today."),
        gettext_noop(
            "Choose one of the list, or leave it empty and tick that the whole instance is meant."
        ),
    )
    ACCOUNT_003 = (
        gettext_noop("Nobody can be %(role)s and %(other)s at once."),
        gettext_noop(
            "The three administrators watch each other and those who work with the ledger; give "
            "the role to another person."
        ),
    )
    ACCOUNT_004 = (
        gettext_noop("Somebody logs in with the name '%(name)s' already."),
        gettext_noop("Choose another name."),
    )
    ACCOUNT_005 = (
        gettext_noop("This password cannot be used: %(why)s"),
        gettext_noop("Choose another one."),
    )
    ACCOUNT_006 = (
        gettext_noop("The owner at the command line has no account that pages could change."),
        gettext_noop("Whoever may run commands on the folder of the instance is the owner."),
    )
    ACCOUNT_007 = (
        gettext_noop("'%(name)s' is the last one who can log in as %(role)s."),
        gettext_noop("Give the role to another person first."),
    )
    ACCOUNT_008 = (
        gettext_noop("This is not your present password."),
        gettext_noop("Type the password that you logged in with."),
    )
    ACCOUNT_009 = (
        gettext_noop("This code is not right, or was used before."),
        gettext_noop("Wait for the next code of your telephone and type its six digits."),
    )
    ACCOUNT_010 = (
        gettext_noop("'%(name)s' cannot be a name to log in with."),
        gettext_noop("Write 2 to 150 letters, digits or the signs . _ - without blanks."),
    )
    ACCOUNT_011 = (
        gettext_noop("%(role)s is a role for the whole instance, not for a unit."),
        gettext_noop("Leave the field of the unit empty."),
    )
    ACCOUNT_012 = (
        gettext_noop("'%(name)s' has no such role any more."),
        gettext_noop("Load the page again to see the roles as they are."),
    )
    ACCOUNT_013 = (
        gettext_noop("This account waits for no confirmation."),
        gettext_noop("Load the page again; another administrator may have confirmed it already."),
    )
    ACCOUNT_014 = (
        gettext_noop("'%(name)s' cannot be confirmed by who asked for it or whose account it is."),
        gettext_noop(
            "Ask another system or audit administrator, or the owner at the command line."
        ),
    )
    ACCOUNT_015 = (
        gettext_noop("Nobody who could confirm or read the log would be left after '%(name)s'."),
        gettext_noop(
            "Have the other account that waits confirmed first: by '%(name)s', or with "
            "`taizhang people confirm` at the machine, where the owner can also reset this one."
        ),
    )


def user_named(username: str | None) -> User:
    """Give the active user of that name; the local owner for ``None``.

    :raises Refused: ACCOUNT_001
    """
    name = username or OWNER
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise Refused([Issue(AccountCode.ACCOUNT_001, facts={"user": name})])
    return user


def someone_can_log_in() -> bool:
    """Say whether there is an active person with a password: else the instance is being set up."""
    people = User.objects.filter(is_active=True).exclude(username=OWNER)
    return people.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).exists()


def close_after() -> int | None:
    """Give the days after which a month closes by itself, ``None`` where people close it."""
    with quick_cursor() as cursor:  # plain SQL: every acceptance asks
        cursor.execute("SELECT close_after FROM accounts_instance WHERE id = 1")
        found: int | None = cursor.fetchone()[0]
    return found


def starts_on() -> date | None:
    """Give the day from which months are due, ``None`` where every month is."""
    return Instance.objects.values_list("starts_on", flat=True).get(pk=1)


def instance() -> Instance:
    """Give the one row of the instance at work."""
    return Instance.objects.get(pk=1)


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody has: for the unit of that name, '' for the whole instance."""

    id: int
    role: Role
    unit: str
    unit_name: str


def roles_of(user: User, now: datetime) -> list[Held]:
    """Give the roles of a person with the names of their units today."""
    units = history().tree(timezone.localdate(now)).units
    return [
        Held(one.pk, Role(one.role), one.unit, units[one.unit].name if one.unit in units else "")
        for one in user.grants.order_by("role", "unit")
    ]


def people(search: str = "", *, stopped: bool = False) -> QuerySet[User]:
    """Give the people whose names hold ``search``, those who may log in before the others.

    :param stopped: only those who may not log in any more
    """
    found = User.objects.exclude(username=OWNER).prefetch_related("grants")
    if stopped:
        found = found.filter(is_active=False)
    for word in search.split():
        found = found.filter(Q(username__icontains=word) | Q(name__icontains=word))
    return found.order_by("-is_active", "username")


def people_for(acting_user: User, search: str = "", *, stopped: bool = False) -> QuerySet[User]:
    """Give the people as :func:`people` does, to whoever may read who there is.

    :raises Refused: ACCESS_001
    """
    require(acting_user, "user.read")
    return people(search, stopped=stopped)


def person_for(acting_user: User, number: int, action: str = "user.read") -> User | None:
    """Give one person to whoever may do ``action``; the owner at the command line is none.

    :raises Refused: ACCESS_001
    """
    require(acting_user, action)
    return User.objects.exclude(username=OWNER).filter(pk=number).first()
