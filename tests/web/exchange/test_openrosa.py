"""OpenRosa as a phone meets it: each refusal clear, nothing half kept."""

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from lxml import etree

from tests.web.browsing import PASSWORD, person
from tests.web.exchange.furnish import BOUNDARY, Phone, lecture, message_of, multipart
from tests.web.ledger.furnish import FIRST, SECOND
from tests.web.ledger.test_evidence import photo
from tests.web.ledger.test_sent import PICTURES, spot, xml

LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"


def counts() -> tuple[int, ...]:
    from taizhang.web.ledger.models import Evidence, Fact, Record

    return tuple(model.objects.count() for model in (Record, Fact, Evidence))


def refusals() -> list[list[str]]:
    from taizhang.web.audit.models import Entry

    rows = Entry.objects.filter(action="exchange.refused").order_by("sequence")
    return [json.loads(row.objects_text) for row in rows]


def forms(response: HttpResponse) -> dict[str, dict[str, str]]:
    root = etree.fromstring(response.content)
    assert root.tag == f"{LIST}xforms"
    rows = [{part.tag.removeprefix(LIST): part.text for part in entry} for entry in root]
    return {row["formID"]: row for row in rows}


def test_the_list_names_what_collect_needs(phone: Phone) -> None:
    response = phone.get("formList")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    assert response["X-OpenRosa-Version"] == "1.0"
    assert response["Date"].endswith("GMT")
    listed = forms(response)
    assert set(listed) == {
        f"trial.{name}" for name in ("board", "lecture", "population", "repair", "spot")
    }
    base = f"http://localhost/key/{phone.secret}/xforms"
    for key, row in listed.items():
        assert row["name"]
        assert row["version"] == "1"
        assert row["downloadUrl"] == f"{base}/{key}/form.xml"
        assert ("manifestUrl" in row) == (key == "trial.repair")
        form = phone.client.get(row["downloadUrl"])
        assert row["hash"] == f"md5:{hashlib.md5(form.content, usedforsecurity=False).hexdigest()}"
        assert form["Content-Type"].startswith("text/xml")
        assert f'<data id="{key}" version="1">'.encode() in form.content


def test_the_list_can_be_asked_for_one_form_and_for_descriptions(phone: Phone) -> None:
    assert set(forms(phone.get("formList?formID=trial.lecture"))) == {"trial.lecture"}
    assert forms(phone.get("formList?formID=trial.none")) == {}
    plain = forms(phone.get("formList"))["trial.lecture"]
    verbose = forms(phone.get("formList?verbose=true"))["trial.lecture"]
    assert "descriptionText" not in plain
    assert verbose["descriptionText"]


def test_a_list_of_things_follows_the_records_of_the_unit(phone: Phone) -> None:
    address = forms(phone.get("formList"))["trial.repair"]["manifestUrl"]

    def listed() -> tuple[dict[str, str], str]:
        root = etree.fromstring(phone.client.get(address).content)
        assert root.tag == f"{MANIFEST}manifest"
        (entry,) = root
        file = {part.tag.removeprefix(MANIFEST): part.text for part in entry}
        content = phone.client.get(file["downloadUrl"]).content
        digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
        assert (file["filename"], file["hash"]) == ("boards.csv", f"md5:{digest}")
        return file, content.decode()

    before, content = listed()
    assert content == "name,label\n"
    board = "<board>七号</board><changed_on>2025-05-06</changed_on><state>in_use</state>"
    assert phone.send(xml("uuid:b", board, "trial.board")).status_code == 201
    after, content = listed()
    assert content.splitlines()[0].startswith("name,label,")
    assert content.splitlines()[1].startswith("七号,七号,")
    assert before["hash"] != after["hash"]
    repair = "<board>{}</board><mended_on>2025-06-06</mended_on>"
    assert phone.send(xml("uuid:r", repair.format("七号"), "trial.repair")).status_code == 201
    refused = phone.send(xml("uuid:q", repair.format("八号"), "trial.repair"))
    assert refused.status_code == 400
    assert "八号" in message_of(refused)


