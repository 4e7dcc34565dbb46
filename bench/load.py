"""Everything at once on a real server: readers, writers, slow sockets, bombs, a hostile pack.

`taizhang serve` serves a copy of the demonstration.  Fifty readers open ordinary pages with pauses,
eight recorders send records, 110 sockets send a body a byte at a time, four ask for periods of ten
thousand years, and an administrator has a pack checked whose regular expression never ends.  One
asks `/healthz` all the while.  Told are: the longest wait for it, what readers and writers waited,
whether each record that was acknowledged is there, and whether memory grows.

    python -m bench.load [--home DIR] [--seconds 90] [--json]
"""

from __future__ import annotations

import argparse
import http.client
import io
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
BOUNDARY = "----one-part-after-the-other"
#: Seconds that a reader rests between two pages, and a recorder between two records.
REST = (0.5, 2.5)
PATIENCE = 60
HEALTH_BAR, GROWTH_BAR = 1.0, 1.05
BOMB = "/figures/?period=0001-01..9999-12"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Who comes: how many, by which log-ins, to which pages, with which record."""

    password: str
    readers: Sequence[tuple[str, Sequence[str]]]  # a log-in and the pages that it opens
    recorder: str
    unit: str
    form: str
    record: str  # the XML of a submission with places: %(version)s of its form, %(uid)s
    administrator: str
    pack: bytes = b""  # a zip; nothing is uploaded where there is none
    bomber: str = ""
    reading: int = 50
    writing: int = 8
    slow: int = 110
    bombs: int = 4


@dataclass(slots=True)
class Told:
    """What was seen, filled by all threads."""

    pages: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    health: list[float] = field(default_factory=list)
    bombs: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    acknowledged: list[str] = field(default_factory=list)
    memory: list[tuple[float, int, int]] = field(default_factory=list)


class Person:
    """One browser: a connection that is opened anew when the server closed it, and its cookies."""

    def __init__(self, port: int) -> None:
        self._port, self._cookies = port, {}
        self._line: http.client.HTTPConnection | None = None

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes]:
        """Send a request and give status and body."""
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={it}" for name, it in self._cookies.items())
        try:
            self._line.request(method, path, body, headers)
            response = self._line.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            self._line.close()
            self._line = None
            raise
        for cookie in response.msg.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return response.status, content

    def log_in(self, name: str, password: str) -> None:
        """Log in by the page that people see."""
        token = self.token("/login")
        form = {"username": name, "password": password, "csrfmiddlewaretoken": token}
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        status, _ = self.ask("POST", "/login", urlencode(form).encode(), **kind)
        if status != 302:
            raise RuntimeError(f"{name} cannot log in: {status}")

    def token(self, path: str) -> str:
        """Give the token of a page's form."""
        status, page = self.ask("GET", path)
        found = TOKEN.search(page.decode())
        if found is None:
            raise RuntimeError(f"{path} has no token: {status}")
        return found[1]

    def close(self) -> None:
        """Close the connection."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def like(self, other: Person) -> Person:
        """Be another browser of the same person."""
        self._cookies = dict(other._cookies)
        return self


def parts(fields: dict[str, str], files: dict[str, tuple[str, bytes]]) -> tuple[bytes, str]:
    """Write a form with files; give the body and its type."""
    body = b""
    for name, value in fields.items():
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        body += f"{head}{value}\r\n".encode()
    for name, (file, content) in files.items():
        head = f'form-data; name="{name}"; filename="{file}"'
        body += f"--{BOUNDARY}\r\nContent-Disposition: {head}\r\n\r\n".encode() + content + b"\r\n"
    return body + f"--{BOUNDARY}--\r\n".encode(), f"multipart/form-data; boundary={BOUNDARY}"


def rush(port: int, server: int, crowd: Crowd, seconds: float) -> Told:
    """Let all of them come at once for so many seconds, and give what was seen."""
    told, ended = Told(), threading.Event()
    people = _signed_in(port, crowd)
    browsers = [*people.values()]

    def browser(name: str) -> Person:
        browsers.append(Person(port).like(people[name]))
        return browsers[-1]

    work: list[Callable[[], None]] = []
    for number in range(crowd.reading):
        name, pages = crowd.readers[number % len(crowd.readers)]
        person = browser(name)
        work.append(lambda person=person, pages=pages: _read(person, pages, told, ended))
    status, form = people[crowd.recorder].ask("GET", f"/record/forms/{crowd.form}.json")
    if status != 200:
        raise RuntimeError(f"{crowd.form} cannot be recorded: {status}")
    version = json.loads(form)["version"]
    for _ in range(crowd.writing):
        person = browser(crowd.recorder)
        work.append(lambda person=person: _write(person, crowd, version, told, ended))
    for _ in range(crowd.slow):
        work.append(lambda: _drip(port, ended))
    for _ in range(crowd.bombs):
        person = browser(crowd.bomber or crowd.readers[0][0])
        work.append(lambda person=person: _bomb(person, told, ended))
    if crowd.pack:
        work.append(lambda: _pack(people[crowd.administrator], crowd.pack, told, ended))
    work += [lambda: _probe(port, told, ended), lambda: _weigh(server, told, ended)]
    threads = [threading.Thread(target=task, daemon=True) for task in work]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    ended.set()
    for thread in threads:
        thread.join(timeout=PATIENCE + 10)
    for person in browsers:
        person.close()
    return told


def missing(port: int, crowd: Crowd, told: Told) -> list[str]:
    """Name the records that were acknowledged and are not there."""
    with closing(Person(port)) as person:
        person.log_in(crowd.recorder, crowd.password)
        return [uid for uid in told.acknowledged if person.ask("GET", f"/records/{uid}/")[0] != 200]


def _signed_in(port: int, crowd: Crowd) -> dict[str, Person]:
    people: dict[str, Person] = {}
    names = [name for name, _ in crowd.readers]
    for name in {*names, crowd.recorder, crowd.administrator, crowd.bomber} - {""}:
        people[name] = Person(port)
        people[name].log_in(name, crowd.password)
    return people


def _timed(
    told: Told, times: list[float], kind: str, ask: Callable[[], tuple[int, bytes]]
) -> tuple[int, bytes]:
    began = time.perf_counter()
    try:
        status, body = ask()
    except (OSError, http.client.HTTPException) as error:
        status, body = 0, type(error).__name__.encode()
    times.append(time.perf_counter() - began)
    told.statuses[f"{kind} {status or body.decode()}"] += 1
    return status, body


def _read(person: Person, pages: Sequence[str], told: Told, ended: threading.Event) -> None:
    ended.wait(random.uniform(*REST))  # noqa: S311 - nobody guesses pauses
    while not ended.is_set():
        page = random.choice(pages)  # noqa: S311
        _timed(told, told.pages, "page", partial(person.ask, "GET", page))
        ended.wait(random.uniform(*REST))  # noqa: S311


def _write(person: Person, crowd: Crowd, version: str, told: Told, ended: threading.Event) -> None:
    while not ended.is_set():
        uid = f"uuid:{uuid.uuid4()}"
        status, body = _timed(
            told,
            told.writes,
            "write",
            partial(_sent, person, crowd, crowd.record % {"version": version, "uid": uid}),
        )
        if status == 201:
            told.acknowledged.append(uid)
        elif status == 422:
            print(body.decode(), file=sys.stderr)
            return
        ended.wait(random.uniform(*REST) / 2)  # noqa: S311


def _sent(person: Person, crowd: Crowd, xml: str) -> tuple[int, bytes]:
    status, said = person.ask("GET", "/record/session.json", Accept="application/json")
    if status != 200:
        return status, said
    filled = {"xml_submission_file": ("record.xml", xml.encode())}
    body, kind = parts({"unit": crowd.unit}, filled)
    headers = {"X-CSRFToken": json.loads(said)["token"], "Accept": "application/json"}
    return person.ask("POST", "/record/send", body, **headers, **{"Content-Type": kind})


def _drip(port: int, ended: threading.Event) -> None:
    """Send a body a byte each five seconds; come again when the server has had enough."""
    head = b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000\r\n\r\n"
    while not ended.is_set():
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
                line.sendall(head)
                while not ended.wait(5):
                    line.sendall(b"a")
        except OSError:
            ended.wait(0.5)


def _bomb(person: Person, told: Told, ended: threading.Event) -> None:
    while not ended.is_set():
        _timed(told, told.bombs, "bomb", lambda: person.ask("GET", BOMB))
        ended.wait(0.2)


def _pack(person: Person, pack: bytes, told: Told, ended: threading.Event) -> None:
    body, kind = parts(
        {"csrfmiddlewaretoken": person.token("/host/packs/")}, {"pack": ("p.zip", pack)}
    )
    ask = {"Content-Type": kind}
    _timed(told, [], "pack", lambda: person.ask("POST", "/host/packs/try", body, **ask))


def _probe(port: int, told: Told, ended: threading.Event) -> None:
    while not ended.is_set():
        with closing(Person(port)) as stranger:
            _timed(told, told.health, "health", partial(stranger.ask, "GET", "/healthz"))
        ended.wait(0.25)


def _weigh(server: int, told: Told, ended: threading.Event) -> None:
    began = time.monotonic()
    while True:
        told.memory.append((time.monotonic() - began, *memory(server)))
        if ended.wait(1):
            return


def memory(server: int) -> tuple[int, int]:
    """Give the resident bytes of a process and all below it, and what they really share (PSS)."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int(
                (entry / "stat").read_text().rpartition(")")[2].split()[1]
            )
        except OSError:
            continue
    group = {server}
    while more := {pid for pid, parent in parents.items() if parent in group} - group:
        group |= more
    resident = shared = 0
    for pid in group:
        try:
            text = (Path("/proc") / str(pid) / "smaps_rollup").read_text()
        except OSError:
            continue
        sizes = dict(re.findall(r"^(Rss|Pss): +(\d+) kB", text, re.MULTILINE))
        resident += 1024 * int(sizes["Rss"])
        shared += 1024 * int(sizes["Pss"])
    return resident, shared


