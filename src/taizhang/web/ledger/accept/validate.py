"""Validation of a record against its form, packs, the tree and permissions; writes nothing.

Everything a record must satisfy by itself stands here, once for the phone, the file and the API.
What depends on other records (same id, replaced record) is resolved in :mod:`.resolve`, inside the
transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from taizhang.core.base.issue import Issue, Level, Place, errors
from taizhang.core.case.submission import sum_refused
from taizhang.core.counting.fact import Submission
from taizhang.core.form.entity_reference import EntityReference, entity_references
from taizhang.core.unit.body import Body
from taizhang.core.unit.ownership import Ownership
from taizhang.core.unit.tree import History, Unit
from taizhang.web.accounts.access import held_then, may, reach
from taizhang.web.accounts.models import User
from taizhang.web.audit.actions import seal
from taizhang.web.ledger.accept.thing_reference import Naming
from taizhang.web.ledger.canonical_json import answers_read, canonical
from taizhang.web.ledger.code import CreditCode, RecordCode
from taizhang.web.ledger.facts.entity import EntityUpdate, entity_updates
from taizhang.web.ledger.facts.form_in_force import FormInForce, forms_in_force
from taizhang.web.ledger.facts.stored_fact import StoredFact, stored_fact
from taizhang.web.ledger.models import ENTITY
from taizhang.web.ledger.registry import register_of
from taizhang.web.ledger.sealed_text import RecordContent, content_text
from taizhang.web.units.queries import bodies, history


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidRecord:
    """A record found good: what will be stored of it and what it states."""

    place: Place
    pack: str
    content: RecordContent
    home: str  # the unit at which it counts: its own, or that beside the body that sent it
    seal: bytes  # keyed digest of the content, for the log
    facts: tuple[StoredFact, ...]
    updates: tuple[EntityUpdate, ...]
    references: tuple[EntityReference, ...] = ()
    confirmed: tuple[str, ...] = ()  # credited units for which whoever records speaks as well
    moved: bool = False  # by somebody whose role for the unit has ended since its day


class RecordValidator:
    """Validates many records on behalf of one user at one moment.

    Reads tree, packs and permissions once, so that the validation of a record asks the database
    nothing.
    """

    def __init__(self, acting_user: User, now: datetime) -> None:
        self.today = timezone.localdate(now)
        self.history: History = history()
        self.forms = forms_in_force()
        self._bodies = bodies()
        self._user = acting_user
        self._now = now
        self._allowed: dict[str, bool] = {}
        self._register = register_of(self.today)

    def validate(
        self, record: Submission, digest: str, place: Place, filled_with: str | None = None
    ) -> tuple[ValidRecord | None, tuple[Issue, ...]]:
        """Give what is to be stored of a record, or nothing, with every issue and warning.

        The answers are validated by the version that the record was filled in with and counted by
        the version in force on its date.

        :param digest: of its content, by which it will be known when it comes again
        :param filled_with: version of its pack, known from the form that was sent; what the record
            names without, and the one in force on its date where it names none
        """
        version = filled_with or record.pack_version
        form = self.forms.form(record.form, record.date, version)
        is_step = record.case is not None or (form is not None and form.is_step)
        issues = self._head(record, place, is_step)
        if form is None:
            issues.append(self._no_form(record, version, place))
            return None, tuple(issues)
        issues += sum_refused(self.forms.programmes(record.date), record, form.form, place)
        self._exist(record, issues, place) if is_step else self._units(record, form, issues, place)
        answers = self._named(
            record, form, self._answers(record, form, issues, place), issues, place
        )
        if errors(issues):
            return None, tuple(issues)
        text = canonical(answers)
        record = replace(record, form=form.form.key, answers=answers_read(text))
        facts, updates = self._states(record, form, issues, place)
        issues += self._version_warnings(record, form, place)
        if errors(issues):
            return None, tuple(issues)
        content = _content(record, form.version, text, digest)
        valid = ValidRecord(
            place=place,
            pack=form.pack,
            content=content,
            home=self.home(record),
            seal=seal(content_text(content)),
            facts=facts,
            updates=updates,
            references=self._references(record, form),
            confirmed=self._confirmed(record),
            moved=not self._may_send(record.unit, is_step),
        )
        return valid, tuple(issues)

    def _no_form(self, record: Submission, version: str | None, place: Place) -> Issue:
        name = self.forms.qualified(record.form, record.date)
        known = self.forms.versions_with(name) if name else ()
        if version is not None and known:
            facts = {"form": record.form, "version": version, "known": ", ".join(known)}
            return Issue(RecordCode.RECORD_024, place, facts)
        forms = ", ".join(sorted(self.forms.programmes(record.date).forms)) or "-"
        facts = {"form": record.form, "date": record.date.isoformat(), "known": forms}
        return Issue(RecordCode.RECORD_007, place, facts)

    def _version_warnings(self, record: Submission, form: FormInForce, place: Place) -> list[Issue]:
        """Say that a record counts by another version than the one it was filled in with."""
        facts = {"version": form.version, "pack": form.pack, "ruling": form.ruling}
        if not form.ruling:
            facts = {"form": form.form.title, "date": record.date.isoformat()}
            return [Issue(RecordCode.RECORD_025, place, facts, Level.WARNING)]
        if record.pack_version in (None, form.ruling):
            return []
        return [Issue(RecordCode.RECORD_021, place, facts, Level.WARNING)]

    def _references(self, record: Submission, form: FormInForce) -> tuple[EntityReference, ...]:
        if record.withdraws is not None or not form.lists:
            return ()
        return tuple(entity_references(form.form, record.answers, form.lists))

    def home(self, record: Submission) -> str:
        """Give the unit at which a record counts; figures and things are of units alone."""
        return self._bodies.seat(record.unit, record.date)

    def may_record(self, unit: str) -> bool:
        """Say whether the user may record for a unit."""
        if unit not in self._allowed:
            self._allowed[unit] = may(self._user, "record.accept", unit)
        return self._allowed[unit]

    def might_record(self, record: Submission) -> bool:
        """Say whether the user might record for a unit on the record's day and no more today.

        Only something new: what stands at the unit is changed by those who are there now.
        """
        if record.replaces or record.withdraws or record.date > self.today:
            return False
        return held_then(self._user, "record.accept", record.unit, record.date, self._now)

    def signed(self, record: Submission, filled_with: str | None) -> Submission:
        """Give a record with the name of the account that does it, where a case has to know."""
        form = self.forms.form(record.form, record.date, filled_with or record.pack_version)
        of_case = record.case is not None or (form is not None and form.is_of_case)
        if not of_case or record.withdraws is not None:
            return record
        return replace(record, by=self._user.username)

    def may_step(self, unit: str) -> bool:
        """Say whether the user may do steps of cases for a unit or body.

        Whoever records for it may, and whoever reviews or leads at the unit itself.
        """
        reached = reach(self._user, "case.step")
        return self.may_record(unit) or "" in reached or unit in reached

    def _may_send(self, unit: str, is_step: bool) -> bool:
        return self.may_step(unit) if is_step else self.may_record(unit)

    def _head(self, record: Submission, place: Place, is_step: bool) -> list[Issue]:
        issues = []
        if record.date > self.today:
            facts = {"date": record.date, "today": self.today}
            issues.append(Issue(RecordCode.RECORD_008, place, facts))
        if not self._may_send(record.unit, is_step) and not self.might_record(record):
            issues.append(Issue(RecordCode.RECORD_019, place, {"unit": record.unit}))
        if record.replaces and record.withdraws:
            issues.append(Issue(RecordCode.RECORD_016, place))
        if (record.replaces or record.withdraws) and not record.reason:
            issues.append(Issue(RecordCode.RECORD_015, place))
        for code in record.confirmed or ():
            if code not in record.with_units or not self.may_record(code):
                about: dict[str, object] = {"id": record.id, "unit": code}
                issues.append(Issue(CreditCode.CREDIT_001, place, about))
        seen = {record.unit, self.home(record)}
        for code in record.with_units:
            if code in seen:
                issues.append(Issue(RecordCode.RECORD_011, place, {"unit": code}))
            seen.add(code)
        return issues

    def _confirmed(self, record: Submission) -> tuple[str, ...]:
        """Give the credited units that have agreed, or for which the user may record as well."""
        if record.confirmed is not None or not record.with_units:
            return record.confirmed or ()
        return tuple(code for code in record.with_units if self.may_record(code))

    def _units(
        self, record: Submission, form: FormInForce, issues: list[Issue], place: Place
    ) -> None:
        for code in (record.unit, *record.with_units):
            unit: Unit | Body | None = self.history.unit_on(code, record.date)
            if unit is None and (form.is_of_case or code == record.unit):
                body = self._bodies.body_on(code, record.date)
                unit = body if body is not None and body.may_record else None
            if unit is None:
                facts: dict[str, object] = {"unit": code, "date": record.date}
                issues.append(Issue(RecordCode.RECORD_009, place, facts))
            elif unit.kind not in form.senders:
                kinds = ", ".join(sorted(form.senders))
                facts = {"unit": code, "kind": unit.kind, "pack": form.pack, "kinds": kinds}
                issues.append(Issue(RecordCode.RECORD_010, place, facts))

    def _exist(self, record: Submission, issues: list[Issue], place: Place) -> None:
        """See that who does a step exists on its day; whether it was theirs the case says."""
        owners = Ownership(self.history, self._bodies)
        for code in (record.unit, *record.with_units):
            if not owners.exists(code, record.date):
                facts: dict[str, object] = {"unit": code, "date": record.date}
                issues.append(Issue(RecordCode.RECORD_009, place, facts))

    def _answers(
        self, record: Submission, form: FormInForce, issues: list[Issue], place: Place
    ) -> Mapping[str, object]:
        """Give the answers clean; a withdrawal has none."""
        if record.withdraws is None:
            answers, wrong = form.checker.take(record.answers, place, record.date)
            issues.extend(wrong)
            return answers
        if record.answers:
            issues.append(Issue(RecordCode.RECORD_017, place))
        return {}

    def _named(
        self,
        record: Submission,
        form: FormInForce,
        answers: Mapping[str, object],
        issues: list[Issue],
        place: Place,
    ) -> Mapping[str, object]:
        """Give the answers with keys in the place of numbers of things."""
        if self._register is None or record.withdraws is not None:
            return answers
        naming = Naming(self._register, record.unit, record.date, place, issues)
        return naming.answers(form.form, answers)

    def _states(
        self, record: Submission, form: FormInForce, issues: list[Issue], place: Place
    ) -> tuple[tuple[StoredFact, ...], tuple[EntityUpdate, ...]]:
        """Give facts and updates of entities, with an issue for what cannot be stored."""
        if record.withdraws is not None:
            return (), ()
        # Units that a step of a case names help; what it counts is its own unit's.
        counted = replace(
            record,
            unit=self.home(record),
            with_units=() if record.step else record.with_units,
        )
        stated = form.counter.facts(counted)
        for day in sorted({fact.date for fact in stated if fact.date > self.today}):
            facts = {"date": day, "today": self.today}
            issues.append(Issue(RecordCode.RECORD_008, place, facts))
        updates = entity_updates(record, form.form)
        names = [update.key for update in updates]
        names += [name for fact in stated for name in (fact.entity, fact.person) if name]
        if any(len(name) > ENTITY for name in names):
            field = form.form.entity.id_field if form.form.entity else "entity"
            issues.append(Issue(RecordCode.RECORD_005, place, {"field": field, "most": ENTITY}))
        return tuple(map(stored_fact, stated)), updates


def _content(record: Submission, version: str, answers: str, digest: str) -> RecordContent:
    """Give what is sealed of a record."""
    return RecordContent(
        uid=record.id,
        form=record.form,
        version=version,
        unit=record.unit,
        date=record.date,
        with_units=record.with_units,
        answers=answers,
        digest=digest,
        replaces=record.replaces,
        withdraws=record.withdraws,
        reason=record.reason,
        case_uid=record.case or "",
        step=record.step or "",
        hour=record.time,
        doer=record.by,
    )
