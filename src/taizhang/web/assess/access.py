"""The only door to assessments: absent and forbidden look alike."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from taizhang.core.base.issue import Issue, Refused
from taizhang.web.accounts.access import may
from taizhang.web.accounts.models import User
from taizhang.web.assess.code import AssessCode
from taizhang.web.assess.models import Assessment, Round, Version
from taizhang.web.ledger.access import codes_for


def assessments_for(user: User, now: datetime, action: str = "score.read") -> QuerySet[Assessment]:
    """Give the assessments of units below the user's roles, in code order."""
    codes = codes_for(user, now, action)
    rows = Assessment.objects.select_related("round").order_by("unit")
    return rows if codes is None else rows.filter(unit__in=codes)


def rounds_for(user: User, now: datetime) -> QuerySet[Round]:
    """Give the rounds with a unit below the user's roles, the latest first."""
    mine = assessments_for(user, now).order_by()
    return Round.objects.filter(pk__in=mine.values("round_id")).order_by("-opened_at", "-pk")


def round_for(user: User, number: int, now: datetime, action: str = "score.read") -> Round:
    """Give a round: to read, whoever sees one of its units; to act on, its own office.

    :raises Refused: ASSESS_012, the same for absent and forbidden
    """
    round_ = rounds_for(user, now).filter(pk=number).first()
    if round_ is None or (action != "score.read" and not may(user, action, round_.unit)):
        raise Refused([Issue(AssessCode.ASSESS_012)])
    return round_


def assessment_for(user: User, unit: str, number: int, now: datetime) -> Assessment:
    """Give the assessment of a unit in a round.

    :raises Refused: ASSESS_012, the same for absent and forbidden
    """
    assessment = assessments_for(user, now).filter(round_id=number, unit=unit).first()
    if assessment is None:
        raise Refused([Issue(AssessCode.ASSESS_012)])
    return assessment


def version_for(assessment: Assessment, number: int) -> Version:
    """Give a frozen version of an assessment that the user may see.

    :raises Refused: ASSESS_012
    """
    version = assessment.versions.select_related("made_by").filter(number=number).first()
    if version is None:
        raise Refused([Issue(AssessCode.ASSESS_012)])
    return version
