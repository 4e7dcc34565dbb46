"""50,000 open cases of a district: their list, the overdue ones, one desk, as pages and as a table.

Cases are opened by an import of their records.  Pages go through the whole of Django, without a
socket, and find no answer kept by an earlier one; the slowest of them counts.  The same is measured
on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from bench.ledger import COMMUNITIES, DISTRICT, instance
from bench.postgresql import server

CASES = 50_000
LIST, DESK = 0.3, 0.2
ROUNDS = 9
KINDS = ("rubbish", "facility", "hands", "fringe", "frontage", "breeding", "order")


def run(count: int = CASES) -> dict[str, Any]:
    """Time the pages on both databases."""
    told = {"SQLite": _measured(None, count)}
    with server() as address:
        if address is not None:
            told["PostgreSQL"] = _measured(address, count)
    slowest = max(max(times["list"], times["overdue"]) for times in told.values())
    desks = max(times["desk"] for times in told.values())
    said = "; ".join(
        f"{name}: " + ", ".join(f"{what} {seconds:.3f}" for what, seconds in times.items())
        for name, times in told.items()
    )
    return {
        "name": f"list of {count:,} open cases of a district, the slower database",
        "ours": round(slowest, 3),
        "baseline": None,
        "ratio": None,
        "bar": f"list ≤ {LIST:g} s, desk ≤ {DESK:g} s",
        "met": slowest <= LIST and desks <= DESK,
        "note": f"seconds, medians of {ROUNDS}; {said}",
    }


def _measured(address: str | None, count: int) -> dict[str, float]:
    now = datetime.now().astimezone()
    random = Random("taizhang-bench-cases")  # noqa: S311 - the same cases on every run
    lines = [json.dumps(_opening(n, now.date(), random), ensure_ascii=False) for n in range(count)]
    with instance(address) as (_, owner):
        from django.test import Client

        from taizhang.web.accounts.models import Grant, User
        from taizhang.web.cases.models import Case
        from taizhang.web.ledger.accept.actions import records_import
        from taizhang.web.programmes.actions import pack_install

        for pack in ("volunteers", "law_outreach", "healthy_city"):
            source = Path(str(files("taizhang.packs") / pack))
            pack_install(source=source, acting_user=owner, now=now)
        records_import(lines=lines, file="bench.jsonl", acting_user=owner, now=now)
        assert Case.objects.filter(ended=None).count() == count
        clients = {}
        for role, unit in (("officer", DISTRICT), ("lead", COMMUNITIES[0])):
            person = User.objects.create(username=role, name=role)
            Grant.objects.create(user=person, role=role, unit=unit)
            clients[role] = Client(headers={"host": "localhost"})
            clients[role].force_login(person)
        officer, lead = clients["officer"], clients["lead"]
        listed = f"/cases/?unit={DISTRICT}"
        return {
            "list": _seconds(lambda: _page(officer, listed)),
            "overdue": _seconds(lambda: _page(officer, f"{listed}&overdue=1")),
            "last page": _seconds(lambda: _page(officer, f"{listed}&page=999999")),
            "desk": _seconds(lambda: _page(lead, "/")),
            "desk of the district": _seconds(lambda: _page(officer, "/")),
        }


def _opening(number: int, today: date, random: Random) -> dict[str, Any]:
    day = today - timedelta(days=random.randrange(1, 300))
    return {
        "id": f"bench-{number:07d}",
        "form": "healthy_city.problem_found",
        "unit": COMMUNITIES[number % len(COMMUNITIES)],
        "date": day.isoformat(),
        "answers": {
            "found_on": day.isoformat(),
            "kind": random.choice(KINDS),
            "what": f"楼道杂物第{number}处",
            "due_on": (day + timedelta(days=random.randrange(7, 330))).isoformat(),
        },
    }


def _page(client: Any, address: str) -> None:
    from taizhang.web.base import cache

    cache._answers.clear()
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)


def _seconds(called: Callable[[], None]) -> float:
    times = []
    for _ in range(ROUNDS + 1):
        started = time.perf_counter()
        called()
        times.append(time.perf_counter() - started)
    return median(times[1:])
