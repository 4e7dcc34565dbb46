"""The Django app of the ledger."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Registers the app as ``ledger``."""

    name = "taizhang.web.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Tell the log which rows it covers and which files there must be."""
        from taizhang.web.audit.sealed_files import SealedFiles, sealed_files_register
        from taizhang.web.audit.sealed_rows import sealed_table_register
        from taizhang.web.audit.snapshot import snapshot_register
        from taizhang.web.base.ways import way_register
        from taizhang.web.ledger.models import CreditStart, Review
        from taizhang.web.ledger.sealed_rows import SEALED_TABLES

        for table in SEALED_TABLES:
            sealed_table_register(table)
        snapshot_register(Review)
        snapshot_register(CreditStart)

        def pictures() -> SealedFiles:
            from taizhang.web.ledger.record.evidence_files import (
                Pictures,  # no other command waits for its library
            )

            return Pictures()

        sealed_files_register(pictures)
        way_register("manifest", "ledger:manifest")
