"""Django's description of the app."""

from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Doors for other programs; people come in by the pages of the other apps."""

    name = "taizhang.web.exchange"
    label = "exchange"

    def ready(self) -> None:
        """Keep secrets out of logs before the first request; have tokens kept, and ended."""
        from taizhang.web.accounts.person.own_account_actions import ending_register
        from taizhang.web.audit.snapshot import snapshot_register
        from taizhang.web.base.ways import way_register
        from taizhang.web.exchange.actions import tokens_end
        from taizhang.web.exchange.models import Token
        from taizhang.web.exchange.secret_mask import loggers_mask

        loggers_mask()
        snapshot_register(Token)
        ending_register(tokens_end)
        way_register("tokens", "exchange:tokens")
