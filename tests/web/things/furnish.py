"""A pack with kinds of things, people, and lines of records for the tests of things."""

import itertools
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from textwrap import dedent
from typing import Any

from taizhang.web.accounts.models import Role
from tests.web.ledger.furnish import DISTRICT, FIRST, SECOND, STREET, furnish

NOW = datetime(2026, 7, 10, 2, tzinfo=UTC)
PACK_FILES = {
    "pack.yaml": 'key: hc\nversion: "1"\nlabel: 设施\nbinds: [社区]\n'.encode(),
    "forms/board.md": dedent(
        """
        | survey | | | | | | |
        | | type | name | label | required | about | save_to |
        | | text | board | 哪一块 | yes | place | |
        | | date | on | 日期 | yes | place | |
        | | text | title | 名称 | | place | title |
        | | text | where | 位置 | | place | place |
        | | date | next | 下次更新 | | place | due |
        | | select_one s | state | 状态 | | place | state |
        | | select_one k | kind | 种类 | | place | kind |
        | choices | | | |
        | | list_name | name | label |
        | | s | in_use | 在用 |
        | | s | removed | 已拆除 |
        | | k | board | 宣传栏 |
        | | k | screen | 电子屏 |
        | entities | | | |
        | | list_name | entity_id | label |
        | | boards | ${board} | ${board} |
        | settings | | | | |
        | | form_title | form_id | version | about |
        | | 宣传栏更新 | board | 1 | place |
        """
    ).encode(),
    "forms/rack.md": dedent(
        """
        | survey | | | | | | |
        | | type | name | label | required | about | save_to |
        | | text | rack | 编号 | yes | place | |
        | | date | on | 日期 | yes | place | |
        | | text | title | 名称 | | place | title |
        | entities | | | |
        | | list_name | entity_id | label |
        | | racks | ${rack} | ${rack} |
        | settings | | | | |
        | | form_title | form_id | version | about |
        | | 取套点补货 | rack | 1 | place |
        """
    ).encode(),
    "things.yaml": dedent(
        """
        board:
          label: 宣传栏
          dataset: boards
          number: "XC-{serial:3}"
          name: title
          place: place
          due: due
          ended: {state: removed}
          counts: [new, standing, ended, overdue]
        screen:
          label: 电子屏
          dataset: boards
          where: {kind: screen}
          number: "DP-{serial:2}"
          name: title
          place: place
          due: due
          ended: {state: removed}
        rack:
          label: 取套点
          dataset: racks
          number: "QT-{serial:2}"
          name: title
          adopts: {number: rack}
        """
    ).encode(),
}  # fmt: skip
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
    line = {
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


def uid(key: str, unit: str = FIRST, dataset: str = "boards") -> str:
    """Give the uid of a thing."""
    return f"{dataset}/{unit}:{key}"


def stored(key: str, unit: str = FIRST, dataset: str = "boards") -> Any:
    """Give the stored row of a thing."""
    from taizhang.web.things.models import Thing

    return Thing.objects.get(uid=uid(key, unit, dataset))
