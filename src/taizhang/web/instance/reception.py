"""The reception: what a request brings is taken in, then given to a place at work.

A phone on a weak line needs minutes for a photo, and whoever means harm sends a byte now and then.
Bodies are taken in by the loop, which needs no thread for one that waits: each has so much time as
its bytes earn, no more bytes than its address takes, and there are only so many at once.  People
known by a session have a hall of their own, which nobody else can fill; in the others, where all is
full, whoever comes takes the place of the slowest, so that a log-in goes through among many.
"""

from __future__ import annotations

import asyncio
import errno
import io
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http.cookies import CookieError, SimpleCookie
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from taizhang.web.base.request_body import FROM_A_STRANGER, ORDINARY, most_bytes
from taizhang.web.base.trouble import Trouble, trouble_content
from taizhang.web.instance.gateway import Application, Response, answer_of, environ_of, give
from taizhang.web.instance.places import FullError, GoneError, Places

#: A body may take so many seconds, and one more for each so many bytes that have come.
GRACE, SLOWEST = 15.0, 1_000
#: Bodies taken in at once, of people with a session, of programs that show a key or a password that
#: nobody has looked at yet, and of strangers; large ones may each fill 42 MB of the disk.
MOST_BODIES, MOST_CLAIMED, MOST_STRANGERS, MOST_LARGE = 256, 128, 128, 12
_IN_MEMORY = 65_536
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process does at once, and how long it lets wait; seconds."""

    readers: int = 3
    writers: int = 2
    waiting: int = 120
    longest: float = 15.0
    grace: float = GRACE


@dataclass(eq=False, slots=True)
class Body:
    """A body that is taken in, until the loop's time ``deadline``, or is worked with since."""

    address: str
    is_large: bool
    deadline: float
    is_coming: bool = True
    limit: asyncio.Timeout | None = None


class Hall:
    """The bodies of one kind of people.

    :param cuts: whether who comes to a full hall takes the place of the slowest
    """

    def __init__(self, *, cuts: bool) -> None:
        self._cuts = cuts
        self._bodies: set[Body] = set()

    def enter(self, body: Body, most: int, now: float) -> None:
        """Give a body one of ``most`` places.

        :raises FullError: when there is none
        """
        if len(self._bodies) >= most:
            self._cut(self._bodies, now)
        large = {other for other in self._bodies if other.is_large}
        if body.is_large and len(large) >= MOST_LARGE:
            self._cut(large, now)
        self._bodies.add(body)

    def leave(self, body: Body) -> None:
        """Give the place back."""
        self._bodies.discard(body)

    def _cut(self, bodies: set[Body], now: float) -> None:
        """Cut off who would be cut off first, of the address that holds the most places.

        Behind a proxy all have its address: then the slowest of all.
        """
        coming = [body for body in bodies if body.is_coming and body.limit is not None]
        if not self._cuts or not coming:
            raise FullError
        held = Counter(body.address for body in coming)
        slowest = min(coming, key=lambda body: (-held[body.address], body.deadline))
        slowest.is_coming = False
        slowest.limit.reschedule(now)  # type: ignore[union-attr]
        self._bodies.discard(slowest)


