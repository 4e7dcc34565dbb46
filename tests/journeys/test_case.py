"""A problem of a community handed up, returned, handed up again, settled, verified by another."""

import json
import os
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from taizhang.web.instance.paths import Home
from tests.conftest import CopyOpened
from tests.journeys.conftest import COMMUNITY, NOW, RECORDER, telephone_only, watched
from tests.journeys.gate import Gate
from tests.journeys.test_record import choice, question
from tests.journeys.test_record_offline import made_ready
from tests.web.browsing import PASSWORD, log_in, person

pytestmark = pytest.mark.browser
Open = Callable[[], BrowserContext]
STREET, DISTRICT = "360602001000", "360602000000"
#: A folder for pictures of the pages, for whoever wants to look at them.
PICTURES = os.environ.get("TAIZHANG_PICTURES", "")


@pytest.fixture
def journey(journey_template: Home, tmp_path: Path, copy_opened: CopyOpened) -> Iterator[Home]:
    """This fixture will open a copy of the district with problems as cases."""
    with copy_opened(journey_template, tmp_path) as home:
        from taizhang.web.accounts.queries import user_named
        from taizhang.web.programmes.actions import pack_install

        source = Path(str(files("taizhang") / "packs" / "healthy_city"))
        pack_install(source=source, acting_user=user_named(None), now=NOW)
        person("zhao", "reviewer", STREET, password=PASSWORD)
        person("sun", "officer", DISTRICT, password=PASSWORD)
        yield home


def pictured(page: Page, name: str) -> None:
    width = (page.viewport_size or {"width": 0})["width"]
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def submitted(page: Page, says: str) -> None:
    """Send the form that stands open, and see what the ledger says of it."""
    page.locator("button.submit").click()
    page.locator(".done[data-state='sent']").wait_for()
    expect(page.locator(".done")).to_contain_text(says)


def stepped(page: Page, address: str, uid: str, button: str) -> None:
    """Go from the desk's list to the case, and tap a step."""
    page.goto(f"{address}/cases/{uid}/")
    page.locator(f".case-steps a:text-is('{button}')").click()
    page.locator("button.submit").wait_for()


def test_a_problem_goes_its_whole_way(journey: Home, gate: Gate, opened: Open, size: str) -> None:
    address = gate.address
    community = opened().new_page()
    log_in(community, address, RECORDER)
    hand = watched(community, address)
    community.goto(f"{address}/cases/")
    pictured(community, "list-empty")
    hand.tap("a:has-text('新开：问题与整改')")
    hand.wait(question(community, "问题类型"))
    hand.tap(choice(community, "问题类型", "垃圾堆积、卫生死角"))
    hand.tap(f"{question(community, '问题')} :is(input, textarea)")
    hand.type("三号楼后堆物")
    submitted(community, "WT-")
    community.goto(f"{address}/cases/")
    hand.tap("ul.cases a.row")
    expect(community.locator("h1")).to_contain_text("三号楼后堆物")
    pictured(community, "case-open")
    uid = urlsplit(community.url).path.removeprefix("/cases/").rstrip("/")

    stepped(community, address, uid, "请上级协调")
    assert parse_qs(urlsplit(community.url).query)["case"] == [uid]
    hand.tap(f"{question(community, '请上级协调什么')} :is(input, textarea)")
    hand.type("请协调清运车")
    submitted(community, "已请上级协调，现在归江边街道")

    street = opened().new_page()
    log_in(street, address, "zhao")
    street.goto(address)
    pictured(street, "desk-street")
    expect(street.locator("main")).to_contain_text("三号楼后堆物")
    stepped(street, address, uid, "退回")
    street.locator(choice(street, "理由", "情况不清，需补充")).click()
    pictured(street, "step-form")
    submitted(street, "整改中")

    community.goto(address)
    expect(community.locator("#cases-returned")).to_be_visible()
    pictured(community, "desk-community")
    stepped(community, address, uid, "请上级协调")
    community.locator(f"{question(community, '请上级协调什么')} :is(input, textarea)").fill("两车")
    submitted(community, "江边街道")

    stepped(street, address, uid, "整改完成")
    street.locator(f"{question(street, '怎样整改的')} :is(input, textarea)").fill("已清运")
    submitted(street, "已整改")
    street.goto(f"{address}/cases/{uid}/")
    assert street.locator(".case-steps a:text-is('核实销号')").count() == 0

    district = opened().new_page()
    log_in(district, address, "sun")
    district.goto(address)
    expect(district.locator("#cases-verify")).to_be_visible()
    stepped(district, address, uid, "核实销号")
    submitted(district, "已销号")
    district.goto(f"{address}/cases/{uid}/")
    pictured(district, "case-done")
    assert district.locator(".case-line > li").count() == 6
    assert district.locator(".case-line .idle").count() == 0

    from taizhang.web.cases.models import Case

    case = Case.objects.get(uid=uid)
    assert (case.state, case.owner, case.opener, case.idle) == ("verified", STREET, COMMUNITY, 0)
    assert hand.faults == []


@telephone_only
def test_a_step_is_sent_from_the_case_without_a_network(
    journey: Home, gate: Gate, opened: Open
) -> None:
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.cases.models import Case
    from taizhang.web.ledger.accept.actions import records_import

    answers = {"found_on": "2026-01-05", "kind": "rubbish", "what": "堆物"}
    line = {"id": "off/1", "form": "healthy_city.problem_found", "unit": COMMUNITY}
    text = json.dumps({**line, "date": "2026-01-05", "answers": answers}, ensure_ascii=False)
    records_import(lines=[text], acting_user=user_named(None), now=NOW)
    page = opened().new_page()
    log_in(page, gate.address, RECORDER)
    made_ready(page, gate.address)
    page.goto(f"{gate.address}/cases/off/1/")
    gate.cut()
    page.locator(".case-steps a:text-is('请上级协调')").click()
    page.locator(f"{question(page, '请上级协调什么')} :is(input, textarea)").fill("两车")
    page.locator("button.submit").click()
    page.locator(".done[data-state='waiting']").wait_for()
    assert Case.objects.get(uid="off/1").state == "open"
    gate.mend()
    page.goto(f"{gate.address}/record/queue/")
    page.locator("#queue li[data-state='sent']").wait_for()
    case = Case.objects.get(uid="off/1")
    assert (case.state, case.owner, case.idle) == ("up", STREET, 0)
