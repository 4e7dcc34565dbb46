"""Patriotic health work of a made-up community: clean-ups, pests, patrols, problems."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from taizhang.core.base.period import Month
from taizhang.demo.activity.habits import Line, day_in, habits, line, people, planned, times
from taizhang.demo.activity.things import FRONTAGES, SIGN, thing
from taizhang.demo.profile import Profile

#: Which pest is fought in a month, and which round of the year that is.
ROUNDS = {
    4: ("rat", 1), 5: ("mosquito", 1), 6: ("fly", 1),
    7: ("roach", 1), 9: ("mosquito", 2), 10: ("rat", 2),
}  # fmt: skip
DRUGS = {"rat": "rat_bait", "mosquito": "larvicide", "fly": "spray", "roach": "roach_bait"}
STEPS = ("bait", "corners", "holes", "food", "proof")
PROBLEMS = (("rubbish", "楼道堆物"), ("facility", "垃圾箱破损"), ("breeding", "积水未清"))
KEY = "healthy_city"
#: Since when problems are opened as cases; what was listed till then is read as cases too.
PROBLEMS_AS_CASES = Month(2025, 7)
#: When the residents' committees of the demonstration took over.
TOOK_OVER_ON = date(2024, 12, 20)


def month_records(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    """Write the records of patriotic health work of one month."""
    yield from _events(who, month, random)
    if month.month in ROUNDS and random.random() < min(0.97, who.diligence):
        yield _round(who, month, random)
    if month.month in (5, 11):
        yield from _densities(who, month, random)
    if month.month in (1, 4, 7, 10) and random.random() < 0.8:
        yield _patrol(who, month, random)
    if month.month == 9:
        yield _frontage(who, month, random)
    if random.random() < 0.06:
        listed = list(_problem(who, month, random))
        yield from listed if month < PROBLEMS_AS_CASES else ()
    yield from _seasonal(who, month, random)


def _events(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    clean, talks = (1.4, 0.3) if month.month == 4 else (0.42, 0.06)
    for kind, rate in (("cleanup", clean), ("talk", talks)):
        for _ in range(times(rate * who.diligence, random)):
            day = day_in(month, random)
            answers = {
                **planned(day, who, random),
                "held_on": day.isoformat(),
                "kind": kind,
                "site": random.choice(("estate", "street", "market", "village", "school")),
                "people": people(30, random),
            }
            if kind == "cleanup":
                answers["dead_corners"] = random.randrange(1, 12)
                answers["rubbish"] = random.randrange(1, 60) / 10
            yield line("healthy_city.hygiene_event", who, day, answers)


def _round(who: Profile, month: Month, random: Random) -> Line:
    species, number = ROUNDS[month.month]
    day = day_in(month, random)
    amount = (
        {"boxes": random.randrange(20, 120)}
        if species == "roach"
        else {"kg": random.randrange(20, 120) / 10}
    )
    tidy = random.random() < who.tidiness
    answers: dict[str, object] = {
        "done_on": day.isoformat(),
        "species": species,
        "round_no": number,
        "drugs": [{"drug": DRUGS[species], "source": "superior", **amount}],
        "posters": random.randrange(5, 40),
        "warned": "yes",
        "locked": "yes",
        "signed": "yes" if tidy else "no",
    }
    if species == "rat":
        answers["steps"] = list(STEPS if tidy else STEPS[:3])
    return line("healthy_city.pest_round", who, day, answers)


def _densities(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    """Examine one index of each species in one community of three."""
    if habits(KEY, who).random() > 0.35:
        return
    day = day_in(month, random)
    for index, examined, most in (
        ("rat_outdoor", 2000, 9),
        ("mosquito_container", 1000, 2),
        ("fly_room", 30, 4),
        ("roach_room", 30, 3),
    ):
        answers: dict[str, object] = {
            "surveyed_on": day.isoformat(),
            "index": index,
            "examined": examined,
            "found": random.randrange(most),
        }
        if index == "fly_room":
            answers["animals"] = random.randrange(6)
        yield line("healthy_city.density_survey", who, day, answers)


def _patrol(who: Profile, month: Month, random: Random) -> Line:
    day = day_in(month, random)
    answers = {
        **thing(who, "place_no", "JY-01", SIGN[0], day),
        "location": SIGN[1],
        "patrolled_on": day.isoformat(),
        "sign": "yes" if random.random() < 0.95 else "no",
        "ads": int(random.random() < 0.03),
        "advised": random.randrange(6),
        "state": "in_use",
    }
    return line("healthy_city.smoke_patrol", who, day, answers)


def _frontage(who: Profile, month: Month, random: Random) -> Line:
    day = day_in(month, random)
    unmet = ["clean"] if random.random() < 0.2 else []
    number = random.randrange(1, 5)
    name, place, party = FRONTAGES[number - 1]
    answers: dict[str, object] = {
        **thing(who, "frontage_no", f"MQ-{number:02d}", name, day),
        "location": place,
        "party": party,
        "visited_on": day.isoformat(),
        "state": "agreed" if random.random() < 0.85 else "asked",
        "unmet": unmet,
    }
    if unmet:
        answers["settled"] = "yes" if random.random() < 0.7 else "no"
    return line("healthy_city.frontage", who, day, answers)


def _problem(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    """Report a problem and, mostly, that it was put right in the same month."""
    kind, what = random.choice(PROBLEMS)
    first = month.start + timedelta(days=random.randrange(10))
    answers = {
        "problem_no": f"{who.code[6:]}-{month.number}-{kind[:2].upper()}",
        "kind": kind,
        "what": what,
        "owner": random.choice(("community", "property")),
        "due_on": (first + timedelta(days=20)).isoformat(),
        "talks": random.randrange(1, 4),
    }

    def reported(day: date, state: str) -> Line:
        reported_answers = {**answers, "reported_on": day.isoformat(), "state": state}
        return line("healthy_city.problem", who, day, reported_answers)

    yield reported(first, "open")
    if random.random() < 0.92:
        yield reported(first + timedelta(days=random.randrange(3, 18)), "done")


def _committee(draw: Random) -> dict[str, object]:
    """Most have a committee; one in ten of these no longer knows when it was set up."""
    if draw.random() >= 0.9:
        return {"committee": "no"}
    set_up_on = TOOK_OVER_ON + timedelta(days=draw.randrange(8, 36))
    known = {"set_up_on": set_up_on.isoformat()} if draw.random() < 0.9 else {}
    return {"committee": "yes", "took_over_on": TOOK_OVER_ON.isoformat(), **known}


def _seasonal(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    day = month.end.isoformat()
    if month.month == 2:
        answers: dict[str, object] = {
            "counted_on": day,
            "staff_full": 1,
            "staff_part": random.randrange(1, 4),
            "cleaners": random.randrange(3, 20),
            "guides": random.randrange(4, 20),
            "inspectors": 3,
            "rules": 5,
            **_committee(habits(KEY, who)),
        }
        yield line("healthy_city.organisation", who, month.end, answers)
    if month.month in (6, 12) and random.random() < 0.93:
        passed = round(40 * min(1.0, who.tidiness))
        answers = {"checked_on": day, "round_no": month.month // 6, "items": 40, "passed": passed}
        yield line("healthy_city.self_check", who, month.end, answers)
