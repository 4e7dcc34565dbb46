"""Review of records: accepted as it is, questioned, returned, answered; no count waits for it.

A valid record counts from the moment it is accepted.  A review is a row beside it: the record, its
facts and the month cube stay as they are.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery

from taizhang.web.accounts.access import reach, within
from taizhang.web.accounts.models import User
from taizhang.web.ledger.access import codes_for, crediting
from taizhang.web.ledger.models import Record, Review

#: What a reviewer may say, and what the recorder's unit says in turn.
BY_REVIEWER = (Review.Kind.ACCEPTED, Review.Kind.QUESTIONED, Review.Kind.RETURNED)
OPEN = (Review.Kind.QUESTIONED, Review.Kind.RETURNED)


def credited_of(user: User, record: Record, now: datetime) -> str:
    """Give the unit of the user that a record of another unit credits; '' for none."""
    if not record.with_units:
        return ""
    own = reach(user, "record.correct")
    if within(own, record.unit, now):
        return ""  # whoever may correct the record needs no question
    return next((code for code in record.credited if within(own, code, now)), "")


def latest_review(record: Record) -> Review | None:
    """Give the last thing that was said about a record."""
    return Review.objects.filter(record=record).order_by("-pk").first()


def with_review(records: QuerySet[Record]) -> QuerySet[Record]:
    """Add ``review``: the kind of the last review of each record, ``None`` without one."""
    last = Review.objects.filter(record=OuterRef("pk")).order_by("-pk").values("kind")[:1]
    return records.annotate(review=Subquery(last))


@dataclass(frozen=True, slots=True)
class OpenReview:
    """A record about which something was asked and not yet answered."""

    record: Record
    review: Review


def reviews_latest(
    user: User, now: datetime, kinds: Collection[str], limit: int
) -> tuple[list[OpenReview], int]:
    """Give live records whose last review is of these kinds, the latest first, and their number.

    They are asked for from the reviews, of which there are few: most records have none.
    """
    newer = Review.objects.filter(record=OuterRef("record"), pk__gt=OuterRef("pk")).values("pk")
    reviews = Review.objects.annotate(newer=Subquery(newer[:1])).filter(
        newer=None, kind__in=kinds, record__retired_at=None, record__withdraws=None
    )
    codes = codes_for(user, now)
    if codes is not None:
        reviews = reviews.filter(Q(record__unit__in=codes) | Q(record__in=crediting(codes)))
    latest = reviews.select_related("record").order_by("-pk")[:limit]
    return [OpenReview(review.record, review) for review in latest], reviews.count()
