"""The rebuild: every fact, cube cell and state counted anew, and where the stored ones differ.

Works record by record into temporary tables (:mod:`.rebuild_persist`), so that memory stays
small however large the ledger.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from taizhang.core.base.issue import Issue, Level, Refused
from taizhang.core.counting.fact import Submission
from taizhang.core.unit.tree import History
from taizhang.web.base.bulk import Adapter
from taizhang.web.base.moment import Tell, one_moment, untold
from taizhang.web.ledger import models
from taizhang.web.ledger.canonical_json import answers_read, canonical
from taizhang.web.ledger.code import FactsCode, RecordCode
from taizhang.web.ledger.facts import rebuild_persist as tables
from taizhang.web.ledger.facts.credit import (
    Answers,
    answers_of,
    asked_since,
    credits_of,
    facts_timed,
)
from taizhang.web.ledger.facts.cube import CUBE_COLUMNS, Cells
from taizhang.web.ledger.facts.entity import EntityUpdate, Name, before_of, entity_updates, owner_of
from taizhang.web.ledger.facts.form_in_force import FormsInForce, forms_in_force
from taizhang.web.ledger.facts.projection import Projection, Told, projections
from taizhang.web.ledger.facts.projection_fact import cells_of, derived_rows
from taizhang.web.ledger.facts.stored_fact import (
    FACT_COLUMNS,
    StoredFact,
    cell_part,
    fact_rows,
    stored_fact,
)
from taizhang.web.units.queries import bodies, history

AT_ONCE = 2000  # records in memory


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild gave; ``issues`` says where the stored rows differed (a warning)."""

    digest: str
    records: int
    facts: int
    cells: int
    states: int  # of things
    issues: tuple[Issue, ...]


def rebuild(now: datetime) -> Rebuilt:
    """Count anew, compare, replace what differs; inside the lock of writers."""
    return _rebuilt(now, replaces=True)


def facts_agree(now: datetime) -> Rebuilt:
    """Count anew and compare at one moment; what differs is told and stays, and no writer waits."""
    with one_moment(scratch=True):
        return _rebuilt(now, replaces=False)


def _rebuilt(now: datetime, *, replaces: bool) -> Rebuilt:
    records, projected = _count_anew(untold, now)
    facts, states, credits = _facts_issues(), _states_issues(), _credits_issues()
    told = [issue for tale in projected for issue in tale.issues()]
    if replaces and facts:
        tables.facts_replace()
    if replaces and credits:
        tables.credits_replace()
    if replaces and states:
        tables.states_replace()
    # What a projection reads from the states of things may agree with states that were wrong.
    for tale in projected if replaces and (told or states) else ():
        tale.replace()
    tables.tables_drop()
    digest, stored, cells, standing = facts_digest()
    return Rebuilt(digest, records, stored, cells, standing, (*facts, *states, *credits, *told))


@dataclass(frozen=True, slots=True)
class Agreed:
    """What counting anew gave: so many records were gone through, and FACTS_004 or nothing."""

    records: int
    issues: tuple[Issue, ...]


def facts_verify(now: datetime, tell: Tell = untold) -> Agreed:
    """Count anew and compare at one moment, and leave everything as it is; no writer waits."""
    with one_moment(scratch=True):
        records, projected = _count_anew(tell, now)
        differences = [*_facts_issues(), *_states_issues(), *_credits_issues()]
        differences += [issue for tale in projected for issue in tale.issues()]
        tables.tables_drop()
    return Agreed(records, (Issue(FactsCode.FACTS_004),) if differences else ())


def _facts_issues() -> tuple[Issue, ...]:
    different = tables.facts_compare()
    if not different.facts and not different.cells:
        return ()
    uid = "-"
    if different.record:
        uid = models.Record.objects.values_list("uid", flat=True).get(pk=different.record)
    facts = {"facts": different.facts, "cells": different.cells, "id": uid}
    return (Issue(FactsCode.FACTS_001, facts=facts, level=Level.WARNING),)


def _states_issues() -> tuple[Issue, ...]:
    states, entities = tables.states_compare()
    if not states and not entities:
        return ()
    facts = {"states": states, "things": entities}
    return (Issue(FactsCode.FACTS_003, facts=facts, level=Level.WARNING),)


def _credits_issues() -> tuple[Issue, ...]:
    different = tables.credits_compare()
    if not different:
        return ()
    return (Issue(FactsCode.FACTS_005, facts={"credits": different}, level=Level.WARNING),)


def facts_digest() -> tuple[str, int, int, int]:
    """Give the digest over all facts, cells and states as stored, and how many there are of each.

    Rows are taken in the order of record ids, ordinals and units, and of the cells' and things'
    keys; keys that the database hands out do not enter, so that two ledgers that state the same
    agree.
    """
    digest = hashlib.sha256()
    counts = []
    for rows in _digested():
        counts.append(0)
        for row in rows:
            digest.update(canonical([_plain(value) for value in row]).encode() + b"\n")
            counts[-1] += 1
        digest.update(b"\n")
    return digest.hexdigest(), counts[0], counts[1], counts[2]


def _digested() -> Iterator[Iterator[tuple[Any, ...]]]:
    """Give facts, cells, states and things, each in an order that depends on no key handed out."""
    names = [name for name in FACT_COLUMNS if name != "record_id"]
    facts = models.Fact.objects.order_by("record__uid", "ordinal", "unit")
    yield facts.values_list("record__uid", *names).iterator(chunk_size=5000)
    cells = models.Cube.objects.order_by("measure", "unit", "month", "dims")
    yield cells.values_list(*CUBE_COLUMNS).iterator(chunk_size=5000)
    name = ("entity__dataset", "entity__unit", "entity__key")
    told = ("unit", "date", "label", "properties", "due", "accepted_at", "retired_at")
    states = models.EntityState.objects.order_by(*name, "record__uid")
    yield states.values_list(*name, "record__uid", *told).iterator(chunk_size=5000)
    things = models.Entity.objects.order_by("dataset", "unit", "key")
    columns = ("dataset", "unit", "key", "latest__record__uid", "due")
    yield things.values_list(*columns).iterator(chunk_size=5000)
    for projection in projections():
        yield from projection.digested()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


