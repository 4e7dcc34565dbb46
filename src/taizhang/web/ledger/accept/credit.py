"""Credits of records on their way in: who is asked, who has answered already.

Whoever records and may record for the credited unit as well speaks for both.  A correction that
leaves the credited units, the date and the counts as they were keeps what was answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from taizhang.core.counting.credit import CreditState
from taizhang.web.accounts.models import User
from taizhang.web.ledger.accept.resolve import (
    Batch,
    PendingAnswer,
    PendingRecord,
    StoredRecord,
    months_of,
)
from taizhang.web.ledger.facts.closing import Key
from taizhang.web.ledger.facts.credit import answers_of, asked_since, credits_of
from taizhang.web.ledger.facts.credit_persist import NewAnswer, answers_write, credits_write
from taizhang.web.ledger.facts.stored_fact import StoredFact
from taizhang.web.ledger.models import CreditAnswer, Fact, Record
from taizhang.web.ledger.sealed_text import AnswerContent


class _Said(NamedTuple):
    """What must stay the same for an answer to be kept."""

    unit: str
    date: date
    with_units: frozenset[str]
    facts: tuple[tuple[object, ...], ...]  # of the record's own unit


def credits_decide(batch: Batch, closed: frozenset[Key]) -> None:
    """Note the answers that come with the records, and leave out facts that nobody confirmed."""
    joint = joint_of(batch)
    if not joint:
        return
    kept = _kept(joint)
    for pending in joint:
        units = pending.valid.content.credited
        for unit in units:
            answer = kept.get((pending.valid.content.uid, unit))
            if answer is None and unit in pending.valid.confirmed:
                answer = PendingAnswer()
            if answer is not None:
                pending.answers[unit] = answer
        silent = {unit for unit in units if not _is_confirmed(pending, unit)}
        pending.facts = tuple(fact for fact in pending.facts if fact.unit not in silent)
        pending.late = pending.late or any(
            not closed.isdisjoint(months_of(pending.valid, unit)) for unit in {*units} - silent
        )


def joint_of(batch: Batch) -> list[PendingRecord]:
    """Give the records that credit other units."""
    contents = ((pending, pending.valid.content) for pending in batch.pending)
    return [pending for pending, content in contents if content.credited and not content.withdraws]


def waiting_count(batch: Batch) -> int:
    """Count the credits that wait for an answer of their unit, of records that stand."""
    standing = [pending for pending in joint_of(batch) if not pending.retired]
    return sum(len(p.valid.content.credited) - len(p.answers) for p in standing)


def _is_confirmed(pending: PendingRecord, unit: str) -> bool:
    answer = pending.answers.get(unit)
    return answer is not None and answer.is_confirmed


def credits_persist(
    batch: Batch, closed: frozenset[Key], acting_user: User, moment: datetime
) -> None:
    """Write the answers that come with stored records, and how it stands with each unit."""
    kept: list[NewAnswer] = []
    given: list[NewAnswer] = []
    late: list[NewAnswer] = []
    rows = []
    for pending in joint_of(batch):
        content = pending.valid.content
        for unit in content.credited:
            state = CreditState.WAITING
            if (answer := pending.answers.get(unit)) is not None:
                before = answer.kept_from
                uid = None if before is None else _uid(before)
                told = AnswerContent(content.uid, unit, answer.is_confirmed, answer.reason, uid)
                closed_there = not closed.isdisjoint(months_of(pending.valid, unit))
                sort = kept if before is not None else late if closed_there else given
                sort.append(NewAnswer(pending.pk, None if before is None else before.pk, told))
                state = CreditState.CONFIRMED if answer.is_confirmed else CreditState.REFUSED
            rows.append((pending.pk, unit, state))
    answers_write(given, "credit.confirm", acting_user, moment)
    answers_write(late, "credit.confirm.late", acting_user, moment)
    answers_write(kept, "credit.keep", acting_user, moment)
    credits_write(rows)


def _uid(record: PendingRecord | StoredRecord) -> str:
    return record.uid if isinstance(record, StoredRecord) else record.valid.content.uid


def _kept(joint: Sequence[PendingRecord]) -> dict[tuple[str, str], PendingAnswer]:
    """Give the answers that stand on, by the id of the correction and the unit."""
    corrections = [pending for pending in joint if pending.valid.content.replaces]
    stored = [p.target for p in corrections if isinstance(p.target, StoredRecord)]
    before = _said_before([target.pk for target in stored])
    answered = _answered([target.pk for target in stored])
    kept: dict[tuple[str, str], PendingAnswer] = {}
    for pending in corrections:
        target = pending.target
        if isinstance(target, StoredRecord):
            same = before.get(target.pk) == _said(pending)
            answers: Mapping[str, PendingAnswer] = answered.get(target.pk, {})
        elif target is not None:
            same, answers = _said(target) == _said(pending), target.answers
        else:
            continue
        for unit, answer in answers.items() if same else ():
            kept[pending.valid.content.uid, unit] = answer._replace(kept_from=target)
            # A later correction in the same file reads it from here.
            pending.answers[unit] = kept[pending.valid.content.uid, unit]
    return kept


def _said(pending: PendingRecord) -> _Said:
    content = pending.valid.content
    facts = [fact for fact in pending.valid.facts if fact.unit not in content.with_units]
    return _Said(
        content.unit, content.date, frozenset(content.with_units), tuple(sorted(map(_told, facts)))
    )


def _told(fact: Iterable[object]) -> tuple[object, ...]:
    return tuple("" if value is None else str(value) for value in fact)


def _said_before(records: Sequence[int]) -> dict[int, _Said]:
    facts: dict[int, list[tuple[object, ...]]] = {}
    rows = Fact.objects.filter(record__in=records, retired_at=None)
    names = ("record_id", "record__with_units", *StoredFact._fields)
    for pk, credited, *told in rows.values_list(*names):
        if StoredFact(*told).unit not in credited.split():
            facts.setdefault(pk, []).append(_told(told))
    stored = Record.objects.filter(pk__in=records).values_list("pk", "unit", "date", "with_units")
    return {
        pk: _Said(unit, day, frozenset(units.split()), tuple(sorted(facts.get(pk, []))))
        for pk, unit, day, units in stored
    }


def _answered(records: Sequence[int]) -> dict[int, dict[str, PendingAnswer]]:
    """Give how it stands with the units of stored records that have answered or were not asked."""
    answers, asked = answers_of(records), asked_since() if records else None
    reasons = {
        (pk, unit): reason
        for pk, unit, reason in CreditAnswer.objects.filter(record__in=records, is_confirmed=False)
        .order_by("pk")
        .values_list("record_id", "unit", "reason")
    }
    stored = Record.objects.filter(pk__in=records).values_list("pk", "with_units", "accepted_at")
    answered: dict[int, dict[str, PendingAnswer]] = {}
    for pk, units, accepted_at in stored:
        standing = credits_of(units.split(), accepted_at, answers.get(pk, {}), asked)
        answered[pk] = {
            unit: PendingAnswer(
                credit.state is not CreditState.REFUSED,
                reasons.get((pk, unit), "") if credit.state is CreditState.REFUSED else "",
            )
            for unit, credit in standing.items()
            if credit.state is not CreditState.WAITING
        }
    return answered
