"""What a form is in law: an internal ledger, an admitted survey, or one that may be refused.

Statistics law of 2024, article 17: a survey form shows its number, the authority that made it, the
number of its approval or filing, and until when it is valid; who is asked with a form without these
marks, or past its expiry, may refuse.  What may be refused cannot be required: no quota is handed
down for it, and no task that only it can fill is ever behind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext

from taizhang.core.definition.pack import Pack
from taizhang.core.definition.programme import Programmes
from taizhang.core.definition.task import Task
from taizhang.core.form import Form
from taizhang.core.formula import NameScope
from taizhang.web.programmes.models import FormMark
from taizhang.web.programmes.packs_cache import OncePerPacks
from taizhang.web.programmes.readers import indicator_measures, task_measures

#: Status of the indicators that a survey of others answers.
SURVEY = "survey"
#: Words by which a form shows that it gathers the answers of others.
ASKING = ("问卷", "答卷", "受访者")
_DAY = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})")


class Standing(StrEnum):
    """What a form is on a day."""

    INTERNAL = "internal"  # 内部台账: the unit's own book
    ADMITTED = "admitted"  # all four marks, not expired
    REFUSABLE = "refusable"  # a survey of others without marks or past its expiry


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The four marks of a form, its own or the host's; ``expires_on`` is the last valid day."""

    number: str = ""
    authority: str = ""
    approval: str = ""
    expires_on: date | None = None
    asks_others: bool | None = None

    @property
    def whole(self) -> bool:
        """Say whether all four are there."""
        return bool(self.number and self.authority and self.approval and self.expires_on)


@dataclass(frozen=True, slots=True)
class Admission:
    """A form with its marks and what it is on the asked day."""

    form: Form
    marks: Marks
    asks_others: bool
    standing: Standing
    expired: bool

    @property
    def words(self) -> str:
        """Say what the form is, in the reader's language."""
        return {
            Standing.INTERNAL: gettext("internal ledger"),
            Standing.ADMITTED: gettext("approved survey"),
            Standing.REFUSABLE: gettext("may be refused"),
        }[self.standing]


def admissions(programmes: Programmes, day: date) -> Mapping[str, Admission]:
    """Give what each form (qualified key) is on ``day``."""
    given = {row.form: row for row in FormMark.objects.all()}
    surveys = surveying_forms(programmes)
    standings = {}
    for key, form in programmes.forms.items():
        marks = _marks(form, given.get(key))
        asks = key in surveys if marks.asks_others is None else marks.asks_others
        standings[key] = Admission(form, marks, asks, *_standing(marks, asks, day))
    return standings


def _marks(form: Form, row: FormMark | None) -> Marks:
    """Give the host's marks, and the pack's own where the host left one open."""
    own = form.marks
    return Marks(
        number=(row.number if row else "") or own.get("mark_form_no", ""),
        authority=(row.authority if row else "") or own.get("mark_authority", ""),
        approval=(row.approval if row else "") or own.get("mark_approval_no", ""),
        expires_on=(row.expires_on if row else None) or expiry_day(own.get("mark_expiry", "")),
        asks_others=row.asks_others if row else None,
    )


def expiry_day(text: str) -> date | None:
    """Read the last day of validity as packs write it: 2027-12-31, 2027年12月31日."""
    match = _DAY.search(text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _standing(marks: Marks, asks_others: bool, day: date) -> tuple[Standing, bool]:
    expired = marks.expires_on is not None and marks.expires_on < day
    if marks.whole and not expired:
        return Standing.ADMITTED, False
    return (Standing.REFUSABLE if asks_others else Standing.INTERNAL), expired


@OncePerPacks
def surveying_forms(programmes: Programmes) -> frozenset[str]:
    """Give the forms that ask others: that fill an indicator from a survey, or speak of answers.

    The host says so of a form that neither shows (:attr:`Marks.asks_others`).
    """
    measures: set[str] = set()
    for indicator in programmes.indicators.values():
        if indicator.status == SURVEY:
            measures |= indicator_measures(indicator, programmes)
    filling = {
        rule.form
        for pack in programmes.packs
        for rule in pack.counting
        if measures & set(rule.facts)
    }
    speaking = {key for key, form in programmes.forms.items() if _speaks_of_answers(form)}
    return frozenset(filling | speaking)


def _speaks_of_answers(form: Form) -> bool:
    texts = (form.title, *(text for field in form.fields for text in (field.label, field.hint)))
    return any(word in text for text in texts for word in ASKING)


def refusable_measures(
    programmes: Programmes, standings: Mapping[str, Admission]
) -> frozenset[str]:
    """Give the measures that only forms fill which may be refused."""
    made: dict[str, set[Standing]] = {}
    for pack in programmes.packs:
        for rule in pack.counting:
            for key in rule.facts:
                if rule.form in standings:
                    made.setdefault(key, set()).add(standings[rule.form].standing)
    return frozenset(key for key, kinds in made.items() if kinds == {Standing.REFUSABLE})


def voluntary_tasks(programmes: Programmes, day: date) -> frozenset[tuple[str, str]]:
    """Give (pack, task) of the tasks that cannot be required on ``day``."""
    refusable = refusable_measures(programmes, admissions(programmes, day))
    if not refusable:
        return frozenset()
    scope = NameScope(programmes)
    return frozenset(
        (pack.key, task.key)
        for pack in programmes.packs
        for task in (pack.plan.tasks if pack.plan is not None else ())
        if _only_on(pack, task, scope, refusable)
    )


def _only_on(pack: Pack, task: Task, scope: NameScope, refusable: frozenset[str]) -> bool:
    measures = task_measures(task, scope.at(pack.key))
    return bool(measures) and measures <= refusable