def test_a_form_that_is_not_offered_is_absent(phone: Phone) -> None:
    for path in (
        "xforms/trial.none/form.xml",
        "xforms/trial.none/manifest.xml",
        "xforms/trial.repair/media/lectures.csv",
        "xforms/trial.lecture/media/boards.csv",
    ):
        assert phone.get(path).status_code == 404
    assert etree.fromstring(phone.get("xforms/trial.lecture/manifest.xml").content).tag == (
        f"{MANIFEST}manifest"
    )


def test_head_says_204_and_how_much(phone: Phone) -> None:
    response = phone.client.head(f"/key/{phone.secret}/submission")
    assert response.status_code == 204
    assert int(response["X-OpenRosa-Accept-Content-Length"]) == 30_000_000
    assert response["X-OpenRosa-Version"] == "1.0"
    assert response.content == b""


def test_a_submission_is_accepted_once(phone: Phone) -> None:
    from taizhang.web.ledger.models import Record

    first = phone.send(lecture("uuid:1"))
    record = Record.objects.get()
    assert first.status_code == 201
    assert message_of(first).splitlines()[:2] == [
        "已接收，即时计数。",
        f"记录日期：{record.date}。",
    ]
    assert (record.unit, record.accepted_by.username) == (FIRST, "wang")
    before = counts()
    again = phone.send(lecture("uuid:1"))
    assert again.status_code == 202
    assert counts() == before
    other = phone.send(lecture("uuid:1", people=36))
    assert other.status_code == 409
    assert "uuid:1" in message_of(other)
    assert counts() == before


def test_edits_in_order_out_of_order_and_stale(phone: Phone) -> None:
    assert phone.send(lecture("uuid:2", 36, old="uuid:1")).status_code == 404
    assert phone.send(lecture("uuid:1")).status_code == 201
    assert phone.send(lecture("uuid:2", 36, old="uuid:1")).status_code == 201
    assert phone.send(lecture("uuid:2", 36, old="uuid:1")).status_code == 202
    stale = phone.send(lecture("uuid:3", 37, old="uuid:1"))
    assert stale.status_code == 409
    assert phone.send(lecture("uuid:3", 37, old="uuid:2")).status_code == 201


def test_parts_with_isincomplete(phone: Phone) -> None:
    first = phone.send(spot(), {"b.png": photo("PNG")}, incomplete=True)
    assert (first.status_code, counts()[::2]) == (202, (1, 1))
    second = phone.send(spot(), {"正面.jpg": photo()})
    assert (second.status_code, counts()[::2]) == (202, (1, 2))
    assert phone.send(spot(), {"正面.jpg": photo()}).status_code == 202
    assert counts()[::2] == (1, 2)


def test_collect_may_send_a_hundred_files_at_once(phone: Phone) -> None:
    files = {f"{number}.jpg": b"" for number in range(101)}
    response = phone.send(lecture("uuid:1"), files)
    assert response.status_code == 201  # none is named by the form, none is kept
    assert counts()[2] == 0


