"""Recording without a network: nothing is lost, nothing arrives twice."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from taizhang.web.instance.paths import Home
from tests.journeys.conftest import (
    OTHER_RECORDER,
    RECORDER,
    Hand,
    records_stored,
    telephone_only,
    watched,
)
from tests.journeys.gate import Gate
from tests.journeys.test_record import LECTURE, choice, question
from tests.web.browsing import PASSWORD, log_in

pytestmark = pytest.mark.browser
Open = Callable[[], BrowserContext]


def made_ready(page: Page, address: str, username: str = RECORDER) -> None:
    """Visit the list of forms once with a network: the worker keeps what recording needs."""
    log_in(page, address, username)
    page.goto(f"{address}/record/")
    page.wait_for_selector("html[data-ready='kept']", state="attached")


def lecture(hand: Hand, address: str, people: int, state: str) -> str:
    """Record a short lecture; give its uid."""
    page = hand.page
    page.goto(f"{address}/record/form/{LECTURE}/")
    hand.wait(question(page, "主题"))
    hand.tap(choice(page, "是否举办", "是"))
    hand.tap(choice(page, "主题", "控烟"))
    hand.tap(choice(page, "对象", "老年人"))
    hand.tap(f"{question(page, '到场人次')} input")
    hand.type(str(people))
    hand.tap("button.submit")
    hand.wait(".done[data-state]:not([data-state=''])")
    assert page.locator(".done").get_attribute("data-state") == state, page.locator(
        ".done"
    ).inner_text()
    return str(page.evaluate("document.querySelector('.done').dataset.uid"))


def people_counted() -> list[int]:
    from taizhang.web.ledger.models import Fact

    found = Fact.objects.filter(measure="health_education.attendance")
    return sorted(low // 10_000 for low in found.values_list("low", flat=True))


def test_three_records_made_without_a_network_arrive_once_each(
    journey: Home, gate: Gate, opened: Open
) -> None:
    context = opened()
    page = context.new_page()
    made_ready(page, gate.address)

    gate.cut()
    context.set_offline(True)
    hand = watched(page, gate.address)
    page.goto(f"{gate.address}/record/")
    expect(page.locator("h1")).to_contain_text("记一笔")
    uids = [lecture(hand, gate.address, people, "waiting") for people in (41, 42, 43)]
    assert len(set(uids)) == 3
    page.goto(f"{gate.address}/records/")
    expect(page.locator("h1")).to_contain_text("没有网络")
    page.goto(f"{gate.address}/record/queue/")
    expect(page.locator("#queue li[data-state='waiting']")).to_have_count(3)
    page.close()
    assert records_stored() == []

    gate.mend()
    context.set_offline(False)
    page = context.new_page()
    hand = watched(page, gate.address)
    page.goto(f"{gate.address}/record/queue/")
    expect(page.locator("#queue li[data-state='sent']")).to_have_count(3)
    page.goto(f"{gate.address}/record/")
    page.wait_for_timeout(500)
    assert sorted(records_stored()) == sorted(uids)
    assert people_counted() == [41, 42, 43]
    assert hand.faults == []
    assert hand.outside == []


def test_a_lost_answer_neither_loses_nor_doubles(journey: Home, gate: Gate, opened: Open) -> None:
    page = opened().new_page()
    made_ready(page, gate.address)
    hand = watched(page, gate.address)
    gate.lose(b"POST /record/send")
    uid = lecture(hand, gate.address, 44, "waiting")
    assert gate.lost == 1
    assert records_stored() == [uid]  # the ledger has it, the phone does not know

    gate.mend()
    page.goto(f"{gate.address}/record/queue/")
    expect(page.locator("#queue li[data-state='sent']")).to_have_count(1)
    assert gate.requests(b"POST /record/send") >= 2
    assert records_stored() == [uid]
    assert people_counted() == [44]
    assert hand.faults == []


@telephone_only
def test_what_the_ledger_refuses_is_opened_corrected_and_sent(
    journey: Home, gate: Gate, opened: Open
) -> None:
    page = opened().new_page()
    made_ready(page, gate.address)
    hand = watched(page, gate.address)
    page.goto(f"{gate.address}/record/form/{LECTURE}/")
    hand.wait(question(page, "主题"))
    hand.tap(choice(page, "是否举办", "是"))
    hand.tap(choice(page, "主题", "控烟"))
    hand.tap(choice(page, "对象", "老年人"))
    day = page.locator(f"{question(page, '举办日期')} input")
    day.fill("2099-01-01")
    page.once("dialog", lambda dialog: dialog.accept())
    hand.tap("button.submit")
    hand.wait(".done[data-state='refused']")
    page.goto(f"{gate.address}/record/queue/")
    refused = page.locator("#queue li[data-state='refused']")
    expect(refused).to_contain_text("2099-01-01")
    uid = refused.get_attribute("data-id")
    hand.tap(refused.locator("button.main"))
    hand.wait(question(page, "举办日期"))
    expect(day).to_have_value("2099-01-01")
    hand.tap(f"{question(page, '举办日期')} button:has-text('今天')")
    hand.tap("button.submit")
    hand.wait(".done[data-state='sent']")
    assert records_stored() == [uid]
    assert hand.faults == []


@telephone_only
def test_on_a_shared_phone_a_queue_belongs_to_one_person(
    journey: Home, gate: Gate, opened: Open
) -> None:
    page = opened().new_page()
    made_ready(page, gate.address)
    gate.cut()
    uid = lecture(watched(page, gate.address), gate.address, 45, "waiting")
    gate.mend()
    page.context.clear_cookies()  # the session ends before the record could be sent
    page.goto(f"{gate.address}/record/queue/")
    expect(page.locator("#queue-said")).to_contain_text("重新登录")
    log_in(page, gate.address, OTHER_RECORDER)
    page.goto(f"{gate.address}/record/queue/")
    expect(page.locator("#queue")).to_contain_text("他人的 1 条记录")
    expect(page.locator("#queue li[data-id]")).to_have_count(0)
    page.wait_for_timeout(500)
    assert records_stored() == []

    page.context.clear_cookies()
    log_in(page, gate.address, RECORDER)
    page.goto(f"{gate.address}/record/queue/")
    expect(page.locator("#queue li[data-state='sent']")).to_have_count(1)
    assert records_stored() == [uid]

    from taizhang.web.ledger.models import Record

    assert Record.objects.get().accepted_by.username == RECORDER


@telephone_only
def test_a_backup_brings_the_queue_to_another_phone(
    journey: Home, gate: Gate, opened: Open
) -> None:
    page = opened().new_page()
    made_ready(page, gate.address)
    gate.cut()
    uid = lecture(watched(page, gate.address), gate.address, 46, "waiting")
    page.goto(f"{gate.address}/record/queue/")
    with page.expect_download() as download:
        page.click("#backup-out")
    backup = download.value.path().read_bytes()
    page.context.close()
    gate.mend()

    page = opened().new_page()
    log_in(page, gate.address, RECORDER)
    page.goto(f"{gate.address}/record/queue/")
    json_file = {"name": "backup.json", "mimeType": "application/json"}
    page.set_input_files("#backup-in", {**json_file, "buffer": b"{}"})
    expect(page.locator("#queue-said")).to_contain_text("不是发送列表的备份")
    page.set_input_files("#backup-in", {**json_file, "buffer": backup})
    expect(page.locator("#queue-said")).to_contain_text("已导入 1 条")
    page.click("#send-now")
    expect(page.locator("#queue li[data-state='sent']")).to_have_count(1)
    assert records_stored() == [uid]
    assert people_counted() == [46]


@telephone_only
def test_whoever_is_no_longer_signed_in_is_sent_to_the_log_in(
    journey: Home, gate: Gate, opened: Open
) -> None:
    page = opened().new_page()
    made_ready(page, gate.address)
    page.context.clear_cookies()
    uid = lecture(watched(page, gate.address), gate.address, 47, "waiting")
    assert records_stored() == []
    page.click(".done-state a[href^='/login']")
    page.fill("input[name=username]", RECORDER)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button.main")
    expect(page.locator("#queue li[data-state='sent']")).to_have_count(1)
    assert records_stored() == [uid]
    page.context.clear_cookies()
    page.goto(f"{gate.address}/record/")
    page.wait_for_url("**/login?next=**")


@telephone_only
def test_a_draft_of_an_older_version_of_the_form_keeps_its_answers(
    journey: Home, gate: Gate, opened: Open
) -> None:
    context = opened()
    page = context.new_page()
    made_ready(page, gate.address)
    hand = watched(page, gate.address)
    page.goto(f"{gate.address}/record/form/{LECTURE}/")
    hand.tap(choice(page, "主题", "控烟"))
    hand.tap(".rows-add button:has-text('手册')")
    hand.type("12")
    hand.tap(".or-repeat button:has-text('至少')")
    page.wait_for_selector(".draft-status:has-text('草稿')")
    page.wait_for_timeout(600)
    page.evaluate(OLDER_DRAFT)
    page.goto(f"{gate.address}/record/form/{LECTURE}/")
    hand.wait(".draft-note")
    expect(page.locator(f"{choice(page, '主题', '控烟')} input")).to_be_checked()
    expect(page.locator(".or-repeat input[type=number]")).to_have_value("12")
    hand.tap(choice(page, "是否举办", "是"))
    hand.tap(choice(page, "对象", "老年人"))
    hand.tap("button.submit")
    hand.wait(".done[data-state='sent']")

    from taizhang.web.ledger.models import Record

    answers = json.loads(Record.objects.get().answers)
    assert answers["materials"] == [{"kind": "booklet", "copies": {"kind": "at_least", "low": 12}}]
    assert hand.faults == []


#: Turns the draft into one of a version that had a field which is gone now.
OLDER_DRAFT = """async () => {
  const open = indexedDB.open("taizhang");
  const db = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const drafts = db.transaction("drafts", "readwrite").objectStore("drafts");
  const asked = drafts.getAll();
  const [draft] = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
  draft.version = "2025010101";
  draft.xml = draft.xml
    .replace("<summary", "<gone>x</gone><summary")
    .replace(/version="[^"]*"/, 'version="2025010101"');
  const put = drafts.put(draft);
  await new Promise((done) => (put.onsuccess = done));
  db.close();
}"""


@telephone_only
def test_logging_out_leaves_no_page_of_a_person_behind(
    journey: Home, gate: Gate, opened: Open
) -> None:
    page = opened().new_page()
    made_ready(page, gate.address)
    hand = watched(page, gate.address)
    assert {"/record/", "/record/form/", "/record/queue/"} <= set(page.evaluate(KEPT_PAGES))
    page.goto(f"{gate.address}/records/")
    page.goto(f"{gate.address}/")
    assert not [one for one in page.evaluate(KEPT_PAGES) if not one.startswith("/record/")]
    page.evaluate("document.querySelector(\"form[action='/logout']\").submit()")
    page.wait_for_url("**/login**")
    assert page.evaluate(KEPT_PAGES) == []
    gate.cut()
    page.goto(f"{gate.address}/record/")
    expect(page.locator("h1")).to_contain_text("没有网络")
    assert RECORDER not in page.locator("body").inner_text()
    assert hand.faults == []


KEPT_PAGES = """async () => {
  const kept = await (await caches.open("pages")).keys();
  return kept.map((request) => new URL(request.url).pathname);
}"""
