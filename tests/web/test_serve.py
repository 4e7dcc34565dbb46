"""`taizhang serve` as people start it: its address answers, its worker works, nobody waits."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bench.load import demonstration_crowd, missing, rush
from taizhang.web.instance.paths import Home
from taizhang.web.instance.server import environment, names_of
from tests.served import free_port, served
from tests.web.browsing import PASSWORD, person
from tests.web.desk.conftest import OFFICER, district, district_template
from tests.web.host.test_worker import Reader, until, workers_of

__all__ = ["district", "district_template"]


@pytest.mark.parametrize("host", ["127.0.0.2", "0.0.0.0"])  # noqa: S104 - what is tested
def test_the_printed_address_answers(instance: Home, host: str) -> None:
    command = [sys.executable, "-m", "taizhang.cli", "serve", "--home", str(instance.path)]
    command += ["--host", host, "--port", str(free_port()), "--workers", "1"]
    apart = {name: value for name, value in os.environ.items() if name != "TAIZHANG_HOSTS"}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, start_new_session=True, env=apart
    )
    assert process.stdout is not None
    try:
        printed = re.findall(r"http://[^\s;；，。]+?:\d+", process.stdout.readline())
        (address,) = printed
        assert until(lambda: _status(address), 60) == 200
        named = address.replace(address.split("/")[2].partition(":")[0], "evil.example")
        assert named != address
        assert _status(address, host="evil.example") == 400
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=40)
        process.stdout.close()


def test_a_file_in_the_working_folder_is_no_part_of_the_server(
    instance: Home, tmp_path: Path
) -> None:
    """A stray module of a well-known name neither runs in the server nor keeps it from starting."""
    folder = tmp_path / "work"
    folder.mkdir()
    for name in ("six", "dis", "email"):
        (folder / f"{name}.py").write_text("open('RAN', 'w').close()\n", encoding="utf-8")
    program = Path(sys.executable).with_name("taizhang")
    address = f"http://127.0.0.1:{free_port()}"
    command = [program, "serve", "--home", instance.path, "--port", address.rpartition(":")[2]]
    process = subprocess.Popen([*command, "--workers", "1"], cwd=folder, start_new_session=True)
    try:
        assert until(lambda: _status(address), 60) == 200
        assert until(lambda: workers_of(process.pid), 60)
        assert not (folder / "RAN").exists()
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=40)


def _status(address: str, host: str = "") -> int:
    """Ask for the health of an address, and give the status; 0 where nobody listens yet."""
    where, _, port = address.removeprefix("http://").partition(":")
    head = (
        f"GET /healthz HTTP/1.1\r\nHost: {host or f'{where}:{port}'}\r\nConnection: close\r\n\r\n"
    )
    try:
        with socket.create_connection((where, int(port)), timeout=30) as line:
            line.sendall(head.encode())
            return int(line.recv(1000).split()[1])
    except (OSError, IndexError):
        return 0


def test_what_a_server_finds_is_decided_before_its_settings_are_read(
    instance: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAIZHANG_HOSTS", "ledger.example")
    told = environment(instance, "192.168.7.7")
    script = (
        "from taizhang.web import settings as s;"
        "print(s.TAIZHANG_WORKER, s.ALLOWED_HOSTS, s.TASKS['default']['BACKEND'])"
    )
    printed = subprocess.run(
        [sys.executable, "-c", script], env=told, capture_output=True, text=True, check=True
    ).stdout
    assert printed.startswith("True [")
    assert "'ledger.example', '192.168.7.7']" in printed
    assert "django_tasks_db.DatabaseBackend" in printed
    assert names_of("::1") == ("[::1]",)
    assert "127.0.0.1" in names_of("0.0.0.0")  # noqa: S104


@contextmanager
def _auditor(instance: Home) -> Iterator[tuple[int, Reader]]:
    person("auditor", "auditor", password=PASSWORD)
    with served(instance.path, "--workers", "1") as (process, address):
        reader = Reader(address)
        reader.post("/login", "/login", username="auditor", password=PASSWORD)
        yield process.pid, reader


@pytest.mark.slow
def test_a_job_that_does_not_end_keeps_no_page_waiting(instance: Home) -> None:
    with _auditor(instance) as (server, reader):
        (worker,) = until(lambda: workers_of(server))
        os.kill(worker, signal.SIGSTOP)  # so slow that it stands
        began = time.monotonic()
        place, page = reader.post("/host/audit/", "/host/audit/verify", head="")
        again, _ = reader.post("/host/audit/", "/host/audit/verify", head="")
        for _ in range(20):
            reader.get("/host/audit/")
        assert time.monotonic() - began < 15, "the worker stands, the pages do not"
        assert "every 2s" in page
        assert again == place, "the same work is not asked for twice"
        assert _rows(
            instance, "SELECT status, count(*) FROM django_tasks_database_dbtaskresult"
        ) == [("READY", 1)]
        os.kill(worker, signal.SIGCONT)
        until(lambda: "every 2s" not in reader.get(place))
        assert _rows(instance, "SELECT state, count(*) FROM accounts_job GROUP BY 1") == [
            ("done", 1)
        ]


@pytest.mark.slow
def test_a_job_whose_worker_was_killed_is_told_as_broken_off_and_not_begun_again(
    instance: Home,
) -> None:
    with _auditor(instance) as (server, reader):
        (worker,) = until(lambda: workers_of(server))
        foreign = sqlite3.connect(instance.database, isolation_level=None, timeout=30)
        foreign.execute("BEGIN IMMEDIATE")  # whoever writes stands still, here and there
        posted: list[str] = []
        asking = threading.Thread(
            target=lambda: posted.append(
                reader.post("/host/audit/", "/host/audit/verify", head="")[0]
            )
        )
        asking.start()
        state = ""
        while state != "running":
            assert state != "done", "it was over before it could be broken off"
            foreign.execute("COMMIT")
            time.sleep(0.02)  # one of them writes
            foreign.execute("BEGIN IMMEDIATE")
            state = (_rows(instance, "SELECT max(state) FROM accounts_job")[0][0]) or ""
        os.kill(worker, signal.SIGKILL)
        foreign.execute("COMMIT")
        foreign.close()
        asking.join()
        until(lambda: [pid for pid in workers_of(server) if pid != worker])
        until(lambda: "every 2s" not in reader.get(posted[0]))
        assert "tag bad" in reader.get(posted[0])
        time.sleep(3)  # long enough for a worker to take it up again
        assert _rows(instance, "SELECT state, finished_at IS NULL FROM accounts_job") == [
            ("failed", 0)
        ]
        assert _rows(instance, "SELECT status FROM django_tasks_database_dbtaskresult") == [
            ("FAILED",)
        ]
        place, _ = reader.post("/host/audit/", "/host/audit/verify", head="")
        assert place != posted[0], "asked anew, it is done anew"
        until(lambda: "every 2s" not in reader.get(place))
        assert "tag bad" not in reader.get(place)


TASKS = "django_tasks_database_dbtaskresult"


def _rows(instance: Home, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(instance.database, timeout=30)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


@pytest.mark.slow
def test_two_servers_of_one_instance_have_one_worker(instance: Home) -> None:
    with served(instance.path, "--workers", "1") as (first, _):
        (worker,) = until(lambda: workers_of(first.pid))
        with served(instance.path, "--workers", "1") as (second, _):
            (other,) = until(lambda: workers_of(second.pid))
            lock = Path(instance.path / "worker.lock")
            assert until(lambda: _holder(lock)) == worker
            os.kill(worker, signal.SIGKILL)
            # Whoever asks first: the one that waits, for the killed one's successor starts later.
            assert until(lambda: _holder(lock) not in (0, worker) and _holder(lock)) == other


def _holder(lock: Path) -> int:
    """Give the process that holds a lock on a file."""
    node = lock.stat().st_ino
    for line in Path("/proc/locks").read_text().splitlines():
        parts = line.split()
        if "POSIX" in parts and parts[parts.index("POSIX") + 4].endswith(f":{node}"):
            return int(parts[parts.index("POSIX") + 3])
    return 0


SLOW_SOCKETS = 110


@pytest.mark.slow
def test_slow_sockets_silence_nobody_and_are_cut(instance: Home) -> None:
    person("wang", "recorder", password=PASSWORD)
    with served(instance.path, "--workers", "1") as (_, address):
        Reader(address).post("/login", "/login", username="wang", password=PASSWORD)
        where, _, port = address.removeprefix("http://").partition(":")
        lines = [socket.create_connection((where, int(port))) for _ in range(SLOW_SOCKETS)]
        head = f"POST /login HTTP/1.1\r\nHost: {where}\r\nContent-Length: 90000\r\n\r\na"
        for number, line in enumerate(lines):
            # Some send a body a byte at a time, some not even a whole head.
            line.sendall((head if number % 3 else head[:40]).encode())
        times = []
        begun = time.monotonic()
        while time.monotonic() - begun < 17:
            asked = time.monotonic()
            assert _status(address) == 200
            times.append(time.monotonic() - asked)
            if len(times) % 10 == 1:
                someone = Reader(address)
                someone.post("/login", "/login", username="wang", password=PASSWORD)
                assert 'id="content"' in someone.get("/")
            for line in lines:
                try:
                    line.send(b"a")
                except OSError:
                    pass  # cut
            time.sleep(0.3)
        assert max(times) < 1
        said = [_last(line) for line in lines]
        assert sum(b" 408 " in text for text in said) == sum(
            1 for n in range(SLOW_SOCKETS) if n % 3
        )


STRANGERS = 600


@pytest.mark.slow
def test_many_slow_strangers_keep_nobody_from_writing(instance: Home) -> None:
    person("wang", "recorder", password=PASSWORD)
    with served(instance.path, "--workers", "1") as (_, address):
        known = Reader(address)
        known.post("/login", "/login", username="wang", password=PASSWORD)
        where, _, port = address.removeprefix("http://").partition(":")
        head = f"POST /login HTTP/1.1\r\nHost: {where}\r\nContent-Length: 90000\r\n\r\na"
        lines = [socket.create_connection((where, int(port))) for _ in range(STRANGERS)]
        for line in lines:
            line.sendall(head.encode())
        for _ in range(3):
            someone = Reader(address)  # raises where it is answered 503
            someone.post("/login", "/login", username="wang", password=PASSWORD)
            assert 'id="content"' in someone.get("/")
            assert 'lang="en"' in known.post("/account/", "/language", language="en", next="/")[1]
            assert (
                'lang="zh' in known.post("/account/", "/language", language="zh-hans", next="/")[1]
            )
        said = [_last(line) for line in lines[: STRANGERS // 2]]
        assert all(b" 408 " in text for text in said), "the oldest made room"
        for line in lines:
            line.close()


def _last(line: socket.socket) -> bytes:
    """Give what the server said before it closed the line."""
    line.settimeout(5)
    try:
        return line.recv(4000)
    except OSError:
        return b""
    finally:
        line.close()


@pytest.mark.slow
def test_the_administrator_sees_what_each_process_holds(instance: Home) -> None:
    person("keeper", "system", password=PASSWORD)
    with served(instance.path, "--workers", "1") as (process, address):
        (worker,) = until(lambda: workers_of(process.pid))
        reader = Reader(address)
        where, _ = reader.post("/login", "/login", username="keeper", password=PASSWORD)
        assert where != "/login"
        page = reader.get("/host/settings/")
    line = r"<dt>\s*(\S+)\s+(\d+)\s*</dt>\s*<dd>\s*(\d+)\sMB，上限\s700\sMB\s*</dd>"
    shown = re.findall(line, page)
    assert {name for name, _, _ in shown} == {"服务进程", "后台作业进程"}, page
    assert (str(worker)) in {number for name, number, _ in shown if name == "后台作业进程"}
    assert len(shown) == 3
    assert all(5 < int(held) < 700 for _, _, held in shown)


@pytest.mark.slow
def test_all_at_once_silences_nobody_and_loses_nothing(district: Home) -> None:
    """The short form of `python -m bench.load`."""
    person("keeper", "system", password=PASSWORD)
    person("wang", "recorder", "360602001001", password=PASSWORD)
    crowd = replace(
        demonstration_crowd(),
        password=PASSWORD,
        readers=[(OFFICER, ("/", "/records/", "/figures/", "/plan/"))],
        recorder="wang",
        administrator="keeper",
        bomber=OFFICER,
        reading=10,
        writing=4,
    )
    with served(district.path) as (process, address):
        port = int(address.rpartition(":")[2])
        told = rush(port, process.pid, crowd, 8)
        lost = missing(port, crowd, told)
    assert lost == []
    assert len(told.acknowledged) >= 4
    statuses = {name.rpartition(" ")[2] for name in told.statuses}
    assert {name for name in told.statuses if name.startswith("health")} == {"health 200"}
    assert statuses <= {"200", "201", "302", "400", "503"}, told.statuses
    assert sorted(told.health)[-2] <= 1, told.health
