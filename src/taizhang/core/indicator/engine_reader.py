"""Engine reader: an engine with the day of its knowledge, which every read of an answer shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from taizhang.core.aggregate.query import Aggregate, AggregateQuery, Engine, Presence

#: Aggregates by query, unit and bucket.
Totals = dict[tuple[AggregateQuery, str, str | None], Aggregate]


@dataclass(frozen=True, slots=True)
class EngineReader:
    """An engine, asked for what the ledger held on one day (``None``: holds now)."""

    engine: Engine
    known_at: date | None

    def totals(
        self,
        queries: Iterable[AggregateQuery],
        units: Sequence[str],
        tree: date,
        without: frozenset[str] = frozenset(),
        without_months: frozenset[tuple[str, int]] = frozenset(),
    ) -> Mapping[tuple[AggregateQuery, str, str | None], Aggregate]:
        """Read the aggregates of some units in one call."""
        return self.engine.totals(
            list(queries),
            units,
            tree=tree,
            as_of=self.known_at,
            without=without,
            without_months=without_months,
        )

    def present(
        self, measures: Iterable[str], units: Iterable[str], start: date, end: date
    ) -> Mapping[tuple[str, str], Presence]:
        """Read which months hold facts, on the tree of the last day."""
        return self.engine.present(
            sorted(measures), sorted(units), start, end, tree=end, as_of=self.known_at
        )
