"""Rounds: opened under a plan number, computed, published, signed once, corrected with a reason."""

import json
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from taizhang.core.base.rounding import rounded
from taizhang.web.instance.paths import Home
from tests.web.assess.furnish import (
    LATER,
    NOW,
    PLAN,
    RUBRIC,
    YEAR,
    answered,
    appealed,
    decided,
    lecture,
    opened,
    published,
    refused,
    scored,
    signed,
    user,
)
from tests.web.ledger.furnish import DISTRICT, FIRST, OTHER, SECOND, STREET, THIRD

pytestmark = pytest.mark.usefixtures("assessing")


def score_of(assessment: Any) -> Any:
    from taizhang.web.assess import round_actions

    return round_actions.archived_score(assessment.versions.order_by("number").last())


def first(round_: Any) -> Any:
    return round_.assessments.get(unit=FIRST)


def open_as(name: str, **given: Any) -> Any:
    from taizhang.web.assess.round_actions import round_open

    stated = {
        "rubric": RUBRIC,
        "period": YEAR,
        "plan_number": PLAN,
        "office": DISTRICT,
        "units": (FIRST,),
    }
    return round_open(**{**stated, **given}, acting_user=user(name), now=NOW)


def test_nobody_is_assessed_without_a_filed_plan_number_or_twice() -> None:
    assert refused(lambda: open_as("officer", plan_number="  ", units=())) == [
        "ASSESS_009",
        "ASSESS_011",
    ]
    opened()
    assert refused(lambda: open_as("officer", plan_number="x" * 121)) == [
        "ASSESS_005",
        "ASSESS_010",
    ]
    assert open_as("officer", units=(THIRD,)).pk


def test_only_the_office_opens_and_only_for_units_below_it() -> None:
    for name in ("lead", "assessor", "viewer", "recorder"):
        assert refused(lambda name=name: open_as(name)) == ["ACCESS_001"]
    assert refused(lambda: open_as("street_officer")) == ["ACCESS_001"]
    outside = {"office": STREET, "units": (FIRST, THIRD)}
    assert refused(lambda: open_as("street_officer", **outside)) == ["ACCESS_001"]
    assert open_as("street_officer", office=STREET).unit == STREET
    assert refused(lambda: open_as("officer", units=(OTHER,))) == ["SCORE_003"]
    assert refused(lambda: open_as("officer", rubric="nothing")) == ["SCORE_001"]


def test_a_street_opens_its_own_assessment_from_the_page() -> None:
    from taizhang.web.assess.models import Round
    from tests.web.browsing import person, signed_in, soup

    person("beside", "officer", OTHER)
    street, beside, district = map(signed_in, ("street_officer", "beside", "officer"))
    asked = {"rubric": RUBRIC, "period": "2025", "plan_number": PLAN, "unit": STREET}
    offered = soup(street.get("/assessment/open/"))
    ticks = {box["value"] for box in offered.select("input[name=units]")}
    assert {FIRST, SECOND} <= ticks
    assert THIRD not in ticks
    forged = street.post("/assessment/open/", {**asked, "units": [FIRST, THIRD]})
    assert "ACCESS_001" in forged.text
    assert "ACCESS_001" in beside.post("/assessment/open/", {**asked, "units": [FIRST]}).text
    assert not Round.objects.exists()
    assert street.post("/assessment/open/", {**asked, "units": [FIRST]}).status_code == 302
    opened_round = Round.objects.get()
    assert opened_round.unit == STREET
    address = f"/assessment/round/{opened_round.pk}/"
    assert street.get(address).status_code == 200
    assert beside.get(address).status_code == 404
    assert district.get(address).status_code == 200
    whole = {**asked, "unit": DISTRICT, "units": [SECOND, THIRD]}
    assert district.post("/assessment/open/", whole).status_code == 302
    # What the district opened, the street does not publish.
    assert refused(lambda: scored_as("street_officer", Round.objects.get(unit=DISTRICT).pk)) == [
        "ACCESS_001"
    ]


