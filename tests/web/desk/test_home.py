"""The start page: what it says to whom, and that what is kept is never stale."""

import re
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from taizhang.core.counting.fact import Submission
from tests.web.browsing import person, signed_in, soup, words
from tests.web.desk.conftest import LECTURE

STREET, COMMUNITY, NEXT = "360602001000", "360602001001", "360602001002"
pytestmark = pytest.mark.usefixtures("district")


@pytest.fixture
def recorder(district: object) -> Client:
    """This fixture will sign in a recorder of one community."""
    person("li", "recorder", COMMUNITY)
    return signed_in("li")


@pytest.fixture
def reviewer(district: object) -> Client:
    """This fixture will sign in a reviewer of the street above."""
    person("chen", "reviewer", STREET)
    return signed_in("chen")


def accept(uid: str, unit: str = COMMUNITY, user: str = "li", **answers: Any) -> None:
    """Record a lecture of today."""
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.ledger.accept.actions import record_accept

    day = answers.pop("date", timezone.localdate())
    said = {**LECTURE, "held_on": day.isoformat(), **answers}
    record = Submission(id=uid, form="health_education.lecture", unit=unit, date=day, answers=said)
    record_accept(record=record, acting_user=user_named(user), now=timezone.now())


def part(page: BeautifulSoup, name: str) -> str:
    """Give the words of a section of the page."""
    found = page.select_one(f"section[aria-labelledby={name}]")
    return " ".join(found.get_text(" ").split()) if found else ""


def test_a_recorder_sees_their_community_and_forms(recorder: Client) -> None:
    page = soup(recorder.get("/"))
    assert "公园社区" in page.h1.get_text()
    quick = [link.get_text(strip=True) for link in page.select(".quick a")]
    assert quick[0] == "健康知识讲座"  # what the community records most
    assert len(quick) == 7
    later = recorder.get(page.select_one("section[hx-get]")["hx-get"])
    assert "滞后" in part(soup(later), "behind")
    again = soup(recorder.get("/"))
    assert not again.select("section[hx-get]")  # once read, the plans stand in the page
    assert "滞后" in part(again, "behind")


def test_a_record_counts_on_the_start_page_at_once(recorder: Client) -> None:
    assert "还没有记录" in part(soup(recorder.get("/")), "mine")
    accept("today-1", people=33)
    mine = part(soup(recorder.get("/")), "mine")
    assert "健康知识讲座 1 次" in mine
    assert "讲座受益人次 33 人次" in mine
    accept("today-2", people=7)
    assert "讲座受益人次 40 人次" in part(soup(recorder.get("/")), "mine")


def test_what_others_write_is_never_stale(recorder: Client, reviewer: Client) -> None:
    accept("today-1")
    assert "today-1" not in words(soup(reviewer.get("/")))
    note = {"kind": "questioned", "note": "人数和签到表对不上"}
    assert reviewer.post("/review/today-1/", note).status_code == 302
    waiting = part(soup(recorder.get("/")), "waiting")
    assert "等您答复" in waiting
    assert "人数和签到表对不上" in waiting
    answer = {"kind": "answered", "note": "签到表漏签三人"}
    assert recorder.post("/review/today-1/", answer).status_code == 302
    assert "对不上" not in part(soup(recorder.get("/")), "waiting")
    assert "签到表漏签三人" in part(soup(reviewer.get("/")), "waiting")


def test_a_month_is_closed_with_one_tap_the_zero_report_included(recorder: Client) -> None:
    from taizhang.web.ledger.models import Closing

    page = soup(recorder.get("/"))
    buttons = page.select("section[aria-labelledby=months] button")
    last = buttons[0]["value"]
    form = page.select_one("form#close")
    assert buttons[0]["form"] == form["id"]
    given = {field["name"]: field["value"] for field in form.select("input[name=unit]")}
    answer = recorder.post(form["action"], {**given, "month": last})
    assert answer.status_code == 302
    closed = Closing.objects.filter(unit=COMMUNITY, month=last)
    assert sorted(closed.values_list("pack", flat=True)) == ["common", "health_education"]
    after = soup(recorder.get("/"))
    values = [one["value"] for one in after.select("section[aria-labelledby=months] button")]
    assert last not in values
    assert len(values) == len(buttons) or len(values) == len(buttons) - 1
    assert "已报结" in after.select_one(".notices").get_text()


