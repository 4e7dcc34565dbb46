"""Slow lines keep nobody from working; what is too large is not taken in."""

import io
import socket
import threading
import time
import urllib.request
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import pytest

from taizhang.web import reception
from taizhang.web.home import Home
from taizhang.web.reception import Reception
from tests.served import served
from tests.web.browsing import person
from tests.web.exchange.furnish import BOUNDARY, furnish_exchange, lecture, multipart, secret_of
from tests.web.ledger.furnish import FIRST


def environ(body: bytes, **more: Any) -> dict[str, Any]:
    return {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)), **more}


def echo(environ: dict[str, Any], _: Any) -> Iterable[bytes]:
    return [environ["wsgi.input"].read()]


def test_a_body_arrives_whole_with_a_length_and_in_chunks() -> None:
    body = bytes(range(256)) * 4000
    desk = Reception(echo, 1)
    assert desk(environ(body), None) == [body]
    chunked = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "Chunked"}
    assert desk(environ(body, **chunked), None) == [body]
    assert desk(environ(b""), None) == [b""]


def test_what_is_too_large_is_not_taken_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reception, "MOST_BYTES", 1000)
    desk = Reception(echo, 1)
    large = environ(bytes(5000))
    source = large["wsgi.input"]
    assert desk(large, None) == [b""]
    assert source.tell() == 0
    endless = environ(bytes(5000), CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")
    assert desk(endless, None) == [bytes(1001)]  # enough for a view to see that it is too large


def test_so_many_are_at_work_and_a_place_is_given_back_after_a_fault() -> None:
    at_work, most = [0], [0]
    lock = threading.Lock()

    def works(environ: dict[str, Any], _: Any) -> Iterable[bytes]:
        with lock:
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
        time.sleep(0.02)
        with lock:
            at_work[0] -= 1
        if "fault" in environ:
            raise ZeroDivisionError
        return []

    desk = Reception(works, 3)
    for _ in range(5):
        with pytest.raises(ZeroDivisionError):
            desk({"fault": True}, None)
    threads = [threading.Thread(target=desk, args=({}, None)) for _ in range(20)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert most[0] == 3


@pytest.mark.slow
def test_many_slow_phones_keep_no_page_from_being_shown(instance: Home) -> None:
    from taizhang.web.ledger.models import Record

    furnish_exchange()
    person("wang", "recorder", FIRST)
    path = f"/key/{secret_of('wang')}/submission"
    body = multipart(lecture("uuid:1"), {"b.png": bytes(100_000)})
    with served(instance.path) as (_, address):
        where = urlsplit(address)
        lines = [socket.create_connection((where.hostname, where.port)) for _ in range(20)]
        for line in lines:
            head = (
                f"POST {path} HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Length: {len(body)}\r\n"
                f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
            )
            line.sendall(head.encode() + body[:5000])
        time.sleep(0.5)
        for _ in range(3):
            with urllib.request.urlopen(f"{address}/healthz", timeout=10) as answer:  # noqa: S310
                assert answer.read() == b"ok\n"
        for line in lines[1:]:
            line.close()
        lines[0].sendall(body[5000:])  # the slow one arrives all the same
        lines[0].settimeout(30)
        assert lines[0].recv(65_536).startswith(b"HTTP/1.1 201 ")
        lines[0].close()
    assert Record.objects.count() == 1
