"""All records and closings of the demonstration, month by month, with real-life gaps.

Among some forty-one thousand plausible records stand, on purpose: months left open, head counts
that are fuzzy or unknown, late entries, corrections, withdrawals, joint events of neighbours and a
community that was merged into another.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from taizhang.core.base.period import Month, Period
from taizhang.core.unit.tree import History, Unit
from taizhang.demo.activity import further_records, month_records
from taizhang.demo.activity.habits import Line
from taizhang.demo.cases import case_records
from taizhang.demo.profile import SEED, Profile, profile

SPAN = Period(Month(2025, 1), Month(2026, 10))
KINDS = ("社区", "村")
#: The community whose people can log in: what credits it this year waits on their desk.
ASKED = "360602001001"
_NAMESPACE = uuid.UUID("6f0c2a4e-7d11-5f0e-9f3a-0d5a3c2b1e90")


@dataclass(frozen=True, slots=True)
class Batch:
    """What reached the ledger together: the records of a month and the months closed after it."""

    month: Month
    lines: tuple[Line, ...]
    closed: tuple[tuple[str, Month], ...]  # (unit code, month) reported complete


def batches(history: History) -> Iterator[Batch]:
    """Write the whole demonstration in the order in which it reached the ledger."""
    late: list[Line] = []
    late_further: list[Line] = []
    to_come: list[Line] = []
    for month in SPAN.months():
        units = [u for u in history.tree(month.end).units.values() if u.kind in KINDS]
        units.sort(key=lambda unit: unit.code)
        random = Random(f"{SEED}:{month}")
        lines = late
        late = []
        for unit in units:
            who = profile(unit.code, unit.kind)
            for line in _of_unit(who, month):
                (late if random.random() < 0.006 else lines).append(line)
        lines = [*lines, *_joint(units, month)]
        lines = [*lines, *_second_thoughts(lines, random)]
        further, late_further = _further(units, month, late_further)
        cases, to_come = _cases(units, month, to_come)
        lines = [*lines, *further, *cases]
        yield Batch(month, tuple(lines), tuple(_closed(units, month)))


def _of_unit(who: Profile, month: Month) -> Iterator[Line]:
    random = Random(f"{SEED}:{who.code}:{month}")
    for index, line in enumerate(month_records(who, month, random)):
        yield {"id": _id(who.code, month, index), **line}


def _further(
    units: Sequence[Unit], month: Month, waiting: list[Line]
) -> tuple[list[Line], list[Line]]:
    """Write what the other programmes send in now, with what was ``waiting``, and what is late."""
    random = Random(f"{SEED}:further:{month}")
    now = list(waiting)
    late: list[Line] = []
    for unit in units:
        who = profile(unit.code, unit.kind)
        for index, (pack, line) in enumerate(further_records(who, month)):
            marked = {"id": _id(pack, who.code, month, index), **line}
            (late if random.random() < 0.004 else now).append(marked)
    return now, late


def _cases(
    units: Sequence[Unit], month: Month, waiting: list[Line]
) -> tuple[list[Line], list[Line]]:
    """Write what happened with cases until the month's end, and what is still to come of them."""
    told = sorted((*waiting, *case_records(units, month)), key=lambda line: str(line["date"]))
    last = month.end.isoformat()
    now = [line for line in told if str(line["date"]) <= last]
    return now, told[len(now) :]


def _id(*parts: object) -> str:
    return str(uuid.uuid5(_NAMESPACE, "/".join(map(str, parts))))


def _joint(units: Sequence[Unit], month: Month) -> Iterator[Line]:
    """Hold one event a quarter with neighbours: recorded once, credited to three communities."""
    if month.month % 3:
        return
    by_street: dict[str, list[Unit]] = {}
    for unit in units:
        by_street.setdefault(unit.parent or "", []).append(unit)
    for street, neighbours in sorted(by_street.items()):
        host, *others = [neighbours[(month.month + n) % len(neighbours)] for n in range(3)]
        guests = sorted({unit.code for unit in others} - {host.code})
        day = date(month.year, month.month, 18).isoformat()
        yield {
            "id": _id("joint", street, month),
            "form": "health_education.consultation",
            "unit": host.code,
            "with": guests,
            "confirmed": [],  # each is asked, see answers()
            "date": day,
            "answers": {
                "planned_on": date(month.year, month.month, 2).isoformat(),
                "held_on": day,
                "topic": "literacy",
                "scale": "large",
                "people": 180 + 10 * (month.month % 7),
                "materials": [{"batch": "ZY-01", "kind": "fold", "copies": 300}],
                "summary": "相邻社区联合举办，义诊、咨询和资料发放同场进行。",
            },
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What a community says to a record that credits it; '' confirms."""

    record: str
    unit: str
    reason: str


def answers(batch: Batch) -> Iterator[Answer]:
    """Let the neighbours of joint events answer; some refuse, and some have not answered yet."""
    for line in batch.lines:
        for unit in line.get("with", ()):  # type: ignore[attr-defined]
            draw = Random(f"{SEED}:credit:{line['id']}:{unit}").random()
            if draw < 0.1 or (unit == ASKED and batch.month >= Month(2026, 1)):
                continue
            reason = "当天本社区没有参加" if draw < 0.2 else ""
            yield Answer(str(line["id"]), unit, reason)


def _second_thoughts(lines: Sequence[Line], random: Random) -> Iterator[Line]:
    """Correct a few head counts and withdraw a double entry, as people do."""
    lectures = [line for line in lines if line["form"] == "health_education.lecture"]
    for line in random.sample(lectures, min(2, len(lectures))):
        answers = dict(line["answers"])  # type: ignore[call-overload]
        answers["people"] = random.randrange(20, 70)
        answers["held"] = "yes"
        yield {
            **line,
            "id": _id(line["id"], "corrected"),
            "answers": answers,
            "replaces": line["id"],
            "reason": "签到表核对后更正人次",
        }
    meetings = [line for line in lines if line["form"] == "common.meeting"]
    for line in random.sample(meetings, min(1, len(meetings))):
        yield {
            "id": _id(line["id"], "withdrawn"),
            "form": line["form"],
            "unit": line["unit"],
            "date": line["date"],
            "answers": {},
            "withdraws": line["id"],
            "reason": "与另一条重复",
        }


def _closed(units: Sequence[Unit], month: Month) -> Iterator[tuple[str, Month]]:
    """Close the month, except where a community forgot; the newest months have more gaps."""
    for index, unit in enumerate(units):
        random = Random(f"{SEED}:close:{unit.code}:{month}")
        forgot = 0.17 if month >= Month(2026, 9) else 0.012
        if month.year == 2025 and index < 8:
            forgot = 0.0
        if random.random() >= forgot:
            yield unit.code, month
