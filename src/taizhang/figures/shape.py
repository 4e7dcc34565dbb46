"""Statement shapes: what decides a statement's SQL, the slots in it, the values bound to them.

Values only ever travel as parameters: a text holds marked slots, and :meth:`Statement.bound` puts
the store's own placeholders there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from taizhang.core.aggregate.query import DimensionFilter
from taizhang.figures.dialect import Dialect

SLOT = re.compile(r"⟦(\w+)⟧")
MOST_PARAMETERS = 512

#: A value, or the values of a list, by the name of its slot.
Values = Mapping[str, object]


class Read(StrEnum):
    """Which rows a statement reads and how it brings them together."""

    CUBE = "cube"  # the month cube, added up
    ALONE = "alone"  # facts that are not joint, added up
    JOINT = "joint"  # joint facts, counted once per asked unit
    LATEST = "latest"  # per code, dimensions and entity the latest fact, then added up
    TOKENS = "tokens"  # different persons or entities
    MIDDLE = "middle"  # single facts in the order of their ends, twice the middle one
    EVERYTHING = "everything"  # facts alone and joint in one table, for roll-ups


class Fold(StrEnum):
    """What several facts become: one pair of bounds, or only the months that hold them."""

    SUM = "sum"
    MAX = "max"
    MIN = "min"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Shape:
    """Everything that decides the text of a statement; the values are bound later.

    Without ``measures`` or ``units`` it reads all there are.
    """

    dialect: Dialect
    read: Read
    fold: Fold = Fold.SUM
    by: str | None = None  # "month" or a dimension
    measures: bool = False
    units: bool = False
    without: bool = False
    without_months: bool = False
    where: tuple[bool, ...] = ()  # of each filter on a dimension, whether it is negated
    as_of: bool = False

    @property
    def name(self) -> str:
        """Say the shape in words, apart from the dialect."""
        words = [self.read.value, self.fold.value]
        parts = ("measures", "units", "without", "without_months", "as_of")
        words += [name for name in parts if getattr(self, name)]
        words += ["where not" if negated else "where" for negated in self.where]
        return " ".join(words if self.by is None else [*words, "by", self.by])


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL text with marked slots, and the names of its columns."""

    text: str
    columns: tuple[str, ...]
    dialect: Dialect

    def bound(self, values: Values) -> tuple[str, dict[str, object]]:
        """Give SQL with named parameters, a list taking as many as it is long, and their values.

        A list is never empty: a filter without values has another shape.  A long one, such as the
        communities of a province, travels as one JSON array: stores limit their parameters.
        """
        params: dict[str, object] = {}
        written = self.dialect.placeholder.format

        def parameter(slot: re.Match[str]) -> str:
            name = slot[1]
            value = values[name]
            if not isinstance(value, (list, tuple)):
                params[name] = value
                return written(name)
            if len(value) > MOST_PARAMETERS:
                params[name] = json.dumps(value)
                return self.dialect.listed.format(written(name))
            named = {f"{name}{index}": part for index, part in enumerate(_filled(list(value)))}
            params.update(named)
            return ", ".join(map(written, named))

        return SLOT.sub(parameter, self.text), params


def _filled(values: list[object]) -> list[object]:
    """Repeat the last value up to a power of two, so that a store can keep prepared statements."""
    length: int = 1 << (len(values) - 1).bit_length()
    return values + values[-1:] * (length - len(values))


def span_values(dialect: Dialect, *, tree: date, start: date, end: date) -> dict[str, object]:
    """Give the values that every statement has: the tree's day and the days of the facts."""
    return {
        "tree": dialect.day(tree),
        "start": dialect.day(start),
        "end": dialect.day(end),
        "month_first": start.year * 100 + start.month,
        "month_last": end.year * 100 + end.month,
    }


def where_values(dialect: Dialect, where: Sequence[DimensionFilter]) -> dict[str, object]:
    """Give the values of filters on dimensions, in the order of the shape's ``where``."""
    values: dict[str, object] = {}
    for place, condition in enumerate(where):
        values[f"key{place}"] = dialect.json_key(condition.dimension)
        values[f"where{place}_"] = condition.values
    return values
