"""A small tree, a pack with a kind of case, people and steps for the tests of cases."""

import itertools
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from taizhang.web.accounts.models import Role
from tests.core.case.problem import CASES, FORM, PACK
from tests.web.ledger.furnish import DISTRICT, FIRST, SECOND, STREET, furnish

NOW = datetime(2026, 7, 10, 2, tzinfo=UTC)
CLINIC = f"{STREET}-B01"
BODIES = f"""code,name,kind,parent,may_record,may_own,valid_from,valid_to
{CLINIC},江边卫生服务中心,卫生服务中心,{STREET},yes,yes,,
"""
PACK_FILES = {
    "pack.yaml": PACK.encode(),
    "forms/problem.md": FORM.encode(),
    "cases.yaml": CASES.encode(),
}
PEOPLE = {
    "chen": (Role.RECORDER, FIRST),
    "lin": (Role.LEAD, FIRST),
    "wu": (Role.RECORDER, SECOND),
    "sun": (Role.REVIEWER, STREET),
    "he": (Role.REVIEWER, STREET),
    "zhou": (Role.OFFICER, DISTRICT),
    "bai": (Role.RECORDER, CLINIC),
}


def cases_furnish() -> Any:
    """Import the tree with a body, install the pack, add the people; give the owner."""
    from taizhang.web.accounts.actions import user_add
    from taizhang.web.units.actions import File, units_import

    owner = furnish(PACK_FILES)
    bodies = File(name="bodies.csv", data=BODIES.encode())
    units_import(bodies=bodies, acting_user=owner, now=NOW)
    for name, (role, unit) in PEOPLE.items():
        user_add(username=name, name=name, role=role, unit=unit, acting_user=owner, now=NOW)
    return owner


def person(name: str) -> Any:
    """Give one of the people."""
    from taizhang.web.accounts.models import User

    return User.objects.get(username=name)


_numbers = itertools.count(1)


def opening(
    uid: str = "", unit: str = FIRST, day: str = "2026-07-01", **more: Any
) -> dict[str, Any]:
    """Give the line of a record that opens a case."""
    due = (date.fromisoformat(day) + timedelta(days=9)).isoformat()
    answers = {"on": day, "what": "楼道堆物", "due_on": due, **more.pop("answers", {})}
    uid = uid or f"case-{next(_numbers)}"
    return {"id": uid, "form": "hc.problem", "unit": unit, "date": day, "answers": answers, **more}


def step(
    case: str, key: str, unit: str = FIRST, day: str = "2026-07-02", **more: Any
) -> dict[str, Any]:
    """Give the line of a record that is a step of a case."""
    answers = {"done_on": day, "step": key, **more.pop("answers", {})}
    return {
        "id": f"step-{next(_numbers)}",
        "form": "hc.problem_step",
        "unit": unit,
        "date": day,
        "case": case,
        "step": key,
        "answers": answers,
        "by": "chen",
        **more,
    }


def send(user: Any, lines: Sequence[dict[str, Any]], now: datetime = NOW) -> Any:
    """Import lines of records."""
    from taizhang.web.ledger.accept.actions import records_import

    texts = [json.dumps(line, ensure_ascii=False) for line in lines]
    return records_import(lines=texts, file="r.jsonl", acting_user=user, now=now)
