"""A health centre takes over a case, settles it, and records a lecture of its own."""

import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from taizhang.web.instance.paths import Home
from tests.conftest import CopyOpened
from tests.journeys.conftest import COMMUNITY, NOW, telephone_only, watched
from tests.journeys.gate import Gate
from tests.journeys.test_case import pictured, stepped, submitted
from tests.journeys.test_record import lecture_fill, question
from tests.web.browsing import PASSWORD, log_in, person

pytestmark = pytest.mark.browser
STREET = "360602001000"
CENTRE = f"{STREET}-B01"
BODIES = f"""code,name,kind,parent,may_record,may_own,valid_from,valid_to
{CENTRE},江边卫生服务中心,卫生服务中心,{STREET},yes,yes,,
"""


@pytest.fixture
def journey(journey_template: Home, tmp_path: Path, copy_opened: CopyOpened) -> Iterator[Home]:
    """This fixture will open the district with a health centre and a problem of a community."""
    with copy_opened(journey_template, tmp_path) as home:
        from taizhang.web.accounts.queries import user_named
        from taizhang.web.ledger.accept.actions import records_import
        from taizhang.web.programmes.actions import pack_install
        from taizhang.web.units.actions import File, units_import

        owner = user_named(None)
        bodies = File(name="bodies.csv", data=BODIES.encode())
        units_import(bodies=bodies, acting_user=owner, now=NOW)
        source = Path(str(files("taizhang") / "packs" / "healthy_city"))
        pack_install(source=source, acting_user=owner, now=NOW)
        person("zhao", "reviewer", STREET, password=PASSWORD)
        person("bai", "recorder", CENTRE, password=PASSWORD)
        answers = {"found_on": "2026-01-05", "kind": "rubbish", "what": "蚊虫孳生"}
        opened = {"id": "case/1", "form": "healthy_city.problem_found", "unit": COMMUNITY}
        lines = [{**opened, "date": "2026-01-05", "answers": answers}]
        texts = [json.dumps(line, ensure_ascii=False) for line in lines]
        records_import(lines=texts, acting_user=owner, now=NOW)
        yield home


@telephone_only
def test_a_health_centre_settles_a_case_and_records_a_lecture(
    journey: Home, gate: Gate, opened: Callable[[], BrowserContext], size: str
) -> None:
    from taizhang.web.cases.models import Case
    from taizhang.web.ledger.models import Fact

    address = gate.address
    community = opened().new_page()
    log_in(community, address, "li")
    stepped(community, address, "case/1", "请上级协调")
    field = f"{question(community, '请上级协调什么')} :is(input, textarea)"
    community.locator(field).fill("请消杀")
    submitted(community, "江边街道")

    street = opened().new_page()
    log_in(street, address, "zhao")
    stepped(street, address, "case/1", "指派")
    pictured(street, "hand-over")
    to = street.locator(question(street, "交给谁"))
    expect(to.locator("input")).to_be_hidden()
    to.locator("button:has-text('江边卫生服务中心')").click()
    expect(to.locator("button[aria-pressed='true']")).to_have_text("江边卫生服务中心")
    expect(to).not_to_contain_text(CENTRE)
    submitted(street, "江边卫生服务中心")

    centre = opened().new_page()
    log_in(centre, address, "bai")
    hand = watched(centre, address)
    centre.goto(address)
    pictured(centre, "desk-body")
    expect(centre.locator("h1")).to_contain_text("江边卫生服务中心")
    expect(centre.locator("#cases-unsigned")).to_be_visible()
    assert centre.locator("#months, #behind").count() == 0
    stepped(centre, address, "case/1", "签收")
    submitted(centre, "江边卫生服务中心")
    stepped(centre, address, "case/1", "整改完成")
    centre.locator(f"{question(centre, '怎样整改的')} :is(input, textarea)").fill("已消杀")
    submitted(centre, "已整改")
    case = Case.objects.get(uid="case/1")
    assert (case.owner, case.state, case.idle) == (CENTRE, "done", 0)

    centre.goto(address)
    hand.tap(".quick a:has-text('健康知识讲座')")
    hand.wait(question(centre, "是否举办"))
    lecture_fill(hand)
    centre.locator(".done[data-state='sent']").wait_for()
    expect(centre.locator(".done")).to_contain_text("健康知识讲座")
    lectures = Fact.objects.filter(measure="health_education.lectures", retired_at=None)
    assert set(lectures.values_list("unit", "record__unit")) == {(STREET, CENTRE)}
    assert hand.faults == []
