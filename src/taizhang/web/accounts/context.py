"""What every page knows: its instance, and where its reader may go."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from taizhang.web.accounts.navigation import navigation
from taizhang.web.accounts.queries import instance


def host(request: HttpRequest) -> dict[str, object]:
    """Give templates the host's row, the person and the navigation; asked for only where shown."""
    return {
        "host": SimpleLazyObject(instance),
        "person": getattr(request, "user", None),
        "navigation": SimpleLazyObject(lambda: navigation(request)),
    }
