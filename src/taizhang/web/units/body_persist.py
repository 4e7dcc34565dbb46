"""Bodies of a file joined with those stored, checked and written with the units of one import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from taizhang.core.base.issue import NOWHERE, Issue, Level, Place
from taizhang.core.unit.body import Body, changed_columns, check_bodies
from taizhang.core.unit.code import BodyCode
from taizhang.core.unit.tree import History
from taizhang.web.audit.actions import Actor, audit_append
from taizhang.web.units import models, queries


@dataclass(frozen=True, slots=True)
class JoinedBodies:
    """Stored and new rows of bodies together, with what is wrong with them."""

    written: tuple[Body, ...]  # new rows, and stored ones as they are from now on
    issues: tuple[Issue, ...]


def bodies_joined(new: Mapping[Body, Place], history: History) -> JoinedBodies:
    """Join bodies of a file with those stored, and check the whole.

    Of a stored row only the name may change, and a last day may be given.

    :param history: the tree as it will be
    """
    stored = queries.bodies().bodies
    by_key = {(body.code, body.valid_from): body for body in stored}
    whole: dict[Body, Place] = dict.fromkeys(stored, NOWHERE)
    written: list[Body] = []
    faults: list[Issue] = []
    for body, place in new.items():
        before = by_key.get((body.code, body.valid_from))
        if before is not None and (different := changed_columns(before, body)):
            facts: dict[str, object] = {"code": body.code, "differences": "; ".join(different)}
            faults.append(Issue(BodyCode.BODY_007, place, facts))
            continue
        joined = body
        if before is not None:
            joined = before._replace(name=body.name, valid_to=before.valid_to or body.valid_to)
            if joined == before:
                continue
            del whole[before]
        whole[joined] = place
        written.append(joined)
    faults += _told(whole, history)
    return JoinedBodies(tuple(written), tuple(faults))


def _told(whole: dict[Body, Place], history: History) -> Iterator[Issue]:
    for issue in check_bodies(whole, history):
        if issue.level is not Level.WARNING or issue.place != NOWHERE:
            yield issue


def bodies_store(joined: JoinedBodies, acting_user: Actor, now: datetime, action: str) -> int:
    """Write the rows of bodies and the row of the log; give how many."""
    if not joined.written:
        return 0
    keys = []
    for body in joined.written:
        row, _ = models.Body.objects.update_or_create(
            code=body.code,
            valid_from=body.first_day,
            defaults={
                "name": body.name,
                "kind": body.kind,
                "parent": body.parent,
                "may_record": body.may_record,
                "may_own": body.may_own,
                "valid_to": body.last_day,
            },
        )
        keys.append(row.pk)
    audit_append(
        actor=acting_user,
        action=action,
        objects=sorted({body.code for body in joined.written}),
        rows={models.Body: keys},
        now=now,
    )
    return len(keys)
