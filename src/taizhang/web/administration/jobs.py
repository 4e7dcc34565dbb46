"""Long work of the host, done by the job worker: try a pack, verify the log."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from taizhang.core.base.issue import Issue, Refused, errors, gettext_noop
from taizhang.web.accounts.access import require
from taizhang.web.accounts.jobs import JobTask, issues_kept, job_register
from taizhang.web.audit import verify as log
from taizhang.web.base.moment import Tell

VERIFY, TRY = "audit.verify", "pack.try"


def register() -> None:
    """Tell the jobs what these two do."""
    job_register(VERIFY, log_verify, gettext_lazy("Verify the audit log"))
    job_register(TRY, pack_try, gettext_lazy("Check a pack"))


def log_verify(task: JobTask) -> dict[str, Any]:
    """Walk the whole log, what it covers and what lies sealed; with ``deep`` count facts anew.

    The end of the log is compared with a head kept outside where one was given.

    :raises Refused: ACCESS_001
    """
    require(task.acting_user, "audit.read")
    from taizhang.web.ledger.facts.rebuild import facts_verify

    text = str(task.arguments.get("head", ""))
    kept = log.outside_read(text) if text else None
    if isinstance(kept, Issue):
        raise Refused([kept])
    with _told_beside(task) as tell:
        verified = log.verify(kept, tell)
        agreed = facts_verify(task.now, tell) if task.arguments.get("deep") else None
    issues = (*verified.issues, *(agreed.issues if agreed else ()))
    facts = [
        (gettext_noop("Rows of the log"), str(verified.count)),
        (gettext_noop("Pictures and old texts to open"), str(verified.opened)),
    ]
    if agreed:
        facts.append((gettext_noop("Records counted anew"), str(agreed.records)))
    return {
        "issues": issues_kept(issues),
        "result": _result(bool(errors(issues)), agreed is not None),
        "facts": facts,
        "next": reverse("host:audit"),
        "action": gettext_noop("Back to the log"),
    }


def _result(is_wrong: bool, is_deep: bool) -> str:
    """Say what was verified, and not more than that."""
    if is_wrong:
        return gettext_noop("See above.")
    if is_deep:
        return gettext_noop(
            "The log is whole; the rows that it covers, pictures, old texts and all facts agree."
        )
    return gettext_noop(
        "The log is whole; the rows that it covers, pictures and old texts agree. Facts were not "
        "counted anew."
    )


@contextmanager
def _told_beside(task: JobTask) -> Iterator[Tell]:
    """Give a way to tell how far it is on a connection of its own.

    What is read stands still at one moment: a write on the same connection would end it or, on
    PostgreSQL, be seen by nobody before it ends.
    """
    with ThreadPoolExecutor(1) as beside:
        yield lambda done, total: beside.submit(task.tell, done, total).result()
        beside.submit(connections.close_all).result()


def pack_try(task: JobTask) -> dict[str, Any]:
    """Check a staged pack against the packs in force, its documents, and run its own tests."""
    # Imported here: this module is loaded with every command, and these are half of the software.
    from taizhang.core.rules.code import RuleCode
    from taizhang.documents.pack_check.examination import examine_files
    from taizhang.web.administration.upload import upload_files
    from taizhang.web.programmes.queries import in_force, installed, programmes_of

    number = int(task.arguments["staged"])
    files = upload_files(kind="pack", number=number, acting_user=task.acting_user)
    others = programmes_of(in_force(installed(), timezone.localdate())).packs
    pack = examine_files(files or {}, others, tests=True)
    if not pack.key:
        return {"issues": issues_kept(pack.issues)}
    issues = pack.issues
    if missing := tuple(issue for issue in issues if issue.code is RuleCode.RULE_033):
        issues = missing  # every name of the pack that is not there would be a fault of its own
    issues = (*issues, *(issue for outcome in pack.outcomes for issue in outcome.issues))
    tests = len(pack.outcomes)
    compared = sum(outcome.compared for outcome in pack.outcomes)
    answer: dict[str, Any] = {
        "issues": issues_kept(issues),
        "facts": [
            (gettext_noop("Pack"), f"{pack.label} ({pack.key})"),
            (gettext_noop("Version"), pack.version),
            (gettext_noop("Tests of the pack"), str(tests)),
            (gettext_noop("Expectations compared"), str(compared)),
        ],
    }
    if not errors(issues):
        answer["result"] = gettext_noop("The pack can be installed.")
        answer["next"] = reverse("host:pack_install", args=[number])
        answer["action"] = gettext_noop("Go on to install it")
    return answer