@pytest.mark.parametrize("month", ["", "202613", "lately", "0"])
def test_what_is_no_month_is_not_closed(recorder: Client, month: str) -> None:
    assert recorder.post("/desk/close/", {"unit": COMMUNITY, "month": month}).status_code == 404


def test_a_month_that_is_not_over_is_refused_on_the_page(recorder: Client) -> None:
    today = timezone.localdate()
    given = {"unit": COMMUNITY, "month": f"{today.year + 1}01"}
    page = soup(recorder.post("/desk/close/", given), 422)
    assert "CLOSING_001" in page.select_one(".issues").get_text()


def test_nobody_closes_for_another_unit(recorder: Client, reviewer: Client) -> None:
    assert recorder.post("/desk/close/", {"unit": NEXT, "month": "202601"}).status_code == 404
    assert reviewer.post("/desk/close/", {"unit": COMMUNITY, "month": "202601"}).status_code == 404


def test_plans_are_read_after_the_page_and_then_stand_in_it(reviewer: Client) -> None:
    page = soup(reviewer.get("/"))
    later = page.select_one("section[hx-get]")
    assert later["hx-trigger"] == "load"
    part_alone = reviewer.get(later["hx-get"], headers={"hx-request": "true"})
    assert part_alone.content.decode().strip().startswith("<section")
    soup(reviewer.get(later.noscript.a["href"]))  # without script it is a page of its own
    assert not soup(reviewer.get("/")).select("section[hx-get]")


def board_put_up(number: str, day: date) -> None:
    """Record a board's issue, the next of which falls due some months later."""
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.ledger.accept.actions import record_accept

    answers = {
        "board": number,
        "changed_on": day.isoformat(),
        "programme": "health",
        "issue": 1,
        "place": "大门口",
    }
    form = _boards_form()
    answers = {name: value for name, value in answers.items() if form.field(name)}
    record = Submission(
        id=f"board-{number}",
        form=form.key,
        unit=COMMUNITY,
        date=day,
        answers={**_required(form, day), **answers, form.entity.id_field: number},
    )
    record_accept(record=record, acting_user=user_named("li"), now=timezone.now())


def test_things_that_fall_due_are_listed_the_longest_due_first(recorder: Client) -> None:
    for number, day in (("A1", date(2026, 3, 2)), ("A2", date(2026, 1, 5))):
        board_put_up(number, day)
    due = part(soup(recorder.get("/")), "things")
    assert due.index("A2") < due.index("A1")


def test_all_that_falls_due_is_one_step_away_and_goes_on_from_there(
    recorder: Client, reviewer: Client
) -> None:
    for number in range(1, 9):
        board_put_up(f"A{number}", date(2026, 1, number))
    start = soup(recorder.get("/")).select_one("section[aria-labelledby=things]")
    assert len(start.select("li")) == 6
    whole = soup(recorder.get(start.select("p a")[-1]["href"]))
    assert "全部8项" in start.get_text()
    assert len(whole.select(".sheet li")) == 8
    assert "已逾期" in words(whole)
    onward = whole.select_one(".sheet li a.button")["href"]
    assert onward == f"/record/form/common.board_issue/?unit={COMMUNITY}&thing=A1"
    assert recorder.get(onward).status_code == 200
    # A reviewer sees the same and records nothing; the neighbour's desk is closed to a recorder.
    seen = soup(reviewer.get(f"/due/?unit={COMMUNITY}"))
    assert len(seen.select(".sheet li")) == 8
    assert not seen.select(".sheet li a.button")
    assert recorder.get(f"/due/?unit={NEXT}").status_code == 404
    assert recorder.get("/due/?day=soon").status_code == 404


