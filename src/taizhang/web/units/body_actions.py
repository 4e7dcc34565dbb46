"""Writes of single bodies beside the tree: added, or ended on a day, as a page asks for it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from taizhang.core.base.issue import NOWHERE, Issue, Place, Refused, errors
from taizhang.core.unit.body import BODY_KINDS, BODY_SIGN, Bodies, Body
from taizhang.core.unit.body_file import BODY_COLUMNS, read_bodies
from taizhang.core.unit.code import BodyCode
from taizhang.web.audit.access import require
from taizhang.web.audit.actions import Actor, write_lock
from taizhang.web.units import queries
from taizhang.web.units.actions import listeners_tell
from taizhang.web.units.body_persist import bodies_joined, bodies_store


@transaction.atomic
def body_add(
    *,
    name: str,
    kind: str,
    parent: str,
    may_record: bool,
    may_own: bool,
    first_day: date | None = None,
    acting_user: Actor,
    now: datetime,
) -> str:
    """Add a body beside a unit and give its code: the unit's, and the next free number.

    :param first_day: the first day on which it exists, ``None`` for always
    :raises Refused: ACCESS_001, BODY_001 to 006, UNITFILE_005 and what else a file would be told
    """
    require(acting_user, "units.import")
    write_lock()
    body = Body(
        code=_next_code(parent, queries.bodies()),
        name=name,
        kind=kind,
        parent=parent,
        may_record=may_record,
        may_own=may_own,
        valid_from=first_day,
    )
    if kind not in BODY_KINDS:  # a file may bring a new kind, a page offers those that are known
        raise Refused([Issue(BodyCode.BODY_006, facts={"kind": kind, "code": body.code})])
    _write(body, "body.add", acting_user, now)
    return body.code


@transaction.atomic
def body_end(*, code: str, last_day: date, acting_user: Actor, now: datetime) -> None:
    """Give a body its last day; the cases that it has go to the unit beside it then.

    :raises Refused: ACCESS_001, BODY_007 where it has another last day, BODY_008, UNITFILE_010
    """
    require(acting_user, "units.import")
    write_lock()
    rows = queries.bodies().rows(code)
    if not rows:
        raise Refused([Issue(BodyCode.BODY_008, facts={"code": code})])
    _write(rows[-1]._replace(valid_to=last_day), "body.end", acting_user, now)


def _next_code(parent: str, bodies: Bodies) -> str:
    stem = f"{parent}{BODY_SIGN}"
    ours = (body.code for body in bodies.bodies if body.code.startswith(stem))
    taken = [int(code.removeprefix(stem)) for code in ours]
    return f"{stem}{max(taken, default=0) + 1:02}"


def _write(body: Body, action: str, acting_user: Actor, now: datetime) -> None:
    """Check a row as if it stood in a file, and write it."""
    read, faults = read_bodies(_as_file(body), "")
    if errors(faults):
        raise Refused([replace(issue, place=Place("")) for issue in faults])
    joined = bodies_joined(dict.fromkeys(read, NOWHERE), queries.history())
    if errors(joined.issues):
        raise Refused(errors(joined.issues))
    if bodies_store(joined, acting_user, now, action):
        listeners_tell(now)


def _as_file(body: Body) -> bytes:
    cells = ["" if cell is None else str(cell) for cell in body]
    cells[4:6] = ("yes" if allowed else "no" for allowed in (body.may_record, body.may_own))
    text = io.StringIO()
    csv.writer(text).writerows([BODY_COLUMNS, cells])
    return text.getvalue().encode()
