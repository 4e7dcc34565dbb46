"""Where an instance keeps its things: its folder, its mark, its keys, its database.

Knows no Django, so that settings can be read from it.  The keys lie OUTSIDE the instance folder:
who can change the database must not find the key that signs the audit log beside it.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from taizhang.core.base.issue import Code, Issue, Place, Refused, gettext_noop

MARK = "taizhang.json"
DATABASE = "db.sqlite3"
MEDIA = "media"
#: Every key that an instance needs, and the one list of them: what makes, archives, puts back and
#: verifies an instance walks it.  The audit key signs the log, the session key what pages sign, the
#: evidence key opens pictures and old texts.
KEYS = ("audit", "session", "evidence")
KEY_BYTES = 32


class HomeCode(Code):
    """What can be wrong with the folder or the keys of an instance."""

    INSTANCE_001 = (
        gettext_noop("There is no instance in '%(home)s'."),
        gettext_noop("Make one with taizhang init DIR."),
    )
    INSTANCE_002 = (
        gettext_noop("The mark of the instance cannot be read: %(why)s."),
        gettext_noop("Restore the file from a backup."),
    )
    INSTANCE_003 = (
        gettext_noop("The instance keeps its data in PostgreSQL, and DATABASE_URL is not set."),
        gettext_noop("Set DATABASE_URL=postgresql://USER@HOST/NAME and run the command again."),
    )
    INSTANCE_004 = (
        gettext_noop("DATABASE_URL is set, but the instance keeps its data in its own SQLite."),
        gettext_noop("Unset DATABASE_URL, or make a new instance with it set."),
    )
    INSTANCE_005 = (
        gettext_noop(
            "The key '%(key)s' is missing; without all of its keys the log of an instance proves "
            "nothing, and its pictures and old texts stay closed."
        ),
        gettext_noop(
            "Put the instance's key folder back there, or name its place with TAIZHANG_KEYS."
        ),
    )
    INSTANCE_006 = (
        gettext_noop("The keys would lie inside the instance folder, in '%(keys)s'."),
        gettext_noop("Name a place outside with TAIZHANG_KEYS."),
    )
    INSTANCE_007 = (
        gettext_noop("The folder '%(home)s' is not empty."),
        gettext_noop("Name a folder that is empty or does not exist yet."),
    )
    INSTANCE_008 = (
        gettext_noop("The database of the instance is missing: '%(file)s'."),
        gettext_noop("Restore the instance from a backup."),
    )
    INSTANCE_009 = (
        gettext_noop("DATABASE_URL cannot be used: %(why)s."),
        gettext_noop("Write it as postgresql://USER:PASSWORD@HOST:PORT/NAME."),
    )
    INSTANCE_010 = (
        gettext_noop("The tables of the instance are older than this software: %(missing)s."),
        gettext_noop("Make a backup, then run taizhang serve, which brings them up to date."),
    )
    INSTANCE_011 = (
        gettext_noop("The tables of the instance are newer than this software: %(unknown)s."),
        gettext_noop("Use the version of the software that last served the instance, or a newer."),
    )
    INSTANCE_012 = (
        gettext_noop("The database does not answer: %(why)s."),
        gettext_noop("See that it runs and that DATABASE_URL is right, then try again."),
    )
    INSTANCE_013 = (
        gettext_noop("The folder '%(folder)s' cannot be made or written: %(why)s."),
        gettext_noop("Name another DIR for the instance, or a place for keys with TAIZHANG_KEYS."),
    )
    INSTANCE_014 = (
        gettext_noop("The key '%(key)s' cannot be read: %(why)s."),
        gettext_noop("Put the file back as it was, from a copy of the key folder."),
    )


class Store(StrEnum):
    """Which database holds an instance."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


@dataclass(frozen=True, slots=True)
class Home:
    """An instance's folder with its mark read: ``id`` names its keys, ``store`` its database."""

    path: Path
    id: str
    store: Store

    @property
    def database(self) -> Path:
        """Give the SQLite file."""
        return self.path / DATABASE

    @property
    def keys(self) -> Path:
        """Give the folder that holds this instance's keys."""
        return keys_root() / self.id

    def key(self, name: str) -> bytes:
        """Read one of :data:`KEYS`.

        :raises Refused: INSTANCE_005 when it is not there, INSTANCE_014 when it is no key
        """
        return key_read(self.key_file(name))

    def key_file(self, name: str) -> Path:
        """Give the file of one of :data:`KEYS`."""
        return self.keys / f"{name}.key"

    def key_issues(self) -> tuple[Issue, ...]:
        """Say of each of :data:`KEYS` that is missing or no key what is wrong with it."""
        issues: list[Issue] = []
        for name in KEYS:
            try:
                self.key(name)
            except Refused as refused:
                issues.extend(refused.issues)
        return tuple(issues)


def key_read(file: Path) -> bytes:
    """Read a key from its file.

    :raises Refused: INSTANCE_005 when it is not there, INSTANCE_014 when it is no key
    """
    if not file.is_file():
        raise Refused([Issue(HomeCode.INSTANCE_005, Place(str(file)), {"key": str(file)})])
    try:
        key = bytes.fromhex(file.read_text(encoding="ascii").strip())
        if len(key) != KEY_BYTES:
            raise ValueError(f"{len(key)} bytes instead of {KEY_BYTES}")
    except (OSError, ValueError) as error:
        facts = {"key": str(file), "why": str(error)}
        raise Refused([Issue(HomeCode.INSTANCE_014, Place(str(file)), facts)]) from error
    return key


