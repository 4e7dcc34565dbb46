"""Open an instance in this process: configure Django for its folder and see that it is ready."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.db import connections

from taizhang.web.home import MEDIA, Home, database_settings, home_make, home_read

SETTINGS = "taizhang.web.settings"


def point_at(home: Home) -> None:
    """Make Django work on ``home``: set it up, or turn a running set-up to this folder.

    One process serves one instance; tests, ``demo`` and ``restore`` turn to another in between.
    """
    os.environ["TAIZHANG_HOME"] = str(home.path)
    if not apps.ready:
        os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
        django.setup()
    if settings.TAIZHANG_INSTANCE == home:
        return
    connections.close_all()
    settings.TAIZHANG_HOME = home.path
    settings.TAIZHANG_INSTANCE = home
    settings.SECRET_KEY = home.key("session").hex()
    settings.MEDIA_ROOT = home.path / MEDIA
    settings.DATABASES = {"default": database_settings(home)}
    # The handler caches what it read from the settings and one connection object a thread.
    connections.settings = connections.configure_settings(settings.DATABASES)
    _ = connections["default"]  # so that there is one to drop
    del connections["default"]


def instance_open(path: Path) -> Home:
    """Open the instance in ``path``.

    :raises Refused: INSTANCE_001 to 008 when there is none or it cannot be reached
    """
    home = home_read(path)
    point_at(home)
    return home


def instance_make(
    path: Path, *, name: str, close_after: int | None, now: datetime, synthetic: bool = False
) -> Home:
    """Make an instance in the empty or new folder ``path`` and open it.

    :param synthetic: its data is made up; every page and document says so
    :raises Refused: INSTANCE_006, 007 or 009
    """
    home = home_make(path)
    point_at(home)
    tables_update()
    # Imported here: models exist only after Django is set up.
    from taizhang.web.accounts.actions import instance_begin

    instance_begin(key=home.id, name=name, close_after=close_after, synthetic=synthetic, now=now)
    return home


def tables_update() -> None:
    """Bring the tables of the instance at work up to this version; quick when they are."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
