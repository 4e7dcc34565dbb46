"""The job worker that ``taizhang serve`` runs beside its pages, as a process of its own.

It looks for work with a plain read once a second and takes the database's one writer only when
there is some.  It ends when told to, after the work in hand, and when its parent is gone.  Work
that it breaks off, killed, is told as broken off by the next one and not begun again.
"""

from __future__ import annotations

import fcntl
import os
import signal
import threading
import uuid
from datetime import datetime, timedelta
from types import FrameType

import django

from taizhang.web.base import memory

#: Seconds between two looks for work while there is none.
INTERVAL = 1.0
#: Whoever waits for a page goes before work that nobody watches.
NICENESS = 5
#: Beside the database; empty.
LOCK = "worker.lock"
#: Answers of jobs, sessions that ended and wrong passwords are thrown away once in so long: the
#: address that a wrong password came from is kept for hardly longer than it locks.
TIDY = timedelta(hours=1)


def main() -> None:
    """Work until SIGTERM; SIGINT is the server's, which ends this process in turn."""
    parent = os.getppid()
    os.nice(NICENESS)
    stop = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, frame: _told(stop, number, frame))
    django.setup()
    from django.db import close_old_connections
    from django.utils import timezone

    from taizhang.web.accounts.job_actions import jobs_broken_off

    lock = _alone(stop)
    jobs_broken_off(timezone.now())
    tidied: datetime | None = None
    while not stop.is_set() and os.getppid() == parent:
        close_old_connections()
        now = timezone.now()
        if tidied is None or now - tidied >= TIDY:
            tidy(now)
            tidied = now
        work_do(stop)
        if memory.held() > memory.MOST:
            break  # the server starts another in its place
        stop.wait(INTERVAL)
    os.close(lock)


def _alone(stop: threading.Event) -> int:
    """Wait until no other worker works on this instance, and give the lock that says so.

    Two servers on one folder would otherwise take each other's work for broken off.  The lock is
    the process's own: it dies with it, whatever children go on.
    """
    from django.conf import settings

    lock = os.open(settings.TAIZHANG_HOME / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    while not stop.is_set():
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except OSError:
            stop.wait(INTERVAL)
    return lock


def _told(stop: threading.Event, number: int, frame: FrameType | None) -> None:
    stop.set()


def work_do(stop: threading.Event) -> None:
    """Do what waits, one after the other, unless told to stop in between."""
    from django_tasks_db.management.commands.db_worker import Worker
    from django_tasks_db.models import DBTaskResult

    # A look takes no lock: writers of records never wait for an idle worker.
    while not stop.is_set() and DBTaskResult.objects.ready().exists():
        Worker(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=1,
            worker_id=uuid.uuid4().hex,
            excluded_queue_names=[],
        ).run()


def tidy(now: datetime) -> None:
    """Throw away what nobody needs any more."""
    from taizhang.web.accounts.job_actions import jobs_tidy
    from taizhang.web.accounts.login.lock_actions import login_tidy
    from taizhang.web.administration.upload_actions import uploads_tidy
    from taizhang.web.cases.actions import day_turned
    from taizhang.web.things.actions import day_turned as things_day_turned

    login_tidy(now)
    jobs_tidy(now)
    uploads_tidy(now)
    things_day_turned(now)
    day_turned(now)  # a change of units dated ahead takes effect on its day


if __name__ == "__main__":
    main()
