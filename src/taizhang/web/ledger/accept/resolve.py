"""Resolution of records against what is stored: same id, what is replaced, closed months.

Runs inside the transaction, after the lock was taken, so that nothing changes between the
look and the write.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from taizhang.core.base.issue import Issue, Refused
from taizhang.web.base.bulk import chunks, places
from taizhang.web.base.raw_cursor import raw_cursor
from taizhang.web.ledger.accept.validate import RecordValidator, ValidRecord
from taizhang.web.ledger.code import RecordCode
from taizhang.web.ledger.facts.closing import Key, closed_months
from taizhang.web.ledger.facts.stored_fact import StoredFact


class PendingAnswer(NamedTuple):
    """An answer that comes with a record; ``kept_from`` is the record whose answer stands on."""

    is_confirmed: bool = True
    reason: str = ""
    kept_from: PendingRecord | StoredRecord | None = None


@dataclass(slots=True)
class PendingRecord:
    """A record about to be stored; ``target`` is what it replaces or withdraws."""

    valid: ValidRecord
    target: PendingRecord | StoredRecord | None = None
    late: bool = False  # it states something for a month that its unit has closed
    retired: bool = False  # a later record of the same file replaced or withdrew it
    pk: int = 0
    logged: int = 0  # number of the row of the log that covers it
    facts: tuple[StoredFact, ...] = ()  # those that count from now on
    answers: dict[str, PendingAnswer] = field(default_factory=dict)  # of credited units


@dataclass(slots=True)
class StoredRecord:
    """A record in the ledger, as far as resolving needs it."""

    pk: int
    uid: str
    digest: str
    form: str
    unit: str
    withdrawal: bool
    retired: bool


@dataclass(slots=True)
class Batch:
    """What is to be written: pending records in order, and the stored ones they retire."""

    pending: list[PendingRecord] = field(default_factory=list)
    unchanged: int = 0  # records that came again with the same content

    @property
    def retired(self) -> list[int]:
        """Give the keys of the stored records that go out."""
        targets = (pending.target for pending in self.pending)
        return [target.pk for target in targets if isinstance(target, StoredRecord)]


def months_closed(records: Iterable[ValidRecord], now: datetime) -> frozenset[Key]:
    """Give the closed months that records speak of; asked before the lock is taken."""
    units = ((valid, {valid.home, *valid.content.with_units}) for valid in records)
    keys = {key for valid, codes in units for code in codes for key in months_of(valid, code)}
    return closed_months(keys, now)


def months_of(valid: ValidRecord, unit: str) -> set[Key]:
    """Give the months for which a record states something at one of its units."""
    day = valid.content.date
    own = (valid.pack, unit, day.year * 100 + day.month)
    stated = ((fact.measure.partition(".")[0], unit, fact.month) for fact in valid.facts)
    return {own, *stated}


def resolve(
    records: Sequence[ValidRecord], validator: RecordValidator, closed: frozenset[Key]
) -> Batch:
    """Resolve valid records in order.

    :param closed: from :func:`months_closed`
    :raises Refused: with every issue of every record
    """
    contents = [valid.content for valid in records]
    names = {content.uid for content in contents}
    names.update(content.target or content.uid for content in contents)
    stored = _stored(names)
    fresh: dict[str, PendingRecord] = {}
    batch = Batch()
    issues: list[Issue] = []
    for valid in records:
        uid = valid.content.uid
        same = stored.get(uid) or fresh.get(uid)
        if same is not None:
            issue = _again(valid, same)
            issues += [issue] if issue else []
            batch.unchanged += issue is None
            continue
        late = bool(closed) and not closed.isdisjoint(months_of(valid, valid.home))
        pending = fresh[uid] = PendingRecord(valid, late=late, facts=valid.facts)
        name = valid.content.target
        if name is not None:
            pending.target = fresh.get(name) or stored.get(name)
            issue = _target_fault(valid, name, pending.target, validator)
            if issue is not None:
                issues.append(issue)
            elif pending.target is not None:
                pending.target.retired = True
        batch.pending.append(pending)
    if issues:
        raise Refused(issues)
    return batch


def _again(valid: ValidRecord, same: PendingRecord | StoredRecord) -> Issue | None:
    if isinstance(same, StoredRecord):
        code, digest = RecordCode.RECORD_006, same.digest
    else:
        code, digest = RecordCode.RECORD_020, same.valid.content.digest
    if digest == valid.content.digest:
        return None
    return Issue(code, valid.place, {"id": valid.content.uid})


def _target_fault(
    valid: ValidRecord,
    name: str,
    target: PendingRecord | StoredRecord | None,
    validator: RecordValidator,
) -> Issue | None:
    facts: dict[str, object] = {"target": name}
    if target is None or (isinstance(target, PendingRecord) and target.valid is valid):
        return Issue(RecordCode.RECORD_012, valid.place, facts)
    if isinstance(target, PendingRecord):
        content = target.valid.content
        form, unit, withdrawal = content.form, content.unit, content.withdraws is not None
    else:
        form, unit, withdrawal = target.form, target.unit, target.withdrawal
    if not validator.may_record(unit):  # absent and forbidden look alike
        return Issue(RecordCode.RECORD_012, valid.place, facts)
    if withdrawal:
        return Issue(RecordCode.RECORD_014, valid.place, facts)
    if target.retired:
        return Issue(RecordCode.RECORD_013, valid.place, facts)
    if form != valid.content.form:
        return Issue(RecordCode.RECORD_018, valid.place, {"target": name, "form": form})
    return None


def _stored(names: Iterable[str]) -> dict[str, StoredRecord]:
    stored = {}
    with raw_cursor() as cursor:
        for some in chunks(names):
            # Plain SQL: every acceptance asks this while others wait for the lock.
            cursor.execute(f"{_STORED} ({places(some)})", some)
            for pk, uid, digest, form, unit, withdraws, retired_at in cursor.fetchall():
                stored[uid] = StoredRecord(
                    pk, uid, digest, form, unit, withdraws is not None, retired_at is not None
                )
    return stored


def digests_stored(names: Iterable[str]) -> dict[str, str]:
    """Give the content digests of those records that the ledger holds."""
    digests: dict[str, str] = {}
    with raw_cursor() as cursor:
        for some in chunks(names):
            cursor.execute(f"{_DIGESTS} ({places(some)})", some)
            digests.update(cursor.fetchall())
    return digests


_DIGESTS = "SELECT uid, digest FROM ledger_record WHERE uid IN"
_STORED = (
    "SELECT id, uid, digest, form, unit, withdraws_id, retired_at FROM ledger_record WHERE uid IN"
)
