"""The case of a record: its page, and the later steps that the record's change would undo."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from taizhang.core.case.fold import undone_by
from taizhang.core.case.step import Line
from taizhang.core.definition.case import OPENS, CaseKind
from taizhang.web.accounts.models import User
from taizhang.web.cases.access import cases_visible
from taizhang.web.cases.kinds import Kinds, case_world
from taizhang.web.cases.models import Case, Member
from taizhang.web.cases.records import case_records
from taizhang.web.cases.wording import Names, step_words
from taizhang.web.ledger.registry import RecordAside


def aside_of(uid: str, user: User, now: datetime) -> RecordAside | None:
    """Say to which case a record belongs; ``None`` where it does not, or nobody may know."""
    member = Member.objects.filter(record__uid=uid).first()
    if member is None or member.uid not in cases_visible(user, now, [member.uid]):
        return None
    case = Case.objects.get(uid=member.uid)
    today = timezone.localdate(now)
    kinds, world = Kinds(today), case_world()
    for records in case_records([case.uid], kinds):
        kind = records.kind
        undone = undone_by(kind, records.steps, uid, world, today)
        # A withdrawn opening ends the case; what came after it is not undone step by step.
        lost = undone if member.step != OPENS else ()
        return RecordAside(
            label=f"{case.number} {kind.label}（{kind.state_label(case.state)}）",
            address=reverse("cases:case", kwargs={"uid": case.uid}),
            undoes=tuple(_words(line, kind, Names(today)) for line in lost),
        )
    return None


def _words(line: Line, kind: CaseKind, names: Names) -> str:
    return f"{line.date.isoformat()} {names(line.unit)} {step_words(kind, line.step)}"
