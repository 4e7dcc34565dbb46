"""Quotas: how much of a task a unit owes in a period, as handed down or as its pack plans it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from taizhang.core.base.figure import ReasonCode
from taizhang.core.base.period import Month, Period, months_earlier, year_of
from taizhang.core.book import Book
from taizhang.core.counting.measure import Measure
from taizhang.core.definition.calendar import occurrences
from taizhang.core.definition.norm import NormPart, asked_in, norm_quota, share
from taizhang.core.definition.pack import Pack
from taizhang.core.definition.programme import Programmes
from taizhang.core.definition.task import PlanTemplate, Task
from taizhang.core.formula import (
    EvaluationContext,
    EvaluationScope,
    NameScope,
    Node,
    Value,
    Window,
    define,
    define_formula,
    evaluate,
)
from taizhang.core.formula.duty import Owing
from taizhang.core.formula.leaf import Group, Leaf
from taizhang.core.formula.name_scope import UnknownName, pack_of
from taizhang.core.formula.node import Binary, Call, Name, children
from taizhang.core.formula.value import Notes, exactly, missing
from taizhang.core.unit.tree import Tree, Unit

#: Functions whose answer of several units is not the sum of their answers of each.
_UNADDED = frozenset(
    (
        *("above", "ceiling", "floor", "if", "largest", "looked", "max", "max_looked", "mean"),
        *("median", "median_days", "min", "min_looked", "months_where", "on_time_rate"),
        *("reporting_rate", "round", "share_of_units", "smallest"),
    )
)
#: Functions that count units, or things that a form keeps, whatever their arguments are.
_COUNTED = frozenset(
    (
        *("due", "entities", "in_time", "open", "overdue", "per_thing", "reported_units"),
        *("standing", "things", "units", "units_where"),
    )
)

__all__ = ["PlanTemplate", "Task", "adds_up", "quota", "share_of", "target", "task_of"]


def target(book: Book, measure: str, unit: str, period: Period) -> Fraction | None:
    """Give the quota of a measure or indicator (qualified key) for a unit in a period.

    A quota handed to the unit for exactly these months goes before the plan of the pack; a parent
    without one owes the sum of what its units owe.  ``None``: there is no quota.
    """
    handed = book.targets.handed(measure, unit, period)
    if handed is not None:
        return handed
    planned = task_of(book, measure)
    return None if planned is None else quota(book, *planned, unit, period)


def task_of(book: Book, measure: str) -> tuple[Pack, Task] | None:
    """Find the task that plans a measure: in the pack that owns it first, then in the others."""
    packs = sorted(book.programmes.packs, key=lambda pack: pack.key != pack_of(measure))
    for pack in packs:
        scope = NameScope(book.programmes, pack.key)
        for task in pack.plan.tasks if pack.plan is not None else ():
            if measured(task, scope) == measure:
                return pack, task
    return None


def measured(task: Task, scope: NameScope) -> str | None:
    """Give the qualified key of the measure or indicator that a task names.

    ``None`` for a formula, such as one part of a measure, and for a task that is only dated.
    """
    if task.measure is None:
        return None
    try:
        return scope.find(task.measure, indicator_first=True).key
    except UnknownName:
        return None


def quota(book: Book, pack: Pack, task: Task, unit: str, period: Period) -> Fraction | None:
    """Give what a unit owes of a task in a period, over its units that keep the pack.

    Where what the task measures does not add up over units, a parent owes what each of its units
    owes.  ``None`` when no quota was handed down and the plan states none for any of these units,
    or different ones of what does not add up; where the amount is each unit's own, ``None`` until
    all of them have one, as the sum of a few says nothing beside the work of all.
    """
    tree = book.tree_for(period)
    scope = NameScope(book.programmes, pack.key)
    key = measured(task, scope)
    own = book.targets.handed(key, unit, period) if key is not None else None
    if own is not None:
        return own
    quotas: list[Fraction] = []
    for member in tree.members(unit, pack.unit_kinds):
        handed = book.targets.handed(key, member.code, period) if key is not None else None
        owed = _planned(book, pack, task, member.code, period, tree) if handed is None else handed
        if owed is not None:
            quotas.append(owed)
        elif task.own and len(tree.members(member.code, pack.unit_kinds)) == 1:
            return None  # a street that keeps the pack beside its communities sets none for itself
    if task.measure is not None and len(quotas) > 1:
        definition = define_formula(task.measure, scope)
        if not adds_up(definition.node, definition.scope):
            return quotas[0] if len(set(quotas)) == 1 else None
    return sum(quotas, Fraction(0)) if quotas else None


def adds_up(node: Node, scope: NameScope) -> bool:
    """Say whether a formula gives of several units the sum of what it gives of each.

    Rates and choices do not, nor do kinds: nine communities with twelve kinds of leaflets each
    need no more than twelve.  Things that a form keeps are told apart by unit, so they add up.
    """
    match node:
        case Name() if scope.constant(node.key) is not None:
            return True  # as a number does: times an amount it adds up with it
        case Name():
            what = scope.find(node.key)
            if isinstance(what, Measure):
                return what.over_units == "sum"
            definition = define(what, scope)
            return adds_up(definition.node, definition.scope)
        case Call(function="distinct", arguments=(Name() as name,)):
            return _kept_by_unit(scope.programmes, scope.find(name.key).key)
        case Call() if node.function in _COUNTED:
            return True
        case Call() if node.function in _UNADDED:
            return False
        case Binary() if node.operator not in ("+", "-", "*"):
            return False
        case _:
            return all(adds_up(child, scope) for child in children(node))


def _kept_by_unit(programmes: Programmes, measure: str) -> bool:
    """Say whether all that a measure counts are things that its forms keep."""
    return all(
        form is not None and form.entity is not None and rule.entity == form.entity.id_field
        for form, rule in (
            (programmes.forms.get(key), rule)
            for key, rules in programmes.counting.items()
            for rule in rules
            if measure in rule.facts
        )
    )


def share_of(task: Task, months: Iterator[Month]) -> Fraction:
    """Add up the parts of a year's quota that fall due in these months."""
    return sum((share(task.spread, month.month) for month in months), Fraction(0))


