"""Bodies are taken in with limits, places come free, and the words say why nothing was done."""

import asyncio
import io
import json
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any

import pytest
from django.test import Client, override_settings

from taizhang.web.base.request_body import FROM_A_STRANGER, ORDINARY, WITH_FILES, most_bytes
from taizhang.web.instance import gateway, reception
from taizhang.web.instance.gateway import environ_of
from taizhang.web.instance.places import FullError, GoneError, Places
from taizhang.web.instance.reception import Limits, Reception

LIMITS = Limits(grace=0.2)


@pytest.fixture(autouse=True)
def _opened_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """This fixture will have an answer's file closed behind it: here it is read at once."""
    monkeypatch.setattr(gateway, "OPENED", 0.0)


class Heads:
    """The heads of a request, as granian gives them."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    def items(self) -> list[tuple[str, str]]:
        return self._pairs

    def get(self, name: str, default: str = "") -> str:
        return dict(self._pairs).get(name, default)

    def __contains__(self, name: str) -> bool:
        return name in dict(self._pairs)


class Scope:
    """A request, as granian describes it."""

    proto, http_version, scheme = "http", "1.1", "http"
    server, client = "127.0.0.1:8000", "10.0.0.7:5000"

    def __init__(self, method: str, path: str, heads: dict[str, str], query: str = "") -> None:
        self.method, self.path, self.query_string = method, path, query
        self.headers = Heads(list(heads.items()))


class Protocol:
    """The other end: sends parts of a body with pauses, and notes the answer."""

    def __init__(self, parts: Iterable[bytes] = (), pause: float = 0.0) -> None:
        self.parts, self.pause = parts, pause
        self.taken = 0
        self.status, self.heads, self.body = 0, {}, b""
        self.gone = asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            await asyncio.sleep(self.pause)
            self.taken += len(part)
            yield part

    async def client_disconnect(self) -> None:
        await self.gone.wait()

    def response_bytes(self, status: int, heads: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.heads, self.body = status, dict(heads), body

    def response_empty(self, status: int, heads: list[tuple[str, str]]) -> None:
        self.response_bytes(status, heads, b"")

    def response_file(self, status: int, heads: list[tuple[str, str]], path: str) -> None:
        with open(path, "rb") as file:
            self.response_bytes(status, heads, file.read())


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response("200 OK", [("Content-Length-Told", environ.get("CONTENT_LENGTH", "none"))])
    return [environ["wsgi.input"].read()]


def asked(
    parts: Iterable[bytes],
    heads: dict[str, str],
    *,
    path: str = "/login",
    pause: float = 0.0,
    known: bool = True,
    limits: Limits = LIMITS,
) -> Protocol:
    """Send one request to a reception of an echo and give the other end."""

    async def run() -> Protocol:
        protocol = Protocol(parts, pause)
        desk = Reception(echo, lambda key: known, limits)
        await desk.__rsgi__(Scope("POST", path, heads), protocol)
        await asyncio.sleep(0)  # what was to happen later has happened
        return protocol

    return asyncio.run(run())


def length(body: bytes, **more: str) -> dict[str, str]:
    return {"content-length": str(len(body)), **more}


def test_a_body_arrives_whole_with_a_length_and_in_chunks() -> None:
    body = bytes(range(256)) * 300
    parts = [body[at : at + 10_000] for at in range(0, len(body), 10_000)]
    assert asked(parts, length(body)).body == body
    chunked = asked(parts, {"transfer-encoding": "Chunked"})
    assert chunked.body == body
    assert chunked.heads["content-length-told"] == str(len(body))
    assert asked([], {}).heads["content-length-told"] == "none"


def test_each_address_takes_what_it_says_and_no_more() -> None:
    assert most_bytes("/record/send") == WITH_FILES
    assert most_bytes("/key/x/submission") == WITH_FILES
    assert most_bytes("/host/packs/try") == WITH_FILES
    assert most_bytes("/host/units/try") == WITH_FILES
    assert most_bytes("/old-texts/") == WITH_FILES
    assert most_bytes("/documents/new") == ORDINARY
    assert most_bytes("/nothing/here") == FROM_A_STRANGER
    cookie = {"cookie": "sessionid=abc"}
    small, large = bytes(FROM_A_STRANGER + 1), bytes(ORDINARY + 1)
    assert asked([small], length(small)).status == 413
    assert asked([small], length(small, **cookie), known=False).status == 413
    assert asked([small], length(small, **cookie)).body == small
    assert asked([large], length(large, **cookie)).status == 413
    assert asked([large], length(large, **cookie), path="/record/send").body == large
    stranger = asked([large], length(large), path="/record/send")
    assert (stranger.status, stranger.taken) == (413, 0), "nothing was taken in"
    assert asked([large], length(large), path="/key/x/submission").body == large


def test_what_is_too_large_is_not_taken_in_and_the_view_says_so() -> None:
    heads = {"content-length": str(WITH_FILES + 1), "cookie": "sessionid=abc"}
    large = asked([b"x"], heads, path="/record/send")
    assert (large.status, large.body, large.taken) == (200, b"", 0)
    assert large.heads["content-length-told"] == str(WITH_FILES + 1)
    endless = (bytes(1_000_000) for _ in range(1_000))
    chunked = {"transfer-encoding": "chunked", "cookie": "sessionid=abc"}
    seen = asked(endless, chunked, path="/record/send")
    assert int(seen.heads["content-length-told"]) > WITH_FILES
    assert seen.taken < WITH_FILES + 2_000_000
    assert asked((bytes(50_000) for _ in range(9)), {"transfer-encoding": "chunked"}).status == 413


def test_a_body_has_the_time_that_its_bytes_earn() -> None:
    slow = asked([b"a"] * 50, {"content-length": "50"}, pause=0.05)
    assert slow.status == 408
    assert slow.heads["connection"] == "close"
    assert slow.taken < 50
    steady = asked([bytes(100)] * 10, {"content-length": "1000"}, pause=0.05)
    assert (steady.status, len(steady.body)) == (200, 1000)


def test_a_body_that_was_cut_off_reaches_no_view() -> None:
    seen: list[object] = []

    def noting(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        seen.append(environ)
        return echo(environ, start_response)

    async def run() -> int:
        protocol = Protocol([b"half"])
        desk = Reception(noting, lambda key: True, LIMITS)
        await desk.__rsgi__(Scope("POST", "/login", {"content-length": "1000"}), protocol)
        return protocol.status

    assert asyncio.run(run()) == 499
    assert seen == []


SESSION = {"cookie": "sessionid=abc"}


def crowd(lines: list[Protocol], heads: list[dict[str, str]], path: str) -> list[int]:
    """Let lines come one after another to one reception, and give how each was answered."""

    async def run() -> list[int]:
        desk = Reception(echo, lambda key: key == "abc", Limits(grace=5))
        works = []
        for line, more in zip(lines, heads, strict=True):
            scope = Scope("POST", path, {"content-length": "3", **more})
            works.append(asyncio.ensure_future(desk.__rsgi__(scope, line)))
            await asyncio.sleep(0.02)
        await asyncio.gather(*works)
        again = Protocol([b"abc"])
        await desk.__rsgi__(Scope("POST", path, {"content-length": "3", **heads[0]}), again)
        assert again.status == 200, "a place is given back"
        return [line.status for line in lines]

    return asyncio.run(run())


def test_only_so_many_bodies_of_people_are_taken_in_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reception, "MOST_BODIES", 2)
    lines = [Protocol([b"a"] * 3, pause=0.2) for _ in range(4)]
    assert crowd(lines, [SESSION] * 4, "/login") == [200, 200, 503, 503]


@pytest.mark.parametrize(
    ("heads", "path"),
    [
        ({}, "/login"),
        ({"cookie": "sessionid=made-up"}, "/record/send"),
        ({"authorization": "Basic eDp5"}, "/submission"),
        ({}, "/key/made-up/submission"),
    ],
)
def test_slow_strangers_make_room_and_never_take_it_from_people(
    heads: dict[str, str], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MOST_BODIES", "MOST_CLAIMED", "MOST_STRANGERS"):
        monkeypatch.setattr(reception, name, 2)
    slow = [Protocol([b"a"] * 3, pause=0.4) for _ in range(4)]
    whole, person = Protocol([b"abc"]), Protocol([b"abc"])
    known = SESSION if not path.startswith("/key/") else {}
    statuses = crowd([*slow, whole, person], [*[heads] * 5, known], path)
    assert statuses == [408, 408, 408, 200, 200, 200]


def test_the_address_that_holds_the_most_gives_way_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reception, "MOST_STRANGERS", 3)

    async def run() -> list[int]:
        desk = Reception(echo, lambda key: False, Limits(grace=5))
        lines = [Protocol([b"a"] * 3, pause=0.2) for _ in range(4)]
        works = []
        for line, client in zip(lines, ("10.0.0.1:1", *["10.0.0.2:1"] * 3), strict=True):
            scope = Scope("POST", "/login", {"content-length": "3"})
            scope.client = client
            works.append(asyncio.ensure_future(desk.__rsgi__(scope, line)))
            await asyncio.sleep(0.02)
        await asyncio.gather(*works)
        return [line.status for line in lines]

    assert asyncio.run(run()) == [200, 408, 200, 200]


def test_the_words_are_the_readers_and_fit_what_is_read() -> None:
    large = length(bytes(FROM_A_STRANGER + 1))
    page = asked([], {**large, "accept": "text/html"})
    assert "发来的内容超过这个地址能接收的大小" in page.body.decode()
    english = asked([], {**large, "accept": "text/html", "cookie": "django_language=en"})
    assert "More was sent than this address takes." in english.body.decode()
    for body in (page.body, english.body):
        assert b"TROUBLE_003" in body
    sent = asked([], {**large, "accept": "application/json"})
    assert [issue["code"] for issue in json.loads(sent.body)["issues"]] == ["TROUBLE_003"]
    slow = asked([b"a"] * 50, {"content-length": "50", "accept": "application/json"}, pause=0.05)
    assert "issues" not in json.loads(slow.body), "a phone tries again"


# --- places ---------------------------------------------------------------------------------------


def places(**more: Any) -> Places:
    given = {"threads": 1, "waiting": 2, "longest": 5.0, "patience": 1.0, **more}
    return Places("trial", **given)


def in_loop(run: Callable[[], Awaitable[Any]]) -> Any:
    return asyncio.run(run())  # type: ignore[arg-type]


def test_so_many_are_at_work_and_a_place_is_given_back_after_a_fault() -> None:
    at_work, most, lock = [0], [0], threading.Lock()

    def work() -> None:
        with lock:
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
        time.sleep(0.02)
        with lock:
            at_work[0] -= 1
        raise ZeroDivisionError

    async def run() -> list[object]:
        room = places(threads=3, waiting=50)
        done = (room.do(work) for _ in range(20))
        return list(await asyncio.gather(*done, return_exceptions=True))

    assert {type(error) for error in in_loop(run)} == {ZeroDivisionError}
    assert most[0] == 3


def test_who_finds_no_place_is_told_so_at_once_or_in_time() -> None:
    ended = threading.Event()

    async def run() -> list[object]:
        room = places(longest=0.1)
        works = [asyncio.ensure_future(room.do(lambda: ended.wait(5))) for _ in range(5)]
        done, _ = await asyncio.wait(works, timeout=1)
        ended.set()
        await asyncio.wait(works)
        assert await room.do(lambda: "free") == "free"
        return [type(work.exception()) for work in done]

    assert in_loop(run) == [FullError] * 4


def test_the_work_of_who_went_away_is_left() -> None:
    ended, done = threading.Event(), []

    async def run() -> object:
        room, gone = places(), asyncio.Event()
        first = asyncio.ensure_future(room.do(lambda: ended.wait(5)))
        await asyncio.sleep(0.05)
        second = asyncio.ensure_future(room.do(lambda: done.append(1), gone.wait))
        await asyncio.sleep(0.05)
        gone.set()
        answer = (await asyncio.gather(second, return_exceptions=True))[0]
        ended.set()
        await first
        return answer

    assert isinstance(in_loop(run), GoneError)
    assert done == []


def test_writers_that_wait_leave_places_to_readers() -> None:
    ended = threading.Event()

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            ended.wait(5)
        return echo(environ, start_response)

    async def run() -> list[int]:
        desk = Reception(answer, lambda key: True, Limits(readers=1, writers=1, longest=1.0))
        writers = [Protocol([b"a"]) for _ in range(5)]
        scope = Scope("POST", "/login", {"content-length": "1"})
        waiting = [asyncio.ensure_future(desk.__rsgi__(scope, writer)) for writer in writers]
        await asyncio.sleep(0.05)
        readers = [Protocol() for _ in range(20)] + [Protocol()]
        began = time.monotonic()
        for reader, path in zip(readers, ["/"] * 20 + ["/healthz"], strict=True):
            await desk.__rsgi__(Scope("GET", path, {}), reader)
        assert time.monotonic() - began < 1
        ended.set()
        await asyncio.gather(*waiting)
        return [reader.status for reader in readers]

    assert in_loop(run) == [200] * 21


# --- what passes between granian and Django -------------------------------------------------------


def test_heads_become_what_django_reads() -> None:
    scope = Scope("GET", "/记录/", {"host": "a.example", "content-type": "text/xml"}, "q=%E8")
    scope.headers = Heads(
        [
            *scope.headers.items(),
            ("cookie", "a=1"),
            ("cookie", "b=2"),
            ("x_forwarded_proto", "https"),
        ]
    )
    environ = environ_of(scope, io.BytesIO(), None)
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/记录/"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["CONTENT_TYPE"] == "text/xml"
    assert environ["REMOTE_ADDR"] == "10.0.0.7"
    assert "CONTENT_LENGTH" not in environ
    assert "HTTP_X_FORWARDED_PROTO" not in environ, "a head with _ is no proxy's"


def test_a_large_answer_goes_out_from_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "IN_MEMORY", 1000)
    body = bytes(range(200)) * 100
    protocol = asked([body], length(body))
    assert protocol.body == body
    assert protocol.heads["content-length"] == str(len(body))


# --- troubles inside Django -----------------------------------------------------------------------


def _raising(error: BaseException) -> Callable[..., Any]:
    def view(request: object) -> None:
        raise error

    return view


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        ("django.db.OperationalError('database or disk is full')", 507, "TROUBLE_002"),
        ("OSError(28, 'No space left on device')", 507, "TROUBLE_002"),
        ("django.db.OperationalError('database is locked')", 503, "TROUBLE_001"),
        ("ZeroDivisionError()", 500, ""),
    ],
)
def test_no_room_and_no_turn_are_said_and_not_called_a_fault(
    error: str, status: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import django.db

    from taizhang.web.base import health

    broken = eval(error, {"django": django})  # noqa: S307 - written above
    monkeypatch.setattr(health.connection, "cursor", _raising_now(broken))
    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    for accept in ("text/html", "application/json", "text/xml"):
        answer = client.get("/healthz", headers={"accept": accept})
        assert answer.status_code == status
        assert code in answer.content.decode()
        assert ("Retry-After" in answer.headers) == (status != 500)
        if accept == "application/json" and code:
            assert "issues" not in answer.json(), "a phone keeps the record and tries again"


def _raising_now(error: BaseException) -> Callable[..., Any]:
    def cursor(*args: object) -> None:
        raise error

    return cursor


@override_settings(LANGUAGE_CODE="zh-hans")
def test_the_state_of_postgresql_says_which_trouble_it_is() -> None:
    import psycopg.errors
    from django.db import OperationalError

    from taizhang.web.base.trouble import Trouble, trouble_of

    for inner, trouble in (
        (psycopg.errors.DiskFull("could not extend file"), Trouble.NO_ROOM),
        (psycopg.errors.TooManyConnections("sorry"), Trouble.BUSY),
        (psycopg.errors.LockNotAvailable("canceling"), Trouble.BUSY),
        (psycopg.errors.UndefinedTable("no"), None),
    ):
        outer = OperationalError(str(inner))
        outer.__cause__ = inner
        assert trouble_of(outer) is trouble
