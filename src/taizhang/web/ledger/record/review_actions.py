"""The writes of review: a record accepted as it is, questioned, returned; a question answered."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from taizhang.core.base.invisible_sign import words_of
from taizhang.core.base.issue import Issue, Refused
from taizhang.web.accounts.access import require
from taizhang.web.accounts.models import User
from taizhang.web.audit.actions import audit_append, write_lock
from taizhang.web.ledger.access import codes_for, record_for
from taizhang.web.ledger.code import OpinionCode, RecordCode
from taizhang.web.ledger.models import REASON, Record, Review
from taizhang.web.ledger.record.review import BY_REVIEWER, OPEN, credited_of, latest_review


@transaction.atomic
def record_review(*, uid: str, kind: str, note: str, acting_user: User, now: datetime) -> Review:
    """Say of a record that it is accepted as it is, or question it, or return it with a reason.

    A unit that somebody else's record credits has no say beforehand, so it may question the record.

    :param kind: one of :data:`BY_REVIEWER`
    :raises Refused: RECORD_022 (absent and forbidden look alike), OPINION_001 to 003
    :raises ValueError: for another kind
    """
    opinion = Review.Kind(kind)
    if opinion not in BY_REVIEWER:
        raise ValueError(kind)
    record = record_for(acting_user, uid, now)
    if opinion is Review.Kind.QUESTIONED and credited_of(acting_user, record, now):
        _standing(record)
    else:
        record = _record(acting_user, uid, "record.review", now)
    note = _note(note)
    if opinion in OPEN and not note:
        raise Refused([Issue(OpinionCode.OPINION_001)])
    return _write(record, opinion, note, acting_user, now)


@transaction.atomic
def review_answer(*, uid: str, note: str, acting_user: User, now: datetime) -> Review:
    """Answer a question about a record where nothing has to be corrected.

    :raises Refused: RECORD_022 (absent and forbidden look alike), OPINION_001 to 004
    """
    record = _record(acting_user, uid, "record.correct", now)
    note = _note(note)
    if not note:
        raise Refused([Issue(OpinionCode.OPINION_001)])
    latest = latest_review(record)
    if latest is None or latest.kind not in OPEN:
        raise Refused([Issue(OpinionCode.OPINION_004, facts={"id": uid})])
    return _write(record, Review.Kind.ANSWERED, note, acting_user, now)


def _record(user: User, uid: str, action: str, now: datetime) -> Record:
    record = record_for(user, uid, now)
    codes = codes_for(user, now, action)
    if codes is not None and not codes.filter(code=record.unit).exists():
        raise Refused([Issue(RecordCode.RECORD_022, facts={"id": uid})])
    require(user, action, record.unit)
    _standing(record)
    return record


def _standing(record: Record) -> None:
    """See that a record counts; the lock keeps a correction from coming in between.

    :raises Refused: OPINION_002
    """
    write_lock()
    record.refresh_from_db(fields=("retired_at",))
    if record.retired_at is not None or record.withdraws_id is not None:
        raise Refused([Issue(OpinionCode.OPINION_002, facts={"id": record.uid})])


def _note(note: str) -> str:
    note = words_of(note)
    if len(note) > REASON:
        raise Refused([Issue(OpinionCode.OPINION_003, facts={"length": len(note), "most": REASON})])
    return note


def _write(
    record: Record, kind: Review.Kind, note: str, acting_user: User, now: datetime
) -> Review:
    review = Review.objects.create(
        record=record, kind=kind, note=note, reviewed_at=now, reviewed_by=acting_user
    )
    audit_append(
        actor=acting_user,
        action=f"record.review.{kind}",
        objects=[record.uid, str(review.pk)],
        rows={Review: [review.pk]},
        now=now,
    )
    return review
