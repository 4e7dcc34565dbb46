"""Common work of a made-up community: population, boards, materials, meetings, surveys."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from taizhang.core.base.period import Month
from taizhang.demo.activity.habits import Line, day_in, line, materials, times
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
                    "board": f"{who.code[6:]}-{board}",
                    "location": ("社区服务中心门口", "小区主入口", "文化广场")[index],
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
    for _ in range(times(2.9 * busy, random)):
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
    for _ in range(times(1.9 * busy, random)):
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
    for _ in range(times(0.75 * busy, random)):
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


def surveys(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    """Ask residents what they know and how content they are, about health."""
    if random.random() > 0.96:
        return
    day = day_in(month, random)
    valid, questions = random.randrange(40, 121), 10
    share = min(0.99, who.knowledge * random.uniform(0.95, 1.05))
    answers: dict[str, object] = {
        "surveyed_on": day.isoformat(),
        "programme": "health",
        "questions": questions,
        "valid": valid,
        "correct": round(valid * questions * share),
        "passed": round(valid * max(0.3, share - 0.08)),
    }
    yield line("common.awareness_survey", who, day, answers)
    content = round(valid * min(0.995, who.goodwill * random.uniform(0.97, 1.03)))
    very, good = round(content * 0.55), round(content * 0.3)
    answers = {
        "surveyed_on": day.isoformat(),
        "programme": "health",
        "valid": valid,
        "very_satisfied": very,
        "satisfied": good,
        "basically": content - very - good,
    }
    yield line("common.satisfaction_survey", who, day, answers)
