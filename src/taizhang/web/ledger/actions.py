"""Every write of the ledger: permission, change and audit row in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from taizhang.core.fact import Record as Submission
from taizhang.core.issue import NOWHERE, Issue, Level, Place, Refused, errors
from taizhang.core.period import Month
from taizhang.web.accounts.access import require
from taizhang.web.accounts.models import User
from taizhang.web.audit.actions import audit_append, seal, write_lock
from taizhang.web.audit.models import SEAL
from taizhang.web.ledger import evidence as files
from taizhang.web.ledger import rebuild
from taizhang.web.ledger.access import record_to_attach
from taizhang.web.ledger.closings import closings_said, due_from
from taizhang.web.ledger.code import ClosingCode, RecordCode
from taizhang.web.ledger.covers import closing_text, evidence_text
from taizhang.web.ledger.judge import Judge, Judged
from taizhang.web.ledger.models import Closing, Evidence
from taizhang.web.ledger.picked import picked_check
from taizhang.web.ledger.settle import (
    New,
    Settled,
    chunks,
    digests_stored,
    months_closed,
    settle,
)
from taizhang.web.ledger.store import moment_of, store
from taizhang.web.ledger.submission import content_digest, lines_read, record_shape
from taizhang.web.programmes.queries import programmes_on
from taizhang.web.units.queries import history


@dataclass(frozen=True, slots=True)
class Accepted:
    """What accepting records did."""

    records: int  # new ones, corrections and withdrawals included
    unchanged: int  # came again with the same content
    replaced: int
    withdrawn: int
    late: int  # state something for a month that was closed
    facts: int
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
    judge = Judge(acting_user, now)
    judged, issues = judge.judge(record, digest, NOWHERE, filled_with)
    if judged is None:
        raise Refused(issues)
    return _write([judged], judge, acting_user, now, "record.accept", issues)


def records_import(
    *, lines: Iterable[str | bytes], file: str = "", acting_user: User, now: datetime
) -> Accepted:
    """Accept the records of a file, one JSON object a line, all of them or none.

    A record may replace or withdraw an earlier one of the same file.  Lines that were accepted
    before with the same content are passed over, whatever holds today.

    :raises Refused: with every issue of every line; nothing is stored
    """
    judge = Judge(acting_user, now)
    sorted_out = _Lines()
    for some in chunks(lines_read(lines, file)):
        _judge_lines(some, judge, sorted_out)
    if errors(sorted_out.issues):
        raise Refused(_all_issues(sorted_out, judge))
    good = sorted_out.good
    issues = [*sorted_out.issues, *_long_past(good, judge.today)]
    done = _write(good, judge, acting_user, now, "records.import", issues)
    return replace(done, unchanged=done.unchanged + sorted_out.unchanged)


#: A file brings the records of past years as well: only what is older than these is told.
_LONG_PAST = timedelta(days=3653)


def _long_past(good: Sequence[Judged], today: date) -> list[Issue]:
    """Say once how many records of a file are of a time that is a slip of the year, mostly."""
    start = due_from()
    early = [
        one
        for one in good
        if one.date < start.get(one.pack, today - _LONG_PAST).replace(day=1)
        and one.withdraws is None
    ]
    if not early:
        return []
    first = min(early, key=lambda one: one.date)
    facts = {"count": len(early), "id": first.uid, "date": first.date.isoformat()}
    return [Issue(RecordCode.RECORD_026, first.place, facts, Level.WARNING)]


@dataclass(slots=True)
class _Lines:
    """The lines of a file, sorted out."""

    good: list[Judged] = field(default_factory=list)
    bad: set[str] = field(default_factory=set)  # ids
    unchanged: int = 0
    issues: list[Issue] = field(default_factory=list)


def _judge_lines(
    some: Sequence[tuple[Place, Submission | None, tuple[Issue, ...]]],
    judge: Judge,
    found: _Lines,
) -> None:
    stored = digests_stored(record.id for _, record, _ in some if record is not None)
    for place, record, wrong in some:
        found.issues.extend(wrong)
        if record is None:
            continue
        digest = content_digest(record)
        if stored.get(record.id) == digest:
            found.unchanged += 1
            continue
        judged, issues = judge.judge(record, digest, place)
        found.issues.extend(issues)
        if judged is None:
            found.bad.add(record.id)
        else:
            found.good.append(judged)


def _all_issues(found: _Lines, judge: Judge) -> Sequence[Issue]:
    """Add what only the ledger can say about the good lines of a bad file; sort by line."""
    issues = found.issues
    try:
        settle(found.good, judge, frozenset())
    except Refused as refused:
        # A line that corrects a bad line of the file is not at fault itself.  What lines pick
        # from lists is not asked here, as a bad line may begin it.
        more = [one for one in refused.issues if one.facts.get("target") not in found.bad]
        issues = [*issues, *more]
    return sorted(issues, key=lambda issue: issue.place.line or 0)


def _write(
    good: Sequence[Judged],
    judge: Judge,
    acting_user: User,
    now: datetime,
    action: str,
    warnings: Sequence[Issue],
) -> Accepted:
    closed = months_closed(good, now)
    with transaction.atomic():
        write_lock()
        settled = settle(good, judge, closed)
        picked_check([one.judged for one in settled.new], judge)
        moment = moment_of(settled, now)
        _log(settled, action, acting_user, moment)
        facts = store(settled, judge.history, acting_user, moment)
        new = settled.new
    return Accepted(
        records=len(new),
        unchanged=settled.unchanged,
        replaced=sum(one.judged.replaces is not None for one in new),
        withdrawn=sum(one.judged.withdraws is not None for one in new),
        late=sum(one.late for one in new),
        facts=facts,
        warnings=tuple(warnings),
    )


def _log(settled: Settled, action: str, acting_user: User, now: datetime) -> None:
    """Write the audit row; one of their own have records into closed months, and those of people
    whose role for the unit has ended.
    """
    kinds: dict[str, list[New]] = {}
    for one in settled.new:
        suffix = (".moved" if one.judged.moved else "") + (".late" if one.late else "")
        kinds.setdefault(suffix, []).append(one)
    for suffix, new in sorted(kinds.items()):
        logged = audit_append(
            actor=acting_user,
            action=action + suffix,
            objects=list(dict.fromkeys((new[0].judged.uid, new[-1].judged.uid))),
            seals=[one.judged.seal for one in new],
            now=now,
        )
        for one in new:
            one.logged = logged


def facts_rebuild(*, acting_user: User, now: datetime) -> rebuild.Rebuilt:
    """Count all facts and cells of the month cube anew from the records.

    What was stored and is not so is reported in the answer and replaced.  Writers wait only where
    something is replaced: whether anything differs is first seen at one moment beside them.

    :raises Refused: ACCESS_001
    """
    require(acting_user, "facts.rebuild")
    rebuilt = rebuild.facts_agree()
    with transaction.atomic():
        write_lock()
        if rebuilt.issues:
            rebuilt = rebuild.rebuild()
        audit_append(
            actor=acting_user,
            action="facts.rebuild",
            objects=[rebuilt.digest],
            contents=[rebuilt.digest],
            now=now,
        )
    return rebuilt


def evidence_attach(
    *, uid: str, name: str, content: bytes, acting_user: User, now: datetime
) -> Evidence:
    """Attach a file to a record: pictures are drawn anew without EXIF, XMP or location.

    The same picture once more changes nothing.

    :raises Refused: RECORD_022 (absent and forbidden look alike), EVIDENCE_001 to 003
    """
    record = record_to_attach(acting_user, uid, now)
    clean = files.evidence_clean(name, content)
    with transaction.atomic():
        write_lock()
        found = Evidence.objects.filter(record=record, digest=clean.digest).first()
        if found is not None:
            return found
        files.evidence_write(clean)
        evidence = Evidence(
            record=record,
            digest=clean.digest,
            name=clean.name,
            media_type=clean.media_type,
            size=len(clean.content),
            attached_at=now,
            attached_by=acting_user,
        )
        sealed = seal(evidence_text(uid, clean.digest, clean.name, clean.media_type))
        evidence.seal = sealed.hex()[:SEAL]
        evidence.logged = audit_append(
            actor=acting_user,
            action="record.attach",
            objects=[uid, clean.digest],
            seals=[sealed],
            now=now,
        )
        evidence.save(force_insert=True)
    return evidence


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
        fresh = sorted(keys - closings_said(keys))
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
