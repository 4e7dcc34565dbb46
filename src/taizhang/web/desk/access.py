"""Who may look: there is no log-in yet, so only whoever sits at the machine, or at a demo."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from taizhang.web.accounts.models import User
from taizhang.web.accounts.queries import instance, user_named

_HERE = frozenset({"127.0.0.1", "::1"})
_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
_FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP")


def visitor(request: HttpRequest) -> User:
    """Give the user whose eyes the page is made for: the local owner, who may read everything.

    Made-up data is shown to whoever reaches it.  Real data is shown only to a browser on the same
    machine that asked for it by a local name and not through a proxy.

    :raises PermissionDenied: for everybody else
    """
    if not instance().synthetic:
        host = request.get_host().rpartition(":")[0] or request.get_host()
        names = {host, request.get_host()}
        is_forwarded = any(header in request.META for header in _FORWARDED)
        if request.META.get("REMOTE_ADDR") not in _HERE or is_forwarded or not names & _NAMES:
            raise PermissionDenied
    return user_named(None)
