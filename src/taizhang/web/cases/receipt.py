"""What the recording page says of a record of a case as soon as the ledger has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language, gettext

from taizhang.core.case.fold import fold
from taizhang.core.case.step import IDLE_TEXTS
from taizhang.web.cases.kinds import Kinds, case_world
from taizhang.web.cases.models import Case, Member
from taizhang.web.cases.records import case_records
from taizhang.web.cases.wording import Names


def notes_of(uid: str, now: datetime) -> Sequence[str]:
    """Say the number of the case, where it stands now, and why a step had no effect."""
    member = Member.objects.filter(record__uid=uid).first()
    case = None if member is None else Case.objects.filter(uid=member.uid).first()
    if case is None:
        return ()
    today = timezone.localdate(now)
    kinds, words = Kinds(today), []
    for records in case_records([case.uid], kinds):
        facts = {
            "number": case.number,
            "state": records.kind.state_label(case.state),
            "owner": Names(today)(case.owner),
        }
        words.append(gettext("%(number)s: %(state)s, with %(owner)s") % facts)
        standing = fold(records.kind, records.steps, case_world(), today)
        for line in () if standing is None else standing.idle:
            if line.record == uid and line.why is not None:
                why = IDLE_TEXTS[line.why].text(get_language() or "zh-hans")
                words.append(gettext("Kept without effect: %(why)s.") % {"why": why})
    return words
