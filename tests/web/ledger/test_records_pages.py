"""Pages of records: found, filtered, taken along; one record with all that follows; its review."""

import csv
import io
import json
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from taizhang.core.base.issue import Refused
from tests.web.browsing import person, signed_in, soup, words
from tests.web.ledger.furnish import FIRST, NOW, SECOND, STREET, THIRD, lecture
from tests.web.ledger.test_evidence import photo

pytestmark = pytest.mark.usefixtures("owner")
MARCH = date(2026, 3, 2)


@pytest.fixture
def people(owner: Any) -> dict[str, Client]:
    """This fixture will sign in a recorder, a reviewer of the street, and one of elsewhere."""
    person("li", "recorder", FIRST)
    person("chen", "reviewer", STREET)
    person("sun", "recorder", THIRD)
    return {name: signed_in(name) for name in ("li", "chen", "sun")}


def accept(owner: Any, **changes: Any) -> str:
    """Accept a lecture and give its id."""
    from taizhang.web.ledger.accept.actions import record_accept

    if "date" in changes:
        answers = {"held_on": changes["date"].isoformat(), **changes.get("answers", {})}
        changes["answers"] = answers
    record = lecture(**changes)
    if record.withdraws:
        record = replace(record, answers={})
    record_accept(record=record, acting_user=owner, now=NOW)
    return record.id


def listed(client: Client, query: str = "") -> list[str]:
    """Give the ids of the records in the list."""
    page = soup(client.get(f"/records/?{query}"))
    return [link["href"].split("/")[2] for link in page.select(".records a.row")]


# --- the list ------------------------------------------------------------------------------------


def test_the_list_holds_what_stands_the_newest_date_first(
    owner: Any, people: dict[str, Client]
) -> None:
    old = accept(owner, date=MARCH)
    new = accept(owner)
    better = accept(owner, replaces=old, reason="人数更正", date=MARCH)
    elsewhere = accept(owner, unit=THIRD)
    assert listed(people["li"]) == [new, better]
    assert listed(people["sun"]) == [elsewhere]
    assert listed(people["li"], "state=corrected") == [old]
    accept(owner, withdraws=new, reason="记重了")
    assert listed(people["li"]) == [better]
    assert listed(people["li"], "state=withdrawn") == [new]


def test_words_are_found_in_answers_choices_and_titles(
    owner: Any, people: dict[str, Client]
) -> None:
    tea = accept(owner, answers={"topic": "tb"})
    assert listed(people["li"], "q=结核") == [tea]  # the words of a choice, stored by its name
    assert listed(people["li"], f"q={tea}") == [tea]
    assert listed(people["li"], "q=没有这个词") == []
    assert listed(people["li"], "q=%25") == []  # a sign of the database's language is a text
    page = soup(people["li"].get("/records/?q=没有这个词"))
    assert page.select_one("section.empty a")["href"] == "/records/"


def test_filters_join(owner: Any, people: dict[str, Client]) -> None:
    from taizhang.web.accounts.queries import user_named

    first = accept(owner)
    second = accept(owner, unit=SECOND, date=date(2026, 4, 3))
    mine = accept(user_named("li"))
    reviewer = people["chen"]
    assert set(listed(reviewer)) == {first, second, mine}
    assert listed(reviewer, f"unit={SECOND}") == [second]
    assert listed(reviewer, "period=2026-04") == [second]
    assert listed(reviewer, "form=trial.lecture&period=2026-05") == [mine, first]
    assert listed(people["li"], "mine=1") == [mine]
    assert listed(people["li"], f"unit={SECOND}") == []
    assert reviewer.get("/records/?period=lately").status_code == 404


def test_an_empty_list_says_what_will_be_there(people: dict[str, Client]) -> None:
    assert "还没有记录" in words(soup(people["li"].get("/records/")))


def test_the_list_has_pages(owner: Any, people: dict[str, Client]) -> None:
    for _ in range(41):
        accept(owner)
    page = soup(people["li"].get("/records/?form=trial.lecture"))
    assert len(page.select(".records li")) == 40
    further = page.select_one("nav.pager a[rel=next]")["href"]
    assert "form=trial.lecture" in further
    assert len(soup(people["li"].get(f"/records/{further}")).select(".records li")) == 1


def test_the_list_is_taken_along_with_the_answers_of_its_form(
    owner: Any, people: dict[str, Client]
) -> None:
    uid = accept(owner)
    accept(owner, unit=THIRD)
    text = people["li"].get("/records/?as=csv&form=trial.lecture").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["记录"] for row in rows] == [uid]
    assert "35" in rows[0].values()
    answer = people["li"].get("/records/?as=xlsx&form=trial.lecture")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert 35 in [cell.value for cell in sheet[2]]


