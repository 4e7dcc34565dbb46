"""The protocol of ODK Collect, request by request, against a server in a process of its own.

As Collect's open-rosa module speaks: OkHttp with HTTP/1.1, headers on every request, the submission
URL asked by HEAD, multipart bodies that are split where the server's limit says.
"""

import base64
import hashlib
import http.client
import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import etree

from taizhang.web.instance.paths import Home
from tests.conftest import CopyOpened
from tests.served import served
from tests.web.browsing import PASSWORD, person, vouch
from tests.web.exchange.furnish import BOUNDARY, furnish_exchange, lecture, multipart, secret_of
from tests.web.ledger.furnish import FIRST
from tests.web.ledger.test_durability import sound
from tests.web.ledger.test_evidence import photo
from tests.web.ledger.test_sent import PICTURES, spot

pytestmark = pytest.mark.slow
HEADERS = {
    "X-OpenRosa-Version": "1.0",
    "Date": "Sat, 21 Nov 2026 11:05:07 CST",  # Collect's clock has twelve hours
    "User-Agent": "org.odk.collect.android/v2026.2",
    "Accept-Encoding": "gzip",
}


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    content: bytes

    def __getitem__(self, name: str) -> str:
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(values) == 1, (name, values)
        return values[0]


@dataclass
class Collect:
    """Collect with a project whose server is ``base``."""

    base: str
    forms: dict[str, etree._Element] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, address: str, body: Any = None, **more: Any) -> Answer:
        where = urlsplit(address if "://" in address else self.base + address)
        assert where.hostname is not None
        line = http.client.HTTPConnection(where.hostname, where.port, timeout=60)
        headers = {**HEADERS, **self.headers, **more.pop("headers", {})}
        path = f"{where.path}?{where.query}" if where.query else where.path
        line.request(method, path, body, headers, **more)
        got = line.getresponse()
        answer = Answer(got.status, got.getheaders(), got.read())
        line.close()
        assert answer["X-OpenRosa-Version"] == "1.0"
        assert answer["Date"]
        return answer

    def fetch(self) -> None:
        """Fetch the list, each form and each manifest, as Collect checks them."""
        listed = self.ask("GET", "/formList")
        assert listed.status == 200
        assert "text/xml" in listed["Content-Type"]
        root = etree.fromstring(listed.content)
        space = "{http://openrosa.org/xforms/xformsList}"
        assert root.tag == f"{space}xforms"
        for entry in root:
            row = {part.tag.removeprefix(space): part.text for part in entry}
            assert row["formID"]
            assert row["name"]
            assert row["hash"].startswith("md5:")
            form = self.ask("GET", row["downloadUrl"])
            assert form.status == 200
            assert hashlib.md5(form.content, usedforsecurity=False).hexdigest() == row["hash"][4:]
            if "manifestUrl" in row:
                self._media(row["manifestUrl"])
            self.forms[row["formID"]] = etree.fromstring(form.content)

    def _media(self, address: str) -> None:
        got = self.ask("GET", address)
        assert (got.status, "text/xml" in got["Content-Type"]) == (200, True)
        space = "{http://openrosa.org/xforms/xformsManifest}"
        for entry in etree.fromstring(got.content):
            listed = {part.tag.removeprefix(space): part.text for part in entry}
            file = self.ask("GET", listed["downloadUrl"])
            assert (
                f"md5:{hashlib.md5(file.content, usedforsecurity=False).hexdigest()}"
                == (listed["hash"])
            )

    def limit(self) -> int:
        """Ask by HEAD what may be sent at once; anything but 204 is an error to Collect."""
        answer = self.ask("HEAD", "/submission?deviceID=collect%3Aabc")
        assert (answer.status, answer.content) == (204, b"")
        return int(answer["X-OpenRosa-Accept-Content-Length"])

    def send(
        self,
        sent: bytes,
        files: dict[str, bytes] | None = None,
        *,
        more_to_come: bool = False,
        chunked: bool = False,
    ) -> Answer:
        """Post a submission, in one body with its length or in chunks."""
        body = multipart(sent, files or {}, more_to_come)
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        given: Any = body
        if chunked:
            headers["Transfer-Encoding"] = "chunked"
            given = iter([body[at : at + 700] for at in range(0, len(body), 700)])
        answer = self.ask(
            "POST", "/submission?deviceID=collect%3Aabc", given, headers=headers,
            encode_chunked=chunked,
        )  # fmt: skip
        assert "text/xml" in answer["Content-Type"]
        root = etree.fromstring(answer.content)
        assert root.tag == "{http://openrosa.org/http/response}OpenRosaResponse"
        assert root[0].text
        return answer


