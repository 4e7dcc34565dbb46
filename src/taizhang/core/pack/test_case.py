"""The cases and things of a pack's test: steps from its records, tables for formulas, numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import cast

from taizhang.core.base.number_label import NumberPattern
from taizhang.core.case.counting import facts_of_case
from taizhang.core.case.fold import CaseWorld
from taizhang.core.case.step import StepRecord, end_of
from taizhang.core.case.submission import (
    adopted,
    kind_continued,
    kind_opened,
    step_key,
    step_of_record,
)
from taizhang.core.case.table import CaseTable
from taizhang.core.counting.fact import Fact, Submission
from taizhang.core.definition.case import OPENS, CaseKind
from taizhang.core.definition.programme import Programmes
from taizhang.core.definition.thing import ThingKind, kind_of
from taizhang.core.form import EntitySpec, Form
from taizhang.core.thing.fold import ThingRecord, ThingState, counted, fold_things, thing_uids


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A record of the test that was accepted, with its form and when it was retired."""

    record: Submission
    form: Form
    retired_at: datetime | None = None


@dataclass(slots=True)
class TestedCases:
    """The cases and things that the records of a test tell of."""

    programmes: Programmes
    world: CaseWorld
    today: date
    steps: list[tuple[str, StepRecord]] = field(default_factory=list)  # (kind, step)
    entries: Sequence[LedgerEntry] = ()
    strays: list[Submission] = field(default_factory=list)  # steps of no case

    __test__ = False  # pytest looks at names alone

    def take(self, entries: Sequence[LedgerEntry]) -> None:
        """Read the records of a test, in their order, as steps."""
        self.entries = entries
        kinds = self.programmes.cases
        serials: dict[tuple[str, str, int], int] = {}
        numbers: dict[str, str] = {}  # uid → number, which a correction keeps
        first: dict[str, str] = {}  # record → uid of the case that it opens
        named: dict[str, tuple[str, str]] = {}  # record → case and step
        for kind in kinds.values():
            self.steps += [(kind.key, step) for step in adopted(kind, self._old(kind))]
        kind_of = {step.case: kinds[key] for key, step in self.steps}
        for entry in entries:
            record = entry.record
            before = named.get(record.replaces or "")
            if record.case is None and before is not None:  # a correction stays what it corrects
                named[record.id] = before
                uid, step = before
                self._step(entry, kind_of[uid], uid, step)
            elif record.case is None:
                opened = kind_opened(kinds, record.form)
                if opened is None or self._adopts(entry) is not None:
                    if opened is None and kind_continued(kinds, record.form) is not None:
                        self.strays.append(record)
                    continue
                uid = first.get(record.replaces or "", record.id)
                first[record.id], kind_of[uid] = uid, opened
                if uid not in numbers:
                    numbers[uid] = _numbered(opened, record, serials)
                self._step(entry, opened, uid, OPENS, numbers[uid])
            elif (uid := first.get(record.case, record.case)) in kind_of:
                named[record.id] = uid, step_key(kind_of[uid], record)
                self._step(entry, kind_of[uid], *named[record.id])
            else:
                self.strays.append(record)

    def _step(
        self, entry: LedgerEntry, kind: CaseKind, uid: str, step: str, number: str = ""
    ) -> None:
        accepted = entry.record.accepted_at
        if accepted is not None:
            record = entry.record
            retired, serial = entry.retired_at, len(self.steps)
            made = step_of_record(record, uid, step, accepted, retired, number, serial)
            self.steps.append((kind.key, made))

    def _adopts(self, entry: LedgerEntry) -> CaseKind | None:
        """Give the kind that reads a record as one of its old ones."""
        spec = entry.form.entity
        if spec is None:
            return None
        adopting = (kind for kind in self.programmes.cases.values() if kind.adopts is not None)
        return next(
            (kind for kind in adopting if kind.adopts and kind.adopts.dataset == spec.dataset), None
        )

    def _old(self, kind: CaseKind) -> Iterator[tuple[str, StepRecord]]:
        entries = [entry for entry in self.entries if self._adopts(entry) is kind]
        whole = {entry.record.id: entry.record for entry in entries}
        for record in self._things(entries):
            accepted, sent = record.accepted_at, whole[record.record]
            yield (
                record.uid,
                StepRecord(
                    record=record.record,
                    case=record.record,
                    step=OPENS,
                    date=record.date,
                    unit=record.unit,
                    account=sent.by,
                    answers={**sent.answers, **record.properties},
                    accepted_at=accepted,
                    retired_at=record.retired_at,
                ),
            )

    def facts(self) -> tuple[Fact, ...]:
        """Give the facts that the cases state."""
        by_case: dict[tuple[str, str], list[StepRecord]] = {}
        for kind, step in self.steps:
            by_case.setdefault((kind, step.case), []).append(step)
        kinds = self.programmes.cases
        return tuple(
            fact
            for (kind, _), records in by_case.items()
            for fact in facts_of_case(kinds[kind], records, self.world)
        )

    def table(self) -> CaseTable:
        """Give the state table of the cases."""
        kinds = {step.case: self.programmes.cases[kind] for kind, step in self.steps}
        return CaseTable(kinds.get, self.steps, self.world, self.today)

    # things

    def standing(self, kind: ThingKind, on: date, known: date | None) -> Mapping[str, ThingState]:
        """Give the things of a kind on a day by uid, numbered in the order in which they began."""
        kinds = self.programmes.things_by_list[kind.dataset]
        entries = [
            entry
            for entry in self.entries
            if entry.form.entity is not None and entry.form.entity.dataset == kind.dataset
        ]
        records = list(self._things(entries))
        as_of = None if known is None else end_of(known)
        owners = self.world.ownership
        states = fold_things(kinds, records, (), owners, on, as_of, _given(kinds, records))
        return {uid: state for uid, state in states.items() if state.kind == kind.key}

    def things(
        self, kind: str, what: str, unit: str, first: date, last: date, as_of: date | None
    ) -> int:
        """Count things at a unit and below, as a Book asks."""
        homes = frozenset(self.world.ownership.history.tree(last).homes(unit)) | {unit}
        states = self.standing(self.programmes.things[kind], last, as_of)
        return counted(what, states.values(), homes, first, last)

    def _things(self, entries: Iterable[LedgerEntry]) -> Iterator[ThingRecord]:
        """Give what records say of each thing of their lists, in the order of the records."""
        rows = [
            (entry, key, properties) for entry in entries for key, properties in thing_rows(entry)
        ]
        named = [(entry.record.unit, key, entry.record.date) for entry, key, _ in rows]
        uids = thing_uids(named, self.world.ownership)
        for uid, (entry, _, properties) in zip(uids, rows, strict=True):
            record = entry.record
            if record.accepted_at is not None:
                yield ThingRecord(
                    record=record.id,
                    uid=uid,
                    unit=record.unit,
                    date=record.date,
                    accepted_at=record.accepted_at,
                    retired_at=entry.retired_at,
                    properties=properties,
                )


