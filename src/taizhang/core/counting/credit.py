"""Credit: what a record counts for at a unit that it names beside its own, and from when to when.

The unit itself has to confirm it; silence is no answer.  What follows from the answers is a pure
function, so that a rebuild gives the same facts at the same moments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CreditState(StrEnum):
    """How it stands with the credit of one unit."""

    WAITING = "waiting"  # the unit has not answered
    CONFIRMED = "confirmed"
    REFUSED = "refused"  # or taken back after it was confirmed
    UNASKED = "unasked"  # recorded before units were asked: it counts


@dataclass(frozen=True, slots=True)
class CreditGiven:
    """One answer of the credited unit."""

    is_confirmed: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Credit:
    """The credit of one unit: its state, and the moments from and until which it counts there.

    ``since`` is ``None`` where it has never counted, ``until`` where it has not ended.
    """

    state: CreditState
    since: datetime | None = None
    until: datetime | None = None


def credit_of(
    accepted_at: datetime, answers: Sequence[CreditGiven], asked_since: datetime | None
) -> Credit:
    """Say what became of the credit that a record accepted at ``accepted_at`` gives to a unit.

    A refusal may be followed by a confirmation; a confirmation that is taken back ends the credit
    of this record for good.

    :param answers: those of this unit about this record, in their order
    :param asked_since: records accepted before this moment count without an answer; ``None`` where
        there are none
    """
    unasked = asked_since is not None and accepted_at < asked_since
    since, until = (accepted_at if unasked else None), None
    for answer in answers:
        if answer.is_confirmed and since is None:
            since = max(answer.at, accepted_at)
        elif not answer.is_confirmed and since is not None and until is None:
            until = max(answer.at, since)
    if since is not None and until is None:
        return Credit(CreditState.CONFIRMED if answers else CreditState.UNASKED, since)
    return Credit(CreditState.REFUSED if answers else CreditState.WAITING, since, until)


__all__ = ["Credit", "CreditGiven", "CreditState", "credit_of"]
