"""Takes a record back: a record of its own that withdraws it, with a reason."""

from __future__ import annotations

import uuid
from datetime import datetime

from taizhang.core.fact import Record as Submission
from taizhang.core.sign import line_of
from taizhang.web.accounts.models import User
from taizhang.web.ledger.access import record_to_change
from taizhang.web.ledger.actions import Accepted, record_accept


def record_withdraw(*, uid: str, reason: str, acting_user: User, now: datetime) -> Accepted:
    """Withdraw a record; pressing twice with the same reason withdraws it once.

    :raises Refused: RECORD_022 (absent and forbidden look alike), RECORD_013 to 015
    """
    record = record_to_change(acting_user, uid, now)
    reason = line_of(reason)
    own = uuid.uuid5(uuid.NAMESPACE_URL, f"withdraws {uid} {reason}")
    submission = Submission(
        id=f"uuid:{own}",
        form=record.form,
        unit=record.unit,
        date=record.date,
        answers={},
        with_units=record.credited,
        withdraws=uid,
        reason=reason,
    )
    return record_accept(record=submission, acting_user=acting_user, now=now)
