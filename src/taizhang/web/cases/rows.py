"""The rows of a case: its state, its runs, who has to do with it, and the facts it states."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from taizhang.core.base.invisible_sign import line_of
from taizhang.core.case.counting import facts_of_case
from taizhang.core.case.fold import CaseWorld, Standing, fold
from taizhang.core.case.step import StepRecord
from taizhang.core.case.table import row_of
from taizhang.core.definition.case import (
    ACCEPT,
    BACK,
    ENDED_ASIDE,
    NOTE,
    OPENS,
)
from taizhang.core.form import Form
from taizhang.web.cases import models
from taizhang.web.cases.records import CaseRecords
from taizhang.web.ledger.facts.projection_fact import DerivedFact
from taizhang.web.ledger.facts.stored_fact import stored_fact

TITLE = 200


@dataclass(slots=True)
class CaseRows:
    """All rows that are stored of one case."""

    case: models.Case
    runs: list[models.Run]
    parties: list[models.Party]
    facts: list[DerivedFact]


def case_rows(
    case: CaseRecords, world: CaseWorld, today: date, form: Form | None
) -> CaseRows | None:
    """Give the rows of a case as it stands today; ``None`` where it has not begun.

    :param form: that opened it, whose words give the title
    """
    standing = fold(case.kind, case.steps, world, today)
    if standing is None:
        return None
    facts = [
        DerivedFact(case.keys[fact.record], stored_fact(fact), fact.accepted_at, fact.retired_at)
        for fact in facts_of_case(case.kind, case.steps, world)
        if fact.accepted_at is not None
    ]
    runs, state = _state(standing, world, today, _title(case.steps, form))
    codes = {standing.opener, standing.owner, *standing.helpers}
    codes |= {code for line in standing.line for code in (line.unit, line.owner) if code}
    parties = [models.Party(unit=code, uid=standing.uid) for code in sorted(codes)]
    return CaseRows(state, runs, parties, facts)


def _state(
    standing: Standing, world: CaseWorld, today: date, title: str
) -> tuple[list[models.Run], models.Case]:
    row = row_of(standing, world, today)
    aside = standing.state in ENDED_ASIDE
    case = models.Case(
        uid=row.uid,
        kind=row.kind,
        version=row.version,
        number=row.number,
        title=title,
        opener=row.opener,
        opened=row.opened,
        state=row.state,
        owner=row.owner,
        owner_since=row.owner_since,
        ended=row.ended,
        ended_aside=aside,
        before_start=row.before_start,
        due=row.due,
        reminder=row.reminder,
        standing=row.standing,
        accepted=row.accepted,
        returned=is_returned(standing),
        helpers=" ".join(row.helpers),
        idle=row.idle,
    )
    runs = [
        models.Run(
            uid=row.uid,
            ordinal=ordinal,
            kind=row.kind,
            clock=run.clock,
            unit=run.unit,
            start=run.start,
            limit=run.limit,
            due=None if run.standing else run.due,
            standing=run.standing,
            answered=run.answered,
            was_due=run.was_due,
            counts=not aside,
        )
        for ordinal, run in enumerate(row.runs)
    ]
    return runs, case


def is_returned(standing: Standing) -> bool:
    """Say whether the owner got the case back and has done nothing of weight since."""
    if standing.over:
        return False
    done = [line.step for line in standing.line if line.effect and line.step not in (ACCEPT, NOTE)]
    step = standing.kind.steps.get(done[-1]) if done else None
    return step is not None and step.hands_over == BACK


def _title(steps: Iterable[StepRecord], form: Form | None) -> str:
    """Give what a case is about: the choices and the first line of text of its opening."""
    openings = [step for step in steps if step.step == OPENS and step.retired_at is None]
    openings = openings or [step for step in steps if step.step == OPENS]
    if form is None or not openings:
        return ""
    answers = openings[-1].answers
    texts: Sequence[str] = [
        str(answers[field.name])
        for field in form.fields
        if field.type == "text"
        and not field.repeat
        and field.name in answers
        and not (form.entity and field.path == form.entity.id_field)
    ]
    choices = [
        choice.label
        for field in form.fields
        if field.type == "select_one" and not field.repeat
        for choice in field.choices
        if choice.name == answers.get(field.name)
    ]
    return line_of("：".join((*choices[:1], *texts[:1])))[:TITLE]
