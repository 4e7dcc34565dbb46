"""Units through time: the tree 区县 → 街道/乡镇 → 社区/村 → 网格 and its dated changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class UnitLevel(StrEnum):
    """Levels of the tree, top first (a host above the district may use the first two)."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A node of the tree in a span of time; the row key is (code, valid_from).

    ``valid_from``/``valid_to`` are the first and last day it exists; ``None`` means always.
    """

    code: str
    name: str
    level: UnitLevel
    kind: str  # 市辖区, 街道, 镇, 社区, 村, 网格 …
    parent: str | None
    valid_from: date | None = None
    valid_to: date | None = None


class ChangeKind(StrEnum):
    """What happened to units on a day."""

    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    RECODE = "recode"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A dated change: on ``date`` the ``sources`` became the ``targets``."""

    date: date
    kind: ChangeKind
    sources: tuple[str, ...]
    targets: tuple[str, ...]
