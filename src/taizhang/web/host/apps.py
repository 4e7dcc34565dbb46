"""Django's description of the app."""

from __future__ import annotations

from django.apps import AppConfig


class HostConfig(AppConfig):
    """What the host of an instance sees to: set-up, units, packs, the audit log, complaints."""

    name = "taizhang.web.host"
    label = "host"

    def ready(self) -> None:
        """Tell the jobs what the host's long work is, and the log which table it keeps."""
        from taizhang.web.audit.snapshot import snapshot_register
        from taizhang.web.base.ways import way_register
        from taizhang.web.host.models import Complaint
        from taizhang.web.host.trial import register

        register()
        way_register("setup", "host:setup")
        way_register("complain", "host:complain")
        snapshot_register(Complaint)
