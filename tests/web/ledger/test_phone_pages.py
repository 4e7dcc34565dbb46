"""The recording pages and what their scripts ask: who may, what is known, how sending answers."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from taizhang.web.ledger.phone import xform_html as phone
from tests.web.browsing import person, signed_in, soup, words
from tests.web.ledger.furnish import FIRST, NOW, SECOND, THIRD, lecture
from tests.web.ledger.test_evidence import photo
from tests.web.ledger.test_sent import xml

JSON = {"accept": "application/json"}
built = pytest.mark.skipif(not phone.is_built(), reason="the front end is not built")
FORM = "trial.lecture"


@pytest.fixture
def li(owner: Any) -> Client:
    """This fixture will give the browser of a recorder of the first community."""
    person("li", "recorder", FIRST)
    return signed_in("li")


def post(
    client: Client, content: bytes, headers_more: dict[str, str] | None = None, **fields: Any
) -> Any:
    filled = SimpleUploadedFile("record.xml", content, "text/xml")
    fields = {"unit": FIRST, "xml_submission_file": filled, **fields}
    return client.post("/record/send", fields, headers={**JSON, **(headers_more or {})})


@built
def test_the_list_has_the_forms_of_the_unit_and_the_most_used_first(li: Client, owner: Any) -> None:
    from taizhang.web.ledger.accept.actions import record_accept

    page = soup(li.get("/record/"))
    assert "一社区" in words(page)
    assert page.select(".often") == []
    names = [tag["href"] for tag in page.select(".forms a")]
    assert f"/record/form/{FORM}/?unit={FIRST}" in names
    today = date.today().isoformat()  # noqa: DTZ011 - the day of the machine, as a person has it
    record_accept(
        record=lecture(date=date.fromisoformat(today), answers={"held_on": today}),
        acting_user=owner,
        now=NOW + timedelta(days=3650),
    )
    page = soup(li.get("/record/"))
    assert [tag["href"] for tag in page.select(".often")] == [f"/record/form/{FORM}/?unit={FIRST}"]
    forms = json.loads(page.select_one("#forms").string)
    assert forms[0]["key"] == FORM
    assert len({form["key"] for form in forms}) == len(forms)


@built
@built
def test_a_form_says_at_a_glance_what_it_is_in_law(li: Client, owner: Any) -> None:
    from taizhang.web.programmes.actions import form_mark
    from taizhang.web.programmes.admission import Marks

    def shown() -> tuple[list[str], str, str]:
        page = soup(li.get("/record/"))
        link = page.select_one(f"li[data-form] a[href*='{FORM}/']")
        stamps = {
            offer["key"]: offer["stamp"] for offer in json.loads(page.select_one("#forms").string)
        }
        sheet = li.get(f"/record/forms/{FORM}.json", headers=JSON).json()
        return [tag.get_text() for tag in link.select(".tag")], sheet["marks"], stamps[FORM]

    def mark(**given: Any) -> None:
        form_mark(form=FORM, marks=Marks(**given), acting_user=owner, now=NOW)

    tags, legal, stamp = shown()
    assert (tags, legal) == ([], "内部台账")  # the unit's own book needs no mark
    mark(asks_others=True)
    tags, legal, second = shown()
    assert (tags, legal) == (["可拒绝填报"], "可拒绝填报")
    day = date(9998, 1, 31)
    mark(asks_others=True, number="表1", authority="区统计局", approval="文2", expires_on=day)
    tags, legal, third = shown()
    assert (tags, legal) == (["合法调查表"], "合法调查表 · 表1 · 文2 · 有效期至9998-01-31")
    assert len({stamp, second, third}) == 3  # what a telephone keeps is asked for anew


@pytest.mark.parametrize("path", [f"/record/form/{FORM}/", "/record/queue/"])
def test_pages_carry_who_they_are_for_and_their_words(li: Client, path: str) -> None:
    page = soup(li.get(path))
    assert json.loads(page.select_one("#session").string)["unit"] == FIRST
    assert json.loads(page.select_one("#words").string)["submit"] == "提交"


@built
def test_the_form_page_is_the_same_for_every_form_so_that_it_can_be_kept(li: Client) -> None:
    def bare(path: str) -> str:
        page = soup(li.get(path))
        for field in page.select("input[type=hidden]"):  # tokens, the way back after a language
            field.decompose()
        for link in page.select("a[href*='about=']"):
            link.decompose()
        return str(page)

    assert bare(f"/record/form/{FORM}/") == bare("/record/form/trial.survey/")


@built
def test_a_form_is_given_with_its_helps(li: Client) -> None:
    answer = li.get(f"/record/forms/{FORM}.json", headers=JSON)
    assert answer.status_code == 200
    sheet = answer.json()
    assert sheet["key"] == FORM
    assert sheet["dates"] == ["held_on"]
    assert sheet["marks"] == "内部台账"
    assert li.get("/record/forms/trial.nothing.json", headers=JSON).status_code == 404
    assert li.get(f"/record/forms/{FORM}.json?on=x", headers=JSON).status_code == 404


def test_what_is_known_is_told_for_own_units_only(li: Client) -> None:
    assert li.get("/record/known.json", headers=JSON).json()["unit"]["code"] == FIRST
    assert li.get(f"/record/known.json?unit={SECOND}", headers=JSON).status_code == 404
    assert li.get("/record/known.json?unit=1", headers=JSON).status_code == 404


def test_an_answer_is_filled_in_when_three_records_agree_and_never_a_number_or_a_day(
    li: Client, owner: Any
) -> None:
    from taizhang.web.ledger.accept.actions import record_accept

    for day in (1, 2, 3):
        answers = {"held_on": f"2026-05-0{day}", "people": 30 + day}
        record_accept(
            record=lecture(date=date(2026, 5, day), answers=answers), acting_user=owner, now=NOW
        )
        known = li.get("/record/known.json", headers=JSON).json()["forms"][FORM]
        if day < 3:
            assert known["defaults"] == {}
    assert known["defaults"].get("held") == "yes"
    assert not {"people", "held_on", "topic"} & set(known["defaults"])


@pytest.mark.parametrize("role", ["viewer", "assessor", "system", "auditor"])
def test_who_does_not_record_finds_no_recording_pages(owner: Any, role: str) -> None:
    person("zhao", role, "" if role in ("system", "auditor") else FIRST)
    client = signed_in("zhao")
    for path in ("/record/", f"/record/form/{FORM}/", "/record/known.json", "/record/queue/"):
        assert client.get(path).status_code == 404, path
    assert post(client, xml("uuid:1")).status_code == 404
    assert client.get("/record/session.json", headers=JSON).status_code == 200


def test_whoever_only_does_steps_of_cases_records_nothing_else(owner: Any) -> None:
    person("zhao", "reviewer", FIRST)
    client = signed_in("zhao")
    assert client.get("/record/").status_code == 404
    assert client.get(f"/record/form/{FORM}/").status_code == 200  # the page that steps are sent by
    answer = post(client, xml("uuid:1"))
    assert answer.status_code == 422
    assert [issue["code"] for issue in answer.json()["issues"]] == ["RECORD_019"]


def test_without_a_session_scripts_are_told_to_sign_in(owner: Any) -> None:
    client = Client(headers={"host": "localhost"})
    for path in ("/record/session.json", "/record/known.json"):
        answer = client.get(path, headers=JSON)
        assert answer.status_code == 401
        assert answer.json() == {"sign_in": "/login"}
    assert post(client, xml("uuid:1")).status_code == 401


def test_a_record_sent_once_is_new_and_sent_again_is_known(li: Client) -> None:
    from taizhang.web.ledger.models import Record

    first = post(li, xml("uuid:1"))
    assert (first.status_code, first.json()["status"]) == (201, "accepted")
    again = post(li, xml("uuid:1"))
    assert (again.status_code, again.json()["status"]) == (200, "known")
    other = post(li, xml("uuid:1", "<held>no</held><held_on>2026-05-06</held_on><topic>tb</topic>"))
    assert other.status_code == 409
    assert [issue["code"] for issue in other.json()["issues"]] == ["RECORD_006"]
    record = Record.objects.get()
    assert (record.uid, record.unit, record.accepted_by.username) == ("uuid:1", FIRST, "li")


def test_who_sends_is_told_what_it_counted_for_and_what_was_left_blank(li: Client) -> None:
    whole = post(li, xml("uuid:1")).json()
    assert whole["counted"] == ["讲座 1 次", "受益人次 35 人次"]
    assert whole["blank"] == []
    assert {issue["code"] for issue in whole["warnings"]} <= {"SENT_015"}  # the clock goes on
    told = "<held>yes</held><held_on>2026-05-06</held_on><topic>tb</topic>"
    open_one = post(li, xml("uuid:2", told)).json()
    assert open_one["counted"] == ["讲座 1 次"]
    assert open_one["blank"] == ["到场人次"]
    page = soup(li.get("/records/uuid:2/"))
    note = page.select_one("section[aria-labelledby=stated] .note")
    assert "到场人次" in note.get_text()
    assert note.a["href"] == "/record/correct/uuid:2/"
    assert not soup(li.get("/records/uuid:1/")).select("section[aria-labelledby=stated] .note")
    none = post(li, xml("uuid:3", told.replace("yes", "no"))).json()
    assert (none["counted"], none["blank"]) == ([], [])
    assert "不计入任何数字" in words(soup(li.get("/records/uuid:3/")))
    # The same form once more tells the same.
    assert post(li, xml("uuid:2", told)).json()["blank"] == ["到场人次"]


def test_refused_records_come_back_with_reasons_in_chinese(li: Client) -> None:
    future = "<held>yes</held><held_on>2099-05-06</held_on><topic>tb</topic>"
    answer = post(li, xml("uuid:1", future))
    assert answer.status_code == 422
    assert "2099-05-06" in answer.json()["issues"][0]["sentence"]
    foreign = post(li, xml("uuid:2"), unit=THIRD)
    assert foreign.status_code == 422
    assert [issue["code"] for issue in foreign.json()["issues"]] == ["RECORD_019"]
    assert post(li, b"<!DOCTYPE a [<!ENTITY b 'c'>]><data>&b;</data>").status_code == 422


def test_what_did_not_arrive_whole_is_said_so(li: Client) -> None:
    nothing = li.post("/record/send", {"unit": FIRST}, headers=JSON)
    assert nothing.status_code == 400
    assert [issue["code"] for issue in nothing.json()["issues"]] == ["PHONE_002"]
    many = [SimpleUploadedFile(f"{n}.jpg", b"x", "image/jpeg") for n in range(21)]
    assert post(li, xml("uuid:1"), evidence=many).status_code == 400
    large = post(li, xml("uuid:1"), headers_more={"content-length": "41000000"})
    assert large.status_code == 413
    assert [issue["code"] for issue in large.json()["issues"]] == ["PHONE_001"]
    assert li.get("/record/send").status_code == 405


def test_photos_beside_a_form_are_kept_without_place(li: Client) -> None:
    from taizhang.web.ledger.models import Evidence
    from taizhang.web.ledger.record.evidence import evidence_read

    picture = SimpleUploadedFile("photo-1.jpg", photo(), "image/jpeg")
    assert post(li, xml("uuid:1"), evidence=picture).status_code == 201
    kept = Evidence.objects.get()
    assert b"PhoneMaker" not in evidence_read(kept.digest)
    bad = SimpleUploadedFile("x.jpg", b"no picture", "image/jpeg")
    assert post(li, xml("uuid:2"), evidence=bad).status_code == 422
    from taizhang.web.ledger.models import Record

    assert Record.objects.count() == 1


def test_sending_needs_the_token_of_the_session(owner: Any) -> None:
    from django.contrib.auth import get_user_model

    person("li", "recorder", FIRST)
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    client.force_login(
        get_user_model().objects.get(username="li"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    assert post(client, xml("uuid:1")).status_code == 403
    token = client.get("/record/session.json", headers=JSON).json()["token"]
    filled = SimpleUploadedFile("record.xml", xml("uuid:1"), "text/xml")
    answer = client.post(
        "/record/send",
        {"unit": FIRST, "xml_submission_file": filled},
        headers={**JSON, "x-csrftoken": token},
    )
    assert answer.status_code == 201


@built
def test_a_correction_opens_with_the_answers_and_replaces(li: Client) -> None:
    from taizhang.web.ledger.models import Record

    post(li, xml("uuid:1"))
    page = soup(li.get("/record/correct/uuid:1/"))
    correction = json.loads(page.select_one("#correction").string)
    assert correction["answers"]["people"] == 35
    edited = xml("uuid:2", "<held>yes</held><held_on>2026-05-06</held_on><topic>tb</topic>"
                 "<people>36</people>", old="uuid:1")  # fmt: skip
    assert post(li, edited, reason="按签到表核对").status_code == 201
    second = Record.objects.get(uid="uuid:2")
    assert (second.replaces.uid, second.reason) == ("uuid:1", "按签到表核对")
    assert li.get("/record/correct/uuid:1/").status_code == 302
    assert li.get("/record/correct/uuid:9/").status_code == 404
    person("qian", "recorder", SECOND)
    assert signed_in("qian").get("/record/correct/uuid:2/").status_code == 404


def test_a_withdrawal_asks_for_a_reason_and_is_done_once(li: Client) -> None:
    from taizhang.web.ledger.models import Fact, Record

    post(li, xml("uuid:1"))
    soup(li.get("/record/withdraw/uuid:1/"))
    page = soup(li.post("/record/withdraw/uuid:1/", {"reason": " "}), 422)
    assert "RECORD_015" in words(page)
    for _ in range(2):
        done = li.post("/record/withdraw/uuid:1/", {"reason": "重复记录"})
        assert done.status_code == 302
    assert Record.objects.filter(withdraws__uid="uuid:1").count() == 1
    assert not Fact.objects.filter(retired_at=None).exists()
    again = li.post("/record/withdraw/uuid:1/", {"reason": "再撤一次"})
    assert "RECORD_013" in words(soup(again, 422))


@pytest.mark.parametrize("text", ["人数数错了\r\n按签到表改", "𮯰家湾\ue863人数有误", "全角　空格"])
def test_a_reason_takes_line_breaks_and_rare_characters(li: Client, text: str) -> None:
    from taizhang.web.ledger.models import Record

    kept = text.replace("\r\n", " ")
    assert post(li, xml("uuid:1")).status_code == 201
    edited = xml("uuid:2", old="uuid:1")
    assert post(li, edited, reason=text).status_code == 201
    assert post(li, edited, reason=text).json()["status"] == "known"
    assert li.post("/record/withdraw/uuid:2/", {"reason": text}).status_code == 302
    assert set(Record.objects.exclude(uid="uuid:1").values_list("reason", flat=True)) == {kept}


def test_a_reason_with_a_control_character_is_refused_in_words_of_the_office(li: Client) -> None:
    post(li, xml("uuid:1"))
    refused = post(li, xml("uuid:2", old="uuid:1"), reason="按签到表\x07改")
    (issue,) = refused.json()["issues"]
    assert issue["code"] == "RECORD_031"
    assert "更正或撤回原因" in issue["sentence"]
    assert "docs/" not in issue["remedy"]


@pytest.mark.parametrize("uid", ["a/../b", "http://e/", "a//b", "a/.", ".", "?", "a#b", "a%2e"])
def test_an_id_that_a_browser_would_fold_is_refused_at_every_door(li: Client, uid: str) -> None:
    from taizhang.web.ledger.models import Record

    refused = post(li, xml(uid))
    assert refused.status_code == 422
    assert [issue["code"] for issue in refused.json()["issues"]] == ["SENT_007"]
    assert not Record.objects.exists()


def test_the_worker_and_the_manifest_are_for_everybody(owner: Any) -> None:
    client = Client(headers={"host": "localhost"})
    manifest = client.get("/manifest.webmanifest")
    assert manifest["Content-Type"] == "application/manifest+json"
    assert manifest.json()["start_url"] == "/record/"
    soup(client.get("/record/offline/"))
    worker = client.get("/sw.js")
    if phone.is_built():
        assert worker["Cache-Control"] == "no-cache"
        first = worker.content.decode().splitlines()[0]
        known = json.loads(first.removeprefix("self.TAIZHANG=").rstrip(";"))
        for address in known["shell"]:
            kept = client.get(address)
            assert kept.status_code == 200, address
            assert kept.getvalue()
            kept.close()
        assert not any("/record/" in address for address in known["shell"])
    else:
        assert worker.status_code == 404


def test_without_a_build_the_pages_say_so(li: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("taizhang.web.ledger.phone.views.is_built", lambda: False)
    for path in ("/record/", f"/record/form/{FORM}/", "/record/queue/"):
        page = soup(li.get(path))
        assert "script/setup" in words(page)
        assert not page.select("script[src*='built']")
    assert li.get(f"/record/forms/{FORM}.json", headers=JSON).status_code == 404
    assert li.get("/sw.js").status_code == 404


def test_things_of_the_unit_are_known_with_what_they_said_last(li: Client, owner: Any) -> None:
    from taizhang.web.ledger.accept.actions import record_accept

    for day, state in (("2026-05-01", "in_use"), ("2026-06-01", "removed")):
        board = lecture(
            form="trial.board",
            date=date.fromisoformat(day),
            answers={"board": "西门", "changed_on": day, "state": state},
        )
        answers = {name: board.answers[name] for name in ("board", "changed_on", "state")}
        record_accept(record=replace(board, answers=answers), acting_user=owner, now=NOW)
    known = li.get("/record/known.json", headers=JSON).json()
    (thing,) = known["entities"]["boards"]
    assert (thing["key"], thing["label"], thing["says"]["state"]) == ("西门", "西门", "removed")
    assert {"code": SECOND, "name": "二社区"} in known["nearby"]
    person("qian", "recorder", SECOND)
    other = signed_in("qian").get("/record/known.json", headers=JSON).json()
    assert other["entities"]["boards"] == []


def test_a_form_about_things_says_which_field_names_them(owner: Any) -> None:
    from taizhang.web.ledger.phone.form_payload import _entity
    from taizhang.web.programmes.queries import programmes_on

    programmes = programmes_on(date(2026, 7, 1))
    assert _entity(programmes.forms["trial.board"], programmes) == {
        "dataset": "boards",
        "id": "board",
        "saves": {"state": "state"},
        "kind": None,
    }
    assert _entity(programmes.forms[FORM], programmes) is None


@pytest.mark.parametrize(
    ("path", "allowed"),
    [(f"/record/form/{FORM}/", "camera=(self)"), ("/record/queue/", "camera=()")],
)
def test_only_pages_with_a_form_may_use_the_camera(li: Client, path: str, allowed: str) -> None:
    policy = li.get(path).headers["Permissions-Policy"]
    assert allowed in policy.split(", ")
    assert "geolocation=()" in policy.split(", ")