def test_a_text_never_becomes_a_formula() -> None:
    from taizhang.web.base.export import to_csv, to_xlsx

    rows = [["=1+1", "@x", "-5", "plain", 3]]
    assert b"'=1+1,'@x,'-5,plain,3" in to_csv(["a", "b", "c", "d", "e"], rows)
    wide = to_csv(["=a", "＝a"], [["＝1+1", "\n=1"]]).decode()
    assert all(cell.startswith("'") for row in csv.reader(io.StringIO(wide[1:])) for cell in row)
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx("t", ["a", "b", "c", "d", "e"], rows))).active
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].value == "=1+1"


# --- one record ----------------------------------------------------------------------------------


def test_a_record_says_what_it_counted_for_and_who_reads_that(
    owner: Any, people: dict[str, Client]
) -> None:
    uid = accept(owner)
    page = soup(people["li"].get(f"/records/{uid}/"))
    stated = page.select_one("section[aria-labelledby=stated]")
    assert "35 人次" in stated.get_text(" ")
    links = [link["href"] for link in stated.select("details a")]
    assert [link for link in links if "key=trial.attendance" in link]
    for link in links:
        assert people["li"].get(link).status_code == 200, link


def test_revisions_stand_side_by_side_with_what_changed_marked(
    owner: Any, people: dict[str, Client]
) -> None:
    first = accept(owner)
    second = accept(owner, replaces=first, reason="签到表核对", answers={"people": 36})
    third = accept(
        owner, replaces=second, reason="主题更正", answers={"people": 36, "topic": "law"}
    )
    for uid in (first, third):
        page = soup(people["li"].get(f"/records/{uid}/"))
        table = page.select_one("section[aria-labelledby=revisions] table")
        assert len(table.select("thead th")) == 4
        marked = {
            row.th.get_text(): [bool(cell.mark) for cell in row("td")]
            for row in table.select("tbody tr")
            if row.mark
        }
        assert sorted(marked.values()) == [[False, False, True], [False, True, False]]
    note = soup(people["li"].get(f"/records/{first}/")).select_one("p.note a")
    assert note["href"] == f"/records/{second}/"
    assert not soup(people["li"].get(f"/records/{first}/")).select("main form[action^='/review']")


def test_a_correction_that_went_to_another_unit_is_not_shown_to_the_first(
    owner: Any, people: dict[str, Client]
) -> None:
    first = accept(owner, answers={"topic": "tb"})
    moved = accept(owner, replaces=first, unit=THIRD, reason="记错社区", answers={"people": 77})
    page = soup(people["li"].get(f"/records/{first}/"))
    text = words(page)
    assert "记错社区" in text  # why it counts no more
    assert moved not in str(page)
    assert "77" not in text
    assert page.select_one("section[aria-labelledby=revisions]") is None
    theirs = soup(people["sun"].get(f"/records/{moved}/"))
    assert first not in str(theirs)
    assert "记错社区" in words(theirs)
    assert len(soup(signed_in("owner").get(f"/records/{moved}/")).select("thead th")) > 2


def test_absent_and_forbidden_records_look_alike(owner: Any, people: dict[str, Client]) -> None:
    uid = accept(owner)
    for method, address in (
        ("get", "/records/{}/"),
        ("get", "/archive/{}/"),
        ("post", "/review/{}/"),
    ):
        forbidden = getattr(people["sun"], method)(address.format(uid))
        absent = getattr(people["sun"], method)(address.format("nothing"))
        assert forbidden.status_code == absent.status_code
        assert forbidden.status_code in (404, 422)
        assert forbidden.content.replace(uid.encode(), b"") != b""
        assert "RECORD_022" in forbidden.content.decode()
        assert "RECORD_022" in absent.content.decode()


# --- review --------------------------------------------------------------------------------------


def figures() -> dict[str, Any]:
    """Give the month cube as it is: what a review must never change."""
    from taizhang.web.ledger.models import Cube, Fact

    cells = Cube.objects.order_by("measure", "unit", "month", "dims").values_list()
    return {"cells": list(cells), "facts": list(Fact.objects.order_by("pk").values_list())}