@pytest.fixture(scope="module")
def server(
    instance_template: Home,
    tmp_path_factory: pytest.TempPathFactory,
    copy_opened: CopyOpened,
) -> Iterator[str]:
    """This fixture will serve one instance with a recorder `wang` for the tests of this file.

    Each of them sends forms of its own and compares what is stored before and after.
    """
    with copy_opened(instance_template, tmp_path_factory.mktemp("served")) as home:
        furnish_exchange()
        person("wang", "recorder", FIRST, password=PASSWORD)
        with served(home.path) as (_, address):
            yield address


def stored() -> tuple[int, int, int]:
    from taizhang.web.ledger.models import Evidence, Fact, Record

    return Record.objects.count(), Fact.objects.count(), Evidence.objects.count()


def since(before: tuple[int, int, int]) -> tuple[int, ...]:
    """Give how many records, facts and pictures came since then."""
    return tuple(now - then for now, then in zip(stored(), before, strict=True))


def filled(form: etree._Element, uid: str, **answers: str) -> bytes:
    """Fill in the first instance of a form as Collect does: a copy of it with answers."""
    xforms = "{http://www.w3.org/2002/xforms}"
    data = form.find(f".//{xforms}instance")[0]
    copied = etree.fromstring(etree.tostring(data))
    for name, answer in answers.items():
        copied.find(f".//{xforms}{name}").text = answer
    copied.find(f".//{xforms}instanceID").text = uid
    return bytes(etree.tostring(copied, xml_declaration=True, encoding="utf-8"))


def test_collect_from_first_scan_to_corrections(server: str) -> None:
    before = stored()
    collect = Collect(f"{server}/key/{secret_of('wang')}")
    collect.fetch()
    assert "trial.lecture" in collect.forms
    limit = collect.limit()
    form = collect.forms["trial.lecture"]
    answers = {"held": "yes", "held_on": "2025-12-06", "topic": "tb"}
    first = filled(form, "uuid:5f5c", people="40", **answers)
    assert collect.send(first).status == 201
    assert since(before) == (1, 2, 0)
    # the acknowledgement is lost: Collect sends the same again
    assert collect.send(first).status in (201, 202)
    assert since(before) == (1, 2, 0)
    assert collect.send(filled(form, "uuid:5f5c", people="41", **answers)).status == 409
    edited = lecture("uuid:77aa", 44, old="uuid:5f5c")
    assert collect.send(edited).status == 201
    assert collect.send(edited).status == 202
    assert collect.send(lecture("uuid:88bb", 45, old="uuid:5f5c")).status == 409
    assert collect.send(lecture("uuid:99cc", 45, old="uuid:0000")).status == 404
    assert since(before)[0] == 2
    # pictures in two parts, each with the form, split where the limit says
    assert limit >= 10_000_000
    large = photo("PNG", (1500, 1500))
    assert collect.send(spot(), {"正面.jpg": large}, more_to_come=True).status == 202
    assert collect.send(spot(), {"b.png": photo("PNG")}, chunked=True).status == 202
    assert collect.send(spot(), {"b.png": photo("PNG")}).status == 202
    assert since(before)[::2] == (3, 2)
    # a body in chunks, whose length nobody tells
    assert collect.send(lecture("uuid:c"), chunked=True).status == 201
    assert since(before)[0] == 4


