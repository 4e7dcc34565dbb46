"""The only door to complaints: one's own, and those of the units for which one answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from taizhang.web.accounts.access import reach, within
from taizhang.web.accounts.models import User
from taizhang.web.administration.models import Complaint
from taizhang.web.units.queries import history

#: A page of complaints; those that wait come first, so that none of them is left out unseen.
MOST = 500


@dataclass(frozen=True, slots=True)
class ComplaintShown:
    """A complaint as its reader may see it; ``who`` is '' where the name is withheld."""

    id: int
    about: str
    text: str
    who: str
    unit_name: str
    filed_at: datetime
    due_date: str
    is_late: bool
    answer: str
    answered_at: datetime | None


def complaints_of(user: User, now: datetime) -> list[ComplaintShown]:
    """Give a person's own complaints, the newest first."""
    return [_seen(complaint, now) for complaint in _all().filter(filed_by=user)[:MOST]]


def complaints_for(user: User, now: datetime) -> list[ComplaintShown]:
    """Give the complaints of the units for which a person answers, those due first on top."""
    reached = reach(user, "complaint.answer")
    waiting = _all().filter(answered_at=None).order_by("due_date", "id")
    answered = _all().exclude(answered_at=None)[:MOST]
    within_reach: dict[str, bool] = {}
    shown = []
    for complaint in (*waiting, *answered):
        if complaint.unit not in within_reach:
            within_reach[complaint.unit] = within(reached, complaint.unit, now)
        if within_reach[complaint.unit]:
            shown.append(_seen(complaint, now))
    return shown


def complaint_for(user: User, number: int, now: datetime) -> ComplaintShown | None:
    """Give one complaint that the person answers; absent and forbidden are both ``None``."""
    complaint = _all().filter(pk=number).first()
    if complaint is None or not within(reach(user, "complaint.answer"), complaint.unit, now):
        return None
    return _seen(complaint, now)


def _all() -> QuerySet[Complaint]:
    return Complaint.objects.select_related("filed_by")


def _seen(complaint: Complaint, now: datetime) -> ComplaintShown:
    today = timezone.localdate(now)
    unit = history().tree(today).units.get(complaint.unit)
    return ComplaintShown(
        id=complaint.pk,
        about=complaint.about,
        text=complaint.text,
        who="" if complaint.unnamed else str(complaint.filed_by),
        unit_name=unit.name if unit else complaint.unit,
        filed_at=complaint.filed_at,
        due_date=complaint.due_date.isoformat(),
        is_late=complaint.answered_at is None and complaint.due_date < today,
        answer=complaint.answer,
        answered_at=complaint.answered_at,
    )
