"""All pages of the instance with their doors, read from the addresses: for the table and its test.

Nothing here is a list to keep: a page that is added is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from taizhang.web.accounts.permission import Door

#: Views without a door: whether the server answers, and the choice of a language.
DOORLESS = frozenset({"healthz", "set_language"})


@dataclass(frozen=True, slots=True)
class Page:
    """An address with its view; ``door`` is ``None`` where there is none."""

    name: str  # namespace:name
    address: str  # as the addresses are written, with <converter:parameter>
    parameters: tuple[str, ...]
    door: Door | None
    view: Callable[..., Any]


def pages() -> list[Page]:
    """Give every address of the instance in the order in which they are tried."""
    return list(_below(get_resolver(), "", ""))


def _below(resolver: URLResolver, prefix: str, space: str) -> Iterator[Page]:
    for pattern in resolver.url_patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _below(pattern, address, inner)
        elif isinstance(pattern, URLPattern):
            door = getattr(pattern.callback, "door", None)
            parameters = tuple(pattern.pattern.converters)
            yield Page(f"{space}{pattern.name}", f"/{address}", parameters, door, pattern.callback)