CUT = multipart(lecture("uuid:1"), {"b.png": b"x" * 500})[:-300]
TWICE = multipart(spot(fields=PICTURES), [("b.png", b"x"), ("b.png", b"y")])
BAD: list[tuple[str, dict[str, Any], int, str]] = [
    ("no multipart", {"content_type": "text/xml"}, 400, "EXCHANGE_006"),
    ("no boundary", {"content_type": "multipart/form-data"}, 400, "EXCHANGE_006"),
    ("empty", {"body": b""}, 400, "EXCHANGE_006"),
    ("cut off", {"body": CUT}, 400, "EXCHANGE_006"),
    ("no form", {"body": multipart(None, {"a.jpg": b"x"})}, 400, "EXCHANGE_006"),
    ("too many files", {"files": {f"{n}.jpg": b"" for n in range(130)}}, 400, "EXCHANGE_006"),
    ("a name twice", {"body": TWICE}, 400, "EXCHANGE_007"),
    ("not XML", {"xml": b"<data"}, 400, "SENT_001"),
    ("bomb", {"xml": b'<!DOCTYPE x [<!ENTITY a "b">]><data>&a;</data>'}, 400, "SENT_002"),
    ("long form", {"xml": b"<data>" + b" " * 1_000_001 + b"</data>"}, 413, "SENT_003"),
    ("unknown form", {"xml": xml("uuid:1", form="trial.none")}, 404, "SENT_005"),
    ("unknown version", {"xml": xml("uuid:1", version="0")}, 404, "SENT_005"),
    ("no id", {"xml": xml("")}, 400, "SENT_007"),
    ("long id", {"xml": xml("u" * 101)}, 400, "SENT_007"),
    ("unknown field", {"xml": xml("uuid:1", "<wage>3</wage>")}, 400, "SENT_008"),
    ("wrong answer", {"xml": lecture("uuid:1", people=-1)}, 400, "ANSWER_004"),
    ("unknown original", {"xml": lecture("uuid:1", old="uuid:0")}, 404, "RECORD_012"),
    ("no picture", {"xml": spot(), "files": {"b.png": b"%PDF"}}, 400, "EVIDENCE_001"),
    ("cut picture", {"xml": spot(), "files": {"b.png": photo()[:300]}}, 400, "EVIDENCE_003"),
    ("large picture", {"xml": spot(), "files": {"b.png": bytes(15_000_001)}}, 413, "EVIDENCE_002"),
]


@pytest.mark.parametrize(("name", "given", "status", "code"), BAD, ids=[case[0] for case in BAD])
def test_bad_input_has_a_clear_answer_and_an_audit_row(
    phone: Phone, name: str, given: dict[str, Any], status: int, code: str
) -> None:
    before = counts()
    if "body" in given or "content_type" in given:
        more = {"content_type": given["content_type"]} if "content_type" in given else {}
        response = phone.post(given.get("body", multipart(lecture("uuid:1"), {})), **more)
    else:
        response = phone.send(given.get("xml", lecture("uuid:1")), given.get("files"))
    assert response.status_code == status
    assert response["X-OpenRosa-Version"] == "1.0"
    text = message_of(response)
    assert text
    assert "%(" not in text
    assert any("\u4e00" <= char <= "\u9fff" for char in text)  # in Chinese
    assert counts() == before
    (row,) = refusals()
    assert row[0].startswith("user:")
    assert code in row


def test_too_large_is_refused_before_it_is_read(phone: Phone) -> None:
    head = {"CONTENT_LENGTH": "32000001"}
    response = phone.post(multipart(lecture("uuid:1"), {}), **head)
    assert (response.status_code, counts()[0]) == (413, 0)


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        ("formList", "post", "GET"),
        ("xforms/trial.lecture/form.xml", "delete", "GET"),
        ("submission", "get", "HEAD, POST"),
        ("submission", "put", "HEAD, POST"),
    ],
)
def test_wrong_methods(phone: Phone, path: str, method: str, allowed: str) -> None:
    response = getattr(phone.client, method)(f"/key/{phone.secret}/{path}")
    assert (response.status_code, response["Allow"]) == (405, allowed)
    assert response["X-OpenRosa-Version"] == "1.0"


def test_hostile_names_of_files(phone: Phone, tmp_path: Any) -> None:
    names = ["../../up.jpg", "..\\up.jpg", "/etc/up.jpg", "a\x00up.jpg", "x" * 300 + "up.jpg"]
    for number, name in enumerate(names):
        sent = spot(f"uuid:{number}", "<spot>A1</spot>")
        assert phone.send(sent, {name: photo()}).status_code == 201
    assert list(tmp_path.rglob("*up.jpg*")) == []
    assert counts()[::2] == (len(names), 0)


