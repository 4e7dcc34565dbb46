"""Wrong passwords lock a name: at one address soon, from everywhere later."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest
from django.utils import timezone

from taizhang.web.accounts.login.lock_actions import attempts_strip, lock_log

#: So many wrong passwords from one address weigh as much as so many times more from anywhere:
#: whoever guesses from many machines is stopped too, yet nobody locks a colleague out by a slip.
ANYWHERE = 4


class Locks(AxesDatabaseHandler):
    """Counts wrong passwords for a name at an address and for the name alone."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Give the wrong passwords that count: at this address, or a part of those anywhere."""
        sums = [
            attempts.aggregate(sum=Sum("failures_since_start"))["sum"] or 0
            for attempts in self.get_user_attempts(request, credentials)
        ]
        here, anywhere = sums  # in the order of AXES_LOCKOUT_PARAMETERS
        return max(here, anywhere // ANYWHERE)

    def user_login_failed(
        self,
        sender: Any,
        credentials: dict[str, Any],
        request: HttpRequest | None = None,
        **rest: Any,
    ) -> None:
        """Count one more, and write to the log that a name is locked from now on."""
        was_locked = request is not None and self.is_locked(request, credentials)
        if request is not None:  # name, address and number lock: nothing else is anybody's business
            request.axes_user_agent = request.axes_http_accept = request.axes_path_info = ""  # type: ignore[attr-defined]
        super().user_login_failed(sender, credentials, request, **rest)
        attempts_strip()
        if request is None or was_locked or not getattr(request, "axes_locked_out", False):
            return
        lock_log(credentials.get("username"), timezone.now())


def locked_names(names: list[str], now: datetime) -> frozenset[str]:
    """Give those of the names that are locked somewhere just now."""
    since = now - settings.AXES_COOLOFF_TIME
    recent = AccessAttempt.objects.filter(username__in=names, attempt_time__gte=since)
    here = recent.values("username", "ip_address").annotate(sum=Sum("failures_since_start"))
    anywhere = recent.values("username").annotate(sum=Sum("failures_since_start"))
    limit = settings.AXES_FAILURE_LIMIT
    return frozenset(
        [row["username"] for row in here if row["sum"] >= limit]
        + [row["username"] for row in anywhere if row["sum"] >= limit * ANYWHERE]
    )


def client_address(request: HttpRequest) -> str:
    """Give the address a request comes from; behind our own proxy, what the proxy says."""
    if settings.SECURE_PROXY_SSL_HEADER and (forwarded := request.headers.get("X-Forwarded-For")):
        return forwarded.rpartition(",")[2].strip()  # only the last was written by our proxy
    return str(request.META.get("REMOTE_ADDR", ""))
