"""Rows of credits: what units answer, with its row of the log, and how it stands since.

Called in the transaction that accepts a record or an answer, inside the lock of writers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from taizhang.core.counting.credit import CreditState
from taizhang.web.accounts.models import User
from taizhang.web.audit.actions import audit_append, seal
from taizhang.web.audit.models import SEAL
from taizhang.web.ledger.models import Credit, CreditAnswer
from taizhang.web.ledger.sealed_text import AnswerContent, answer_text


class NewAnswer(NamedTuple):
    """An answer about to be stored, with the keys of its record and of the one it is kept from."""

    record: int
    kept_from: int | None
    content: AnswerContent


def answers_write(
    answers: Sequence[NewAnswer], action: str, acting_user: User, moment: datetime
) -> None:
    """Write answers of one action with their row of the log, in their order."""
    if not answers:
        return
    contents = [answer.content for answer in answers]
    seals = [seal(answer_text(content)) for content in contents]
    names = [f"{content.uid} {content.unit}" for content in contents]
    logged = audit_append(
        actor=acting_user,
        action=action,
        objects=list(dict.fromkeys((names[0], names[-1]))),
        seals=seals,
        now=moment,
    )
    CreditAnswer.objects.bulk_create(
        [
            CreditAnswer(
                record_id=answer.record,
                unit=answer.content.unit,
                is_confirmed=answer.content.is_confirmed,
                reason=answer.content.reason,
                kept_from_id=answer.kept_from,
                answered_at=moment,
                answered_by=acting_user,
                logged=logged,
                seal=sealed.hex()[:SEAL],
            )
            for answer, sealed in zip(answers, seals, strict=True)
        ],
        batch_size=5000,
    )


def credits_write(rows: Iterable[tuple[int, str, CreditState]]) -> None:
    """Write how it stands with units that new records credit: record, unit, state."""
    Credit.objects.bulk_create(
        (Credit(record_id=record, unit=unit, state=state.value) for record, unit, state in rows),
        batch_size=5000,
    )
