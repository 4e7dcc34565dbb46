"""Writes of work in the background: asked for, begun, told of, ended, broken off, thrown away.

They change nothing that the log keeps; what a job does is an action of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from taizhang.web.accounts.models import Job, User

#: A job and its answer are kept so long after it was asked for.
KEPT = timedelta(days=30)


def job_keep(
    *, kind: str, arguments: Mapping[str, Any], acting_user: User, now: datetime
) -> tuple[Job, bool]:
    """Keep that work is asked for, and say whether it is new; else it waits or runs already."""
    open_states = (Job.State.WAITING, Job.State.RUNNING)
    for job in Job.objects.filter(kind=kind, asked_by=acting_user, state__in=open_states):
        if job.arguments == dict(arguments):
            return job, False
    job = Job.objects.create(
        kind=kind, arguments=dict(arguments), asked_by=acting_user, asked_at=now
    )
    return job, True


def job_begin(number: int) -> Job:
    """Give a job, which is at work from now on."""
    job = Job.objects.select_related("asked_by").get(pk=number)
    Job.objects.filter(pk=number).update(state=Job.State.RUNNING)
    return job


def job_tell(job: Job, done: int, total: int) -> None:
    """Note how far a job is."""
    Job.objects.filter(pk=job.pk).update(done=done, total=total)


def job_end(job: Job, state: str, answer: Mapping[str, Any], now: datetime) -> None:
    """Keep how a job ended."""
    Job.objects.filter(pk=job.pk).update(state=state, answer=answer, finished_at=now)


def jobs_broken_off(now: datetime) -> int:
    """Mark work as failed that a worker took up and did not finish, and give how many.

    A starting worker calls this; it is the only one of the instance.  Such work is not done again:
    what ended one worker would end the next, and whoever asked is told and may ask anew.
    """
    from django_tasks.base import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    with transaction.atomic():
        taken_up = DBTaskResult.objects.running()
        numbers = [result.args_kwargs["args"][0] for result in taken_up]
        taken_up.update(status=TaskResultStatus.FAILED, finished_at=now)
        begun = Q(state=Job.State.RUNNING) | Q(state=Job.State.WAITING, pk__in=numbers)
        return Job.objects.filter(begun).update(state=Job.State.FAILED, finished_at=now)


def jobs_tidy(now: datetime) -> None:
    """Throw away jobs and their answers that nobody needs any more."""
    from django_tasks_db.models import DBTaskResult

    DBTaskResult.objects.finished().filter(enqueued_at__lt=now - KEPT).delete()
    Job.objects.filter(finished_at__lt=now - KEPT).delete()
