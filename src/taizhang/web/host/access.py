"""The only door to complaints: one's own, and those of the units for which one answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from taizhang.web.accounts.access import reach, within
from taizhang.web.accounts.models import User
from taizhang.web.host.models import Complaint
from taizhang.web.units.queries import history

#: A page of complaints; those that wait come first, so that none of them is left out unseen.
MOST = 500


@dataclass(frozen=True, slots=True)
class Seen:
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


def complaints_of(user: User, now: datetime) -> list[Seen]:
    """Give a person's own complaints, the newest first."""
    return [_seen(one, now) for one in _all().filter(filed_by=user)[:MOST]]


def complaints_for(user: User, now: datetime) -> list[Seen]:
    """Give the complaints of the units for which a person answers, those due first on top."""
    reached = reach(user, "complaint.answer")
    waiting = _all().filter(answered_at=None).order_by("due_date", "id")
    answered = _all().exclude(answered_at=None)[:MOST]
    within_reach: dict[str, bool] = {}
    shown = []
    for one in (*waiting, *answered):
        if one.unit not in within_reach:
            within_reach[one.unit] = within(reached, one.unit, now)
        if within_reach[one.unit]:
            shown.append(_seen(one, now))
    return shown


def complaint_for(user: User, number: int, now: datetime) -> Seen | None:
    """Give one complaint that the person answers; absent and forbidden are both ``None``."""
    found = _all().filter(pk=number).first()
    if found is None or not within(reach(user, "complaint.answer"), found.unit, now):
        return None
    return _seen(found, now)


def _all() -> QuerySet[Complaint]:
    return Complaint.objects.select_related("filed_by")


def _seen(one: Complaint, now: datetime) -> Seen:
    today = timezone.localdate(now)
    unit = history().tree(today).units.get(one.unit)
    return Seen(
        id=one.pk,
        about=one.about,
        text=one.text,
        who="" if one.unnamed else str(one.filed_by),
        unit_name=unit.name if unit else one.unit,
        filed_at=one.filed_at,
        due_date=one.due_date.isoformat(),
        is_late=one.answered_at is None and one.due_date < today,
        answer=one.answer,
        answered_at=one.answered_at,
    )
