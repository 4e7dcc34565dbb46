"""Django's description of the app."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The lowest app: it knows no other."""

    name = "taizhang.web.audit"
    label = "audit"

    def ready(self) -> None:
        """Have the states of rows that may change compared like other stored rows."""
        from taizhang.web.audit.sealed_rows import sealed_table_register
        from taizhang.web.audit.snapshot import STATES

        sealed_table_register(STATES)
