"""Family services of a made-up community: festivals, courses, supplies, help, equal services."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from taizhang.core.base.period import Month
from taizhang.demo.activity.habits import Line, day_in, habits, line, people, planned
from taizhang.demo.profile import Profile

#: What a month is kept for: (occasion, organiser, topic, day).
FESTIVALS = {
    1: (("spring_festival", "association", "family", 22),),
    3: (("service_month", "joint", "womens_health", 8),),
    5: (
        ("mothers_day", "association", "family", 10),
        ("association_day", "association", "new_culture", 29),
    ),
    7: (("population_day", "association", "policy", 11),),
}
TOPICS = ("parenting", "new_culture", "elderly", "migrants")
AUDIENCES = ("residents", "young_families", "women", "migrants", "elderly")
LESSONS = ("infant", "child", "teen", "marriage", "women", "policy")
SERVICES = ("record", "education", "vaccination", "infectious", "maternal", "family")
KEY = "family_services"


def month_records(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    """Write the family records of one month."""
    for occasion, organiser, topic, number in FESTIVALS.get(month.month, ()):
        if random.random() < 0.82 * who.diligence:
            yield _activity(who, month, (occasion, organiser, topic, number), random)
    if random.random() < 0.22 * who.diligence:
        usual = ("none", "community", random.choice(TOPICS), random.randrange(1, 29))
        yield _activity(who, month, usual, random)
    if month.month in (3, 6, 9, 12):
        yield from _quarter(who, month, random)
    if month.month in (6, 12):
        yield from _half(who, month, random)
    if month.month == 6 and habits(KEY, who).random() < 0.55:
        yield from _equal(who, month, random)
    if month.month == 3:
        yield _association(who, month)


def _activity(who: Profile, month: Month, kept: tuple[str, str, str, int], random: Random) -> Line:
    occasion, organiser, topic, number = kept
    day = month.start + timedelta(days=number - 1)
    answers = {
        **planned(day, who, random),
        "held_on": day.isoformat(),
        "occasion": occasion,
        "organiser": organiser,
        "topic": topic,
        "audience": "migrants" if topic == "migrants" else random.choice(AUDIENCES),
        "people": people(45, random),
        "bulletin": "活动按安排举办，现场解答居民提问",
    }
    return line("family_services.family_activity", who, day, answers)


def _quarter(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    """Teach a term and count the supplies taken."""
    if random.random() < 0.9 * who.diligence:
        day = day_in(month, random)
        answers: dict[str, object] = {
            "held_on": day.isoformat(),
            "school": random.choice(("parents", "health")),
            "term": str(month.month // 3),
            "lesson": random.choice(LESSONS),
            "learners": random.choice(("parents", "newlyweds", "youth", "migrants")),
            "people": people(28, random),
        }
        yield line("family_services.school_lesson", who, day, answers)
    if month.month in (3, 9):
        return
    answers = {
        "month_end": month.end.isoformat(),
        "points": habits(KEY, who).randrange(1, 4),
        "supplies": [
            {"item": "free_supplies", "way": "self_service", "boxes": random.randrange(10, 90)},
            {"item": "folic_acid", "way": "request", "boxes": random.randrange(9)},
        ],
    }
    yield line("family_services.supply_month", who, month.end, answers)


def _half(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    """Count help with benefits and visits to those who agreed."""
    day = month.end.isoformat()
    matters = ["registration", "subsidy"]
    if habits(KEY, who).random() < 0.6:
        matters.append("reward")
    for matter in matters:
        helped = random.randrange(3, 22)
        answers: dict[str, object] = {
            "month_end": day,
            "matter": matter,
            "consulted": helped + random.randrange(15),
            "helped": helped,
            "due": helped,
            "in_time": round(helped * min(1.0, who.tidiness + 0.05)),
            "told": random.randrange(20, 200),
        }
        yield line("family_services.benefit_month", who, month.end, answers)
    asked = random.randrange(10, 40)
    agreed = round(asked * random.uniform(0.5, 0.9))
    answers = {
        "month_end": day,
        "group": random.choice(("young", "elderly", "migrants", "hardship")),
        "asked": asked,
        "agreed": agreed,
        "declined": asked - agreed,
        "done": round(agreed * min(1.0, who.diligence)),
    }
    yield line("family_services.home_visit_month", who, month.end, answers)


def _equal(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    for service in SERVICES:
        migrants = max(5, round(who.migrants * random.uniform(0.2, 0.6)))
        locals_ = round(who.registered * random.uniform(0.2, 0.6))
        share = random.uniform(0.6, 0.95)
        answers = {
            "counted_on": month.end.isoformat(),
            "service": service,
            "migrants_entitled": migrants,
            "migrants_served": round(migrants * share * random.uniform(0.75, 1.0)),
            "locals_entitled": locals_,
            "locals_served": round(locals_ * share),
        }
        yield line("family_services.equal_service", who, month.end, answers)


def _association(who: Profile, month: Month) -> Line:
    random = habits(KEY, who)
    answers = {
        "counted_on": month.end.isoformat(),
        "members": random.randrange(20, 160),
        "groups": random.randrange(1, 9),
        "home": "yes" if random.random() < 0.8 else "no",
        "rules": random.randrange(2, 6),
        "friendly": random.randrange(3),
    }
    return line("family_services.association", who, month.end, answers)
