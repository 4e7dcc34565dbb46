"""The only door to cases: what a person may see; absent and forbidden look alike."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from taizhang.core.base.issue import Issue, Refused
from taizhang.web.accounts.models import User
from taizhang.web.cases.code import StepCode
from taizhang.web.cases.models import Case, Number, Party
from taizhang.web.ledger.access import codes_for


def cases_for(user: User, now: datetime) -> QuerySet[Case]:
    """Give the cases with which a unit below the user's roles has, or had, to do."""
    codes = codes_for(user, now)
    if codes is None:
        return Case.objects.all()
    return Case.objects.filter(uid__in=Party.objects.filter(unit__in=codes).values("uid"))


def cases_visible(user: User, now: datetime, uids: Collection[str]) -> QuerySet[Case, str]:
    """Give those of some cases that the user may see, by their uid."""
    return cases_for(user, now).filter(uid__in=uids).values_list("uid", flat=True)


def case_for(user: User, uid: str, now: datetime) -> Case:
    """Give one case by its uid.

    :raises Refused: STEP_001, the same for absent and forbidden
    """
    case = cases_for(user, now).filter(uid=uid).first()
    if case is None:
        raise Refused([Issue(StepCode.STEP_001, facts={"case": uid})])
    return case


def by_number(cases: QuerySet[Case], text: str) -> QuerySet[Case]:
    """Keep the cases that a number, or the provisional one of a phone, means."""
    provisional = Number.objects.filter(provisional__iexact=text).values("uid")
    return cases.filter(number__icontains=text) | cases.filter(uid__in=provisional)
