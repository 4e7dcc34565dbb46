"""Django's description of the app."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The uppermost app: it reads from all others and writes nothing."""

    name = "taizhang.web.desk"
    label = "desk"
