"""What every page knows of its instance."""

from __future__ import annotations

from django.http import HttpRequest

from taizhang.web.accounts.queries import instance


def host(request: HttpRequest) -> dict[str, object]:
    """Give templates the host's row: its name, and whether its data is made up."""
    return {"host": instance()}
