"""Judges records against forms, packs and the tree; writes nothing.

Everything a record must satisfy by itself stands here, once for the phone, the file and the API.
What depends on other records (same id, replaced record) is settled in :mod:`.settle`, inside the
transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeAlias

from django.utils import timezone

from taizhang.core.counting import Counter
from taizhang.core.fact import Fact, Record, dims_text
from taizhang.core.form import Form
from taizhang.core.form.check import Checker
from taizhang.core.form.picked import Picked, list_of, picked
from taizhang.core.issue import Issue, Level, Place
from taizhang.core.programme import Programmes, UnknownName
from taizhang.core.unit import History
from taizhang.web.accounts.access import may
from taizhang.web.accounts.models import User
from taizhang.web.audit.actions import seal
from taizhang.web.ledger.code import RecordCode
from taizhang.web.ledger.models import ENTITY
from taizhang.web.ledger.submission import canonical, content_text
from taizhang.web.programmes import queries as programmes
from taizhang.web.programmes.queries import Installed
from taizhang.web.units.queries import history

#: ordinal, measure, unit, date, month, low, high, kind, dims, entity, person, joint
FactRow: TypeAlias = tuple[
    int, str, str, date, int, int | None, int | None, int, str, str | None, str | None, bool
]


@dataclass(frozen=True, slots=True)
class Said:
    """What a record says about one entity."""

    dataset: str
    key: str
    label: str
    properties: str  # canonical JSON
    due: date | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A record found good: what will be stored of it and what it states."""

    place: Place
    uid: str
    form: str  # qualified
    pack: str
    version: str
    unit: str
    date: date
    with_units: tuple[str, ...]
    answers: str  # clean, canonical JSON
    digest: str
    seal: bytes  # keyed digest of what will be stored, for the log
    replaces: str | None
    withdraws: str | None
    reason: str
    facts: tuple[FactRow, ...]
    said: tuple[Said, ...]
    picked: tuple[Picked, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """A form in force with its checks and counting rules made ready."""

    form: Form
    pack: str
    version: str
    kinds: frozenset[str]
    checker: Checker
    counter: Counter
    lists: frozenset[str]  # lists of things from which its fields pick


class Rules:
    """The packs in force day by day, read once."""

    def __init__(self, versions: tuple[Installed, ...]) -> None:
        self._versions = versions
        self._programmes: dict[date, Programmes] = {}
        self._desks: dict[tuple[date, str], Desk | None] = {}

    def programmes(self, day: date) -> Programmes:
        """Give the packs in force on a day."""
        found = self._programmes.get(day)
        if found is None:
            found = programmes.programmes_of(programmes.in_force(self._versions, day))
            self._programmes[day] = found
        return found

    def desk(self, form: str, day: date) -> Desk | None:
        """Give a form in force on a day, by qualified or unique bare key."""
        key = (day, form)
        if key not in self._desks:
            self._desks[key] = _desk(self.programmes(day), form)
        return self._desks[key]


def rules() -> Rules:
    """Give the rules of the packs installed now; those of the same packs are kept in memory."""
    return _rules(programmes.installed())


_rules = lru_cache(maxsize=4)(Rules)


class Judge:
    """Judges many records on behalf of one user at one moment.

    Reads tree, packs and permissions once, so that the judging of a record asks the database
    nothing.
    """

    def __init__(self, acting_user: User, now: datetime) -> None:
        self.today = timezone.localdate(now)
        self.history: History = history()
        self.rules = rules()
        self._user = acting_user
        self._allowed: dict[str, bool] = {}

    def judge(
        self, record: Record, digest: str, place: Place
    ) -> tuple[Judged | None, tuple[Issue, ...]]:
        """Give what is to be stored of a record, or nothing, with every issue and warning.

        :param digest: of its content, by which it will be known when it comes again
        """
        issues = self._head(record, place)
        desk = self.rules.desk(record.form, record.date)
        if desk is None:
            found = self.rules.programmes(record.date).forms
            facts = {"form": record.form, "date": record.date, "known": ", ".join(sorted(found))}
            issues.append(Issue(RecordCode.RECORD_007, place, facts))
            return None, tuple(issues)
        self._units(record, desk, issues, place)
        answers: Mapping[str, object] = {}
        if record.withdraws is None:
            answers, wrong = desk.checker.take(record.answers, place, record.date)
            issues.extend(wrong)
        elif record.answers:
            issues.append(Issue(RecordCode.RECORD_017, place))
        if any(issue.level is Level.ERROR for issue in issues):
            return None, tuple(issues)
        text = canonical(answers)
        record = replace(record, form=desk.form.key, answers=answers_read(text))
        rows, said = self._states(record, desk, issues, place)
        if record.pack_version not in (None, desk.version):
            named = {"version": record.pack_version, "pack": desk.pack, "ruling": desk.version}
            issues.append(Issue(RecordCode.RECORD_021, place, named, Level.WARNING))
        if any(issue.level is Level.ERROR for issue in issues):
            return None, tuple(issues)
        stored = content_text(
            record.id,
            desk.form.key,
            desk.version,
            record.unit,
            record.date,
            record.with_units,
            text,
            digest,
            record.replaces,
            record.withdraws,
            record.reason,
        )
        judged = Judged(
            place,
            record.id,
            desk.form.key,
            desk.pack,
            desk.version,
            record.unit,
            record.date,
            record.with_units,
            text,
            digest,
            seal(stored),
            record.replaces,
            record.withdraws,
            record.reason,
            rows,
            said,
            self._picked(record, desk),
        )
        return judged, tuple(issues)

    def _picked(self, record: Record, desk: Desk) -> tuple[Picked, ...]:
        if record.withdraws is not None or not desk.lists:
            return ()
        return tuple(picked(desk.form, record.answers, desk.lists))

    def may_record(self, unit: str) -> bool:
        """Say whether the user may record for a unit."""
        if unit not in self._allowed:
            self._allowed[unit] = may(self._user, "record.accept", unit)
        return self._allowed[unit]

    def _head(self, record: Record, place: Place) -> list[Issue]:
        issues = []
        if record.date > self.today:
            facts = {"date": record.date, "today": self.today}
            issues.append(Issue(RecordCode.RECORD_008, place, facts))
        if not self.may_record(record.unit):
            issues.append(Issue(RecordCode.RECORD_019, place, {"unit": record.unit}))
        if record.replaces and record.withdraws:
            issues.append(Issue(RecordCode.RECORD_016, place))
        if (record.replaces or record.withdraws) and not record.reason:
            issues.append(Issue(RecordCode.RECORD_015, place))
        seen = {record.unit}
        for code in record.with_units:
            if code in seen:
                issues.append(Issue(RecordCode.RECORD_011, place, {"unit": code}))
            seen.add(code)
        return issues

    def _units(self, record: Record, desk: Desk, issues: list[Issue], place: Place) -> None:
        for code in (record.unit, *record.with_units):
            unit = self.history.unit_on(code, record.date)
            if unit is None:
                facts: dict[str, object] = {"unit": code, "date": record.date}
                issues.append(Issue(RecordCode.RECORD_009, place, facts))
            elif unit.kind not in desk.kinds:
                kinds = ", ".join(sorted(desk.kinds))
                facts = {"unit": code, "kind": unit.kind, "pack": desk.pack, "kinds": kinds}
                issues.append(Issue(RecordCode.RECORD_010, place, facts))

    def _states(
        self, record: Record, desk: Desk, issues: list[Issue], place: Place
    ) -> tuple[tuple[FactRow, ...], tuple[Said, ...]]:
        """Give facts and entity states, with an issue for what cannot be stored."""
        if record.withdraws is not None:
            return (), ()
        stated = desk.counter.facts(record)
        for day in sorted({fact.date for fact in stated if fact.date > self.today}):
            facts = {"date": day, "today": self.today}
            issues.append(Issue(RecordCode.RECORD_008, place, facts))
        said = said_of(record, desk.form)
        names = [one.key for one in said]
        names += [name for fact in stated for name in (fact.entity, fact.person) if name]
        if any(len(name) > ENTITY for name in names):
            field = desk.form.entity.id_field if desk.form.entity else "entity"
            issues.append(Issue(RecordCode.RECORD_005, place, {"field": field, "most": ENTITY}))
        return tuple(map(fact_row, stated)), said


_desks: dict[tuple[tuple[str, ...], str], Desk | None] = {}


def _desk(packs: Programmes, name: str) -> Desk | None:
    # Rules of other packs may count a form, so what is in force together makes the desk.
    key = (tuple(pack.digest for pack in packs.packs), name)
    if key not in _desks:
        try:
            form = packs.form(name)
        except UnknownName:
            return None
        pack = packs.by_key[form.key.partition(".")[0]]
        counter = Counter(form, packs.counting.get(form.key, ()))
        kinds = frozenset(pack.unit_kinds)
        kept = {one.entity.dataset for one in packs.forms.values() if one.entity is not None}
        lists = frozenset(map(list_of, form.fields)) & kept
        _desks[key] = Desk(form, pack.key, pack.version, kinds, Checker(form), counter, lists)
    return _desks[key]


def answers_read(text: str) -> dict[str, Any]:
    """Read stored answers; facts are always counted from these, so that a rebuild agrees."""
    found: dict[str, Any] = json.loads(text)
    return found


def said_of(record: Record, form: Form) -> tuple[Said, ...]:
    """Give what a record says about entities, one state a repeat row where rows name them."""
    spec = form.entity
    if spec is None:
        return ()
    repeat, dot, _ = spec.id_field.partition(".")
    rows: Sequence[Mapping[str, Any]] = record.answers.get(repeat, ()) if dot else ({},)  # type: ignore[assignment]
    said: dict[str, Said] = {}
    for row in rows:
        key = _answer(record, row, spec.id_field)
        if key in (None, ""):
            continue
        properties = {
            name: answer
            for name, path in spec.saves.items()
            if (answer := _answer(record, row, path)) not in (None, "")
        }
        label = _answer(record, row, spec.label_field) if spec.label_field else key
        due = properties.get(spec.due_field) if spec.due_field else None
        said[str(key)] = Said(  # the last row about the same entity stands
            spec.dataset,
            str(key),
            str(label or key)[:200],
            canonical(properties),
            _day(due),
        )
    return tuple(said.values())


def _answer(record: Record, row: Mapping[str, Any], path: str) -> Any:
    _, dot, name = path.partition(".")
    return row.get(name) if dot else record.answers.get(path)


def _day(answer: object) -> date | None:
    if not isinstance(answer, str):
        return None
    try:
        return date.fromisoformat(answer[:10])
    except ValueError:
        return None


@lru_cache(maxsize=65_536)
def _dims(items: tuple[tuple[str, str], ...]) -> str:
    return dims_text(dict(items))


def fact_row(fact: Fact) -> FactRow:
    """Give the columns of a fact that follow from its record."""
    low, high = fact.value.scaled()
    return (
        fact.ordinal,
        fact.measure,
        fact.unit,
        fact.date,
        fact.month,
        low,
        high,
        fact.value.kind.value,
        _dims(tuple(fact.dimensions.items())) if fact.dimensions else "",
        fact.entity,
        fact.person,
        fact.joint,
    )
