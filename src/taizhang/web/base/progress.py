"""The mark that says to a page which waits: the file that it asked for is on its way.

A browser tells a page nothing of a file that it saves.  So ``app.js`` sets a cookie when a link is
followed, and the answer that is a file takes it away; the bar "Working …" goes with it.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

#: Holds nothing but that a page waits.
COOKIE = "working"


class WorkingDone:
    """Take the mark of a waiting page away with a file to save, which leaves the page standing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        kept = response.headers.get("Content-Disposition", "").startswith("attachment")
        if kept and COOKIE in request.COOKIES:
            response.delete_cookie(COOKIE, samesite="Strict")
        return response
