"""An old text uploaded, reviewed with keys and fingers, stored as baseline, drafted as a pack."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from taizhang.web.instance.paths import Home
from tests.journeys.conftest import COMMUNITY, SIZES
from tests.journeys.test_assessment import fits
from tests.served import served
from tests.web.browsing import PASSWORD, log_in, person

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
TEXT = """公园社区2025年健康教育工作计划
为做好2025年健康教育工作，由主任张建国同志负责，制定本计划。去年举办讲座10场，受益500余人次。
一、主要任务
（一）举办健康知识讲座12场。
（二）每季度更换宣传栏1期。
（三）发放宣传资料3000份以上。
"""


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
        page.goto(f"{address}/old-texts/")
        yield page
        context.close()
    assert faults == []


def test_old_text_reviewed_stored_and_drafted(desk: Page, tmp_path: Path) -> None:
    sent = {"name": "旧计划.txt", "mimeType": "text/plain", "buffer": TEXT.encode("gb18030")}
    desk.set_input_files("#file", files=[sent])
    desk.click("main button.main")
    findings = desk.locator("li.finding")
    findings.first.wait_for()
    desk.wait_for_load_state()
    fits(desk)
    assert "张建国" not in desk.content()

    # by keys: the next one, accepted; the hand goes on to the one after it
    first = findings.nth(0).get_attribute("id")
    second = findings.nth(1).get_attribute("id")
    desk.keyboard.press("j")
    expect(desk.locator(f"#{first}.now")).to_be_visible()
    desk.keyboard.press("a")
    expect(desk.locator(f"#{first}.accept")).to_be_visible()
    expect(desk.locator(f"#{second}.now")).to_be_visible()
    desk.keyboard.press("r")
    expect(desk.locator(f"#{second}.reject")).to_be_visible()
    desk.keyboard.press("k")
    fits(desk)

    # a finding jumps to its place in the text
    target = first.removeprefix("f-") if first else ""
    desk.locator(f"a[data-jump='{target}']").click()
    expect(desk.locator(f"#t-{target}.now, .text")).not_to_have_count(0)

    # the rest at once, then what comes of it
    for kind in ("figure", "task"):
        button = desk.locator(f"form:has(input[value={kind}]) button[value=accept]")
        if button.count():
            button.click()
            desk.wait_for_load_state()
    desk.locator("section.sheet a.button.main").click()
    desk.wait_for_url(lambda url: url.endswith("/result/"))
    desk.locator("form[action$=store] button").click()
    expect(desk.locator("table")).to_contain_text("500")
    fits(desk)
    with desk.expect_download() as taken:
        desk.click("a[href$='drafts.zip']")
    path = tmp_path / "drafts.zip"
    taken.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        assert "讲座" in archive.read("draft_1/plan.yaml").decode()
