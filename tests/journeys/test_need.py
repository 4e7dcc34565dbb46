"""A need of a resident: opened in a community, passed to the health centre, met and counted."""

from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from taizhang.core.base.period import year_of
from taizhang.web.instance.paths import Home
from tests.conftest import CopyOpened
from tests.journeys.conftest import COMMUNITY, NOW, OTHER_RECORDER, RECORDER, watched
from tests.journeys.gate import Gate
from tests.journeys.test_case import pictured, stepped, submitted
from tests.journeys.test_record import choice, question
from tests.web.browsing import PASSWORD, log_in, person

pytestmark = pytest.mark.browser
Open = Callable[[], BrowserContext]
CENTRE = "360602001000-B01"
BODIES = f"""code,name,kind,parent,may_record,may_own,valid_from,valid_to
{CENTRE},江边街道卫生服务中心,卫生服务中心,360602001000,yes,yes,,
"""


@pytest.fixture
def journey(journey_template: Home, tmp_path: Path, copy_opened: CopyOpened) -> Iterator[Home]:
    """This fixture will open a copy of the district with a health centre and family services."""
    with copy_opened(journey_template, tmp_path) as home:
        from taizhang.web.accounts.queries import user_named
        from taizhang.web.programmes.actions import pack_install
        from taizhang.web.units.actions import File, units_import

        owner = user_named(None)
        bodies = File(name="bodies.csv", data=BODIES.encode())
        units_import(bodies=bodies, acting_user=owner, now=NOW)
        source = Path(str(files("taizhang") / "packs" / "family_services"))
        pack_install(source=source, acting_user=owner, now=NOW)
        person("bai", "recorder", CENTRE, password=PASSWORD)
        yield home


def told(page: Page, label: str, text: str) -> None:
    page.locator(f"{question(page, label)} :is(input, textarea)").fill(text)


def test_a_need_is_passed_to_the_health_centre_and_met(
    journey: Home, gate: Gate, opened: Open, size: str
) -> None:
    address = gate.address
    community = opened().new_page()
    log_in(community, address, RECORDER)
    hand = watched(community, address)
    community.goto(f"{address}/record/")
    expect(community.locator("main")).to_contain_text("一件服务需求")
    assert community.get_by_text("服务需求", exact=True).count() == 0  # the form of sums
    community.goto(f"{address}/cases/")
    hand.tap("a:has-text('新开：服务需求')")
    hand.wait(question(community, "需求类别"))
    hand.tap(choice(community, "需求类别", "随访、咨询"))
    hand.tap(choice(community, "从哪里来", "走访时提出"))
    told(community, "要什么服务", "上门量血压")
    told(community, "在哪里", "二网格")
    hand.tap(choice(community, "怎样办", "要接着办"))
    pictured(community, "need-form")
    submitted(community, "XQ-2026-001")
    community.goto(f"{address}/cases/")
    hand.tap("ul.cases a.row")
    expect(community.locator("h1")).to_contain_text("上门量血压")
    pictured(community, "need-open")
    uid = urlsplit(community.url).path.removeprefix("/cases/").rstrip("/")

    stepped(community, address, uid, "转办")
    community.get_by_role("button", name="江边街道卫生服务中心").click()
    pictured(community, "need-refer")
    submitted(community, "江边街道卫生服务中心")

    centre = opened().new_page()
    log_in(centre, address, "bai")
    centre.goto(address)
    pictured(centre, "desk-centre")
    stepped(centre, address, uid, "签收")
    submitted(centre, "已转办")
    stepped(centre, address, uid, "办结")
    centre.locator(choice(centre, "结果", "已解决")).click()
    pictured(centre, "need-result")
    submitted(centre, "已办结")

    other = opened().new_page()
    log_in(other, address, OTHER_RECORDER)
    stepped(other, address, uid, "回访")
    other.locator(choice(other, "本人怎么说", "满意")).first.click()
    submitted(other, "已回访")
    other.goto(f"{address}/cases/{uid}/")
    pictured(other, "need-done")
    assert hand.faults == []

    from django.utils import timezone

    from taizhang.core.indicator import Question, figures
    from taizhang.web.ledger.open_book import open_book

    book = open_book(now=timezone.now())
    year = year_of(book.today.year)
    asked = ("needs_raised", "needs_met", "needs_pleased")
    keys = tuple(f"family_services.{key}" for key in asked)
    wanted = Question(units=(COMMUNITY,), period=year, indicators=keys)
    assert [figure.value for figure in figures(book, wanted)] == [1, 1, 1]
