"""A pack with kinds of things, people, and lines of records for the tests of things."""

import itertools
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from taizhang.web.accounts.models import Role
from tests.web.ledger.furnish import DISTRICT, FIRST, SECOND, STREET, furnish

NOW = datetime(2026, 7, 10, 2, tzinfo=UTC)
TRIAL = Path(__file__).resolve().parents[2] / "errors" / "shared" / "things"
PACK_FILES = {
    path.relative_to(TRIAL).as_posix(): path.read_bytes()
    for path in sorted(TRIAL.rglob("*"))
    if path.is_file()
}
PEOPLE = {
    "chen": (Role.RECORDER, FIRST),
    "lin": (Role.LEAD, FIRST),
    "wu": (Role.RECORDER, SECOND),
    "sun": (Role.REVIEWER, STREET),
    "zhou": (Role.OFFICER, DISTRICT),
}
EAST, WEST, GATE = "N-0000000EST", "N-0000000WST", "N-0000000GTE"


def things_furnish(files: dict[str, bytes] | None = None) -> Any:
    """Import the tree, install the pack, add the people; give the owner."""
    from taizhang.web.accounts.actions import user_add

    owner = furnish(files or PACK_FILES)
    for name, (role, unit) in PEOPLE.items():
        user_add(username=name, name=name, role=role, unit=unit, acting_user=owner, now=NOW)
    return owner


def person(name: str) -> Any:
    """Give one of the people."""
    from taizhang.web.accounts.models import User

    return User.objects.get(username=name)


_numbers = itertools.count(1)


def board(key: str, unit: str = FIRST, day: str = "2026-07-01", **more: Any) -> dict[str, Any]:
    """Give the line of a record of a board; what ``more`` does not name are its answers."""
    line: dict[str, Any] = {
        name: more.pop(name) for name in ("id", "replaces", "withdraws", "reason") if name in more
    }
    answers = {} if "withdraws" in line else {"board": key, "on": day, **more}
    uid = f"b-{next(_numbers)}"
    return {"id": uid, "form": "hc.board", "unit": unit, "date": day, "answers": answers, **line}


def rack(key: str, unit: str = FIRST, day: str = "2026-07-01", **more: Any) -> dict[str, Any]:
    """Give the line of a record of a rack."""
    answers = {"rack": key, "on": day, **more}
    uid = f"q-{next(_numbers)}"
    return {"id": uid, "form": "hc.rack", "unit": unit, "date": day, "answers": answers}


def send(user: Any, lines: Sequence[dict[str, Any]], now: datetime = NOW) -> Any:
    """Import lines of records."""
    from taizhang.web.ledger.accept.actions import records_import

    texts = [json.dumps(line, ensure_ascii=False) for line in lines]
    return records_import(lines=texts, file="r.jsonl", acting_user=user, now=now)


def uid(key: str, unit: str = FIRST, dataset: str = "panels") -> str:
    """Give the uid of a thing."""
    return f"{dataset}/{unit}:{key}"


def stored(key: str, unit: str = FIRST, dataset: str = "panels") -> Any:
    """Give the stored row of a thing."""
    from taizhang.web.things.models import Thing

    return Thing.objects.get(uid=uid(key, unit, dataset))
