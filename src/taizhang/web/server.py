"""Serve an instance: granian with the WSGI application, all processes in one group."""

from __future__ import annotations

import os
import socket

from taizhang.core.issue import Code, Issue, Refused, gettext_noop
from taizhang.web.home import Home
from taizhang.web.instance import SETTINGS

#: Addresses that stand for "every address of this machine": no name that a browser sends.
_ANY = frozenset({"0.0.0.0", "::"})  # noqa: S104 - only compared with
#: A thread that waits for the database's one writer keeps no other from answering.
THREADS = 4


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


def serve(home: Home, host: str, port: int, *, workers: int) -> None:
    """Serve ``home`` until SIGINT or SIGTERM; requests at work are finished first.

    There is no job worker: nothing in this version leaves work for later.
    """
    from granian import Granian
    from granian.constants import Interfaces

    os.environ["TAIZHANG_HOME"] = str(home.path)
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    if host not in _ANY:
        names = filter(None, (os.environ.get("TAIZHANG_HOSTS"), host))
        os.environ["TAIZHANG_HOSTS"] = ",".join(names)
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
    server.serve()
