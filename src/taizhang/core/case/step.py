"""Steps of cases as records say them, and what became of each in the fold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache

from taizhang.core.aggregate.reference_engine import ZONE
from taizhang.core.base.literal import day_read
from taizhang.core.definition.case import OPENS
from taizhang.core.form.expression.compiler import Expression, compile_expression
from taizhang.core.text.bilingual import Bilingual

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
    adopted: bool = False  # an old record, read as one: its case was never opened here
    serial: int = 0  # place among those accepted at one moment: the lines of a file
    part: int = 0  # place among the steps of one old record

    @property
    def order(self) -> tuple[bool, Day, Hour, datetime, int, str, int]:
        """Give its place in the line of time: the opening first, a step without an hour as at 0:00.

        Steps of one moment go by acceptance, those of one file by their lines.
        """
        moment = self.time or Hour.min
        arrival = (self.accepted_at, self.serial, self.record, self.part)
        return (self.step != OPENS, self.date, moment, *arrival)

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


def holds(when: str | None, answers: Mapping[str, object], day: date) -> bool:
    """Say whether a condition of the kind holds of a record's answers; no condition does."""
    return when is None or bool(_compiled(when)(answers, day))


@lru_cache(maxsize=256)
def _compiled(when: str) -> Expression:
    return compile_expression(when)


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


#: What a person reads beside a step without effect.
IDLE_TEXTS: Mapping[Idle, Bilingual] = {
    Idle.BEFORE_OPENING: Bilingual("日期早于事项开头", "it is dated before the opening"),
    Idle.UNKNOWN_STEP: Bilingual("没有这个步骤", "there is no such step"),
    Idle.ENDED: Bilingual("事项已经办结", "the case has ended"),
    Idle.NOT_FROM_HERE: Bilingual("那时的状态不能办这一步", "the state of then does not allow it"),
    Idle.NOT_YOURS: Bilingual("那时不归它办", "it was not this unit's to do"),
    Idle.SAME_PERSON: Bilingual("和前一步是同一个人办的", "whoever did the step before did it"),
    Idle.PERSON_UNKNOWN: Bilingual("不知道是谁办的", "nobody knows who did it"),
    Idle.NO_REASON: Bilingual("没有给出理由", "no reason is given"),
    Idle.NO_RECEIVER: Bilingual("没有写明转给谁，或者对方不能承办", "nobody who may own is named"),
    Idle.NOTHING_TO_ACCEPT: Bilingual("没有待签收的", "nothing waited to be signed for"),
    Idle.NO_LONGER_LIMIT: Bilingual("不能这样延期", "the limit cannot be moved so"),
    Idle.WITHDRAWAL: Bilingual("别的单位已经办过，撤回不生效", "another unit had acted"),
}


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
