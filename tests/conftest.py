"""What every room's tests share: golden files, an instance, a browser, a PostgreSQL server."""

import difflib
import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

import hypothesis
import psycopg
import pytest
import pytest_django
from psycopg import sql

from taizhang.web.instance.paths import Home
from tools.machine import chromium_find, postgresql_find, spark_missing

# How long an example takes says more of the machine than of the rule.
hypothesis.settings.register_profile("taizhang", deadline=None)
hypothesis.settings.load_profile("taizhang")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run take every element out of the packs (some minutes), instead of a sample."""
    parser.addoption("--coverage-all", action="store_true", help="prove the whole coverage table")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine cannot run; script/test says how to get the missing program."""
    absent = {
        "browser": chromium_find() is None and "no Chromium on this machine",
        "postgresql": postgresql_find() is None and "no PostgreSQL server on this machine",
        "spark": spark_missing(),
    }
    for item in items:
        for mark, reason in absent.items():
            if reason and item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def golden() -> Callable[[Path, str], None]:
    """This fixture will compare a text with a golden file, or rewrite the file when asked.

    Golden files change only by `script/test --golden`, and a person reads the diff.
    """

    def compare(path: Path, text: str) -> None:
        if os.environ.get("TAIZHANG_GOLDEN") == "1":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            return
        if not path.exists():
            pytest.fail(f"{path} is missing; make it with script/test --golden and read it")
        wanted = path.read_text(encoding="utf-8")
        if wanted != text:
            diff = difflib.unified_diff(
                wanted.splitlines(), text.splitlines(), str(path), "found", lineterm=""
            )
            pytest.fail("\n".join(diff))

    return compare


@pytest.fixture(scope="session")
def chromium() -> Path:
    """This fixture will give the browser to drive; use it with the mark `browser`."""
    found = chromium_find()
    assert found is not None, "a test with the fixture `chromium` carries the mark `browser`"
    return found


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """This fixture will run a server of its own and give the URL of its first database.

    The server listens on a socket in a temporary folder only, and the folder goes with it. All
    tests share the first database: to make tables, take `postgresql_database`. Use it with the
    mark `postgresql`.
    """
    binaries = postgresql_find()
    assert binaries is not None, "a test that needs a server carries the mark `postgresql`"
    # The server refuses to run as root, as CI does; a socket's path must be short.
    user = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="tz-pg-", dir="/tmp"))
    if user is not None:
        os.chown(folder, user, -1)

    def run(program: str, *arguments: str) -> None:
        command = [str(binaries / program), *arguments]
        # cwd: the test's own folder may be closed to the server's user.
        subprocess.run(command, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)

    data = str(folder / "data")
    quick = ("-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off")
    address = f"postgresql://taizhang@/postgres?host={folder}"
    try:
        run("initdb", "-D", data, "-U", "taizhang", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        # Our own child, no daemon: it is waited for, also where no init process would do it.
        with (folder / "log").open("w", encoding="utf-8") as log:
            server = subprocess.Popen(
                [str(binaries / "postgres"), "-D", data, "-k", str(folder), *quick],
                user=user,
                cwd=folder,
                stdout=log,
                stderr=log,
            )
        try:
            _wait_until_answers(address, server, folder / "log")
            yield address
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(timeout=60)
    finally:
        shutil.rmtree(folder)


def _wait_until_answers(
    address: str, server: subprocess.Popen[bytes], log: Path, seconds: float = 60
) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            psycopg.connect(address).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > end:
                pytest.fail(f"the PostgreSQL server did not start:\n{log.read_text()}")
            time.sleep(0.05)


@contextmanager
def database_made(server: str, template: str = "template1") -> Iterator[str]:
    """Give the DATABASE_URL of a database on `server`, a copy of `template`, for the block.

    It is dropped behind the block: hundreds of them made the last test of a run wait for minutes
    until the folder of the server was gone.
    """
    plain = f"test_{uuid.uuid4().hex}"
    name = sql.Identifier(plain)
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, sql.Identifier(template))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(make)
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{plain}"))
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.fixture(scope="module")
def postgresql_database(postgresql_server: str) -> Iterator[str]:
    """This fixture will give the DATABASE_URL of an empty database for one module."""
    with database_made(postgresql_server) as address:
        yield address


