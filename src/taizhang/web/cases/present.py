"""What the pages of cases show: rows of lists, the line of time, clocks, the steps that lead on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from taizhang.core.case.clock import Reading
from taizhang.core.case.permission import Choice, choices
from taizhang.core.case.step import IDLE_TEXTS, Idle, Line
from taizhang.core.case.table import row_of
from taizhang.core.definition.case import NOTE, OPENS, PROLONG, VOID, CaseKind
from taizhang.core.definition.programme import Programmes
from taizhang.web.accounts.access import may, reach
from taizhang.web.accounts.models import User
from taizhang.web.cases.kinds import Kinds
from taizhang.web.cases.models import Case
from taizhang.web.cases.queries import CaseDetail
from taizhang.web.cases.wording import Names, step_words
from taizhang.web.ledger.access import records_for
from taizhang.web.ledger.models import Record
from taizhang.web.ledger.record.present import AnswerText, answers_shown
from taizhang.web.programmes.queries import programmes_on

#: A limit so near is marked.
SOON = 3


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as a row of a list."""

    case: Case
    kind: str
    state: str
    owner: str
    opener: str
    days: int  # since it was opened, to its end
    late: int  # days past its limit
    soon: bool


def case_lines(cases: Iterable[Case], kinds: Kinds, today: date) -> list[CaseLine]:
    """Say cases in words."""
    names = Names(today)
    lines = []
    for case in cases:
        kind = kinds.carried(case.kind, case.version)
        left = None if case.due is None or case.ended else (case.due - today).days
        lines.append(
            CaseLine(
                case=case,
                kind=case.kind if kind is None else kind.label,
                state=case.state if kind is None else kind.state_label(case.state),
                owner=names(case.owner),
                opener=names(case.opener),
                days=((case.ended or today) - case.opened).days,
                late=0 if left is None else max(-left, 0),
                soon=left is not None and 0 <= left <= SOON,
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class LineShown:
    """One line of time of a case."""

    line: Line
    label: str
    unit: str
    person: str
    owner: str  # who had it after, where that changed
    state: str  # after it, where that changed
    why: str  # why it had no effect
    answers: list[AnswerText]
    record: str  # its id where the reader may open it
    may_withdraw: bool


def lines_shown(detail: CaseDetail, user: User, now: datetime) -> list[LineShown]:
    """Say the line of time of a case, each step with what was written down."""
    today = timezone.localdate(now)
    programmes, names, kind = programmes_on(today), Names(today), detail.records.kind
    keys = list(detail.records.keys.values())
    rows = Record.objects.filter(pk__in=keys).select_related("accepted_by")
    stored = {row.uid: row for row in rows}
    seen = set(records_for(user, now).filter(pk__in=keys).values_list("uid", flat=True))
    people = _people(row.doer for row in stored.values())
    shown, before = [], ("", "")
    own = reach(user, "case.step")
    for line in detail.standing.line:
        row = stored.get(line.record)
        answers = [] if row is None else _answers(row, programmes)
        doer = "" if row is None else people.get(row.doer, row.doer)
        changes = line.effect and (line.state, line.owner) != before
        moved = changes and line.step != OPENS and line.owner != before[1]
        may_withdraw = (
            row is not None
            and line.step != OPENS
            and row.retired_at is None
            and row.case_uid != ""
            and ("" in own or row.unit in own or may(user, "record.accept", row.unit))
        )
        shown.append(
            LineShown(
                line=line,
                label=step_words(kind, line.step),
                unit=names(line.unit),
                person=doer,
                owner=names(line.owner) if moved else "",
                state=kind.state_label(line.state) if changes and line.state != before[0] else "",
                why="" if line.why is None else _idle(line.why),
                answers=answers,
                record=line.record if line.record in seen else "",
                may_withdraw=may_withdraw,
            )
        )
        if line.effect:
            before = (line.state, line.owner)
    return shown


#: Answers that the line itself says.
_SAID = frozenset(("step", "done_on"))


def _answers(row: Record, programmes: Programmes) -> list[AnswerText]:
    answers = {key: text for key, text in json.loads(row.answers).items() if key not in _SAID}
    return answers_shown(programmes.form_in(row.form, row.pack_version), answers)


def _people(names: Iterable[str]) -> Mapping[str, str]:
    users = User.objects.filter(username__in={name for name in names if name})
    return {user.username: str(user) for user in users}


def _idle(why: Idle) -> str:
    return IDLE_TEXTS[why].text(get_language() or "zh-hans")


@dataclass(frozen=True, slots=True)
class ClockShown:
    """A clock of a case in words."""

    label: str
    reading: Reading
    unit: str
    left: int  # days, negative when over


def clocks_shown(detail: CaseDetail, today: date) -> list[ClockShown]:
    """Say the clocks of a case, those that run first."""
    row = row_of(detail.standing, detail.world, today)
    names, kind = Names(today), detail.records.kind
    shown = [
        ClockShown(
            label=step_words(kind, run.clock),
            reading=run,
            unit=names(run.unit),
            left=(run.due - today).days,
        )
        for run in row.runs
    ]
    return sorted(shown, key=lambda clock: clock.reading.answered is not None)


@dataclass(frozen=True, slots=True)
class StepOffered:
    """A step that the reader may do, with the address of its form."""

    key: str
    label: str
    address: str
    unit: str  # for which it is done
    aside: bool  # not on the way of the case: note, prolongation, voiding
    why: str = ""  # what stands in the way


_ASIDE = frozenset((NOTE, PROLONG, VOID))


def steps_offered(detail: CaseDetail, user: User, today: date) -> list[StepOffered]:
    """Give the steps that a person may do now; a declared one that another must do says why."""
    names, kind = Names(today), detail.records.kind
    offered: dict[str, StepOffered] = {}
    for unit in acting_units(detail, user, today):
        for choice in choices(detail.standing, unit, user.username, detail.world, today):
            step = _offered(choice, unit, detail, kind, names)
            known = offered.get(choice.step)
            if known is None or (known.why and not step.why):
                offered[choice.step] = step
    declared = kind.steps
    told = {_idle(why) for why in (Idle.SAME_PERSON, Idle.PERSON_UNKNOWN)}
    return [
        step
        for step in offered.values()
        if not step.why or (step.key in declared and step.why in told)
    ]


def _offered(
    choice: Choice, unit: str, detail: CaseDetail, kind: CaseKind, names: Names
) -> StepOffered:
    step = kind.steps.get(choice.step)
    form = f"{kind.key}_step" if step is None else step.form
    label = step_words(kind, choice.step)
    number = detail.row.number
    asked = {"unit": unit, "case": detail.row.uid, "step": choice.step, "title": label}
    asked |= {"number": number}
    return StepOffered(
        key=choice.step,
        label=label,
        address=f"{reverse('ledger:form', kwargs={'form': form})}?{urlencode(asked)}",
        unit=names(unit),
        aside=choice.step in _ASIDE,
        why="" if choice.why is None else _idle(choice.why),
    )


def acting_units(detail: CaseDetail, user: User, today: date) -> list[str]:
    """Give the units and bodies for which a person might act in a case, the nearest first.

    Whoever records acts for the units below as well; whoever reviews for their own alone.
    """
    owners, standing = detail.world.ownership, detail.standing
    around = [standing.owner, *owners.above(standing.owner, today), standing.opener]
    around += standing.helpers
    reached = reach(user, "case.step")
    return [
        code
        for code in dict.fromkeys(around)
        if "" in reached or code in reached or may(user, "record.accept", code)
    ]
