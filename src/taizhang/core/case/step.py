"""Steps of cases as records say them, and what became of each in the fold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from taizhang.core.aggregate.reference_engine import ZONE
from taizhang.core.base.literal import day_read
from taizhang.core.definition.case import OPENS

#: Types of fields that are named like them.
Day = date
Hour = time

#: The step of an old record that is read as one: its answer `state` says where the case stood.
ADOPTED = "adopted"
#: A line of time that no record makes: the owner was merged, split or ended.
TAKEN_OVER = "taken_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """One record of a case: its opening or a later step.

    ``case`` is the uid of the case: the id of the record that first opened it, also for a
    correction of that record.  ``account`` is the token of whoever did it, ``""`` where nobody
    says.  ``retired_at`` is when a later record replaced or withdrew it.
    """

    record: str
    case: str
    step: str
    date: Day
    unit: str
    accepted_at: datetime
    time: Hour | None = None
    account: str = ""
    answers: Mapping[str, object] = field(default_factory=dict)
    with_units: tuple[str, ...] = ()
    retired_at: datetime | None = None
    number: str = ""  # of an opening: the label that the software, or an old record, gave

    @property
    def order(self) -> tuple[bool, Day, Hour, datetime, str]:
        """Give its place in the line of time: the opening first, a step without an hour as at 0:00.

        Steps of one moment go by acceptance.
        """
        moment = self.time or Hour.min
        return (self.step != OPENS, self.date, moment, self.accepted_at, self.record)

    def stands(self, as_of: datetime | None) -> bool:
        """Say whether it was accepted and not retired at a moment, ``None`` being the present."""
        if as_of is None:
            return self.retired_at is None
        return self.accepted_at <= as_of and (self.retired_at is None or self.retired_at > as_of)

    def text(self, name: str) -> str:
        """Give an answer as text, ``""`` for none."""
        answer = self.answers.get(name)
        return "" if answer is None else str(answer).strip()

    def day(self, name: str) -> Day | None:
        """Give an answer as a day, ``None`` where it is none."""
        answer = self.answers.get(name)
        return answer if isinstance(answer, Day) else day_read(str(answer or "")[:10])

    @property
    def reason(self) -> str:
        """Give the reason, from a closed list or in words."""
        return self.text("reason") or self.text("reason_text")

    @property
    def known_on(self) -> Day:
        """Give the day of its acceptance in China."""
        return self.accepted_at.astimezone(ZONE).date()


def end_of(day: date) -> datetime:
    """Give the last moment of a day in China."""
    return datetime.combine(day, time.max, ZONE)


class Idle(StrEnum):
    """Why a step is kept without effect."""

    BEFORE_OPENING = "before_opening"
    UNKNOWN_STEP = "unknown_step"
    ENDED = "ended"
    NOT_FROM_HERE = "not_from_here"  # the state does not allow it (any more)
    NOT_YOURS = "not_yours"  # somebody else owns the case, or must do this
    SAME_PERSON = "same_person"  # whoever did the earlier step may not do this
    PERSON_UNKNOWN = "person_unknown"
    NO_REASON = "no_reason"
    NO_RECEIVER = "no_receiver"  # nobody is named, or nobody who may own
    NOTHING_TO_ACCEPT = "nothing_to_accept"
    NO_LONGER_LIMIT = "no_longer_limit"  # not after the limit, too far, or once too often
    WITHDRAWAL = "withdrawal"  # of the opening, after another unit had acted


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of time: a step, with effect or without and why, and what stood after it."""

    step: str
    date: Day
    unit: str
    record: str = ""
    time: Hour | None = None
    why: Idle | None = None
    state: str = ""
    owner: str = ""

    @property
    def effect(self) -> bool:
        """Say whether it had effect."""
        return self.why is None
