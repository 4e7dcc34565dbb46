"""Writes of what records state: a month closed, all facts counted anew from the records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from taizhang.core.base.issue import Issue, Refused
from taizhang.core.base.period import Month
from taizhang.web.accounts.access import require
from taizhang.web.accounts.models import User
from taizhang.web.audit.actions import audit_append, seal, write_lock
from taizhang.web.audit.models import SEAL
from taizhang.web.ledger.code import ClosingCode
from taizhang.web.ledger.facts import rebuild
from taizhang.web.ledger.facts.closing import closings_stored
from taizhang.web.ledger.models import Closing
from taizhang.web.ledger.sealed_text import closing_text
from taizhang.web.programmes.queries import programmes_on
from taizhang.web.units.queries import history


def facts_rebuild(*, acting_user: User, now: datetime) -> rebuild.Rebuilt:
    """Count all facts and cells of the month cube anew from the records.

    What was stored and is not so is reported in the answer and replaced.  Writers wait only where
    something is replaced: whether anything differs is first seen at one moment beside them.

    :raises Refused: ACCESS_001
    """
    require(acting_user, "facts.rebuild")
    rebuilt = rebuild.facts_agree(now)
    with transaction.atomic():
        write_lock()
        if rebuilt.issues:
            rebuilt = rebuild.rebuild(now)
        audit_append(
            actor=acting_user,
            action="facts.rebuild",
            objects=[rebuilt.digest],
            contents=[rebuilt.digest],
            now=now,
        )
    return rebuilt


def closings_close(
    *, closings: Sequence[tuple[str, str, Month]], acting_user: User, now: datetime
) -> int:
    """Close many months, each (unit, pack, month), all or none; give how many were open.

    :raises Refused: ACCESS_001, or CLOSING_001 to 003 with every issue
    """
    for unit in sorted({unit for unit, _, _ in closings}):
        require(acting_user, "closing.close", unit)
    _closings_check(closings, timezone.localdate(now))
    with transaction.atomic():
        write_lock()
        keys = {(pack, unit, month.number) for unit, pack, month in closings}
        fresh = sorted(keys - closings_stored(keys))
        if fresh:
            _close(fresh, acting_user, now)
    return len(fresh)


def _close(fresh: Sequence[tuple[str, str, int]], acting_user: User, now: datetime) -> None:
    texts = [closing_text(*key) for key in fresh]
    seals = [seal(text) for text in texts]
    logged = audit_append(
        actor=acting_user,
        action="closing.close",
        objects=list(dict.fromkeys((texts[0], texts[-1]))),
        seals=seals,
        now=now,
    )
    Closing.objects.bulk_create(
        [
            Closing(
                pack=pack,
                unit=unit,
                month=month,
                closed_at=now,
                closed_by=acting_user,
                logged=logged,
                seal=sealed.hex()[:SEAL],
            )
            for (pack, unit, month), sealed in zip(fresh, seals, strict=True)
        ],
        batch_size=5000,
    )


def _closings_check(closings: Sequence[tuple[str, str, Month]], today: date) -> None:
    issues = []
    known = history()
    programmes = {month: programmes_on(month.end) for month in {month for _, _, month in closings}}
    for unit, pack, month in closings:
        if month.end > today:
            issues.append(Issue(ClosingCode.CLOSING_001, facts={"month": month}))
        packs = programmes[month].by_key
        ruling = packs.get(pack)
        if ruling is None:
            facts: dict[str, object] = {"pack": pack, "month": month, "known": ", ".join(packs)}
            issues.append(Issue(ClosingCode.CLOSING_002, facts=facts))
            continue
        row = known.unit_on(unit, month.end) or known.unit_on(unit, month.start)
        if row is None or row.kind not in ruling.unit_kinds:
            facts = {"unit": unit, "pack": pack, "kinds": ", ".join(ruling.unit_kinds)}
            issues.append(Issue(ClosingCode.CLOSING_003, facts=facts))
    if issues:
        raise Refused(issues)
