"""Measures and the counting rules that turn the answers of a form into facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Day
from enum import StrEnum

from taizhang.core.base.issue import NOWHERE, Place

#: Units that are counted one by one.
WHOLE_UNITS = frozenset(
    "次 人次 人 户 户次 份 期 块 件 册 本 篇 条 项 处 "
    "所 间 家 家次 个 只 场 盒 种 名 对 组 支".split()
)


class About(StrEnum):
    """What a measure, field or entity speaks of; the lawfulness lexicon binds PERSON."""

    ACTIVITY = "activity"
    PLACE = "place"
    SERVICE = "service"
    PERSON = "person"


class MeasureKind(StrEnum):
    """EVENT values add over time; of LEVEL values the last one stands, at most 12 months."""

    EVENT = "event"
    LEVEL = "level"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A named typed number; ``key`` is qualified (``pack.measure``)."""

    key: str
    label: str
    unit: str  # 次, 人次, 人, 户, 份, 期, 块, 公斤, 元 …
    kind: MeasureKind
    about: About
    over_units: str = "sum"  # or "max"/"last": how values of several units add
    apart: str = ""  # a dimension whose answers are never added together: services unlike in size
    dimensions: tuple[str, ...] = ()  # filled from the counting rules that make it
    #: A sum that the unit types of its own survey or estimate, with nothing behind it to check;
    #: ``None`` where the pack does not say.
    self_reported: bool | None = None
    place: Place = NOWHERE

    @property
    def pack(self) -> str:
        """Give the key of the pack that owns it."""
        return self.key.split(".", 1)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingRule:
    """Which answers of which form make which facts (expressions are XLSForm-style, see form.py).

    ``facts`` maps a qualified measure key to a whole number or to the name of an answer field
    (``people``; ``materials.copies`` inside ``each: materials``).  ``by`` maps a dimension to the
    single-choice field that fills it.
    """

    form: str  # qualified form key
    date: str  # field that dates the facts
    facts: Mapping[str, int | str]
    when: str | None = None
    each: str | None = None
    by: Mapping[str, str] = field(default_factory=dict)
    entity: str | None = None
    person: str | None = None
    until: Day | None = None  # from this day on cases make these facts, and the rule none
    case: str = ""  # kind whose cases make these facts as their fold says, no record by itself
    place: Place = NOWHERE