def test_refusals_of_a_running_server(server: str) -> None:
    base = f"{server}/key/{secret_of('wang')}"
    collect = Collect(base)
    before = stored()
    assert collect.send(b"<data").status == 400
    bomb = b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><data id="x">&b;</data>'
    assert collect.send(bomb).status == 400
    assert collect.ask("GET", "/submission").status == 405
    assert collect.ask("POST", "/formList", b"").status == 405
    assert Collect(f"{server}/key/{'A' * 43}").ask("GET", "/formList").status == 403
    plain = Collect(server)
    probe = plain.ask("GET", "/formList")
    assert (probe.status, "HTTPS" in probe.content.decode()) == (403, True)
    basic = {"Authorization": "Basic d2FuZzphLWxvbmctd29yZC1vZi10ZXN0cw=="}
    assert plain.ask("GET", "/formList", headers=basic).status == 403
    assert stored() == before


def _raw(server: str, head: str, body: bytes, *, half_closed: bool = True) -> bytes:
    where = urlsplit(server)
    with socket.create_connection((where.hostname, where.port), timeout=30) as line:
        line.sendall(head.encode() + body)
        if half_closed:
            line.shutdown(socket.SHUT_WR)
        line.settimeout(30)
        return line.recv(65_536)


def test_too_large_and_cut_off_bodies_leave_nothing(server: str) -> None:
    before = stored()
    secret = secret_of("wang")
    head = (
        f"POST /key/{secret}/submission HTTP/1.1\r\nHost: {urlsplit(server).netloc}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nConnection: close\r\n"
    )
    body = multipart(lecture("uuid:cut"), {})
    # told to be too large: answered before a byte of it is read
    told = _raw(server, f"{head}Content-Length: 4000000000\r\n\r\n", b"", half_closed=False)
    assert b" 413 " in told.partition(b"\r\n")[0]
    # the line breaks in the middle, with and without a length that was told
    cut = body[: len(body) - 60]
    for length in (f"Content-Length: {len(body)}\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n"):
        sent = cut if "Length" in length else f"{len(body):x}\r\n".encode() + cut
        answer = _raw(server, head + length, sent)
        assert b" 201 " not in answer
        assert b" 202 " not in answer
    # chunks that end well around a body that does not
    chunk = f"{len(cut):x}\r\n".encode() + cut + b"\r\n0\r\n\r\n"
    chunked = head + "Transfer-Encoding: chunked\r\n\r\n"
    answer = _raw(server, chunked, chunk, half_closed=False)
    assert b" 400 " in answer.partition(b"\r\n")[0]
    assert stored() == before
    # and the same is taken when it comes whole
    assert Collect(f"{server}/key/{secret}").send(lecture("uuid:cut")).status == 201


