"""The Django app of installed packs."""

from __future__ import annotations

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """Registers the app as ``programmes``."""

    name = "taizhang.web.programmes"
    label = "programmes"

    def ready(self) -> None:
        """Tell the log which tables it keeps."""
        from taizhang.web.audit.snapshot import snapshot_register
        from taizhang.web.programmes.models import FormMark, InstalledPack, Quota

        snapshot_register(InstalledPack, "key", "version")
        snapshot_register(Quota, "measure", "unit", "first_month", "last_month")
        snapshot_register(FormMark, "form")
