"""The Django app of the ledger."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Registers the app as ``ledger``."""

    name = "taizhang.web.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Tell the log which rows it covers and which files there must be."""
        from taizhang.web.audit.covered import cover_register
        from taizhang.web.audit.kept import kept_register
        from taizhang.web.audit.opened import Opened, opened_register
        from taizhang.web.ledger.covers import COVERS
        from taizhang.web.ledger.models import Review

        for cover in COVERS:
            cover_register(cover)
        kept_register(Review)

        def pictures() -> Opened:
            from taizhang.web.ledger.media import Pictures  # no other command waits for its library

            return Pictures()

        opened_register(pictures)
