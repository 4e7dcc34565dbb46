"""The one way in for filled-in forms: from the recording page and from OpenRosa alike.

Nothing is stored before form, answers and pictures are found good.  Then the record is accepted
in its own transaction and each picture in one of its own.  A crash between them leaves a whole
record that lacks pictures; the same form sent again adds what is missing and changes nothing else.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import PurePath

from django.utils import timezone

from taizhang.core.base.invisible_sign import line_of
from taizhang.core.base.issue import NOWHERE, Issue, Level, Place, Refused
from taizhang.core.base.literal import day_of
from taizhang.core.base.period import Month
from taizhang.core.case.submission import day_field
from taizhang.core.counting.fact import Submission
from taizhang.core.definition.pack import Pack
from taizhang.core.form import Form
from taizhang.core.form.check import Checker
from taizhang.core.form.code import InstanceCode
from taizhang.core.form.instance import FormInstance, InstanceHead, instance_answers, instance_head
from taizhang.web.accounts.models import User
from taizhang.web.base.wording import month_words
from taizhang.web.ledger import models
from taizhang.web.ledger.accept.actions import Accepted, record_accept
from taizhang.web.ledger.code import SentCode
from taizhang.web.ledger.facts.closing import due_from
from taizhang.web.ledger.record.evidence import evidence_clean
from taizhang.web.ledger.record.evidence_actions import evidence_attach
from taizhang.web.programmes.queries import in_force, installed, programmes_of, programmes_on

#: Why a record was replaced, where the sender could not say it: Collect edits without a question.
EDITED = "在手机上改正，未另写理由"


#: A record of more days ago than these is taken, with a word on when it counts.
FAR = timedelta(days=60)


class Status(StrEnum):
    """What became of a filled-in form."""

    ACCEPTED = "accepted"  # a new record, whole
    KNOWN = "known"  # came again with the same content
    INCOMPLETE = "incomplete"  # the record stands, files it names are still to come


@dataclass(frozen=True, slots=True)
class AcceptedSubmission:
    """The answer to a sender; ``missing`` are the files that the form names and nobody sent."""

    status: Status
    uid: str
    accepted: Accepted
    missing: tuple[str, ...] = ()
    warnings: tuple[Issue, ...] = ()
    date: date | None = None  # for which it counts


def submission_accept(
    *,
    xml: bytes,
    files: Mapping[str, bytes],
    unit: str,
    with_units: tuple[str, ...] = (),
    acting_user: User,
    now: datetime,
    more_to_come: bool = False,
    reason: str = "",
    evidence: Mapping[str, bytes] | None = None,
    place: Place = NOWHERE,
) -> AcceptedSubmission:
    """Accept a filled-in form as a record, and the pictures that came with it.

    The same form once more changes nothing, and adds pictures that were missing.

    :param files: name → content of the pictures that the form names
    :param more_to_come: the sender says that further files follow with the same form
    :param reason: why an edit replaces its original; :data:`EDITED` where nobody was asked
    :param evidence: name → content of pictures beside the form, attached as they are
    :raises Refused: SENT_001 to 012, EVIDENCE_*, RECORD_*, ANSWER_*; then nothing is stored
    """
    today = timezone.localdate(now)
    instance, pack = _read(xml, today, place)
    wanted = {_same(name): name for name in instance.media}
    given = {_same(name): content for name, content in files.items()}
    pictures = {wanted[name]: content for name, content in given.items() if name in wanted}
    pictures |= evidence or {}
    _pictures_check(pictures)
    record = _record(instance, pack, unit, with_units, reason, now)
    warnings = [
        Issue(SentCode.SENT_013, place, {"name": name[:100]}, Level.WARNING)
        for name in files
        if _same(name) not in wanted
    ]
    warnings += _version_warnings(instance, today, place)
    warnings += _date_warnings(record.date, pack.key, today, place)
    accepted = record_accept(
        record=record, acting_user=acting_user, now=now, filled_with=pack.version
    )
    for name, content in pictures.items():
        evidence_attach(uid=record.id, name=name, content=content, acting_user=acting_user, now=now)
    missing = tuple(name for name in _missing(instance) if name not in pictures)
    status = Status.ACCEPTED if accepted.records else Status.KNOWN
    if missing or more_to_come:
        status = Status.INCOMPLETE
    issues = (*warnings, *accepted.warnings)
    return AcceptedSubmission(status, record.id, accepted, missing, issues, record.date)


def _read(xml: bytes, today: date, place: Place) -> tuple[FormInstance, Pack]:
    head, issues = instance_head(xml, place)
    if head is None:
        raise Refused(issues)
    wrong: Sequence[Issue] = ()
    faulty: tuple[FormInstance, Pack] | None = None
    for form, pack in _forms_of(head, today, place):
        instance, issues = instance_answers(head, form, place)
        if instance is None:
            wrong = wrong or issues
        elif not Checker(form).check(instance.answers, place, today):
            return instance, pack
        else:
            faulty = faulty or (instance, pack)
    if faulty is None:
        raise Refused(wrong)
    return faulty


def _forms_of(head: InstanceHead, today: date, place: Place) -> Sequence[tuple[Form, Pack]]:
    """Find the form by which an instance was filled in: it may be of an earlier version.

    Packs may change a form and leave it its version: then each form of that version is given, and
    the first by which the answers are right is the one that was filled in.

    :raises Refused: SENT_005
    """
    key = head.form_id.partition(".")[0]
    versions = [version for version in installed() if version.key == key]
    corrected = models.Record.objects.filter(uid=head.deprecated) if head.deprecated else ()
    named = [
        version
        for version in versions
        for record in corrected
        if version.version == record.pack_version
    ]
    # The version of the record that is corrected first, then that in force, then the latest.
    forms: dict[str, tuple[Form, Pack]] = {}
    for version in (*named, *in_force(versions, today), *reversed(versions)):
        pack = programmes_of((version,)).by_key[key]
        form = pack.forms.get(head.form_id)
        if form is not None and form.version == head.version:
            forms.setdefault(form.source, (form, pack))
    if not forms:
        facts = {"form": head.form_id[:100], "version": head.version[:100]}
        raise Refused([Issue(InstanceCode.SENT_005, place, facts)])
    return list(forms.values())


def _pictures_check(pictures: Mapping[str, bytes]) -> None:
    """See that every picture can be kept, before the record is.

    :raises Refused: EVIDENCE_001 to 003, of every picture
    """
    issues: list[Issue] = []
    for name, content in pictures.items():
        try:
            evidence_clean(name, content)
        except Refused as refused:
            issues.extend(refused.issues)
    if issues:
        raise Refused(issues)


def _record(
    instance: FormInstance,
    pack: Pack,
    unit: str,
    with_units: tuple[str, ...],
    reason: str,
    now: datetime,
) -> Submission:
    day = _date(instance, pack, now)
    return Submission(
        id=instance.uid,
        form=instance.form_id,
        unit=unit,
        date=day,
        answers=instance.answers,
        with_units=with_units,
        replaces=instance.deprecated,
        reason=(line_of(reason) or EDITED) if instance.deprecated else "",
        case=instance.case or None,
        step=instance.step or None,
        time=_hour(instance, day, now),
    )


def _hour(instance: FormInstance, day: date, now: datetime) -> time | None:
    """Give the hour of a step: as the phone says, never ahead of now; a correction keeps it."""
    if instance.deprecated:
        earlier = models.Record.objects.filter(uid=instance.deprecated, date=day)
        return earlier.values_list("hour", flat=True).first()
    known = models.Record.objects.filter(uid=instance.uid).values_list("hour", flat=True).first()
    if known is not None or not instance.hour:
        return known
    local = timezone.localtime(now)
    return min(instance.hour, local.time().replace(microsecond=0)) if day == local.date() else None


def _date(instance: FormInstance, pack: Pack, now: datetime) -> date:
    """Give the day of the record: as the counting rules date it, else the day of its arrival.

    What came before keeps its day, so that the same form sent again tomorrow is still the same.
    """
    known = models.Record.objects.filter(uid=instance.uid).values_list("date", flat=True).first()
    if known is not None:
        return known
    today = timezone.localdate(now)
    rules = [rule for rule in pack.counting if rule.form == instance.form_id]
    rules = rules or list(programmes_on(today).counting.get(instance.form_id, ()))
    field = rules[0].date if rules else day_field(pack.cases, pack.forms[instance.form_id])
    answer = instance.answers.get(field) if field and "." not in field else None
    try:
        return day_of(str(answer)[:10]) if answer else today
    except ValueError:
        return today  # the check of the answers says what is wrong with it


def _version_warnings(instance: FormInstance, today: date, place: Place) -> list[Issue]:
    ruling = programmes_on(today).forms.get(instance.form_id)
    if ruling is None or ruling.version == instance.version:
        return []
    facts = {"version": instance.version, "ruling": ruling.version}
    return [Issue(SentCode.SENT_014, place, facts, Level.WARNING)]


def _date_warnings(day: date, pack: str, today: date, place: Place) -> list[Issue]:
    """Say when a record counts that is long past or of a time before the ledger: a slip, mostly."""
    facts: dict[str, object] = {"date": day.isoformat(), "month": month_words(Month.of(day))}
    start = due_from().get(pack, date.min)
    if day < start.replace(day=1):
        code = SentCode.SENT_016
        facts["start"] = month_words(Month.of(start))
    elif today - day > FAR:
        code = SentCode.SENT_015
        facts["days"] = (today - day).days
    else:
        return []
    return [Issue(code, place, facts, Level.WARNING)]


def _missing(instance: FormInstance) -> tuple[str, ...]:
    """Give the files that a stored form names and that are not attached yet."""
    if not instance.media:
        return ()
    names = models.Evidence.objects.filter(record__uid=instance.uid).values_list("name", flat=True)
    attached = {_stem(name) for name in names}
    return tuple(name for name in instance.media if _stem(name) not in attached)


def _stem(name: str) -> str:
    """Give a file's name as evidence keeps it: its ending follows the kind of the picture."""
    return PurePath(name).stem[:150] or "photo"


def _same(name: str) -> str:
    """Give the form by which names are compared: one sign may be written in two ways."""
    return unicodedata.normalize("NFC", name)
