"""Writes of people and of the instance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from taizhang.core.base.closing_day import LAST_CLOSING_DAY
from taizhang.core.base.invisible_sign import seen
from taizhang.core.base.issue import Issue, Refused
from taizhang.web.accounts.access import require
from taizhang.web.accounts.code import AccountCode
from taizhang.web.accounts.models import ClosingSetting, Grant, Instance, Role, User
from taizhang.web.accounts.queries import OWNER, ClosingTerms, terms_on
from taizhang.web.audit.actions import audit_append

#: A month closes by itself within a year of its end.
MOST_DAYS = 366


@transaction.atomic
def instance_begin(
    *,
    key: str,
    name: str,
    close_after: int | None,
    starts_on: date | None,
    synthetic: bool,
    now: datetime,
) -> Instance:
    """Write the instance's row, its local owner and the first row of the log.

    The local owner has no password: it is whoever may run commands on the instance's folder.
    """
    instance = Instance.objects.create(
        key=key,
        name=seen(name).strip(),
        close_after=close_after,
        starts_on=starts_on,
        synthetic=synthetic,
        created_at=now,
    )
    owner = User(username=OWNER)
    owner.set_unusable_password()
    owner.save()
    grant = Grant.objects.create(user=owner, role=Role.OWNER, unit="")
    audit_append(
        actor=None,
        action="instance.begin",
        objects=[key],
        rows={Instance: [instance.pk], User: [owner.pk], Grant: [grant.pk]},
        now=now,
    )
    return instance


@transaction.atomic
def instance_start(*, day: date | None, acting_user: User, now: datetime) -> None:
    """Set the day from which months are due; ``None`` for every month since records began.

    What people closed before that day, and what was recorded, counts as it did; so does what the
    ledger said on earlier days.

    :raises Refused: ACCESS_001
    """
    today = timezone.localdate(now)
    terms = replace(terms_on(today), holds_from=today, starts_on=day)
    closing_terms_set(terms=terms, acting_user=acting_user, now=now)


@transaction.atomic
def closing_terms_set(*, terms: ClosingTerms, acting_user: User, now: datetime) -> None:
    """Set what holds for closings from a day on; nothing that was due or closed before changes.

    :raises Refused: ACCESS_001, ACCOUNT_016, ACCOUNT_017, ACCOUNT_018
    """
    require(acting_user, "instance.settings")
    today = timezone.localdate(now)
    issues = []
    if terms.holds_from < today:
        facts: dict[str, object] = {"day": terms.holds_from.isoformat(), "today": today.isoformat()}
        issues.append(Issue(AccountCode.ACCOUNT_016, facts=facts))
    if not 1 <= terms.closing_day <= LAST_CLOSING_DAY:
        facts = {"day": terms.closing_day, "last": LAST_CLOSING_DAY}
        issues.append(Issue(AccountCode.ACCOUNT_017, facts=facts))
    if terms.close_after is not None and not 0 <= terms.close_after <= MOST_DAYS:
        facts = {"days": terms.close_after, "most": MOST_DAYS}
        issues.append(Issue(AccountCode.ACCOUNT_018, facts=facts))
    if issues:
        raise Refused(issues)
    if replace(terms_on(terms.holds_from), holds_from=terms.holds_from) == terms:
        return
    row, _ = ClosingSetting.objects.update_or_create(
        holds_from=terms.holds_from,
        defaults={
            "closing_day": terms.closing_day,
            "close_after": terms.close_after,
            "starts_on": terms.starts_on,
        },
    )
    audit_append(
        actor=acting_user,
        action="instance.settings",
        objects=[terms.holds_from.isoformat()],
        rows={ClosingSetting: [row.pk]},
        now=now,
    )


@transaction.atomic
def user_add(
    *, username: str, name: str, role: Role, unit: str, acting_user: User, now: datetime
) -> User:
    """Add a user with one role for ``unit`` ('' for the whole instance) and no password yet.

    Whoever may do only half of it uses :mod:`.people`.

    :raises Refused: ACCESS_001
    """
    require(acting_user, "user.add", unit or None)
    require(acting_user, "grant.change", unit or None)
    user = User(username=username, name=seen(name).strip())
    user.set_unusable_password()
    user.save()
    grant = Grant.objects.create(user=user, role=role, unit=unit)
    audit_append(
        actor=acting_user,
        action="user.add",
        objects=[str(user.pk)],
        rows={User: [user.pk], Grant: [grant.pk]},
        now=now,
    )
    return user
