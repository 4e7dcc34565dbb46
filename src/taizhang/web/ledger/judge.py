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

from taizhang.core.counting import Counter, rules_asked
from taizhang.core.fact import Fact, Record, dims_text
from taizhang.core.form import Form
from taizhang.core.form.check import Checker
from taizhang.core.form.picked import Picked, list_of, picked
from taizhang.core.issue import Issue, Level, Place
from taizhang.core.pack.model import Pack
from taizhang.core.programme import Programmes, UnknownName
from taizhang.core.typed import day_of
from taizhang.core.unit import History
from taizhang.web.accounts.access import held_then, may
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
    moved: bool = False  # by somebody whose role for the unit has ended since its day


@dataclass(frozen=True, slots=True)
class Desk:
    """A form with its checks, and the counting rules of a day, made ready.

    ``form``, ``version``, ``kinds`` and ``checker`` are of the version that a record was filled in
    with; ``counter`` and ``ruling`` of the version in force on the record's date.
    """

    form: Form
    pack: str
    version: str
    kinds: frozenset[str]
    checker: Checker
    counter: Counter
    lists: frozenset[str]  # lists of things from which its fields pick
    ruling: str  # version, '' where none in force has the form


class Rules:
    """The packs in force day by day and all that ever were, read once."""

    def __init__(self, versions: tuple[Installed, ...]) -> None:
        self._versions = versions
        self._programmes: dict[date, Programmes] = {}
        self._desks: dict[tuple[date, str, str | None], Desk | None] = {}

    def programmes(self, day: date) -> Programmes:
        """Give the packs in force on a day."""
        found = self._programmes.get(day)
        if found is None:
            found = programmes.programmes_of(programmes.in_force(self._versions, day))
            self._programmes[day] = found
        return found

    def desk(self, form: str, day: date, version: str | None = None) -> Desk | None:
        """Give a form by qualified or unique bare key, with the counting rules of a day.

        :param version: of the pack, that a record was filled in with; the one in force on the day
            without
        """
        key = (day, form, version)
        if key not in self._desks:
            self._desks[key] = self._made(form, day, version)
        return self._desks[key]

    def _made(self, form: str, day: date, version: str | None) -> Desk | None:
        packs = self.programmes(day)
        name = self.qualified(form, day)
        if name is None:
            return None
        if version is None:
            return _desk(packs, name, None) if name in packs.forms else None
        pack = name.partition(".")[0]
        found = programmes.version_named(self._versions, pack, version)
        if found is None:
            return None
        filled = programmes.programmes_of((found,)).by_key[pack]
        return _desk(packs, name, filled) if name in filled.forms else None

    def qualified(self, form: str, day: date) -> str | None:
        """Give the qualified key of a form that is, was or will be in force, ``None`` without."""
        for packs in (self.programmes(day), self.programmes(date.max)):
            try:
                return packs.form(form).key
            except UnknownName:
                continue
        return form if "." in form else None

    def versions_with(self, form: str) -> tuple[str, ...]:
        """Name the installed versions of a pack that have a form, by its qualified key."""
        own = [one for one in self._versions if one.key == form.partition(".")[0]]
        return tuple(one.version for one in own if form in programmes.programmes_of((one,)).forms)


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
        self._now = now
        self._allowed: dict[str, bool] = {}

    def judge(
        self, record: Record, digest: str, place: Place, filled_with: str | None = None
    ) -> tuple[Judged | None, tuple[Issue, ...]]:
        """Give what is to be stored of a record, or nothing, with every issue and warning.

        The answers are judged by the version that the record was filled in with and counted by the
        version in force on its date.

        :param digest: of its content, by which it will be known when it comes again
        :param filled_with: version of its pack, known from the form that was sent; what the record
            names without, and the one in force on its date where it names none
        """
        issues = self._head(record, place)
        version = filled_with or record.pack_version
        desk = self.rules.desk(record.form, record.date, version)
        if desk is None:
            issues.append(self._no_form(record, version, place))
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
        issues += self._versions_said(record, desk, place)
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
            moved=not self.may_record(record.unit),
        )
        return judged, tuple(issues)

    def _no_form(self, record: Record, version: str | None, place: Place) -> Issue:
        name = self.rules.qualified(record.form, record.date)
        known = self.rules.versions_with(name) if name else ()
        if version is not None and known:
            facts = {"form": record.form, "version": version, "known": ", ".join(known)}
            return Issue(RecordCode.RECORD_024, place, facts)
        forms = ", ".join(sorted(self.rules.programmes(record.date).forms)) or "-"
        facts = {"form": record.form, "date": record.date.isoformat(), "known": forms}
        return Issue(RecordCode.RECORD_007, place, facts)

    def _versions_said(self, record: Record, desk: Desk, place: Place) -> list[Issue]:
        """Say that a record counts by another version than the one it was filled in with."""
        facts = {"version": desk.version, "pack": desk.pack, "ruling": desk.ruling}
        if not desk.ruling:
            facts = {"form": desk.form.title, "date": record.date.isoformat()}
            return [Issue(RecordCode.RECORD_025, place, facts, Level.WARNING)]
        if record.pack_version in (None, desk.ruling):
            return []
        return [Issue(RecordCode.RECORD_021, place, facts, Level.WARNING)]

    def _picked(self, record: Record, desk: Desk) -> tuple[Picked, ...]:
        if record.withdraws is not None or not desk.lists:
            return ()
        return tuple(picked(desk.form, record.answers, desk.lists))

    def may_record(self, unit: str) -> bool:
        """Say whether the user may record for a unit."""
        if unit not in self._allowed:
            self._allowed[unit] = may(self._user, "record.accept", unit)
        return self._allowed[unit]

    def might_record(self, record: Record) -> bool:
        """Say whether the user might record for a unit on the record's day and no more today.

        Only something new: what stands at the unit is changed by those who are there now.
        """
        if record.replaces or record.withdraws or record.date > self.today:
            return False
        return held_then(self._user, "record.accept", record.unit, record.date, self._now)

    def _head(self, record: Record, place: Place) -> list[Issue]:
        issues = []
        if record.date > self.today:
            facts = {"date": record.date, "today": self.today}
            issues.append(Issue(RecordCode.RECORD_008, place, facts))
        if not self.may_record(record.unit) and not self.might_record(record):
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


_desks: dict[tuple[tuple[str, ...], str, str], Desk] = {}


def _desk(packs: Programmes, name: str, filled: Pack | None) -> Desk:
    """Make a desk of a form of one version and the rules of packs that are in force together.

    :param filled: the version that a record was filled in with, the one among ``packs`` without
    """
    pack = filled or packs.by_key[name.partition(".")[0]]
    # Rules of other packs may count a form, so what is in force together makes the desk.
    key = (tuple(one.digest for one in packs.packs), name, pack.digest)
    if key not in _desks:
        form, made_for = pack.forms[name], packs.forms.get(name)
        rules = rules_asked(packs.counting.get(name, ()), made_for, form)
        kept = {one.entity.dataset for one in packs.forms.values() if one.entity is not None}
        ruling = packs.by_key[pack.key].version if made_for is not None else ""
        _desks[key] = Desk(
            form,
            pack.key,
            pack.version,
            frozenset(pack.unit_kinds),
            Checker(form),
            Counter(form, rules),
            frozenset(map(list_of, form.fields)) & kept,
            ruling,
        )
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
        return day_of(answer[:10])
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
