"""Writes of people and of the instance."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from taizhang.core.base.invisible_sign import seen
from taizhang.web.accounts.access import require
from taizhang.web.accounts.models import Grant, Instance, Role, User
from taizhang.web.accounts.queries import OWNER
from taizhang.web.audit.actions import audit_append


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

    What people closed before that day, and what was recorded, counts as it did.

    :raises Refused: ACCESS_001
    """
    require(acting_user, "instance.settings")
    Instance.objects.filter(pk=1).update(starts_on=day)
    audit_append(
        actor=acting_user,
        action="instance.settings",
        objects=["1"],
        rows={Instance: [1]},
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
