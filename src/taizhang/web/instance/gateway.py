"""Between the web server's protocol (RSGI) and Django's (WSGI): one request in, one answer out."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]

#: A larger answer goes out from the disk: readers on slow lines keep none in memory.
IN_MEMORY = 262_144
#: Seconds until the web server has opened such a file; it is given away by its name.
OPENED = 10.0
#: Answers of these kinds have no body (RFC 9110).
_WITHOUT_BODY = frozenset({204, 304})


def environ_of(scope: Any, body: IO[bytes], length: int | None) -> Environ:
    """Give what a WSGI application is told of a request (PEP 3333).

    :param length: bytes of the body, ``None`` where there is none
    """
    name, _, port = str(scope.server).rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": str(scope.path).encode(errors="replace").decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "REMOTE_ADDR": str(scope.client).rpartition(":")[0].strip("[]"),
        "SERVER_NAME": name.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.file_wrapper": FileOnDisk,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    environ.update(_headers(scope.headers.items()))
    environ.pop("CONTENT_LENGTH", None)  # what was taken in is what there is
    if length is not None:
        environ["CONTENT_LENGTH"] = str(length)
    return environ


def _headers(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    headers: dict[str, str] = {}
    for name, value in pairs:
        if "_" in name:
            continue  # it would look like the header with a dash that a proxy sets
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        between = "; " if key == "HTTP_COOKIE" else ","
        headers[key] = f"{headers[key]}{between}{value}" if key in headers else value
    return headers


class FileOnDisk:
    """The ``wsgi.file_wrapper``: what a view or whitenoise gives as an open file."""

    def __init__(self, file: Any, block_size: int = 65_536) -> None:
        self.file, self._block_size = file, block_size

    @property
    def path(self) -> str | None:
        """Give the path of the whole file, ``None`` for a part of one or one in memory."""
        whole = isinstance(self.file, io.BufferedReader) and isinstance(self.file.name, str)
        return str(self.file.name) if whole and self.file.tell() == 0 else None

    def __iter__(self) -> Iterable[bytes]:
        return iter(lambda: self.file.read(self._block_size), b"")

    def close(self) -> None:
        """Close the file, and with it Django's answer."""
        self.file.close()


@dataclass(slots=True)
class Response:
    """A finished answer; ``path`` names a file that holds its body."""

    status: int = 500
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    path: str | None = None
    spooled: IO[bytes] | None = None

    def header(self, name: str, value: str) -> None:
        """Add a header."""
        self.headers.append((name, value))


def answer_of(application: Application, environ: Environ) -> Response:
    """Have the application answer, and keep the whole of it: its thread is free then."""
    answer = Response()

    def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
        answer.status = int(status.partition(" ")[0])
        answer.headers = [(name.lower(), value.strip()) for name, value in headers]

    parts = application(environ, start_response)
    try:
        if isinstance(parts, FileOnDisk) and answer.status == 200:
            answer.path = parts.path
        if answer.path is None and environ["REQUEST_METHOD"] != "HEAD":
            answer.body = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    if len(answer.body) > IN_MEMORY:
        _spool(answer)
    return answer


def _spool(answer: Response) -> None:
    """Put a large body into a file without a name."""
    file = tempfile.TemporaryFile()
    try:
        file.write(answer.body)
        file.flush()
    except OSError:  # no room: then from memory after all
        file.close()
        return
    if not any(name == "content-length" for name, _ in answer.headers):
        answer.header("content-length", str(len(answer.body)))
    answer.spooled, answer.path, answer.body = file, f"/dev/fd/{file.fileno()}", b""


def give(answer: Response, protocol: Any, later: Callable[..., Any]) -> None:
    """Hand an answer to the web server.

    :param later: of the loop: calls a function after so many seconds
    """
    if answer.path is not None:
        protocol.response_file(answer.status, answer.headers, os.fspath(answer.path))
        if answer.spooled is not None:
            later(OPENED, answer.spooled.close)
    elif answer.status in _WITHOUT_BODY or not answer.body:
        protocol.response_empty(answer.status, answer.headers)
    else:
        protocol.response_bytes(answer.status, answer.headers, answer.body)
