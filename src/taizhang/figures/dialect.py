"""Dialects of stores: parameter style, how days are kept, how a key of JSON is written.

Everything else of this room is written once, in Ibis, for all of them; what Ibis must know of a
store stands in :mod:`taizhang.figures.compiler`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

Params = Mapping[str, object]
Rows = Sequence[Sequence[object]]


@dataclass(frozen=True)
class Dialect:
    """What one kind of store needs to know; compared and hashed by ``name`` alone."""

    name: str
    placeholder: str  # how a named parameter stands in the SQL text
    day_type: str
    moment_type: str
    json_path: str  # how a key of a JSON object is written
    listed: str  # the texts of a JSON array in one parameter, as the inside of ``IN (…)``

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dialect) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    def day(self, day: date) -> object:
        """Give a day as a parameter."""
        return day.isoformat() if self.day_type == "string" else day

    def moment(self, moment: datetime) -> object:
        """Give a moment as a parameter; stores keep UTC."""
        there = moment.astimezone(UTC)
        if self.moment_type == "string":
            # As Django writes it; a moment with microseconds sorts after the same one without.
            return there.replace(tzinfo=None).isoformat(sep=" ")
        return there if self.moment_type == "timestamp('UTC')" else there.replace(tzinfo=None)

    def json_key(self, name: str) -> str:
        """Give the parameter that opens a dimension of this name.

        :raises ValueError: for a name that no form can have, so that no path can be smuggled in
        """
        if not name or any(sign in name for sign in "\"'\\[]⟦⟧"):
            raise ValueError(f"{name!r} cannot be a dimension")
        return self.json_path.format(name)


SQLITE = Dialect(
    "sqlite",
    ":{}",
    day_type="string",
    moment_type="string",
    json_path='$."{}"',
    listed="SELECT value FROM json_each({})",
)
POSTGRESQL = Dialect(
    "postgresql",
    "%({})s",
    day_type="date",
    moment_type="timestamp('UTC')",
    json_path="{}",
    listed="SELECT jsonb_array_elements_text({}::jsonb)",
)
DUCKDB = Dialect(
    "duckdb",
    "${}",
    day_type="date",
    moment_type="timestamp",
    json_path='$."{}"',
    listed="""SELECT unnest(from_json({}, '["VARCHAR"]'))""",
)
SPARK = Dialect(
    "spark",
    ":{}",
    day_type="date",
    moment_type="timestamp",
    json_path="$['{}']",
    listed="SELECT explode(from_json({}, 'array<string>'))",
)
