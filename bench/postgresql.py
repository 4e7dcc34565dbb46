"""A PostgreSQL server of its own for a benchmark, as durable as one is by default."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tools.machine import postgresql_find


@contextmanager
def server() -> Iterator[str | None]:
    """Run a server on a socket in a temporary folder; give its URL, nothing without binaries."""
    binaries = postgresql_find()
    if binaries is None:
        yield None
        return
    # The server refuses to run as root; a socket's path must be short.
    user = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="tz-pg-", dir="/tmp"))
    if user is not None:
        os.chown(folder, user, -1)
    data = str(folder / "data")
    initdb = [str(binaries / "initdb"), "-D", data, "-U", "taizhang", "-A", "trust", "-E", "UTF8"]
    postgres = [str(binaries / "postgres"), "-D", data, "-k", str(folder)]
    try:
        subprocess.run(initdb, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        with (folder / "log").open("w", encoding="utf-8") as log:
            process = subprocess.Popen(
                [*postgres, "-c", "listen_addresses="],
                user=user,
                cwd=folder,
                stdout=log,
                stderr=log,
            )
        try:
            address = f"postgresql://taizhang@/postgres?host={folder}"
            _wait(address, process)
            yield address
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)
    finally:
        shutil.rmtree(folder)


def _wait(address: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return
