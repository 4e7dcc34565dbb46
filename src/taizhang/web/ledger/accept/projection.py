"""Records on their way in, as the projections read them: before they are sealed, and stored."""

from __future__ import annotations

from datetime import datetime

from taizhang.core.base.issue import Refused
from taizhang.web.accounts.models import User
from taizhang.web.ledger.accept.resolve import Batch, PendingRecord
from taizhang.web.ledger.facts.projection import AcceptedRecord, projections


def projected_check(batch: Batch, acting_user: User, now: datetime) -> None:
    """Let every projection refuse what must not be stored.

    :raises Refused: with every issue of every projection
    """
    records = [_record(pending) for pending in batch.pending]
    issues = [
        issue
        for projection in projections()
        for issue in projection.check(records, acting_user, now)
    ]
    if issues:
        raise Refused(issues)


def projected(batch: Batch, acting_user: User, now: datetime) -> int:
    """Let every projection write what follows from stored records; give how many facts."""
    records = [_record(pending) for pending in batch.pending]
    return sum(projection.accepted(records, acting_user, now) for projection in projections())


def _record(pending: PendingRecord) -> AcceptedRecord:
    valid, target = pending.valid, pending.target
    target_pk = 0 if target is None else target.pk
    return AcceptedRecord(valid.content, valid.place, pending.pk, target_pk)
