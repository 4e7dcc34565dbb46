"""The write of quotas: those of the units below one, as somebody typed them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from django.db import transaction

from taizhang.core.base.issue import Issue, Place, Refused
from taizhang.core.base.literal import number_read
from taizhang.core.base.period import Period
from taizhang.core.unit.tree import Unit
from taizhang.web.accounts.models import User
from taizhang.web.programmes.actions import quota_hand_down, quota_take_back
from taizhang.web.programmes.code import ProgrammeCode


@transaction.atomic
def quotas_change(
    *, measure: str, period: Period, typed: Mapping[Unit, str], acting_user: User, now: datetime
) -> int:
    """Hand quotas down as they were typed, or take them back where a field was emptied.

    :raises Refused: with what is wrong with each; then none is changed
    """
    issues: list[Issue] = []
    for unit, text in typed.items():
        try:
            _quota_change(measure, period, unit.code, text, acting_user, now)
        except Refused as refused:
            issues += [replace(issue, place=Place(unit.name)) for issue in refused.issues]
    if issues:
        raise Refused(issues)
    return len(typed)


def _quota_change(
    measure: str, period: Period, unit: str, text: str, user: User, now: datetime
) -> None:
    if not text:
        quota_take_back(measure=measure, unit=unit, period=period, acting_user=user, now=now)
        return
    amount = number_read(text)
    if amount is None:
        raise Refused([Issue(ProgrammeCode.PROGRAMME_008, facts={"text": text[:40]})])
    quota_hand_down(
        measure=measure,
        unit=unit,
        period=period,
        amount=Fraction(amount),
        acting_user=user,
        now=now,
    )