def _planned(
    book: Book, pack: Pack, task: Task, unit: str, period: Period, tree: Tree
) -> Fraction | None:
    """Give what the pack's plan asks of one unit: each year's quota by its share of months."""
    total, known = Fraction(0), False
    for year in range(period.first.year, period.last.year + 1):
        yearly = _yearly(book, pack, task, unit, year, tree)
        if yearly is None:
            continue
        known = True
        total += yearly * share_of(task, (month for month in period.months() if month.year == year))
    return total if known else None


def _yearly(
    book: Book, pack: Pack, task: Task, unit: str, year: int, tree: Tree
) -> Fraction | None:
    if task.own:
        key = measured(task, NameScope(book.programmes, pack.key))
        return None if key is None else book.targets.handed(key, unit, year_of(year))
    if task.quota is None:
        recurs = task.measure is not None and task.every is not None
        return Fraction(len(list(occurrences(task.every or "", year)))) if recurs else None
    scope = NameScope(book.programmes, pack.key)
    definition = define_formula(task.quota, scope)
    window = Window(year_of(year))
    value = evaluate(
        definition.node, EvaluationContext(definition.scope, window), _Sight(book, tree, unit)
    )
    return value.low * definition.factor if value.exact and value.low is not None else None


def per_thing(
    book: Book,
    unit: str,
    key: str,
    dataset: str,
    window: Window,
    having: Sequence[str] = (),
    left_out: Mapping[str, frozenset[int]] = MappingProxyType({}),
) -> Value:
    """Give what a norm (qualified key) asks for each entity of a dataset below a unit.

    Each month asks its share for every entity that there was at its end, as far as is known by the
    day counted to; ``having`` is empty, or a property and the value that it must have.

    :param left_out: months (yyyymm) by the code of the unit whose entities do not count in them
    """
    norm = book.programmes.norms[key]
    pack = book.programmes.by_key[pack_of(key)]
    total, things, parts = Fraction(0), 0, []
    asking: dict[tuple[Unit, Month], NormPart | None] = {}
    for month in window.period.months():
        day = min(month.end, months_earlier(book.as_of, window.back))
        for state in book.entities.states(dataset, unit, day, book.known_at):
            if having and state.get(having[0]) != having[1]:
                continue
            things += 1
            code = str(state["unit"])
            row = book.history.unit_on(code, month.end) or book.history.unit_on(code, day)
            if row is None or month.number in left_out.get(code, ()):
                continue
            if (row, month) not in asking:
                asking[row, month] = asked_in(norm, pack.mirrors, row, month)
            part = asking[row, month]
            if part is not None:
                total += part.amount
                parts.append(part)
    if not parts:
        detail = "no_norm" if things else "no_things"
        return missing(ReasonCode.NOT_APPLICABLE, detail)
    tags = {"by_analogy"} if any(part.by_analogy for part in parts) else set()
    if not all(version.verified for version in norm.versions):
        tags.add("unverified_source")
    documents = tuple(dict.fromkeys(part.document for part in parts))
    return exactly(total, Notes(documents=documents, tags=frozenset(tags)))


