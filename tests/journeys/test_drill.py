"""From a figure of the district down to one record and to its answer, in a real browser."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from taizhang.web.instance.paths import Home
from tests.journeys.conftest import COMMUNITY, NOW
from tests.journeys.gate import Gate
from tests.web.browsing import PASSWORD, log_in, person

pytestmark = pytest.mark.browser
Open = Callable[[], BrowserContext]
OFFICER = "zhou"
UID = "lecture-of-may"
LECTURE = {
    "planned_on": "2026-01-02",
    "held": "yes",
    "held_on": "2026-01-04",
    "topic": "chronic",
    "audience": "elderly",
    "people": 47,
    "summary": "教大家量血压，讲了少盐",
}


@pytest.fixture
def recorded(journey: Home) -> None:
    """This fixture will add an officer of the district and one lecture of a community."""
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.ledger.accept.actions import records_import

    person(OFFICER, "officer", password=PASSWORD)
    line = {
        "id": UID,
        "form": "health_education.lecture",
        "unit": COMMUNITY,
        "date": "2026-01-04",
        "answers": LECTURE,
    }
    text = json.dumps(line, ensure_ascii=False)
    records_import(lines=[text], file="r.jsonl", acting_user=user_named(None), now=NOW)


def fits(page: Page) -> bool:
    """Say whether the page itself, unlike its tables, needs no scrolling sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.usefixtures("recorded")
def test_from_the_district_to_an_answer(gate: Gate, opened: Open) -> None:
    page = opened().new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    log_in(page, gate.address, OFFICER)
    expect(page.locator("h1")).to_contain_text("月湖区")
    # The plans of a whole district come after the page, without anybody asking.
    expect(page.locator("section[aria-labelledby=behind]")).not_to_have_attribute(
        "aria-busy", "true"
    )
    assert fits(page)

    page.click("nav.rooms a[href='/figures/']")
    page.select_option("#pack", "health_education")
    expect(page.locator("#chosen")).to_have_text("健康知识讲座")
    page.select_option("#period", "2026")
    expect(page.locator("#period")).to_have_value("2026")
    expect(page.locator("h1")).to_contain_text("2026年")
    drawn(page)
    assert fits(page)
    for name in ("江边街道", "公园社区"):
        page.click(f"section[aria-labelledby=split-1] tbody a:text-is('{name}')")
        expect(page.locator("h1")).to_contain_text(name)
        assert fits(page)
    drawn(page)

    page.click("section[aria-labelledby=chosen] a.button")
    expect(page.locator("p.value")).to_contain_text("1")
    assert fits(page)
    page.click(f"section[aria-labelledby=records] a[href='/records/{UID}/']")
    expect(page.locator("dl.facts")).to_contain_text("教大家量血压，讲了少盐")
    expect(page.locator("dl.facts")).to_contain_text("47")
    assert fits(page)
    # And back up: what it counted for leads to the figure again.
    page.click("section[aria-labelledby=stated] summary >> nth=0")
    page.click("section[aria-labelledby=stated] details[open] a >> nth=0")
    expect(page.locator("p.sentence")).to_contain_text("公园社区")
    assert faults == []


def drawn(page: Page) -> None:
    """See that each chart is drawn where the front end is built, and its table stands beside."""
    charts = page.locator("[data-chart]")
    for number in range(charts.count()):
        expect(charts.nth(number).locator("canvas")).to_be_visible()
    expect(page.locator("section[aria-labelledby=split-1] table")).to_be_visible()


@pytest.mark.usefixtures("recorded")
def test_a_month_is_closed_on_the_start_page(gate: Gate, opened: Open) -> None:
    from taizhang.web.ledger.models import Closing
    from tests.journeys.conftest import RECORDER

    page = opened().new_page()
    log_in(page, gate.address, RECORDER)
    months = page.locator("section[aria-labelledby=months]")
    button = months.locator("button").first
    month = button.get_attribute("value")
    button.click()
    expect(page.locator(".notices")).to_contain_text("已报结")
    expect(months.locator(f"button[value='{month}']")).to_have_count(0)
    assert Closing.objects.filter(unit=COMMUNITY, month=month).count() == 2


@pytest.mark.usefixtures("recorded")
def test_quotas_are_added_up_while_they_are_typed(gate: Gate, opened: Open) -> None:
    page = opened().new_page()
    log_in(page, gate.address, OFFICER)
    street = "360602001000"
    query = f"unit={street}&period=2026&pack=health_education&task=lectures"
    page.goto(f"{gate.address}/plan/quotas/?{query}")
    expect(page.locator("#sum")).to_have_text("12")
    page.fill(f"input[name='quota-{COMMUNITY}']", "10")
    expect(page.locator("#sum")).to_have_text("16")
    page.click("main form button.main")
    expect(page.locator(".notices")).to_be_visible()
    expect(page.locator("#sum")).to_have_text("16")
    page.goto(f"{gate.address}/plan/?unit={COMMUNITY}&period=2026&pack=health_education")
    expect(page.locator("#lectures .numbers")).to_contain_text("/ 10 次")
    assert fits(page)
