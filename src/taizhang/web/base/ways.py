"""Ways on: addresses that a page offers and a room above its own leads to.

The page names the way, the room above registers where it leads when Django starts; so no room knows
those above it.
"""

from __future__ import annotations

from django.urls import reverse

_pages: dict[str, str] = {}


def way_register(name: str, page: str) -> None:
    """Have the way called ``name`` lead to ``page``, as the addresses name it."""
    _pages[name] = page


def way(name: str, *parameters: object) -> str:
    """Give the address that a way leads to; '' where no room offers it."""
    page = _pages.get(name)
    return "" if page is None else reverse(page, args=parameters)
