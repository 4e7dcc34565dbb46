"""The small ledger that a pack's test writes down: units, records, closings, targets, decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from fractions import Fraction
from typing import cast

from taizhang.core.aggregate.reference_engine import ZONE, ReferenceEngine
from taizhang.core.base.issue import Issue, Level, Place
from taizhang.core.base.period import Period, parse_period
from taizhang.core.base.yaml_source import YamlList, YamlMap, near
from taizhang.core.book import AppealedPoints, Book
from taizhang.core.case.fold import CaseWorld
from taizhang.core.case.submission import kind_opened, sum_refused
from taizhang.core.case.working_day import shipped_working_days
from taizhang.core.counting.counter import facts_of
from taizhang.core.counting.fact import Fact, Submission
from taizhang.core.counting.measure import CountingRule
from taizhang.core.definition.programme import Programmes, UnknownName
from taizhang.core.form import Form, checker_of
from taizhang.core.form.entity_reference import entity_references
from taizhang.core.formula import NameScope
from taizhang.core.pack.code import PackTestCode
from taizhang.core.pack.reader import PackReader
from taizhang.core.pack.test_case import LedgerEntry, TestedCases, thing_rows
from taizhang.core.unit.body import Bodies, Body
from taizhang.core.unit.ownership import Ownership
from taizhang.core.unit.tree import ChangeKind, History, Unit, UnitChange, UnitLevel

Table = Mapping[str, object]

#: The tree of a test that names no units: a district, two streets, three communities, a village.
DEFAULT_UNITS: tuple[tuple[str, str, str, str, str | None], ...] = (
    ("900101000000", "试验区", "district", "市辖区", None),
    ("900101001000", "东街道", "street", "街道", "900101000000"),
    ("900101001001", "东一社区", "community", "社区", "900101001000"),
    ("900101001002", "东二社区", "community", "社区", "900101001000"),
    ("900101002000", "西街道", "street", "街道", "900101000000"),
    ("900101002001", "西一社区", "community", "社区", "900101002000"),
    ("900101002201", "西村", "community", "村", "900101002000"),
)


@dataclass(slots=True)
class PackTestLedger:
    """What a test file says, ready to be asked."""

    programmes: Programmes
    home: str
    reader: PackReader
    today: date
    as_of: date
    tree: date | None = None
    public: bool = False
    units: dict[str, Unit] = field(default_factory=dict)
    history: History = field(default_factory=lambda: History(()))
    bodies: Bodies = field(default_factory=Bodies)
    entries: list[LedgerEntry] = field(default_factory=list)
    facts: tuple[Fact, ...] = ()
    cases: TestedCases = field(init=False)
    refused: list[Issue] = field(default_factory=list)
    everything_closed: bool = True
    #: Pack, unit, period, and the day on which a person closed it; without: in time.
    closings: list[tuple[str, str, Period, date | None]] = field(default_factory=list)
    targets: dict[tuple[str, str, Period], Fraction] = field(default_factory=dict)
    decisions: dict[tuple[str, str, Period], Table] = field(default_factory=dict)

    def book(self) -> Book:
        """Open the ledger as every reader of it wants it."""
        return Book(
            programmes=self.programmes,
            history=self.history,
            engine=ReferenceEngine(self.facts, self.history),
            today=self.today,
            as_of=self.as_of,
            closings=self,
            targets=self,
            answers=self,
            entities=self,
            records=self,
            cases=self.cases.table(),
            things=self.cases,
            tree=self.tree,
            public=self.public,
        )

    def unit(self, name: str, line: int | None) -> str:
        """Give the code of a unit named by code or name; an issue and ``""`` for none."""
        if name in self.units or name in self.bodies:
            return name
        codes = [unit.code for unit in self.units.values() if unit.name == name]
        codes += [body.code for body in self.bodies.bodies if body.name == name]
        if len(set(codes)) != 1:
            known = near(name, [unit.name for unit in self.units.values()])
            self.reader.issues.append(
                Issue(PackTestCode.TEST_002, self._at(line), {"name": name, "known": known})
            )
            return ""
        return codes[0]

    def period(self, text: str, line: int | None) -> Period | None:
        """Read a period; an issue where it is none."""
        try:
            return parse_period(text)
        except ValueError:
            self.reader.issues.append(Issue(PackTestCode.TEST_005, self._at(line), {"text": text}))
            return None

    def _at(self, line: int | None) -> Place:
        return Place(self.reader.file, line)

    # what a Book asks

    def closed(
        self, pack: str, units: Sequence[str], period: Period, as_of: date
    ) -> Mapping[str, frozenset[int]]:
        """Give the closed months of units; ``closed: all`` closes every month that has ended."""
        ended = [month for month in period.months() if month.end <= as_of]
        if self.everything_closed:
            months = frozenset(month.number for month in ended)
            return dict.fromkeys(units, months) if months else {}
        by_unit: dict[str, set[int]] = {}
        for named, unit, span, on in self.closings:
            if unit in units and named in ("", pack) and (on is None or on <= as_of):
                numbers = {month.number for month in ended if month.start in span}
                by_unit.setdefault(unit, set()).update(numbers)
        return {unit: frozenset(months) for unit, months in by_unit.items() if months}

    def closed_by_people(
        self, pack: str, units: Sequence[str], period: Period, as_of: date
    ) -> Mapping[str, frozenset[int]]:
        """Give the closed months: in a test all are closed by people."""
        return self.closed(pack, units, period, as_of)

    def handed(self, measure: str, unit: str, period: Period) -> Fraction | None:
        """Give the quota that the test hands to a unit."""
        return self.targets.get((measure, unit, period))

    def answer(self, rubric: str, item: str, unit: str, period: Period) -> Table:
        """Give what the test decides for an item of the rubric."""
        return self.decisions.get((item, unit, period), {})

    def appealed(self, rubric: str, unit: str, period: Period) -> Mapping[str, AppealedPoints]:
        """Know no appeal: a test states points as they were decided."""
        return {}

    def states(
        self, dataset: str, unit: str, on: date, as_of: date | None
    ) -> Sequence[Mapping[str, object]]:
        """Give the entities of a dataset below a unit as their latest record by ``on`` says."""
        homes = self.history.tree(on).homes(unit)
        latest: dict[tuple[str, str], tuple[date, int, Mapping[str, object]]] = {}
        for number, entry in enumerate(self.entries):
            record = entry.record
            if record.unit not in homes and record.unit != unit:
                continue
            if record.date > on or not _stands(entry, as_of):
                continue
            for key, state in _states(entry, dataset):
                before = latest.get((record.unit, key))
                if before is None or (record.date, number) >= before[:2]:
                    latest[record.unit, key] = (record.date, number, state)
        return [latest[key][2] for key in sorted(latest)]

    def latest(
        self, form: str, unit: str, period: Period, limit: int, as_of: date | None
    ) -> Sequence[Submission]:
        """Give the last ``limit`` live records of a form below a unit, oldest first."""
        homes = self.history.tree(period.end).homes(unit)
        records = [
            entry.record
            for entry in self.entries
            if entry.record.form == form
            and entry.record.unit in homes
            and entry.record.date in period
            and _stands(entry, as_of)
        ]
        return sorted(records, key=lambda record: record.date)[-limit:]


def _stands(entry: LedgerEntry, as_of: date | None) -> bool:
    accepted, retired = entry.record.accepted_at, entry.retired_at
    if as_of is None:
        return retired is None
    if accepted is not None and accepted.date() > as_of:
        return False
    return retired is None or retired.date() > as_of


def _states(entry: LedgerEntry, dataset: str) -> Iterator[tuple[str, dict[str, object]]]:
    spec, record = entry.form.entity, entry.record
    if spec is None or spec.dataset != dataset:
        return
    for key, state in thing_rows(entry):
        due = state.get(spec.due_field or "")
        state.update(entity=key, unit=record.unit, date=record.date, due=due or None)
        yield key, state


def ledger_of(
    content: YamlMap, programmes: Programmes, home: str, reader: PackReader
) -> PackTestLedger:
    """Read the ledger that a test file writes down; every fault is an issue of ``reader``."""
    table = reader.table(content, "tests/KEY.yaml", "the test", content.line)
    today = cast(date, table.get("today", date(2027, 1, 1)))
    ledger = PackTestLedger(
        programmes,
        home,
        reader,
        today,
        cast(date, table.get("as_of", today)),
        cast("date | None", table.get("tree")),
        bool(table.get("public", False)),
    )
    _units(table, ledger)
    _records(table.get("records"), ledger)
    _closings(table.get("closed"), ledger)
    for row, line in _rows(table.get("targets"), "targets", reader):
        key = _handed(ledger, str(row.get("measure", "")))
        period = ledger.period(str(row.get("period", "")), line)
        if period is not None:
            code = ledger.unit(str(row.get("unit", "")), line)
            ledger.targets[key, code, period] = cast(Fraction, row.get("amount", Fraction(0)))
    for row, line in _rows(table.get("decisions"), "decisions", reader):
        period = ledger.period(str(row.get("period", "")), line)
        if period is not None:
            code = ledger.unit(str(row.get("unit", "")), line)
            item = str(row.get("item", ""))
            ledger.decisions[item, code, period] = cast(Table, row.get("answer", {}))
    return ledger


def _rows(value: object, name: str, reader: PackReader) -> Iterator[tuple[dict[str, object], int]]:
    if isinstance(value, YamlList):
        for mapping, line in zip(value, value.lines, strict=True):
            yield reader.table(mapping, name, name, line), line


def _handed(ledger: PackTestLedger, name: str) -> str:
    """Give the qualified key of what a quota is handed down for: an indicator or a measure."""
    try:
        return NameScope(ledger.programmes, ledger.home).find(name, indicator_first=True).key
    except UnknownName:
        return name


def _units(table: Table, ledger: PackTestLedger) -> None:
    units: list[Unit] = []
    for row, _ in _rows(table.get("units"), "units", ledger.reader):
        units.append(
            Unit(
                code=str(row.get("code", "")),
                name=str(row.get("name", "")),
                level=UnitLevel(str(row.get("level", "community"))),
                kind=str(row.get("kind", "")),
                parent=cast("str | None", row.get("parent")),
                valid_from=cast("date | None", row.get("valid_from")),
                valid_to=cast("date | None", row.get("valid_to")),
            )
        )
    if not units:
        units = [
            Unit(code=code, name=name, level=UnitLevel(level), kind=kind, parent=parent)
            for code, name, level, kind, parent in DEFAULT_UNITS
        ]
    ledger.units = {unit.code: unit for unit in units}
    changes = [
        UnitChange(
            date=cast(date, row["date"]),
            kind=ChangeKind(str(row["change"])),
            sources=tuple(ledger.unit(name, line) for name in cast("tuple[str, ...]", row["from"])),
            targets=tuple(ledger.unit(name, line) for name in cast("tuple[str, ...]", row["to"])),
        )
        for row, line in _rows(table.get("changes"), "changes", ledger.reader)
        if {"date", "change", "from", "to"} <= set(row)
    ]
    ledger.history = History(units, changes)
    ledger.bodies = Bodies(
        Body(
            code=str(row.get("code", "")),
            name=str(row.get("name", "")),
            kind=str(row.get("kind", "")),
            parent=ledger.unit(str(row.get("parent", "")), line),
            may_record=bool(row.get("may_record", False)),
            may_own=bool(row.get("may_own", False)),
            valid_from=cast("date | None", row.get("valid_from")),
            valid_to=cast("date | None", row.get("valid_to")),
        )
        for row, line in _rows(table.get("bodies"), "bodies", ledger.reader)
    )


def _closings(value: object, ledger: PackTestLedger) -> None:
    if value is None or value == "all":
        return
    ledger.everything_closed = False
    for row, line in _rows(value, "closed", ledger.reader):
        period = ledger.period(str(row.get("period", "")), line)
        code = ledger.unit(str(row.get("unit", "")), line)
        if period is not None:
            on = cast("date | None", row.get("on"))
            ledger.closings.append((str(row.get("pack", "")), code, period, on))


def _records(value: object, ledger: PackTestLedger) -> None:
    by_id: dict[str, int] = {}
    lines: dict[str, int] = {}
    for index, (row, line) in enumerate(_rows(value, "records", ledger.reader)):
        times = cast(int, row.get("times", 1))
        for number in range(max(times, 1)):
            name = str(row.get("id", f"record{index + 1}"))
            identity = name if number == 0 else f"{name}/{number + 1}"
            entry = _entry(row, line, identity, ledger)
            if entry is None:
                continue
            lines[identity] = line
            before = entry.record.replaces or entry.record.withdraws
            if before is not None:
                _retire(before, entry, line, by_id, ledger)
            if entry.record.withdraws is None:
                by_id[identity] = len(ledger.entries)
                ledger.entries.append(entry)
    ledger.cases = TestedCases(
        ledger.programmes,
        CaseWorld(Ownership(ledger.history, ledger.bodies), shipped_working_days()),
        ledger.today,
    )
    ledger.cases.take(ledger.entries)
    opening = [
        entry.record.id
        for entry in ledger.entries
        if kind_opened(ledger.programmes.cases, entry.form.key)
    ]
    for stray in ledger.cases.strays:
        place = Place(ledger.reader.file, lines[stray.id])
        facts = {"form": stray.form, "known": near(stray.case or "", opening)}
        ledger.reader.issues.append(Issue(PackTestCode.TEST_010, place, facts))
    counted = (
        replace(fact, retired_at=entry.retired_at)
        for entry in ledger.entries
        for fact in facts_of(entry.record, entry.form, _rules(ledger, entry.form))
    )
    ledger.facts = (*counted, *ledger.cases.facts())


def _rules(ledger: PackTestLedger, form: Form) -> tuple[CountingRule, ...]:
    return ledger.programmes.counting.get(form.key, ())


def _retire(
    before: str, entry: LedgerEntry, line: int, by_id: Mapping[str, int], ledger: PackTestLedger
) -> None:
    if before not in by_id:
        place = Place(ledger.reader.file, line)
        ledger.reader.issues.append(Issue(PackTestCode.TEST_007, place, {"name": before}))
        return
    at = by_id[before]
    ledger.entries[at] = replace(ledger.entries[at], retired_at=entry.record.accepted_at)


def _entry(row: Table, line: int, identity: str, ledger: PackTestLedger) -> LedgerEntry | None:
    place = Place(ledger.reader.file, line)
    name = str(row.get("form", ""))
    try:
        form = ledger.programmes.form(name, ledger.home)
    except UnknownName:
        known = near(name, [key.rpartition(".")[2] for key in ledger.programmes.forms])
        ledger.reader.issues.append(
            Issue(PackTestCode.TEST_006, place, {"name": name, "known": known})
        )
        return None
    code = ledger.unit(str(row.get("unit", "")), line)
    day = row.get("date")
    if not code or not isinstance(day, date):
        return None
    withdraws = cast("str | None", row.get("withdraws"))
    answers = cast(Mapping[str, object], row.get("answers", {}))
    clean, issues = checker_of(form).take(answers, place, day) if not withdraws else ({}, ())
    wrong = [issue for issue in issues if issue.level is Level.ERROR]
    if wrong:
        ledger.refused.extend(wrong)
        return None
    others = tuple(ledger.unit(name, line) for name in cast("tuple[str, ...]", row.get("with", ())))
    accepted = cast(date, row.get("accepted", day))
    if unknown := _unknown_picked(form, code, day, clean, place, ledger):
        ledger.refused.extend(unknown)
        return None
    record = Submission(
        id=identity,
        form=form.key,
        unit=code,
        date=day,
        answers=clean,
        with_units=others,
        replaces=cast("str | None", row.get("replaces")),
        withdraws=withdraws,
        reason=str(row.get("reason", "")),
        accepted_at=_moment(accepted, row),
        case=cast("str | None", row.get("case")),
        step=cast("str | None", row.get("step")),
        time=_hour(row),
        by=str(row.get("by", "")),
    )
    if ended := sum_refused(ledger.programmes, record, form, place):
        ledger.refused.extend(ended)
        return None
    return LedgerEntry(record, form)


def _hour(row: Table) -> time | None:
    """Read a time of day, ``None`` where there is none."""
    try:
        return time.fromisoformat(str(row["time"])) if "time" in row else None
    except ValueError:
        return None


def _moment(accepted: date, row: Table) -> datetime:
    """Give the moment of acceptance: noon, or the hour of the record on its own day."""
    hour = _hour(row) if accepted == row.get("date") else None
    return datetime.combine(accepted, hour or time(12), ZONE)


def _unknown_picked(
    form: Form,
    unit: str,
    day: date,
    answers: Mapping[str, object],
    place: Place,
    ledger: PackTestLedger,
) -> list[Issue]:
    """Find answers that pick a thing which no record before began for the unit."""
    forms = ledger.programmes.forms.values()
    lists = {known.entity.dataset for known in forms if known.entity is not None}
    unknown = []
    for reference in entity_references(form, answers, lists):
        states = ledger.states(reference.dataset, unit, day, None)
        own = (
            state
            for state in states
            if state["unit"] == unit or ledger.history.unit_on(str(state["unit"]), day) is None
        )
        if all(str(state["entity"]) != reference.key for state in own):
            unknown.append(reference.unknown(place, forms))
    return unknown
