"""Django's description of the app."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the one rule of permission when Django starts."""

    name = "taizhang.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Hand the rule to the apps below, and tell the log which tables it keeps."""
        from django_otp.plugins.otp_totp.models import TOTPDevice

        from taizhang.web.accounts.access import may
        from taizhang.web.accounts.models import (
            ClosingSetting,
            Grant,
            Hold,
            Instance,
            PastGrant,
            RecoveryCode,
            User,
        )
        from taizhang.web.audit.access import rule_register
        from taizhang.web.audit.snapshot import snapshot_register
        from taizhang.web.base.ways import way_register

        rule_register(may)
        way_register("account", "accounts:account")
        way_register("logout", "accounts:logout")
        snapshot_register(User)
        snapshot_register(Grant, "user_id", "role", "unit")
        snapshot_register(PastGrant, "user_id", "role", "unit")
        snapshot_register(Hold, "user_id", "action")
        snapshot_register(Instance)
        snapshot_register(ClosingSetting)
        # The library notes in the others when a code was used last; without a typed code of it a
        # secret opens nothing.
        secret = ("id", "user_id", "confirmed", "key", "step", "t0", "digits", "tolerance")
        snapshot_register(TOTPDevice, columns=secret, where={"confirmed": True})
        snapshot_register(RecoveryCode)
