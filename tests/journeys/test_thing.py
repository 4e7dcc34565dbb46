"""Things chosen by name and place: known, looked for, new, near, without a network, by sticker."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from taizhang.core.counting.fact import Submission
from taizhang.web.instance.paths import Home
from tests.journeys.conftest import COMMUNITY, NOW, RECORDER, Hand, telephone_only, watched
from tests.journeys.gate import Gate
from tests.journeys.test_record import choice, question
from tests.web.browsing import log_in

pytestmark = pytest.mark.browser
Open = Callable[[], BrowserContext]
PANELS = Path(__file__).with_name("panels")
CHANGE = "/record/form/panels.change/"
TODAY = date.today()  # noqa: DTZ011 - the day of the machine, as a person has it
LONG_AGO, LATELY = TODAY - timedelta(days=90), TODAY - timedelta(days=10)


@pytest.fixture
def panels(journey: Home) -> Callable[..., None]:
    """This fixture will install a pack about boards; it gives a call that records one of them."""
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.ledger.accept.actions import record_accept
    from taizhang.web.programmes.actions import pack_install

    owner = user_named(None)
    pack_install(source=PANELS, acting_user=owner, now=NOW)

    def record(board: str, day: date = LATELY, **answers: str) -> None:
        given: dict[str, Any] = {"board": board, "changed_on": day.isoformat(), "state": "in_use"}
        form = "panels.change"
        kept = Submission(
            id=f"uuid:{board}-{day}", form=form, unit=COMMUNITY, date=day, answers=given | answers
        )
        record_accept(record=kept, acting_user=owner, now=datetime.now(UTC))

    return record


def answers_kept() -> list[dict[str, Any]]:
    from taizhang.web.ledger.models import Record

    return [json.loads(row.answers) for row in Record.objects.order_by("pk")]


def begun(page: Page, address: str, path: str = CHANGE) -> Hand:
    """Open the form with a network, signed in."""
    log_in(page, address, RECORDER)
    hand = watched(page, address)
    page.goto(f"{address}{path}")
    hand.wait(".chooser")
    return hand


def named(text: str) -> str:
    return f".chooser [role=option]:has(strong:text-is('{text}'))"


def test_a_known_board_is_one_tap_and_the_late_one_comes_first(
    panels: Callable[..., None], gate: Gate, opened: Open
) -> None:
    panels("XC-01", name="东门宣传栏", spot="东门口")
    panels("XC-02", LONG_AGO, name="广场宣传栏", spot="小广场")
    panels("XC-03", name="旧宣传栏", spot="旧街", state="removed")
    page = opened().new_page()
    hand = begun(page, gate.address)
    options = page.locator(".chooser [role=option]")
    expect(options).to_have_count(2)  # what was taken down is not offered
    expect(options.first).to_contain_text("广场宣传栏")
    expect(options.first).to_contain_text("已超期")
    expect(page.locator(question(page, "宣传栏编号"))).to_be_hidden()
    expect(page.locator(question(page, "名称"))).to_be_hidden()

    hand.tap(choice(page, "现在", "在用"))  # an answer of one's own, that the thing happens to say
    hand.tap(named("东门宣传栏"))
    expect(page.locator(".chooser-chosen")).to_contain_text("东门口")
    hand.tap(".chooser-other")
    expect(page.locator(f"{choice(page, '现在', '在用')} input")).to_be_checked()
    expect(page.locator(".invalid-required")).to_have_count(0)
    hand.tap(named("广场宣传栏"))
    hand.tap(".chip:has-text('今天')")
    hand.tap("button.submit")
    hand.wait(".done[data-state='sent']")
    last = answers_kept()[-1]
    assert (last["board"], last["name"], last["spot"]) == ("XC-02", "广场宣传栏", "小广场")
    assert hand.taps <= 10
    assert hand.faults == []


def test_a_new_board_is_named_and_gets_its_id_by_itself(
    panels: Callable[..., None], gate: Gate, opened: Open
) -> None:
    panels("XC-01", name="东门宣传栏", spot="东门口")
    page = opened().new_page()
    hand = begun(page, gate.address)
    hand.tap("button.submit")
    expect(page.locator(".chooser .error")).to_contain_text("请选一个")
    hand.tap(".chooser-new")
    expect(page.locator(f"{question(page, '名称')} input")).to_be_focused()
    hand.tap(".chip:has-text('今天')")
    hand.tap(choice(page, "现在", "在用"))
    hand.tap("button.submit")
    expect(page.locator(".chooser-near .error")).to_contain_text("请写名称")
    expect(page.locator(f"{question(page, '名称')} input")).to_be_focused()

    hand.type("东门新宣传栏")
    expect(page.locator(".chooser-near")).to_contain_text("是不是这一个：东门宣传栏，东门口")
    hand.type("（二期）")
    expect(page.locator(".chooser-near button")).to_have_count(0)
    page.locator(f"{question(page, '位置')} input").fill("东门二期")
    hand.tap("button.submit")
    hand.wait(".done[data-state='sent']")
    first, last = answers_kept()
    assert last["board"].startswith("N-")
    assert len(last["board"]) == 12
    assert (last["name"], last["spot"]) == ("东门新宣传栏（二期）", "东门二期")
    assert first["board"] != last["board"]
    assert hand.faults == []


@telephone_only
def test_a_near_name_is_taken_by_one_tap(
    panels: Callable[..., None], gate: Gate, opened: Open
) -> None:
    panels("XC-01", name="一号宣传栏", spot="东门口")
    page = opened().new_page()
    hand = begun(page, gate.address)
    hand.tap(".chooser-new")
    hand.type("１号 宣传栏")
    hand.tap(".chooser-near button")
    hand.tap(".chip:has-text('今天')")
    expect(page.locator(".chooser-chosen")).to_contain_text("一号宣传栏")
    expect(page.locator(question(page, "名称"))).to_be_hidden()
    hand.tap("button.submit")
    hand.wait(".done[data-state='sent']")
    last = answers_kept()[-1]
    assert (last["board"], last["name"], last["spot"]) == ("XC-01", "一号宣传栏", "东门口")
    assert hand.faults == []


def test_many_are_looked_for_by_name_place_number_and_pinyin(
    panels: Callable[..., None], gate: Gate, opened: Open
) -> None:
    for number in range(1, 13):
        panels(f"XC-{number:03}", name=f"{number}栋宣传栏", spot=f"长江路{number + 40}号")
    panels("XC-099", name="滨河宣传栏", spot="桥头", state="removed")
    page = opened().new_page()
    hand = begun(page, gate.address)
    options = page.locator(".chooser [role=option]")
    expect(options).to_have_count(8)
    search = page.locator(".chooser input[type=search]")
    for typed, name in (("１２栋", "12栋宣传栏"), ("xc9", "9栋宣传栏"), ("长江路47", "7栋宣传栏")):
        search.fill(typed)
        expect(options.first).to_contain_text(name)
        expect(options).to_have_count(1 if typed != "xc9" else 2)
    search.fill("cjl50h")
    expect(options).to_have_count(1)
    search.fill("bhxcl")  # found, though it was taken down
    expect(options).to_have_count(1)
    expect(options).to_contain_text("已拆除")
    search.fill("西门")
    expect(page.locator(".chooser-said")).to_contain_text("没有找到")
    search.fill("")
    hand.tap(".chooser button:has-text('显示全部12个')")
    expect(options).to_have_count(12)

    # By keyboard alone: down into the list, on, and chosen.
    search.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_be_focused()
    second = options.nth(1).get_attribute("data-key")
    page.keyboard.press("Enter")
    expect(page.locator(".chooser-other")).to_be_focused()
    expect(page.locator(".chooser-chosen")).to_have_attribute("data-key", str(second))
    assert hand.faults == []


def test_what_was_begun_offline_is_offered_to_the_next_form(
    panels: Callable[..., None], gate: Gate, opened: Open
) -> None:
    panels("XC-01", name="东门宣传栏", spot="东门口")
    context = opened()
    page = context.new_page()
    log_in(page, gate.address, RECORDER)
    page.goto(f"{gate.address}/record/")
    page.wait_for_selector("html[data-ready='kept']", state="attached")
    gate.cut()
    hand = watched(page, gate.address)
    page.goto(f"{gate.address}{CHANGE}")
    hand.tap(".chooser-new")
    hand.type("北门宣传栏")
    page.locator(f"{question(page, '位置')} input").fill("北门里")
    hand.tap(".chip:has-text('今天')")
    hand.tap(choice(page, "现在", "在用"))
    page.wait_for_selector(".draft-status:has-text('草稿')")
    page.wait_for_timeout(600)
    page.reload()
    hand.wait(".draft-note")  # a draft knows that it is about a new one
    expect(page.locator(f"{question(page, '名称')} input")).to_have_value("北门宣传栏")
    hand.tap("button.submit")
    hand.wait(".done[data-state='waiting']")

    page.goto(f"{gate.address}{CHANGE}")
    expect(page.locator(named("北门宣传栏"))).to_contain_text("待接收")
    hand.tap(named("北门宣传栏"))
    hand.tap(".chip:has-text('今天')")
    expect(page.locator(".chooser-chosen")).to_contain_text("北门里")
    hand.tap("button.submit")
    hand.wait(".done[data-state='waiting']")
    page.goto(f"{gate.address}/record/form/panels.look/")
    hand.tap(".option-wrapper label:not(.itemset-template):has-text('北门宣传栏')")
    page.locator(f"{question(page, '巡查日期')} input").fill(TODAY.isoformat())
    hand.tap("button.submit")
    hand.wait(".done[data-state='waiting']")

    gate.mend()
    page.goto(f"{gate.address}/record/queue/")
    expect(page.locator("#queue li[data-state='sent']")).to_have_count(3)
    one, two, three = answers_kept()[1:]
    assert one["board"] == two["board"] == three["board"]
    assert (two["name"], two["spot"]) == ("北门宣传栏", "北门里")
    page.goto(f"{gate.address}{CHANGE}")
    expect(page.locator(named("北门宣传栏"))).to_have_count(1)
    expect(page.locator(named("北门宣传栏"))).not_to_contain_text("待接收")
    assert hand.faults == []


@telephone_only
def test_an_old_record_with_a_typed_code_shows_its_board_by_name(
    panels: Callable[..., None], gate: Gate, opened: Open
) -> None:
    panels("XC-01", LONG_AGO, spot="东门口")
    panels("XC-01", name="东门宣传栏", spot="东门口")
    page = opened().new_page()
    hand = begun(page, gate.address, f"/record/correct/uuid:XC-01-{LONG_AGO}/")
    expect(page.locator(".chooser-chosen")).to_contain_text("东门宣传栏")
    page.fill("#reason", "补名称")
    hand.tap("button.submit")
    hand.wait(".done[data-state='sent']")
    assert answers_kept()[-1]["board"] == "XC-01"
    assert hand.faults == []


#: A browser with a camera that reads the code of a sticker at once.
CAMERA = """
window.BarcodeDetector = class {
  static getSupportedFormats() { return Promise.resolve(["qr_code"]); }
  detect() { return Promise.resolve([{ rawValue: window.sticker }]); }
};
navigator.mediaDevices.getUserMedia = async () => {
  window.cameras = (window.cameras ?? 0) + 1;
  const picture = document.createElement("canvas");
  const pen = picture.getContext("2d");
  setInterval(() => pen.fillRect(Math.random() * 100, 0, 9, 9), 50);
  return picture.captureStream();
};
"""


@telephone_only
def test_a_sticker_or_a_link_chooses(panels: Callable[..., None], gate: Gate, opened: Open) -> None:
    panels("XC-01", name="东门宣传栏", spot="东门口")
    page = opened().new_page()
    hand = begun(page, gate.address, f"{CHANGE}?thing=XC-01")
    expect(page.locator(".chooser-chosen")).to_contain_text("东门宣传栏")
    page.goto(f"{gate.address}{CHANGE}?thing=XC-77")
    expect(page.locator(".chooser-said")).to_contain_text("本单位没有这一个")
    expect(page.locator(".chooser-scan")).to_be_hidden()  # this browser reads no codes

    page.add_init_script(CAMERA)
    page.goto(f"{gate.address}{CHANGE}")
    page.evaluate("window.sticker = 'https://elsewhere.example/'")
    hand.tap(".chooser-scan")
    expect(page.locator(".chooser-said")).to_contain_text("不是设施贴纸")
    sticker = f"https://t.example/things/panels/{COMMUNITY}:XC-01/"
    page.evaluate(f"window.sticker = '{sticker}'")
    hand.tap(".chooser-scan")
    expect(page.locator(".chooser-chosen")).to_contain_text("东门宣传栏")
    expect(page.locator("dialog")).to_have_count(0)
    assert hand.faults == []


@telephone_only
def test_a_name_that_moved_is_asked_for_anew(
    panels: Callable[..., None], gate: Gate, opened: Open
) -> None:
    panels("XC-01", spot="东门口")  # from the time of codes: it has no name yet
    page = opened().new_page()
    hand = begun(page, gate.address)
    hand.tap(".chooser [role=option]")
    expect(page.locator(question(page, "位置"))).to_be_hidden()
    page.locator(f"{question(page, '名称')} input").fill("东门宣传栏")
    hand.tap(".chooser button:has-text('名称或位置有变')")
    page.locator(f"{question(page, '位置')} input").fill("东门北侧")
    hand.tap(".chip:has-text('今天')")
    hand.tap("button.submit")
    hand.wait(".done[data-state='sent']")
    last = answers_kept()[-1]
    assert (last["board"], last["name"], last["spot"]) == ("XC-01", "东门宣传栏", "东门北侧")
    assert hand.faults == []
