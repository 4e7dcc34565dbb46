"""Django's description of the app."""

from __future__ import annotations

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    """Units, their changes and the closure that engines read."""

    name = "taizhang.web.units"
    label = "units"

    def ready(self) -> None:
        """Tell the log which tables it keeps."""
        from taizhang.web.audit.snapshot import snapshot_register, snapshot_whole_register
        from taizhang.web.units.models import Body, Change, Closure, Correction, Unit

        snapshot_register(Unit, "code")
        snapshot_register(Body, "code")
        snapshot_register(Correction, "code")
        snapshot_register(Change, "date", "kind", "sources")
        snapshot_whole_register(
            Closure, "ancestor", "code", "depth", "way", "valid_from", "valid_to"
        )
