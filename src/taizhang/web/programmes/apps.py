"""The Django app of installed packs."""

from __future__ import annotations

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """Registers the app as ``programmes``."""

    name = "taizhang.web.programmes"
    label = "programmes"