def test_chunks_without_end_are_stopped(server: str) -> None:
    before = stored()
    where = urlsplit(server)
    head = (
        f"POST /key/{secret_of('wang')}/submission HTTP/1.1\r\nHost: {where.netloc}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    )
    step = b"100000\r\n" + bytes(0x100000) + b"\r\n"
    with socket.create_connection((where.hostname, where.port), timeout=30) as line:
        line.sendall(head.encode())
        sent = 0
        try:
            while sent < 80:
                line.sendall(step)
                sent += 1
        except OSError:
            pass  # the server has closed the line
        got = b""
        try:
            got = line.recv(65_536)
        except OSError:
            assert sent < 80
    assert not got or b" 413 " in got.partition(b"\r\n")[0]
    assert stored() == before
    assert Collect(f"{server}/key/{secret_of('wang')}").ask("GET", "/formList").status == 200


def test_eight_phones_send_the_same_form_at_once(server: str) -> None:
    before = stored()
    collect = Collect(f"{server}/key/{secret_of('wang')}")
    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(
            answer.status
            for answer in pool.map(lambda _: collect.send(lecture("uuid:eight")), range(8))
        )
    assert statuses == [201, *[202] * 7]
    assert since(before) == (1, 2, 0)


def test_refusals_do_not_fill_the_log(server: str) -> None:
    from taizhang.web.accounts.models import User
    from taizhang.web.audit.models import Entry

    person("qian", "recorder", FIRST)
    collect = Collect(f"{server}/key/{secret_of('qian')}")
    for number in range(30):
        collect.send(f"<data{number}".encode())
    user = User.objects.get(username="qian")
    rows = Entry.objects.filter(action="exchange.refused", actor=user.pk)
    assert 1 <= rows.count() <= 20 * 4  # each server process counts by itself
    for row in rows:
        assert json.loads(row.objects_text)[1:2] == ["SENT_001"]


def test_killed_in_the_middle_no_acknowledged_form_is_lost_or_doubled(instance: Home) -> None:
    """A form that was answered with 201 is there whole; what was not answered is sent again."""
    from taizhang.web.accounts.models import Grant, User
    from taizhang.web.ledger.models import Record

    owner = furnish_exchange()
    person("wang", "recorder", FIRST, password=PASSWORD)
    vouch(User, Grant)
    secret = secret_of("wang")
    pictures = {"正面.jpg": photo(size=(400, 300)), "b.png": photo("PNG")}
    uids = [f"uuid:{number}" for number in range(40)]
    answered: dict[str, int] = {}
    fields = PICTURES + "<visits><seen_on>2025-05-06</seen_on></visits>" * 2

    def send(address: str, uid: str) -> None:
        try:
            answered[uid] = (
                Collect(f"{address}/key/{secret}").send(spot(uid, fields), pictures).status
            )
        except (OSError, http.client.HTTPException):
            answered.setdefault(uid, 0)  # the line broke: nobody knows

    with served(instance.path) as (process, address), ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(send, address, uid) for uid in uids]
        while sum(status == 201 for status in list(answered.values())) < 10:
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=30)
        for thread in waiting:
            thread.result()
    lost = [uid for uid, status in answered.items() if status == 0]
    assert len(answered) == len(uids)
    assert lost
    for uid, status in answered.items():
        if status == 201:
            assert Record.objects.get(uid=uid).evidence_set.count() == 2
    with served(instance.path) as (_, address):
        for uid in uids:
            send(address, uid)
    assert {answered[uid] for uid in lost} <= {201, 202}
    assert {answered[uid] for uid in uids if uid not in lost} == {202}
    assert Record.objects.count() == len(uids)
    assert {record.evidence_set.count() for record in Record.objects.all()} == {2}
    sound(owner, instance)


def test_collect_with_name_and_password_behind_https(
    instance: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reverse proxy ends TLS: Collect probes, is asked for a password and goes on with it."""
    furnish_exchange()
    person("wang", "recorder", FIRST, password=PASSWORD)
    monkeypatch.setenv("TAIZHANG_HTTPS", "1")

    def headers(password: str = "") -> dict[str, str]:
        proxied = {"X-Forwarded-Proto": "https"}
        if password:
            text = base64.b64encode(f"wang:{password}".encode()).decode()
            proxied["Authorization"] = f"Basic {text}"
        return proxied

    with served(instance.path) as (_, address):
        collect = Collect(address)
        for method, path in (("GET", "/formList"), ("HEAD", "/submission")):
            probe = collect.ask(method, path, headers=headers())
            assert probe.status == 401
            assert probe["WWW-Authenticate"] == 'Basic realm="Taizhang", charset="UTF-8"'
        assert collect.ask("GET", "/formList", headers=headers("wrong")).status == 401
        collect.headers = headers(PASSWORD)
        collect.fetch()
        assert "trial.lecture" in collect.forms
        assert collect.limit() > 0
        assert collect.send(lecture("uuid:1")).status == 201
        assert collect.send(lecture("uuid:1")).status == 202
    assert stored()[0] == 1