def test_a_review_holds_nothing_back_and_is_in_the_log(
    owner: Any, people: dict[str, Client]
) -> None:
    from taizhang.web.audit.models import Entry

    uid = accept(owner)
    before = figures()
    address = f"/review/{uid}/"
    for kind, note in (("questioned", "人数？"), ("returned", "请更正"), ("accepted", "")):
        assert people["chen"].post(address, {"kind": kind, "note": note}).status_code == 302
        assert figures() == before
        entry = Entry.objects.latest("sequence")
        assert entry.action == f"record.review.{kind}"
        assert json.loads(entry.objects_text)[0] == uid
        assert listed(people["chen"], f"state={kind}") == [uid]
    assert listed(people["chen"], "state=unreviewed") == []
    reviews = soup(people["li"].get(f"/records/{uid}/")).select(
        "section[aria-labelledby=review] li"
    )
    assert len(reviews) == 3


def test_a_question_is_answered_once(owner: Any, people: dict[str, Client]) -> None:
    uid = accept(owner)
    address, answer = f"/review/{uid}/", {"kind": "answered", "note": "核对过了"}
    page = soup(people["li"].post(address, answer), 422)
    assert "OPINION_004" in page.select_one(".issues").get_text()
    assert page.select_one("main form") is None  # nothing waits: there is nothing to fill in
    people["chen"].post(address, {"kind": "questioned", "note": "人数？"})
    assert people["li"].post(address, answer).status_code == 302
    assert "OPINION_004" in words(soup(people["li"].post(address, answer), 422))


def test_the_page_of_a_correction_tells_what_it_was_asked(
    owner: Any, people: dict[str, Client]
) -> None:
    asked = accept(owner)
    people["chen"].post(f"/review/{asked}/", {"kind": "questioned", "note": "人数？"})
    better = accept(owner, replaces=asked, reason="签到表核对", answers={"people": 36})
    page = soup(people["li"].get(f"/records/{better}/"))
    section = page.select_one("section[aria-labelledby=review]")
    assert "人数？" in section.get_text()
    assert section.select_one(f'a[href="/records/{asked}/"]')
    assert section.select_one("textarea") is None  # the correction is the answer
    people["chen"].post(f"/review/{better}/", {"kind": "accepted", "note": ""})
    first = soup(people["li"].get(f"/records/{asked}/"))
    assert len(first.select("section[aria-labelledby=review] li")) == 1


@pytest.mark.parametrize(
    ("kind", "note", "code"),
    [
        ("questioned", "  ", "OPINION_001"),
        ("returned", "", "OPINION_001"),
        ("accepted", "字" * 501, "OPINION_003"),
    ],
)
def test_what_is_no_review_is_refused(
    owner: Any, people: dict[str, Client], kind: str, note: str, code: str
) -> None:
    from taizhang.web.ledger.models import Review

    uid = accept(owner)
    page = soup(people["chen"].post(f"/review/{uid}/", {"kind": kind, "note": note}), 422)
    assert code in page.select_one(".issues").get_text()
    assert page.select_one("textarea").get_text().strip() == note.strip()
    assert not Review.objects.exists()


def test_who_may_say_what(owner: Any, people: dict[str, Client]) -> None:
    from taizhang.web.ledger.models import Review

    uid = accept(owner)
    review = {"kind": "accepted", "note": ""}
    assert people["li"].post(f"/review/{uid}/", review).status_code == 422
    assert people["chen"].post(f"/review/{uid}/", {"kind": "praised"}).status_code == 404
    people["chen"].post(f"/review/{uid}/", {"kind": "questioned", "note": "？"})
    answer = {"kind": "answered", "note": "是"}
    assert people["chen"].post(f"/review/{uid}/", answer).status_code == 422
    assert Review.objects.count() == 1


def test_a_unit_that_is_credited_finds_the_record_and_may_question_it(
    owner: Any, people: dict[str, Client]
) -> None:
    from taizhang.web.ledger.accept.actions import record_accept

    uid = accept(owner, with_units=(THIRD,))
    sun = people["sun"]
    assert listed(sun) == [uid]
    assert listed(sun, f"unit={THIRD}") == [uid]
    own = accept(owner, unit=THIRD)
    assert listed(sun, "state=credited") == [uid]
    assert listed(people["li"], "state=credited") == []
    assert own not in str(soup(sun.get("/records/?state=credited")))
    lately = lecture(with_units=(THIRD,), date=timezone.localdate())
    record_accept(record=lately, acting_user=owner, now=timezone.now())
    link = "a[href='/records/?state=credited']"
    assert "1" in soup(sun.get("/")).select_one(link).get_text()
    assert soup(people["li"].get("/")).select_one(link) is None
    page = soup(sun.get(f"/records/{uid}/"))
    kinds = [button["value"] for button in page.select("main form[action^='/review'] button")]
    assert kinds == ["questioned"]
    address, question = f"/review/{uid}/", {"kind": "questioned", "note": "我社区没有参加"}
    for other in ("accepted", "returned"):
        assert sun.post(address, {**question, "kind": other}).status_code == 422
    assert "OPINION_001" in words(soup(sun.post(address, {**question, "note": ""}), 422))
    before = figures()
    assert sun.post(address, question).status_code == 302
    assert figures() == before
    asked = soup(people["li"].get(address.replace("review", "records")))
    assert "我社区没有参加" in words(asked)
    assert people["li"].post(address, {"kind": "answered", "note": "签到表上有"}).status_code == 302
    alone = accept(owner)
    assert sun.post(f"/review/{alone}/", question).status_code == 422
    better = accept(owner, replaces=uid, reason="没有合办", answers={"people": 36})
    assert "OPINION_002" in words(soup(sun.post(address, question), 422))
    assert better not in str(soup(sun.get(f"/records/{uid}/")))


