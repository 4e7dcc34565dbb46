"""The writes of credits: a unit confirms that a record counts for it too, or refuses it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from taizhang.core.base.invisible_sign import words_of
from taizhang.core.base.issue import Issue, Refused
from taizhang.core.counting.credit import Credit, CreditState
from taizhang.web.accounts.access import may
from taizhang.web.accounts.models import User
from taizhang.web.audit.actions import write_lock
from taizhang.web.base.bulk import Adapter, rows_insert
from taizhang.web.base.raw_cursor import raw_cursor
from taizhang.web.ledger import models
from taizhang.web.ledger.access import record_for
from taizhang.web.ledger.code import CreditCode
from taizhang.web.ledger.facts.closing import closed_months
from taizhang.web.ledger.facts.credit import answers_of, asked_since, credits_of
from taizhang.web.ledger.facts.credit_persist import NewAnswer, answers_write
from taizhang.web.ledger.facts.form_in_force import forms_in_force
from taizhang.web.ledger.facts.rebuild import StoredRecord, stated
from taizhang.web.ledger.facts.stored_fact import FACT_COLUMNS, StoredFact, fact_rows
from taizhang.web.ledger.models import REASON, Fact, Record
from taizhang.web.ledger.sealed_text import AnswerContent


@transaction.atomic
def credit_confirm(*, uid: str, unit: str, acting_user: User, now: datetime) -> CreditState:
    """Let a record count for a unit that it credits, from now on; once more changes nothing.

    :raises Refused: RECORD_022 or CREDIT_001 (absent and forbidden look alike), CREDIT_002,
        CREDIT_004
    """
    record, credit = _asked(uid, unit, acting_user, now)
    if credit.state in (CreditState.CONFIRMED, CreditState.UNASKED):
        return credit.state
    if credit.until is not None:
        facts = {"id": uid, "unit": unit}
        raise Refused([Issue(CreditCode.CREDIT_004, facts=facts)])
    moment = _moment(record, now)
    row = StoredRecord(*(getattr(record, name) for name in StoredRecord._fields))
    counted = [fact for fact in stated(forms_in_force(), row)[0] if fact.unit == unit]
    answers = [_answer(record, unit, "")]
    if _closed(record, unit, counted, moment):
        answers_write(answers, "credit.confirm.late", acting_user, moment)
    else:
        answers_write(answers, "credit.confirm", acting_user, moment)
    adapter = Adapter()
    rows = fact_rows(record.pk, counted, adapter, adapter.moment(moment), None)
    with raw_cursor() as cursor:
        rows_insert(cursor, "ledger_fact", FACT_COLUMNS, rows)
    return _standing(record, unit, CreditState.CONFIRMED)


@transaction.atomic
def credit_refuse(
    *, uid: str, unit: str, reason: str, acting_user: User, now: datetime
) -> CreditState:
    """Say with a reason that a record does not count for a unit that it credits.

    What was confirmed before ends now, and earlier questions still see it.

    :raises Refused: RECORD_022 or CREDIT_001 (absent and forbidden look alike), CREDIT_002,
        CREDIT_003
    """
    reason = words_of(reason)
    record, credit = _asked(uid, unit, acting_user, now)
    if not reason or len(reason) > REASON:
        raise Refused([Issue(CreditCode.CREDIT_003, facts={"most": REASON})])
    if credit.state is CreditState.REFUSED:
        return credit.state
    moment = _moment(record, now)
    answers_write([_answer(record, unit, reason)], "credit.refuse", acting_user, moment)
    Fact.objects.filter(record=record, unit=unit, retired_at=None).update(retired_at=moment)
    return _standing(record, unit, CreditState.REFUSED)


def _asked(uid: str, unit: str, user: User, now: datetime) -> tuple[Record, Credit]:
    """Give a record and how it stands with its credit of a unit; nobody writes between."""
    record = record_for(user, uid, now)
    if unit not in record.credited or not may(user, "record.accept", unit):
        raise Refused([Issue(CreditCode.CREDIT_001, facts={"id": uid, "unit": unit})])
    write_lock()
    record.refresh_from_db(fields=("retired_at",))
    if record.retired_at is not None or record.withdraws_id is not None:
        raise Refused([Issue(CreditCode.CREDIT_002, facts={"id": uid})])
    answers = answers_of([record.pk]).get(record.pk, {})
    return record, credits_of([unit], record.accepted_at, answers, asked_since())[unit]


def _moment(record: Record, now: datetime) -> datetime:
    """Give ``now``, but never a moment before the record or an answer about it."""
    answers = models.CreditAnswer.objects.filter(record=record)
    told = answers.order_by("-answered_at").values_list("answered_at", flat=True)[:1]
    return max([now, record.accepted_at, *told])


def _closed(record: Record, unit: str, facts: list[StoredFact], now: datetime) -> bool:
    months = {(fact.measure.partition(".")[0], unit, fact.month) for fact in facts}
    months.add((record.form.partition(".")[0], unit, record.date.year * 100 + record.date.month))
    return bool(closed_months(months, now))


def _answer(record: Record, unit: str, reason: str) -> NewAnswer:
    return NewAnswer(record.pk, None, AnswerContent(record.uid, unit, not reason, reason, None))


def _standing(record: Record, unit: str, state: CreditState) -> CreditState:
    models.Credit.objects.filter(record=record, unit=unit).update(state=state.value)
    return state
