"""Every case told anew from the records, and where the stored rows differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from taizhang.core.base.issue import Issue, Level
from taizhang.web.cases.code import StepCode
from taizhang.web.cases.kinds import Kinds, case_world
from taizhang.web.cases.models import Case, Member, Number, Party, Run
from taizhang.web.cases.persist import rows_replace
from taizhang.web.cases.records import (
    COLUMNS,
    Members,
    Membership,
    RecordHead,
    StoredStep,
    adopted_cases,
    assembled,
)
from taizhang.web.cases.rows import CaseRows, case_rows
from taizhang.web.ledger.facts.projection_fact import DerivedFact
from taizhang.web.ledger.models import Record

#: Columns that do not depend on the day on which a case was folded.
_CASE = tuple(field.attname for field in Case._meta.concrete_fields if field.attname != "reminder")
_RUN = tuple(field.attname for field in Run._meta.concrete_fields)
_PARTY = ("unit", "uid")
_MEMBER = ("uid", "kind", "step")


class Anew:
    """All cases folded anew; compared with what is stored, put in its place when asked."""

    def __init__(self, now: datetime) -> None:
        self._kinds = Kinds(timezone.localdate(now))
        self._members: dict[int, Membership] = {}
        self.rows: list[CaseRows] = []
        self._fold(now)

    def _fold(self, now: datetime) -> None:
        world, today = case_world(), timezone.localdate(now)
        old = adopted_cases(None, self._kinds)
        rows: dict[str, list[tuple[Membership, StoredStep]]] = {uid: [] for uid in old}
        members = Members(self._kinds)
        for uid, adopted in old.items():
            members.adopted(uid, adopted.kind.key)
        for head, stored in _records(self._kinds):
            membership = members.of_record(head)
            if membership is not None:
                self._members[head.pk] = membership
                rows.setdefault(membership.uid, []).append((membership, stored))
        numbers = dict(Number.objects.values_list("uid", "number"))
        for case in assembled(rows, numbers, old, self._kinds):
            made = case_rows(case, world, today, case.opening_form(self._kinds))
            if made is not None:
                self.rows.append(made)

    @property
    def facts(self) -> Sequence[DerivedFact]:
        """The facts that cases state."""
        return [fact for row in self.rows for fact in row.facts]

    def issues(self) -> tuple[Issue, ...]:
        """Say how many cases are stored otherwise (a warning)."""
        different = self._members_differ()
        told: dict[str, set[tuple[Any, ...]]] = {}
        for row in self.rows:
            _add(told, "case", [row.case], _CASE)
            _add(told, "run", row.runs, _RUN)
            _add(told, "party", row.parties, _PARTY)
        stored: dict[str, set[tuple[Any, ...]]] = {}
        for name, model, columns in (
            ("case", Case, _CASE),
            ("run", Run, _RUN),
            ("party", Party, _PARTY),
        ):
            for values in model.objects.values_list(*columns).iterator():
                uid = values[columns.index("uid")]
                stored.setdefault(uid, set()).add((name, *values))
        for uid in told.keys() | stored.keys():
            if told.get(uid) != stored.get(uid):
                different.add(uid)
        if not different:
            return ()
        facts = {"cases": len(different)}
        return (Issue(StepCode.CASES_001, facts=facts, level=Level.WARNING),)

    def _members_differ(self) -> set[str]:
        stored = {
            pk: Membership(*membership)
            for pk, *membership in Member.objects.values_list("record_id", *_MEMBER).iterator()
        }
        keys = stored.keys() | self._members.keys()
        pairs = ((stored.get(key), self._members.get(key)) for key in keys)
        return {
            membership.uid
            for before, after in pairs
            if before != after
            for membership in (before, after)
            if membership is not None
        }

    def replace(self) -> None:
        """Put the rows told anew in the place of those stored."""
        rows_replace(
            [Member(record_id=pk, **m._asdict()) for pk, m in sorted(self._members.items())],
            self.rows,
        )

    @staticmethod
    def stored_rows() -> Iterator[Iterator[tuple[Any, ...]]]:
        """Give the stored rows for a digest, in the order of their own keys."""
        yield Case.objects.order_by("uid").values_list(*_CASE).iterator()
        yield Run.objects.order_by("uid", "ordinal").values_list(*_RUN).iterator()
        members = Member.objects.order_by("record__uid")
        yield members.values_list("record__uid", *_MEMBER).iterator()


def _add(
    told: dict[str, set[tuple[Any, ...]]], name: str, rows: Sequence[Any], columns: Sequence[str]
) -> None:
    for row in rows:
        told.setdefault(row.uid, set()).add((name, *(getattr(row, column) for column in columns)))


def _records(kinds: Kinds) -> Iterator[tuple[RecordHead, StoredStep]]:
    """Give the records that may belong to a case, in the order of their acceptance."""
    forms = kinds.forms_ever()
    rows = Record.objects.filter(form__in=forms, withdraws=None).order_by("pk")
    named = ("case_uid", "step", "replaces_id")
    for case, step, replaces, *columns in rows.values_list(*named, *COLUMNS).iterator(2000):
        stored = StoredStep(*columns)
        head = RecordHead(
            stored.pk,
            stored.uid,
            stored.form,
            stored.version,
            stored.unit,
            stored.date,
            case,
            step,
            stored.answers,
            replaces or 0,
        )
        yield head, stored
