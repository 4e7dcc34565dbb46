"""Pages of things: who sees what, how one is found, merged, parted and stuck on a wall."""

import re
import time
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.web.browsing import signed_in
from tests.web.ledger.furnish import FIRST, SECOND, STREET
from tests.web.things.furnish import EAST, GATE, WEST, board, rack, send, uid

#: A list of fifty things, and the page of one, ask no more than this.
MOST_STATEMENTS = 40


@pytest.fixture
def things(owner: Any) -> Any:
    """This fixture will record some boards, a screen and a rack."""
    send(
        owner,
        [
            board(EAST, title="东门宣传栏", where="东门", next="2026-07-05", id="east"),
            board(EAST, day="2026-07-03", next="2026-07-08", id="east-2"),
            board(GATE, day="2026-07-04", title="大门宣传栏", where="正门", next="2026-12-01"),
            board(WEST, SECOND, title="西门屏", kind="screen"),
            board("N-000000000D", SECOND, title="旧栏", state="removed"),
            rack("旧7", title="卫生站取套点"),
        ],
    )
    return owner


NAMES = ("东门宣传栏", "大门宣传栏", "西门屏", "旧栏", "卫生站取套点")


def listed(who: str, query: str = "") -> list[str]:
    page = signed_in(who).get(f"/things/{query}")
    assert page.status_code == 200
    assert "N-0" not in re.sub(r'href="[^"]*"', "", page.text)  # nobody reads an id
    return [name for name in NAMES if f"<strong>{name}</strong>" in page.text]


def test_each_sees_the_things_of_its_units(things: Any) -> None:
    assert listed("zhou") == ["东门宣传栏", "大门宣传栏", "西门屏", "卫生站取套点"]
    assert listed("chen") == ["东门宣传栏", "大门宣传栏", "卫生站取套点"]
    assert listed("wu") == ["西门屏"]
    assert signed_in("wu").get(f"/things/{uid(EAST)}/").status_code == 404
    assert signed_in("wu").get("/things/XC-404/").status_code == 404


def test_filters_and_search(things: Any) -> None:
    assert listed("sun", f"?unit={FIRST}&kind=hc.board") == ["东门宣传栏", "大门宣传栏"]
    assert listed("sun", f"?unit={STREET}&kind=hc.screen") == ["西门屏"]
    assert listed("sun", "?state=ended") == ["旧栏"]
    assert listed("sun", "?overdue=1") == ["东门宣传栏"]
    for words in ("东门", "dmxcl", "XC-001", "正门"):
        assert NAMES[words == "正门"] in listed("chen", f"?q={words}"), words
    assert listed("sun", "?q=nothing") == []
    assert listed("sun", "?state=all") == list(NAMES)


def test_a_file_of_a_list(things: Any) -> None:
    page = signed_in("chen").get("/things/?as=csv")
    text = page.content.decode("utf-8-sig")
    assert "XC-001,东门宣传栏,东门,宣传栏" in text
    assert EAST not in text
    assert signed_in("chen").get("/things/?as=xlsx").status_code == 200


def test_the_page_of_a_thing_answers_where_when_and_what_next(things: Any) -> None:
    page = signed_in("chen").get(f"/things/{uid(EAST)}/")
    for text in ("东门宣传栏", "XC-001", "东门", "2026-07-03", "2026-07-01"):
        assert text in page.text
    for record in ("east", "east-2"):
        assert reverse("ledger:record_page", kwargs={"uid": record}) in page.text
    assert f"thing={EAST}" in page.text  # the form opens with it chosen
    assert f"thing={EAST}" not in signed_in("sun").get(f"/things/{uid(EAST)}/").text


def test_a_number_or_an_id_leads_to_the_page(things: Any) -> None:
    for text in ("XC-001", EAST):
        page = signed_in("chen").get(f"/things/{text}/")
        assert (page.status_code, page["Location"]) == (302, f"/things/{uid(EAST)}/")
    send(things, [board("N-000000000B", SECOND, title="二社区栏")])
    page = signed_in("wu").get("/things/XC-002/")
    assert page["Location"] == f"/things/{uid('N-000000000B', SECOND)}/"
    assert signed_in("zhou").get("/things/XC-002/")["Location"] == "/things/?state=all&q=XC-002"


