"""The server of an instance: granian with the application and a job worker, in one group."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from typing import NoReturn

from taizhang.core.base.issue import Code, Issue, Refused, gettext_noop
from taizhang.web.base import memory
from taizhang.web.instance.open import SETTINGS
from taizhang.web.instance.paths import Home

#: Addresses that stand for "every address of this machine": no name that a browser sends.
_ANY = frozenset({"0.0.0.0", "::"})  # noqa: S104 - only compared with
#: Connections that a process holds at once; one that waits costs it some kilobytes.
CONNECTIONS = 4096
#: A head that takes longer, and a connection that rests longer, is closed.
HEAD_MILLISECONDS = 15_000


class ServeCode(Code):
    """Why an instance cannot be served."""

    SERVE_001 = (
        gettext_noop("Port %(port)s of %(host)s cannot be used: %(why)s."),
        gettext_noop("Name another one with --port, or stop the program that uses it."),
    )


def port_check(host: str, port: int) -> None:
    """See that ``host:port`` can be listened on.

    :raises Refused: SERVE_001
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        facts = {"host": host, "port": port, "why": error.strerror or type(error).__name__}
        raise Refused([Issue(ServeCode.SERVE_001, facts=facts)]) from error


class Helper:
    """The job worker as a child in the server's process group, started again when it dies."""

    #: Seconds before a dead worker is replaced; less would spin where it dies at once.
    PAUSE = 2.0

    def __init__(self, is_ending: Callable[[], bool]) -> None:
        self._is_ending = is_ending
        self._ended = threading.Event()
        self._child = self._start()
        self._watch = threading.Thread(target=self._keep, daemon=True)
        self._watch.start()

    def _start(self) -> subprocess.Popen[bytes]:
        # -P: a file in the folder it is started in is no part of the software.
        return subprocess.Popen([sys.executable, "-P", "-m", "taizhang.web.instance.worker"])

    def _keep(self) -> None:
        while True:
            self._child.wait()
            # The signal that ended it may have been meant for the whole group.
            if self._ended.wait(self.PAUSE) or self._is_ending():
                return
            self._child = self._start()

    def end(self) -> None:
        """Let the work in hand be finished, then end; after half a minute without asking."""
        self._ended.set()
        self._child.terminate()
        try:
            self._child.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._watch.join(timeout=self.PAUSE)


def names_of(host: str) -> tuple[str, ...]:
    """Give the names by which browsers reach a server that listens on ``host``.

    One that listens on every address is reached by each of this machine's own.
    """
    if host not in _ANY:
        return (f"[{host}]" if ":" in host else host,)
    names = ["127.0.0.1", socket.gethostname().lower()]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nothing is sent: it only tells the way out
            names.append(probe.getsockname()[0])
        except OSError:
            pass  # no network at all: the machine reaches itself
    return tuple(dict.fromkeys(names))


def environment(home: Home, host: str) -> dict[str, str]:
    """Give what the processes of a server find in their environment, settings read from it."""
    names = [*filter(None, (os.environ.get("TAIZHANG_HOSTS"),)), *names_of(host)]
    return {
        # Each thread would have a heap of its own, which keeps what its largest page needed.
        "MALLOC_ARENA_MAX": "2",
        **os.environ,
        "TAIZHANG_HOME": str(home.path),
        "TAIZHANG_HOSTS": ",".join(names),
        "TAIZHANG_WORKER": "1",
        "DJANGO_SETTINGS_MODULE": SETTINGS,
    }


def start(home: Home, host: str, port: int, *, workers: int) -> NoReturn:
    """Become the server of ``home``.

    The command that opened the instance has read its settings as a command; a server reads them
    once, as a server.  So this process begins anew, with its number and its terminal.
    """
    options = ["--host", host, "--port", str(port), "--workers", str(workers)]
    command = [sys.executable, "-P", "-m", "taizhang.web.instance.server", *options]
    sys.stdout.flush()
    os.execve(sys.executable, command, environment(home, host))  # noqa: S606 - no shell is meant


def serve(host: str, port: int, *, workers: int) -> None:
    """Serve until SIGINT or SIGTERM; requests and jobs at work are finished first."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings

    _files_allow()
    # One word of its on a setting of the kernel is no trouble of this start.
    logging.getLogger("_granian").addFilter(
        lambda record: "tcp_migrate_req" not in record.getMessage()
    )
    application_load()
    server = Granian(
        "taizhang.web.instance.rsgi:application",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_MILLISECONDS),
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        workers=workers,
        websockets=False,
        workers_kill_timeout=30,
        # Looked at twice before a process is replaced; its requests are finished first.
        workers_max_rss=memory.MOST // 2**20,
        rss_sample_interval=10,
        rss_samples=2,
        respawn_failed_workers=True,
        log_level="warning",  # type: ignore[arg-type]
    )
    helper = Helper(lambda: server.interrupt_signal)
    try:
        server.serve()
    finally:
        helper.end()


def application_load() -> None:
    """Load what every process needs before they part: they share its memory, and start at once."""
    from django.urls import get_resolver

    import_module("taizhang.web.instance.wsgi")
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()  # a collection in one process would write into the pages of all


def _files_allow() -> None:
    """Let a process hold as many connections as it may: each is an open file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS if hard == resource.RLIM_INFINITY else min(hard, 2 * CONNECTIONS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def main() -> None:
    """Serve the instance of the environment (``python -m taizhang.web.instance.server``)."""
    parser = argparse.ArgumentParser(prog="taizhang.web.instance.server")
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    asked = parser.parse_args()
    serve(asked.host, asked.port, workers=asked.workers)


if __name__ == "__main__":
    main()
