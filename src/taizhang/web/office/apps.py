"""Django's description of the app."""

from __future__ import annotations

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """Drafts and frozen versions of official documents."""

    name = "taizhang.web.office"
    label = "office"
