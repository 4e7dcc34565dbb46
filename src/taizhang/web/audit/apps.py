"""Django's description of the app."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The lowest app: it knows no other."""

    name = "taizhang.web.audit"
    label = "audit"
