"""The records a made-up community would write in one month, form by form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random

from taizhang.core.period import Month
from taizhang.demo.profile import Profile

Line = dict[str, object]

#: Topic of the season, after the theme days of the month.
TOPICS = {
    1: ("infectious", "diet"), 2: ("chronic", "injury"), 3: ("tb", "literacy"),
    4: ("vaccination", "literacy"), 5: ("tobacco", "diet"), 6: ("child", "injury"),
    7: ("infectious", "emergency"), 8: ("diet", "child"), 9: ("elderly", "literacy"),
    10: ("chronic", "mental"), 11: ("chronic", "elderly"), 12: ("aids", "tobacco"),
}  # fmt: skip
THEME_DAYS = {
    3: (24, "世界防治结核病日"), 4: (7, "世界卫生日"), 5: (31, "世界无烟日"),
    6: (6, "全国爱眼日"), 7: (28, "世界肝炎日"), 9: (1, "全民健康生活方式日"),
    10: (8, "全国高血压日"), 11: (14, "联合国糖尿病日"), 12: (1, "世界艾滋病日"),
}  # fmt: skip
AUDIENCES = (
    "residents",
    "residents",
    "elderly",
    "women",
    "parents",
    "youth",
    "migrants",
    "patients",
)
MATERIALS = ("fold", "fold", "leaflet", "booklet", "poster", "prescription", "gift")
SUMMARIES = (
    "讲解与提问结合，现场发放资料，居民反映听得懂、用得上。",
    "结合季节多发病讲解，会后个别答疑。",
    "用案例讲解，居民提问踊跃，已记下下次想听的内容。",
)


def month_records(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    """Write all records of one community in one month, undated by acceptance."""
    busy = who.diligence * random.uniform(0.8, 1.2)
    yield from _lectures(who, month, random, busy)
    yield from _consultations(who, month, random, busy)
    yield from _boards(who, month, random, busy)
    yield from _routine(who, month, random, busy)
    yield from _meetings(who, month, random, busy)
    if month.month in (3, 6, 9, 12):
        yield from _quarter(who, month, random)
    if month.month in (5, 11):
        yield from _surveys(who, month, random)


def _times(rate: float, random: Random) -> int:
    """Turn an expected number into a whole one, keeping the mean."""
    return int(rate) + (random.random() < rate % 1)


def _day(month: Month, random: Random) -> date:
    return month.start + timedelta(days=random.randrange(month.end.day))


def _line(form: str, who: Profile, day: date, answers: Mapping[str, object]) -> Line:
    return {"form": form, "unit": who.code, "date": day.isoformat(), "answers": dict(answers)}


def _people(mean: float, random: Random) -> object:
    """Say a head count the way people do: mostly exact, sometimes fuzzy, now and then unknown."""
    count = max(3, round(random.gauss(mean, mean / 3)))
    fate = random.random()
    if fate < 0.02:
        return None
    if fate < 0.05:
        return {"low": count // 10 * 10 or 10, "kind": "at_least"}
    if fate < 0.07:
        return {"low": count // 10 * 10, "high": count // 10 * 10 + 20, "kind": "between"}
    return count


def _materials(who: Profile, random: Random, most: int) -> list[dict[str, object]]:
    batches = random.sample(who.titles, random.randrange(1, most + 1))
    return [
        {
            "batch": batch,
            "kind": MATERIALS[int(batch[3:]) % len(MATERIALS)],
            "copies": None if random.random() < 0.015 else random.randrange(2, 13) * 10,
        }
        for batch in batches
    ]


def _lectures(who: Profile, month: Month, random: Random, busy: float) -> Iterator[Line]:
    for _ in range(_times(0.95 * busy, random)):
        day = _day(month, random)
        tidy = random.random() < who.tidiness
        held = random.random() > 0.03
        yield _line(
            "health_education.lecture",
            who,
            day,
            {
                "planned_on": (day - timedelta(days=random.randrange(5, 25))).isoformat()
                if tidy
                else None,
                "held": "yes" if held else "no",
                "held_on": day.isoformat(),
                "topic": random.choice(TOPICS[month.month]),
                "audience": random.choice(AUDIENCES),
                "speaker": random.choice(("physician", "senior", "public_health", "nurse")),
                "place": "社区活动室",
                "people": _people(38 if who.rural else 46, random) if held else None,
                "materials": _materials(who, random, 3) if held else [],
                "summary": random.choice(SUMMARIES) if held and tidy else None,
            },
        )


def _consultations(who: Profile, month: Month, random: Random, busy: float) -> Iterator[Line]:
    theme_day, theme = THEME_DAYS.get(month.month, (0, ""))
    rate = (0.95 if theme_day else 0.35) * busy
    for index in range(_times(rate, random)):
        on_theme = bool(theme_day) and index == 0
        day = month.start + timedelta(days=theme_day - 1) if on_theme else _day(month, random)
        tidy = random.random() < who.tidiness
        yield _line(
            "health_education.consultation",
            who,
            day,
            {
                "planned_on": (day - timedelta(days=random.randrange(6, 20))).isoformat()
                if tidy
                else None,
                "held_on": day.isoformat(),
                "topic": TOPICS[month.month][0],
                "theme_day": theme if on_theme else None,
                "scale": "large" if on_theme and random.random() < 0.55 else "normal",
                "people": _people(60, random),
                "materials": _materials(who, random, 4),
                "summary": random.choice(SUMMARIES) if tidy else None,
            },
        )


def _boards(who: Profile, month: Month, random: Random, busy: float) -> Iterator[Line]:
    for index, board in enumerate(who.boards):
        if (month.month + index) % 2 == 0 and random.random() < min(0.97, busy):
            day = _day(month, random)
            yield _line(
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


def _routine(who: Profile, month: Month, random: Random, busy: float) -> Iterator[Line]:
    for rack in who.racks:
        if random.random() < min(0.98, busy):
            day = _day(month, random)
            answers = {
                "rack": f"{who.code[6:]}-{rack}",
                "checked_on": day.isoformat(),
                "kinds": random.randrange(6, 16),
                "refilled": random.randrange(0, 9) * 10,
            }
            yield _line("health_education.rack_check", who, day, answers)
    for _ in range(_times(1.6 * busy, random)):
        day = _day(month, random)
        answers = {
            "played_on": day.isoformat(),
            "title_code": random.choice(who.films),
            "place": random.choice(("education_room", "waiting_hall", "activity_room", "outdoor")),
            "audience": random.choice(AUDIENCES),
            "times": random.randrange(1, 5),
        }
        yield _line("health_education.av_play", who, day, answers)
    for channel, mean in (("clinic", 90), ("visit", 18), ("phone", 12)):
        if random.random() < 0.9:
            answers = {
                "month_end": month.end.isoformat(),
                "channel": channel,
                "people": _people(mean, random),
            }
            yield _line("health_education.guidance", who, month.end, answers)
    for _ in range(_times(2.9 * busy, random)):
        day = _day(month, random)
        answers = {
            "issued_on": day.isoformat(),
            "programme": random.choice(("health", "health", "general", "hygiene", "law", "family")),
            "channel": random.choice(("event", "home", "rack", "desk")),
            "materials": _materials(who, random, 3),
        }
        yield _line("common.material_issue", who, day, answers)


def _meetings(who: Profile, month: Month, random: Random, busy: float) -> Iterator[Line]:
    for _ in range(_times(1.9 * busy, random)):
        day = _day(month, random)
        answers: dict[str, object] = {
            "held_on": day.isoformat(),
            "programme": random.choice(("health", "health", "general", "hygiene", "law", "family")),
            "kind": random.choice(("regular", "regular", "regular", "deploy", "review", "group")),
            "people": random.randrange(6, 26),
            "subject": "本月重点工作",
            "outcome": "明确了分工和时间",
        }
        yield _line("common.meeting", who, day, answers)
    for _ in range(_times(0.75 * busy, random)):
        day = _day(month, random)
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
        yield _line("common.training", who, day, answers)


def _quarter(who: Profile, month: Month, random: Random) -> Iterator[Line]:
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
        yield _line("common.population", who, month.end, answers)
    if random.random() < 0.93:
        share = min(0.93, 0.2 * month.month / 3 * who.diligence * random.uniform(0.75, 1.1))
        answers = {
            "counted_on": month.end.isoformat(),
            "persons": round(who.residents * share),
            "households": round(who.residents * share / 2.4),
            "method": random.choice(("sign_in", "household", "sample")),
        }
        yield _line("health_education.coverage_count", who, month.end, answers)


def _surveys(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    if random.random() > 0.96:
        return
    day = _day(month, random)
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
    yield _line("common.awareness_survey", who, day, answers)
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
    yield _line("common.satisfaction_survey", who, day, answers)
