"""Writes of cases beside those that follow from records: units followed, days turned, calendars."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from taizhang.core.base.invisible_sign import line_of
from taizhang.core.base.issue import Issue, Refused
from taizhang.core.case.working_day import YearEdition
from taizhang.core.case.working_day_text import HolidayCode
from taizhang.core.counting.fact import Submission
from taizhang.core.definition.case import OPENS
from taizhang.web.accounts.access import require
from taizhang.web.accounts.models import User
from taizhang.web.audit.actions import Actor, audit_append, write_lock
from taizhang.web.cases.access import case_for
from taizhang.web.cases.code import StepCode
from taizhang.web.cases.kinds import Kinds
from taizhang.web.cases.models import Case, Edition, Member
from taizhang.web.cases.persist import cases_fold, editions_write_once
from taizhang.web.cases.succession import units_followed
from taizhang.web.ledger.accept.actions import Accepted, record_accept


def step_withdraw(
    *, uid: str, case: str, reason: str, acting_user: User, now: datetime
) -> Accepted:
    """Withdraw the record of a step; pressing twice with the same reason withdraws it once.

    :raises Refused: STEP_001 (absent and forbidden look alike), ACCESS_001, STEP_005,
        RECORD_013 to 019
    """
    case_for(acting_user, case, now)
    member = Member.objects.filter(uid=case, record__uid=uid).select_related("record").first()
    if member is None or member.step == OPENS:
        raise Refused([Issue(StepCode.STEP_001, facts={"case": uid})])
    record, reason = member.record, line_of(reason)
    require(acting_user, "case.step", record.unit)
    own = uuid.uuid5(uuid.NAMESPACE_URL, f"withdraws {uid} {reason}")
    withdrawal = Submission(
        id=f"uuid:{own}",
        form=record.form,
        unit=record.unit,
        date=record.date,
        answers={},
        with_units=record.credited,
        withdraws=uid,
        reason=reason,
    )
    return record_accept(record=withdrawal, acting_user=acting_user, now=now)


@transaction.atomic
def day_turned(now: datetime) -> None:
    """Fold the open cases whose owner changes today, or whose next reminder has come."""
    write_lock()
    moved = [
        f"{issue.facts['former']} → {issue.facts['owner']}: {issue.facts['count']}"
        for issue in units_followed(now)
    ]
    if moved:
        audit_append(actor=None, action="case.follow", objects=moved, now=now)
    today = timezone.localdate(now)
    reminded = Case.objects.filter(ended=None, reminder__lte=today)
    cases_fold(reminded.values_list("uid", flat=True), Kinds(today), now)


@transaction.atomic
def edition_add(*, edition: YearEdition, acting_user: Actor, now: datetime) -> Edition:
    """Write down the notice of a year's holidays; limits that run follow it.

    :raises Refused: ACCESS_001, HOLIDAY_007
    """
    require(acting_user, "instance.settings")
    write_lock()
    year, known_from = edition.year, edition.known_from
    if Edition.objects.filter(year=year, known_from=known_from).exists():
        facts = {"year": str(year), "day": known_from.isoformat()}
        raise Refused([Issue(HolidayCode.HOLIDAY_007, facts=facts)])
    kinds = Kinds(timezone.localdate(now))
    editions_write_once(kinds, acting_user, now)
    row = Edition.objects.create(
        year=year,
        known_from=known_from,
        rest=" ".join(sorted(day.isoformat() for day in edition.rest)),
        work=" ".join(sorted(day.isoformat() for day in edition.work)),
        document=edition.document,
        verified=edition.verified,
    )
    audit_append(
        actor=acting_user,
        action="calendar.add",
        objects=[f"{year} {known_from.isoformat()}"],
        rows={Edition: [row.pk]},
        now=now,
    )
    running = Case.objects.filter(ended=None, kind__in=kinds.by_working_days())
    cases_fold(running.values_list("uid", flat=True), kinds, now)
    return row
