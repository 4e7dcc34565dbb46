"""Volunteers of a made-up community: services with hours, teams, meetings, needs."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from taizhang.core.base.period import Month
from taizhang.demo.activity.habits import Line, day_in, habits, line, people, planned, times
from taizhang.demo.activity.things import thing
from taizhang.demo.profile import Profile

FIELDS = ("care", "care", "environment", "health", "neighbour", "culture", "law")
KEY = "volunteers"
TEAM = "邻里互助志愿服务队"


def month_records(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    """Write the records of volunteering of one month."""
    rate = 1.0 if month.month == 3 else 0.4
    for _ in range(times(rate * who.diligence, random)):
        yield _service(who, month, random)
    if habits(KEY, who).random() < 0.2 and random.random() < 0.9:
        answers: dict[str, object] = {
            "held_on": month.start.isoformat(),
            "programme": "volunteer",
            "kind": "regular",
            "people": random.randrange(8, 24),
            "subject": "本月志愿服务安排",
            "outcome": "分工到队",
        }
        yield line("common.meeting", who, month.start, answers)
    if month.month in (6, 12):
        raised = random.randrange(2, 20)
        answers = {
            "month_end": month.end.isoformat(),
            "kind": random.choice(("care", "repair", "health", "child")),
            "raised": raised,
            "met": round(raised * min(1.0, who.tidiness)),
        }
        yield line("volunteers.need", who, month.end, answers)
    if month.month == 12:
        yield _team(who, month)


def _service(who: Profile, month: Month, random: Random) -> Line:
    day = day_in(month, random)
    came = random.randrange(4, 26)
    answers = {
        **planned(day, who, random),
        "served_on": day.isoformat(),
        "field": random.choice(FIELDS),
        "people": came,
        "hours": came * random.choice((1, 1.5, 2, 3)),
        "helped": people(25, random),
        "dangerous": "no",
        "entered": "yes" if random.random() < who.tidiness else "no",
    }
    return line("volunteers.service", who, day, answers)


def _team(who: Profile, month: Month) -> Line:
    random = habits(KEY, who)
    enrolled = random.randrange(12, 90)
    registered = round(enrolled * random.uniform(0.7, 1.0))
    answers = {
        **thing(who, "team", "ZY-01", TEAM, month.end),
        "counted_on": month.end.isoformat(),
        "title": TEAM,
        "kind": "helper",
        "enrolled": enrolled,
        "registered": registered,
        "served": round(registered * random.uniform(0.4, 0.9)),
        "state": "standing",
    }
    return line("volunteers.team", who, month.end, answers)
