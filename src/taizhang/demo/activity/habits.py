"""Habits of made-up people: head counts, days, materials and remarks that all programmes draw."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

from taizhang.core.base.period import Month
from taizhang.demo.profile import SEED, Profile

Line = dict[str, object]

MATERIALS = ("fold", "fold", "leaflet", "booklet", "poster", "prescription", "gift")
SUMMARIES = (
    "讲解与提问结合，现场发放资料，居民反映听得懂、用得上。",
    "结合季节多发病讲解，会后个别答疑。",
    "用案例讲解，居民提问踊跃，已记下下次想听的内容。",
)


def stream(pack: str, who: Profile, month: Month) -> Random:
    """Give the generator of a programme's month, so that no programme disturbs another."""
    return Random(f"{SEED}:{pack}:{who.code}:{month}")


def habits(pack: str, who: Profile) -> Random:
    """Give the generator of what stays the same about a community in a programme."""
    return Random(f"{SEED}:{pack}:{who.code}")


def times(rate: float, random: Random) -> int:
    """Turn an expected number into a whole one, keeping the mean."""
    return int(rate) + (random.random() < rate % 1)


def day_in(month: Month, random: Random) -> date:
    """Draw a day of a month."""
    return month.start + timedelta(days=random.randrange(month.end.day))


def line(form: str, who: Profile, day: date, answers: Mapping[str, object]) -> Line:
    """Write one record of a form."""
    return {"form": form, "unit": who.code, "date": day.isoformat(), "answers": dict(answers)}


def people(mean: float, random: Random) -> object:
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


def materials(who: Profile, random: Random, most: int) -> list[dict[str, object]]:
    """Draw what was handed out."""
    batches = random.sample(who.titles, random.randrange(1, most + 1))
    return [
        {
            "batch": batch,
            "kind": MATERIALS[int(batch[3:]) % len(MATERIALS)],
            "copies": None if random.random() < 0.015 else random.randrange(2, 13) * 10,
        }
        for batch in batches
    ]


def planned(day: date, who: Profile, random: Random) -> dict[str, object]:
    """Draw whether an event was planned and summed up: both or, now and then, neither."""
    if random.random() > who.tidiness:
        return {"planned_on": None, "summary": None}
    before = day - timedelta(days=random.randrange(5, 25))
    return {"planned_on": before.isoformat(), "summary": random.choice(SUMMARIES)}
