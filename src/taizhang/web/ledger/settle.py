"""Settles what depends on other records: same id, what is replaced or withdrawn, closed months.

Runs inside the transaction, after the lock was taken, so that nothing changes between the
look and the write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TypeVar

from taizhang.core.issue import Issue, Refused
from taizhang.web.ledger.closings import Key, closed_months
from taizhang.web.ledger.code import RecordCode
from taizhang.web.ledger.judge import Judge, Judged
from taizhang.web.quick import quick_cursor

Item = TypeVar("Item")


@dataclass(slots=True)
class New:
    """A record about to be stored; ``target`` is what it replaces or withdraws."""

    judged: Judged
    target: New | Known | None = None
    late: bool = False  # it states something for a month that its unit has closed
    retired: bool = False  # a later record of the same file replaced or withdrew it
    pk: int = 0
    logged: int = 0  # number of the row of the log that covers it


@dataclass(slots=True)
class Known:
    """A record in the ledger, as far as settling needs it."""

    pk: int
    uid: str
    digest: str
    form: str
    unit: str
    withdrawal: bool
    retired: bool


@dataclass(slots=True)
class Settled:
    """What is to be written: new records in order, and the stored ones they retire."""

    new: list[New] = field(default_factory=list)
    unchanged: int = 0  # records that came again with the same content

    @property
    def retired(self) -> list[int]:
        """Give the keys of the stored records that go out."""
        return [one.target.pk for one in self.new if isinstance(one.target, Known)]


def months_closed(batch: Iterable[Judged], now: datetime) -> frozenset[Key]:
    """Give the closed months that judged records speak of; asked before the lock is taken."""
    return closed_months({key for one in batch for key in _months(one)}, now)


def _months(one: Judged) -> set[Key]:
    own = (one.pack, one.unit, one.date.year * 100 + one.date.month)
    return {own, *((fact[1].partition(".")[0], fact[2], fact[4]) for fact in one.facts)}


def settle(batch: Sequence[Judged], judge: Judge, closed: frozenset[Key]) -> Settled:
    """Settle judged records in order.

    :param closed: from :func:`months_closed`
    :raises Refused: with every issue of every record
    """
    names = {one.uid for one in batch}
    names.update(one.replaces or one.withdraws or one.uid for one in batch)
    known = _known(names)
    fresh: dict[str, New] = {}
    settled = Settled()
    issues: list[Issue] = []
    for one in batch:
        same = known.get(one.uid) or fresh.get(one.uid)
        if same is not None:
            issue = _again(one, same)
            issues += [issue] if issue else []
            settled.unchanged += issue is None
            continue
        new = fresh[one.uid] = New(one, late=bool(closed) and not closed.isdisjoint(_months(one)))
        name = one.replaces or one.withdraws
        if name is not None:
            new.target = fresh.get(name) or known.get(name)
            issue = _target_fault(one, name, new.target, judge)
            if issue is not None:
                issues.append(issue)
            elif new.target is not None:
                new.target.retired = True
        settled.new.append(new)
    if issues:
        raise Refused(issues)
    return settled


def _again(one: Judged, same: New | Known) -> Issue | None:
    if isinstance(same, Known):
        wrong = same.digest != one.digest
        return Issue(RecordCode.RECORD_006, one.place, {"id": one.uid}) if wrong else None
    wrong = same.judged.digest != one.digest
    return Issue(RecordCode.RECORD_020, one.place, {"id": one.uid}) if wrong else None


def _target_fault(one: Judged, name: str, target: New | Known | None, judge: Judge) -> Issue | None:
    facts: dict[str, object] = {"target": name}
    if target is None or (isinstance(target, New) and target.judged is one):
        return Issue(RecordCode.RECORD_012, one.place, facts)
    if isinstance(target, New):
        form, unit = target.judged.form, target.judged.unit
        withdrawal = target.judged.withdraws is not None
    else:
        form, unit, withdrawal = target.form, target.unit, target.withdrawal
    if not judge.may_record(unit):  # absent and forbidden look alike
        return Issue(RecordCode.RECORD_012, one.place, facts)
    if withdrawal:
        return Issue(RecordCode.RECORD_014, one.place, facts)
    if target.retired:
        return Issue(RecordCode.RECORD_013, one.place, facts)
    if form != one.form:
        return Issue(RecordCode.RECORD_018, one.place, {"target": name, "form": form})
    return None


def _known(names: Iterable[str]) -> dict[str, Known]:
    found = {}
    with quick_cursor() as cursor:
        for some in chunks(names):
            # Plain SQL: every acceptance asks this while others wait for the lock.
            cursor.execute(f"{_KNOWN} ({', '.join(['%s'] * len(some))})", some)
            for pk, uid, digest, form, unit, withdraws, retired_at in cursor.fetchall():
                gone = retired_at is not None
                found[uid] = Known(pk, uid, digest, form, unit, withdraws is not None, gone)
    return found


def digests_stored(names: Iterable[str]) -> dict[str, str]:
    """Give the content digests of those records that the ledger holds."""
    found: dict[str, str] = {}
    with quick_cursor() as cursor:
        for some in chunks(names):
            cursor.execute(f"{_DIGESTS} ({', '.join(['%s'] * len(some))})", some)
            found.update(cursor.fetchall())
    return found


_DIGESTS = "SELECT uid, digest FROM ledger_record WHERE uid IN"
_KNOWN = (
    "SELECT id, uid, digest, form, unit, withdraws_id, retired_at FROM ledger_record WHERE uid IN"
)


def chunks(items: Iterable[Item], size: int = 5000) -> Iterator[list[Item]]:
    """Give the items in lists that fit the parameters of one query."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