def keys_root() -> Path:
    """Give the folder of all keys: TAIZHANG_KEYS, else ``taizhang/keys`` in the user's config."""
    if named := os.environ.get("TAIZHANG_KEYS"):
        return Path(named).resolve()
    config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(config).resolve() / "taizhang" / "keys"


def home_read(path: Path) -> Home:
    """Read the mark of the instance in ``path`` and see that its database can be reached.

    :raises Refused: INSTANCE_001 to 004 or 008
    """
    home = mark_read(path.resolve())
    store_check(home)
    if home.store is Store.SQLITE and not home.database.is_file():
        file = str(home.database)
        raise Refused([Issue(HomeCode.INSTANCE_008, Place(file), {"file": file})])
    return home


def store_check(home: Home) -> None:
    """See that the environment names a database where the instance needs one, and there alone.

    :raises Refused: INSTANCE_003 or 004
    """
    url = os.environ.get("DATABASE_URL")
    if home.store is Store.POSTGRESQL and not url:
        raise Refused([Issue(HomeCode.INSTANCE_003, Place(str(home.path / MARK)))])
    if home.store is Store.SQLITE and url:
        raise Refused([Issue(HomeCode.INSTANCE_004, Place(str(home.path / MARK)))])


def mark_read(path: Path) -> Home:
    """Read the mark of the instance in ``path``, its database unseen.

    :raises Refused: INSTANCE_001 or 002
    """
    mark = path / MARK
    if not mark.is_file():
        raise Refused([Issue(HomeCode.INSTANCE_001, Place(str(path)), {"home": str(path)})])
    try:
        content = json.loads(mark.read_text(encoding="utf-8"))
        name, store = str(content["id"]), Store(content["database"])
        bytes.fromhex(name)  # it becomes the name of a folder: no dots, no slashes
    except (OSError, ValueError, TypeError, LookupError, RecursionError) as error:
        raise Refused(
            [Issue(HomeCode.INSTANCE_002, Place(str(mark)), {"why": str(error)})]
        ) from error
    return Home(path, name, store)


def home_make(path: Path) -> Home:
    """Make the folder, mark and keys of a new instance; its database is not made here.

    :raises Refused: INSTANCE_006, 013, or INSTANCE_007 when the folder holds anything
    """
    path = path.resolve()
    home_free(path)
    store = Store.POSTGRESQL if os.environ.get("DATABASE_URL") else Store.SQLITE
    home = Home(path, secrets.token_hex(8), store)
    keys_outside(home)
    folder_make(home.keys)
    try:
        folder_make(path)
        folder_make(path / MEDIA)
    except Refused:
        home.keys.rmdir()
        raise
    for name in KEYS:
        key_write(home, name, secrets.token_bytes(KEY_BYTES))
    mark_write(home)
    return home


def folder_make(path: Path) -> None:
    """Make a folder, unless it is there; what lies in it is for its owner alone.

    :raises Refused: INSTANCE_013
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        facts = {"folder": str(path), "why": str(error.strerror)}
        raise Refused([Issue(HomeCode.INSTANCE_013, Place(str(path)), facts)]) from error


def mark_write(home: Home) -> None:
    """Write the mark: the instance's id and which database holds it, no secrets."""
    mark = {"id": home.id, "database": home.store.value}
    (home.path / MARK).write_text(json.dumps(mark) + "\n", encoding="utf-8")


def key_write(home: Home, name: str, key: bytes) -> None:
    """Write one key, readable by its owner alone; an existing one is never replaced."""
    folder_make(home.keys)
    file = os.open(home.key_file(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w", encoding="ascii") as out:
        out.write(key.hex() + "\n")


def home_free(path: Path) -> None:
    """See that ``path`` is free for an instance: absent or an empty folder.

    :raises Refused: INSTANCE_007
    """
    if path.exists() and not (path.is_dir() and next(path.iterdir(), None) is None):
        raise Refused([Issue(HomeCode.INSTANCE_007, Place(str(path)), {"home": str(path)})])


def keys_outside(home: Home) -> None:
    """See that the keys will not lie inside the instance folder.

    :raises Refused: INSTANCE_006
    """
    if home.keys.is_relative_to(home.path):
        facts = {"keys": str(home.keys)}
        raise Refused([Issue(HomeCode.INSTANCE_006, Place(str(home.path)), facts)])


def database_settings(home: Home) -> dict[str, Any]:
    """Give Django's description of the database of ``home``.

    :raises Refused: INSTANCE_009 when DATABASE_URL is no PostgreSQL address
    """
    if home.store is Store.SQLITE:
        return {
            "ENGINE": "taizhang.web.base.sqlite",
            "NAME": home.database,
            # Opening the file anew costs a page half of its own time.
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                # A writer takes its lock at once and waits for it: no "database is locked".
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                # FULL: an acknowledged record survives a power cut.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    import dj_database_url

    url = os.environ["DATABASE_URL"]
    try:
        settings: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60))
    except Exception as error:  # the library raises its own, ValueError and KeyError alike
        why = type(error).__name__
        raise Refused([Issue(HomeCode.INSTANCE_009, facts={"why": why})]) from error
    if settings["ENGINE"] != "django.db.backends.postgresql":
        raise Refused([Issue(HomeCode.INSTANCE_009, facts={"why": settings["ENGINE"]})])
    settings["CONN_HEALTH_CHECKS"] = True
    return settings
