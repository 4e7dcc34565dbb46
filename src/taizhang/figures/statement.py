"""Statements: one SQL text for each shape of question, with slots for values.

The texts are Ibis's (:mod:`taizhang.figures.query`).  Those of the common shapes on a live store
lie beside the code in ``statements/``, written by ``python -m tools.statements``; a test compares
them with what Ibis compiles.  Ibis needs a quarter of a second to be loaded and 20 ms a shape, a
store one to answer it: only an unusual question waits for that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import Any

from taizhang.core.engine import Where
from taizhang.figures.dialect import POSTGRESQL, SQLITE, Dialect

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
    EVERYTHING = "everything"  # facts alone and joint in one table, for roll-ups


class Fold(StrEnum):
    """What several facts become: one pair of bounds, or only the months that hold them."""

    SUM = "sum"
    MAX = "max"
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
    where: tuple[bool, ...] = ()  # of each filter on a dimension, whether it is negated
    as_of: bool = False

    @property
    def name(self) -> str:
        """Say the shape in words, apart from the dialect."""
        said = [self.read.value, self.fold.value]
        said += [name for name in ("measures", "units", "without", "as_of") if getattr(self, name)]
        said += ["where not" if negated else "where" for negated in self.where]
        return " ".join(said if self.by is None else [*said, "by", self.by])


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
            named = {f"{name}{index}": one for index, one in enumerate(_filled(list(value)))}
            params.update(named)
            return ", ".join(map(written, named))

        return SLOT.sub(parameter, self.text), params


def _filled(values: list[object]) -> list[object]:
    """Repeat the last value up to a power of two, so that a store can keep prepared statements."""
    length: int = 1 << (len(values) - 1).bit_length()
    return values + values[-1:] * (length - len(values))


@lru_cache(maxsize=4096)
def statement(shape: Shape) -> Statement:
    """Give the statement of a shape: as it lies here, else compiled now."""
    found = _lying(shape.dialect.name).get(shape.name)
    if found is not None:
        return Statement(found["text"], tuple(found["columns"]), shape.dialect)
    # Imported here: it loads Ibis, which the common shapes do without.
    from taizhang.figures.query import made

    return made(shape)


#: The dialects of live stores, which answer pages and commands.
LIVE = (SQLITE, POSTGRESQL)
STATEMENTS = Path(__file__).with_name("statements")


@cache
def _lying(dialect: str) -> Mapping[str, Any]:
    if dialect not in {one.name for one in LIVE}:
        return {}
    file = STATEMENTS / f"{dialect}.json"
    texts: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return texts


def common_shapes(dialect: Dialect) -> Iterator[Shape]:
    """Give the shapes whose statements lie beside the code: those of pages, scores and plans."""
    wheres: tuple[tuple[bool, ...], ...] = ((), (False,), (True,), (False, False))
    asked = Shape(dialect, Read.CUBE, measures=True, units=True)
    for without, where in product((False, True), wheres):
        kept = replace(asked, without=without, where=where)
        for by in (None, "month"):
            for read in (Read.CUBE, Read.JOINT, Read.ALONE):
                yield replace(kept, read=read, by=by)
        for read in (Read.JOINT, Read.ALONE):
            yield replace(kept, read=read, as_of=True)
        for read, as_of in product((Read.LATEST, Read.TOKENS), (False, True)):
            if len(where) < 2:
                yield replace(kept, read=read, as_of=as_of)
        if not where:
            yield replace(kept, read=Read.TOKENS, by="month")
    months = replace(asked, fold=Fold.MONTHS)
    yield months
    for as_of, read in product((False, True), (Read.ALONE, Read.JOINT)):
        yield replace(months, read=read, as_of=as_of)


def span_values(dialect: Dialect, *, tree: date, start: date, end: date) -> dict[str, object]:
    """Give the values that every statement has: the tree's day and the days of the facts."""
    return {
        "tree": dialect.day(tree),
        "start": dialect.day(start),
        "end": dialect.day(end),
        "month_first": start.year * 100 + start.month,
        "month_last": end.year * 100 + end.month,
    }


def where_values(dialect: Dialect, where: Sequence[Where]) -> dict[str, object]:
    """Give the values of filters on dimensions, in the order of the shape's ``where``."""
    values: dict[str, object] = {}
    for place, one in enumerate(where):
        values[f"key{place}"] = dialect.json_key(one.dimension)
        values[f"where{place}_"] = one.values
    return values
