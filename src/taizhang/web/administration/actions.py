"""Writes of the host: the first administrators, settings, complaints."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from taizhang.core.base.invisible_sign import seen, words_of
from taizhang.core.base.issue import Issue, Refused
from taizhang.core.base.literal import whole_read
from taizhang.web.accounts.access import home_unit, require
from taizhang.web.accounts.actions import closing_terms_set
from taizhang.web.accounts.models import Grant, Instance, Role, User
from taizhang.web.accounts.person.actions import one_time, person_new
from taizhang.web.accounts.person.own_account_actions import password_set
from taizhang.web.accounts.queries import instance, someone_can_log_in, terms_on
from taizhang.web.administration.code import HostCode
from taizhang.web.administration.models import Complaint
from taizhang.web.administration.typed_day import day_typed
from taizhang.web.audit.actions import audit_append
from taizhang.web.units.queries import history

#: The host answers a complaint within so many days.
ANSWER_DAYS = timedelta(days=15)
_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An administrator made by the set-up, with the password to hand over."""

    role: Role
    username: str
    password: str


@transaction.atomic
def setup_open(now: datetime) -> str | None:
    """Give a new code for the set-up page while nobody can log in, else ``None``.

    Only a keyed digest of the code is kept; the one before is worthless from now on.  Whoever runs
    commands on the folder of the instance calls this.
    """
    if someone_can_log_in():
        return None
    code = secrets.token_urlsafe(16)
    Instance.objects.filter(pk=1).update(setup_digest=_digest(code))
    audit_append(actor=None, action="setup.open", objects=[], rows={Instance: [1]}, now=now)
    return code


def setup_check(code: str) -> None:
    """See that ``code`` opens the set-up.

    :raises Refused: HOST_001, HOST_002
    """
    if someone_can_log_in():
        raise Refused([Issue(HostCode.HOST_002)])
    kept = Instance.objects.values_list("setup_digest", flat=True).get(pk=1)
    if not kept or not constant_time_compare(kept, _digest(code)):
        raise Refused([Issue(HostCode.HOST_001)])


def _digest(code: str) -> str:
    return salted_hmac("taizhang.host.setup", code, algorithm="sha256").hexdigest()


@transaction.atomic
def instance_set_up(
    *,
    code: str,
    host: str,
    system: str,
    name: str,
    password: str,
    security: str,
    auditor: str,
    now: datetime,
) -> tuple[Newcomer, ...]:
    """Name the host and make its three administrators; the code is used up.

    :param system: name to log in with of the system administrator, who chose ``password``
    :param security: that of the security administrator, who gets a one-time password
    :param auditor: that of the audit administrator, likewise
    :raises Refused: HOST_001, HOST_002, ACCOUNT_004, ACCOUNT_005, ACCOUNT_010; nothing is made then
    """
    Instance.objects.select_for_update().get(pk=1)
    setup_check(code)
    first = person_new(system, name)
    password_set(first, password)
    _administrator(first, Role.SYSTEM, now)
    made = []
    for username, role in ((security, Role.SECURITY), (auditor, Role.AUDITOR)):
        user = person_new(username, "")
        made.append(Newcomer(role, username, one_time(user)))
        _administrator(user, role, now)
    changed = {"setup_digest": ""} | ({"name": host} if host else {})
    Instance.objects.filter(pk=1).update(**changed)
    audit_append(
        actor=first, action="instance.set-up", objects=["1"], rows={Instance: [1]}, now=now
    )
    return tuple(made)


def _administrator(user: User, role: Role, now: datetime) -> None:
    user.save()
    grant = Grant.objects.create(user=user, role=role.value, unit="")
    audit_append(
        actor=None,
        action="user.add",
        objects=[str(user.pk)],
        rows={User: [user.pk], Grant: [grant.pk]},
        now=now,
    )


@transaction.atomic
def settings_change(
    *,
    name: str,
    close_after: str,
    closing_day: str = "",
    starts_on: str | None = None,
    holds_from: str = "",
    acting_user: User,
    now: datetime,
) -> None:
    """Change the name of the host, and what holds for closings from a day on.

    :param close_after: days after which a month closes by itself, '' for months that people close
    :param closing_day: a day of the month, '' for the one that holds
    :param starts_on: a day, '' for always, ``None`` for the one that holds
    :param holds_from: a day, '' for today
    :raises Refused: ACCESS_001, HOST_003, HOST_008, ACCOUNT_016, ACCOUNT_017, ACCOUNT_018
    """
    require(acting_user, "instance.settings")
    since = day_typed(holds_from) if holds_from else timezone.localdate(now)
    terms = replace(terms_on(since), holds_from=since)
    terms = replace(terms, close_after=_number(close_after) if close_after else None)
    if closing_day:
        terms = replace(terms, closing_day=_number(closing_day))
    if starts_on is not None:
        terms = replace(terms, starts_on=day_typed(starts_on) if starts_on else None)
    closing_terms_set(terms=terms, acting_user=acting_user, now=now)
    host = seen(name).strip()
    if host != instance().name:
        Instance.objects.filter(pk=1).update(name=host)
        audit_append(
            actor=acting_user,
            action="instance.settings",
            objects=["1"],
            rows={Instance: [1]},
            now=now,
        )


def _number(text: str) -> int:
    number = whole_read(text)
    if number is None:
        raise Refused([Issue(HostCode.HOST_003, facts={"days": text})])
    return number


@transaction.atomic
def complaint_file(
    *, about: str, text: str, unnamed: bool, acting_user: User, now: datetime
) -> Complaint:
    """File a complaint; any signed-in person may.

    :param unnamed: whoever answers does not see the name, nor does the log
    :raises Refused: HOST_006
    """
    complaint = Complaint.objects.create(
        about=about[:300],
        text=_said(text),
        unit=home_unit(acting_user, now) or _top(now),
        filed_by=acting_user,
        unnamed=unnamed,
        filed_at=now,
        due_date=timezone.localdate(now) + ANSWER_DAYS,
    )
    audit_append(
        actor=None if unnamed else acting_user,
        action="complaint.file",
        objects=[str(complaint.pk)],
        rows={Complaint: [complaint.pk]},
        now=now,
    )
    return complaint


def _top(now: datetime) -> str:
    """Give the uppermost unit, which answers for whoever has none of their own."""
    tops = history().tree(timezone.localdate(now)).tops
    return tops[0].code if tops else ""


@transaction.atomic
def complaint_answer(*, complaint: int, text: str, acting_user: User, now: datetime) -> Complaint:
    """Answer a complaint once.

    :raises Complaint.DoesNotExist: when there is none of that number
    :raises Refused: ACCESS_001, HOST_006, HOST_007
    """
    filed = Complaint.objects.select_for_update().get(pk=complaint)
    require(acting_user, "complaint.answer", filed.unit or None)
    if filed.answered_at is not None:
        day = timezone.localdate(filed.answered_at)
        raise Refused([Issue(HostCode.HOST_007, facts={"day": day.isoformat()})])
    filed.answer = _said(text)
    filed.answered_by = acting_user
    filed.answered_at = now
    filed.save()
    audit_append(
        actor=acting_user,
        action="complaint.answer",
        objects=[str(filed.pk)],
        rows={Complaint: [filed.pk]},
        now=now,
    )
    return filed


def _said(text: str) -> str:
    text = words_of(text)
    if not 0 < len(text) <= _LONGEST:
        raise Refused([Issue(HostCode.HOST_006)])
    return text
