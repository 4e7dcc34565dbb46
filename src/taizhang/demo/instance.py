"""The demonstration instance, made through the same actions that people use."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from taizhang.core.base.period import Month, year_of
from taizhang.core.unit.tree import Tree
from taizhang.demo.activity.places import DOUBLE
from taizhang.demo.activity.things import given_id
from taizhang.demo.decision import decisions
from taizhang.demo.finished_work import assessment_finish, document_finish
from taizhang.demo.open_cases import case_lines
from taizhang.demo.people import COMMUNITY, colleagues_add, people_add
from taizhang.demo.profile import profile
from taizhang.demo.quotas import quotas_hand_down
from taizhang.demo.records import SPAN, Batch, answers, batches

if TYPE_CHECKING:  # models are imported only once an instance is open
    from taizhang.web.accounts.models import User
    from taizhang.web.ledger.accept.actions import Accepted

NAME = "月湖区（演示数据）"
#: In the order of installation, so that a bare ``year_summary`` is the one of health education.
PACKS = (
    "common",
    "health_education",
    "law_outreach",
    "healthy_city",
    "family_services",
    "volunteers",
    "agreements_petitions",
    "annual_assessment",
)
YEAR = year_of(2025)  # the year whose assessment is finished, but for a few decisions
#: The community whose merger the demonstration shows; its name says that it is made up.
FORMER = "360602001007,旧码头社区（演示）,community,社区,360602001000,,2026-02-28\n"
_SHANGHAI = ZoneInfo("Asia/Shanghai")
#: The ledger of the demonstration begins with its records.
STARTS_ON = date(2025, 1, 1)


@dataclass(frozen=True, slots=True)
class DemoCounts:
    """What the demonstration holds."""

    units: int
    records: int
    facts: int
    closings: int


def demo_make(
    path: Path, progress: Callable[[int, int], None] = lambda done, of: None
) -> DemoCounts:
    """Make the demonstration in the new or empty folder ``path``; the same on every machine.

    :param progress: told after each month how many of how many are done
    :raises Refused: INSTANCE_007 when the folder holds something
    """
    from taizhang.web.instance.open import instance_make

    begin = datetime(2024, 12, 31, 9, tzinfo=_SHANGHAI).astimezone(UTC)
    instance_make(path, name=NAME, close_after=None, starts_on=STARTS_ON, now=begin, synthetic=True)
    with _bulk_durability():
        return _fill(begin, progress)


@contextmanager
def _bulk_durability() -> Iterator[None]:
    """Let SQLite skip the flush of each commit while the demonstration is made.

    A demonstration broken off by a power cut is made anew; records of people never run like this.
    """
    from django.db import connection

    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _fill(begin: datetime, progress: Callable[[int, int], None]) -> DemoCounts:
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.programmes.actions import pack_install
    from taizhang.web.units.actions import File, units_import
    from taizhang.web.units.queries import bodies, history

    owner = user_named(None)
    data = files("taizhang.demo") / "data"
    tree = (data / "units.csv").read_text(encoding="utf-8") + FORMER
    units = units_import(
        units=File(name="units.csv", data=tree.encode()),
        changes=File(name="changes.csv", data=(data / "changes.csv").read_bytes()),
        bodies=File(name="bodies.csv", data=(data / "bodies.csv").read_bytes()),
        acting_user=owner,
        now=begin,
    )
    for key in PACKS:
        folder = Path(str(files("taizhang.packs") / key))
        pack_install(source=folder, acting_user=owner, now=begin)
    people_add(owner, begin)
    colleagues_add(history().tree(STARTS_ON), bodies().bodies, owner, begin)
    quotas_hand_down(history(), (YEAR, year_of(SPAN.last.year)), owner, begin)
    records = facts = closings = 0
    for index, batch in enumerate(batches(history()), start=1):
        taken = _take(batch, owner)
        records, facts, closings = records + taken[0], facts + taken[1], closings + taken[2]
        progress(index, SPAN.length)
    opened = _cases(owner)
    records, facts = records + opened.records, facts + opened.facts
    _merge_double(owner)
    _day_turned(_moment(SPAN.last, 4))
    year_end = history().tree(YEAR.end)
    _decide(year_end, owner)
    assessment_finish(year_end, YEAR, owner, _moment(YEAR.last, 50))
    document_finish(YEAR, owner, _moment(YEAR.last, 55))
    return DemoCounts(units.added, records, facts, closings)


def _cases(owner: User) -> Accepted:
    """Send the cases of the last month, a few days after it."""
    from taizhang.web.ledger.accept.actions import records_import

    lines = [json.dumps(line, ensure_ascii=False) for line in case_lines()]
    moment = _moment(SPAN.last, 4)
    return records_import(lines=lines, file="cases.jsonl", acting_user=owner, now=moment)


def _day_turned(now: datetime) -> None:
    """Let cases and things follow the merger, as they do at night where it is served."""
    from taizhang.web.cases.actions import day_turned
    from taizhang.web.things.actions import day_turned as things_day_turned

    things_day_turned(now)
    day_turned(now)


def _merge_double(owner: User) -> None:
    """Make one of the two boards that are the same board of the first community."""
    from taizhang.web.things.actions import things_merge

    who = profile(COMMUNITY, "社区")
    kept, gone = (f"boards/{COMMUNITY}:{given_id(who, code)}" for code in ("XC-02", DOUBLE))
    moment = _moment(SPAN.last, 4)
    things_merge(kept=kept, gone=gone, reason="同一块宣传栏记了两次", acting_user=owner, now=moment)


def _decide(tree: Tree, owner: User) -> None:
    """Let the assessor decide what only a person can, for most communities of the first year."""
    from django.db import transaction

    from taizhang.web.assess.actions import decision_make

    with transaction.atomic():
        for decision in decisions(tree):
            decision_make(
                rubric=decision.rubric,
                item=decision.item,
                unit=decision.unit,
                period=YEAR,
                points=decision.points,
                errors=decision.errors,
                checked=decision.checked,
                reason=decision.reason,
                acting_user=owner,
                now=_moment(YEAR.last, 45),
            )


def _take(batch: Batch, owner: User) -> tuple[int, int, int]:
    """Accept the records of a month a few days after it, and the closings two days later."""
    from taizhang.web.ledger.accept.actions import records_import
    from taizhang.web.ledger.facts.actions import closings_close

    accepted = records_import(
        lines=[json.dumps(line, ensure_ascii=False) for line in batch.lines],
        file=f"{batch.month}.jsonl",
        acting_user=owner,
        now=_moment(batch.month, 3),
    )
    closings = closings_close(
        closings=[(unit, pack, month) for unit, month in batch.closed for pack in PACKS],
        acting_user=owner,
        now=_moment(batch.month, 5),
    )
    answered = _answer(batch, owner)
    return accepted.records, accepted.facts + answered, closings


def _answer(batch: Batch, owner: User) -> int:
    """Let credited communities confirm or refuse eight days after the month; give new facts."""
    from taizhang.web.ledger.models import Fact
    from taizhang.web.ledger.record.credit_actions import credit_confirm, credit_refuse

    now = _moment(batch.month, 8)
    for answer in answers(batch):
        to = {"uid": answer.record, "unit": answer.unit}
        if answer.reason:
            credit_refuse(**to, reason=answer.reason, acting_user=owner, now=now)
        else:
            credit_confirm(**to, acting_user=owner, now=now)
    return Fact.objects.filter(joint=True, accepted_at=now).count()


def _moment(month: Month, days: int) -> datetime:
    """Give 17:00 in Shanghai some days after the end of ``month``."""
    day = month.end + timedelta(days=days)
    return datetime.combine(day, time(17), tzinfo=_SHANGHAI).astimezone(UTC)
