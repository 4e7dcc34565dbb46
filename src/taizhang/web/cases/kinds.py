"""Kinds of cases as the versions of packs define them, and the world in which cases are folded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from taizhang.core.base.issue import Issue, Refused
from taizhang.core.case.fold import CaseWorld
from taizhang.core.case.submission import kind_continued, kind_opened
from taizhang.core.case.working_day import WorkingDays, YearEdition, shipped_editions
from taizhang.core.definition.case import CaseKind, Span, carried
from taizhang.core.definition.programme import Programmes, UnknownName
from taizhang.core.unit.ownership import Ownership
from taizhang.web.cases.code import StepCode
from taizhang.web.cases.models import Edition
from taizhang.web.programmes.queries import (
    Installed,
    installed,
    programmes_of,
    programmes_on,
    version_named,
)
from taizhang.web.units.queries import bodies, history


def case_world() -> CaseWorld:
    """Give what folding needs besides records; made once a request."""
    return CaseWorld(Ownership(history(), bodies()), working_days())


def working_days() -> WorkingDays:
    """Give the calendar of working days by all editions that hold."""
    return WorkingDays(editions_stored())


def editions_stored() -> list[YearEdition]:
    """Give the stored editions of working days, those shipped where none is stored yet."""
    stored = [
        YearEdition(
            year=row.year,
            known_from=row.known_from,
            rest=_days(row.rest),
            work=_days(row.work),
            document=row.document,
            verified=row.verified,
        )
        for row in Edition.objects.all()
    ]
    return stored or list(shipped_editions())


def _days(text: str) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, text.split()))


def kind_key(name: str, today: date) -> str:
    """Give the qualified key of a kind that somebody names, ``""`` for none.

    :raises Refused: CASES_005
    """
    if not name:
        return ""
    programmes = programmes_on(today)
    try:
        return programmes.case(name).key
    except UnknownName as error:
        facts = {"kind": name, "known": ", ".join(programmes.cases) or "-"}
        raise Refused([Issue(StepCode.CASES_005, facts=facts)]) from error


class Kinds:
    """The kinds of cases of the packs in force on a day and of every version ever installed."""

    def __init__(self, today: date) -> None:
        self.programmes: Programmes = programmes_on(today)
        self._versions = installed()
        self._carried: dict[tuple[str, str], CaseKind | None] = {}

    @property
    def now(self) -> Mapping[str, CaseKind]:
        """The kinds in force, by qualified key."""
        return self.programmes.cases

    def of_version(self, form: str, version: str) -> Mapping[str, CaseKind]:
        """Give the kinds of the pack of a form (qualified key) in one version."""
        named = version_named(self._versions, form.partition(".")[0], version)
        return {} if named is None else self._of(named)

    def _of(self, version: Installed) -> Mapping[str, CaseKind]:
        return programmes_of((version,)).by_key[version.key].cases

    def opened(self, form: str, version: str) -> CaseKind | None:
        """Give the kind of case that a record of a form, filled in with a version, opens."""
        return kind_opened(self.of_version(form, version), form)

    def continued(self, form: str, version: str) -> CaseKind | None:
        """Give the kind of case whose steps such a record serves."""
        return kind_continued(self.of_version(form, version), form)

    def forms_ever(self) -> frozenset[str]:
        """Name the forms of kinds of cases in any version ever installed."""
        return frozenset(
            form
            for version in self._versions
            for kind in self._of(version).values()
            for form in (*kind.forms, f"{kind.key}_step")
        )

    def by_working_days(self) -> frozenset[str]:
        """Name the kinds in force of which a limit counts working days."""
        return frozenset(
            key
            for key, kind in self.now.items()
            if any(clock.limit.span is Span.WORKING_DAYS for clock in kind.clocks.values())
        )

    def adopting(self, dataset: str) -> CaseKind | None:
        """Give the kind in force that reads the records of a list of things as its own."""
        kinds = (kind for kind in self.now.values() if kind.adopts is not None)
        return next((k for k in kinds if k.adopts and k.adopts.dataset == dataset), None)

    def reads_as_old(self, form: str, version: str) -> bool:
        """Say whether a kind in force reads the records of a form as those of its old list."""
        shown = self.programmes.form_in(form, version)
        spec = None if shown is None else shown.entity
        return spec is not None and self.adopting(spec.dataset) is not None

    def carried(self, key: str, version: str) -> CaseKind | None:
        """Give the definition by which a case opened under a version goes on."""
        if (key, version) not in self._carried:
            before = self.programmes.case_in(key, version)
            after = self.now.get(key)
            if before is None or after is None:
                kind = before or after
            else:
                kind = carried(before, after)
            self._carried[key, version] = None if kind is None else self._started(kind)
        return self._carried[key, version]

    def _started(self, kind: CaseKind) -> CaseKind:
        """Give a kind that takes the place of sums with the day on which it really did here.

        Until a version that has it came into force the sums were counted, whatever day it names.
        """
        if kind.start is None:
            return kind
        own = (version for version in self._versions if version.key == kind.pack)
        days = [
            version.in_force_from
            for version in own
            if (known := self._of(version).get(kind.key)) is not None and known.start is not None
        ]
        return replace(kind, start=max(kind.start, min(days)))
