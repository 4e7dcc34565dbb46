"""Serve an instance: granian with the WSGI application and a job worker, in one group."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable

from taizhang.core.issue import Code, Issue, Refused, gettext_noop
from taizhang.web.home import Home
from taizhang.web.instance import SETTINGS

#: Addresses that stand for "every address of this machine": no name that a browser sends.
_ANY = frozenset({"0.0.0.0", "::"})  # noqa: S104 - only compared with
#: Most of them only take in what slow lines send; how many are at work, taizhang.web.wsgi says.
THREADS = 48


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
        return subprocess.Popen([sys.executable, "-m", "taizhang.web.worker"])

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


def serve(home: Home, host: str, port: int, *, workers: int) -> None:
    """Serve ``home`` until SIGINT or SIGTERM; requests and jobs at work are finished first."""
    from granian import Granian
    from granian.constants import Interfaces

    os.environ["TAIZHANG_HOME"] = str(home.path)
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    os.environ["TAIZHANG_WORKER"] = "1"
    if host not in _ANY:
        names = filter(None, (os.environ.get("TAIZHANG_HOSTS"), host))
        os.environ["TAIZHANG_HOSTS"] = ",".join(names)
    # The number of threads is meant, however few the cores are; a start does not warn of it.
    logging.getLogger("_granian").addFilter(lambda said: "Python threads" not in said.getMessage())
    server = Granian(
        "taizhang.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        websockets=False,
        workers_kill_timeout=30,
        respawn_failed_workers=True,
        log_level="warning",  # type: ignore[arg-type]
    )
    helper = Helper(lambda: server.interrupt_signal)
    try:
        server.serve()
    finally:
        helper.end()
