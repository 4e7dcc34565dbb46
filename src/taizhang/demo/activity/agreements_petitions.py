"""Agreements and petitions of a made-up community: partners, joint activities, matters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from taizhang.core.base.period import Month
from taizhang.demo.activity.habits import Line, day_in, habits, line, people
from taizhang.demo.activity.things import thing
from taizhang.demo.profile import Profile

PARTNERS = (("school", "辖区小学"), ("health", "社区卫生服务站"), ("company", "辖区企业"))
KEY = "agreements_petitions"
#: What is received from then on is opened as a case.
PETITIONS_AS_CASES = Month(2025, 11)


def month_records(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    """Write the records of agreements and petitions of one month."""
    if month.month == 3:
        yield from _agreements(who, month)
    if month.month in (4, 9) and random.random() < 0.9 * who.diligence:
        day = day_in(month, random)
        answers = {
            "held_on": day.isoformat(),
            "kind": random.choice(("publicity", "service", "help", "environment")),
            "partners": random.randrange(1, 5),
            "people": people(50, random),
            "summary": "与驻区单位一起办，居民就近参加",
        }
        yield line("agreements_petitions.joint_activity", who, day, answers)
    if random.random() < 0.06:
        listed = _petition(who, month, random)
        if listed["answers"]["received_on"] < PETITIONS_AS_CASES.start.isoformat():  # type: ignore[index]
            yield listed


def _agreements(who: Profile, month: Month) -> Iterator[Line]:
    """Ask a few partners, who may say no; what is signed holds to the end of the next year."""
    random = habits(KEY, who)
    for number, (kind, title) in enumerate(PARTNERS[: random.randrange(1, 4)], start=1):
        day = month.start + timedelta(days=random.randrange(20))
        stage = random.choice(("signed", "signed", "signed", "invited", "declined"))
        answers: dict[str, object] = {
            **thing(who, "partner", f"GJ-{number:02d}", title, day),
            "changed_on": day.isoformat(),
            "title": title,
            "kind": kind,
            "stage": stage,
        }
        if stage == "signed":
            answers["signed_on"] = day.isoformat()
            answers["valid_to"] = date(month.year + 1, 12, 31).isoformat()
        yield line("agreements_petitions.agreement", who, day, answers)


def _petition(who: Profile, month: Month, random: Random) -> Line:
    """Write a matter when it was closed, mostly within its days."""
    closed = day_in(month, random)
    received = closed - timedelta(days=random.randrange(8, 68))
    answers = {
        "case": f"{who.code[6:]}-{month.number}",
        "updated_on": closed.isoformat(),
        "received_on": received.isoformat(),
        "informed_on": (received + timedelta(days=random.randrange(1, 8))).isoformat(),
        "extended": "no",
        "closed_on": closed.isoformat(),
    }
    return line("agreements_petitions.petition", who, closed, answers)
