"""Records as they were submitted and the facts they state."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as Hour

from taizhang.core.base.quantity import Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One submission of a form by one unit on a date; never changed once accepted."""

    id: str
    form: str  # qualified form key
    unit: str
    date: date
    answers: Mapping[str, object]
    with_units: tuple[str, ...] = ()
    # Credited units that have agreed; ``None`` where whoever records speaks for those they may.
    confirmed: tuple[str, ...] | None = None
    pack_version: str | None = None
    replaces: str | None = None
    withdraws: str | None = None
    reason: str = ""
    accepted_at: datetime | None = None
    case: str | None = None  # uid of the case that it is a step of
    step: str | None = None
    time: Hour | None = None  # of day
    by: str = ""  # token of the account that did the step


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """(measure, unit, date, value or missing, dimensions, entity or person token) of a record.

    A record that credits several units states one fact per credited unit with the same
    (record, ordinal); these are ``joint`` and a common parent counts them once.
    """

    record: str
    ordinal: int  # place inside the record, from 0, stable over rebuilds
    measure: str
    unit: str
    date: date
    value: Quantity
    dimensions: Mapping[str, str] = field(default_factory=dict)
    entity: str | None = None
    person: str | None = None
    joint: bool = False
    accepted_at: datetime | None = None
    retired_at: datetime | None = None  # when a correction or withdrawal took it out

    @property
    def dims(self) -> str:
        """Give the dimensions as the canonical text that fact table and cube store."""
        return dims_text(self.dimensions)

    @property
    def month(self) -> int:
        """Give the month number ``yyyymm``."""
        return self.date.year * 100 + self.date.month


def dims_text(dimensions: Mapping[str, str]) -> str:
    """Write dimensions as canonical JSON (sorted keys, no spaces); ``""`` for none."""
    if not dimensions:
        return ""
    return json.dumps(dict(sorted(dimensions.items())), ensure_ascii=False, separators=(",", ":"))


def dims_of(text: str) -> dict[str, str]:
    """Read dimensions back from their canonical text."""
    return dict(json.loads(text)) if text else {}