# --- who may ------------------------------------------------------------------------------------


def test_an_address_is_good_for_its_unit_alone(owner: Any) -> None:
    """The unit of a record is that of the address, whatever the form says."""
    from taizhang.web.ledger.models import Record

    person("zhao", "lead", SECOND)
    phone = Phone("zhao", unit=SECOND)
    assert phone.send(lecture("uuid:1")).status_code == 201
    assert Record.objects.get().unit == SECOND


@pytest.mark.parametrize("what", ["unknown", "expired", "revoked", "left", "calendar", "long"])
def test_unusable_addresses_look_alike(phone: Phone, what: str) -> None:
    from taizhang.web.accounts.models import User
    from taizhang.web.exchange.models import Token

    now = timezone.now()
    if what == "unknown":
        phone.secret = "A" * 43
    elif what == "long":
        phone.secret = "A" * 5000
    elif what == "expired":
        Token.objects.update(made_at=now - timedelta(days=9), expires_at=now - timedelta(seconds=1))
    elif what == "revoked":
        Token.objects.update(revoked_at=now)
    elif what == "calendar":
        Token.objects.update(kind="calendar")
    else:
        User.objects.filter(username="wang").update(is_active=False)
    before = counts()
    responses = [phone.get("formList"), phone.client.head(f"/key/{phone.secret}/submission")]
    responses.append(phone.send(lecture("uuid:1")))
    assert {response.status_code for response in responses} == {403}
    assert message_of(responses[0]) == message_of(responses[2])
    assert counts() == before
    who = "token:" if what in ("expired", "revoked", "left") else "unknown"
    assert len(refusals()) == 3
    for row in refusals():
        assert row[0].startswith(who)
        assert row[1] == "EXCHANGE_001"


def test_an_address_ends_with_the_role(phone: Phone) -> None:
    from taizhang.web.accounts.models import Grant

    Grant.objects.filter(user__username="wang").delete()
    response = phone.get("formList")
    assert (response.status_code, "EXCHANGE_011" in refusals()[0]) == (403, True)


def test_an_address_waits_while_a_password_was_reset(phone: Phone) -> None:
    from taizhang.web.accounts.models import User

    User.objects.filter(username="wang").update(must_change=True)
    assert phone.get("formList").status_code == 403
    assert "EXCHANGE_008" in refusals()[0]
    User.objects.filter(username="wang").update(must_change=False)
    assert phone.get("formList").status_code == 200


def basic(name: str, password: str = PASSWORD) -> dict[str, str]:
    text = base64.b64encode(f"{name}:{password}".encode()).decode()
    return {"host": "localhost", "authorization": f"Basic {text}"}


@pytest.fixture
def teacher(owner: Any) -> Client:
    """This fixture will give a client without cookies and a person who has a password."""
    person("li", "recorder", FIRST, password=PASSWORD)
    return Client(headers={"host": "localhost"}, raise_request_exception=False)


def test_name_and_password_over_https(teacher: Client) -> None:
    from taizhang.web.ledger.models import Record

    probe = teacher.get("/formList", secure=True)
    assert probe.status_code == 401
    assert probe["WWW-Authenticate"].startswith("Basic realm=")
    assert probe["X-OpenRosa-Version"] == "1.0"
    assert refusals() == []  # the first request of a client asks whether a password is needed
    listed = teacher.get("/formList", secure=True, headers=basic("li"))
    assert listed.status_code == 200
    assert forms(listed)["trial.lecture"]["downloadUrl"] == (
        "https://localhost/xforms/trial.lecture/form.xml"
    )
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    body = multipart(lecture("uuid:1"), {})
    sent = teacher.post("/submission", body, kind, secure=True, headers=basic("li"))
    assert sent.status_code == 201
    assert Record.objects.get().accepted_by.username == "li"


