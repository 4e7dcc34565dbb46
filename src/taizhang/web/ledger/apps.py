"""The Django app of the ledger."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Registers the app as ``ledger``."""

    name = "taizhang.web.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Tell the log which rows it covers."""
        from taizhang.web.audit.covered import cover_register
        from taizhang.web.audit.kept import kept_register
        from taizhang.web.ledger.covers import COVERS
        from taizhang.web.ledger.models import Review

        for cover in COVERS:
            cover_register(cover)
        kept_register(Review)