def test_the_calendar_leads_to_what_falls_due_on_a_day(recorder: Client) -> None:
    from taizhang.web.ledger.models import Entity

    for number in ("A1", "A2"):
        board_put_up(number, date(2026, 1, 5))
    board_put_up("A3", date(2026, 1, 8))
    day = Entity.objects.get(key="A1").due
    page = soup(recorder.get(f"/calendar/?month={day:%Y-%m}"))
    links = [link["href"] for link in page.select("a.event.thing")]
    assert len(links) == 2
    kind = _boards_form().entity.dataset
    assert f"/due/?unit={COMMUNITY}&kind={kind}&day={day}" in links
    rows = words(soup(recorder.get(f"/due/?unit={COMMUNITY}&kind={kind}&day={day}")))
    assert ("A1" in rows, "A2" in rows, "A3" in rows) == (True, True, False)
    assert "没有到期事项" in words(soup(recorder.get(f"/due/?unit={COMMUNITY}&kind=nothing")))


def test_the_number_to_review_is_that_of_the_list_it_opens(
    recorder: Client, reviewer: Client
) -> None:
    today = timezone.localdate()
    first = today.replace(day=1)
    days = {"now-1": today, "now-2": first - timedelta(days=1), "old-1": first - timedelta(days=40)}
    for uid, day in days.items():
        accept(uid, held_on=day.isoformat(), date=day)
    waiting = soup(reviewer.get("/")).select_one("section[aria-labelledby=waiting]")
    assert waiting is not None
    link = waiting.select_one("a[href*=unreviewed]")
    assert link is not None
    listed = soup(reviewer.get(link["href"]))
    number = re.search(r"\d+", link.get_text())
    assert number is not None
    assert listed.h1.small.get_text(strip=True).startswith(number[0])
    assert {row["href"] for row in listed.select("main a[href*='-1/'], main a[href*='-2/']")} >= {
        "/records/now-1/",
        "/records/now-2/",
    }
    assert not listed.select("a[href='/records/old-1/']")
    chosen = listed.select_one("#period option[selected]")
    assert chosen is not None  # asking the list again keeps the months
    assert chosen["value"] in link["href"]


def test_who_records_nothing_has_no_list_of_their_own(recorder: Client, reviewer: Client) -> None:
    assert soup(recorder.get("/")).select("section[aria-labelledby=mine]")
    assert not soup(reviewer.get("/")).select("section[aria-labelledby=mine]")


def test_a_street_is_led_to_the_desk_where_a_month_is_closed(reviewer: Client) -> None:
    person("wu", "lead", COMMUNITY)
    months = soup(reviewer.get("/")).select_one("section[aria-labelledby=months]")
    assert not months.select("button")
    links = {link["href"] for link in months.select("details a")}
    assert f"/?unit={COMMUNITY}#months" in links
    there = soup(signed_in("wu").get(f"/?unit={COMMUNITY}"))
    assert there.select_one("section#months button, section[aria-labelledby=months] button")
    shown = int(months.h2.select_one(".tag").get_text())
    assert len(months.select("ul.rows > li")) == shown  # none is left out


def _boards_form() -> Any:
    from taizhang.web.programmes.queries import programmes_on

    return programmes_on(timezone.localdate()).forms["common.board_issue"]


def _required(form: Any, day: date) -> dict[str, Any]:
    """Answer every required question of a form plainly."""
    found: dict[str, Any] = {}
    for field in form.fields:
        if field.repeat or field.type == "calculate":
            continue
        if field.type == "date":
            found[field.name] = day.isoformat()
        elif field.required and field.choices:
            found[field.name] = field.choices[0].name
        elif field.required:
            found[field.name] = 1 if field.type == "integer" else "1"
    return found


def test_a_desk_is_opened_by_who_works_there(recorder: Client, reviewer: Client) -> None:
    for address in (f"/?unit={NEXT}", f"/desk/plans/?unit={NEXT}"):
        assert recorder.get(address).status_code == 404
        assert reviewer.get(address).status_code == 200
    assert recorder.get("/?unit=nonsense").status_code == 404


def test_who_works_in_two_communities_changes_between_their_desks(recorder: Client) -> None:
    from taizhang.web.accounts.models import Grant
    from taizhang.web.accounts.queries import user_named

    assert not soup(recorder.get("/")).select(".tabs")
    Grant.objects.create(user=user_named("li"), role="recorder", unit=NEXT)
    page = soup(recorder.get("/"))
    links = {link.get_text(): link for link in page.select(".tabs a")}
    assert list(links) == ["公园社区", "林荫社区"]
    assert links["公园社区"]["aria-current"] == "page"
    assert "林荫社区" in soup(recorder.get(links["林荫社区"]["href"])).h1.get_text()


