"""Questions in a real browser: every type is answered and stored, and a tap never takes away."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from taizhang.web.instance.paths import Home
from tests.journeys.conftest import COMMUNITY, NOW, RECORDER, Hand, telephone_only, watched
from tests.journeys.gate import Gate
from tests.journeys.test_record import Open, choice, question
from tests.web.browsing import log_in
from tests.web.exchange.composed import composed
from tests.web.exchange.generated import Made
from tests.web.ledger.furnish import pack_files
from tests.web.ledger.test_evidence import photo

pytestmark = [pytest.mark.browser, telephone_only]

FORMS = composed()
ASKED = """| survey |
| | type | name | label | required | constraint | about |
| | select_one yn | held | 是否举办 | yes | | place |
| | select_one yn | spoke | 有无主讲 | | | place |
| | integer | people | 到场人次 | | | place |
| | decimal | area | 面积 | | . > 0 | place |
| | image | before | 整改前 | | | place |
| | image | after | 整改后 | | | place |
| choices |
| | list_name | name | label |
| | yn | yes | 是 |
| | yn | no | 否 |
| settings |
| | form_title | about |
| | 现场 | place |
"""
PICTURE = {"name": "IMG_1.jpg", "mimeType": "image/jpeg"}


@pytest.fixture
def asking(journey: Home) -> Home:
    """This fixture will install a form with the questions of this module in the district."""
    install({"forms/asked.md": ASKED.encode()})
    return journey


@pytest.fixture
def composing(journey: Home, made: Made) -> Home:
    """This fixture will install one of the composed forms in the district."""
    install({f"forms/{made.key}.md": made.source.encode()})
    return journey


def install(forms: dict[str, bytes]) -> None:
    """Install the trial pack with further forms."""
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.programmes.actions import pack_install

    pack_install(source=pack_files() | forms, acting_user=user_named(None), now=NOW)


def open_form(page: Page, gate: Gate, key: str) -> Hand:
    """Log in and open a form of the trial pack."""
    log_in(page, gate.address, RECORDER)
    hand = watched(page, gate.address)
    page.goto(f"{gate.address}/record/form/trial.{key}/")
    page.wait_for_selector("html[data-ready=form]")
    return hand


def stored() -> dict[str, Any]:
    """Give the answers of the last record."""
    from taizhang.web.ledger.models import Record

    return dict(json.loads(Record.objects.order_by("-pk").first().answers))


def test_a_tap_on_a_chosen_answer_keeps_it_and_a_button_takes_it_back(
    asking: Home, gate: Gate, opened: Open
) -> None:
    page = opened().new_page()
    hand = open_form(page, gate, "asked")
    for label in ("是否举办", "有无主讲"):
        yes = choice(page, label, "是")
        hand.tap(yes)
        hand.tap(yes)
        hand.tap(yes)
        expect(page.locator(f"{yes} input")).to_be_checked()
    back = page.locator(f"{question(page, '有无主讲')} button.clear-choice")
    expect(back).to_have_accessible_name("清除答案：有无主讲")
    page.locator(f"{choice(page, '有无主讲', '是')} input").focus()
    page.keyboard.press("Tab")
    expect(back).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f"{choice(page, '有无主讲', '是')} input")).not_to_be_checked()
    expect(back).to_be_hidden()
    expect(page.locator(f"{choice(page, '是否举办', '是')} input")).to_be_checked()
    hand.tap("button.submit")
    hand.wait(".done[data-state='sent']")
    assert stored() == {"held": "yes"}
    assert hand.faults == []


def test_an_answer_filled_in_beforehand_outlives_a_tap(
    asking: Home, gate: Gate, opened: Open
) -> None:
    for number in range(3):
        record(f"a{number}", "asked", {"held": "yes"})
    page = opened().new_page()
    hand = open_form(page, gate, "asked")
    yes = page.locator(f"{choice(page, '是否举办', '是')} input")
    expect(yes).to_be_checked()
    expect(page.locator(question(page, "是否举办"))).to_contain_text("同上次")
    hand.tap(choice(page, "是否举办", "是"))
    expect(yes).to_be_checked()
    hand.tap("button.submit")
    hand.wait(".done[data-state='sent']")
    assert stored() == {"held": "yes"}


@pytest.mark.parametrize(
    ("label", "typed", "said"),
    [
        ("到场人次", "40.5", "请用数字填写整数，如40。"),
        ("到场人次", "1e2", "请用数字填写整数，如40。"),
        ("面积", "1e2", "请用数字填写，如40或2.5。"),
        ("面积", "2.12345", "至多四位小数"),
        ("面积", "0", None),
    ],
)
def test_what_is_no_number_is_refused_in_its_field(
    asking: Home, gate: Gate, opened: Open, label: str, typed: str, said: str | None
) -> None:
    page = opened().new_page()
    hand = open_form(page, gate, "asked")
    hand.tap(choice(page, "是否举办", "是"))
    hand.tap(f"{question(page, label)} input[type=number]")
    hand.type(typed)
    hand.tap("button.submit")
    asked = page.locator(question(page, label))
    expect(asked).to_have_class(re.compile("invalid-(value|constraint)"))
    if said:
        expect(asked).to_contain_text(said)
    from taizhang.web.ledger.models import Record

    assert Record.objects.count() == 0
    # A draft does not make another number of it.
    page.wait_for_timeout(500)
    page.locator(f"{question(page, label)} input[type=number]").fill("12")
    hand.tap("button.submit")
    hand.wait(".done[data-state='sent']")
    assert set(map(str, stored().values())) == {"yes", "12"}


def test_pictures_of_questions_are_taken_told_apart_and_dropped(
    asking: Home, gate: Gate, opened: Open
) -> None:
    page = opened().new_page()
    hand = open_form(page, gate, "asked")
    hand.tap(choice(page, "是否举办", "是"))
    for label, size in (("整改前", (40, 30)), ("整改后", (60, 20))):
        asked = page.locator(question(page, label))
        with page.expect_file_chooser() as chooser:
            asked.get_by_role("button", name=f"拍照：{label}").click()
        chooser.value.set_files({**PICTURE, "buffer": photo(size=size)})
        expect(asked.locator(".photo-shown img")).to_be_visible()
    # A draft brings them back to their questions.
    page.wait_for_selector(".draft-status:has-text('草稿')")
    page.reload()
    for label in ("整改前", "整改后"):
        expect(page.locator(f"{question(page, label)} .photo-shown img")).to_be_visible()
    hand.tap("button.submit")
    hand.wait(".done[data-state='sent']")
    answers = stored()
    assert answers["before"].startswith("before-")
    assert answers["after"].startswith("after-")
    hand.tap(".done a:has-text('查看记录')")
    shown = page.locator(".pictures li")
    expect(shown).to_have_count(2)
    expect(page.locator(".pictures")).to_contain_text("整改前")
    expect(page.locator(".pictures")).to_contain_text("整改后")
    assert hand.faults == []

    page.goto(f"{gate.address}/record/form/trial.asked/")
    hand.tap(choice(page, "是否举办", "否"))
    page.set_input_files(
        f"{question(page, '整改前')} input[type=file]", {**PICTURE, "buffer": photo()}
    )
    page.locator(f"{question(page, '整改前')} .photo-drop").click()
    expect(page.locator(f"{question(page, '整改前')} .photo-shown img")).to_have_count(0)
    hand.tap("button.submit")
    hand.wait(".done[data-state='sent']")
    assert stored() == {"held": "no"}


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("made", FORMS, ids=lambda made: made.key)
def test_every_question_is_answered_at_the_page_and_stored(
    composing: Home, gate: Gate, opened: Open, made: Made
) -> None:
    record("b1", "board", {"board": "B-1", "changed_on": "2026-01-02", "state": "in_use"})
    page = opened().new_page()
    hand = open_form(page, gate, made.key)
    for add in page.locator(".add-repeat-btn:visible").all():
        add.click()
    page.locator("[name='/data/n']").fill("7")
    page.keyboard.press("Enter")
    asked = page.locator(".question:visible")
    answered: set[str] = set()
    at = 0
    while at < asked.count():  # an answer may bring further questions
        answered.add(answer(asked.nth(at)))
        at += 1
    answered.discard("")
    hand.tap("button.submit")
    page.wait_for_selector(".done[data-state]:not([data-state=''])", timeout=60_000)
    panel = page.locator(".done")
    if panel.get_attribute("data-state") != "sent":
        page.goto(f"{gate.address}/record/queue/")
        pytest.fail(page.locator("main").inner_text())
    kept = stored()
    rows = [row for value in kept.values() if isinstance(value, list) for row in value]
    inside = {name for row in rows if isinstance(row, dict) for name in row}
    assert answered - kept.keys() - inside == set()
    assert hand.faults == []
    assert hand.outside == []


def record(uid: str, form: str, answers: dict[str, str]) -> None:
    """Record a form of the trial pack, such as a board that questions with a list pick."""
    from taizhang.core.counting.fact import Submission
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.ledger.accept.actions import record_accept

    day = date(2026, 1, 2)
    said = Submission(id=uid, form=f"trial.{form}", unit=COMMUNITY, date=day, answers=answers)
    record_accept(record=said, acting_user=user_named(None), now=NOW)


TYPED = {
    "number": "3",
    "date": "2026-01-04",
    "time": "14:30",
    "datetime-local": "2026-01-04T14:30",
}
BY_KIND = {
    "geopoint": "28.2 117.0 0 0",
    "geotrace": "28.2 117.0 0 0;28.3 117.1 0 0",
    "geoshape": "28.2 117.0 0 0;28.3 117.1 0 0;28.3 117.0 0 0;28.2 117.0 0 0",
}


def answer(asked: Locator) -> str:
    """Answer one question as a person would; give its name, '' for what only shows something."""
    if asked.locator(".photo-take").count():
        asked.locator("input[type=file]").set_input_files({**PICTURE, "buffer": photo()})
        expect(asked.locator(".photo-shown img")).to_be_visible()
        return name_of(asked.locator(".photo-name"))
    chosen = asked.locator(".option-wrapper label:not(.itemset-template) input")
    if chosen.count():
        if not chosen.first.is_visible():
            return ""
        chosen.last.check(force=True)
        return name_of(chosen.last)
    if (listed := asked.locator("select:not(.ignore)")).count():
        values = [one.get_attribute("value") for one in listed.locator("option").all()]
        listed.select_option([value for value in values if value][-1:])
        return name_of(listed)
    if (ranged := asked.locator("input[type=range]")).count():
        ranged.click()
        return name_of(asked.locator("input[type=number]"))
    if (stars := asked.locator(".rating-widget__rating__star")).count():
        stars.last.click()
        return name_of(asked.locator("input[type=number]"))
    if (typed := asked.locator("input.autocomplete")).count():
        typed.fill(str(asked.locator("datalist option[data-value]").last.get_attribute("value")))
        typed.blur()
        return name_of(asked.locator("input:not(.ignore)").first)
    if asked.locator("[data-calculate]").count():
        return ""  # what is calculated is not for a person
    field = asked.locator("input:not([type=hidden]):not(.ignore), textarea").first
    if not field.count() or not field.is_visible() or not field.is_editable():
        return ""
    kind = field.get_attribute("type") or "text"
    text = BY_KIND.get(field.get_attribute("data-type-xml") or "", TYPED.get(kind, "甲 𠮷 <&>"))
    field.fill(text)
    field.blur()
    return name_of(field)


def name_of(field: Locator) -> str:
    """Give the name of the question that a field answers."""
    path = field.get_attribute("data-name") or field.get_attribute("name") or ""
    return path.rpartition("/")[2]
