"""Kinds of things 设施物件: number, name, place, due day, as things.yaml defines them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from taizhang.core.base.issue import NOWHERE, Place

#: What may be counted of things: begun in the period, there at its end, gone in it, past their day.
THING_COUNTS = ("new", "standing", "ended", "overdue")


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingKind:
    """A kind of thing; ``key`` is qualified (``pack.kind``).

    A thing is an entity that forms write (their sheet ``entities``): ``name``, ``place`` and
    ``due`` name properties that these forms save.  ``adopts`` names the property that holds the
    number people gave before the software did; such a thing keeps it.
    """

    key: str
    label: str
    dataset: str
    number: str  # pattern, as of cases
    name: str
    place_field: str = ""
    due: str = ""
    ended: Mapping[str, str] = field(default_factory=dict)  # property → value that ends the thing
    shared: tuple[str, ...] = ()  # packs besides its own whose forms write it
    counts: tuple[str, ...] = ()
    adopts: str = ""
    place: Place = NOWHERE

    @property
    def pack(self) -> str:
        """Give the key of the pack that owns it."""
        return self.key.partition(".")[0]

    def over(self, properties: Mapping[str, object]) -> bool:
        """Say whether the properties of a thing say that it is gone."""
        return any(str(properties.get(name) or "") == value for name, value in self.ended.items())
