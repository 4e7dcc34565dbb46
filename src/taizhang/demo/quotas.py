"""Quotas of the demonstration: what the district hands down to each community for a year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from taizhang.core.base.period import Period
from taizhang.core.unit.tree import History
from taizhang.demo.records import KINDS

if TYPE_CHECKING:  # models are imported only once an instance is open
    from taizhang.web.accounts.models import User

#: A year of one community: few, as no document asks for any.  What is left out stays its own.
AMOUNTS = {
    "health_education.consultations": 4,
    "health_education.large_events": 2,
    "health_education.rack_checks": 6,
    "law_outreach.law_activities": 3,
    "law_outreach.civil_code_events": 1,
    "law_outreach.constitution_events": 1,
    "law_outreach.leader_trainings": 1,
    "healthy_city.group_meetings": 2,
    "healthy_city.cleanups": 4,
    "healthy_city.rat_rounds": 2,
    "healthy_city.sign_patrols": 4,
    "family_services.family_events": 4,
    "family_services.terms_taught": 2,
    "volunteers.volunteer_trainings": 1,
    "agreements_petitions.joint_activities": 1,
}


def quotas_hand_down(history: History, years: Sequence[Period], owner: User, now: datetime) -> int:
    """Hand the amounts down to all communities that stand at a year's end; give how many."""
    from django.db import transaction

    from taizhang.web.programmes.actions import quota_hand_down

    handed = 0
    with transaction.atomic():
        for year in years:
            units = history.tree(year.end).units.values()
            for code in sorted(unit.code for unit in units if unit.kind in KINDS):
                for measure, amount in AMOUNTS.items():
                    quota_hand_down(
                        measure=measure,
                        unit=code,
                        period=year,
                        amount=Fraction(amount),
                        acting_user=owner,
                        now=now,
                    )
                    handed += 1
    return handed
