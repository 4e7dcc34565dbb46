"""Drafts: what a rule kind needs of an old text's clause to write itself as a rule of a pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

#: Units of bounds that make the figure a rate.
RATE_UNITS = ("%", "‰", "个百分点", "百分点")


class DraftFigures(Protocol):
    """The measures and indicators of a draft, made as rules ask for them."""

    def count(self, label: str, unit: str) -> str:
        """Give the key of a measure."""
        ...

    def rate(self, label: str) -> str:
        """Give the key of an indicator in percent."""
        ...

    def figure(self, label: str, unit: str) -> str:
        """Give the key of whatever a bound compares."""
        ...


@dataclass(frozen=True, kw_only=True)
class Clause:
    """A scoring clause as read: its parameters in the text's own words, and its item."""

    params: Mapping[str, object]
    condition: str
    item: str  # title of the item
    most: Fraction  # points of the item, or of the clause's share of it
    headed: bool = False  # the item names its points in a heading
    text_unit: str = ""  # of the first bound that the clause names

    @property
    def figure(self) -> str:
        """Name what the clause compares."""
        return str(self.params.get("figure") or self.item)

    @property
    def unit(self) -> str:
        """Give the unit that the clause compares in."""
        return str(self.params.get("unit", ""))

    def kept(self, *names: str) -> dict[str, object]:
        """Give those of the parameters that the clause states."""
        return {name: self.params[name] for name in names if name in self.params}
