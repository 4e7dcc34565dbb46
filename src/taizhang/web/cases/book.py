"""The state table of cases as a Book asks for it: the present by SQL, the past folded anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cached_property

from django.db.models import Q, QuerySet

from taizhang.core.case.fold import CaseWorld
from taizhang.core.case.table import STATES, Asked, CaseQuestion, CaseRow, CaseTable
from taizhang.core.definition.case import OPENS
from taizhang.core.unit.tree import History
from taizhang.web.cases.kinds import Kinds, case_world
from taizhang.web.cases.models import Case, Member, Run
from taizhang.web.cases.records import case_records


class StoredCases:
    """Answers counts over cases (``core.book.CaseStates``)."""

    def __init__(self, history: History, today: date) -> None:
        self._history = history
        self._today = today
        self._tables: dict[str, CaseTable] = {}

    @cached_property
    def _world(self) -> CaseWorld:
        return case_world()

    @cached_property
    def _kinds(self) -> Kinds:
        return Kinds(self._today)

    def count(self, question: CaseQuestion) -> int:
        """Count the cases, or the limits of clocks, that a question asks about."""
        if not self._is_stored(question):
            return self.table(question.kind).count(question)
        homes = self._homes(question)
        if question.asked in (Asked.DUE, Asked.IN_TIME):
            return self._limits(question, homes)
        if question.asked is Asked.STANDING:
            runs = self._runs(question, homes).filter(standing=True, answered=None, counts=True)
            return runs.values("uid").distinct().count()
        cases = Case.objects.filter(kind=question.kind, ended=None, owner__in=homes)
        if question.state:
            cases = cases.filter(state=question.state)
        if question.asked is Asked.OVERDUE:
            cases = cases.filter(due__lt=question.last)
        return cases.count()

    def days(self, question: CaseQuestion) -> Sequence[int]:
        """Give the days from opening to end of the cases that ended, in rising order."""
        if not self._is_stored(question):
            return self.table(question.kind).days(question)
        cases = Case.objects.filter(
            kind=question.kind,
            opener__in=self._homes(question),
            ended__gte=question.first,
            ended__lte=question.last,
            ended_aside=False,
        )
        spans = cases.values_list("opened", "ended")
        return sorted((end - start).days for start, end in spans if end is not None)

    def opened(self, records: Sequence[str], on: date, known: date | None) -> Mapping[str, CaseRow]:
        """Give by record the cases that these records opened, as they stood on a day."""
        members = Member.objects.filter(record__uid__in=records, step=OPENS)
        uids = set(members.values_list("uid", flat=True))
        return self._table_of(uids).opened(records, on, known)

    def _is_stored(self, question: CaseQuestion) -> bool:
        """Say whether the stored rows answer: what is known now, and of states how it is today."""
        state = question.asked in STATES
        return question.known is None and (not state or question.last >= self._today)

    def _limits(self, question: CaseQuestion, homes: Sequence[str]) -> int:
        """Count the runs whose limit fell, as :meth:`core.case.clock.Reading.fell_due` has it."""
        kind = self._kinds.now.get(question.kind)
        start = None if kind is None else kind.start  # months before have sums
        fallen = self._runs(question, homes).filter(
            Q(due__lt=self._today) | Q(answered__isnull=False),
            due__gte=question.first if start is None else max(question.first, start),
            due__lte=question.last,
            standing=False,
            counts=True,
        )
        pairs = fallen.values_list("answered", "due")
        if question.asked is Asked.DUE:
            return fallen.count()
        return sum(bool(answered and due and answered <= due) for answered, due in pairs)

    def _runs(self, question: CaseQuestion, homes: Sequence[str]) -> QuerySet[Run]:
        kind = self._kinds.now.get(question.kind)
        clock = None if kind is None else kind.clock_of(question.clock)
        name = "" if clock is None else clock.step
        return Run.objects.filter(kind=question.kind, clock=name, unit__in=homes)

    def _homes(self, question: CaseQuestion) -> list[str]:
        """Give the codes of a unit and all below it, with the bodies beside any of them."""
        units = self._history.tree(question.last).homes(question.unit)
        bodies = self._world.ownership.bodies.bodies
        beside = (body.code for body in bodies if body.parent in units)
        return sorted({question.unit, *units, *beside})

    def table(self, key: str) -> CaseTable:
        """Give all cases of a kind by their records, folded for each day asked about."""
        if key not in self._tables:
            stored = Case.objects.filter(kind=key).values_list("uid", flat=True)
            members = Member.objects.filter(kind=key).values_list("uid", flat=True)
            self._tables[key] = self._table_of({*stored, *members.distinct()})
        return self._tables[key]

    def _table_of(self, uids: Collection[str]) -> CaseTable:
        cases = list(case_records(uids, self._kinds))
        kinds = {case.uid: case.kind for case in cases}
        steps = [(case.kind.key, step) for case in cases for step in case.steps]
        return CaseTable(kinds.get, steps, self._world, self._today)