def summary(told: Told, lost: list[str], seconds: float) -> dict[str, Any]:
    """Say in numbers what was seen; seconds and megabytes."""
    third = [row for row in told.memory if row[0] >= seconds / 3]
    resident = [round(row[1] / 1e6) for row in (third[0], told.memory[-1])]
    shared = [round(row[2] / 1e6) for row in (third[0], told.memory[-1])]
    return {
        "healthz, longest": round(max(told.health), 2),
        "pages": _spread(told.pages),
        "writes": _spread(told.writes),
        "bombs": _spread(told.bombs),
        "statuses": dict(sorted(told.statuses.items())),
        "acknowledged": len(told.acknowledged),
        "lost": len(lost),
        "resident after a third, at the end": resident,
        "shared fairly (PSS)": shared,
        "met": max(told.health) <= HEALTH_BAR
        and not lost
        and resident[1] <= GROWTH_BAR * resident[0],
    }


def _spread(times: list[float]) -> dict[str, float]:
    ordered = sorted(times) or [0.0]
    at = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    spread = {name: round(ordered[int(len(ordered) * share)], 2) for name, share in at.items()}
    return {"count": len(times), **spread, "most": round(ordered[-1], 2)}


@contextmanager
def served(home: Path) -> Iterator[tuple[int, int]]:
    """Serve an instance; give process and port when it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "taizhang.cli", "serve", "--home", str(home)]
    server = subprocess.Popen(
        [*command, "--port", str(port)], stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                with closing(Person(port)) as stranger:
                    if stranger.ask("GET", "/healthz")[0] == 200:
                        break
            except OSError:
                pass
            if time.monotonic() > deadline:
                raise RuntimeError("the server does not answer")
            time.sleep(0.1)
        yield server.pid, port
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=60)


#: A pack whose form asks an engine that tries every way for a match that there is not.
_PACK = {
    "pack.yaml": "key: endless\nversion: 1.0.0\nlabel: 无尽\nunit_kinds: [社区]\n",
    "forms/endless.md": """
