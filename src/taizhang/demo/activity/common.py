"""Common work of a made-up community: population, boards, materials, meetings, surveys."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from taizhang.core.base.period import Month
from taizhang.demo.activity.habits import Line, day_in, line, materials, times
from taizhang.demo.activity.things import BOARDS, thing
from taizhang.demo.profile import Profile


def boards(who: Profile, month: Month, random: Random, busy: float) -> Iterator[Line]:
    """Change the boards every other month, unless nobody thought of it."""
    for index, board in enumerate(who.boards):
        if (month.month + index) % 2 == 0 and random.random() < min(0.97, busy):
            day = day_in(month, random)
            yield line(
                "common.board_issue",
                who,
                day,
                {
                    **thing(who, "board", board, BOARDS[index][0], day),
                    "location": BOARDS[index][1],
                    "changed_on": day.isoformat(),
                    "programme": "health" if index < 2 else "general",
                    "issue_no": (month.month + 1) // 2,
                    "subject": "季节性疾病预防",
                    "area": 2.4,
                    "state": "in_use",
                },
            )


def material_issues(who: Profile, month: Month, random: Random, busy: float) -> Iterator[Line]:
    """Hand out materials outside events."""
    for _ in range(times(2.0 * busy, random)):
        day = day_in(month, random)
        answers = {
            "issued_on": day.isoformat(),
            "programme": random.choice(("health", "health", "general", "hygiene", "law", "family")),
            "channel": random.choice(("event", "home", "rack", "desk")),
            "materials": materials(who, random, 3),
        }
        yield line("common.material_issue", who, day, answers)


def meetings(who: Profile, month: Month, random: Random, busy: float) -> Iterator[Line]:
    """Hold meetings and trainings."""
    for _ in range(times(0.9 * busy, random)):
        day = day_in(month, random)
        answers: dict[str, object] = {
            "held_on": day.isoformat(),
            "programme": random.choice(("health", "health", "general", "hygiene", "law", "family")),
            "kind": random.choice(("regular", "regular", "regular", "deploy", "review", "group")),
            "people": random.randrange(6, 26),
            "subject": "本月重点工作",
            "outcome": "明确了分工和时间",
        }
        yield line("common.meeting", who, day, answers)
    for _ in range(times(0.35 * busy, random)):
        day = day_in(month, random)
        expected = random.randrange(8, 40)
        came = round(expected * random.uniform(0.75, 1.0))
        answers = {
            "held_on": day.isoformat(),
            "programme": random.choice(("health", "health", "law", "hygiene", "volunteer")),
            "trainees": random.choice(("staff", "staff", "volunteer", "group_leader", "resident")),
            "method": random.choice(("class", "meeting", "discussion", "outside")),
            "expected": expected,
            "people": came,
            "passed": round(came * random.uniform(0.8, 1.0)) if random.random() < 0.5 else None,
            "hours": random.choice((1, 1.5, 2, 3)),
            "content": "业务知识与工作方法",
        }
        yield line("common.training", who, day, answers)


def population(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    """Count the population at the end of a quarter."""
    drift = 1 + 0.004 * (month.year - 2025) + random.uniform(-0.002, 0.002)
    for scope, base in (
        ("huji", who.registered),
        ("changzhu", who.residents),
        ("liudong", who.migrants),
    ):
        persons = round(base * drift)
        answers = {
            "counted_on": month.end.isoformat(),
            "scope": scope,
            "persons": persons,
            "households": round(persons / 2.6),
            "persons_65": round(persons * (0.05 if scope == "liudong" else 0.17)),
        }
        yield line("common.population", who, month.end, answers)


#: Lines of work that the one questionnaire asks about, and how many questions each has.
ASKED = {"health": 10, "law": 6, "hygiene": 4, "family": 6}


def surveys(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    """Ask residents once a year, on one sheet for all programmes, anonymously."""
    if random.random() > 0.96:
        return
    day = day_in(month, random)
    valid = random.randrange(40, 81)
    parts = []
    for programme, questions in ASKED.items():
        share = min(0.99, who.knowledge * random.uniform(0.93, 1.05))
        content = round(valid * min(0.995, who.goodwill * random.uniform(0.96, 1.03)))
        very, good = round(content * 0.5), round(content * 0.3)
        parts.append(
            {
                "programme": programme,
                "questions": questions,
                "correct": round(valid * questions * share),
                "passed": round(valid * max(0.3, share - 0.08)),
                "very_satisfied": very,
                "satisfied": good,
                "basically": content - very - good,
            }
        )
    answers = {"surveyed_on": day.isoformat(), "valid": valid, "parts": parts}
    yield line("common.resident_survey", who, day, answers)
