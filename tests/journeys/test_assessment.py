"""A score from the filed plan number to the sign-off: three people log in, in a real browser."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from taizhang.web.instance.paths import Home
from tests.journeys.conftest import COMMUNITY, SIZES
from tests.served import served
from tests.web.browsing import PASSWORD, log_in, person

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
DISTRICT = "360602000000"
PLAN = "月督考备〔2026〕3号"


@pytest.fixture
def address(journey: Home) -> Iterator[str]:
    """This fixture will serve the district with an officer, two assessors and a lead."""
    from taizhang.web.accounts.models import Instance

    for name, role, unit in (
        ("officer", "officer", DISTRICT),
        ("assessor", "assessor", DISTRICT),
        ("lead", "lead", COMMUNITY),
    ):
        person(name, role, unit, password=PASSWORD)
    Instance.objects.update(close_after=1)  # last year's months are closed
    with served(journey.path, "--workers", "1") as (_, home):
        yield home


@pytest.fixture
def enter(driven: Browser, address: str, size: str) -> Iterator[Callable[[str], Page]]:
    """This fixture will log people in, each in a browser of their own; errors end the test."""
    width, height = SIZES[size]
    faults: list[str] = []
    contexts = []

    def come(name: str) -> Page:
        context = driven.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: said.type == "error" and faults.append(said.text))
        log_in(page, address, name)
        return page

    yield come
    for context in contexts:
        context.close()
    assert faults == []


#: Elements that stick out at the side, those in a box that scrolls by itself left aside.
_STICKING = """() => [...document.querySelectorAll("body *")]
  .filter((one) => !one.closest(".scroll") && getComputedStyle(one).position !== "absolute")
  .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((one) => `${one.tagName}.${one.className}: ${one.textContent.slice(0, 40)}`)"""


def fits(page: Page) -> None:
    """See that nothing sticks out at the side."""
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0, page.evaluate(_STICKING)


def test_score_appeal_answer_sign_off(
    enter: Callable[[str], Page], address: str, tmp_path: Path
) -> None:
    officer, assessor, lead = enter("officer"), enter("assessor"), enter("lead")

    # the officer opens it for one community
    officer.goto(f"{address}/assessment/open/?rubric=health_education&period=2025&unit={DISTRICT}")
    for tick in officer.locator("input[name=units]").all():
        tick.set_checked(tick.get_attribute("value") == COMMUNITY)
    officer.fill("#plan_number", PLAN)
    fits(officer)
    officer.click("form.sheet button.main")
    expect(officer.locator("dl.facts").first).to_contain_text(PLAN)
    number = officer.url.rstrip("/").rpartition("/")[2]
    item = f"{address}/assessment/{COMMUNITY}/{number}/item/papers/"

    # the assessor decides what only a person can
    assessor.goto(f"{address}/assessment/")
    assessor.locator("ul.rows a").first.click()
    expect(assessor.locator("h1")).to_contain_text("公园社区")
    assessor.goto(item)
    assessor.fill("#points", "2")
    assessor.fill("#reason", "只有计划，没有总结")
    assessor.click("main form button.main")
    expect(assessor.locator("p.value")).to_contain_text("2")
    fits(assessor)

    # computed, looked at, published
    officer.click("section[aria-labelledby=next] button.main")
    officer.wait_for_selector("#days")
    officer.click("form[action$=publish] button")
    expect(officer.locator("section[aria-labelledby=sign]")).to_be_visible()

    # the lead reads why, and appeals
    lead.goto(f"{address}/assessment/{COMMUNITY}/{number}/")
    expect(lead.locator("ol.losses")).to_contain_text("只有计划，没有总结")
    fits(lead)
    lead.locator("ol.losses a", has_text="年初有计划").click()
    lead.fill("#text", "总结已于十二月二十日补交")
    lead.click("form[action$=appeal] button")
    expect(lead.locator("section[aria-labelledby=appeal]")).to_contain_text("补交")
    fits(lead)

    # the officer, who did not decide it, answers; the lead accepts; then it is signed
    officer.goto(item)
    officer.check("input[value=allowed]")
    officer.fill("#answer_points", "5")
    officer.fill("#answer_reason", "核对属实")
    officer.click("form[action$=answer] button.main")
    expect(officer.locator("p.value")).to_contain_text("5")
    lead.goto(f"{address}/assessment/{COMMUNITY}/{number}/")
    lead.click("form[action$=accept] button")
    expect(lead.locator("form[action$=accept]")).to_have_count(0)
    officer.goto(f"{address}/assessment/round/{number}/")
    officer.fill("#sign_reason", "满意度调查明年初完成")
    officer.click("form[action$=sign] button.main")
    expect(officer.locator("main")).to_contain_text("满意度调查明年初完成")
    expect(officer.locator("form[action$=sign]")).to_have_count(0)
    fits(officer)

    # the frozen version says its digest; the notice is a document
    lead.goto(f"{address}/assessment/{COMMUNITY}/{number}/version/2/")
    assert len(lead.locator("main code").first.inner_text()) == 64
    fits(lead)
    with officer.expect_download() as taken:
        officer.click("a[href$='notice.docx']")
    paper = tmp_path / "notice.docx"
    taken.value.save_as(paper)
    _notice_read(paper)


def _notice_read(paper: Path) -> None:
    import docx

    document = docx.Document(str(paper))
    text = "".join(document.element.body.itertext())
    assert PLAN in text
    assert "公园社区" in text


def test_after_the_deadline_the_lead_finds_no_appeal(
    enter: Callable[[str], Page], address: str
) -> None:
    from django.utils import timezone

    from taizhang.core.base.period import parse_period
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.assess.round_actions import round_open, round_publish, round_score

    now = timezone.now() - timedelta(days=30)
    office = {"acting_user": user_named("officer"), "now": now}
    found = round_open(
        rubric="health_education",
        period=parse_period("2025"),
        plan_number=PLAN,
        office=DISTRICT,
        units=[COMMUNITY],
        **office,
    )
    round_score(number=found.pk, begin=True, **office)
    round_publish(number=found.pk, days=1, **office)
    lead = enter("lead")
    lead.goto(f"{address}/assessment/{COMMUNITY}/{found.pk}/item/papers/")
    expect(lead.locator("form[action$=appeal]")).to_have_count(0)
    expect(lead.locator("h1")).to_contain_text("年初有计划")
