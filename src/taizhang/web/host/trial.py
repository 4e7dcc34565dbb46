"""Long work of the host, done by the job worker: try a pack, verify the log."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from taizhang.core.issue import Issue, Refused, errors, gettext_noop
from taizhang.web.accounts.access import require
from taizhang.web.accounts.jobs import Task, issues_kept, job_register
from taizhang.web.audit import queries as log

VERIFY, TRY = "audit.verify", "pack.try"


def register() -> None:
    """Tell the jobs what these two do."""
    job_register(VERIFY, log_verify, gettext_lazy("Verify the audit log"))
    job_register(TRY, pack_try, gettext_lazy("Check a pack"))


def log_verify(task: Task) -> dict[str, Any]:
    """Walk the whole log, and compare it with a head kept outside where one was given.

    :raises Refused: ACCESS_001
    """
    require(task.acting_user, "audit.read")
    said = str(task.arguments.get("head", ""))
    kept = log.outside_read(said) if said else None
    if isinstance(kept, Issue):
        raise Refused([kept])
    found = log.verify(kept)
    result = gettext_noop("The log is whole.") if not found.issues else gettext_noop("See above.")
    return {
        "issues": issues_kept(found.issues),
        "result": result,
        "facts": [(gettext_noop("Rows of the log"), str(found.count))],
        "next": reverse("host:audit"),
        "action": gettext_noop("Back to the log"),
    }


def pack_try(task: Task) -> dict[str, Any]:
    """Check a staged pack against the packs in force, its documents, and run its own tests."""
    # Imported here: this module is loaded with every command, and these are half of the software.
    from taizhang.core.pack.load import read
    from taizhang.core.pack.test import run
    from taizhang.core.pack.whole import faults, once
    from taizhang.core.rules.code import RuleCode
    from taizhang.documents.check import check_documents
    from taizhang.documents.trial import text_of
    from taizhang.web.host.staging import staged
    from taizhang.web.programmes.queries import in_force, installed, programmes_of

    number = int(task.arguments["staged"])
    files = staged(kind="pack", number=number, acting_user=task.acting_user)
    reading = read(files or {})
    pack = reading.pack
    if pack is None:
        return {"issues": issues_kept(once(reading.issues))}
    ruling = in_force(installed(), timezone.localdate())
    others = programmes_of(one for one in ruling if one.key != pack.key).packs
    issues = once((*reading.issues, *faults(reading, others)))
    if missing := tuple(one for one in issues if one.code is RuleCode.RULE_033):
        issues = missing  # every name of the pack that is not there would be a fault of its own
    if not errors(issues):
        issues = once((*issues, *check_documents(pack, others)))
    tests = compared = 0
    if not errors(issues):
        outcomes = run(pack, others, text_of)
        tests = len(outcomes)
        compared = sum(one.compared for one in outcomes)
        issues = (*issues, *(issue for one in outcomes for issue in one.issues))
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