def _given(kinds: Sequence[ThingKind], records: Iterable[ThingRecord]) -> Mapping[str, str]:
    """Give the numbers of things by uid, in the order in which they began; none where adopted."""
    numbers: dict[str, str] = {}
    serials: dict[tuple[str, str, int], int] = {}
    for record in records:
        kind = kind_of(kinds, record.properties)
        if record.uid in numbers or kind is None or kind.adopted(record.properties):
            continue
        pattern, year = NumberPattern(kind.number), record.date.year
        counter = (kind.key, record.uid.partition(":")[0], pattern.counter(year))
        serials[counter] = serials.get(counter, 0) + 1
        numbers[record.uid] = pattern.number(year, serials[counter])
    return numbers


def _numbered(kind: CaseKind, record: Submission, serials: dict[tuple[str, str, int], int]) -> str:
    """Give the next number of the unit's counter."""
    pattern, year = NumberPattern(kind.number), record.date.year
    counter = (kind.key, record.unit, pattern.counter(year))
    serials[counter] = serials.get(counter, 0) + 1
    return pattern.number(year, serials[counter])


def thing_rows(entry: LedgerEntry) -> Iterator[tuple[str, dict[str, object]]]:
    """Give (name, answers by property) of each thing that a record speaks of."""
    spec, record = entry.form.entity, entry.record
    if spec is None:
        return
    repeat, dot, _ = spec.id_field.partition(".")
    rows = record.answers.get(repeat, ()) if dot else ({},)
    for row in cast(Sequence[Mapping[str, object]], rows):
        key = _answer(spec.id_field, row, record)
        if key not in (None, ""):
            yield str(key), _properties(spec, row, record)


def _properties(
    spec: EntitySpec, row: Mapping[str, object], record: Submission
) -> dict[str, object]:
    properties = {name: _answer(path, row, record) for name, path in spec.saves.items()}
    properties.setdefault(spec.id_field, _answer(spec.id_field, row, record))
    return properties


def _answer(path: str, row: Mapping[str, object], record: Submission) -> object:
    _, inner, name = path.partition(".")
    return row.get(name) if inner else record.answers.get(path)
