"""Reads of a person's own account: the device of one-time codes, the recovery codes left."""

from __future__ import annotations

from base64 import b32encode

from django_otp.plugins.otp_totp.models import TOTPDevice

from taizhang.web.accounts.models import RecoveryCode, User
from taizhang.web.audit.snapshot import Rows


def secrets_of(user: User) -> Rows:
    """Name the rows of a person's secret and recovery codes, for the log."""
    tables = (TOTPDevice, RecoveryCode)
    return {
        table: list(table.objects.filter(user=user).values_list("pk", flat=True))
        for table in tables
    }


def totp_device(user: User, *, confirmed: bool = True) -> TOTPDevice | None:
    """Give the person's device: the one that log-in asks for, or the one being set up."""
    device: TOTPDevice | None = TOTPDevice.objects.filter(user=user, confirmed=confirmed).first()
    return device


def totp_key(device: TOTPDevice) -> str:
    """Give the secret in groups of four letters, for whoever cannot scan."""
    key = b32encode(device.bin_key).decode()
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))


def recovery_left(user: User) -> int:
    """Count the recovery codes that were not used yet."""
    return RecoveryCode.objects.filter(user=user).count()
