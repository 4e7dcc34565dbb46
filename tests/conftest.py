"""What every room's tests share: golden files, a browser, a PostgreSQL server."""

import difflib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tools.machine import chromium_find, postgresql_find


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine cannot run; script/test says how to get the missing program."""
    absent = {
        "browser": chromium_find() is None and "no Chromium on this machine",
        "postgresql": postgresql_find() is None and "no PostgreSQL server on this machine",
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
    """This fixture will run a server of its own and give the DATABASE_URL of an empty database.

    The server listens on a socket in a temporary folder only, and the folder goes with it. Use it
    with the mark `postgresql`.
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
    settings = f"-k {folder} -c listen_addresses='' -c fsync=off"
    run("initdb", "-D", data, "-U", "taizhang", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
    try:
        run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", settings, "start")
        run("createdb", "-h", str(folder), "-U", "taizhang", "taizhang")
        yield f"postgresql://taizhang@/taizhang?host={folder}"
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)
