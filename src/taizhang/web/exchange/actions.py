"""Addresses for programs, made and revoked, and the limit of refusals put into the log."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Lock

from django.db import transaction
from django.utils import timezone

from taizhang.core.base.invisible_sign import line_of, words_of
from taizhang.core.base.issue import Code, Issue, Refused
from taizhang.web.accounts.access import may, require
from taizhang.web.accounts.models import User
from taizhang.web.audit.actions import audit_append, write_lock
from taizhang.web.exchange.access import ACTIONS, secret_digest, token_of
from taizhang.web.exchange.code import TokenCode
from taizhang.web.exchange.models import NAME, Kind, Token
from taizhang.web.units.queries import history

MOST_DAYS = 366
MOST_TOKENS = 10
SECRET_BYTES = 32  # 256 bits


def token_make(
    *, kind: Kind, name: str, unit: str, days: int, acting_user: User, now: datetime
) -> tuple[Token, str]:
    """Make an address for a program of the acting person; give it with its secret.

    The secret is shown once: only its keyed digest is kept.

    :raises Refused: ACCESS_001, TOKEN_001 to 004
    """
    require(acting_user, "token.own", unit)
    name = words_of(line_of(name))
    issues: list[Issue] = []
    if not name or len(name) > NAME:
        issues.append(Issue(TokenCode.TOKEN_001, facts={"most": NAME}))
    exists = history().unit_on(unit, timezone.localdate(now)) is not None
    if not exists or not may(acting_user, ACTIONS[kind], unit):
        issues.append(Issue(TokenCode.TOKEN_002, facts={"unit": unit}))
    if not 1 <= days <= MOST_DAYS:
        issues.append(Issue(TokenCode.TOKEN_003, facts={"most": MOST_DAYS}))
    if issues:
        raise Refused(issues)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        write_lock()  # two pages at once would both find room
        usable = Token.objects.filter(user=acting_user, revoked_at=None, expires_at__gt=now)
        if usable.count() >= MOST_TOKENS:
            raise Refused([Issue(TokenCode.TOKEN_004, facts={"most": MOST_TOKENS})])
        token = Token.objects.create(
            user=acting_user,
            unit=unit,
            kind=kind,
            name=name,
            digest=secret_digest(secret),
            made_at=now,
            expires_at=now + timedelta(days=days),
        )
        audit_append(
            actor=acting_user,
            action="token.make",
            objects=[str(token.pk), kind.value],
            rows={Token: [token.pk]},
            now=now,
        )
    return token, secret


@transaction.atomic
def token_revoke(*, pk: int, acting_user: User, now: datetime) -> Token:
    """Revoke an address of one's own; revoked before, it stays so.

    :raises Refused: TOKEN_005
    """
    token = token_of(acting_user, pk)
    if token is None:
        raise Refused([Issue(TokenCode.TOKEN_005)])
    if token.revoked_at is None:
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
        audit_append(
            actor=acting_user,
            action="token.revoke",
            objects=[str(pk)],
            rows={Token: [pk]},
            now=now,
        )
    return token


@transaction.atomic
def tokens_end(user: User, acting_user: User, now: datetime) -> None:
    """Revoke every address of a person: their password was changed, or they were stopped."""
    rows = Token.objects.select_for_update().filter(user=user, revoked_at=None, expires_at__gt=now)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    if keys:
        Token.objects.filter(pk__in=keys).update(revoked_at=now)
        audit_append(
            actor=acting_user,
            action="token.revoke",
            objects=[str(key) for key in keys],
            rows={Token: keys},
            now=now,
        )


class Throttle:
    """Lets so many rows into the log in an hour: of one caller, and of all together.

    Counted in the memory of each server process, so that turning somebody away again and again
    writes nothing at all; what was left out is told with the next row.
    """

    def __init__(self, most_each: int, most_all: int) -> None:
        self._most_each, self._most_all = most_each, most_all
        self._hour = ""
        self._each: dict[str, int] = {}
        self._all = self._left_out = 0
        self._lock = Lock()

    def admit(self, who: str, now: datetime) -> int | None:
        """Give how many rows were left out since the last one, ``None`` to leave this one out."""
        with self._lock:
            hour = now.astimezone(timezone.get_default_timezone()).strftime("%Y-%m-%dT%H")
            if hour != self._hour:
                self._hour, self._each, self._all = hour, {}, 0
            if self._all >= self._most_all or self._each.get(who, 0) >= self._most_each:
                self._left_out += 1
                return None
            self._each[who] = self._each.get(who, 0) + 1
            self._all += 1
            left_out, self._left_out = self._left_out, 0
            return left_out


THROTTLE = Throttle(most_each=20, most_all=200)


def refusal_log(
    *,
    who: str,
    user: User | None,
    codes: Sequence[Code],
    content: bytes = b"",
    now: datetime,
) -> bool:
    """Put a refusal into the log: ids, codes and a digest; say whether a row was written."""
    left_out = THROTTLE.admit(who, now)
    if left_out is None:
        return False
    objects = [who, *dict.fromkeys(code.name for code in codes)]
    if left_out:
        objects.append(f"left-out:{left_out}")
    with transaction.atomic():
        audit_append(
            actor=user,
            action="exchange.refused",
            objects=objects,
            contents=[hashlib.sha256(content).hexdigest()] if content else (),
            now=now,
        )
    return True
