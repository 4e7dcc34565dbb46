"""Pages of assessments: what each person sees and can do, refusals in place, files."""

import io
from datetime import timedelta
from typing import Any

import docx
import pytest
from django.urls import reverse
from django.utils import timezone

from tests.web.assess.furnish import (
    NOW,
    PLAN,
    RUBRIC,
    appealed,
    decided,
    opened,
    published,
    scored,
    signed,
    user,
)
from tests.web.browsing import signed_in, soup, words
from tests.web.ledger.furnish import DISTRICT, FIRST, SECOND, STREET, THIRD

pytestmark = pytest.mark.usefixtures("assessing")


def put_back(round_: Any) -> None:
    """Let the time for appeals of a round run today: pages ask the clock themselves."""
    round_.appeal_until = timezone.localdate() + timedelta(days=3)
    round_.save()


def test_an_officer_opens_an_assessment_by_its_plan_number() -> None:
    browser = signed_in("officer")
    page = soup(browser.get("/assessment/"))
    assert page.select_one("a[href='/assessment/open/']")
    page = soup(browser.get(f"/assessment/open/?rubric={RUBRIC}&period=2025&unit={DISTRICT}"))
    ticks = [tick["value"] for tick in page.select("input[name=units]")]
    assert FIRST in ticks
    assert STREET not in ticks
    sent = {"rubric": RUBRIC, "period": "2025", "unit": DISTRICT, "units": [FIRST, SECOND]}
    page = soup(browser.post("/assessment/open/", {**sent, "plan_number": ""}), 422)
    assert "ASSESS_009" in words(page)
    held = [tick["value"] for tick in page.select("input[name=units][checked]")]
    assert held == [FIRST, SECOND]  # what was ticked stays so
    answer = browser.post("/assessment/open/", {**sent, "plan_number": PLAN})
    assert answer.status_code == 302
    page = soup(browser.get(answer["Location"]))
    assert PLAN in words(page)
    page = soup(browser.get(f"/assessment/open/?rubric={RUBRIC}&period=2025&unit={DISTRICT}"))
    assert FIRST not in [tick["value"] for tick in page.select("input[name=units]")]


