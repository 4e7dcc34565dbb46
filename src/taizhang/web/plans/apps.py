"""Django's description of the app."""

from __future__ import annotations

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Pages of the plan and of burden; quotas and marks are tables of programmes."""

    name = "taizhang.web.plans"
    label = "plans"

    def ready(self) -> None:
        """Lead the pages below to the plan and to the legal marks of forms."""
        from taizhang.web.base.ways import way_register

        way_register("plan", "plans:plan")
        way_register("forms", "plans:forms")
