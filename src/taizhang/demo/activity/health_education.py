"""Health education of a made-up community: lectures, consultations, racks, films, advice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from taizhang.core.base.period import Month
from taizhang.demo.activity.habits import SUMMARIES, Line, day_in, line, materials, people, times
from taizhang.demo.activity.things import RACKS, thing
from taizhang.demo.profile import Profile

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


def lectures(who: Profile, month: Month, random: Random, busy: float) -> Iterator[Line]:
    """Hold lectures on the topics of the season, mostly planned beforehand."""
    for _ in range(times(0.65 * busy, random)):
        day = day_in(month, random)
        tidy = random.random() < who.tidiness
        held = random.random() > 0.03
        yield line(
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
                "people": people(38 if who.rural else 46, random) if held else None,
                "materials": materials(who, random, 3) if held else [],
                "summary": random.choice(SUMMARIES) if held and tidy else None,
            },
        )


def consultations(who: Profile, month: Month, random: Random, busy: float) -> Iterator[Line]:
    """Hold consultations, most of them on the theme day of the month."""
    theme_day, theme = THEME_DAYS.get(month.month, (0, ""))
    rate = (0.55 if theme_day else 0.1) * busy
    for index in range(times(rate, random)):
        on_theme = bool(theme_day) and index == 0
        day = month.start + timedelta(days=theme_day - 1) if on_theme else day_in(month, random)
        tidy = random.random() < who.tidiness
        yield line(
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
                "people": people(60, random),
                "materials": materials(who, random, 4),
                "summary": random.choice(SUMMARIES) if tidy else None,
            },
        )


def routine(who: Profile, month: Month, random: Random, busy: float) -> Iterator[Line]:
    """Look after racks, play films and give advice."""
    for rack, (name, place) in zip(who.racks, RACKS, strict=False):
        if random.random() < min(0.98, busy):
            day = day_in(month, random)
            answers = {
                **thing(who, "rack", rack, name, day),
                "location": place,
                "checked_on": day.isoformat(),
                "kinds": random.randrange(6, 16),
                "refilled": random.randrange(0, 9) * 10,
            }
            yield line("health_education.rack_check", who, day, answers)
    for _ in range(times(0.6 * busy, random)):
        day = day_in(month, random)
        answers = {
            "played_on": day.isoformat(),
            "title_code": random.choice(who.films),
            "place": random.choice(("education_room", "waiting_hall", "activity_room", "outdoor")),
            "audience": random.choice(AUDIENCES),
        }
        yield line("health_education.av_play", who, day, answers)
    for channel, mean in (("clinic", 90), ("visit", 18), ("phone", 12)):
        if random.random() < 0.9:
            answers = {
                "month_end": month.end.isoformat(),
                "channel": channel,
                "people": people(mean, random),
            }
            yield line("health_education.guidance", who, month.end, answers)


def coverage(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    """Count the persons reached by the end of a quarter."""
    if random.random() < 0.93:
        share = min(0.93, 0.2 * month.month / 3 * who.diligence * random.uniform(0.75, 1.1))
        answers = {
            "counted_on": month.end.isoformat(),
            "persons": round(who.residents * share),
            "households": round(who.residents * share / 2.4),
            "method": random.choice(("sign_in", "household", "sample")),
        }
        yield line("health_education.coverage_count", who, month.end, answers)
