"""What takes longer than a moment says so, in a real browser, and stops saying it in the end."""

import re
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest
from playwright.sync_api import Page, Route, expect, sync_playwright

from taizhang.web.instance.paths import Home
from tests.served import served
from tests.web.browsing import log_in
from tests.web.desk.conftest import OFFICER, district, district_template

__all__ = ["district", "district_template"]
WORDS = "正在处理…"


@pytest.fixture
def page(district: Home, chromium: Path) -> Iterator[Page]:
    """This fixture will open the start page of an officer in a small window."""
    with served(district.path, "--workers", "1") as (_, address), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        try:
            page = browser.new_page(
                viewport={"width": 390, "height": 844},
                locale="zh-CN",
                base_url=address,
                reduced_motion="reduce",
            )
            log_in(page, address, OFFICER)
            yield page
        finally:
            browser.close()


#: The browser's driver does not look at a page that is about to be left; the page notes it itself.
NOTE = """() => new MutationObserver(() => {
  const bar = document.getElementById("working");
  const seen = bar.textContent && bar.checkVisibility();
  const moves = getComputedStyle(bar, "::before").animationName;
  const said = `${bar.getAttribute("role")} ${moves} ${bar.textContent}`;
  if (seen) sessionStorage.setItem("seen", said);
}).observe(document.getElementById("working"), {childList: true})"""


def slow(page: Page, address: str) -> None:
    """Let answers of an address wait for a second and a half."""

    def wait(route: Route) -> None:
        sleep(1.5)
        route.continue_()

    page.route(re.compile(address), wait)


def noted(page: Page) -> str | None:
    """Give what the bar said to somebody who wants nothing to move."""
    found: str | None = page.evaluate("sessionStorage.getItem('seen')")
    return found


@pytest.mark.browser
def test_a_page_that_takes_long_says_so_until_it_comes(page: Page) -> None:
    slow(page, "/calendar/")
    page.goto("/figures/")
    page.evaluate(NOTE)
    page.evaluate("document.querySelector('nav.rooms a[href=\"/calendar/\"]').click()")
    page.wait_for_url(re.compile("/calendar/"))
    assert noted(page) == f"status none {WORDS}"
    expect(page.locator("#working")).to_be_empty()
    assert "working" not in page.evaluate("document.cookie")


@pytest.mark.browser
def test_a_file_that_takes_long_leaves_the_page_as_it_was(page: Page) -> None:
    page.goto("/plan/?pack=health_education")
    slow(page, "as=xlsx")
    page.evaluate(NOTE)
    page.evaluate("document.querySelector('a.skip').click()")
    page.wait_for_timeout(900)  # twice as long as the bar waits
    assert noted(page) is None  # a step within the page is no waiting
    with page.expect_download() as saved:
        page.click("a[href*='as=xlsx']")
    assert saved.value.suggested_filename.endswith(".xlsx")
    assert noted(page) == f"status none {WORDS}"
    expect(page.locator("#working")).to_be_empty()
    assert "working" not in page.evaluate("document.cookie")
