"""What is said when the machine, not the person, is why nothing was done: busy, no room, too slow.

The words need neither the database nor a place at work, as both may be what is missing.
"""

from __future__ import annotations

import errno
import json
import sqlite3
import sys
from enum import Enum

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext, override
from django.views.defaults import server_error

from taizhang.core.base.issue import Code, Issue, gettext_noop


class TroubleCode(Code):
    """Why the machine does not do what was asked."""

    TROUBLE_001 = (
        gettext_noop("The server is busy and has no place free just now."),
        gettext_noop("Nothing was changed. Try again in a moment; a phone does so by itself."),
    )
    TROUBLE_002 = (
        gettext_noop("The disk of the server is full."),
        gettext_noop(
            "Nothing was changed, and nothing is lost: what waits on a phone goes on waiting. Tell "
            "the keeper of the server to make room."
        ),
    )
    TROUBLE_003 = (
        gettext_noop("More was sent than this address takes."),
        gettext_noop("Send less, or log in first; only pages that ask for a file take one."),
    )
    TROUBLE_004 = (
        gettext_noop("What was sent came too slowly."),
        gettext_noop("Try again on a better line; what waits on a phone goes on waiting."),
    )


class Trouble(Enum):
    """A trouble: its message, the status, and the seconds after which to ask again."""

    BUSY = (TroubleCode.TROUBLE_001, 503, 5)
    NO_ROOM = (TroubleCode.TROUBLE_002, 507, 300)
    TOO_LARGE = (TroubleCode.TROUBLE_003, 413, None)
    TOO_SLOW = (TroubleCode.TROUBLE_004, 408, None)

    @property
    def code(self) -> TroubleCode:
        """Give its message."""
        return self.value[0]

    @property
    def status(self) -> int:
        """Give the status of the answer."""
        return self.value[1]

    @property
    def again(self) -> int | None:
        """Give the seconds of Retry-After."""
        return self.value[2]


#: Of PostgreSQL: no room, too many connections, starting or ending, a lock not had in time.
_NO_ROOM_STATES = frozenset({"53100"})
_BUSY_STATES = frozenset({"53300", "57P03", "57P01", "55P03", "40001", "40P01"})
_NO_ROOM_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT})


def trouble_of(error: BaseException | None) -> Trouble | None:
    """Say which trouble an exception is; ``None`` for a fault of the software."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _NO_ROOM_ERRORS:
            return Trouble.NO_ROOM
        if isinstance(error, DatabaseError | InterfaceError | sqlite3.Error):
            state = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None)
            text = str(error)
            if state in _NO_ROOM_STATES or "disk is full" in text:
                return Trouble.NO_ROOM
            if state in _BUSY_STATES or "is locked" in text or "connection failed" in text:
                return Trouble.BUSY
        error = error.__cause__ or error.__context__
    return None


def trouble_content(trouble: Trouble, *, language: str, accepted: str) -> tuple[bytes, str]:
    """Write the message as a page, or as what the client reads; give its media type too.

    :param language: the reader's choice, the instance's own where it is none
    :param accepted: the media types that the client names
    """
    known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    issue = Issue(trouble.code)
    with override(known):
        words = {
            "code": trouble.code.name,
            "sentence": issue.sentence(gettext),
            "remedy": issue.remedy(gettext),
        }
        if "application/json" in accepted:
            # A record is refused for good only by what cannot be mended by trying again.
            refused = {"issues": [{**words, "place": "", "level": "error"}]}
            told = refused if trouble is Trouble.TOO_LARGE else {"trouble": words}
            return json.dumps(told, ensure_ascii=False).encode(), "application/json"
        if "text/html" not in accepted:
            plain = f"{words['code']} {words['sentence']} {words['remedy']}\n"
            return plain.encode(), "text/plain; charset=utf-8"
        page = render_to_string("trouble.html", {**words, "again": trouble.again})
    return page.encode(), "text/html; charset=utf-8"


def fault(request: HttpRequest) -> HttpResponse:
    """Answer a request that ended in an exception: a trouble in words, else the page of 500."""
    trouble = trouble_of(sys.exc_info()[1])
    if trouble is None:
        return server_error(request)
    content, kind = trouble_content(
        trouble,
        language=get_language() or "",
        accepted=request.headers.get("Accept", ""),
    )
    response = HttpResponse(content, content_type=kind, status=trouble.status)
    response["Cache-Control"] = "no-store"
    if trouble.again is not None:
        response["Retry-After"] = str(trouble.again)
    return response
