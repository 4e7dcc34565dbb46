"""How long a log-in holds: shorter for administrators, and never longer than a day.

A session notes when it began and when it was last used.  The second is written anew only after a
tenth of the time that it may rest, so that a page costs no write.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext

from taizhang.web.accounts.access import SEPARATED
from taizhang.web.accounts.models import Grant, User

#: Nobody stays logged in longer than this.
LONGEST = timedelta(hours=24)
#: How long a session may rest unused.
IDLE = timedelta(hours=12)
IDLE_ADMINISTRATOR = timedelta(minutes=30)
#: The note of the last use is at most one part in so many of the resting time old.
STEPS = 10
_CLOCK = "clock"


class SessionTimeout:
    """End a session that is too old or has rested too long; stands behind authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Whoever brings no log-in has nothing that could end; the person is not even read.
        if auth.SESSION_KEY in request.session and isinstance(user := _user(request), User):
            _look(request, user)
        return self.get_response(request)


def _user(request: HttpRequest) -> object:
    user = request.user
    return user if user.is_authenticated and isinstance(user, User) else None


def _look(request: HttpRequest, user: User) -> None:
    now = int(timezone.now().timestamp())
    clock = request.session.get(_CLOCK)
    if clock is None:
        request.session[_CLOCK] = [now, now, _idle(user)]
        return
    begun, used, idle = clock
    if now - begun >= LONGEST.total_seconds() or now - used >= idle:
        auth.logout(request)
        messages.info(request, gettext("You were logged out as nothing happened for a while."))
    elif now - used >= idle // STEPS:
        request.session[_CLOCK] = [begun, now, _idle(user)]


def _idle(user: User) -> int:
    roles = set(Grant.objects.filter(user=user).values_list("role", flat=True))
    short = roles & SEPARATED
    return int((IDLE_ADMINISTRATOR if short else IDLE).total_seconds())
