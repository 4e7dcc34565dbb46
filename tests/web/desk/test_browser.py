"""A walk through the start page in a real browser, on a telephone."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from taizhang.web.instance.paths import Home
from tests.served import served
from tests.web.browsing import log_in
from tests.web.desk.conftest import OFFICER


@pytest.mark.browser
def test_from_the_district_to_a_record(district: Home, chromium: Path) -> None:
    with served(district.path, "--workers", "1") as (_, address), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        try:
            page = browser.new_page(viewport={"width": 360, "height": 740}, locale="zh-CN")
            walk(page, address)
        finally:
            browser.close()


def walk(page: Page, address: str) -> None:
    faults: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("request", lambda request: asked.append(request.url))

    log_in(page, address, OFFICER)
    expect(page.locator("h1")).to_contain_text("月湖区")
    assert fits(page)
    page.goto(f"{address}/figures/?period=2026H1&pack=health_education")
    assert fits(page)
    page.click("main a:text-is('江边街道')")
    page.click("main a:text-is('公园社区')")
    expect(page.locator(".trail")).to_contain_text("江边街道")

    page.click("section[aria-labelledby=all] tbody a:text-is('健康知识讲座')")
    expect(page.locator("p.value")).to_contain_text("1")
    assert fits(page)
    page.click("section[aria-labelledby=records] tbody a")
    expect(page.locator("main")).to_contain_text("人次更正")
    assert fits(page)

    page.goto(f"{address}/plan/?pack=health_education")
    page.keyboard.press("Tab")
    for _ in range(40):
        assert page.evaluate(SEEN), page.evaluate("document.activeElement.outerHTML")
        page.keyboard.press("Tab")
    page.goto(f"{address}/assessment/open/")
    units = page.locator("input[name=units]")
    assert units.count() > 1
    page.uncheck("input[data-all]")
    assert page.locator("input[name=units]:checked").count() == 0
    units.first.check()
    assert page.evaluate("document.querySelector('input[data-all]').indeterminate")
    page.check("input[data-all]")
    assert page.locator("input[name=units]:checked").count() == units.count()
    page.goto(f"{address}/plan/")

    # By keyboard alone: the first stop leads past the head to the content.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")

    page.click("header details.menu summary")
    page.click("header details.menu button:has-text('English')")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert faults == []
    assert [one for one in asked if not one.startswith((address, "data:"))] == []


#: Says whether what has the focus is seen: no bar lies above its middle.
SEEN = """(() => {
  const one = document.activeElement;
  if (one === document.body) return true;
  const { x, y, width, height } = one.getBoundingClientRect();
  const above = document.elementFromPoint(x + width / 2, y + height / 2);
  return above !== null && (one.contains(above) || above.contains(one));
})()"""


def fits(page: Page) -> bool:
    """Say whether the page itself, unlike its tables, needs no scrolling sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
