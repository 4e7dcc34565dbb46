"""What plans and rubrics ask of one community in a year: records by form, fields, minutes.

Counted from the packs alone: quotas of the plans and bounds of the rubrics, at least so many
records of which form; what a form costs is as in :mod:`.burden`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil

from taizhang.core.base.period import Period
from taizhang.core.base.rounding import rounded
from taizhang.core.book import Book, EmptyLedger
from taizhang.core.counting.measure import CountingRule, Measure, MeasureKind
from taizhang.core.definition.pack import Indicator, Pack
from taizhang.core.definition.programme import Programmes
from taizhang.core.definition.rubric import Item
from taizhang.core.form import Field, Form
from taizhang.core.formula import NameScope, define, define_formula
from taizhang.core.formula.node import Call, Name, Node, children
from taizhang.core.quota import quota
from taizhang.core.scoring.kinds import read_rule
from taizhang.core.scoring.kinds.completeness import Completeness
from taizhang.core.text.unit_sign import RATES
from taizhang.core.unit.tree import Unit, UnitLevel
from taizhang.web.plans.burden import AROUND, is_known, seconds_of
from taizhang.web.plans.schedule import kept_packs
from taizhang.web.programmes.admission import surveying_forms

#: The dimension whose values never overlap: a meeting on health is no meeting on law.
APART = "programme"
#: Functions whose arguments are not what the formula counts in its own period.
_AROUND = frozenset(("norm", "previous", "target", "year_before"))
MEETINGS, TRAININGS = frozenset({"common.meeting"}), frozenset({"common.training"})


def _typed(programmes: Programmes, form: Form) -> tuple[Field, ...]:
    """Give the questions that each record of a form has to answer.

    The name and the place of a thing are asked when it begins, and known from then on.
    """
    spec = form.entity
    kinds = programmes.things_by_list.get(spec.dataset, ()) if spec is not None else ()
    once = {
        spec.saves.get(name)
        for kind in kinds
        for name in (kind.name, kind.place_field)
        if spec is not None
    }
    return tuple(field for field in form.fields if not is_known(field) and field.path not in once)


def _seconds(fields: Iterable[Field]) -> Fraction:
    return sum((seconds_of(field) for field in fields), Fraction(0))


@dataclass(frozen=True, slots=True)
class FormDemand:
    """How often a year asks for a form at least; ``people`` are answers of a survey asked for."""

    form: Form
    records: int
    typed: tuple[Field, ...]
    people: int = 0
    survey: bool = False

    @property
    def fields(self) -> int:
        """Count the questions of one record, all answered, each repeat once."""
        return len(self.typed)

    @property
    def seconds(self) -> Fraction:
        """Give the computed seconds of all records."""
        return (AROUND + _seconds(self.typed)) * self.records


@dataclass(frozen=True, slots=True)
class Demand:
    """What a year asks of a community, the form asked for most often first."""

    unit: Unit
    forms: tuple[FormDemand, ...]
    unset: int  # tasks whose amount is the unit's own and not set

    @property
    def events(self) -> int:
        """Count activities that are neither meetings, trainings nor surveys."""
        others = MEETINGS | TRAININGS
        return self._records(
            form
            for form in self.forms
            if form.form.about == "activity" and form.form.key not in others and not form.survey
        )

    @property
    def meetings(self) -> int:
        """Count meetings."""
        return self._records(form for form in self.forms if form.form.key in MEETINGS)

    @property
    def trainings(self) -> int:
        """Count trainings."""
        return self._records(form for form in self.forms if form.form.key in TRAININGS)

    @property
    def people(self) -> int:
        """Count the residents whose answers are asked for."""
        return sum(form.people for form in self.forms)

    @property
    def fields(self) -> int:
        """Count the answers of all records."""
        return sum(form.records * form.fields for form in self.forms)

    @property
    def minutes(self) -> int:
        """Give whole minutes, rounded half up."""
        return int(rounded(sum((form.seconds for form in self.forms), Fraction(0)) / 60))

    def _records(self, forms: Iterable[FormDemand]) -> int:
        return sum(form.records for form in forms)


def demand(book: Book, unit: Unit, year: Period, *, handed: bool) -> Demand | None:
    """Read what a year asks of a unit, or of the first community below it; ``None`` for none.

    ``handed`` says whether quotas that were handed down count, or the packs' own alone.
    """
    tree = book.tree_for(year)
    below = tree.below(unit.code)
    community = next((member for member in below if member.level is UnitLevel.COMMUNITY), None)
    if community is None:
        return None
    asking = book if handed else replace(book, targets=EmptyLedger())
    packs = [pack for pack in kept_packs(book, community) if community.kind in pack.unit_kinds]
    amounts: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    unset = 0
    for pack in packs:
        for text, amount in _asked(asking, pack, community, year):
            if amount is None:
                unset += 1
                continue
            key = _form_of(book, pack, text)
            if key is not None:
                amounts[key] = max(amounts[key], amount)
    return Demand(community, _by_form(book, amounts), unset)


def _asked(
    book: Book, pack: Pack, unit: Unit, year: Period
) -> Iterator[tuple[str, Fraction | None]]:
    """Give (formula, amount) of the tasks and of the bounds of the rubric; ``None`` where unset."""
    for task in pack.plan.tasks if pack.plan is not None else ():
        if task.measure is not None:
            owed = quota(book, pack, task, unit.code, year)
            if owed is not None or task.own:
                yield task.measure, owed
    rubric = pack.rubric
    if rubric is not None and unit.kind in rubric.unit_kinds:
        for section in rubric.sections:
            for item in section.items:
                yield from _bounds(item)


def _bounds(item: Item) -> Iterator[tuple[str, Fraction]]:
    rule, _ = read_rule(item.rule)
    if isinstance(rule, Completeness):
        if isinstance(rule.quota, Fraction):
            yield rule.records, rule.quota
        return
    for comparison in rule.comparisons() if rule is not None else ():
        if comparison.operator == "at_least" and isinstance(comparison.bound, Fraction):
            yield comparison.figure, comparison.bound


def _form_of(book: Book, pack: Pack, text: str) -> tuple[str, str] | None:
    """Give (form, programme) of the form that a counted figure needs records of.

    Where several would do, such as patrols of any kind, the one that costs least.
    """
    definition = define_formula(text, NameScope(book.programmes, pack.key))
    if definition.unit in RATES:
        return None
    ways = [
        (rule.form, apart)
        for measure, apart in _leaves(definition.node, definition.scope)
        for rule in _rules(book.programmes, measure)
    ]
    programmes = book.programmes
    return min(
        ways,
        key=lambda way: (_seconds(_typed(programmes, programmes.forms[way[0]])), way),
        default=None,
    )


def _leaves(node: Node, scope: NameScope) -> Iterator[tuple[Measure, str]]:
    """Give the event measures of a formula, those of its indicators too, with their programme."""
    if isinstance(node, Call) and node.function in _AROUND:
        return
    if isinstance(node, Name):
        counted = scope.find(node.key)
        if isinstance(counted, Indicator):
            inner = define(counted, scope)
            yield from _leaves(inner.node, inner.scope)
        elif isinstance(counted, Measure) and counted.kind is MeasureKind.EVENT:
            filters = {filter_.dimension: filter_.values for filter_ in node.filters}
            yield counted, filters.get(APART, ("",))[0]
    for child in children(node):
        yield from _leaves(child, scope)


def _rules(programmes: Programmes, measure: Measure) -> Iterator[CountingRule]:
    """Give the rules by which one record is one of what is counted, or one survey."""
    surveys = surveying_forms(programmes)
    for pack in programmes.packs:
        for rule in pack.counting:
            stated = rule.facts.get(measure.key)
            if stated is not None and rule.each is None and (stated == 1 or rule.form in surveys):
                yield rule


def _by_form(book: Book, amounts: Mapping[tuple[str, str], Fraction]) -> tuple[FormDemand, ...]:
    surveys = surveying_forms(book.programmes)
    totals: dict[str, Fraction] = defaultdict(Fraction)
    parts: dict[str, int] = defaultdict(int)
    for (form, _), amount in amounts.items():
        totals[form] += amount
        parts[form] += 1
    made = []
    for key, total in totals.items():
        survey = key in surveys
        records = parts[key] if survey else ceil(total)
        people = ceil(total) if survey else 0
        whole = book.programmes.forms[key]
        typed = _typed(book.programmes, whole)
        made.append(FormDemand(whole, records, typed, people, survey))
    return tuple(sorted(made, key=lambda form: (-form.records, form.form.key)))