class Reception:
    """An RSGI application around a WSGI one.

    :param knows_session: says whether a key of a session is one; asked before a body
    """

    def __init__(
        self, application: Application, knows_session: Callable[[str], bool], limits: Limits
    ) -> None:
        self._application, self._knows_session = application, knows_session
        self._limits = limits
        line = {"waiting": limits.waiting, "longest": limits.longest}
        self._readers = Places("read", threads=limits.readers, patience=1.0, **line)  # type: ignore[arg-type]
        self._writers = Places("write", threads=limits.writers, patience=15.0, **line)  # type: ignore[arg-type]
        self._probe = Places("probe", threads=1, waiting=20, longest=5.0, patience=1.0)
        self._known, self._claimed = Hall(cuts=False), Hall(cuts=True)
        self._strangers = Hall(cuts=True)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        try:
            answer = await self._answered(scope, protocol)
        except GoneError:
            answer = Response(status=499)  # nobody reads it
        except TroubleError as error:
            answer = _told(error.trouble, scope)
        except FullError:
            answer = _told(Trouble.BUSY, scope)
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            answer = _told(Trouble.NO_ROOM, scope)
        give(answer, protocol, asyncio.get_running_loop().call_later)

    async def _answered(self, scope: Any, protocol: Any) -> Response:
        length = _length(scope)
        if length == 0:
            return await self._work(scope, protocol, io.BytesIO(), None)
        hall = await self._hall(scope, length)
        most = self._most(scope, length, hall)
        if length is not None and length > most:
            if most <= ORDINARY:
                raise TroubleError(Trouble.TOO_LARGE)
            # The view says so in its own words; it only has to know how much it would be.
            return await self._work(scope, protocol, io.BytesIO(), length)
        now = asyncio.get_running_loop().time()
        is_large = most > ORDINARY and (length is None or length > ORDINARY)
        body = Body(str(scope.client).rpartition(":")[0], is_large, now + self._limits.grace)
        hall.enter(body, self._places(hall), now)
        try:
            with SpooledTemporaryFile(max_size=_IN_MEMORY) as kept:
                size = await self._taken_in(protocol, kept, most, body)
                if length is not None and size < length:
                    raise GoneError
                kept.seek(0)
                return await self._work(scope, protocol, kept, size)
        finally:
            hall.leave(body)

    def _places(self, hall: Hall) -> int:
        if hall is self._known:
            return MOST_BODIES
        return MOST_CLAIMED if hall is self._claimed else MOST_STRANGERS

    async def _taken_in(self, protocol: Any, kept: IO[bytes], most: int, body: Body) -> int:
        """Copy a body; one without end is read a little past the limit, so that a view sees it."""
        size = 0
        begun = body.deadline
        try:
            async with asyncio.timeout_at(begun) as limit:
                body.limit = limit
                async for part in protocol:
                    size += len(part)
                    if size > most:
                        if most <= ORDINARY:
                            raise TroubleError(Trouble.TOO_LARGE)
                        break
                    kept.write(part)
                    if body.is_coming:  # else it is being cut off
                        body.deadline = begun + size / SLOWEST
                        limit.reschedule(body.deadline)
                body.is_coming = False
        except TimeoutError as error:
            raise TroubleError(Trouble.TOO_SLOW) from error
        return size

    async def _hall(self, scope: Any, length: int | None) -> Hall:
        """Give the hall for whoever brings a body."""
        # Phones with a key in the address or a password in the head show who they are later.
        if scope.path.startswith("/key/") or "authorization" in scope.headers:
            return self._claimed
        key = _cookies(scope).get("sessionid", "")
        if not key:
            return self._strangers
        try:
            known = await self._readers.do(partial(self._knows_session, key))
        except FullError:
            if length is None or length > FROM_A_STRANGER:
                raise
            known = False  # a small body needs no session to be taken in
        return self._known if known else self._strangers

    def _most(self, scope: Any, length: int | None, hall: Hall) -> int:
        """Give the bytes that may come; whoever shows no log-in may bring little."""
        if length is not None and length <= FROM_A_STRANGER:
            return FROM_A_STRANGER
        most = most_bytes(scope.path)
        return min(most, FROM_A_STRANGER) if hall is self._strangers else most

    async def _work(
        self, scope: Any, protocol: Any, body: IO[bytes], length: int | None
    ) -> Response:
        environ = environ_of(scope, body, length)
        work = partial(answer_of, self._application, environ)
        if scope.path == "/healthz":
            return await self._probe.do(work)
        places = self._readers if scope.method in _READING else self._writers
        return await places.do(work, protocol.client_disconnect)


class TroubleError(Exception):
    """A request that gets no further than the reception."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.name)
        self.trouble = trouble


def _length(scope: Any) -> int | None:
    """Give the bytes that a request brings; ``None`` when it does not tell."""
    told = scope.headers.get("content-length", "")
    if "chunked" in scope.headers.get("transfer-encoding", "").lower():
        return None
    return int(told) if told.isascii() and told.isdigit() else 0


def _cookies(scope: Any) -> dict[str, str]:
    try:
        cookies = SimpleCookie(scope.headers.get("cookie", ""))
    except CookieError:
        return {}
    return {name: cookie.value for name, cookie in cookies.items()}


def _told(trouble: Trouble, scope: Any) -> Response:
    """Say why nothing was done, in the language of the reader's cookie."""
    content, kind = trouble_content(
        trouble,
        language=_cookies(scope).get("django_language", ""),
        accepted=scope.headers.get("accept", ""),
    )
    answer = Response(status=trouble.status, body=content)
    answer.header("content-type", kind)
    answer.header("content-length", str(len(content)))
    answer.header("cache-control", "no-store")
    if trouble.again is not None:
        answer.header("retry-after", str(trouble.again))
    if trouble in (Trouble.TOO_SLOW, Trouble.TOO_LARGE):
        answer.header("connection", "close")
    return answer
