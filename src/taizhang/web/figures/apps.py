"""Django's description of the app."""

from __future__ import annotations

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    """Pages of figures; the app has no tables of its own."""

    name = "taizhang.web.figures"
    label = "figures"

    def ready(self) -> None:
        """Lead the pages below to what explains a number."""
        from taizhang.web.base.ways import way_register

        way_register("figure", "figures:figure")
