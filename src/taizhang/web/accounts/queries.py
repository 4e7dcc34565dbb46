"""Reads of people and of the instance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet
from django.utils import timezone

from taizhang.core.base.closing_day import CLOSING_DAY, ClosingDays, ClosingRow, closing_days
from taizhang.core.base.issue import Issue, Refused
from taizhang.core.unit.body import Body
from taizhang.core.unit.tree import Unit
from taizhang.web.accounts.access import require
from taizhang.web.accounts.code import AccountCode
from taizhang.web.accounts.models import Instance, Role, User
from taizhang.web.base.raw_cursor import raw_cursor
from taizhang.web.units.queries import bodies, history

OWNER = "owner"


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


@dataclass(frozen=True, slots=True)
class ClosingTerms:
    """What holds for closings from a day on.

    ``close_after`` are the days after a month's end when it closes by itself, ``None`` where
    people close it; ``starts_on`` is the day from whose month on months are due, ``None``: always.
    """

    holds_from: date
    closing_day: int
    close_after: int | None
    starts_on: date | None


def closing_terms() -> tuple[ClosingTerms, ...]:
    """Give what holds, and held, for closings, by the day from which; the first since ever."""
    with raw_cursor() as cursor:  # plain SQL: every acceptance asks
        cursor.execute("SELECT close_after, starts_on FROM accounts_instance WHERE id = 1")
        begun = cursor.fetchone()
        cursor.execute(
            "SELECT holds_from, closing_day, close_after, starts_on FROM accounts_closingsetting "
            "ORDER BY holds_from"
        )
        rows = cursor.fetchall()
    first = (date.min, CLOSING_DAY, *begun)
    return tuple(
        ClosingTerms(_day(since) or date.min, number, after, _day(start))
        for since, number, after, start in (first, *rows)
    )


def _day(stored: object) -> date | None:
    """Read a day as one of the stores gives it."""
    if stored is None or isinstance(stored, date):
        return stored
    return date.fromisoformat(str(stored))


def terms_on(day: date) -> ClosingTerms:
    """Give what holds for closings on a day."""
    return [terms for terms in closing_terms() if terms.holds_from <= day][-1]


def closing_days_set() -> ClosingDays:
    """Give the closing day through time, with when months close by themselves."""
    return closing_days(
        [
            ClosingRow(terms.holds_from, terms.closing_day, terms.close_after)
            for terms in closing_terms()
        ]
    )


def starts_on(day: date = date.max) -> date | None:
    """Give the day from which months are due, as set by ``day``; ``None`` where every month is."""
    return terms_on(day).starts_on


def instance() -> Instance:
    """Give the one row of the instance at work."""
    return Instance.objects.get(pk=1)


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """A role that somebody has: for the unit of that name, '' for the whole instance."""

    id: int
    role: Role
    unit: str
    unit_name: str


def roles_of(user: User, now: datetime) -> list[RoleHeld]:
    """Give the roles of a person with the names of their units and bodies today."""
    today = timezone.localdate(now)
    named: dict[str, Unit | Body] = {body.code: body for body in bodies().bodies}
    named.update(history().tree(today).units)
    return [
        RoleHeld(
            grant.pk,
            Role(grant.role),
            grant.unit,
            named[grant.unit].name if grant.unit in named else "",
        )
        for grant in user.grants.order_by("role", "unit")
    ]


def people(search: str = "", *, stopped: bool = False) -> QuerySet[User]:
    """Give the people whose names hold ``search``, those who may log in before the others.

    :param stopped: only those who may not log in any more
    """
    users = User.objects.exclude(username=OWNER).prefetch_related("grants")
    if stopped:
        users = users.filter(is_active=False)
    for word in search.split():
        users = users.filter(Q(username__icontains=word) | Q(name__icontains=word))
    return users.order_by("-is_active", "username")


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
