"""Django's description of the app."""

from __future__ import annotations

from django.apps import AppConfig


class HostConfig(AppConfig):
    """What the host of an instance sees to: set-up, units, packs, the audit log, complaints."""

    name = "taizhang.web.administration"
    label = "host"

    def ready(self) -> None:
        """Tell the jobs what the host's long work is, and the log which table it keeps."""
        from taizhang.web.administration.jobs import register
        from taizhang.web.administration.models import Complaint
        from taizhang.web.audit.snapshot import snapshot_register
        from taizhang.web.base.ways import way_register

        register()
        way_register("setup", "host:setup")
        way_register("complain", "host:complain")
        snapshot_register(Complaint)
