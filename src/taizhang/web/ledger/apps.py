"""The Django app of the ledger."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Registers the app as ``ledger``."""

    name = "taizhang.web.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Tell the log which rows it covers and which files there must be."""
        from taizhang.web.audit.covered import sealed_table_register
        from taizhang.web.audit.kept import kept_register
        from taizhang.web.audit.opened import Opened, opened_register
        from taizhang.web.base.ways import way_register
        from taizhang.web.ledger.covers import SEALED_TABLES
        from taizhang.web.ledger.models import Review

        for table in SEALED_TABLES:
            sealed_table_register(table)
        kept_register(Review)

        def pictures() -> Opened:
            from taizhang.web.ledger.media import Pictures  # no other command waits for its library

            return Pictures()

        opened_register(pictures)
        way_register("manifest", "ledger:manifest")