class CopyOpened(Protocol):
    """Opens a copy of an instance in a folder: Django works on it inside the block."""

    def __call__(self, template: Home, folder: Path) -> AbstractContextManager[Home]: ...


@pytest.fixture(scope="session")
def copy_opened(django_db_blocker: pytest_django.DjangoDbBlocker) -> CopyOpened:
    """This fixture will have an instance be made once and a copy of it opened for each test."""
    from django.db import connections

    from taizhang.web.instance.open import point_at

    @contextmanager
    def opened(template: Home, folder: Path) -> Iterator[Home]:
        home = replace(template, path=folder / "home")
        shutil.copytree(template.path, home.path)
        with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
            patch.setenv("TAIZHANG_HOME", str(home.path))
            point_at(home)
            yield home
            connections.close_all()

    return opened


@pytest.fixture(scope="session", autouse=True)
def packs_examined_here() -> Iterator[None]:
    """This fixture will have packs of tests examined in this process: a child for each is a second.

    What examining in a child does is tested with `packs_enclosed`.
    """
    from taizhang.core.base.enclosure import EnclosureLimits
    from taizhang.documents.pack_check import examination

    def here(work: str, argument: object, limits: EnclosureLimits) -> object:
        module, _, function = work.partition(":")
        found = getattr(import_module(module), function)(argument, lambda part: None)
        return json.loads(json.dumps(found))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(examination, "enclosed", here)
        yield


@pytest.fixture
def packs_enclosed(packs_examined_here: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """This fixture will have packs examined as for people: in a child under limits."""
    from taizhang.core.base.enclosure import enclosed
    from taizhang.documents.pack_check import examination

    monkeypatch.setattr(examination, "enclosed", enclosed)
    examination._KEPT.clear()


BEGUN = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def instance_template(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Home:
    """This fixture will make one migrated instance in SQLite, to be copied by each test."""
    from django.db import connections

    from taizhang.web.instance.open import instance_make

    with django_db_blocker.unblock():
        home = instance_make(
            tmp_path_factory.mktemp("template") / "home", name="", close_after=None, now=BEGUN
        )
        connections.close_all()
    return home


@pytest.fixture
def instance(
    instance_template: Home,
    tmp_path: Path,
    copy_opened: CopyOpened,
) -> Iterator[Home]:
    """This fixture will open a fresh empty instance in SQLite, a real file, for one test.

    Use it instead of the mark `django_db`: transactions are real ones, DuckDB and other processes
    see what is committed, and `taizhang.cli.main([..., "--home", str(instance.path)])` works on it.
    """
    with copy_opened(instance_template, tmp_path) as home:
        yield home


@pytest.fixture(scope="session")
def postgresql_template_database(postgresql_server: str) -> Iterator[str]:
    """This fixture will give the DATABASE_URL of the database that each test copies."""
    with database_made(postgresql_server) as address:
        yield address


@pytest.fixture(scope="session")
def postgresql_template(
    postgresql_template_database: str,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: pytest_django.DjangoDbBlocker,
) -> Home:
    """This fixture will make one migrated instance in PostgreSQL, to be copied by each test."""
    from django.db import connections

    from taizhang.web.instance.open import instance_make

    folder = tmp_path_factory.mktemp("postgresql")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setenv("DATABASE_URL", postgresql_template_database)
        home = instance_make(folder / "home", name="", close_after=None, now=BEGUN)
        connections.close_all()
    return home


@pytest.fixture
def postgresql_instance(
    postgresql_server: str,
    postgresql_template: Home,
    postgresql_template_database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    copy_opened: CopyOpened,
) -> Iterator[Home]:
    """This fixture will open a fresh empty instance in PostgreSQL; mark `postgresql`."""
    template = urlsplit(postgresql_template_database).path.strip("/")
    with database_made(postgresql_server, template) as address:
        monkeypatch.setenv("DATABASE_URL", address)
        with copy_opened(postgresql_template, tmp_path) as home:
            yield home


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def any_instance(request: pytest.FixtureRequest) -> Home:
    """This fixture will run the test twice: on SQLite and, where there is one, on PostgreSQL."""
    names = {"sqlite": "instance", "postgresql": "postgresql_instance"}
    home: Home = request.getfixturevalue(names[request.param])
    return home
