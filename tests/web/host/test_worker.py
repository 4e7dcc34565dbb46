"""The job worker beside the pages: it does what waits, only reads while idle, and is replaced."""

import http.cookiejar
import os
import re
import signal
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from taizhang.web.instance.paths import Home
from tests.served import served
from tests.web.browsing import PASSWORD, person, signed_in


def until(right: Callable[[], object], seconds: float = 60) -> object:
    end = time.monotonic() + seconds
    while not (found := right()):
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.2)
    return found


def workers_of(parent: int) -> list[int]:
    """Find the job workers among the children of a process."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            told = (entry / "cmdline").read_bytes()
            stat = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if b"taizhang.web.instance.worker" in told and int(stat[1]) == parent and stat[0] != "Z":
            found.append(int(entry.name))
    return found


class Reader:
    """A browser on a real server."""

    def __init__(self, address: str) -> None:
        self.address = address
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def get(self, path: str) -> str:
        with self.opener.open(self.address + path, timeout=60) as answer:
            return str(answer.read().decode())

    def post(self, page: str, path: str, **fields: str) -> tuple[str, str]:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(page))
        assert token is not None
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **fields}).encode()
        with self.opener.open(self.address + path, data, timeout=60) as answer:
            return answer.url.removeprefix(self.address), str(answer.read().decode())


@pytest.mark.slow
def test_served_jobs_are_done_also_after_the_worker_died(instance: Home) -> None:
    person("auditor", "auditor", password=PASSWORD)
    with served(instance.path, "--workers", "1") as (process, address):
        reader = Reader(address)
        reader.post("/login", "/login", username="auditor", password=PASSWORD)
        for head in ("", "1:" + "0" * 64):
            (worker,) = until(lambda: workers_of(process.pid))
            place, _ = reader.post("/host/audit/", "/host/audit/verify", head=head)
            done = until(lambda place=place: "every 2s" not in reader.get(place))
            assert done
            assert ("AUDIT_006" in reader.get(place)) == bool(head)
            os.kill(worker, signal.SIGKILL)
            until(lambda old=worker: [one for one in workers_of(process.pid) if one != old])
        last = workers_of(process.pid)
        os.killpg(process.pid, signal.SIGTERM)
        assert process.wait(timeout=40) == 0
    until(lambda: not [one for one in last if Path(f"/proc/{one}").exists()], 5)


def test_an_idle_worker_only_reads(instance: Home) -> None:
    from taizhang.web.instance.worker import work_do

    with CaptureQueriesContext(connection) as asked:
        work_do(threading.Event())
    assert len(asked) == 1
    assert asked[0]["sql"].startswith("SELECT")


def test_what_waits_is_done_in_order_and_told_how_it_ended(
    instance: Home, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from taizhang.core.base.issue import Issue, Refused
    from taizhang.web.accounts import jobs
    from taizhang.web.accounts.models import Job, User
    from taizhang.web.audit.code import AuditCode
    from taizhang.web.instance.worker import work_do

    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.TAIZHANG_WORKER = True
    monkeypatch.setattr(jobs, "_works", {})
    done: list[object] = []

    def work(task: jobs.JobTask) -> dict[str, object]:
        done.append(task.arguments["number"])
        task.tell(1, 2)
        if task.arguments["number"] == 2:
            raise Refused([Issue(AuditCode.AUDIT_007, facts={"text": "x"})])
        if task.arguments["number"] == 3:
            raise RuntimeError("broken")
        return {"facts": [("a", "b")]}

    jobs.job_register("trial", work, "Trial")
    person("wang", "recorder")
    wang = User.objects.get(username="wang")
    asked = [
        jobs.job_ask(kind="trial", arguments={"number": one}, acting_user=wang, now=timezone.now())
        for one in (1, 2, 3, 1)
    ]
    assert asked[0] == asked[3], "the same work is not asked for twice"
    assert done == []
    work_do(threading.Event())
    assert done == [1, 2, 3]
    states = Job.objects.order_by("pk").values_list("state", "done", "total")
    assert list(states) == [("done", 1, 2), ("failed", 1, 2), ("failed", 1, 2)]
    client = signed_in("wang")
    pages = [client.get(f"/jobs/{one.pk}/").content.decode() for one in asked[:3]]
    assert ["AUDIT_007" in one for one in pages] == [False, True, False]
    with pytest.raises(LookupError):
        jobs.job_ask(kind="unheard", arguments={}, acting_user=wang, now=timezone.now())


def test_what_a_dead_worker_left_is_told_and_what_is_old_is_thrown_away(instance: Home) -> None:
    from axes.models import AccessAttempt
    from django.contrib.sessions.models import Session

    from taizhang.web.accounts.job_actions import KEPT, jobs_broken_off
    from taizhang.web.accounts.models import Job, User
    from taizhang.web.administration.models import Staged
    from taizhang.web.instance.worker import tidy

    person("wang", "recorder")
    signed_in("wang")
    wang, now = User.objects.get(username="wang"), timezone.now()
    Job.objects.create(kind="trial", asked_by=wang, asked_at=now, state=Job.State.RUNNING)
    assert jobs_broken_off(now) == 1
    Staged.objects.create(kind="pack", files=b"", asked_by=wang, asked_at=now)
    AccessAttempt.objects.create(username="wang", failures_since_start=5)
    tidy(now)
    assert Job.objects.get().state == Job.State.FAILED
    held = (Session, Staged, AccessAttempt, Job)
    assert [model.objects.count() for model in held] == [1, 1, 1, 1]
    tidy(now + KEPT + timedelta(days=1))
    assert [model.objects.count() for model in held] == [0, 0, 0, 0]
