"""A person moves while records wait on the phone; a date far from today is asked about."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Dialog, expect

from taizhang.web.instance.paths import Home
from tests.journeys.conftest import (
    OTHER_RECORDER,
    RECORDER,
    records_stored,
    telephone_only,
    watched,
)
from tests.journeys.gate import Gate
from tests.journeys.test_record import LECTURE, choice, question
from tests.journeys.test_record_offline import lecture, made_ready
from tests.web.browsing import log_in

pytestmark = [pytest.mark.browser, telephone_only]
Open = Callable[[], BrowserContext]
ELSEWHERE = "360602001002"


def move(username: str, at: datetime) -> None:
    """Take a person's role and give one in another community."""
    from taizhang.web.accounts.person.actions import grant_give, grant_take
    from taizhang.web.accounts.queries import user_named

    owner, user = user_named(None), user_named(username)
    grant = user.grants.get()
    grant_take(person=user.pk, grant=grant.pk, acting_user=owner, now=at)
    grant_give(person=user.pk, role="recorder", unit=ELSEWHERE, acting_user=owner, now=at)


def test_what_waits_is_sent_after_the_move(journey: Home, gate: Gate, opened: Open) -> None:
    page = opened().new_page()
    made_ready(page, gate.address)
    gate.cut()
    uid = lecture(watched(page, gate.address), gate.address, 31, "waiting")
    move(RECORDER, timezone.now())
    gate.mend()
    page.goto(f"{gate.address}/record/queue/")
    sent = page.locator("#queue li[data-state='sent']")
    expect(sent).to_have_count(1)
    expect(sent).to_contain_text("计入日期")
    assert records_stored() == [uid]


def test_a_colleague_takes_over_the_backup_of_who_left(
    journey: Home, gate: Gate, opened: Open
) -> None:
    page = opened().new_page()
    made_ready(page, gate.address)
    gate.cut()
    uid = lecture(watched(page, gate.address), gate.address, 32, "waiting")
    page.goto(f"{gate.address}/record/queue/")
    with page.expect_download() as download:
        page.click("#backup-out")
    backup = download.value.path().read_bytes()
    page.context.close()
    gate.mend()
    move(RECORDER, timezone.now() - timedelta(days=40))  # too long ago to come by itself

    page = opened().new_page()
    log_in(page, gate.address, OTHER_RECORDER)
    page.goto(f"{gate.address}/record/queue/")
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    page.on("dialog", answer)
    page.wait_for_load_state("networkidle")  # the page sends what waits when it opens
    file = {"name": "backup.json", "mimeType": "application/json", "buffer": backup}
    page.set_input_files("#backup-in", file)
    expect(page.locator("#queue-said")).to_contain_text("已导入 1 条")
    assert len(asked) == 1
    assert "以您的名义发送" in asked[0]
    page.click("#send-now")
    expect(page.locator("#queue li[data-state='sent']")).to_have_count(1)
    assert records_stored() == [uid]

    from taizhang.web.ledger.models import Record

    assert Record.objects.get().accepted_by.username == OTHER_RECORDER


def test_a_backup_of_another_unit_is_not_taken(journey: Home, gate: Gate, opened: Open) -> None:
    page = opened().new_page()
    made_ready(page, gate.address)
    gate.cut()
    lecture(watched(page, gate.address), gate.address, 33, "waiting")
    page.goto(f"{gate.address}/record/queue/")
    with page.expect_download() as download:
        page.click("#backup-out")
    backup = download.value.path().read_bytes()
    page.context.close()
    gate.mend()
    move(OTHER_RECORDER, timezone.now())
    page = opened().new_page()
    log_in(page, gate.address, OTHER_RECORDER)
    page.goto(f"{gate.address}/record/queue/")
    page.wait_for_load_state("networkidle")  # the page sends what waits when it opens
    file = {"name": "backup.json", "mimeType": "application/json", "buffer": backup}
    page.set_input_files("#backup-in", file)
    expect(page.locator("#queue-said")).to_contain_text("属于另一个人")
    expect(page.locator("#queue li[data-id]")).to_have_count(0)


def test_a_date_far_from_today_is_asked_about_and_named(
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
    day = timezone.localdate() - timedelta(days=400)
    page.locator(f"{question(page, '举办日期')} input").fill(day.isoformat())
    asked: list[str] = []

    def refuse(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", refuse)
    hand.tap("button.submit")
    expect(page.locator("button.submit")).to_be_enabled()
    assert f"将计入{day.year}年{day.month}月" in asked[0]
    assert records_stored() == []
    page.once("dialog", lambda dialog: dialog.accept())
    hand.tap("button.submit")
    hand.wait(".done[data-state='sent']")
    expect(page.locator(".done-day")).to_contain_text(f"{day.year}年{day.month}月{day.day}日")
    expect(page.locator(".done")).to_contain_text("离今天已有 400 天")
    assert hand.faults == []


def test_a_clock_that_is_days_behind_is_told(journey: Home, gate: Gate, opened: Open) -> None:
    context = opened()
    page = context.new_page()
    made_ready(page, gate.address)
    page.clock.install(time=datetime.now().astimezone() - timedelta(days=400))
    page.goto(f"{gate.address}/record/form/{LECTURE}/")
    expect(page.locator(".note.clock")).to_contain_text("慢 400 天")
