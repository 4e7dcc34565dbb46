"""Norms: versioned requirements with document, number, dates in force, region and unit kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from taizhang.core.issue import NOWHERE, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class NormVersion:
    """What one document requires per year of each kind of unit.

    ``spread``: ``"even"`` (a twelfth each month), ``"at_end"`` (due in December), or a tuple of
    month numbers among which the year's amount is split evenly.
    """

    document: str
    number: str = ""
    in_force_from: date | None = None
    in_force_to: date | None = None
    region: str = ""  # unit-code prefix it binds; "" = everywhere
    values: Mapping[str, Fraction] = field(default_factory=dict)  # unit kind → amount per year
    spread: str | tuple[int, ...] = "even"
    source: str = ""
    verified: bool = True
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """A requirement for one measure or indicator through its versions; ``key`` is qualified."""

    key: str
    label: str
    measure: str | None  # qualified measure key, or None for a norm on an indicator's value
    unit: str
    versions: tuple[NormVersion, ...]
    place: Place = NOWHERE
