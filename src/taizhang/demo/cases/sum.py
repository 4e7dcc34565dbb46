"""Monthly sums of 2025, told from the same made-up cases that are kept one by one since 2026.

So the figures go on over the switch by what happened, and not by how it was kept.  Each sum tells
what is known at the end of ``until``: its own month, or a later one when it is corrected.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import cast

from taizhang.core.base.period import Month
from taizhang.demo.activity.habits import Line, line
from taizhang.demo.cases.case import Tale
from taizhang.demo.profile import Profile

Answers = dict[str, object]
PROMISE = timedelta(days=14)  # ten working days


def _told(tale: Tale, until: Month) -> list[tuple[str, Answers]]:
    """Give form and answers of what had happened by the end of ``until``."""
    day = until.end.isoformat()
    lines = (line for line in tale.lines if str(line["date"]) <= day)
    return [(str(line["form"]), cast("Answers", line["answers"])) for line in lines]


def needs(who: Profile, month: Month, tales: Sequence[Tale], until: Month) -> Iterator[Line]:
    """Sum the needs of a month by what was wanted and where it came from."""
    sums: dict[tuple[str, str], Counter[str]] = {}
    for tale in tales:
        (_, opening), *steps = _told(tale, until)
        row = sums.setdefault((str(opening["need"]), str(opening["source"])), Counter())
        row["raised"] += 1
        is_met = opening["how"] == "at_once" or any(
            answers.get("result") == "solved" for _, answers in steps
        )
        is_referred = any("office" in answers or "to" in answers for _, answers in steps)
        row["met"] += is_met
        row["referred"] += is_referred and not is_met
    for (need, source), row in sums.items():
        counts = {key: row[key] for key in ("raised", "met", "referred")}
        answers = {"month_end": month.end.isoformat(), "need": need, "source": source, **counts}
        yield line("family_services.need_month", who, month.end, answers)


_GROUPS = {"answered": "answered", "aid": "to_aid", "mediation": "to_mediation"}


def legal(who: Profile, month: Month, tales: Sequence[Tale], until: Month) -> Iterator[Line]:
    """Sum the requests of a month by matter: answered, passed on, settled."""
    sums: dict[str, Counter[str]] = {}
    for tale in tales:
        (_, opening), *steps = _told(tale, until)
        row = sums.setdefault(str(opening["matter"]), Counter())
        row["requests"] += 1
        hows = [str(answers["how"]) for _, answers in steps if "how" in answers]
        if any(answers.get("step") == "answer" for _, answers in steps):
            hows.append("answered")
        how = [str(opening["how"]), *hows][-1]
        if how == "later":
            continue
        row[_GROUPS.get(how, "to_other")] += 1
        row["settled"] += any("settled_on" in answers for _, answers in steps)
    keys = ("requests", "answered", "to_aid", "to_mediation", "to_other", "settled")
    for matter, row in sums.items():
        counts = {key: row[key] for key in keys}
        answers = {"month_end": month.end.isoformat(), "matter": matter, **counts}
        yield line("law_outreach.legal_help", who, month.end, answers)


def complaints(who: Profile, month: Month, tales: Sequence[Tale], until: Month) -> Iterator[Line]:
    """Sum the complaints of a month: answered in time, asked after, content."""
    row: Counter[str] = Counter()
    for tale in tales:
        (_, opening), *steps = _told(tale, until)
        promised = date.fromisoformat(str(opening["received_on"])) + PROMISE
        heard = [answers["heard"] for _, answers in steps if "heard" in answers]
        row["due"] += 1
        answered = [str(answers["answered_on"]) for _, answers in steps if "answered_on" in answers]
        row["in_time"] += bool(answered) and answered[0] <= promised.isoformat()
        row["asked"] += bool(heard) and heard[0] != "unreached"
        row["content"] += bool(heard) and heard[0] == "content"
    if row["due"]:
        counts = {key: row[key] for key in ("due", "in_time", "asked", "content")}
        answers = {"month_end": month.end.isoformat(), **counts}
        yield line("healthy_city.complaint_month", who, month.end, answers)


def screenings(who: Profile, month: Month, tales: Sequence[Tale], until: Month) -> Iterator[Line]:
    """Sum a round on the day on which it ended."""
    for tale in tales:
        row: Counter[str] = Counter()
        for report in tale.lines[1:-1]:
            answers = cast("dict[str, int]", report["answers"])
            row.update({key: answers[key] for key in ("invited", "attended", "free")})
        kind = cast("Answers", tale.lines[0]["answers"])["kind"]
        day = month.end
        yield line(
            "family_services.screening", who, day, {"held_on": day.isoformat(), "kind": kind, **row}
        )


def guidance(who: Profile, month: Month, tales: Sequence[Tale], until: Month) -> Iterator[Line]:
    """Write each visit with whether its advice had been followed by the end of the month."""
    for tale in tales:
        (_, opening), *steps = _told(tale, until)
        day = str(opening["visited_on"])
        is_done = opening["advice"] is None or bool(steps)
        done = {"done": "yes" if is_done else "no"}
        answers = {"visited_on": day, "body": opening["body"], "advice": opening["advice"], **done}
        yield {**line("law_outreach.guidance_visit", who, month.end, answers), "date": day}