def scored_as(name: str, number: int) -> Any:
    from taizhang.web.assess.round_actions import round_score

    return round_score(number=number, acting_user=user(name), now=NOW)


def test_computing_goes_step_by_step_and_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    from taizhang.web.assess import round_actions

    monkeypatch.setattr(round_actions, "STEP", 1)
    round_ = opened()
    given = {"number": round_.pk, "acting_user": user("officer")}
    step = round_actions.round_score(**given, now=NOW)
    assert (step.done, step.all, step.finished) == (1, 2, False)
    assert round_actions.round_score(**given, now=NOW).finished
    round_.refresh_from_db()
    assert round_.state == "scored"
    assert {assessment.unit for assessment in round_.assessments.all() if assessment.draft} == {
        FIRST,
        SECOND,
    }
    assert first(round_).shown["total"] != ""
    again = round_actions.round_score(**given, begin=True, now=NOW + timedelta(hours=1))
    assert again.done == 1
    round_.refresh_from_db()
    assert round_.state == "open"
    publish = lambda: round_actions.round_publish(**given, days=5, now=LATER)  # noqa: E731
    assert refused(publish) == ["ASSESS_013"]


def test_what_was_decided_after_computing_is_not_published() -> None:
    from taizhang.web.assess.round_actions import round_publish

    round_ = opened()
    scored(round_.pk)
    decided(now=NOW + timedelta(minutes=5))
    given = {"number": round_.pk, "acting_user": user("officer"), "now": NOW + timedelta(hours=1)}
    assert refused(lambda: round_publish(**given, days=0)) == ["ASSESS_015", "ASSESS_014"]
    scored(round_.pk, NOW + timedelta(minutes=10))
    assert round_publish(**given, days=5).state == "published"


def test_the_deadline_is_five_working_days_later() -> None:
    from taizhang.web.base.working_days import working_days_after

    # 2026-01-20 is a Tuesday
    assert published().appeal_until == date(2026, 1, 27)
    # over the Spring Festival, with Saturday 14 and 28 February worked in exchange
    assert working_days_after(date(2026, 2, 12), 3) == date(2026, 2, 24)
    assert working_days_after(date(2026, 2, 27), 1) == date(2026, 2, 28)


def test_publishing_freezes_each_score_with_its_digest_and_one_row_of_the_log() -> None:
    from taizhang.web.audit.models import Entry
    from taizhang.web.base.archive_json import archive_digest

    round_ = published()
    version = first(round_).versions.get()
    assert (version.number, version.stage) == (1, "published")
    assert version.digest == archive_digest(version.content)
    assert json.loads(version.content)["format"] == 2
    entry = Entry.objects.order_by("-sequence")[0]
    assert (entry.action, entry.count) == ("assessment.publish", 5)  # a round, 2 scores, 2 versions
    papers = {item.key: item for item in score_of(first(round_)).items}["papers"]
    assert papers.points == 2
    assert "只有计划" in papers.losses[0].why.zh


def test_later_figures_do_not_change_what_is_signed() -> None:
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.assess.present import standing
    from taizhang.web.ledger.accept.actions import records_import

    round_ = published()
    lines = [json.dumps(lecture(f"late-{day}", day), ensure_ascii=False) for day in (20, 21, 22)]
    records_import(lines=lines, file="late", acting_user=user_named(None), now=LATER)
    signed(round_.pk, now=LATER)
    shown = standing(first(round_), LATER)
    before = {item.key: item for item in shown.score.items}["lectures"]
    assert "2次" in before.found.zh
    assert [difference.key for difference in shown.differences if difference.key == "lectures"] == [
        "lectures"
    ]
    assert first(round_).shown["total"] == "19.59"
    assert rounded(shown.score.total, 2) == Fraction(1959, 100)


