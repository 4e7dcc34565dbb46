"""Review of records: accepted as it is, questioned, returned, answered; no count waits for it.

A valid record counts from the moment it is accepted.  A review is a row beside it: the record, its
facts and the month cube stay as they are.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from taizhang.core.issue import Code, Issue, Refused, gettext_noop
from taizhang.core.sign import words_of
from taizhang.web.accounts.access import reach, require, within
from taizhang.web.accounts.models import User
from taizhang.web.audit.actions import audit_append, write_lock
from taizhang.web.ledger.access import codes_for, record_for
from taizhang.web.ledger.code import RecordCode
from taizhang.web.ledger.models import REASON, Fact, Record, Review


class OpinionCode(Code):
    """Why a review was not written."""

    OPINION_001 = (
        gettext_noop("A question or a return says nothing."),
        gettext_noop("Write what is asked or what has to be put right, in a sentence."),
    )
    OPINION_002 = (
        gettext_noop("The record '%(id)s' no longer stands: it was corrected or withdrawn."),
        gettext_noop("Review the record that stands now; the page of this one names it."),
    )
    OPINION_003 = (
        gettext_noop("The note has %(length)s characters; it may have %(most)s."),
        gettext_noop("Shorten it."),
    )
    OPINION_004 = (
        gettext_noop("Nobody waits for an answer about the record '%(id)s'."),
        gettext_noop("Nothing needs to be done."),
    )


#: What a reviewer may say, and what the recorder's unit says in turn.
BY_REVIEWER = (Review.Kind.ACCEPTED, Review.Kind.QUESTIONED, Review.Kind.RETURNED)
OPEN = (Review.Kind.QUESTIONED, Review.Kind.RETURNED)


@transaction.atomic
def record_review(*, uid: str, kind: str, note: str, acting_user: User, now: datetime) -> Review:
    """Say of a record that it is accepted as it is, or question it, or return it with a reason.

    A unit that somebody else's record credits has no say beforehand, so it may question the record.

    :param kind: one of :data:`BY_REVIEWER`
    :raises Refused: RECORD_022 (absent and forbidden look alike), OPINION_001 to 003
    :raises ValueError: for another kind
    """
    said = Review.Kind(kind)
    if said not in BY_REVIEWER:
        raise ValueError(kind)
    record = record_for(acting_user, uid, now)
    if said is Review.Kind.QUESTIONED and credited_of(acting_user, record, now):
        _standing(record)
    else:
        record = _record(acting_user, uid, "record.review", now)
    note = _note(note)
    if said in OPEN and not note:
        raise Refused([Issue(OpinionCode.OPINION_001)])
    return _write(record, said, note, acting_user, now)


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


def credited_of(user: User, record: Record, now: datetime) -> str:
    """Give the unit of the user that a record of another unit credits; '' for none."""
    if not record.with_units:
        return ""
    own = reach(user, "record.correct")
    if within(own, record.unit, now):
        return ""  # whoever may correct the record needs no question
    return next((code for code in record.credited if within(own, code, now)), "")


def _note(note: str) -> str:
    note = words_of(note)
    if len(note) > REASON:
        raise Refused([Issue(OpinionCode.OPINION_003, facts={"length": len(note), "most": REASON})])
    return note


def _write(
    record: Record, kind: Review.Kind, note: str, acting_user: User, now: datetime
) -> Review:
    made = Review.objects.create(
        record=record, kind=kind, note=note, reviewed_at=now, reviewed_by=acting_user
    )
    audit_append(
        actor=acting_user,
        action=f"record.review.{kind}",
        objects=[record.uid, str(made.pk)],
        rows={Review: [made.pk]},
        now=now,
    )
    return made


def latest_review(record: Record) -> Review | None:
    """Give the last thing that was said about a record."""
    return Review.objects.filter(record=record).order_by("-pk").first()


def with_review(records: QuerySet[Record]) -> QuerySet[Record]:
    """Add ``review``: the kind of the last review of each record, ``None`` without one."""
    last = Review.objects.filter(record=OuterRef("pk")).order_by("-pk").values("kind")[:1]
    return records.annotate(review=Subquery(last))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A record about which something was asked and not yet answered."""

    record: Record
    review: Review


def reviews_latest(
    user: User, now: datetime, kinds: Collection[str], limit: int
) -> tuple[list[Waiting], int]:
    """Give live records whose last review is of these kinds, the latest first, and their number.

    They are asked for from the reviews, of which there are few: most records have none.
    """
    newer = Review.objects.filter(record=OuterRef("record"), pk__gt=OuterRef("pk")).values("pk")
    found = Review.objects.annotate(newer=Subquery(newer[:1])).filter(
        newer=None, kind__in=kinds, record__retired_at=None, record__withdraws=None
    )
    codes = codes_for(user, now)
    if codes is not None:
        credited = Fact.objects.filter(joint=True, unit__in=codes).values("record_id")
        found = found.filter(Q(record__unit__in=codes) | Q(record__in=credited))
    latest = found.select_related("record").order_by("-pk")[:limit]
    return [Waiting(one.record, one) for one in latest], found.count()
