"""Writes of what cases come to; called in the transaction that accepts their records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.utils import timezone

from taizhang.core.base.number_label import NumberPattern
from taizhang.core.case.counting import FIRST_ORDINAL
from taizhang.core.case.working_day import announced_edition
from taizhang.core.definition.case import CaseKind
from taizhang.web.accounts.models import User
from taizhang.web.audit.actions import Actor, audit_append
from taizhang.web.base.bulk import chunks
from taizhang.web.cases.kinds import Kinds, case_world
from taizhang.web.cases.models import Case, Edition, Member, Number, Party, Run
from taizhang.web.cases.records import RecordHead, case_records
from taizhang.web.cases.rows import CaseRows, case_rows
from taizhang.web.cases.sealed_text import number_text
from taizhang.web.ledger.facts.projection_fact import derived_write
from taizhang.web.ledger.number import Numbered, numbers_next
from taizhang.web.ledger.number_persist import numbers_put

#: Years whose shipped working days are written down once.
FIRST_YEAR, LAST_YEAR = 2024, 2035


def cases_fold(uids: Iterable[str], kinds: Kinds, now: datetime) -> int:
    """Fold cases anew and write what differs; give how many facts were put in."""
    world, today, facts = case_world(), timezone.localdate(now), 0
    for some in chunks(sorted(set(uids)), 500):
        rows: list[CaseRows] = []
        keys: set[int] = set()
        for case in case_records(some, kinds):
            keys.update(case.keys.values())
            made = case_rows(case, world, today, case.opening_form(kinds))
            if made is not None:
                rows.append(made)
        facts += derived_write(keys, [fact for row in rows for fact in row.facts], FIRST_ORDINAL)
        rows_put(some, rows)
    return facts


def rows_put(uids: Collection[str], rows: Sequence[CaseRows]) -> None:
    """Put the rows of some cases in the place of those stored."""
    for model in (Case, Run, Party):
        model.objects.filter(uid__in=uids).delete()
    Case.objects.bulk_create([row.case for row in rows], batch_size=500)
    Run.objects.bulk_create([run for row in rows for run in row.runs], batch_size=500)
    Party.objects.bulk_create([party for row in rows for party in row.parties], batch_size=500)


def members_add(members: Sequence[Member]) -> None:
    """Write which case and step new records are."""
    Member.objects.bulk_create(members, batch_size=500)


def rows_replace(members: Sequence[Member], rows: Sequence[CaseRows]) -> None:
    """Put everything told anew in the place of what is stored."""
    for model in (Member, Case, Run, Party):
        model.objects.all().delete()
    members_add(members)
    for some in chunks(rows, 500):
        rows_put([row.case.uid for row in some], some)


def numbers_give(
    opened: Sequence[tuple[CaseKind, RecordHead]], acting_user: User, now: datetime
) -> None:
    """Give each case that begins its number, from the counter of the unit that opened it.

    Runs inside the lock of writers; a number is given once and never again.
    """
    if not opened:
        return
    begun = [
        Numbered(record.uid, kind.key, NumberPattern(kind.number), record.unit, record.date)
        for kind, record in opened
    ]
    rows = [
        Number(
            **columns,
            provisional=case.pattern.provisional(case.date.year, case.uid),
            given_at=now,
            given_by=acting_user.pk,
        )
        for case, columns in numbers_next(Number, begun)
    ]
    numbers_put(rows, number_text, "case.number", acting_user, now)


def editions_write_once(kinds: Kinds, acting_user: Actor, now: datetime) -> None:
    """Write down the shipped working days when the first case counts by them.

    From then on an update of the software changes no limit: a person adds what is announced.
    """
    if Edition.objects.exists() or not kinds.by_working_days():
        return
    rows = []
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        edition = announced_edition(year)
        if edition is not None:
            row = Edition(
                year=edition.year,
                known_from=edition.known_from,
                rest=" ".join(day.isoformat() for day in sorted(edition.rest)),
                work=" ".join(day.isoformat() for day in sorted(edition.work)),
                document=edition.document,
                verified=edition.verified,
            )
            row.save(force_insert=True)
            rows.append(row)
    audit_append(
        actor=acting_user,
        action="calendar.begin",
        objects=[str(row.year) for row in rows],
        rows={Edition: [row.pk for row in rows]},
        now=now,
    )