def test_signing_waits_for_the_deadline_the_answers_and_a_reason_for_gaps() -> None:
    round_ = published()
    appealed(round_.pk)
    early = NOW + timedelta(days=3)
    assert refused(lambda: signed(round_.pk, "", now=early)) == [
        "ASSESS_021",
        "ASSESS_022",
        "ASSESS_023",
    ]
    assert refused(lambda: signed(round_.pk, "")) == ["ASSESS_022", "ASSESS_023"]
    answered(round_.pk)
    assert refused(lambda: signed(round_.pk, " ")) == ["ASSESS_023"]
    assert refused(lambda: signed(round_.pk, "长" * 2001)) == ["ASSESS_005"]
    assert signed(round_.pk).state == "signed"


def test_the_last_day_still_belongs_to_the_units() -> None:
    round_ = published()
    last_evening = NOW.replace(day=27, hour=15, minute=59)  # 23:59 in Shanghai
    assert "ASSESS_021" in refused(lambda: signed(round_.pk, now=last_evening))
    assert appealed(round_.pk, now=last_evening).pk
    after = last_evening + timedelta(minutes=2)
    late = lambda: appealed(round_.pk, item="lectures", now=after)  # noqa: E731
    assert refused(late) == ["ASSESS_016"]


def test_units_that_accept_need_not_be_waited_for() -> None:
    from taizhang.web.assess.appeal_actions import assessment_accept

    round_ = published()
    early = NOW + timedelta(days=1)
    for name, unit in (("lead", FIRST), ("sibling", SECOND)):
        given = {"number": round_.pk, "unit": unit, "now": early}
        assessment_accept(**given, acting_user=user(name))
        assessment_accept(**given, acting_user=user(name))  # twice changes nothing
    assert refused(lambda: appealed(round_.pk)) == ["ASSESS_025"]
    assert signed(round_.pk, now=early).state == "signed"


def test_a_round_is_signed_once() -> None:
    round_ = published()
    signed(round_.pk)
    assert refused(lambda: signed(round_.pk)) == ["ASSESS_013"]
    assert [version.stage for version in first(round_).versions.order_by("number")] == [
        "published",
        "signed",
    ]
    assert refused(lambda: appealed(round_.pk)) == ["ASSESS_013"]


def test_who_may_sign(assessing: Home) -> None:
    round_ = published()
    for name in ("lead", "assessor", "viewer", "street_officer"):
        assert refused(lambda name=name: signed(round_.pk, acting_user=user(name))) == [
            "ACCESS_001"
        ]


def test_a_correction_is_a_new_version_with_a_reason_beside_the_signed_one() -> None:
    from taizhang.web.assess.round_actions import version_correct

    round_ = published()
    given = {"number": round_.pk, "unit": FIRST, "acting_user": user("officer"), "now": LATER}
    assert refused(lambda: version_correct(**given, reason="补录")) == ["ASSESS_013"]
    signed(round_.pk)
    assert refused(lambda: version_correct(**given, reason=" ")) == ["ASSESS_024"]
    decided(points="5", reason="补交了总结", now=LATER)
    version = version_correct(**given, reason="档案室找到了总结")
    assert (version.number, version.stage, version.reason) == (3, "corrected", "档案室找到了总结")
    stages = [version.stage for version in first(round_).versions.order_by("number")]
    assert stages == ["published", "signed", "corrected"]
    numbers = [item.points for item in score_of(first(round_)).items if item.key == "papers"]
    assert numbers == [5]
    elsewhere = {**given, "unit": THIRD, "reason": "x"}
    assert refused(lambda: version_correct(**elsewhere)) == ["ASSESS_012"]


def test_results_that_are_out_are_not_decided_anew() -> None:
    published()
    assert refused(lambda: decided(points="5", now=NOW + timedelta(days=1))) == ["ASSESS_008"]


def test_a_withdrawn_round_frees_its_units() -> None:
    from taizhang.web.assess.round_actions import round_withdraw

    round_ = opened()
    given = {"number": round_.pk, "acting_user": user("officer"), "now": NOW}
    assert refused(lambda: round_withdraw(**given, reason="")) == ["ASSESS_024"]
    assert round_withdraw(**given, reason="备案号有误").state == "withdrawn"
    assert opened().pk != round_.pk
    assert refused(lambda: round_withdraw(**given, reason="再来")) == ["ASSESS_013"]
    later = published(units=(THIRD,))
    published_one = {**given, "number": later.pk}
    assert refused(lambda: round_withdraw(**published_one, reason="不要了")) == ["ASSESS_013"]


