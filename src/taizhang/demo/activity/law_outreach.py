"""Law in a made-up community: activities by season, boards, training, law guides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random

from taizhang.core.base.period import Month
from taizhang.demo.activity.habits import Line, day_in, habits, line, people, planned, times
from taizhang.demo.activity.things import LAW_BOARD, thing
from taizhang.demo.profile import Profile

#: What a month stands for: (occasion, topic, day, chance that there is an activity).
SEASON = {
    3: ("consumer_day", "consumer", 15, 0.5), 4: ("security_day", "security", 15, 0.5),
    5: ("civil_code_month", "civil_code", 12, 0.9), 6: ("drug_day", "security", 26, 0.5),
    12: ("constitution_week", "constitution", 4, 0.92),
}  # fmt: skip
BREAKS = {2: 0.6, 8: 0.75}
TOPICS = ("property", "labour", "elderly", "women", "safety", "governance", "new_law")
KEY = "law_outreach"


def month_records(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    """Write the law records of one month."""
    yield from _activities(who, month, random)
    yield from _board(who, month)
    if month.month in (3, 6, 9, 12):
        yield from _quarter(who, month, random)
    if month.month == 3:
        yield _team(who, month)
    if month.month == 11 and random.random() < 0.95:
        yield _use(who, month, random)


def _activities(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    occasion, topic, number, chance = SEASON.get(month.month, ("daily", "", 0, 0.0))
    if random.random() < chance * min(1.05, who.diligence + 0.1):
        day = month.start + timedelta(days=number - 1)
        kind = random.choice(("street", "lecture", "case"))
        answers = {"kind": kind, "topic": topic, "occasion": occasion, "audience": "residents"}
        yield _activity(who, day, answers, random)
    if random.random() < BREAKS.get(month.month, 0.0) * who.diligence:
        told = "yes" if random.random() < who.tidiness else "no"
        answers = {"kind": "lecture", "topic": "minors", "occasion": "school_break"}
        more = {**answers, "audience": "youth", "guardians_told": told}
        yield _activity(who, day_in(month, random), more, random)
    for _ in range(times(0.28 * who.diligence, random)):
        kind = random.choice(("study", "study", "lecture", "visit", "culture"))
        audience = random.choice(("residents", "residents", "elderly", "migrants", "workers"))
        answers = {"kind": kind, "topic": random.choice(TOPICS), "occasion": "daily"}
        yield _activity(who, day_in(month, random), {**answers, "audience": audience}, random)


def _activity(who: Profile, day: date, answers: Mapping[str, object], random: Random) -> Line:
    all_answers = {
        **planned(day, who, random),
        "held_on": day.isoformat(),
        "speaker": random.choice(("lawyer", "justice", "guide", "volunteer")),
        "people": people(34, random),
        **answers,
    }
    return line("law_outreach.law_activity", who, day, all_answers)


def _board(who: Profile, month: Month) -> Iterator[Line]:
    """Change the law board early in every even month: where there is one, it is never late."""
    random = habits(KEY, who)
    if random.random() < 0.75 and month.month % 2 == 0:
        day = month.start + timedelta(days=random.randrange(4))
        answers = {
            **thing(who, "board", "FZ-01", LAW_BOARD[0], day),
            "location": LAW_BOARD[1],
            "changed_on": day.isoformat(),
            "programme": "law",
            "issue_no": month.month // 2,
            "subject": "新颁布的法律和身边案例",
            "area": 2.4,
            "state": "in_use",
        }
        yield line("common.board_issue", who, day, answers)


def _quarter(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    """Train the leaders of residents' groups."""
    if random.random() < 0.6 * who.diligence:
        day = day_in(month, random)
        expected = random.randrange(10, 30)
        answers: dict[str, object] = {
            "held_on": day.isoformat(),
            "programme": "law",
            "trainees": "group_leader",
            "method": random.choice(("meeting", "discussion")),
            "expected": expected,
            "people": round(expected * random.uniform(0.75, 1.0)),
            "hours": 2,
            "content": "依法办事和调解纠纷",
        }
        yield line("common.training", who, day, answers)


def _team(who: Profile, month: Month) -> Line:
    random = habits(KEY, who)
    guides = random.randrange(1, 8)
    answers = {
        "counted_on": month.end.isoformat(),
        "guides": guides,
        "certified": random.randrange(guides + 1),
        "volunteers": random.randrange(2, 25),
        "advisers": 1,
    }
    return line("law_outreach.law_team", who, month.end, answers)


def _use(who: Profile, month: Month, random: Random) -> Line:
    valid = random.randrange(40, 90)
    day = day_in(month, random)
    answers = {
        "surveyed_on": day.isoformat(),
        "valid": valid,
        "lawful_way": round(valid * who.knowledge),
        "knows_place": round(valid * min(1.0, who.goodwill)),
    }
    return line("law_outreach.law_use_survey", who, day, answers)
