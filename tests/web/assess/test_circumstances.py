"""A circumstance that a unit states of an item: on record, answered by somebody else, shown."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.urls import reverse

from tests.web.assess.furnish import (
    NOW,
    RUBRIC,
    YEAR,
    answered,
    appealed,
    decided,
    opened,
    refused,
    scored,
    signed,
    user,
)
from tests.web.assess.test_appeals import item_signed
from tests.web.browsing import signed_in, soup, words
from tests.web.ledger.furnish import FIRST

pytestmark = pytest.mark.usefixtures("assessing")
#: Five lectures of six are missing: two of twelve points each.
ITEM = "lectures"


def stated(number: int, **more: Any) -> Any:
    from taizhang.web.assess.appeal_actions import circumstance_state

    given = {
        "unit": FIRST,
        "item": ITEM,
        "text": "六月至十月活动室被征用为安置点",
        "acting_user": user("lead"),
        "now": NOW,
    }
    return circumstance_state(number=number, **{**given, **more})


def adjusted(number: int, points: str | None = "10", **more: Any) -> Any:
    from taizhang.web.assess.appeal_actions import circumstance_answer

    given = {
        "unit": FIRST,
        "item": ITEM,
        "adjusted": points is not None,
        "points": None if points is None else Fraction(points),
        "reason": "核对属实，按可用月份折算",
        "acting_user": user("officer"),
        "now": NOW + timedelta(minutes=5),
    }
    return circumstance_answer(number=number, **{**given, **more})


def item_now(key: str = ITEM) -> Any:
    from taizhang.web.assess.scores import item_of, scores_now

    (score,) = scores_now(RUBRIC, [FIRST], YEAR, NOW + timedelta(hours=1))
    return item_of(score, key)


def published_after(number: int) -> None:
    from taizhang.web.assess.round_actions import round_publish

    scored(number, NOW + timedelta(minutes=10))
    later = NOW + timedelta(minutes=11)
    round_publish(number=number, days=5, acting_user=user("officer"), now=later)


def test_what_is_stated_changes_nothing_by_itself_and_stands_beside_the_item() -> None:
    before = item_now()
    stated(opened().pk)
    item = item_now()
    assert item.circumstance.zh == "六月至十月活动室被征用为安置点"
    assert (item.points, item.losses) == (before.points, before.losses)


def test_an_adjustment_stands_in_the_place_of_the_rule_with_its_reason() -> None:
    from taizhang.documents.render.text import to_text
    from taizhang.documents.score_document import score_document
    from taizhang.web.assess.round_actions import archived_score

    round_ = opened()
    stated(round_.pk)
    adjusted(round_.pk)
    item = item_now()
    assert item.stated_points == 10
    assert "因所述情况调整为10分（满分12分）：核对属实" in item.found.zh
    assert item.losses[0].remedy.zh == "对调整有异议可申诉。"
    published_after(round_.pk)
    row = round_.assessments.get(unit=FIRST)
    paper = to_text(score_document(archived_score(row.versions.get())))
    assert "被考核单位说明的情况" in paper
    assert "六月至十月活动室被征用为安置点" in paper
    # an appeal goes on from there, and what was stated stays beside it
    appealed(round_.pk, item=ITEM)
    shown = words(soup(signed_in("second_officer").get(address("item", round_.pk))))
    assert "六月至十月活动室被征用为安置点" in shown
    assert refused(lambda: answered(round_.pk, "12", item=ITEM, acting_user=user("officer"))) == [
        "ASSESS_019"
    ]
    answered(round_.pk, "12", item=ITEM)
    signed(round_.pk)
    final = item_signed(round_, ITEM)
    assert (final.stated_points, final.circumstance.zh) == (12, "六月至十月活动室被征用为安置点")


def test_what_is_declined_says_why_and_costs_nothing() -> None:
    round_ = opened()
    before = item_now().points
    stated(round_.pk)
    adjusted(round_.pk, None)
    item = item_now()
    assert item.points == before
    assert "（复核后不调整：核对属实，按可用月份折算）" in item.circumstance.zh


def test_to_state_a_circumstance_never_costs_points() -> None:
    round_ = opened()
    before = item_now().points
    stated(round_.pk)
    adjusted(round_.pk, "1")
    assert item_now().points == before > 1


def test_a_later_decision_replaces_the_adjustment_not_the_words() -> None:
    round_ = opened()
    decided(points="2")
    stated(round_.pk, item="papers")
    adjusted(round_.pk, "4", item="papers")
    assert item_now("papers").points == 4
    decided(points="3", now=NOW + timedelta(minutes=9))
    item = item_now("papers")
    assert (item.points, bool(item.circumstance)) == (3, True)


def test_four_eyes_neither_who_decided_nor_who_stated_answers() -> None:
    from tests.web.browsing import person

    round_ = opened()
    decided(points="2")
    person("lead_too", "lead", FIRST)
    stated(round_.pk, item="papers")
    assert refused(
        lambda: adjusted(round_.pk, "4", item="papers", acting_user=user("assessor"))
    ) == ["ASSESS_032"]
    for name in ("lead", "recorder", "viewer", "sibling"):
        assert refused(
            lambda name=name: adjusted(round_.pk, "4", item="papers", acting_user=user(name))
        ) == ["ACCESS_001"]
    from taizhang.web.accounts.queries import user_named

    stated(round_.pk, item="av", acting_user=user_named(None))
    assert refused(lambda: adjusted(round_.pk, "4", item="av", acting_user=user_named(None))) == [
        "ASSESS_032"
    ]
    adjusted(round_.pk, "4", item="papers", acting_user=user("other_assessor"))


def test_only_the_units_lead_states_before_publication_once() -> None:
    round_ = opened()
    for name in ("recorder", "sibling", "officer", "assessor", "viewer"):
        assert refused(lambda name=name: stated(round_.pk, acting_user=user(name))) == [
            "ACCESS_001"
        ]
    assert refused(lambda: stated(round_.pk, text=" ")) == ["ASSESS_030"]
    assert refused(lambda: stated(round_.pk, item="nothing")) == ["ASSESS_001"]
    assert refused(lambda: stated(round_.pk, item="satisfaction")) == ["ASSESS_029"]
    assert refused(lambda: adjusted(round_.pk)) == ["ASSESS_012"]
    stated(round_.pk)
    assert refused(lambda: stated(round_.pk)) == ["ASSESS_031"]
    assert refused(lambda: adjusted(round_.pk, reason="")) == ["ASSESS_020"]
    assert refused(lambda: adjusted(round_.pk, points=None, adjusted=True)) == ["ASSESS_020"]
    assert refused(lambda: adjusted(round_.pk, "13")) == ["ASSESS_002"]
    adjusted(round_.pk)
    assert refused(lambda: adjusted(round_.pk)) == ["ASSESS_031"]
    published_after(round_.pk)
    assert refused(lambda: stated(round_.pk, item="av")) == ["ASSESS_013"]


def test_a_score_that_was_computed_before_is_computed_again() -> None:
    from taizhang.web.assess.round_actions import round_publish

    round_ = opened()
    scored(round_.pk)
    stated(round_.pk, now=NOW + timedelta(minutes=1))
    publish = {"number": round_.pk, "days": 5, "acting_user": user("officer")}
    assert refused(lambda: round_publish(**publish, now=NOW + timedelta(minutes=2))) == [
        "ASSESS_014"
    ]


def address(name: str, number: int) -> str:
    return reverse(f"assess:{name}", args=(FIRST, number, ITEM))


def test_it_is_stated_and_answered_on_the_page_of_the_item() -> None:
    round_ = opened()
    lead = signed_in("lead")
    assert "说明情况" in words(soup(lead.get(address("item", round_.pk))))
    answer = lead.post(address("circumstance", round_.pk), {"text": "活动室被征用"})
    assert answer.status_code == 302
    officer = signed_in("officer")
    shown = soup(officer.get(address("item", round_.pk)))
    assert "活动室被征用" in words(shown)
    form = next(form for form in shown.select("form") if form["action"].endswith("/adjust"))
    given = {"outcome": "adjusted", "points": "十", "reason": "属实"}
    assert officer.post(form["action"], given).status_code == 422
    assert officer.post(form["action"], {**given, "points": "10"}).status_code == 302
    shown = words(soup(lead.get(address("item", round_.pk))))
    assert "因所述情况调整为10分" in shown
    listed = words(soup(lead.get(reverse("assess:unit", args=(FIRST, round_.pk)))))
    assert "活动室被征用" in listed


def test_the_log_covers_what_was_stated_and_adjusted() -> None:
    from taizhang.web.assess.models import Circumstance
    from taizhang.web.audit.models import Entry
    from taizhang.web.audit.verify import verify

    round_ = opened()
    stated(round_.pk)
    adjusted(round_.pk)
    told = set(Entry.objects.values_list("action", flat=True))
    assert {"circumstance.state", "circumstance.answer"} <= told
    assert [str(issue) for issue in verify().issues if "circumstance" in str(issue.place)] == []
    Circumstance.objects.update(text="另一种说法")
    places = [str(issue.place) for issue in verify().issues]
    assert any("circumstance" in place for place in places)