def test_a_decision_that_another_did_not_see_refuses_theirs() -> None:
    decision = decided(seen=0)
    late = {"points": "5", "acting_user": user("other_assessor"), "reason": "有总结"}
    assert refused(lambda: decided(seen=0, **late)) == ["ASSESS_007"]
    assert decided(seen=decision.pk, **late).pk > decision.pk


def test_a_clock_that_was_put_back_neither_hides_a_decision_nor_waits_for_ever() -> None:
    from taizhang.web.assess.round_actions import round_publish, round_score

    round_ = opened()
    scored(round_.pk)
    back = NOW - timedelta(days=1)
    decided(now=back)
    given = {"number": round_.pk, "acting_user": user("officer"), "now": back}
    assert refused(lambda: round_publish(**given, days=5)) == ["ASSESS_014"]
    assert round_score(**given, begin=True).finished
    assert score_of_draft(round_) == "2"
    round_publish(**given, days=5)


def score_of_draft(round_: Any) -> str:
    from taizhang.web.assess.scores import item_of
    from taizhang.web.base.archive_json import archive_read

    item = item_of(archive_read(first(round_).draft), "papers")
    assert item is not None
    return str(item.points)


def test_a_second_assessment_of_an_overlapping_period_needs_its_reason() -> None:
    from taizhang.core.base.period import parse_period
    from taizhang.web.assess.models import Round

    given = {"period": parse_period("2025H1")}
    signed(published().pk)
    told = refused_with(lambda: open_as("officer", **given))
    assert told.code.name == "ASSESS_028"
    for text in ("健康教育工作年度考核评分细则 2025", PLAN, "officer"):
        assert text in str(told.facts["rounds"])
    assert refused(lambda: open_as("officer", **given, overlap_reason="  ")) == ["ASSESS_028"]
    second = open_as("officer", **given, overlap_reason="上半年专项检查，区里另行备案")
    assert Round.objects.get(pk=second.pk).overlap_reason == "上半年专项检查，区里另行备案"
    # another year, other units: nothing overlaps, and no reason is kept
    other = open_as("officer", period=parse_period("2024"), overlap_reason="多写的")
    assert Round.objects.get(pk=other.pk).overlap_reason is None
    assert open_as("officer", units=(THIRD,), period=parse_period("2025H2")).overlap_reason is None


def refused_with(call: Any) -> Any:
    from taizhang.core.base.issue import Refused

    with pytest.raises(Refused) as caught:
        call()
    (issue,) = caught.value.issues
    return issue


def test_the_page_warns_of_the_overlap_and_asks_for_a_confirmation_with_its_reason() -> None:
    from django.urls import reverse

    from taizhang.web.assess.models import Round
    from tests.web.assess.test_scale import install
    from tests.web.browsing import signed_in, soup, words

    signed(published().pk)
    install(("key: health_education, title", "key: other_rubric, title"))
    officer = signed_in("officer")
    query = {"rubric": "other_rubric", "period": "2025", "unit": DISTRICT}
    shown = words(soup(officer.get(reverse("assess:open"), query)))
    assert "重叠的时段已经有考核" in shown
    assert PLAN in shown
    assert "由officer签字定稿" in shown
    given = {**query, "plan_number": "月督考备〔2026〕9号", "units": [FIRST]}
    refusal = officer.post(reverse("assess:open"), given)
    assert refusal.status_code == 422
    reason = {"overlap_reason": "两项考核内容不同"}
    assert officer.post(reverse("assess:open"), {**given, **reason}).status_code == 422
    assert Round.objects.count() == 1
    both = {**given, **reason, "overlap": "on"}
    answer = officer.post(reverse("assess:open"), both)
    assert answer.status_code == 302
    assert "两项考核内容不同" in words(soup(officer.get(answer["Location"])))
