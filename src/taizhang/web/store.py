"""Copy the database of an instance out and in: SQLite by its own backup, PostgreSQL by pg_dump."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from taizhang.core.issue import Code, Issue, Refused, gettext_noop
from taizhang.web.home import DATABASE, Home, Store

DUMP = "database.dump"


class StoreCode(Code):
    """What can be wrong when a database is copied out or in."""

    STORE_001 = (
        gettext_noop("The program %(program)s is not on this machine."),
        gettext_noop(
            "Install the PostgreSQL client of the server's version, or back up with your own tool."
        ),
    )
    STORE_002 = (
        gettext_noop("%(program)s failed: %(why)s."),
        gettext_noop("Check DATABASE_URL and that the client is not older than the server."),
    )
    STORE_003 = (
        gettext_noop("The database that DATABASE_URL names is not empty."),
        gettext_noop("Name an empty database; createdb makes one."),
    )


def database_name(home: Home) -> str:
    """Give the name under which an archive holds the database."""
    return DATABASE if home.store is Store.SQLITE else DUMP


def database_copy(home: Home, file: Path) -> None:
    """Write one consistent copy of the database to ``file`` while others read and write.

    :raises Refused: STORE_001 or 002
    """
    if home.store is Store.SQLITE:
        source, copy = sqlite3.connect(home.database), sqlite3.connect(file)
        try:
            source.backup(copy)
        finally:
            copy.close()
            source.close()
        return
    _run("pg_dump", ["--format=custom", "--no-owner", "--no-acl", f"--file={file}"])


def database_restore(home: Home, file: Path) -> None:
    """Put the copy in ``file`` back as the database of ``home``.

    :raises Refused: STORE_001 to 003
    """
    if home.store is Store.SQLITE:
        shutil.copyfile(file, home.database)
        return
    if _tables() != 0:
        raise Refused([Issue(StoreCode.STORE_003)])
    arguments = ["--no-owner", "--no-acl", "--exit-on-error", "--single-transaction"]
    _run("pg_restore", [*arguments, str(file)])


def _tables() -> int:
    import psycopg

    try:
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            found = connection.execute(
                "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
            ).fetchone()
    except psycopg.Error as error:
        raise _failed("PostgreSQL", str(error)) from error
    return int(found[0]) if found else 0


def _run(program: str, arguments: Sequence[str]) -> None:
    """Run a PostgreSQL program on the database of DATABASE_URL."""
    path = shutil.which(program)
    if path is None:
        raise Refused([Issue(StoreCode.STORE_001, facts={"program": program})])
    parts = urlsplit(os.environ["DATABASE_URL"])
    environment = dict(os.environ)
    if parts.password:
        # Arguments of a process can be seen by everybody on the machine, its environment cannot.
        environment["PGPASSWORD"] = parts.password
        user = f"{parts.username}@{parts.netloc.rpartition('@')[2]}"
        parts = parts._replace(netloc=user)
    address = urlunsplit(parts._replace(scheme="postgresql"))
    done = subprocess.run(  # noqa: S603 - the program is found by name, its arguments are ours
        [path, f"--dbname={address}", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise _failed(program, done.stderr)


def _failed(program: str, said: str) -> Refused:
    why = said.strip().splitlines()[0].rstrip(".") if said.strip() else "?"
    return Refused([Issue(StoreCode.STORE_002, facts={"program": program, "why": why})])
