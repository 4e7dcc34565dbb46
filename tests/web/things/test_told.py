"""What is told of things: to the phone, to Collect, on the command line."""

import json
from typing import Any

import pytest

from taizhang.web.instance.paths import Home
from tests.web.browsing import signed_in
from tests.web.ledger.furnish import FIRST, SECOND, STREET
from tests.web.things.furnish import EAST, GATE, NOW, WEST, board, person, rack, send, uid


@pytest.fixture
def things(owner: Any) -> Any:
    """This fixture will record some things."""
    send(
        owner,
        [
            board(EAST, title="东门宣传栏", where="东门", next="2026-07-05"),
            board(GATE, title="大门屏", kind="screen"),
            board(WEST, SECOND, title="西门栏"),
            board("N-000000000D", title="旧栏", state="removed"),
            rack("旧7", title="卫生站取套点"),
        ],
    )
    return owner


def offered(who: str) -> list[dict[str, Any]]:
    told = signed_in(who).get(f"/record/known.json?unit={FIRST}").json()
    things: list[dict[str, Any]] = told["entities"]["panels"]
    return things


def test_a_phone_knows_things_by_number_name_and_place(things: Any) -> None:
    told = offered("chen")
    assert [thing["label"] for thing in told] == ["东门宣传栏", "大门屏", "旧栏"]
    assert told[0] == {
        "key": EAST,
        "uid": uid(EAST),
        "number": "XC-001",
        "label": "东门宣传栏",
        "place": "东门",
        "initials": "dmxcldm",
        "kind": "hc.board",
        "kind_label": "宣传栏",
        "state": "standing",
        "due": "2026-07-05",
        "ended": "",
        "says": {"title": "东门宣传栏", "place": "东门"},
    }
    assert told[2]["state"] == "ended"
    assert told[2]["ended"] == "已拆除"


def test_a_form_says_how_its_things_are_called(
    things: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from taizhang.web.ledger.phone import form_payload
    from taizhang.web.programmes.queries import programmes_on

    programmes = programmes_on(NOW.date())
    form = programmes.forms["hc.board"]

    def kind() -> dict[str, Any]:
        told: dict[str, Any] = form_payload._entity(form, programmes)["kind"]  # type: ignore[index]
        return told

    assert kind()["label"] == "宣传栏、电子屏"
    assert (kind()["names"], kind()["places"]) == (["title"], ["where"])
    assert {"key": "hc.board", "title": form.title} in kind()["first"]
    monkeypatch.setattr(form_payload, "MOST_KINDS", 1)  # more kinds than a line has room for
    assert kind()["label"] == "哪一块"


def test_a_record_that_tells_no_name_takes_none_away(things: Any) -> None:
    send(things, [board(EAST, day="2026-07-02"), board("N-000000000F")])
    told = {thing["key"]: thing["says"] for thing in offered("chen")}
    assert told[EAST] == {"title": "东门宣传栏", "place": "东门"}
    assert (
        "title" not in told["N-000000000F"]
    )  # what it is called by default is no name: it is asked for


def test_what_was_merged_is_offered_once(things: Any) -> None:
    from taizhang.web.things.actions import things_merge

    send(things, [board("N-000000000E", title="东门栏")])
    things_merge(
        kept=uid(EAST),
        gone=uid("N-000000000E"),
        reason="一块",
        acting_user=person("lin"),
        now=NOW,
    )
    assert [thing["key"] for thing in offered("chen")].count(EAST) == 1
    assert "N-000000000E" not in [thing["key"] for thing in offered("chen")]


def test_a_list_for_collect_names_things(things: Any) -> None:
    from taizhang.web.exchange.queries import list_content

    text = list_content(FIRST, "panels", NOW).decode()
    assert f"{EAST},东门宣传栏（XC-001，东门）," in text


def test_the_command_lists_things(
    things: Any, instance: Home, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    from taizhang.cli import context, main

    monkeypatch.setattr(context, "now", lambda: NOW)
    home = ["--home", str(instance.path), "--format", "json"]
    assert main(["things", "--unit", STREET, *home]) == 0
    told = json.loads(capsys.readouterr().out)["things"]
    assert [thing["number"] for thing in told] == ["XC-001", "XC-001", "DP-01", "旧7"]
    assert told[0] == {
        "number": "XC-001",
        "name": "东门宣传栏",
        "kind": "hc.board",
        "place": "东门",
        "unit_code": FIRST,
        "state": "standing",
        "due": "2026-07-05",
    }
    assert main(["things", "--unit", STREET, "--state", "ended", "--kind", "board", *home]) == 0
    assert [one["name"] for one in json.loads(capsys.readouterr().out)["things"]] == ["旧栏"]
    assert main(["things", "--unit", STREET, "--state", "all", "--on", "2026-06-01", *home]) == 0
    assert json.loads(capsys.readouterr().out)["things"] == []