def test_a_task_that_cannot_be_required_is_never_behind(recorder: Client) -> None:
    from datetime import timedelta

    from taizhang.web.ledger.open_book import open_book
    from taizhang.web.plans.schedule import plans_due

    book = open_book(now=timezone.now() + timedelta(days=400))  # every month is long over
    unit = book.history.tree(book.today).unit(COMMUNITY)
    late = plans_due(book, unit)
    assert "awareness" not in {one.task.task.key for one in (*late.behind, *late.near)}


def test_an_administrator_is_led_to_their_own_room() -> None:
    person("root", "system")
    answer = signed_in("root").get("/")
    assert answer.status_code == 302
    assert answer["Location"] not in ("", "/")


def test_the_start_page_is_quick_once_it_is_kept(recorder: Client) -> None:
    """A generous bar; bench/home.py measures twenty readers on the demonstration."""
    recorder.get("/")
    begun = time.perf_counter()
    for _ in range(10):
        assert recorder.get("/").status_code == 200
    assert (time.perf_counter() - begun) / 10 < 0.5


def test_kept_answers_follow_what_matters_and_nothing_else(district: object) -> None:
    from django.db import transaction

    from taizhang.web.accounts.queries import user_named
    from taizhang.web.audit.actions import audit_append
    from taizhang.web.base.cache import AnswerCache

    today, now = timezone.localdate(), datetime(2026, 6, 2, tzinfo=UTC)
    made: list[int] = []

    def compute() -> int:
        made.append(1)
        return len(made)

    assert [AnswerCache(today)("probe", compute=compute) for _ in range(3)] == [1, 1, 1]
    for action, wanted in (
        ("account.login", 1),
        ("token.make", 1),
        ("document.fill", 1),
        ("pack.install", 2),
    ):
        with transaction.atomic():
            audit_append(
                actor=user_named(None), action=action, objects=["x"], contents=["x"], now=now
            )
        assert AnswerCache(today)("probe", compute=compute) == wanted
    assert AnswerCache(date(2026, 1, 1))("probe", compute=compute) == 3
    assert AnswerCache(today).has("probe")
    assert not AnswerCache(today).has("probe", "other")


def test_a_fault_while_computing_is_not_kept(district: object) -> None:
    from taizhang.web.base.cache import AnswerCache

    keep = AnswerCache(timezone.localdate())

    def fail() -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        keep("fault", compute=fail)
    assert keep("fault", compute=lambda: 5) == 5


def test_an_assessment_shows_at_the_start_once_it_concerns_one() -> None:
    from taizhang.core.base.period import parse_period
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.assess.round_actions import round_open, round_publish, round_score

    person("wang", "officer", "360602000000")
    person("zhao", "lead", COMMUNITY)
    office: dict[str, Any] = {"acting_user": user_named("wang"), "now": timezone.now()}
    found = round_open(
        rubric="health_education",
        period=parse_period("2025"),
        plan_number="月督考备〔2026〕9号",
        office="360602000000",
        units=[COMMUNITY],
        **office,
    )
    shown = "section[aria-labelledby=rounds] li a"
    assert soup(signed_in("wang").get("/")).select(shown)
    assert not soup(signed_in("zhao").get("/")).select(shown)  # it is not published
    round_score(number=found.pk, begin=True, **office)
    round_publish(number=found.pk, days=5, **office)
    links = soup(signed_in("zhao").get("/")).select(shown)
    assert [one["href"] for one in links] == [f"/assessment/{COMMUNITY}/{found.pk}/"]


def test_a_street_is_told_which_units_have_not_closed(reviewer: Client) -> None:
    months = soup(reviewer.get("/")).select_one("section[aria-labelledby=months]")
    said = "".join(months.select_one("details").get_text().split())
    assert "公园社区、林荫社区" in said  # in the order of their codes
    assert "2" in months.select_one("details summary").get_text()
