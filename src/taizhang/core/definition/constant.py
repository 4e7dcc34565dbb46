"""Constants: numbers that a pack gives a name, a unit and a source, through their versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from taizhang.core.base.issue import NOWHERE, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstantVersion:
    """What a constant is from one day to another, as a document says."""

    value: Fraction
    in_force_from: date | None = None
    in_force_to: date | None = None
    source: str = ""
    verified: bool = True
    place: Place = NOWHERE

    def in_force(self, day: date) -> bool:
        """Say whether the version is in force on ``day``."""
        return (self.in_force_from or date.min) <= day <= (self.in_force_to or date.max)


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """A number by name, such as a price set for all; ``key`` is qualified."""

    key: str
    label: str
    unit: str
    versions: tuple[ConstantVersion, ...]
    place: Place = NOWHERE

    def on(self, day: date) -> ConstantVersion | None:
        """Give the version in force on a day."""
        return next((version for version in self.versions if version.in_force(day)), None)
