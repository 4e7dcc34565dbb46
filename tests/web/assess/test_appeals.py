"""Appeals: by the unit's lead, per item, in time; answered by somebody who did not decide it."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.urls import reverse

from tests.web.assess.furnish import (
    LATER,
    NOW,
    answered,
    appealed,
    decided,
    opened,
    published,
    refused,
    scored,
    signed,
    user,
)
from tests.web.browsing import signed_in, soup
from tests.web.ledger.furnish import FIRST, SECOND

pytestmark = pytest.mark.usefixtures("assessing")


def item_signed(round_: Any, key: str) -> Any:
    from taizhang.web.assess.round_actions import archived_score

    row = round_.assessments.get(unit=FIRST)
    score = archived_score(row.versions.order_by("number").last())
    return {item.key: item for item in score.items}[key]


def test_only_the_units_lead_appeals() -> None:
    round_ = published()
    for name in ("recorder", "sibling", "officer", "assessor", "viewer"):
        assert refused(lambda name=name: appealed(round_.pk, acting_user=user(name))) == [
            "ACCESS_001"
        ]
    assert appealed(round_.pk).filed_by == user("lead")


def test_an_appeal_says_something_about_an_item_once() -> None:
    round_ = published()
    assert refused(lambda: appealed(round_.pk, text=" ")) == ["ASSESS_017"]
    assert refused(lambda: appealed(round_.pk, text="长" * 2001)) == ["ASSESS_005"]
    assert refused(lambda: appealed(round_.pk, item="nothing")) == ["ASSESS_001"]
    appealed(round_.pk)
    assert refused(lambda: appealed(round_.pk)) == ["ASSESS_018"]
    assert refused(lambda: appealed(round_.pk, unit="360602001009")) == ["ACCESS_001"]
    assert refused(lambda: appealed(999)) == ["ASSESS_012"]


def test_nobody_appeals_before_publication_or_after_the_deadline() -> None:
    round_ = opened()
    assert refused(lambda: appealed(round_.pk)) == ["ASSESS_013"]
    other = published(units=("360602002001",))
    assert refused(lambda: appealed(other.pk)) == ["ASSESS_012"]


def test_after_the_deadline_no_appeal_is_taken() -> None:
    round_ = published()
    assert refused(lambda: appealed(round_.pk, now=LATER)) == ["ASSESS_016"]


def test_a_changed_score_is_signed_with_the_reason() -> None:
    round_ = published()
    appealed(round_.pk)
    answered(round_.pk, "4.5")
    signed(round_.pk)
    papers = item_signed(round_, "papers")
    assert papers.points == Fraction("4.5")
    assert "申诉后改定4.5分" in papers.losses[0].why.zh
    assert papers.losses[0].points == Fraction("0.5")
    assert round_.assessments.get(unit=FIRST).appeals.get().decision.points == 45_000


def test_after_a_dismissed_appeal_the_score_stays_and_its_reason_is_told() -> None:
    round_ = published()
    appealed(round_.pk)
    appeal = answered(round_.pk, None)
    assert (appeal.outcome, appeal.reason) == ("dismissed", "核对属实")
    signed(round_.pk)
    assert item_signed(round_, "papers").points == 2


def test_an_item_scored_from_figures_can_be_changed_on_appeal_and_stays_so() -> None:
    from taizhang.web.assess.round_actions import version_correct

    round_ = published()
    appealed(round_.pk, item="trainings")
    answered(round_.pk, "3", item="trainings")
    signed(round_.pk)
    assert item_signed(round_, "trainings").points == 3
    given = {"unit": FIRST, "acting_user": user("officer"), "now": LATER}
    version_correct(number=round_.pk, reason="复核", **given)
    assert item_signed(round_, "trainings").points == 3


def test_what_waits_for_its_source_is_typed_by_nobody_not_on_appeal_either() -> None:
    round_ = opened()
    assert refused(lambda: decided("satisfaction", "3")) == ["ASSESS_029"]
    shown = soup(
        signed_in("assessor").get(reverse("assess:item", args=(FIRST, round_.pk, "satisfaction")))
    )
    assert not [form for form in shown.select("form") if "decide" in form["action"]]
    scored(round_.pk)
    from taizhang.web.assess.round_actions import round_publish

    round_publish(number=round_.pk, days=5, acting_user=user("officer"), now=NOW)
    assert refused(lambda: appealed(round_.pk, item="satisfaction")) == ["ASSESS_029"]
    shown = soup(
        signed_in("lead").get(reverse("assess:item", args=(FIRST, round_.pk, "satisfaction")))
    )
    assert not [form for form in shown.select("form") if "appeal" in form["action"]]


def test_whoever_decided_an_item_does_not_answer_for_it() -> None:
    from tests.web.browsing import person

    person("both", "officer", "")
    from taizhang.web.accounts.models import Grant

    Grant.objects.create(user=user("both"), role="assessor", unit="")
    from tests.web.assess.furnish import decided, scored

    round_ = opened()
    decided(acting_user=user("both"))
    scored(round_.pk, NOW + timedelta(minutes=1))
    from taizhang.web.assess.round_actions import round_publish

    round_publish(
        number=round_.pk, days=5, acting_user=user("officer"), now=NOW + timedelta(minutes=2)
    )
    appealed(round_.pk)
    assert refused(lambda: answered(round_.pk, acting_user=user("both"))) == ["ASSESS_019"]
    assert answered(round_.pk).outcome == "allowed"


def test_who_may_answer_and_with_what() -> None:
    round_ = published()
    assert refused(lambda: answered(round_.pk)) == ["ASSESS_012"]
    appealed(round_.pk)
    for name in ("lead", "assessor", "viewer"):
        assert refused(lambda name=name: answered(round_.pk, acting_user=user(name))) == [
            "ACCESS_001"
        ]
    assert refused(lambda: answered(round_.pk, reason="")) == ["ASSESS_020"]
    assert refused(lambda: answered(round_.pk, "6")) == ["ASSESS_002"]
    assert refused(lambda: answered(round_.pk, None, allowed=True)) == ["ASSESS_020"]
    assert refused(lambda: answered(round_.pk, reason="长" * 2001)) == ["ASSESS_005"]
    answered(round_.pk)
    assert refused(lambda: answered(round_.pk)) == ["ASSESS_018"]


def test_nobody_accepts_with_an_open_appeal_or_for_another_unit() -> None:
    from taizhang.web.assess.appeal_actions import assessment_accept

    round_ = published()
    given = {"number": round_.pk, "now": NOW + timedelta(days=1)}
    other = {**given, "unit": SECOND, "acting_user": user("lead")}
    assert refused(lambda: assessment_accept(**other)) == ["ACCESS_001"]
    appealed(round_.pk)
    own = {**given, "unit": FIRST, "acting_user": user("lead")}
    assert refused(lambda: assessment_accept(**own)) == ["ASSESS_022"]
    answered(round_.pk)
    assert assessment_accept(**own).accepted_by == user("lead")


def test_the_log_keeps_no_words_of_an_appeal() -> None:
    from taizhang.web.audit.models import Entry

    round_ = published()
    appealed(round_.pk, text="不应写进日志的话")
    answered(round_.pk, reason="也不应写进日志")
    for entry in Entry.objects.order_by("-sequence")[:2]:
        assert "写进日志" not in str(vars(entry))
    assert [entry.action for entry in Entry.objects.order_by("-sequence")[:2]] == [
        "appeal.answer",
        "appeal.file",
    ]
