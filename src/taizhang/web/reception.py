"""Takes in what a request brings before the request takes one of the few places at work.

A phone on a weak line needs minutes for a photo.  Read inside a view, four of them would keep every
page from being shown; here they wait in threads of their own that do nothing else.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import IO, Any

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]

#: The largest body that any view takes, with room for the heads of its parts.  A larger one is not
#: read at all; the views that take files say so in their own words.
MOST_BYTES = 42_000_000
_IN_MEMORY = 500_000
_STEP = 65_536


class Reception:
    """A WSGI application around another: bodies first, then at most ``places`` requests at work."""

    def __init__(self, application: Application, places: int) -> None:
        self._application = application
        self._places = threading.BoundedSemaphore(places)

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        told = environ.get("CONTENT_LENGTH") or ""
        chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
        if told in ("", "0") and not chunked:
            return self._work(environ, start_response)
        if told.isdigit() and int(told) > MOST_BYTES:
            environ["wsgi.input"] = io.BytesIO()
            return self._work(environ, start_response)
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as kept:
            _taken_in(environ["wsgi.input"], kept)
            environ["wsgi.input"] = kept
            return self._work(environ, start_response)

    def _work(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        with self._places:
            return self._application(environ, start_response)


def _taken_in(source: Any, kept: IO[bytes]) -> None:
    """Copy a body; one without end is read one byte past the limit, so that a view sees it."""
    left = MOST_BYTES + 1
    while left and (step := source.read(min(_STEP, left))):
        kept.write(step)
        left -= len(step)
    kept.seek(0)
