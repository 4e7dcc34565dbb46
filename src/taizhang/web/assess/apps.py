"""The Django app of assessments."""

from __future__ import annotations

from django.apps import AppConfig


class AssessConfig(AppConfig):
    """Registers the app as ``assess``."""

    name = "taizhang.web.assess"
    label = "assess"
