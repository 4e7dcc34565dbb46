"""Django's description of the app."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The uppermost app: it reads from all others and writes nothing."""

    name = "taizhang.web.desk"
    label = "desk"

    def ready(self) -> None:
        """Hand the menu down, and lead the pages below to the desk."""
        from taizhang.web.accounts.navigation import entries_register
        from taizhang.web.base.ways import way_register
        from taizhang.web.desk.menu import ENTRIES

        entries_register(ENTRIES)
        way_register("home", "desk:home")
        way_register("due", "desk:due")
