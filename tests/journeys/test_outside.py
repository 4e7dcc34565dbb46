"""A department's workbook on a page: taken in, its mapping looked at, filled, opened to sources."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from taizhang.web.instance.paths import Home
from tests.documents.workbook import templates
from tests.journeys.conftest import COMMUNITY, SIZES, Hand
from tests.journeys.test_assessment import fits
from tests.served import served
from tests.web.browsing import PASSWORD, log_in, person

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def forms(journey: Home, driven: Browser, size: str) -> Iterator[Page]:
    """This fixture will give the page of forms to the community's lead, logged in."""
    person("lead", "lead", COMMUNITY, password=PASSWORD)
    width, height = SIZES[size]
    faults: list[str] = []
    with served(journey.path, "--workers", "1") as (_, address):
        context = driven.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: said.type == "error" and faults.append(said.text))
        log_in(page, address, "lead")
        page.goto(f"{address}/outside-forms/?unit={COMMUNITY}")
        yield page
        context.close()
    assert faults == []


def test_a_form_is_taken_in_once_and_filled_with_three_taps_a_month(
    forms: Page, tmp_path: Path
) -> None:
    (tmp_path / "月报.xlsx").write_bytes(templates.plain())
    fits(forms)
    forms.set_input_files("#file", tmp_path / "月报.xlsx")
    forms.fill("#asked_by", "区卫健委")
    forms.locator("form.sheet button.main").click()
    expect(forms.locator("h1")).to_contain_text("月报")
    fits(forms)
    choice = forms.locator("input[list=figures]").first
    expect(choice).to_have_value("health_education.lectures")
    choice.focus()  # by the keyboard alone
    choice.press("Control+a")
    forms.keyboard.type("health_education.attendance")
    forms.keyboard.press("Enter")
    expect(forms.locator("input[list=figures]").first).to_have_value("health_education.attendance")
    # every month from here on: the form, fill, take along
    forms.goto(forms.url.partition("/outside-forms/")[0] + f"/outside-forms/?unit={COMMUNITY}")
    hand = Hand(forms)
    hand.tap("th a:has-text('月报')")
    hand.tap("form.filters button.main")
    hand.wait("#sources")
    fits(forms)
    with forms.expect_download() as taken:
        hand.tap("a.button.main")
    assert hand.taps == 3
    assert hand.keystrokes == 0
    taken.value.save_as(tmp_path / "o.xlsx")
    assert openpyxl.load_workbook(tmp_path / "o.xlsx")["表1"]["B2"].value == "公园社区"
    forms.locator("section[aria-labelledby=left] a").first.click()  # why there is no value
    expect(forms.locator("h1")).to_contain_text("讲座受益人次")