class StoredRecord(NamedTuple):
    """The columns of a stored record that are read to count it anew.

    ``unit`` is that at which it counts: of what a body sent, the one beside it.
    """

    pk: int
    form: str
    pack_version: str
    unit: str
    date: date
    with_units: str
    answers: str
    accepted_at: datetime
    retired_at: datetime | None
    step: str

    @property
    def credited(self) -> tuple[str, ...]:
        """Give the units it credits; those that a step of a case names help and get no credit."""
        return () if self.step else tuple(self.with_units.split())


def _count_anew(tell: Tell, now: datetime) -> tuple[int, list[Told]]:
    """Put what every record states into temporary tables.

    Give how many records there are, and what the projections tell beside their facts.
    """
    tables.tables_make()
    states, forms, adapter = _States(history()), forms_in_force(), Adapter()
    beside = bodies()
    asked = asked_since()
    total = models.Record.objects.filter(withdraws=None).count()
    count = last = 0
    while True:
        later = models.Record.objects.filter(pk__gt=last, withdraws=None).order_by("pk")
        rows = map(StoredRecord._make, later.values_list(*StoredRecord._fields)[:AT_ONCE])
        records = [row._replace(unit=beside.seat(row.unit, row.date)) for row in rows]
        if not records:
            return count, [_projected(projection, adapter, now) for projection in projections()]
        cells = Cells()
        fact_lines: list[tuple[Any, ...]] = []
        state_lines: list[tuple[Any, ...]] = []
        credit_lines: list[tuple[Any, ...]] = []
        answers = answers_of([record.pk for record in records if record.credited])
        for record in records:
            facts, updates = stated(forms, record)
            moments = adapter.moment(record.accepted_at), adapter.moment(record.retired_at)
            if record.credited:
                fact_rows_, credit_rows = _credited(record, facts, answers, asked, adapter)
                fact_lines.extend(fact_rows_)
                credit_lines.extend(credit_rows)
            else:
                fact_lines.extend(fact_rows(record.pk, facts, adapter, *moments))
            state_lines.extend(states.rows(record, updates, adapter, moments))
            if record.retired_at is None:
                cells.add(map(cell_part, facts))
        tables.rows_put(fact_lines, cells, state_lines, credit_lines)
        count += len(records)
        last = records[-1].pk
        tell(count, total)


def _projected(projection: Projection, adapter: Adapter, now: datetime) -> Told:
    told = projection.anew(now)
    tables.rows_put(derived_rows(told.facts, adapter), cells_of(told.facts), (), ())
    return told


def _credited(
    record: StoredRecord,
    facts: Sequence[StoredFact],
    answers: Mapping[int, Answers],
    asked: datetime | None,
    adapter: Adapter,
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Give the rows of the facts of a record that credits other units, and of these credits."""
    standing = credits_of(record.credited, record.accepted_at, answers.get(record.pk, {}), asked)
    lines: list[tuple[Any, ...]] = []
    for fact, *moments in facts_timed(facts, standing, record.accepted_at, record.retired_at):
        begins, ends = map(adapter.moment, moments)
        lines.extend(fact_rows(record.pk, (fact,), adapter, begins, ends))
    return lines, [(record.pk, unit, credit.state.value) for unit, credit in standing.items()]


def stated(
    forms: FormsInForce, stored: StoredRecord
) -> tuple[list[StoredFact], tuple[EntityUpdate, ...]]:
    """Give the facts that a stored record states, for each unit that it names, and its updates.

    :raises Refused: RECORD_007 where no pack ever had its form
    """
    form = forms.form(stored.form, stored.date, stored.pack_version)
    if form is None:
        known = ", ".join(sorted(forms.programmes(stored.date).forms))
        facts = {"form": stored.form, "date": stored.date, "known": known}
        raise Refused([Issue(RecordCode.RECORD_007, facts=facts)])
    record = Submission(
        id=str(stored.pk),
        form=stored.form,
        unit=stored.unit,
        date=stored.date,
        answers=answers_read(stored.answers),
        with_units=stored.credited,
    )
    counted = [stored_fact(fact) for fact in form.counter.facts(record)]
    return counted, entity_updates(record, form.form)


class _States:
    """The states that records tell of, told anew in the order of their acceptance.

    Which entity a name means follows from what was told before (:mod:`.entity`).
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._known: set[Name] = set()
        self._before: dict[tuple[str, date], tuple[str, ...]] = {}

    def rows(
        self,
        record: StoredRecord,
        updates: tuple[EntityUpdate, ...],
        adapter: Adapter,
        moments: tuple[Any, Any],
    ) -> Iterator[tuple[Any, ...]]:
        """Give the rows of one record; records come in the order of their acceptance."""
        day = adapter.day(record.date)
        for update in updates:
            owner = self._owner(update, record.unit, record.date)
            self._known.add(owner)
            told = (record.unit, day, update.label, update.properties, adapter.day(update.due))
            yield (*owner, record.pk, *told, *moments)

    def _owner(self, update: EntityUpdate, unit: str, day: date) -> Name:
        if (unit, day) not in self._before:
            self._before[unit, day] = before_of(unit, day, self._history)
        codes = (unit, *self._before[unit, day])
        names = [(update.dataset, code, update.key) for code in codes]
        return owner_of([name for name in names if name in self._known], names[0])
