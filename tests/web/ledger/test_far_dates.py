"""A date far from today, or of a time before the ledger, is taken and told."""

from datetime import date, timedelta
from typing import Any

import pytest

from taizhang.web.exchange import views as exchange
from taizhang.web.ledger.accept.submission import AcceptedSubmission
from tests.web.ledger.furnish import NOW
from tests.web.ledger.test_sent import LECTURE, send, xml

TODAY = NOW.date()


def told(owner: Any, day: date) -> AcceptedSubmission:
    fields = LECTURE.replace("2026-05-06", day.isoformat())
    sent: AcceptedSubmission = send(owner, xml(f"uuid:{day}", fields))
    return sent


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (TODAY, []),
        (TODAY - timedelta(days=60), []),
        (TODAY - timedelta(days=61), ["SENT_015"]),
        (TODAY - timedelta(days=400), ["SENT_015"]),
        (date(1980, 1, 6), ["SENT_015"]),
    ],
    ids=str,
)
def test_a_day_long_past_is_taken_with_a_word(owner: Any, day: date, codes: list[str]) -> None:
    from taizhang.web.ledger.models import Record

    sent = told(owner, day)
    assert [warning.code.name for warning in sent.warnings] == codes
    assert (sent.date, Record.objects.get().date) == (day, day)
    sentence = exchange._receipt_text(sent)
    assert f"记录日期：{day}。" in sentence
    if codes:
        assert f"计入{day.year}年{day.month}月" in sentence


def test_a_day_before_the_ledger_began_is_told_as_that(owner: Any) -> None:
    from taizhang.web.accounts.actions import instance_start

    instance_start(day=date(2026, 7, 3), acting_user=owner, now=NOW)
    sent = told(owner, date(2026, 6, 30))
    assert [warning.code.name for warning in sent.warnings] == ["SENT_016"]
    assert "台账从2026年7月开始" in exchange._receipt_text(sent)
    assert told(owner, date(2026, 7, 1)).warnings == ()
