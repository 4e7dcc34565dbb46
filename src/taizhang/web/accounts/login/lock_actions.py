"""Writes of logging in: a name that is locked, attempts and sessions thrown away."""

from __future__ import annotations

from datetime import datetime

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction

from taizhang.web.accounts.models import User
from taizhang.web.audit.actions import audit_append


def attempts_strip() -> None:
    """Forget what else than a name, an address and a number was noted of wrong passwords."""
    AccessAttempt.objects.exclude(get_data="", post_data="").update(get_data="", post_data="")


@transaction.atomic
def lock_log(username: str | None, now: datetime) -> None:
    """Write to the log that a name is locked; one that nobody has is no account."""
    user = User.objects.filter(username=username).first()
    if user is not None:
        audit_append(actor=None, action="account.locked", objects=[str(user.pk)], now=now)


def login_tidy(now: datetime) -> None:
    """Throw away sessions that ended and wrong passwords that lock no more."""
    Session.objects.filter(expire_date__lt=now).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - settings.AXES_COOLOFF_TIME).delete()
