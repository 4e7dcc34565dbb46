"""Whoever moved can still send what they filled in while their role held."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from taizhang.core.base.issue import Refused
from taizhang.web.instance.paths import Home
from taizhang.web.ledger.code import RecordCode
from tests.web.browsing import person, signed_in
from tests.web.ledger.furnish import FIRST, GONE, NOW, SECOND, codes, furnish
from tests.web.ledger.test_evidence import photo
from tests.web.ledger.test_phone_pages import post
from tests.web.ledger.test_sent import LECTURE, xml

YESTERDAY = NOW - timedelta(days=1)


def move(user: Any, at: Any = YESTERDAY) -> None:
    """Take the role at the first unit from a person and give one at the second."""
    from taizhang.web.accounts.person.actions import grant_give, grant_take
    from taizhang.web.accounts.queries import user_named

    owner = user_named(None)
    grant = user.grants.get()
    grant_take(person=user.pk, grant=grant.pk, acting_user=owner, now=at)
    grant_give(person=user.pk, role="recorder", unit=SECOND, acting_user=owner, now=at)


@pytest.fixture
def li(owner: Any) -> Any:
    """This fixture will give somebody who recorded for the first unit until yesterday."""
    from taizhang.web.accounts.queries import user_named

    person("li", "recorder", FIRST)
    user = user_named("li")
    move(user)
    return user


def send(user: Any, uid: str, day: date, now: Any = NOW, **more: Any) -> Any:
    from taizhang.web.ledger.accept.submission import submission_accept

    fields = LECTURE.replace("2026-05-06", day.isoformat())
    given = {"files": {}, "unit": FIRST, "acting_user": user, "now": now, **more}
    return submission_accept(xml=xml(uid, fields, old=given.pop("old", "")), **given)


def test_what_was_filled_in_while_the_role_held_is_taken_and_told_in_the_log(li: Any) -> None:
    from taizhang.web.audit.models import Entry
    from taizhang.web.audit.verify import verify
    from taizhang.web.ledger.models import Evidence, Record

    ended = timezone.localdate(YESTERDAY)
    pictures = {"签到表.jpg": photo()}
    assert send(li, "uuid:a", ended, evidence=pictures).status == "accepted"
    record = Record.objects.get()
    assert (record.unit, record.accepted_by) == (FIRST, li)
    assert Evidence.objects.get().record == record
    actions = list(Entry.objects.order_by("-sequence").values_list("action", flat=True)[:2])
    assert actions == ["record.attach", "record.accept.moved"]
    assert send(li, "uuid:a", ended).status == "known"
    assert verify().issues == ()


def test_it_is_taken_for_thirty_days_and_for_no_day_after_the_role(li: Any) -> None:
    ended = timezone.localdate(YESTERDAY)
    late = YESTERDAY + timedelta(days=30)
    assert send(li, "uuid:a", ended, late - timedelta(hours=1)).status == "accepted"
    refused = [RecordCode.RECORD_019]
    assert codes(lambda: send(li, "uuid:b", ended, late)) == refused
    assert codes(lambda: send(li, "uuid:c", ended + timedelta(days=1))) == refused
    assert codes(lambda: send(li, "uuid:d", ended, unit="360602002001")) == refused
    with pytest.raises(Refused, match="RECORD_019") as caught:
        send(li, "uuid:e", ended, late)
    remedy = caught.value.issues[0].remedy()
    assert "backup file" in remedy  # the way that is left


def test_what_stands_there_is_changed_by_those_who_are_there_now(li: Any, owner: Any) -> None:
    ended = timezone.localdate(YESTERDAY)
    send(li, "uuid:a", ended)
    assert codes(lambda: send(li, "uuid:b", ended, old="uuid:a")) == [RecordCode.RECORD_019]


def test_the_page_sends_it_and_says_for_which_day(owner: Any) -> None:
    from taizhang.web.accounts.queries import user_named

    person("li", "recorder", FIRST)
    browser = signed_in("li")
    move(user_named("li"), timezone.now())
    answer = post(browser, xml("uuid:a"), unit=FIRST)
    assert answer.status_code == 201
    assert answer.json()["day"] == "2026年5月6日"


def test_a_role_at_a_unit_that_ended_sends_what_was_filled_in_there(instance: Home) -> None:
    from taizhang.web.accounts.models import Grant
    from taizhang.web.accounts.queries import user_named

    furnish()
    person("li", "recorder", SECOND)
    li = user_named("li")
    Grant.objects.filter(user=li).update(unit=GONE)  # as it stood before the recode
    assert send(li, "uuid:a", date(2026, 3, 30), unit=GONE).status == "accepted"
    assert RecordCode.RECORD_009 in codes(lambda: send(li, "uuid:b", date(2026, 4, 2), unit=GONE))
