"""The only door to records: what a user may see of the tree, absent and forbidden look alike."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from taizhang.core.issue import Issue, Refused
from taizhang.web.accounts.access import ALLOWED, may
from taizhang.web.accounts.models import Grant, User
from taizhang.web.ledger.code import RecordCode
from taizhang.web.ledger.models import Fact, Record
from taizhang.web.units.models import Closure


def records_for(user: User, now: datetime, action: str = "read") -> QuerySet[Record]:
    """Give the records of the units below the user's roles, and those that credit such a unit."""
    noun = action.partition(".")[0]
    wanted = {action, f"{noun}.*", "*"}
    grants = Grant.objects.filter(user_id=user.pk, user__is_active=True)
    reach = {grant.unit for grant in grants if ALLOWED[grant.role] & wanted}
    if "" in reach:
        return Record.objects.all()
    today = timezone.localdate(now)
    codes = Closure.objects.filter(
        ancestor__in=reach, valid_from__lte=today, valid_to__gte=today
    ).values("code")
    credited = Fact.objects.filter(joint=True, unit__in=codes).values("record_id")
    return Record.objects.filter(Q(unit__in=codes) | Q(pk__in=credited))


def record_for(user: User, uid: str, now: datetime) -> Record:
    """Give one record by its id.

    :raises Refused: RECORD_022, the same for absent and forbidden
    """
    record = records_for(user, now).filter(uid=uid).first()
    if record is None:
        raise Refused([Issue(RecordCode.RECORD_022, facts={"id": uid})])
    return record


def record_to_change(user: User, uid: str, now: datetime) -> Record:
    """Give one record that the user may add to: one of a unit that they record for.

    :raises Refused: RECORD_022, the same for absent and forbidden
    """
    record = record_for(user, uid, now)
    if not may(user, "record.attach", record.unit):
        raise Refused([Issue(RecordCode.RECORD_022, facts={"id": uid})])
    return record