_UNKNOWN = missing(ReasonCode.NOT_REPORTED)


@dataclass(frozen=True)
class _Sight:
    """What a quota's formula may look at: norms and the tree; facts only as far as exactly known.

    A quota of a quota is none, so that plans cannot refer to each other in a circle.
    """

    book: Book
    tree: Tree
    unit: str

    def total(self, leaf: Leaf, group: Group) -> Value:
        ask = leaf.ask(self.book.as_of)
        as_of = self.book.known_at
        totals = self.book.engine.totals([ask], [self.unit], tree=self.tree.day, as_of=as_of)
        total = totals.get((ask, self.unit, None))
        if total is None or total.missing or total.high is None or total.high != total.low:
            return missing(ReasonCode.NOT_REPORTED)
        return exactly(Fraction(total.low))

    def norm(self, key: str, window: Window, group: Group) -> Value:
        pack = self.book.programmes.by_key[pack_of(key)]
        norm = self.book.programmes.norms[key]
        answer = norm_quota(
            norm, pack.mirrors, self.tree, self.unit, window.period, pack.unit_kinds
        )
        if answer.value is None:
            return missing(answer.reason or ReasonCode.NOT_APPLICABLE)
        return exactly(answer.value)

    def target(self, key: str, window: Window, group: Group) -> Value:
        return missing(ReasonCode.NOT_APPLICABLE)

    def begun(self, window: Window) -> bool:
        return True

    def units(self, kinds: tuple[str, ...]) -> Value:
        return exactly(len(self.tree.members(self.unit, kinds)))

    def units_where(
        self, condition: Node, kinds: tuple[str, ...], context: EvaluationContext
    ) -> Value:
        return missing(ReasonCode.NOT_REPORTED)

    def bound(self, owing: Owing, window: Window) -> Sequence[tuple[str, EvaluationScope]]:
        return ()

    def share_of_units(
        self, condition: Node, kinds: tuple[str, ...], context: EvaluationContext
    ) -> tuple[Value, Value]:
        return _UNKNOWN, _UNKNOWN

    def reports(self, function: str, packs: tuple[str, ...], window: Window) -> tuple[Value, Value]:
        return _UNKNOWN, _UNKNOWN

    def above(self, node: Node, context: EvaluationContext) -> Value:
        parent = self.tree.above(self.unit)
        if parent is None:
            return missing(ReasonCode.NOT_APPLICABLE)
        return evaluate(node, context, _Sight(self.book, self.tree, parent))

    def per_thing(
        self, norm: str, dataset: str, window: Window, group: Group, *having: str
    ) -> Value:
        return per_thing(self.book, self.unit, norm, dataset, window, having)

    def overdue(self, dataset: str, window: Window, *having: str) -> Value:
        return missing(ReasonCode.NOT_REPORTED)

    def entities(self, dataset: str, window: Window, *having: str) -> Value:
        return missing(ReasonCode.NOT_REPORTED)

    def cases(self, function: str, kind: str, window: Window, detail: str) -> Value:
        return missing(ReasonCode.NOT_REPORTED)

    def things(self, kind: str, window: Window, what: str) -> Value:
        return missing(ReasonCode.NOT_REPORTED)
