"""Keepers: apps above that keep something by the definitions of packs, asked at installations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # no command waits for the packs that needs none
    from taizhang.core.base.issue import Issue
    from taizhang.core.definition.pack import Pack


class Keeper(Protocol):
    """An app above that keeps something by the definitions of packs."""

    def fits(self, key: str, load: Callable[[], Pack | None], now: datetime) -> Iterable[Issue]:
        """Say what of it a new version of a pack, to be loaded, would leave undefined."""
        ...

    def installed(self, key: str, files: Mapping[str, bytes], now: datetime) -> None:
        """Follow a version that was just installed, in its own transaction."""
        ...


_makers: dict[str, Callable[[], Keeper]] = {}


def keeper_register(name: str, maker: Callable[[], Keeper]) -> None:
    """Have an app asked before a version is installed, and told after it."""
    _makers[name] = maker


def keepers() -> Sequence[Keeper]:
    """Give those that registered."""
    return tuple(maker() for maker in _makers.values())
