"""An instance opened in this process: Django set up for its folder, its tables looked at."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, connections

from taizhang.core.base.issue import Issue, Place, Refused
from taizhang.web.instance.dump import StoreCode
from taizhang.web.instance.paths import (
    MEDIA,
    Home,
    HomeCode,
    Store,
    database_settings,
    home_make,
    home_read,
)

SETTINGS = "taizhang.web.settings"


def point_at(home: Home) -> None:
    """Make Django work on ``home``: set it up, or turn a running set-up to this folder.

    One process serves one instance; tests, ``demo`` and ``restore`` turn to another in between.
    """
    os.environ["TAIZHANG_HOME"] = str(home.path)
    if not apps.ready:
        os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
        django.setup()
    if settings.TAIZHANG_INSTANCE == home and home.store is Store.SQLITE:
        return  # PostgreSQL is named by the environment, which may say another database by now
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


def instance_open(path: Path, *, update_at: datetime | None = None) -> Home:
    """Open the instance in ``path``.

    :param update_at: bring tables of an older version up to this one, at that moment, instead of
        refusing them
    :raises Refused: INSTANCE_001 to 012 when there is none or it cannot be worked on
    """
    home = home_read(path)
    point_at(home)
    missing, unknown = tables_differ()
    if unknown:
        facts = {"unknown": ", ".join(sorted(unknown))}
        raise Refused([Issue(HomeCode.INSTANCE_011, Place(str(home.path)), facts)])
    if missing:
        if update_at is None:
            facts = {"missing": ", ".join(sorted(missing))}
            raise Refused([Issue(HomeCode.INSTANCE_010, Place(str(home.path)), facts)])
        tables_update(update_at)
    return home


def instance_make(
    path: Path,
    *,
    name: str,
    close_after: int | None,
    now: datetime,
    starts_on: date | None = None,
    synthetic: bool = False,
) -> Home:
    """Make an instance in the empty or new folder ``path`` and open it.

    :param starts_on: months before that of this day are never due
    :param synthetic: its data is made up; every page and document says so
    :raises Refused: INSTANCE_006, 007, 009, 012 or 013, STORE_003; then nothing is left behind
    """
    was_there = path.exists()
    home = home_make(path)
    try:
        point_at(home)
        if tables_count():
            raise Refused([Issue(StoreCode.STORE_003)])
        tables_update(now)
        # Imported here: models exist only after Django is set up.
        from taizhang.web.accounts.actions import instance_begin

        instance_begin(
            key=home.id,
            name=name,
            close_after=close_after,
            starts_on=starts_on,
            synthetic=synthetic,
            now=now,
        )
    except BaseException:
        connections.close_all()
        shutil.rmtree(home.keys)
        shutil.rmtree(home.path)
        if was_there:
            home.path.mkdir()
        raise
    return home


def tables_count() -> int:
    """Count the tables of the database at work.

    :raises Refused: INSTANCE_012
    """
    with _answering():
        return len(connection.introspection.table_names())


def tables_differ() -> tuple[frozenset[str], frozenset[str]]:
    """Name the changes of tables that the database lacks, and those that this software lacks.

    File names are compared, no migration is loaded: every command passes here.

    :raises Refused: INSTANCE_012
    """
    wanted = {
        f"{config.label}.{file.stem}"
        for config in apps.get_app_configs()
        if config.name.startswith("taizhang.")
        for file in (Path(config.path) / "migrations").glob("[0-9]*.py")
    }
    ours = {name.partition(".")[0] for name in wanted}
    with _answering(), connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = {f"{app}.{name}" for app, name in cursor.fetchall() if app in ours}
    return frozenset(wanted - applied), frozenset(applied - wanted)


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        why = str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
        raise Refused([Issue(HomeCode.INSTANCE_012, facts={"why": why})]) from error


def tables_update(now: datetime) -> None:
    """Bring the tables of the instance at work up to this version; quick when they are.

    Only then does the log take in rows of tables that it did not keep: at any other time such a row
    is a stranger's.
    """
    from django.core.management import call_command

    is_older = tables_count() > 0 and bool(tables_differ()[0])
    call_command("migrate", verbosity=0, interactive=False)
    if is_older:
        from taizhang.web.audit.actions import rows_cover

        rows_cover(now)