def test_scores_are_computed_in_steps_with_and_without_script(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from taizhang.web.assess import round_actions

    monkeypatch.setattr(round_actions, "STEP", 1)
    round_ = opened()
    browser = signed_in("officer")
    address = f"/assessment/round/{round_.pk}/score"
    page = soup(browser.post(address, {"begin": "1"}))
    assert page.select_one("progress")["value"] == "1"
    answer = browser.post(address, headers={"hx-request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"/assessment/round/{round_.pk}/")
    page = soup(browser.get(f"/assessment/round/{round_.pk}/"))
    assert page.select_one("input[name=days]")["value"] == "5"
    answer = browser.post(f"/assessment/round/{round_.pk}/publish", {"days": "0"})
    assert "ASSESS_015" in words(soup(answer, 422))


def test_a_unit_sees_every_lost_point_and_no_sibling() -> None:
    round_ = published()
    put_back(round_)
    lead = signed_in("lead")
    page = soup(lead.get("/assessment/"))
    own = f"/assessment/{FIRST}/{round_.pk}/"
    assert page.select_one(f"ul.rows a[href='{own}']")
    page = soup(lead.get(own))
    losses = words(page.select_one("ol.losses"))
    assert "只有计划，没有总结" in losses
    assert "−3" in losses
    assert page.select_one(f"form[action='{own}accept']")
    assert lead.get(f"/assessment/{SECOND}/{round_.pk}/").status_code == 404
    table = soup(lead.get(f"/assessment/round/{round_.pk}/")).select_one("table")
    assert "二社区" not in words(table)
    assert lead.get(f"/assessment/round/{round_.pk}/notice.docx").status_code == 404
    assert signed_in("recorder").get(own).status_code == 200
    assert not soup(signed_in("recorder").get(own)).select(f"form[action='{own}accept']")


def test_an_item_shows_its_figures_and_who_may_do_what() -> None:
    round_ = published()
    put_back(round_)
    at = f"/assessment/{FIRST}/{round_.pk}/item"
    page = soup(signed_in("lead").get(f"{at}/lectures/"))
    figure = page.select_one("section[aria-labelledby=figures] a")["href"]
    assert figure.startswith("/figure/?")
    assert f"unit={FIRST}" in figure
    assert "2" in words(page.select_one("section[aria-labelledby=figures]"))
    assert page.select_one(f"form[action='{at}/lectures/appeal']")
    page = soup(signed_in("assessor").get(f"{at}/papers/"))
    assert not page.select("form[action$=decide]")  # results are out
    assert signed_in("assessor").post(f"{at}/papers/appeal", {"text": "x"}).status_code == 404
    assert signed_in("lead").get(f"{at}/nothing/").status_code == 404


def test_deciding_on_the_page_tells_of_another_decision() -> None:
    round_ = opened()
    browser = signed_in("assessor")
    at = f"/assessment/{FIRST}/{round_.pk}/item/papers/"
    page = soup(browser.get(at))
    seen = page.select_one("input[name=seen]")["value"]
    assert seen == "0"
    decided(acting_user=user("other_assessor"), now=timezone.now())
    sent = {"seen": seen, "points": "５", "reason": "都有"}
    page = soup(browser.post(f"{at}decide", sent), 422)
    assert "ASSESS_007" in words(page)
    issue = page.select_one(".issues li").get_text()
    assert "“年初有计划、年末有总结”" in issue  # the item as the rubric calls it, not by its key
    assert "papers" not in issue
    assert page.select_one("textarea[name=reason]").get_text() == "都有"
    sent["seen"] = page.select_one("input[name=seen]")["value"]
    assert browser.post(f"{at}decide", {**sent, "points": "many"}).status_code == 422
    assert browser.post(f"{at}decide", sent).status_code == 302
    assert words(soup(browser.get(at)).select_one("p.value")).startswith("5")
    assert not soup(signed_in("viewer").get(at)).select("form[action$=decide]")


def test_appeal_and_answer_on_the_page() -> None:
    from taizhang.web.accounts.models import Grant

    round_ = published()
    put_back(round_)
    at = f"/assessment/{FIRST}/{round_.pk}/item/papers/"
    lead, officer = signed_in("lead"), signed_in("second_officer")
    Grant.objects.create(user=user("assessor"), role="officer", unit=DISTRICT)
    assert "ASSESS_017" in words(soup(lead.post(f"{at}appeal", {"text": " "}), 422))
    assert lead.post(f"{at}appeal", {"text": "总结已补交"}).status_code == 302
    page = soup(signed_in("assessor").get(at))
    assert not page.select("form[action$=answer]")  # whoever decided does not answer
    assert "由另一位工作人员答复" in words(page)
    page = soup(officer.get(at))
    assert "总结已补交" in words(page)
    sent = {"outcome": "allowed", "points": "", "reason": "属实"}
    page = soup(officer.post(f"{at}answer", sent), 422)
    assert "ASSESS_020" in words(page)
    assert page.select_one("input[value=allowed]").has_attr("checked")
    assert officer.post(f"{at}answer", {**sent, "points": "5"}).status_code == 302
    assert "属实" in words(soup(lead.get(at)))
    assert lead.post(f"{at}answer", sent).status_code == 404


def test_sign_off_on_the_page_names_what_is_not_decided() -> None:
    round_ = published()
    browser = signed_in("officer")
    at = f"/assessment/round/{round_.pk}/"
    page = soup(browser.get(at))
    assert page.select_one("textarea[name=reason]")
    assert "群众满意率" in words(page.select_one("section[aria-labelledby=sign]"))
    assert "ASSESS_023" in words(soup(browser.post(f"{at}sign", {"reason": ""}), 422))
    assert browser.post(f"{at}sign", {"reason": "明年初完成调查"}).status_code == 302
    page = soup(browser.get(at))
    assert "明年初完成调查" in words(page)
    assert not page.select("form[action$=sign]")
    assert browser.post(f"{at}sign", {"reason": "再来"}).status_code == 422


def test_the_hindrances_are_shown_before_anybody_signs() -> None:
    round_ = published()
    put_back(round_)
    appealed(round_.pk)
    page = soup(signed_in("officer").get(f"/assessment/round/{round_.pk}/"))
    later = words(page.select_one(".later"))
    assert "ASSESS_021" in later
    assert "ASSESS_022" in later
    assert not page.select("form[action$=sign]")


def test_a_signed_version_says_its_digest_and_is_a_document() -> None:
    round_ = published()
    signed(round_.pk)
    browser = signed_in("lead")
    at = f"/assessment/{FIRST}/{round_.pk}/version/2"
    version = round_.assessments.get(unit=FIRST).versions.get(number=2)
    page = soup(browser.get(f"{at}/"))
    assert page.select_one("code").get_text() == version.digest
    answer = browser.get(f"{at}.docx")
    text = "\n".join(
        paragraph.text for paragraph in docx.Document(io.BytesIO(answer.content)).paragraphs
    )
    assert "只有计划，没有总结" in text
    assert browser.get(f"{at}.exe").status_code == 404
    assert browser.get(f"/assessment/{FIRST}/{round_.pk}/version/9/").status_code == 404
    assert signed_in("sibling").get(f"{at}.docx").status_code == 404


def test_a_version_that_was_changed_by_hand_is_not_shown() -> None:
    round_ = published()
    signed(round_.pk)
    version = round_.assessments.get(unit=FIRST).versions.get(number=2)
    version.content = version.content.replace("只有计划", "什么都有")
    version.save()
    answer = signed_in("lead").get(f"/assessment/{FIRST}/{round_.pk}/version/2/")
    assert "ASSESS_026" in words(soup(answer, 404))


def test_the_notice_lists_units_in_code_order_without_ranks() -> None:
    round_ = published(units=(SECOND, FIRST, THIRD))
    browser = signed_in("officer")
    early = browser.get(f"/assessment/round/{round_.pk}/notice.docx")
    paper = docx.Document(io.BytesIO(early.content))
    assert "公示" in paper.paragraphs[0].text + paper.paragraphs[1].text
    signed(round_.pk)
    answer = browser.get(f"/assessment/round/{round_.pk}/notice.docx")
    paper = docx.Document(io.BytesIO(answer.content))
    text = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert PLAN in text
    assert "考核结果的通报" in text
    names = [row.cells[0].text for row in paper.tables[0].rows][1:]
    assert names == ["一社区", "二社区", "三社区"]
    for rank in ("第一名", "排名第", "名次："):
        assert rank not in text
    assert "满意度调查明年初完成" in text
    titles = [cell.text for cell in paper.tables[1].rows[0].cells]
    assert titles == ["项目", "失分单位数", "合计失分", "补救办法"]
    lost = {row.cells[0].text: row.cells[1].text for row in paper.tables[1].rows}
    assert lost["年初有计划、年末有总结"] == "1个"
    digests = "".join(cell.text for row in paper.tables[2].rows for cell in row.cells)
    for assessment in round_.assessments.all():
        assert assessment.versions.get(number=2).digest in digests
    assert browser.get(f"/assessment/round/{round_.pk}/notice.pdf").content[:4] == b"%PDF"


def test_a_correction_and_a_withdrawal_on_the_page() -> None:
    round_ = published()
    signed(round_.pk)
    browser = signed_in("officer")
    at = f"/assessment/{FIRST}/{round_.pk}/"
    assert "ASSESS_024" in words(soup(browser.post(f"{at}correct", {"reason": ""}), 422))
    assert browser.post(f"{at}correct", {"reason": "补录"}).status_code == 302
    assert "补录" in words(soup(browser.get(at)))
    other = opened(units=(THIRD,), now=NOW + timedelta(hours=1))
    scored(other.pk, NOW + timedelta(hours=2))
    at = f"/assessment/round/{other.pk}/"
    assert browser.post(f"{at}withdraw", {"reason": "备案号有误"}).status_code == 302
    assert "备案号有误" in words(soup(browser.get(at)))


@pytest.mark.parametrize("name", ["lead", "assessor", "viewer", "recorder"])
def test_nobody_else_opens_computes_publishes_or_signs(name: str) -> None:
    round_ = opened()
    browser = signed_in(name)
    assert browser.get("/assessment/open/").status_code == 404
    for what in ("score", "publish", "sign", "withdraw"):
        assert browser.post(f"/assessment/round/{round_.pk}/{what}", {}).status_code == 404
    assert browser.get(f"/assessment/round/{round_.pk}/publish").status_code == 405


def test_a_unit_scores_itself_by_todays_figures_and_nothing_is_stored() -> None:
    from taizhang.web.assess.models import Assessment, Decision, Round
    from taizhang.web.audit.models import Entry

    lead = signed_in("lead")
    before = Entry.objects.count()
    listed = soup(lead.get(reverse("assess:list")))
    button = next(link for link in listed.select("a.button") if "按今天的数自评" in link.text)
    shown = soup(lead.get(button["href"]))
    told = words(shown)
    assert "自评，不是考核" in told
    assert "健康教育工作年度考核评分细则" in told
    assert "健康知识讲座达到规范次数" in told
    assert not shown.select("a[href*='/item/']")
    figures = soup(lead.get(reverse("figures:programme"), {"unit": FIRST, "pack": RUBRIC}))
    assert any("按今天的数自评" in link.text for link in figures.select("a.button"))
    assert lead.get(reverse("assess:own", args=(SECOND,))).status_code == 404
    counts = [model.objects.count() for model in (Round, Assessment, Decision)]
    assert (counts, Entry.objects.count()) == ([0, 0, 0], before)
