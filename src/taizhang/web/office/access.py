"""The only door to drafts, old texts and baselines: absent and forbidden look alike."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from taizhang.core.base.issue import Issue, Refused
from taizhang.web.accounts.models import User
from taizhang.web.ledger.access import codes_for
from taizhang.web.office.code import OfficeCode
from taizhang.web.office.models import Baseline, DocumentVersion, Draft, Review


def drafts_for(user: User, now: datetime, action: str = "document.read") -> QuerySet[Draft]:
    """Give the drafts of units below the user's roles, the last changed first."""
    codes = codes_for(user, now, action)
    rows = Draft.objects.filter(dropped_at__isnull=True).order_by("-changed_at", "-pk")
    return rows if codes is None else rows.filter(unit__in=codes)


def draft_for(
    user: User, unit: str, number: int, now: datetime, action: str = "document.read"
) -> Draft:
    """Give a draft of a unit.

    :raises Refused: OFFICE_001, the same for absent and forbidden
    """
    draft = drafts_for(user, now, action).filter(unit=unit, pk=number).first()
    if draft is None:
        raise Refused([Issue(OfficeCode.OFFICE_001)])
    return draft


def version_for(draft: Draft, number: int) -> DocumentVersion:
    """Give a frozen version of a draft that the user may see.

    :raises Refused: OFFICE_001
    """
    version = draft.versions.select_related("frozen_by").filter(number=number).first()
    if version is None:
        raise Refused([Issue(OfficeCode.OFFICE_001)])
    return version


def reviews_for(user: User, now: datetime) -> QuerySet[Review]:
    """Give the reviews of units below the user's roles, their texts left sealed in the table."""
    codes = codes_for(user, now, "reading.use")
    rows = Review.objects.defer("content").order_by("-uploaded_at", "-pk")
    return rows if codes is None else rows.filter(unit__in=codes)


def review_for(user: User, unit: str, number: int, now: datetime) -> Review:
    """Give a review.

    :raises Refused: OFFICE_006, the same for absent and forbidden
    """
    review = reviews_for(user, now).filter(unit=unit, pk=number).first()
    if review is None:
        raise Refused([Issue(OfficeCode.OFFICE_006)])
    return review


def baselines_for(user: User, now: datetime) -> QuerySet[Baseline]:
    """Give the baseline figures of units below the user's roles that were not taken back."""
    codes = codes_for(user, now, "figure.read")
    rows = Baseline.objects.filter(withdrawn_at__isnull=True).order_by("unit", "period", "line")
    return rows if codes is None else rows.filter(unit__in=codes)
