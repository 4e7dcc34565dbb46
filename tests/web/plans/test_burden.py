"""The page of burden: minutes counted by hand from fields, questions asked twice, marks."""

import csv
import io
from fractions import Fraction

import pytest
from django.test import Client
from django.utils import timezone

from taizhang.core.form import Form
from tests.web.browsing import person, signed_in, soup, words

COMMUNITY, STREET = "360602001001", "360602001000"
pytestmark = pytest.mark.usefixtures("district")


def lecture() -> Form:
    """Give the form of a lecture."""
    from taizhang.web.programmes.queries import programmes_on

    return programmes_on(timezone.localdate()).forms["health_education.lecture"]


def test_an_answer_costs_taps_keystrokes_and_a_thought() -> None:
    from taizhang.web.plans.burden import seconds_of

    form = lecture()
    costs = {
        name: seconds_of(form.field(name)) for name in ("topic", "people", "held_on", "summary")
    }
    assert costs == {
        "topic": Fraction("2.55"),  # 1.35 + one tap
        "people": Fraction("3.45"),  # 1.35 + one tap + three keystrokes
        "held_on": Fraction("3.75"),  # 1.35 + two taps
        "summary": Fraction("9.75"),  # 1.35 + one tap + 24 keystrokes
    }


def test_minutes_are_counted_from_the_answers_alone(browser: Client) -> None:
    """Two records of ten answers each: a lecture and its correction, which was typed too."""
    page = soup(browser.get(f"/burden/?unit={COMMUNITY}&period=2026Q2"))
    said = {one.dt.get_text(): one.dd.get_text() for one in page.select("dl.facts div")}
    # planned_on, held, held_on, topic, audience, people, three of the leaflets, summary
    assert said["记录"] == "2"
    assert said["手工填的项"] == "20"
    each = sum(
        map(
            Fraction,
            ("3.75", "2.55", "3.75", "2.55", "2.55", "3.45", "9.75", "2.55", "3.45", "9.75"),
        )
    ) + Fraction("4.8")
    assert said["分钟（推算）"] == str(round(2 * each / 60))
    rows = page.select("section[aria-labelledby=by-form] tbody tr")
    assert [row.th.get_text(strip=True) for row in rows] == ["健康知识讲座"]
    quarters = page.select("section[aria-labelledby=by-quarter] tbody tr")
    assert [row("td")[1].get_text() for row in quarters] == ["0", "2", "0", "0"]


def test_a_quarter_without_records_says_so(browser: Client) -> None:
    page = soup(browser.get(f"/burden/?unit={COMMUNITY}&period=2026Q1"))
    assert page.select_one("section.empty")


def test_the_burden_can_be_taken_along(browser: Client) -> None:
    answer = browser.get(f"/burden/?unit={STREET}&period=2026Q2&as=csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["表单"], row["性质"], row["记录"]) for row in rows] == [
        ("健康知识讲座", "内部台账", "2")
    ]


def test_questions_asked_by_several_programmes_are_named(browser: Client) -> None:
    from taizhang.web.plans.burden import asked_twice
    from taizhang.web.programmes.queries import programmes_on

    today = timezone.localdate()
    twice = {one.label: one for one in asked_twice(programmes_on(today), today)}
    kinds = twice["资料类别"]
    assert {pack for pack, _ in kinds.asked} == {"公共基础", "健康教育"}
    assert "举办日期" not in twice
    section = soup(browser.get(f"/burden/?unit={STREET}")).select_one(
        "section[aria-labelledby=twice]"
    )
    assert "资料类别" in section.get_text()


def test_burden_of_other_units_is_not_shown() -> None:
    person("li", "recorder", COMMUNITY)
    client = signed_in("li")
    soup(client.get("/burden/"))
    assert client.get(f"/burden/?unit={STREET}").status_code == 404


def test_the_host_writes_marks_and_everybody_reads_them(browser: Client) -> None:
    person("li", "recorder", COMMUNITY)
    reader = signed_in("li")
    page = soup(reader.get("/burden/forms/"))
    assert "可拒绝填报" in words(page)
    assert "内部台账" in words(page)
    address = "/burden/forms/common.awareness_survey/"
    assert reader.get(address).status_code == 404
    assert reader.post(address, {"number": "1"}).status_code == 404
    assert not page.select(f"a[href='{address}']")
    form = soup(browser.get(address)).select_one("main form")
    assert {field.get("name") for field in form.select("input, select")} >= {
        "number",
        "authority",
        "approval",
        "expires_on",
        "asks_others",
    }
    marks = {
        "number": "调1表",
        "authority": "某统计局",
        "approval": "某统制〔2026〕1号",
        "expires_on": "2099-12-31",
        "asks_others": "",
    }
    assert browser.post(address, marks).status_code == 302
    after = words(soup(reader.get("/burden/forms/")))
    assert "合法调查表" in after
    assert "某统制〔2026〕1号" in after
    assert browser.post(address, {**marks, "expires_on": "2026-02-30"}).status_code == 404
    too_long = soup(browser.post(address, {**marks, "number": "表" * 101}), 422)
    assert "PROGRAMME_007" in too_long.select_one(".issues").get_text()
    assert too_long.select_one("#number")["value"] == "表" * 101
    assert browser.get("/burden/forms/no.such/").status_code == 404
