"""A fact as ``ledger_fact`` stores it, and the columns of it that a cell of the cube needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from taizhang.core.counting.fact import Fact, dims_text
from taizhang.web.base.bulk import Adapter


class StoredFact(NamedTuple):
    """The columns of a fact that follow from its record, in their order in the table."""

    ordinal: int
    measure: str
    unit: str
    date: date
    month: int  # yyyymm
    low: int | None  # ten-thousandths
    high: int | None
    kind: int  # core.quantity.Kind
    dims: str
    entity: str | None
    person: str | None
    joint: bool


FACT_COLUMNS = ("record_id", *StoredFact._fields, "accepted_at", "retired_at")
CELL_COLUMNS = ("measure", "unit", "month", "low", "high", "kind", "dims", "joint")
#: Gives of a stored fact what a cell of the cube needs.
cell_part = itemgetter(*map(StoredFact._fields.index, CELL_COLUMNS))


def stored_fact(fact: Fact) -> StoredFact:
    """Give a fact as it is stored."""
    low, high = fact.value.scaled()
    return StoredFact(
        ordinal=fact.ordinal,
        measure=fact.measure,
        unit=fact.unit,
        date=fact.date,
        month=fact.month,
        low=low,
        high=high,
        kind=fact.value.kind.value,
        dims=_dims(tuple(fact.dimensions.items())) if fact.dimensions else "",
        entity=fact.entity,
        person=fact.person,
        joint=fact.joint,
    )


@lru_cache(maxsize=65_536)
def _dims(items: tuple[tuple[str, str], ...]) -> str:
    return dims_text(dict(items))


def fact_rows(
    record: int, facts: Iterable[StoredFact], adapter: Adapter, accepted: Any, retired: Any
) -> Iterator[tuple[Any, ...]]:
    """Give the rows of :data:`FACT_COLUMNS` of one record, whose moments are adapted already."""
    for fact in facts:
        yield (record, *fact[:3], adapter.day(fact.date), *fact[4:], accepted, retired)