def test_a_record_that_no_longer_stands_is_not_reviewed(
    owner: Any, people: dict[str, Client]
) -> None:
    old = accept(owner)
    accept(owner, replaces=old, reason="更正", answers={"people": 36})
    page = soup(people["chen"].post(f"/review/{old}/", {"kind": "accepted", "note": ""}), 422)
    assert "OPINION_002" in page.select_one(".issues").get_text()


def test_a_kind_that_no_reviewer_says_is_a_fault_of_the_program(owner: Any) -> None:
    from taizhang.web.ledger.record.review_actions import record_review

    with pytest.raises(ValueError, match="answered"):
        record_review(uid="x", kind="answered", note="x", acting_user=owner, now=NOW)


# --- files ---------------------------------------------------------------------------------------


def attached(owner: Any, uid: str) -> int:
    """Attach a picture to a record and give its number."""
    from taizhang.web.ledger.record.evidence_actions import evidence_attach

    made = evidence_attach(
        uid=uid, name="签到表.jpg", content=photo(), acting_user=owner, now=timezone.now()
    )
    return int(made.pk)


def test_evidence_is_shown_decrypted_to_who_may_see_the_record(
    owner: Any, people: dict[str, Client]
) -> None:
    uid = accept(owner)
    number = attached(owner, uid)
    page = soup(people["li"].get(f"/records/{uid}/"))
    picture = page.select_one(".pictures img")
    small = people["li"].get(picture["src"])
    assert small["Content-Type"] == "image/jpeg"
    assert max(Image.open(io.BytesIO(small.content)).size) <= 360
    whole = people["li"].get(f"/evidence/{number}/?keep=1")
    assert Image.open(io.BytesIO(whole.content)).format == "JPEG"
    assert whole["Content-Disposition"].startswith("attachment")
    assert whole["Cache-Control"] == "private, no-store"
    assert people["sun"].get(f"/evidence/{number}/").status_code == 404
    assert people["li"].get("/evidence/999999/").status_code == 404


@pytest.mark.parametrize(
    ("kind", "begins"), [("html", b"<!DOCTYPE html>"), ("docx", b"PK"), ("pdf", b"%PDF")]
)
def test_the_archive_file_has_three_parts(
    owner: Any, people: dict[str, Client], kind: str, begins: bytes
) -> None:
    uid = accept(owner)
    answer = people["li"].get(f"/archive/{uid}/?as={kind}")
    assert answer.status_code == 200
    assert answer.content.lstrip().startswith(begins)
    assert "attachment" in answer["Content-Disposition"]
    if kind == "html":
        text = answer.content.decode()
        places = [text.index(part) for part in ("安排", "记录", "总结", "计入")]
        assert places == sorted(places)
        assert "35" in text


def test_the_archive_file_is_written_in_three_kinds_alone(
    owner: Any, people: dict[str, Client]
) -> None:
    uid = accept(owner)
    assert people["li"].get(f"/archive/{uid}/?as=exe").status_code == 404


def test_reviews_are_refused_by_the_action_too(owner: Any, people: dict[str, Client]) -> None:
    """The door is the first wall, not the only one."""
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.ledger.record.review_actions import record_review, review_answer

    uid = accept(owner)
    for name in ("li", "sun"):
        with pytest.raises(Refused) as refused:
            record_review(uid=uid, kind="accepted", note="", acting_user=user_named(name), now=NOW)
        assert refused.value.issues[0].code.name == "RECORD_022"
    with pytest.raises(Refused) as refused:
        review_answer(uid=uid, note="是", acting_user=user_named("chen"), now=NOW)
    assert refused.value.issues[0].code.name == "RECORD_022"
