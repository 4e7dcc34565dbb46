"""Rubrics: rules that turn figures, answers and samples into explained points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from taizhang.core.base.issue import NOWHERE, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule kind with its parameters as the pack wrote them (checked by core.rules)."""

    kind: str  # a key of core.scoring.kinds.KINDS
    params: Mapping[str, object] = field(default_factory=dict)
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a rubric.  ``variants`` replaces ``rule`` for a unit kind."""

    key: str
    title: str
    max: Fraction
    rule: Rule
    variants: Mapping[str, Rule] = field(default_factory=dict)
    requirements: tuple[str, ...] = ()  # stated, not scored: shown as 要求（不计分）
    applies: str | None = None  # formula; false → 不适用, rescaled inside the section
    remedy: str = ""  # how to win the points back, in the owner's words
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A group of items with its own maximum."""

    key: str
    title: str
    max: Fraction
    items: tuple[Item, ...]
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """A whole rubric; ``key`` is the pack's rubric key."""

    key: str
    title: str
    total: Fraction
    unit_kinds: tuple[str, ...]
    period: str  # year, half, quarter, month
    sections: tuple[Section, ...]
    weights: Mapping[str, Fraction] = field(default_factory=dict)  # "H1": 0.4, "H2": 0.6
    bonus: tuple[Item, ...] = ()  # outside the total
    bonus_cap: Fraction | None = None
    place: Place = NOWHERE
