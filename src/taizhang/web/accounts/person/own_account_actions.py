"""Writes of a person's own account: password, one-time codes, signing out everywhere."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.hashers import get_hasher, identify_hasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Model
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django_otp.plugins.otp_totp.models import TOTPDevice

from taizhang.core.base.issue import Issue, Refused
from taizhang.web.accounts.code import AccountCode
from taizhang.web.accounts.models import RecoveryCode, User
from taizhang.web.accounts.person.own_account import secrets_of, totp_device
from taizhang.web.audit.actions import audit_append
from taizhang.web.audit.snapshot import Rows

#: What else of a person ends with their password, or when they are stopped: (person, by, now).
Ending = Callable[[User, User, datetime], None]
_endings: list[Ending] = []


def ending_register(end: Ending) -> None:
    """Have something of a person end that an app above keeps, in the same transaction."""
    _endings.append(end)


def others_end(user: User, acting_user: User, now: datetime) -> None:
    """End what the apps above keep of a person; the sessions end with the password itself."""
    for end in _endings:
        end(user, acting_user, now)


#: Letters of what is read aloud or copied by hand: none that looks like another.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
RECOVERY_CODES = 8
_RECOVERY_LENGTH = 10  # 49 bits each, and every wrong one makes the next wait longer


def word(length: int) -> str:
    """Draw a word that can be copied by hand."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def password_set(user: User, password: str) -> None:
    """Give ``user`` a password after checking it against the rules; the caller saves and logs.

    :raises Refused: ACCOUNT_005
    """
    try:
        validate_password(password, user)
    except ValidationError as error:
        facts = [{"why": why} for why in error.messages]
        raise Refused([Issue(AccountCode.ACCOUNT_005, facts=fact) for fact in facts]) from error
    user.set_password(password)


@transaction.atomic
def password_change(*, old: str, new: str, acting_user: User, now: datetime) -> None:
    """Change one's own password; all other sessions and all addresses of programs end.

    :raises Refused: ACCOUNT_005, ACCOUNT_008
    """
    user = User.objects.select_for_update().get(pk=acting_user.pk)
    _own(user, old)
    if new == old:
        why = gettext("It is your present one.")
        raise Refused([Issue(AccountCode.ACCOUNT_005, facts={"why": why})])
    password_set(user, new)
    user.must_change = False
    user.save(update_fields=["password", "must_change"])
    _log(user, "password.change", now)
    others_end(user, user, now)


@transaction.atomic
def password_rehash(*, user: User, password: str, now: datetime) -> None:
    """Keep the password that ``user`` just logged in with at today's cost, where it lies at less.

    Django would do it by itself at any comparison, behind the back of the log.
    """
    wanted = get_hasher()
    held = identify_hasher(user.password)
    if held.algorithm != wanted.algorithm or wanted.must_update(user.password):
        user.set_password(password)
        user.save(update_fields=["password"])
        _log(user, "password.rehash", now)


def _own(user: User, password: str) -> None:
    if not user.check_password(password):
        raise Refused([Issue(AccountCode.ACCOUNT_008)])


@transaction.atomic
def sessions_end(*, acting_user: User, now: datetime) -> None:
    """Sign the person out on every machine."""
    User.objects.filter(pk=acting_user.pk).update(sessions_count=F("sessions_count") + 1)
    _log(acting_user, "sessions.end", now)


@transaction.atomic
def totp_begin(*, password: str, acting_user: User) -> TOTPDevice:
    """Give the person a new secret that counts only once a code of it was typed.

    The password is asked: whoever finds the page open could else put their own telephone in the
    place of the person's.

    :raises Refused: ACCOUNT_008
    """
    _own(acting_user, password)
    TOTPDevice.objects.filter(user=acting_user, confirmed=False).delete()
    return TOTPDevice.objects.create(user=acting_user, name="totp", confirmed=False)


@transaction.atomic
def totp_on(*, code: str, acting_user: User, now: datetime) -> list[str]:
    """Ask for a one-time code at each log-in from now on, and give the recovery codes once.

    :raises Refused: ACCOUNT_009
    """
    device = TOTPDevice.objects.filter(user=acting_user, confirmed=False).first()
    if device is None or not device.verify_token(code):
        raise Refused([Issue(AccountCode.ACCOUNT_009)])
    old = secrets_of(acting_user)
    TOTPDevice.objects.filter(user=acting_user, confirmed=True).delete()
    device.confirmed = True
    device.save()
    codes = _recovery_new(acting_user)
    _log(acting_user, "totp.on", now, old, secrets_of(acting_user))
    return codes


@transaction.atomic
def totp_off(*, password: str, acting_user: User, now: datetime) -> None:
    """Stop asking for one-time codes.

    :raises Refused: ACCOUNT_008
    """
    _own(acting_user, password)
    _log(acting_user, "totp.off", now, totp_delete(acting_user))


@transaction.atomic
def recovery_renew(*, password: str, acting_user: User, now: datetime) -> list[str]:
    """Replace the recovery codes and give the new ones once.

    :raises Refused: ACCOUNT_008
    """
    _own(acting_user, password)
    old = secrets_of(acting_user)
    codes = _recovery_new(acting_user)
    _log(acting_user, "recovery.renew", now, old, secrets_of(acting_user))
    return codes


def totp_delete(user: User) -> Rows:
    """Forget a person's secret and recovery codes; the caller logs the rows that are gone."""
    gone = secrets_of(user)
    TOTPDevice.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    return gone


def code_check(*, code: str, acting_user: User, now: datetime) -> TOTPDevice:
    """See that ``code`` is the person's one-time code or one of their recovery codes.

    A recovery code is gone with that.  Every wrong one makes the next try wait twice as long.

    :raises Refused: ACCOUNT_009
    """
    typed = code.replace(" ", "").replace("-", "").lower()
    device = totp_device(acting_user)
    if device is None:
        raise Refused([Issue(AccountCode.ACCOUNT_009)])
    if typed.isdecimal():
        with transaction.atomic():  # locked: a code is good once, also for two who come at once
            locked = TOTPDevice.objects.select_for_update().get(pk=device.pk)
            is_right = locked.verify_token(typed)
        if not is_right:
            raise Refused([Issue(AccountCode.ACCOUNT_009)])
        return locked
    if not device.verify_is_allowed()[0]:
        raise Refused([Issue(AccountCode.ACCOUNT_009)])
    with transaction.atomic():
        old = secrets_of(acting_user)
        used, _ = RecoveryCode.objects.filter(
            user=acting_user, digest=_digest(acting_user, typed)
        ).delete()
        if used:
            device.throttle_reset()
            _log(acting_user, "recovery.use", now, old)
            return device
    device.throttle_increment()
    raise Refused([Issue(AccountCode.ACCOUNT_009)])


def _recovery_new(user: User) -> list[str]:
    codes = [word(_RECOVERY_LENGTH) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=_digest(user, code)) for code in codes
    )
    return codes


def _digest(user: User, code: str) -> str:
    salt = "taizhang.accounts.recovery"
    return salted_hmac(salt, f"{user.pk}\n{code}", algorithm="sha256").hexdigest()


def _log(user: User, action: str, now: datetime, *written: Rows) -> None:
    """Log what a person did to their own account.

    :param written: rows beside the person's own that came, changed or went
    """
    rows: dict[type[Model], list[object]] = {User: [user.pk]}
    for some in written:
        for model, keys in some.items():
            rows.setdefault(model, []).extend(keys)
    audit_append(actor=user, action=action, objects=[str(user.pk)], rows=rows, now=now)
