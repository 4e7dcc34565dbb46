"""The database of an instance copied out and in: by SQLite's own backup or pg_dump."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from taizhang.core.base.issue import Code, Issue, Place, Refused, gettext_noop
from taizhang.web.instance.paths import DATABASE, Home, HomeCode, Store

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
    STORE_004 = (
        gettext_noop("The database in the archive cannot be read: %(why)s."),
        gettext_noop("The archive is damaged or was changed; take another copy of it."),
    )


def database_name(home: Home) -> str:
    """Give the name under which an archive holds the database."""
    return DATABASE if home.store is Store.SQLITE else DUMP


#: Asks the copied state one question and gives the first row of the answer.
Ask = Callable[[str], Sequence[Any] | None]


@contextmanager
def database_copied(home: Home, file: Path) -> Iterator[Ask]:
    """Write one consistent copy of the database to ``file`` while others read and write.

    What is asked in the block is asked of the very state that was copied.

    :raises Refused: STORE_001 or 002
    """
    if home.store is Store.SQLITE:
        _sqlite_copy(home.database, file)
        with closing(sqlite3.connect(f"{file.as_uri()}?immutable=1", uri=True)) as copy:
            yield lambda question: copy.execute(question).fetchone()
        return
    import psycopg

    try:
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            # pg_dump reads what this transaction sees, whatever is written meanwhile.
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
            arguments = ["--format=custom", "--no-owner", "--no-acl", f"--snapshot={snapshot}"]
            _run("pg_dump", [*arguments, f"--file={file}"])
            yield lambda question: connection.execute(question).fetchone()
    except psycopg.Error as error:
        raise _failed("PostgreSQL", str(error)) from error


def _sqlite_copy(source: Path, file: Path) -> None:
    try:
        with closing(sqlite3.connect(source)) as held, closing(sqlite3.connect(file)) as copy:
            held.backup(copy)
    except sqlite3.Error as error:
        facts = {"why": str(error).rstrip(".")}
        raise Refused([Issue(HomeCode.INSTANCE_012, Place(str(source)), facts)]) from error


def database_restore(home: Home, file: Path) -> None:
    """Put the copy in ``file`` back as the database of ``home``, which is empty.

    :raises Refused: STORE_002 to 004
    """
    if home.store is Store.SQLITE:
        _sound(file)
        shutil.copyfile(file, home.database)
        return
    arguments = ["--no-owner", "--no-acl", "--exit-on-error", "--single-transaction"]
    _run("pg_restore", [*arguments, str(file)])


def database_free(home: Home) -> None:
    """See that nothing lies where a copy is put back, and that its tools are there.

    :raises Refused: STORE_001 to 003
    """
    if home.store is Store.POSTGRESQL:
        _program("pg_restore")
        if _asked(_COUNT)[0][0] != 0:
            raise Refused([Issue(StoreCode.STORE_003)])


def database_clear(home: Home) -> None:
    """Take out of the database all that a copy put back into it, which was empty before."""
    if home.store is Store.POSTGRESQL:
        import psycopg
        from psycopg import sql

        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            for kind, schema, name in connection.execute(_RELATIONS).fetchall():
                drop = sql.SQL("DROP {} IF EXISTS {} CASCADE")
                connection.execute(drop.format(sql.SQL(kind), sql.Identifier(schema, name)))
            for schema, name, arguments in connection.execute(_ROUTINES).fetchall():
                drop = sql.SQL("DROP ROUTINE IF EXISTS {}({}) CASCADE")
                named = sql.Identifier(schema, name)
                connection.execute(drop.format(named, sql.SQL(arguments)))


_COUNT = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
_RELATIONS = """
    SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
           WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
           current_schema(), c.relname
    FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
    AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    ORDER BY c.relkind = 'S', c.relname"""
_ROUTINES = """
    SELECT current_schema(), p.proname, pg_get_function_identity_arguments(p.oid) FROM pg_proc p
    WHERE p.pronamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"""


def _sound(file: Path) -> None:
    """See that a file of SQLite is whole.

    :raises Refused: STORE_004
    """
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?immutable=1", uri=True)) as copy:
            (why,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.Error as error:
        why = str(error)
    if why != "ok":
        facts = {"why": why.strip().partition("\n")[0].rstrip(".")}
        raise Refused([Issue(StoreCode.STORE_004, Place(file.name), facts)])


def _asked(question: str) -> list[Any]:
    import psycopg

    try:
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            return connection.execute(question).fetchall()
    except psycopg.Error as error:
        raise _failed("PostgreSQL", str(error)) from error


def _program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise Refused([Issue(StoreCode.STORE_001, facts={"program": name})])
    return path


def _run(program: str, arguments: Sequence[str]) -> None:
    """Run a PostgreSQL program on the database of DATABASE_URL."""
    path = _program(program)
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


def _failed(program: str, output: str) -> Refused:
    why = output.strip().splitlines()[0].rstrip(".") if output.strip() else "?"
    return Refused([Issue(StoreCode.STORE_002, facts={"program": program, "why": why})])
