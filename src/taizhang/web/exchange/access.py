"""The door for programs: by an address with a secret in it, or by name and password over HTTPS."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django_otp import user_has_device

from taizhang.core.base.issue import Code, Issue, Refused
from taizhang.web.accounts.access import home_unit, may
from taizhang.web.accounts.models import User
from taizhang.web.exchange.code import ExchangeCode
from taizhang.web.exchange.models import Kind, Token

#: What a program does for its person: by which action the unit is asked for at every request.
ACTIONS = {Kind.PHONE: "record.accept", Kind.CALENDAR: "plan.read"}
_MOST_SECRET = 64


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf a program asks, for which unit; ``secret`` is '' for name and password."""

    user: User
    unit: str
    secret: str = ""


class TurnedAwayError(Refused):
    """Raised when a caller is not let in; ``who`` is the id of token or person, as far as known."""

    def __init__(self, code: Code, who: str, user: User | None = None, unit: str = "") -> None:
        super().__init__([Issue(code, facts={"unit": unit})])
        self.who = who
        self.user = user


def secret_digest(secret: str) -> str:
    """Give the keyed digest under which a secret is kept."""
    return salted_hmac("taizhang.exchange.token", secret, algorithm="sha256").hexdigest()


def caller_by_secret(secret: str, kind: Kind, now: datetime) -> Caller:
    """Find whose address this is.

    :raises TurnedAwayError: EXCHANGE_001 alike for unknown, expired and revoked, 008, 011
    """
    known = len(secret) <= _MOST_SECRET
    rows = Token.objects.select_related("user").filter(digest=secret_digest(secret), kind=kind)
    token = rows.first() if known else None
    if token is None:
        raise TurnedAwayError(ExchangeCode.EXCHANGE_001, "unknown")
    who = f"token:{token.pk}"
    if token.revoked_at is not None or token.expires_at <= now or not token.user.is_active:
        raise TurnedAwayError(ExchangeCode.EXCHANGE_001, who, token.user)
    if token.user.must_change:  # somebody reset the account: nothing goes on before its person does
        raise TurnedAwayError(ExchangeCode.EXCHANGE_008, who, token.user)
    if not may(token.user, ACTIONS[kind], token.unit):
        raise TurnedAwayError(ExchangeCode.EXCHANGE_011, who, token.user, token.unit)
    return Caller(token.user, token.unit, secret)


def caller_by_password(request: HttpRequest, now: datetime) -> Caller:
    """Find who calls by name and password (RFC 7617), for their home unit.

    Wrong passwords count towards the lock as they do on the page.

    :raises TurnedAwayError: EXCHANGE_002, 003, 004, 008 or 011
    """
    if not request.is_secure():
        raise TurnedAwayError(ExchangeCode.EXCHANGE_002, "unknown")
    name, password = _basic(request.headers.get("Authorization", ""))
    if not name:
        raise TurnedAwayError(ExchangeCode.EXCHANGE_003, "")
    user = authenticate(request, username=name, password=password)
    # Else the middleware of the lock would put its page for people in place of our answer.
    locked = getattr(request, "axes_locked_out", False)
    request.axes_locked_out = False  # type: ignore[attr-defined]
    if locked:
        raise TurnedAwayError(ExchangeCode.EXCHANGE_004, "unknown")
    if not isinstance(user, User):
        raise TurnedAwayError(ExchangeCode.EXCHANGE_003, "unknown")
    who = f"user:{user.pk}"
    if user.must_change or user_has_device(user):
        raise TurnedAwayError(ExchangeCode.EXCHANGE_008, who, user)
    unit = home_unit(user, now)
    if not may(user, ACTIONS[Kind.PHONE], unit):
        raise TurnedAwayError(ExchangeCode.EXCHANGE_011, who, user, unit)
    return Caller(user, unit)


def _basic(header: str) -> tuple[str, str]:
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return (name, password) if colon and "\x00" not in name else ("", "")


def tokens_of(user: User) -> list[Token]:
    """Give the addresses that a person made, the newest first."""
    return list(Token.objects.filter(user=user).order_by("-made_at", "-pk"))


def token_of(user: User, pk: int) -> Token | None:
    """Give one address of a person; absent and another's look alike."""
    return Token.objects.filter(user=user, pk=pk).first()
