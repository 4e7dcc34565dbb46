"""The Django app of the ledger."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Registers the app as ``ledger``."""

    name = "taizhang.web.ledger"
    label = "ledger"
