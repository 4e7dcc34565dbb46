"""Django's description of the app."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the one rule of permission when Django starts."""

    name = "taizhang.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Hand the rule to the apps below."""
        from taizhang.web.accounts.access import may
        from taizhang.web.audit.access import rule_register

        rule_register(may)
