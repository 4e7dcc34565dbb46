"""From an empty instance to a person at the desk, as the first three administrators live it."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from taizhang.web.instance.paths import Home
from tests.journeys.conftest import COMMUNITY, SIZES, UNITS, Hand, watched
from tests.served import served
from tests.web.browsing import PASSWORD, log_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def empty(instance: Home) -> Iterator[tuple[str, str]]:
    """This fixture will serve an instance that nobody set up; give its address and the code."""
    with served(instance.path, "--workers", "1") as (process, address):
        assert process.stdout is not None
        said = process.stdout.readline()
        found = re.search(rf"{re.escape(address)}(/setup/\?code=\S+)", said)
        assert found is not None, said
        yield address, found[1]


@pytest.fixture
def people(driven: Browser, size: str, empty: tuple[str, str]) -> Iterator["People"]:
    """This fixture will give each person a browser of their own, of the test's size."""
    found = People(driven, size, empty[0])
    yield found
    for hand in found.hands.values():
        assert hand.faults == []
        assert hand.outside == []
        hand.page.context.close()


class People:
    """The people of a new instance, each at a browser of their own."""

    def __init__(self, browser: Browser, size: str, address: str) -> None:
        self.browser, self.size, self.address = browser, size, address
        self.hands: dict[str, Hand] = {}

    def page(self, who: str) -> Page:
        """Give the page at which somebody sits."""
        if who not in self.hands:
            width, height = SIZES[self.size]
            context = self.browser.new_context(
                viewport={"width": width, "height": height},
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
                has_touch=self.size == "telephone",
                is_mobile=self.size == "telephone",
            )
            context.set_default_timeout(30_000)
            self.hands[who] = watched(context.new_page(), self.address)
        return self.hands[who].page

    def look(self, who: str, what: str) -> None:
        """See that the page fits its screen; keep a picture where TAIZHANG_SHOTS names a folder."""
        page = self.page(who)
        # A page that is just being replaced by the next has no element at all for a moment.
        page.wait_for_function("document.documentElement && document.readyState === 'complete'")
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{what} is {wide} pixels wider than the screen"
        if folder := os.environ.get("TAIZHANG_SHOTS"):
            page.screenshot(path=Path(folder) / f"first-{what}-{self.size}.png", full_page=True)

    def begin(self, who: str, one_time: str) -> None:
        """Log in with a one-time password and choose an own one."""
        page = self.page(who)
        page.goto(f"{self.address}/login")
        page.fill("input[name=username]", who)
        page.fill("input[name=password]", one_time)
        page.click("main button.main")
        page.wait_for_url("**/account/password*")
        self.look(who, "password")
        page.fill("#old", one_time)
        page.fill("#new", PASSWORD)
        page.fill("#again", PASSWORD)
        page.click("main button.main")
        page.wait_for_url(lambda url: "/account/password" not in url)

    def room(self, who: str, address: str) -> None:
        """Go to a room by the navigation, under "more" where a telephone hides it."""
        page = self.page(who)
        page.goto(f"{self.address}/account/")
        if not page.locator(f"nav.rooms > ul > li > a[href='{address}']").is_visible():
            page.click("nav.rooms li.more summary")
        page.locator(f"nav.rooms a[href='{address}']:visible").click()
        page.wait_for_url(f"**{address}")


def test_an_empty_instance_becomes_an_office(people: People, empty: tuple[str, str]) -> None:
    one_time = set_up(people, empty[1])
    units_come(people)
    pack_comes(people)
    password = person_comes(people)
    role_comes(people, one_time["security"])
    people.begin("wang", password)
    page = people.page("wang")
    page.goto(people.address)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("main")).to_contain_text("公园社区")
    people.look("wang", "desk")
    log_is_read(people, one_time["auditor"])


def set_up(people: People, address: str) -> dict[str, str]:
    """Open the address that the server printed; give the one-time passwords of the two others."""
    page = people.page("system")
    page.goto(people.address)
    page.wait_for_url("**/setup/")
    assert page.locator("main form").count() == 0
    people.look("system", "waits")
    page.goto(people.address + address)
    page.fill("#host", "月湖区卫生健康委员会")
    page.fill("#name", "张")
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    people.look("system", "set-up")
    page.click("main button.main")
    page.wait_for_selector("#password-auditor")
    people.look("system", "set-up-done")
    found = {who: page.inner_text(f"#password-{who}").strip() for who in ("security", "auditor")}
    log_in(page, people.address, "system")
    page.wait_for_url("**/host/packs/")
    return found


def units_come(people: People) -> None:
    """Import the units after looking at what they change."""
    people.room("system", "/host/units/")
    page = people.page("system")
    people.look("system", "units-none")
    page.set_input_files("#units", UNITS)
    page.click("main form[enctype] button.main")
    page.wait_for_selector("dl.facts")
    people.look("system", "units-trial")
    page.click("main form button.main")
    page.wait_for_url("**/host/units/")
    expect(page.locator("main")).to_contain_text("月湖区")
    people.look("system", "units")


def pack_comes(people: People) -> None:
    """Have a shipped pack checked by the worker, read the report, install it."""
    page = people.page("system")
    for key in ("common", "health_education"):
        people.room("system", "/host/packs/")
        page.select_option("#shipped", key)
        page.click("form:has(#shipped) button.main")
        page.wait_for_selector("#job a.button.main", timeout=60_000)
        people.look("system", f"pack-report-{key}")
        page.click("#job a.button.main")
        people.look("system", "pack-install")
        page.click("main form button.main")
        page.wait_for_url("**/host/packs/")
        expect(page.locator("tbody")).to_contain_text(key)
    people.look("system", "packs")
    page.click("tbody tr:has-text('health_education') a")
    people.look("system", "pack")


def person_comes(people: People) -> str:
    """Add a person; give the one-time password."""
    people.room("system", "/people/")
    page = people.page("system")
    page.click("main a.button.main")
    page.fill("#username", "wang")
    page.fill("#name", "王社工")
    people.look("system", "person-add")
    page.click("main button.main")
    password = page.inner_text("#one-time-password").strip()
    people.look("system", "one-time")
    return password


def role_comes(people: People, one_time: str) -> None:
    """Let the security administrator give the person a role for a community."""
    people.begin("security", one_time)
    people.room("security", "/people/")
    page = people.page("security")
    people.look("security", "people")
    page.click("tbody a:has-text('王社工')")
    page.select_option("#role", "recorder")
    page.fill("#in", COMMUNITY)
    people.look("security", "person")
    page.click("form:has(#role) button.main")
    expect(page.locator("ul.rows")).to_contain_text("公园社区")
    page.select_option("#role", "auditor")
    page.fill("#in", "")
    page.click("form:has(#role) button.main")
    expect(page.locator(".issues")).to_contain_text("ACCOUNT_003")
    people.look("security", "person-refused")


def log_is_read(people: People, one_time: str) -> None:
    """Let the audit administrator find what happened and verify the log."""
    people.begin("auditor", one_time)
    people.room("auditor", "/host/audit/")
    page = people.page("auditor")
    expect(page.locator("tbody")).to_contain_text("授予或收回角色")
    people.look("auditor", "audit")
    page.click("form:has(#kept) button.main")
    page.wait_for_selector("#job a.button.main", timeout=60_000)
    assert page.locator(".issues li").count() == 0
    people.look("auditor", "verified")
