"""Django's description of the app."""

from __future__ import annotations

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    """Units, their changes and the closure that engines read."""

    name = "taizhang.web.units"
    label = "units"
