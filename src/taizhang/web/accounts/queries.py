"""Reads of people and of the instance."""

from __future__ import annotations

from django.db import connection

from taizhang.core.issue import Code, Issue, Refused, gettext_noop
from taizhang.web.accounts.models import Instance, User

OWNER = "owner"


class AccountCode(Code):
    """What can be wrong with a user named by hand."""

    ACCOUNT_001 = (
        gettext_noop("There is no active user '%(user)s'."),
        gettext_noop("Check the spelling, or leave --as away to act as the local owner."),
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


def close_after() -> int | None:
    """Give the days after which a month closes by itself, ``None`` where people close it."""
    with connection.cursor() as cursor:  # plain SQL: every acceptance asks
        cursor.execute("SELECT close_after FROM accounts_instance WHERE id = 1")
        found: int | None = cursor.fetchone()[0]
    return found


def instance() -> Instance:
    """Give the one row of the instance at work."""
    return Instance.objects.get(pk=1)
