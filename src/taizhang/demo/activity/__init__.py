"""The records a made-up community would write in one month, one file a programme.

The common and the health records are drawn from one generator, in an order that stays as it is;
every other programme has a generator of its own, so that a new programme changes no record of
another.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from taizhang.core.base.period import Month
from taizhang.demo.activity import (
    agreements_petitions,
    common,
    family_services,
    health_education,
    healthy_city,
    law_outreach,
    places,
    volunteers,
)
from taizhang.demo.activity.habits import Line, stream
from taizhang.demo.profile import Profile

#: Programmes besides common and health education, and the facilities that they share, each with
#: its own generator.
FURTHER = {
    "law_outreach": law_outreach.month_records,
    "healthy_city": healthy_city.month_records,
    "family_services": family_services.month_records,
    "volunteers": volunteers.month_records,
    "agreements_petitions": agreements_petitions.month_records,
    "facilities": places.month_records,
}


def month_records(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    """Write the common and the health records of one community in one month."""
    busy = who.diligence * random.uniform(0.8, 1.2)
    yield from health_education.lectures(who, month, random, busy)
    yield from health_education.consultations(who, month, random, busy)
    yield from common.boards(who, month, random, busy)
    yield from health_education.routine(who, month, random, busy)
    yield from common.material_issues(who, month, random, busy)
    yield from common.meetings(who, month, random, busy)
    if month.month in (3, 6, 9, 12):
        yield from common.population(who, month, random)
        yield from health_education.coverage(who, month, random)
    if month.month == 9:
        yield from common.surveys(who, month, random)


def further_records(who: Profile, month: Month) -> Iterator[tuple[str, Line]]:
    """Write the records of all other programmes: (key of the programme, record)."""
    for key, records in FURTHER.items():
        for line in records(who, month, stream(key, who, month)):
            yield key, line
