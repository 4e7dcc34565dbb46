"""Submissions read as steps of cases; old records of things, too, where a kind adopts them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from taizhang.core.base.issue import Issue, Place
from taizhang.core.case.code import SumCode
from taizhang.core.case.step import ADOPTED, StepRecord
from taizhang.core.counting.fact import Submission
from taizhang.core.definition.case import OPENS, Adoption, CaseKind
from taizhang.core.definition.programme import Programmes
from taizhang.core.form import Form


def kind_opened(kinds: Mapping[str, CaseKind], form: str) -> CaseKind | None:
    """Give the kind of case that a form (qualified key) opens, ``None`` for a plain form."""
    return next((kind for kind in kinds.values() if kind.opens == form), None)


def kind_continued(kinds: Mapping[str, CaseKind], form: str) -> CaseKind | None:
    """Give the kind of case whose steps a form (qualified key) serves."""
    return next(
        (kind for kind in kinds.values() if form in kind.forms or form == f"{kind.key}_step"), None
    )


def day_field(kinds: Mapping[str, CaseKind], form: Form) -> str:
    """Name the question that dates a record of a case, which no counting rule does.

    It is the first day that the form asks for; ``""`` for a form of no case, or one without days.
    """
    if kind_opened(kinds, form.key) is None and kind_continued(kinds, form.key) is None:
        return ""
    days = (field.name for field in form.fields if field.type == "date" and not field.repeat)
    return next(days, "")


def sum_refused(
    programmes: Programmes, record: Submission, form: Form, place: Place
) -> tuple[Issue, ...]:
    """Refuse a sum of a day from which on cases are recorded one by one.

    What was taken in before the switch was known can still be withdrawn.

    :param programmes: in force on the record's day
    """
    kind = programmes.replaced.get(form.key)
    if kind is None or kind.start is None or record.date < kind.start or record.withdraws:
        return ()
    opens = programmes.forms.get(kind.opens)
    facts = {
        "form": form.title,
        "from": kind.start.isoformat(),
        "label": kind.label,
        "opens": kind.opens if opens is None else opens.title,
    }
    return (Issue(SumCode.SUM_001, place, facts),)


def step_key(kind: CaseKind, record: Submission) -> str:
    """Give the step that a record of a case is.

    It says so itself, its small form says so, or its form serves one step alone; ``""`` for none.
    """
    named = record.step or str(record.answers.get("step") or "")
    if named:
        return named
    serving = [step.key for step in kind.steps.values() if step.form == record.form]
    return serving[0] if len(serving) == 1 else ""


def step_of_record(
    record: Submission,
    case: str,
    step: str,
    accepted_at: datetime,
    retired_at: datetime | None = None,
    number: str = "",
    serial: int = 0,
) -> StepRecord:
    """Give a record as a step; ``case`` is the id of the record that first opened the case.

    :param serial: its place among the records accepted at one moment
    """
    return StepRecord(
        record=record.id,
        case=case,
        step=step,
        date=record.date,
        time=record.time,
        unit=record.unit,
        account=record.by,
        answers=record.answers,
        with_units=record.with_units,
        accepted_at=accepted_at,
        retired_at=retired_at,
        number=number,
        serial=serial,
    )


def adopted(kind: CaseKind, records: Iterable[tuple[str, StepRecord]]) -> Iterator[StepRecord]:
    """Read the old records of things that the kind adopts as the steps of cases.

    Nothing is rewritten: the first record of a thing opens the case, which keeps the number that
    people gave, and each of its records is a step to the state that it names, and before that to
    the states of which it tells the day.

    :param records: (uid of the thing, record with its answers and what they save), retired ones too
    """
    adopts = kind.adopts
    if adopts is None:
        return
    ordered = sorted(
        records, key=lambda pair: (pair[0], pair[1].accepted_at, pair[1].serial, pair[1].record)
    )
    opened: dict[str, StepRecord] = {}
    for thing, record in ordered:
        opening = opened.get(thing)
        if opening is None or opening.retired_at == record.accepted_at:  # it, or its correction
            uid = record.record if opening is None else opening.case
            number = record.text(adopts.number) or thing.partition(":")[2]
            begun = record.day(adopts.days.get(kind.first_state, "")) or record.date
            opening = replace(record, case=uid, step=OPENS, number=number, adopted=True, date=begun)
            opened[thing] = opening
            yield opening
        for part, (state, day) in enumerate(_reached(kind, adopts, record)):
            answers = {**record.answers, "state": state}
            yield replace(
                record, case=opening.case, step=ADOPTED, answers=answers, date=day, part=part
            )


def _reached(kind: CaseKind, adopts: Adoption, record: StepRecord) -> Iterator[tuple[str, date]]:
    """Give the states that an old record tells of, each with its own day where it has one."""
    state = adopts.states.get(record.text(adopts.state), "")
    days = {name: record.day(adopts.days.get(name, "")) for name in kind.states}
    for name, day in days.items():
        if day is not None and name not in (kind.first_state, state):
            yield name, day
    yield state, days.get(state) or record.date
