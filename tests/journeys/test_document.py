"""A document from its draft to the DOCX: blanks filled in place, frozen, downloaded, opened."""

from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, Page, expect

from taizhang.web.instance.paths import Home
from tests.journeys.conftest import COMMUNITY, SIZES
from tests.journeys.test_assessment import fits
from tests.served import served
from tests.web.browsing import PASSWORD, log_in, person

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
SUMMARY = "health_education.year_summary"


@pytest.fixture
def desk(journey: Home, driven: Browser, size: str) -> Iterator[Page]:
    """This fixture will give the page of the community's lead, logged in."""
    person("lead", "lead", COMMUNITY, password=PASSWORD)
    width, height = SIZES[size]
    faults: list[str] = []
    with served(journey.path, "--workers", "1") as (_, address):
        context = driven.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: said.type == "error" and faults.append(said.text))
        log_in(page, address, "lead")
        page.goto(f"{address}/documents/?period=2025")
        yield page
        context.close()
    assert faults == []


def test_draft_blanks_freeze_docx(desk: Page, tmp_path: Path) -> None:
    fits(desk)
    desk.locator(f"form:has(input[value='{SUMMARY}']) button").click()
    blanks = desk.locator(".blank")
    blanks.first.wait_for()
    fits(desk)
    count = blanks.count()
    assert count >= 3
    blanks.nth(0).fill("入户讲解受欢迎")
    blanks.nth(1).focus()  # leaving a field saves it
    expect(desk.locator("#saved")).to_contain_text("已保存")
    for index in range(1, count):
        blanks.nth(index).fill("2026年1月20日" if index == count - 1 else f"第{index}处写好了")
    desk.click("button[value=freeze]")
    expect(desk.locator("input[name=leave_open]")).to_have_count(0)  # every blank is filled
    fits(desk)
    desk.fill("#note", "报街道")
    desk.click("main button.main")
    desk.wait_for_selector("main.taizhang-document")
    expect(desk.locator(".taizhang-document")).to_contain_text("入户讲解受欢迎")
    assert desk.locator(".blank").count() == 0
    fits(desk)
    with desk.expect_download() as taken:
        desk.click("a[href$='version/1.docx']")
    paper = tmp_path / "summary.docx"
    taken.value.save_as(paper)
    document = docx.Document(str(paper))
    text = "".join(document.element.body.itertext())
    assert "入户讲解受欢迎" in text
    assert "第1处写好了" in text
    assert "待填" not in text
    assert "2025年" in document.core_properties.title
    number = desk.locator("a.number[href^='/figure/']").first
    number.click()
    expect(desk.locator("h1")).to_be_visible()
    assert "/figure/" in desk.url
