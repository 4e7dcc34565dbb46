"""Long work in the background: asked for by a page, done by the worker that `serve` runs.

An app says in its AppConfig what a kind of job does (``job_register``); a page asks (``job_ask``)
and sends the reader to ``accounts:job``, which shows how far it is.  Without a worker (commands,
tests) the work is done where it is asked for.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as translated
from django_tasks import task

from taizhang.core.base.issue import Issue, Refused
from taizhang.web.accounts.code import JobCode
from taizhang.web.accounts.job_actions import job_begin, job_end, job_keep, job_tell
from taizhang.web.accounts.models import Job, User
from taizhang.web.audit.actions import seal

#: How often at most the database is told how far a job is: each telling is a write.
TELL = timedelta(seconds=1)
_log = logging.getLogger(__name__)


@dataclass
class JobTask:
    """What a job's function gets: its arguments, who asked, and a way to tell how far it is."""

    job: Job
    _told: datetime | None = None

    @property
    def arguments(self) -> Mapping[str, Any]:
        """Give what was asked."""
        return dict(self.job.arguments)

    @property
    def now(self) -> datetime:
        """Give the moment at which the job works."""
        return timezone.now()

    @property
    def acting_user(self) -> User:
        """Give the person who asked."""
        return self.job.asked_by

    def tell(self, done: int, total: int) -> None:
        """Note how far the work is, not more often than :data:`TELL`."""
        now = timezone.now()
        if self._told is None or now - self._told >= TELL:
            self._told = now
            job_tell(self.job, done, total)


#: Does the work and gives what the page shows: ``issues`` as :func:`issues_kept` gives them,
#: ``facts`` as pairs of label and text, ``next`` and ``action`` as a way to go on; all optional.
Work = Callable[[JobTask], dict[str, Any]]
_works: dict[str, tuple[Work, Promise | str]] = {}


def job_register(kind: str, work: Work, label: Promise | str) -> None:
    """Say what a kind of job does and what it is called."""
    _works[kind] = (work, label)


def label(kind: str) -> str:
    """Give the name of a kind of job in the reader's language."""
    return str(_works[kind][1]) if kind in _works else kind


def job_ask(*, kind: str, arguments: Mapping[str, Any], acting_user: User, now: datetime) -> Job:
    """Ask for work of a registered kind; the same work that still waits or runs is given back.

    The permission is the caller's to ask for, as an action of its app.
    """
    if kind not in _works:
        raise LookupError(kind)
    with transaction.atomic():
        job, is_new = job_keep(kind=kind, arguments=arguments, acting_user=acting_user, now=now)
        if is_new and settings.TAIZHANG_WORKER:
            job_run.enqueue(job.pk)  # comes to be with the job or not at all
        elif is_new:
            transaction.on_commit(lambda: job_run.enqueue(job.pk))
    job.refresh_from_db()
    return job


@task()
def job_run(number: int) -> None:
    """Do the work of a job and keep its answer."""
    job = job_begin(number)
    try:
        answer = _works[job.kind][0](JobTask(job))
        state = Job.State.DONE
    except Refused as refused:
        answer, state = {"issues": issues_kept(refused.issues)}, Job.State.FAILED
    except Exception:
        _log.exception("job %s (%s) failed", number, job.kind)
        answer, state = {}, Job.State.FAILED
    answer["seal"] = _seal(job, state, answer)
    job_end(job, state, answer, timezone.now())


def _seal(job: Job, state: str, answer: Mapping[str, Any]) -> str:
    """Give what nobody can write who has the database alone: that the log was found whole, say."""
    about = (job.pk, job.kind, dict(job.arguments), job.asked_by_id, str(state))
    told = {name: value for name, value in answer.items() if name != "seal"}
    return seal(json.dumps(["job", *about, told], sort_keys=True, default=str)).hex()


def job_of(user: User, number: int) -> Job | None:
    """Give a job of that person; whose job it is not finds none.

    An answer that no work of ours gave is no answer: JOB_001 stands in its place.
    """
    job = Job.objects.filter(pk=number, asked_by=user).first()
    if job is not None and job.state in (Job.State.DONE, Job.State.FAILED) and job.answer:
        told = json.loads(json.dumps(job.answer))
        if told.get("seal") != _seal(job, job.state, told):
            job.state = Job.State.FAILED
            job.answer = {"issues": issues_kept((Issue(JobCode.JOB_001),))}
    return job


def issues_kept(issues: tuple[Issue, ...]) -> list[dict[str, Any]]:
    """Write issues so that a page in any language can say them."""
    return [
        {
            "code": issue.code.name,
            "place": str(issue.place),
            "sentence": issue.code.sentence,
            "remedy": issue.code.remedy,
            "facts": {name: str(fact) for name, fact in issue.facts.items()},
            "level": issue.level.value,
        }
        for issue in issues
    ]


def issues_of(job: Job) -> list[dict[str, str]]:
    """Give the issues of a job's answer in the reader's language, for ``parts/issues.html``."""
    return [
        {
            **{name: issue[name] for name in ("code", "place", "level")},
            "sentence": translated(issue["sentence"]) % issue["facts"],
            "remedy": translated(issue["remedy"]) % issue["facts"],
        }
        for issue in job.answer.get("issues", ())
    ]
