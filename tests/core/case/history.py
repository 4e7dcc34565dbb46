"""Random histories of cases: offline, late, corrected and withdrawn records, in changing units."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

from taizhang.core.aggregate.reference_engine import ZONE
from taizhang.core.case.fold import CaseWorld, fold
from taizhang.core.case.step import StepRecord
from taizhang.core.definition.case import OPENS, CaseKind
from taizhang.core.unit.body import Bodies, Body
from taizhang.core.unit.ownership import Ownership
from tests.core.case.problem import PROBLEM, SHIPPED_DAYS
from tests.core.ledger import history

FIRST, LAST = date(2026, 5, 1), date(2026, 9, 30)
TREE = """
D 区 -
S 街道 D
T 街道 D ..2026-07-31
U 街道 D 2026-08-01..
A 社区 S ..2026-05-31
B 社区 S ..2026-05-31
N 社区 S 2026-06-01..
C 社区 T ..2026-06-30
E 社区 T 2026-07-01..2026-07-31
E 社区 U 2026-08-01..
F 社区 T 2026-07-01..2026-07-31
F 社区 U 2026-08-01..
2026-06-01 merge A,B -> N
2026-07-01 split C -> E,F
2026-08-01 recode T -> U
"""
BODIES = Bodies(
    (
        Body("S-B01", "中心", "卫生服务中心", "S", True, True, None, date(2026, 7, 15)),
        Body("D-B01", "环卫所", "环卫所", "D", True, True),
        Body("D-B02", "公司", "企业", "D", True, False),
    )
)
WORLD = CaseWorld(Ownership(history(TREE), BODIES), SHIPPED_DAYS)
CODES = ("D", "S", "T", "U", "A", "B", "N", "C", "E", "F", "S-B01", "D-B01", "D-B02")
STEPS = (*PROBLEM.steps, "accept", "assign", "note", "prolong", "void", "dance")
REASONS = ("not_ours", "needs_facts", "settled_above", "settled_above", "tired", "")


def days_of(random: Random) -> date:
    return FIRST + timedelta(days=random.randrange((LAST - FIRST).days))


def moment(random: Random, day: date) -> datetime:
    late = random.choice((0, 0, 0, 1, 5, 40))
    hour = time(random.randrange(24), random.randrange(60), random.randrange(60))
    return datetime.combine(day + timedelta(days=random.randint(0, late)), hour, ZONE)


def step(random: Random, uid: str, number: int, so_far: list[StepRecord]) -> StepRecord:
    """Write a step that fits more often than not."""
    day = days_of(random)
    if random.random() < 0.9:  # not long after the last
        day = min(max(each.date for each in so_far) + timedelta(days=random.randint(0, 12)), LAST)
    standing = fold(PROBLEM, so_far, WORLD, day)
    unit, key = random.choice(CODES), random.choice(STEPS)
    if standing is not None and random.random() < 0.9:
        signs = bool(standing.frames) and not standing.frames[-1].accepted
        key = "accept" if signs else random.choice((*standing.next_steps, "prolong", "assign"))
        above = WORLD.ownership.above(standing.owner, day)
        unit = above[0] if above and key in ("verify", "prolong") else standing.owner
    owners = [code for code in CODES if WORLD.ownership.may_own(code, day)]
    return StepRecord(
        record=f"{uid}.{number}",
        case=uid,
        step=key,
        date=day,
        time=random.choice((None, time(9), time(9, 30), time(17))),
        unit=unit,
        account=random.choice(("li", "wang", "zhao", "qian", "sun", "")),
        answers={
            "to": random.choice((*owners, *owners, *CODES)) if key != "ask_up" else "",
            "reason": random.choice(REASONS),
            "reason_text": random.choice(("因雨", "因雨", "因雨", "")),
            "until": days_of(random).isoformat(),
            "how": random.choice(("well", "well", "badly", "")),
            "metres": random.choice((None, 0, 3, 12)),
        },
        with_units=(random.choice(CODES),) if random.random() < 0.2 else (),
        accepted_at=moment(random, day),
    )


def case(random: Random, uid: str) -> list[StepRecord]:
    """Write all records of one case, in the order of their acceptance."""
    day = days_of(random)
    opener = random.choice([code for code in CODES if WORLD.ownership.exists(code, day)])
    answers: dict[str, object] = {"sort": random.choice(("rubbish", "water", ""))}
    answers["how"] = random.choice(("", "", "badly", "at_once"))
    if random.random() < 0.8:
        answers["due_on"] = days_of(random).isoformat()
    opening = StepRecord(
        record=uid,
        case=uid,
        step=OPENS,
        date=day,
        unit=opener,
        account="li",
        answers=answers,
        accepted_at=moment(random, day),
    )
    records = [opening]
    for number in range(random.randint(0, 14)):
        records.append(step(random, uid, number, records))
    for index, record in enumerate(list(records)):
        if random.random() < 0.12:
            gone = record.accepted_at + timedelta(hours=random.randint(1, 900))
            records[index] = replace(record, retired_at=gone)
            if random.random() < 0.5:  # corrected
                again = replace(record, record=f"{record.record}c", accepted_at=gone)
                moved = min(record.date + timedelta(days=random.randint(-2, 2)), gone.date())
                answered = {**record.answers, "sort": random.choice(("rubbish", "water"))}
                records.append(replace(again, date=moved, answers=answered))
    return sorted(records, key=lambda record: (record.accepted_at, record.record))


def kind_of(uid: str) -> CaseKind:
    return PROBLEM
