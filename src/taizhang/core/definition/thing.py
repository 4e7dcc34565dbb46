"""Kinds of things 设施物件: number, name, place, due day, as things.yaml defines them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from taizhang.core.base.issue import NOWHERE, Place
from taizhang.core.base.number_label import is_given_id

#: What may be counted of things: begun in the period, there at its end, gone in it, past their day.
THING_COUNTS = ("new", "standing", "ended", "overdue")


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingKind:
    """A kind of thing; ``key`` is qualified (``pack.kind``).

    A thing is an entity that forms write (their sheet ``entities``): ``name``, ``place`` and
    ``due`` name properties that these forms save.  Several kinds may share a list; ``where`` tells
    them apart (:func:`kind_of`).  ``adopts`` names the property that holds the number people gave
    before the software did; such a thing keeps it.
    """

    key: str
    label: str
    dataset: str
    where: Mapping[str, str] = field(default_factory=dict)  # property → value of things of the kind
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

    def takes(self, properties: Mapping[str, object]) -> bool:
        """Say whether a thing of the list with these properties may be of this kind."""
        return all(str(properties.get(name) or "") == value for name, value in self.where.items())

    def adopted(self, properties: Mapping[str, object]) -> str:
        """Give the number that people gave to a thing before, ``""`` for none."""
        number = str(properties.get(self.adopts) or "") if self.adopts else ""
        return "" if is_given_id(number) else number

    def over(self, properties: Mapping[str, object]) -> bool:
        """Say whether the properties of a thing say that it is gone."""
        return any(str(properties.get(name) or "") == value for name, value in self.ended.items())


def kind_of(kinds: Iterable[ThingKind], properties: Mapping[str, object]) -> ThingKind | None:
    """Give the kind of a thing among those of its list, ``None`` where none takes it.

    The first whose ``where`` holds; one without takes what the others leave.
    """
    fitting = [kind for kind in kinds if kind.takes(properties)]
    return min(fitting, key=lambda kind: not kind.where, default=None)
