"""Records as they were submitted and the facts they state."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from taizhang.core.quantity import Quantity

#: Characters of the id of a record at most.
MOST_ID = 100
_ID = re.compile(rf"[0-9A-Za-z][0-9A-Za-z._:/-]{{0,{MOST_ID - 1}}}")
#: Parts between slashes that a browser or a proxy folds away: none, ``.`` and ``..``.
_FOLDED = frozenset({"", ".", ".."})
#: A mobile telephone's number or an identity number, standing by itself.
_OF_A_PERSON = re.compile(r"(?<![0-9A-Za-z])(1[3-9]\d{9}|\d{17}[\dXx])(?![0-9A-Za-z])")


def id_usable(text: str) -> bool:
    """Say whether a text can be the id of a record, which its sender chooses.

    Ids stand in the log of every write, in addresses and in file names, and for ever: a UUID, with
    or without ``uuid:`` before it, or a number of one's own in plain letters, digits and the signs
    ``. _ : / -``.  Words of Chinese, blanks, telephone and identity numbers have no place in them,
    and between slashes stands something that an address keeps as it is (not ``a/../b``, ``a//b``).
    """
    if _ID.fullmatch(text) is None or _OF_A_PERSON.search(text) is not None:
        return False
    return _FOLDED.isdisjoint(text.split("/"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One submission of a form by one unit on a date; never changed once accepted."""

    id: str
    form: str  # qualified form key
    unit: str
    date: date
    answers: Mapping[str, object]
    with_units: tuple[str, ...] = ()
    pack_version: str | None = None
    replaces: str | None = None
    withdraws: str | None = None
    reason: str = ""
    accepted_at: datetime | None = None


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
