"""Django's description of the app."""

from __future__ import annotations

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """Drafts and frozen versions of official documents."""

    name = "taizhang.web.office"
    label = "office"

    def ready(self) -> None:
        """Tell the log which tables it keeps, and what lies sealed in them."""
        from taizhang.web.audit.kept import kept_register
        from taizhang.web.audit.opened import Opened, opened_register
        from taizhang.web.office.models import Baseline, Choice, DocumentVersion, Draft, Review

        kept_register(Draft, "template", "unit", "first_month", "last_month")
        kept_register(DocumentVersion, "draft_id", "number")
        kept_register(Review)
        kept_register(Choice, "review_id", "finding")
        kept_register(Baseline)

        def texts() -> Opened:
            from taizhang.web.office.sealed import Texts  # no other command waits for its library

            return Texts()

        opened_register(texts)
