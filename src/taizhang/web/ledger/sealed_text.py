"""The canonical texts of records, answers, closings and evidence; the log keeps their digests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import NamedTuple

from taizhang.core.base.period import Month
from taizhang.web.ledger.canonical_json import canonical


class RecordContent(NamedTuple):
    """What is stored of a record and sealed by the log; ``replaces`` and ``withdraws`` are ids."""

    uid: str
    form: str  # qualified
    version: str
    unit: str
    date: date
    with_units: Sequence[str]
    answers: str  # clean, canonical JSON
    digest: str
    replaces: str | None
    withdraws: str | None
    reason: str
    case_uid: str = ""
    step: str = ""
    hour: time | None = None
    doer: str = ""

    @property
    def target(self) -> str | None:
        """Give the id of the record that it replaces or withdraws."""
        return self.replaces or self.withdraws

    @property
    def credited(self) -> Sequence[str]:
        """Give the units it credits; those that a step of a case names help and get no credit."""
        return () if self.step else self.with_units


#: So many columns every record has.
_PLAIN = RecordContent._fields.index("case_uid")


def content_text(content: RecordContent) -> str:
    """Give the canonical text of a stored record, whose keyed digest the log keeps.

    What only records of cases say ends it, so that other records keep the text that they had before
    there were cases.
    """
    hour = "" if content.hour is None else content.hour.isoformat()
    of_case = (content.case_uid, content.step, hour, content.doer)
    return canonical((*content[:_PLAIN], *of_case) if any(of_case) else content[:_PLAIN])


def closing_text(pack: str, unit: str, month: int) -> str:
    """Give the text of a closing, which is also how people know it."""
    return f"{unit} {pack} {Month.from_number(month)}"


class AnswerContent(NamedTuple):
    """What is stored of a unit's answer about its credit, and sealed by the log."""

    uid: str  # of the record
    unit: str
    is_confirmed: bool
    reason: str
    kept_from: str | None  # id of the record before its correction, whose answer stands on


def answer_text(content: AnswerContent) -> str:
    """Give the canonical text of an answer, whose keyed digest the log keeps."""
    return canonical(content)


def evidence_text(uid: str, digest: str, name: str, media_type: str) -> str:
    """Give the text of a file attached to the record ``uid``."""
    return f"{uid}\n{digest}\n{media_type}\n{name}"
