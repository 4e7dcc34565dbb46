"""What follows from the packs in force alone, worked out once for each set of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from taizhang.core.definition.programme import Programmes

Answer = TypeVar("Answer")
#: Packs never change under their digests, and those in force together are few.
_MOST = 8


class OncePerPacks(Generic[Answer]):
    """A function of the packs in force whose last few answers are remembered."""

    def __init__(self, compute: Callable[[Programmes], Answer]) -> None:
        self._compute = compute
        self._answers: dict[tuple[str, ...], Answer] = {}

    def __call__(self, programmes: Programmes) -> Answer:
        """Give the answer for these packs, computed where it is not there."""
        digests = tuple(pack.digest for pack in programmes.packs)
        if digests not in self._answers:
            if len(self._answers) >= _MOST:
                self._answers.clear()
            self._answers[digests] = self._compute(programmes)
        return self._answers[digests]