| survey |  |  |  |  |
| | type | name | label | constraint |
| | text | word | 词 | regex(., '^((a+))+$') |
| settings |  |  |  |  |
| | form_title | form_id | version | |
| | 无尽 | endless | 1 | |
""",
    "tests/endless.yaml": f"""
tests:
  - name: endless
    records:
      - {{id: a, form: endless, unit: U, date: 2026-01-01, answers: {{word: {"a" * 40}b}}}}
    expect: []
""",
}


def hostile_pack() -> bytes:
    """Give the zip of a pack that a check would never be done with."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in _PACK.items():
            archive.writestr(f"endless/{name}", text)
    return out.getvalue()


PASSWORD = "yuehu-demo-2026"  # noqa: S105 - of made-up people, printed by the command
OFFICE = ("/", "/records/", "/figures/", "/plan/", "/calendar/", "/assessment/", "/documents/")
COMMUNITY = ("/", "/record/", "/records/", "/plan/", "/calendar/", "/figures/")
RECORD = (
    '<data id="health_education.lecture" version="%(version)s"><planned_on>2026-04-01</planned_on>'
    "<held>yes</held><held_on>2026-05-12</held_on><topic>chronic</topic>"
    "<audience>elderly</audience><people>40</people><summary>读与问</summary>"
    "<meta><instanceID>%(uid)s</instanceID></meta></data>"
)


def demonstration_crowd() -> Crowd:
    """Give the people of the demonstration."""
    return Crowd(
        password=PASSWORD,
        readers=[
            ("officer", OFFICE),
            ("reviewer", OFFICE),
            ("viewer", ("/", "/figures/")),
            ("lead", COMMUNITY),
            ("recorder", COMMUNITY),
        ],
        recorder="recorder",
        unit="360602001001",
        form="health_education.lecture",
        record=RECORD,
        administrator="system",
        bomber="viewer",
        pack=hostile_pack(),
    )


def main() -> int:
    """Make the rush and print what was seen; 1 when a bar was not met."""
    parser = argparse.ArgumentParser(prog="bench.load", description=__doc__)
    parser.add_argument("--home", type=Path, help="a folder made by `taizhang demo`; copied")
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        if asked.home is None:
            command = [sys.executable, "-m", "taizhang.cli", "demo", str(home)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        else:
            shutil.copytree(asked.home, home)
        crowd = demonstration_crowd()
        with served(home) as (server, port):
            told = rush(port, server, crowd, asked.seconds)
            lost = missing(port, crowd, told)
    result = summary(told, lost, asked.seconds)
    print(json.dumps(result, ensure_ascii=False, indent=None if asked.json else 2))
    return 0 if result["met"] else 1


if __name__ == "__main__":
    sys.exit(main())