def test_a_record_leads_to_its_thing_by_name(things: Any) -> None:
    page = signed_in("chen").get(reverse("ledger:record_page", kwargs={"uid": "east"}))
    assert "东门宣传栏（XC-001，东门）" in page.text
    assert f'href="/things/{uid(EAST)}/"' in page.text


def test_the_due_list_names_things(things: Any) -> None:
    page = signed_in("chen").get(f"/due/?unit={FIRST}")
    assert page.status_code == 200
    assert ">东门宣传栏</a>" in page.text
    assert f">{EAST}<" not in page.text


def test_merge_from_the_page_and_part_again(things: Any) -> None:
    from taizhang.web.things.models import Merge, Thing

    lead = signed_in("lin")
    assert f"/things/{uid(EAST)}/merge/" in lead.get(f"/things/{uid(EAST)}/").text
    assert "merge/" not in signed_in("chen").get(f"/things/{uid(EAST)}/").text
    assert signed_in("chen").get(f"/things/{uid(EAST)}/merge/").status_code == 404
    choice = lead.get(f"/things/{uid(EAST)}/merge/")
    assert "大门宣传栏" in choice.text
    preview = lead.get(f"/things/{uid(EAST)}/merge/?other={uid(GATE)}")
    for text in ("XC-002", "大门宣传栏", "2026-12-01"):
        assert text in preview.text
    assert not Merge.objects.exists()
    wrong = lead.get(f"/things/{uid(EAST)}/merge/?other={uid('旧7', dataset='racks')}")
    assert wrong.status_code == 422
    data = {"other": uid(GATE), "reason": ""}
    assert lead.post(f"/things/{uid(EAST)}/merge/", data).status_code == 422
    done = lead.post(f"/things/{uid(EAST)}/merge/", data | {"reason": "同一块"})
    assert done.status_code == 302
    assert lead.get(f"/things/{uid(GATE)}/").status_code == 302
    page = lead.get(f"/things/{uid(EAST)}/")
    assert "XC-002" in page.text
    # Its last record is that of the other: next due in December, once.
    assert "宣传栏</a>" not in lead.get(f"/due/?unit={FIRST}&day=2026-07-08").text
    december = lead.get(f"/due/?unit={FIRST}&day=2026-12-01").text
    assert re.findall(r">(..宣传栏)</a>", december) == ["大门宣传栏"]
    made = Merge.objects.get()
    assert (
        lead.post(f"/things/{uid(EAST)}/part", {"merge": made.pk, "reason": "两块"}).status_code
        == 302
    )
    assert Thing.objects.filter(uid=uid(GATE)).exists()
    assert "东门宣传栏</a>" in lead.get(f"/due/?unit={FIRST}&day=2026-07-08").text


def test_stickers_hold_the_address_of_the_page(things: Any) -> None:
    page = signed_in("chen").get(f"/things/stickers/?thing={uid(EAST)}")
    assert "XC-001" in page.text
    assert page.text.count("data:image/svg+xml") == 1
    page = signed_in("chen").get("/things/stickers/?kind=hc.board")
    assert page.text.count("data:image/svg+xml") == 2


def test_fifty_thousand_things_are_listed_at_once(things: Any) -> None:
    from taizhang.web.things.models import Thing

    rows = [
        Thing(
            uid=f"panels/{FIRST}:N-{number:010d}",
            dataset="panels",
            kind="hc.board",
            number=f"XC-{number}",
            name=f"第{number}块宣传栏",
            place=f"{number}号楼",
            initials=f"d{number}kxcl",
            unit=(FIRST, SECOND)[number % 2],
            since=date(2026, 1, 1),
            due=date(2026, 1 + number % 12, 1 + number % 28),
            last=date(2026, 1, 1),
        )
        for number in range(100, 50_100)
    ]
    Thing.objects.bulk_create(rows, batch_size=2000)
    browser = signed_in("zhou")
    browser.get("/things/")
    for query in ("", "?kind=hc.board&overdue=1", "?q=49999号"):
        started = time.process_time()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page = browser.get(f"/things/{query}")
        assert page.status_code == 200
        assert len(asked) <= MOST_STATEMENTS
        assert time.process_time() - started < 0.6  # 0.3 s alone on the machine
