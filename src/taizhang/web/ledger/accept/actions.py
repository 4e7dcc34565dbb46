"""The writes of records: accept one, import a file, withdraw one; with the row of the log."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db import transaction

from taizhang.core.base.invisible_sign import line_of
from taizhang.core.base.issue import NOWHERE, Issue, Level, Place, Refused, errors
from taizhang.core.counting.fact import Submission
from taizhang.web.accounts.models import User
from taizhang.web.audit.actions import audit_append, write_lock
from taizhang.web.base.bulk import chunks
from taizhang.web.ledger.accept.credit import credits_decide, credits_persist, waiting_count
from taizhang.web.ledger.accept.persist import moment_of, persist
from taizhang.web.ledger.accept.projection import projected, projected_check
from taizhang.web.ledger.accept.record_json import content_digest, lines_read, record_shape
from taizhang.web.ledger.accept.references import references_check
from taizhang.web.ledger.accept.resolve import (
    Batch,
    PendingRecord,
    digests_stored,
    months_closed,
    resolve,
)
from taizhang.web.ledger.accept.validate import RecordValidator, ValidRecord
from taizhang.web.ledger.access import record_to_change
from taizhang.web.ledger.code import RecordCode
from taizhang.web.ledger.facts.closing import due_from


@dataclass(frozen=True, slots=True)
class Accepted:
    """What accepting records did."""

    records: int  # new ones, corrections and withdrawals included
    unchanged: int  # came again with the same content
    replaced: int
    withdrawn: int
    late: int  # state something for a month that was closed
    facts: int
    waiting: int = 0  # credits that their units have to confirm
    warnings: tuple[Issue, ...] = ()


NOTHING_NEW = Accepted(records=0, unchanged=1, replaced=0, withdrawn=0, late=0, facts=0)


def record_accept(
    *, record: Submission, acting_user: User, now: datetime, filled_with: str | None = None
) -> Accepted:
    """Accept one record: it counts in every figure as soon as this returns.

    The same record once more changes nothing.

    :param filled_with: version of its pack, where the form that was sent tells it
    :raises Refused: with every issue of the record (RECORD_*, ANSWER_*); nothing is stored
    """
    if issues := record_shape(record, NOWHERE):
        raise Refused(issues)
    digest = content_digest(record)
    if digests_stored([record.id]).get(record.id) == digest:
        return NOTHING_NEW
    validator = RecordValidator(acting_user, now)
    record = validator.signed(record, filled_with)
    valid, issues = validator.validate(record, digest, NOWHERE, filled_with)
    if valid is None:
        raise Refused(issues)
    return _write([valid], validator, acting_user, now, "record.accept", issues)


def records_import(
    *, lines: Iterable[str | bytes], file: str = "", acting_user: User, now: datetime
) -> Accepted:
    """Accept the records of a file, one JSON object a line, all of them or none.

    A record may replace or withdraw an earlier one of the same file.  Lines that were accepted
    before with the same content are passed over, whatever holds today.

    :raises Refused: with every issue of every line; nothing is stored
    """
    validator = RecordValidator(acting_user, now)
    read = _Lines()
    for some in chunks(lines_read(lines, file)):
        _lines_validate(some, validator, read)
    if errors(read.issues):
        raise Refused(_all_issues(read, validator))
    good = read.good
    issues = [*read.issues, *_long_past(good, validator.today)]
    done = _write(good, validator, acting_user, now, "records.import", issues)
    return replace(done, unchanged=done.unchanged + read.unchanged)


#: A file brings the records of past years as well: only what is older than these is told.
_LONG_PAST = timedelta(days=3653)


def _long_past(good: Sequence[ValidRecord], today: date) -> list[Issue]:
    """Say once how many records of a file are of a time that is a slip of the year, mostly."""
    start = due_from()
    early = [
        valid
        for valid in good
        if valid.content.date < start.get(valid.pack, today - _LONG_PAST).replace(day=1)
        and valid.content.withdraws is None
    ]
    if not early:
        return []
    first = min(early, key=lambda valid: valid.content.date)
    facts = {
        "count": len(early),
        "id": first.content.uid,
        "date": first.content.date.isoformat(),
    }
    return [Issue(RecordCode.RECORD_026, first.place, facts, Level.WARNING)]


@dataclass(slots=True)
class _Lines:
    """The lines of a file, sorted out."""

    good: list[ValidRecord] = field(default_factory=list)
    bad: set[str] = field(default_factory=set)  # ids
    unchanged: int = 0
    issues: list[Issue] = field(default_factory=list)


def _lines_validate(
    lines: Sequence[tuple[Place, Submission | None, tuple[Issue, ...]]],
    validator: RecordValidator,
    read: _Lines,
) -> None:
    stored = digests_stored(record.id for _, record, _ in lines if record is not None)
    for place, record, wrong in lines:
        read.issues.extend(wrong)
        if record is None:
            continue
        digest = content_digest(record)
        if stored.get(record.id) == digest:
            read.unchanged += 1
            continue
        valid, issues = validator.validate(record, digest, place)
        read.issues.extend(issues)
        if valid is None:
            read.bad.add(record.id)
        else:
            read.good.append(valid)


def _all_issues(read: _Lines, validator: RecordValidator) -> Sequence[Issue]:
    """Add what only the ledger can say about the good lines of a bad file; sort by line."""
    issues = read.issues
    try:
        resolve(read.good, validator, frozenset())
    except Refused as refused:
        # A line that corrects a bad line of the file is not at fault itself.  What lines pick
        # from lists is not asked here, as a bad line may begin it.
        more = [issue for issue in refused.issues if issue.facts.get("target") not in read.bad]
        issues = [*issues, *more]
    return sorted(issues, key=lambda issue: issue.place.line or 0)


def _write(
    good: Sequence[ValidRecord],
    validator: RecordValidator,
    acting_user: User,
    now: datetime,
    action: str,
    warnings: Sequence[Issue],
) -> Accepted:
    closed = months_closed(good, now)
    with transaction.atomic():
        write_lock()
        batch = resolve(good, validator, closed)
        references_check([pending.valid for pending in batch.pending], validator)
        projected_check(batch, acting_user, now)
        moment = moment_of(batch, now)
        credits_decide(batch, closed)
        _log(batch, action, acting_user, moment)
        facts = persist(batch, validator.history, acting_user, moment)
        credits_persist(batch, closed, acting_user, moment)
        facts += projected(batch, acting_user, moment)
    contents = [pending.valid.content for pending in batch.pending]
    return Accepted(
        records=len(contents),
        unchanged=batch.unchanged,
        replaced=sum(content.replaces is not None for content in contents),
        withdrawn=sum(content.withdraws is not None for content in contents),
        late=sum(pending.late for pending in batch.pending),
        facts=facts,
        waiting=waiting_count(batch),
        warnings=tuple(warnings),
    )


def _log(batch: Batch, action: str, acting_user: User, now: datetime) -> None:
    """Write the audit row; one of their own have records into closed months, and those of people
    whose role for the unit has ended.
    """
    kinds: dict[str, list[PendingRecord]] = {}
    for pending in batch.pending:
        suffix = (".moved" if pending.valid.moved else "") + (".late" if pending.late else "")
        kinds.setdefault(suffix, []).append(pending)
    for suffix, records in sorted(kinds.items()):
        first, last = records[0].valid.content, records[-1].valid.content
        logged = audit_append(
            actor=acting_user,
            action=action + suffix,
            objects=list(dict.fromkeys((first.uid, last.uid))),
            seals=[pending.valid.seal for pending in records],
            now=now,
        )
        for pending in records:
            pending.logged = logged


def record_withdraw(*, uid: str, reason: str, acting_user: User, now: datetime) -> Accepted:
    """Withdraw a record; pressing twice with the same reason withdraws it once.

    :raises Refused: RECORD_022 (absent and forbidden look alike), RECORD_013 to 015
    """
    record = record_to_change(acting_user, uid, now)
    reason = line_of(reason)
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
