"""Decisions: kept, never changed, the last one stands; scores read them as of a day."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from taizhang.core.base.issue import Refused
from taizhang.core.base.period import parse_period
from taizhang.web.instance.paths import Home
from tests.web.assess.furnish import NOW, furnish
from tests.web.ledger.furnish import DISTRICT, FIRST, SECOND, STREET

YEAR = parse_period("2025")


@pytest.fixture
def owner(any_instance: Home) -> Any:
    """This fixture will furnish an instance with the shipped packs and give its owner."""
    return furnish()


def decide(user: Any, **given: Any) -> Any:
    from taizhang.web.assess.actions import decision_make

    stated = {
        "rubric": "health_education",
        "item": "papers",
        "unit": FIRST,
        "period": YEAR,
        "acting_user": user,
        "now": NOW,
    }
    return decision_make(**{**stated, **given})


def papers(unit: str = FIRST, as_of: date | None = None, now: datetime = NOW) -> Any:
    """Give the score of the item that a person decides."""
    from taizhang.core.scoring import rubric_named, score
    from taizhang.web.assess.queries import with_answers
    from taizhang.web.ledger.open_book import open_book

    book = with_answers(open_book(as_of=as_of, now=now))
    rubric = rubric_named(book.programmes, "health_education")
    items = {item.key: item for item in score(book, rubric, unit, YEAR).items}
    return items["papers"]


def refused(call: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()
    return [issue.code.name for issue in caught.value.issues]


def test_a_decision_gives_points_to_its_unit_alone(owner: Any) -> None:
    assert papers().points is None
    decide(owner, points=Fraction("4.5"), reason="缺半年小结")
    assert papers().points == Fraction("4.5")
    assert "缺半年小结" in papers().losses[0].why.zh
    assert papers(SECOND).points is None


def test_the_last_decision_stands_and_earlier_ones_stay_on_record(owner: Any) -> None:
    from taizhang.web.assess.models import Decision

    decide(owner, points=Fraction(2), reason="只有计划")
    decide(owner, points=Fraction(5), reason="申诉后补交总结", now=NOW + timedelta(days=3))
    assert papers(now=NOW + timedelta(days=4)).points == 5
    assert Decision.objects.count() == 2
    # as the score was known before the appeal
    assert papers(as_of=date(2026, 1, 22), now=NOW + timedelta(days=4)).points == 2
    assert papers(as_of=date(2026, 1, 19), now=NOW + timedelta(days=4)).points is None


def test_a_decision_counts_until_the_end_of_its_day_in_shanghai(owner: Any) -> None:
    late = datetime(2026, 1, 20, 15, 59, tzinfo=UTC)  # 23:59
    decide(owner, points=Fraction(1), reason="计划", now=late)
    next_day = late + timedelta(minutes=1)
    decide(owner, points=Fraction(2), reason="计划和小结", now=next_day)
    later = late + timedelta(days=5)
    assert papers(as_of=date(2026, 1, 20), now=later).points == 1
    assert papers(as_of=date(2026, 1, 21), now=later).points == 2


def test_the_audit_row_keeps_no_reason(owner: Any) -> None:
    from taizhang.web.audit.models import Entry

    before = Entry.objects.count()
    decision = decide(owner, points=Fraction(1), reason="不应写进日志的话")
    entry = Entry.objects.order_by("-sequence")[0]
    assert Entry.objects.count() == before + 1
    assert (entry.action, str(decision.pk) in str(entry.objects_text)) == ("score.decide", True)
    assert "不应写进日志的话" not in str(vars(entry))


def test_every_fault_of_a_decision_is_told_at_once(owner: Any) -> None:
    codes = refused(lambda: decide(owner, points=Fraction(9), errors=3, checked=2))
    assert codes == ["ASSESS_002", "ASSESS_006", "ASSESS_003"]
    assert refused(lambda: decide(owner)) == ["ASSESS_004"]
    assert refused(lambda: decide(owner, item="nothing")) == ["ASSESS_001"]
    long = "好" * 2001
    assert refused(lambda: decide(owner, points=Fraction(1), reason=long)) == ["ASSESS_005"]
    tiny = Fraction(1, 3)
    assert refused(lambda: decide(owner, points=tiny, reason="三分之一")) == ["ASSESS_002"]
    assert refused(lambda: decide(owner, errors=0, checked=0)) == ["ASSESS_003"]
    assert refused(lambda: decide(owner, errors=1)) == ["ASSESS_003"]


def test_a_decision_is_about_a_unit_that_the_rubric_scores(owner: Any) -> None:
    stated = {"points": Fraction(1), "reason": "好"}
    assert refused(lambda: decide(owner, unit=STREET, **stated)) == ["SCORE_003"]
    assert refused(lambda: decide(owner, unit="110000000000", **stated)) == ["SCORE_002"]
    assert refused(lambda: decide(owner, rubric="nothing", **stated)) == ["SCORE_001"]


def test_only_assessors_decide_and_only_where_they_assess(owner: Any) -> None:
    from taizhang.web.accounts.models import Grant, Role, User

    worker = User.objects.create(username="worker")
    Grant.objects.create(user=worker, role=Role.RECORDER, unit=DISTRICT)
    assessor = User.objects.create(username="assessor")
    Grant.objects.create(user=assessor, role=Role.ASSESSOR, unit=STREET)
    stated = {"points": Fraction(1), "reason": "计划"}
    assert refused(lambda: decide(worker, **stated)) == ["ACCESS_001"]
    assert decide(assessor, **stated).pk
    elsewhere = "360602002001"
    assert refused(lambda: decide(assessor, unit=elsewhere, **stated)) == ["ACCESS_001"]


def test_the_database_refuses_what_no_decision_says(owner: Any) -> None:
    from django.db import IntegrityError, transaction

    from taizhang.web.assess.models import Decision

    given = {
        "rubric": "r",
        "item": "i",
        "unit": FIRST,
        "first_month": 202501,
        "last_month": 202512,
        "decided_at": NOW,
        "decided_by": owner,
    }
    wrong = (
        {},
        {"errors": 5, "checked": 4},
        {"points": 1, "first_month": 202601},
        {"errors": 0, "checked": 0},
    )
    for more in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.create(**{**given, **more})
