"""Records of cases: which case and which step each is, and all steps of a case."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import NamedTuple

from django.db.models import Q

from taizhang.core.case.step import StepRecord
from taizhang.core.case.submission import adopted, step_key, step_of_record
from taizhang.core.counting.fact import Submission
from taizhang.core.definition.case import OPENS, CaseKind
from taizhang.core.form import Form
from taizhang.web.base.bulk import chunks
from taizhang.web.cases.kinds import Kinds
from taizhang.web.cases.models import Member, Number
from taizhang.web.ledger.models import EntityState


class RecordHead(NamedTuple):
    """What of a record says whether it belongs to a case."""

    pk: int
    uid: str
    form: str
    version: str
    unit: str
    date: date
    case: str
    step: str
    answers: str
    replaces: int  # key of the record that it corrects, 0 for none


class Membership(NamedTuple):
    """The case and the step that a record is."""

    uid: str
    kind: str
    step: str


class Members:
    """Finds the case and step of records in the order of their acceptance.

    A correction stays what it corrects: the opening of its case, or the same step of it.
    """

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds
        self._by_record: dict[int, Membership] = {}
        self._by_uid: dict[str, Membership] = {}  # of openings and what corrected them

    def known(self, records: Collection[int], cases: Collection[str]) -> None:
        """Read what is stored of these records, and of the cases that records name."""
        chosen = Q(record__in=records) | Q(record__uid__in=cases)
        rows = Member.objects.filter(chosen)
        for pk, name, *membership in rows.values_list(
            "record_id", "record__uid", "uid", "kind", "step"
        ):
            self._put(pk, name, Membership(*membership))

    def adopted(self, uid: str, kind: str) -> None:
        """Take in a case that was read from old records; it bears the id of the first of them."""
        self._by_uid.setdefault(uid, Membership(uid, kind, OPENS))

    def _put(self, pk: int, name: str, membership: Membership) -> None:
        self._by_record[pk] = membership
        if membership.step == OPENS:
            self._by_uid[name] = membership

    def case(self, name: str) -> Membership | None:
        """Give the case that bears an id, or whose opening once had it; ``None`` for none."""
        return self._by_uid.get(name)

    def of_record(self, record: RecordHead) -> Membership | None:
        """Say which case and step a record is, and remember it; ``None`` for a plain record."""
        membership = self._of_record(record)
        if membership is not None:
            self._put(record.pk, record.uid, membership)
        return membership

    def _of_record(self, record: RecordHead) -> Membership | None:
        before = self._by_record.get(record.replaces) if record.replaces else None
        if before is not None:
            return before
        if record.case:
            case = self._by_uid.get(record.case)
            if case is None:
                return None
            kind = self._kinds.carried(case.kind, record.version)
            step = record.step if kind is None else step_key(kind, _submission(record))
            return Membership(case.uid, case.kind, step)
        opened = self._kinds.opened(record.form, record.version)
        if opened is not None and self._kinds.reads_as_old(record.form, record.version):
            return None
        return None if opened is None else Membership(record.uid, opened.key, OPENS)


def _submission(record: RecordHead) -> Submission:
    return Submission(
        id=record.uid,
        form=record.form,
        unit=record.unit,
        date=record.date,
        answers=json.loads(record.answers),
        step=record.step or None,
    )


class StoredStep(NamedTuple):
    """The columns of a stored record that make it a step."""

    pk: int
    uid: str
    form: str
    version: str
    unit: str
    date: date
    with_units: str
    answers: str
    accepted_at: datetime
    retired_at: datetime | None
    hour: time | None
    doer: str


COLUMNS = (
    *("pk", "uid", "form", "pack_version", "unit", "date", "with_units", "answers"),
    *("accepted_at", "retired_at", "hour", "doer"),
)


@dataclass(slots=True)
class CaseRecords:
    """All steps of one case, with the definition by which it goes on."""

    uid: str
    kind: CaseKind
    steps: list[StepRecord] = field(default_factory=list)
    keys: dict[str, int] = field(default_factory=dict)  # record → its key
    forms: dict[str, tuple[str, str]] = field(default_factory=dict)  # record → form, version

    def opening_form(self, kinds: Kinds) -> Form | None:
        """Give the form that opened the case, as its version asked it."""
        opening = next((step for step in self.steps if step.step == OPENS), None)
        named = None if opening is None else self.forms.get(opening.record)
        return None if named is None else kinds.programmes.form_in(*named)


def case_records(uids: Iterable[str], kinds: Kinds) -> Iterator[CaseRecords]:
    """Give the steps of stored cases, retired ones too; of old records those that they adopt."""
    for some in chunks(sorted(set(uids)), 2000):
        numbers = dict(Number.objects.filter(uid__in=some).values_list("uid", "number"))
        members = Member.objects.filter(uid__in=some).order_by("uid", "record_id")
        columns = ("uid", "kind", "step", *(f"record__{name}" for name in COLUMNS))
        rows: dict[str, list[tuple[Membership, StoredStep]]] = {uid: [] for uid in some}
        for uid, kind, step, *record in members.values_list(*columns):
            rows[uid].append((Membership(uid, kind, step), StoredStep(*record)))
        yield from assembled(rows, numbers, _old(some, kinds), kinds)


def assembled(
    rows: Mapping[str, Sequence[tuple[Membership, StoredStep]]],
    numbers: Mapping[str, str],
    old: Mapping[str, AdoptedCase],
    kinds: Kinds,
) -> Iterator[CaseRecords]:
    """Put together what belongs to each case."""
    for uid, own in rows.items():
        adopted_case = old.get(uid)
        openings = [row for membership, row in own if membership.step == OPENS]
        if adopted_case is not None:
            key, version = adopted_case.kind.key, adopted_case.version
        elif openings:
            key, version = own[0][0].kind, openings[0].version
        else:
            continue
        kind = kinds.carried(key, version)
        if kind is None:
            continue
        case = CaseRecords(uid, kind)
        if adopted_case is not None:
            case.steps += adopted_case.steps
            case.keys |= adopted_case.keys
            case.forms |= adopted_case.forms
        for membership, row in own:
            number = numbers.get(uid, "") if membership.step == OPENS else ""
            case.steps.append(_step(membership, row, number))
            case.keys[row.uid] = row.pk
            case.forms[row.uid] = row.form, row.version
        yield case


def _step(membership: Membership, row: StoredStep, number: str) -> StepRecord:
    record = Submission(
        id=row.uid,
        form=row.form,
        unit=row.unit,
        date=row.date,
        answers=json.loads(row.answers),
        with_units=tuple(row.with_units.split()),
        time=row.hour,
        by=row.doer,
    )
    return step_of_record(
        record, membership.uid, membership.step, row.accepted_at, row.retired_at, number, row.pk
    )


@dataclass(slots=True)
class AdoptedCase:
    """A case read from the old records of a thing."""

    kind: CaseKind
    version: str  # of the pack with which its first record was filled in
    steps: list[StepRecord] = field(default_factory=list)
    keys: dict[str, int] = field(default_factory=dict)
    forms: dict[str, tuple[str, str]] = field(default_factory=dict)


def _old(uids: Collection[str], kinds: Kinds) -> dict[str, AdoptedCase]:
    datasets = {kind.adopts.dataset for kind in kinds.now.values() if kind.adopts is not None}
    if not datasets:
        return {}
    states = EntityState.objects.filter(entity__dataset__in=datasets, record__uid__in=uids)
    return adopted_cases(set(states.values_list("entity_id", flat=True)), kinds)


def adopted_cases(things: Iterable[int] | None, kinds: Kinds) -> dict[str, AdoptedCase]:
    """Read the records of things as cases, by their uid.

    :param things: keys of the things, ``None`` for every thing of every list that a kind adopts
    """
    by_dataset = {k.adopts.dataset: k for k in kinds.now.values() if k.adopts is not None}
    chosen = EntityState.objects.filter(entity__dataset__in=by_dataset)
    lots = [chosen] if things is None else [chosen.filter(entity__in=c) for c in chunks(things)]
    name = ("entity__dataset", "entity__unit", "entity__key", "properties")
    columns = (*name, "record__accepted_by__username", *(f"record__{column}" for column in COLUMNS))
    pairs: dict[str, list[tuple[str, StepRecord]]] = {dataset: [] for dataset in by_dataset}
    stored: dict[str, StoredStep] = {}
    for lot in lots if by_dataset else ():
        for dataset, unit, key, properties, doer, *record in lot.values_list(*columns).iterator():
            row = StoredStep(*record)
            stored[row.uid] = row
            whole = row._replace(doer=row.doer or doer or "")
            step = _step(Membership(row.uid, by_dataset[dataset].key, OPENS), whole, "")
            answers = {**step.answers, **json.loads(properties)}
            pairs[dataset].append((f"{unit}:{key}", replace(step, answers=answers)))
    cases: dict[str, AdoptedCase] = {}
    for dataset, own in pairs.items():
        kind = by_dataset[dataset]
        for step in adopted(kind, own):
            case = cases.setdefault(step.case, AdoptedCase(kind, stored[step.case].version))
            case.steps.append(step)
            row = stored[step.record]
            case.keys[row.uid] = row.pk
            case.forms[row.uid] = row.form, row.version
    return cases