def test_no_password_over_plain_http(teacher: Client) -> None:
    for headers in ({"host": "localhost"}, basic("li")):
        response = teacher.get("/formList", headers=headers)
        assert response.status_code == 403
        assert "WWW-Authenticate" not in response
        assert "HTTPS" in message_of(response)


@pytest.mark.parametrize(
    "header",
    ["Basic", "Basic %%%", "Basic YWJj", "Bearer x", "Digest username=li", "Basic AGE6Yg=="],
)
def test_headers_that_are_no_password(teacher: Client, header: str) -> None:
    headers = {"host": "localhost", "authorization": header}
    assert teacher.get("/formList", secure=True, headers=headers).status_code == 401


def test_wrong_passwords_lock_the_name(teacher: Client) -> None:
    statuses = [
        teacher.get("/formList", secure=True, headers=basic("li", "wrong")).status_code
        for _ in range(7)
    ]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    right = teacher.get("/formList", secure=True, headers=basic("li"))
    assert right.status_code == 429
    assert message_of(right)


def test_a_password_alone_is_not_enough_where_a_page_wants_more(teacher: Client) -> None:
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from taizhang.web.accounts.models import User

    user = User.objects.get(username="li")
    device = TOTPDevice.objects.create(user=user, confirmed=True)
    assert teacher.get("/formList", secure=True, headers=basic("li")).status_code == 403
    device.delete()
    User.objects.filter(pk=user.pk).update(must_change=True)
    assert teacher.get("/formList", secure=True, headers=basic("li")).status_code == 403
    User.objects.filter(pk=user.pk).update(must_change=False)
    assert teacher.get("/formList", secure=True, headers=basic("li")).status_code == 200


def test_a_session_of_the_pages_opens_nothing_here(owner: Any) -> None:
    from tests.web.browsing import signed_in

    client = signed_in("wang")
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    body = multipart(lecture("uuid:1"), {})
    assert client.get("/formList", secure=True).status_code == 401
    assert client.post("/submission", body, kind, secure=True).status_code == 401
    assert counts()[0] == 0


def test_readers_get_no_forms(teacher: Client) -> None:
    for name, role in (("ren", "viewer"), ("ka", "assessor"), ("sheng", "system")):
        person(name, role, FIRST, password=PASSWORD)
        assert teacher.get("/formList", secure=True, headers=basic(name)).status_code == 403


def test_secrets_stay_out_of_the_terminal(
    phone: Phone, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from taizhang.web.exchange import views

    phone.get("formLists")
    phone.get("xforms/trial.none/form.xml")
    phone.send(b"<data")
    phone.client.get(f"/calendar/{phone.secret}.ics")

    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(views, "forms_of", fails)
    phone.client.raise_request_exception = False
    assert phone.get("formList").status_code == 500
    assert len(caplog.records) >= 5
    assert phone.secret not in caplog.text
    assert "/key/***/formList" in caplog.text


def test_no_part_of_a_body_is_taken_for_the_whole(phone: Phone) -> None:
    body = multipart(spot(), {"b.png": photo("PNG"), "正面.jpg": photo()})
    before = counts()
    for end in [*range(0, len(body) - 5, 41), *range(len(body) - 8, len(body) - 2)]:
        cut = phone.post(body[:end])
        assert (end, cut.status_code) == (end, 400)
    assert counts() == before
    assert phone.post(body).status_code == 201


def test_spoilt_bodies_store_all_or_nothing(phone: Phone) -> None:
    import random

    body = multipart(lecture("uuid:1"), {})
    dice = random.Random(20261121)  # noqa: S311 - the same damage everywhere
    for _ in range(150):
        at = dice.randrange(len(body))
        spoilt = body[:at] + dice.randbytes(dice.randrange(1, 20)) + body[at + dice.randrange(20) :]
        assert phone.post(spoilt).status_code in (201, 202, 400, 404, 409, 413)
    records, facts, _ = counts()
    assert facts <= 2 * records
