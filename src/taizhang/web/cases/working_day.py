"""Editions of working days that are stored, and what a new one would move."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone

from taizhang.core.case.fold import fold
from taizhang.core.case.table import row_of
from taizhang.core.case.working_day import WorkingDays, YearEdition
from taizhang.web.cases.kinds import Kinds, case_world, editions_stored
from taizhang.web.cases.models import Case
from taizhang.web.cases.records import case_records


class LimitMoved(NamedTuple):
    """An open case of which a notice moves the limit that runs."""

    number: str
    uid: str
    owner: str  # code
    before: date
    after: date


def editions() -> list[YearEdition]:
    """Give the editions of working days that hold, the newest year first."""
    return sorted(editions_stored(), key=lambda row: (-row.year, row.known_from))


def limits_moved(edition: YearEdition, now: datetime) -> Iterator[LimitMoved]:
    """Give the open cases whose limit a notice would move, were it written down now."""
    today = timezone.localdate(now)
    kinds, world = Kinds(today), case_world()
    ahead = replace(world, days=WorkingDays([*editions_stored(), edition]))
    running = Case.objects.filter(ended=None, kind__in=kinds.by_working_days())
    for case in case_records(running.values_list("uid", flat=True), kinds):
        standing = fold(case.kind, case.steps, world, today)
        moved = fold(case.kind, case.steps, ahead, today)
        if standing is None or moved is None:
            continue
        before = row_of(standing, world, today).due
        after = row_of(moved, ahead, today).due
        if before is not None and after is not None and before != after:
            yield LimitMoved(standing.number, standing.uid, standing.owner, before, after)
