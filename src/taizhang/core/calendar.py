"""Theme days (fixed, floating, lunar, spans) and recurring duties."""

from __future__ import annotations

from dataclasses import dataclass

from taizhang.core.issue import NOWHERE, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRule:
    """When a theme day falls.

    Exactly one of: ``on`` ("03-24"), ``span`` ("04-15..04-21" or "04" for a whole month),
    ``nth`` ("2nd sun of 05", "last mon of 03", "last day of 02"), ``lunar`` ("09-09"),
    ``solar_term`` ("清明"), ``every`` (recurring duty: "month:1" = 1st of each month,
    "quarter", "year:03").
    """

    key: str
    label: str
    on: str | None = None
    span: str | None = None
    nth: str | None = None
    lunar: str | None = None
    solar_term: str | None = None
    every: str | None = None
    since: int | None = None  # first year it exists
    topic: str = ""
    source: str = ""
    verified: bool = True
    place: Place = NOWHERE
