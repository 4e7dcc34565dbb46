"""Evaluation of formulas: division over known members, factor, cap, too small a denominator.

What a formula needs from outside comes through an :class:`EvaluationScope`.  To learn what a
formula will need, :func:`needs` runs the same evaluation on one that only takes notes, so that
asking and answering cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import partial
from math import ceil, floor

import taizhang.core.formula.value as arithmetic
from taizhang.core.aggregate.query import Aggregation, DimensionFilter
from taizhang.core.base.figure import ReasonCode
from taizhang.core.base.rounding import rounded
from taizhang.core.counting.measure import Measure, MeasureKind
from taizhang.core.formula.case_function import case_named, thing_named
from taizhang.core.formula.definition import Definition, define
from taizhang.core.formula.duty import Duty, Owing, part_met
from taizhang.core.formula.evaluation_scope import EvaluationContext, EvaluationScope
from taizhang.core.formula.function import AGGREGATES, OF_KNOWN_MEMBERS, SHARES
from taizhang.core.formula.leaf import EVERYONE, MOVES, Group, Leaf, Window
from taizhang.core.formula.name_scope import UnknownName
from taizhang.core.formula.node import Binary, Call, Name, Node, Number, Text, Unary
from taizhang.core.formula.period_value import average_of, constant_over, months_where
from taizhang.core.formula.type_checker import type_in
from taizhang.core.formula.unit_type import COUNTED_PEOPLE, part_of
from taizhang.core.formula.value import Value, exactly


def pooled(node: Node, context: EvaluationContext) -> EvaluationContext | None:
    """Give the context inside an outermost division: its leaves, its window cut.

    ``None`` where no month of a running period is due yet, so that nothing can be divided.
    Levels alone are no matter of months: they stand as they are held.
    """
    memo = context.names.memo
    key = ("pooled", node, context.window, context.due)
    if key not in memo:  # asked for each unit and each figure
        memo[key] = _pooled(node, context)
    inside = memo[key]
    assert inside is None or isinstance(inside, EvaluationContext)  # noqa: S101 - stored above
    return inside


def _pooled(node: Node, context: EvaluationContext) -> EvaluationContext | None:
    group = leaves(node, context)
    if context.due is None or all(leaf.how is Aggregation.LAST for leaf in group):
        return replace(context, group=group)
    window = context.window.cut(context.due)
    if window is None:
        return None
    inside = replace(context, window=window)
    return replace(inside, group=leaves(node, inside))


def evaluate(node: Node, context: EvaluationContext, scope: EvaluationScope) -> Value:
    """Evaluate a checked formula for the unit that ``scope`` stands for.

    Every part is evaluated, also the branch an ``if`` does not take: what is asked of an engine
    never depends on its answers.
    """
    match node:
        case Number():
            return exactly(node.value)
        case Text():
            return exactly(date.fromisoformat(node.value).toordinal())
        case Name():
            return _name(node, context, scope)
        case Unary():
            turn = arithmetic.negative if node.operator == "-" else arithmetic.opposite
            return turn(evaluate(node.argument, context, scope))
        case Binary(operator="/"):
            return quotient(node, context, scope)[2]
        case Binary(operator="*"):
            return _product(node, context, scope)
        case Binary():
            left = evaluate(node.left, context, scope)
            right = evaluate(node.right, context, scope)
            if node.operator in _JOINS:
                return _JOINS[node.operator](left, right)
            return arithmetic.compared(node.operator, left, right)
        case Call():
            return _call(node, context, scope)


_JOINS: dict[str, Callable[[Value, Value], Value]] = {
    "+": arithmetic.plus,
    "-": arithmetic.minus,
    "and": arithmetic.both,
    "or": arithmetic.either,
}


def _product(node: Binary, context: EvaluationContext, scope: EvaluationScope) -> Value:
    """Multiply; 80 % of an amount is four fifths of it, not eighty times as much."""
    left = evaluate(node.left, context, scope)
    right = evaluate(node.right, context, scope)
    whole = part_of(type_in(context.names, node.left), type_in(context.names, node.right))
    product = arithmetic.times(left, right)
    return product if whole == 1 else arithmetic.over(product, exactly(whole))


def _name(node: Name, context: EvaluationContext, scope: EvaluationScope) -> Value:
    constant = context.names.constant(node.key)
    if constant is not None:
        return constant_over(constant, _begun(context, scope))
    named = context.names.find(node.key)
    if isinstance(named, Measure):
        return scope.total(_leaf(named, default_how(named), node.filters, context), context.group)
    return outcome(define(named, context.names), context, scope).value


def default_how(measure: Measure) -> Aggregation:
    """Give how a bare name is read: events add, of a level the last value stands."""
    return Aggregation.SUM if measure.kind is MeasureKind.EVENT else Aggregation.LAST


def _leaf(
    measure: Measure,
    how: Aggregation,
    where: tuple[DimensionFilter, ...],
    context: EvaluationContext,
) -> Leaf:
    return Leaf(measure.key, how, where, context.window)


def finished(definition: Definition, raw: Value) -> Value:
    """Apply factor and cap to the raw value of a definition's formula."""
    value = arithmetic.times(raw, exactly(definition.factor)) if definition.factor != 1 else raw
    if definition.cap is None or not value.known:
        return value
    capped = arithmetic.smallest(value, exactly(definition.cap))
    if value.low is not None and value.low > definition.cap:
        capped = capped.noted(arithmetic.Notes(tags=frozenset(("capped",))))
    return capped


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a definition gives, with factor and cap; ``sides`` are those of a division."""

    value: Value
    sides: tuple[Value, Value] | None = None
    duty: Duty | None = None


def outcome(definition: Definition, context: EvaluationContext, scope: EvaluationScope) -> Outcome:
    """Evaluate a definition; a cap over a duty holds in each unit that owes."""
    node, inside = definition.node, replace(context, names=definition.scope)
    if isinstance(node, Call) and node.function in SHARES:
        above, below, raw = share(node, inside, scope)
        return Outcome(finished(definition, raw), (above, below))
    if not isinstance(node, Binary) or node.operator != "/":
        return Outcome(finished(definition, evaluate(node, inside, scope)))
    above, below, raw = quotient(node, inside, scope)
    if definition.owing is not None:
        units = scope.bound(definition.owing, inside.window)
        duty = _duty(definition, node, inside, (above, raw), units) if raw.known else None
        if duty is not None:
            ratio = replace(arithmetic.over(duty.met, duty.owed), small=raw.small)
            return Outcome(finished(definition, ratio), (duty.met, duty.owed), duty)
    return Outcome(finished(definition, raw), (above, below))


def _duty(
    definition: Definition,
    node: Binary,
    context: EvaluationContext,
    whole: tuple[Value, Value],
    units: Sequence[tuple[str, EvaluationScope]],
) -> Duty | None:
    """Add up what each unit owes and what of it is met; ``None`` where nobody owes anything.

    A unit adds the months known on both sides to both sums, and is one of those that reach it or
    do not where they are half of its months.
    """
    above, raw = whole
    low = high = owed = done = Fraction(0)
    reached, kinds, over = 0, [], False
    for kind, scope in units:
        did, asked, ratio = quotient(node, context, scope)
        if ratio.reason is not None or asked.low is None or not asked.exact:
            continue
        limit = asked.low * definition.cap / definition.factor  # type: ignore[operator]
        part = part_met(did, limit)
        if part is None or did.low is None:
            continue
        low, high, owed, done = low + part[0], high + part[1], owed + asked.low, done + did.low
        over = over or did.low > limit
        if all(2 * known >= due for known, due in ratio.notes.partly):  # a unit that is known
            reached += did.low >= asked.low
            kinds.append(kind)
    if not owed:
        return None
    notes = replace(raw.notes, tags=raw.notes.tags | {"capped"}) if over else raw.notes
    return Duty(
        met=Value(low, high, notes=notes),
        owed=exactly(owed, notes),
        done=above,
        reached=reached,
        of=len(kinds),
        kinds=tuple(sorted(set(kinds))),
        shared=above.low is not None and done > above.low,
    )


def quotient(
    node: Binary, context: EvaluationContext, scope: EvaluationScope
) -> tuple[Value, Value, Value]:
    """Give numerator, denominator and quotient of a division.

    The outermost division decides which months are counted, and whose: up to the last due month,
    those known in all its leaves.
    """
    inside = pooled(node, context) if context.group is None else context
    if inside is None:
        waiting = arithmetic.missing(ReasonCode.WAITING, "none_due")
        return waiting, waiting, waiting
    return _divided(node, inside, scope)


def _divided(
    node: Binary, context: EvaluationContext, scope: EvaluationScope
) -> tuple[Value, Value, Value]:
    left = evaluate(node.left, context, scope)
    right = evaluate(node.right, context, scope)
    ratio = arithmetic.over(left, right)
    if not ratio.small and _few(node, context, right):
        ratio = replace(ratio, small=True)
    return left, right, ratio


#: A rate on fewer people or households than this is kept from outsiders.
FEWEST = 30


def _few(node: Binary, context: EvaluationContext, below: Value) -> bool:
    if not below.known or type_in(context.names, node.right) not in COUNTED_PEOPLE:
        return False
    return below.low is None or below.low < FEWEST


def _call(node: Call, context: EvaluationContext, scope: EvaluationScope) -> Value:
    function, arguments = node.function, node.arguments
    if function in AGGREGATES:
        return _aggregate(node, context, scope)
    if function in MOVES:
        moved = replace(context, window=MOVES[function](context.window))
        return evaluate(arguments[0], moved, scope)
    match function:
        case "norm":
            return scope.norm(
                context.names.norm(_key(arguments[0])).key, context.window, context.group
            )
        case "target":
            key = context.names.find(_key(arguments[0])).key
            return scope.target(key, context.window, context.group)
        case "average_of":
            in_window = partial(_in_window, arguments[0], context, scope)
            return average_of(context.window, _whole(arguments[1]), in_window)
        case "months_where":
            alone = replace(context, group=None)
            in_window = partial(_in_window, arguments[0], alone, scope)
            return months_where(_begun(context, scope), in_window)
        case "period_start":
            return exactly(context.window.period.start.toordinal())
        case "period_end":
            return exactly(context.window.period.end.toordinal())
        case "reporting_rate" | "on_time_rate" | "share_of_units":
            return share(node, context, scope)[2]
        case "reported_units":
            return _report(node, context, scope)[0]
        case "above":
            return scope.above(arguments[0], replace(context, group=None))
        case "per_thing":
            return _per_thing(node, context, scope)
        case "units":
            return scope.units(_texts(arguments))
        case "units_where":
            own = replace(context, group=None)
            return scope.units_where(arguments[0], _texts(arguments[1:]), own)
        case "open" | "due" | "in_time" | "standing" | "median_days":
            return _cases(node, context, scope)
        case "things":
            kind = thing_named(context.names, arguments)
            if kind is None:
                raise UnknownName(_texts(arguments)[0])
            return scope.things(kind.key, context.window, _texts(arguments)[1])
        case "overdue":
            if case_named(context.names, arguments) is not None:
                return _cases(node, context, scope)
            dataset, *having = _texts(arguments)
            return scope.overdue(dataset, context.window, *having)
        case "entities":
            dataset, *having = _texts(arguments)
            return scope.entities(dataset, context.window, *having)
    return _OF_VALUES[function](*(evaluate(argument, context, scope) for argument in arguments))


#: The functions of nothing but the values of their arguments.
_OF_VALUES: dict[str, Callable[..., Value]] = {
    "if": arithmetic.chosen,
    "min": arithmetic.smallest,
    "max": arithmetic.largest,
    "looked": arithmetic.looked,
    "min_looked": lambda *values: arithmetic.extreme_looked(values, arithmetic.smallest),
    "max_looked": lambda *values: arithmetic.extreme_looked(values, arithmetic.largest),
    "coalesce": arithmetic.first_known,
    "days_between": lambda first, second: arithmetic.minus(second, first),
    "round": lambda value, digits: arithmetic.stepped(
        value, lambda end: rounded(end, int(digits.low))
    ),
    "ceiling": lambda value: arithmetic.stepped(value, ceil),
    "floor": lambda value: arithmetic.stepped(value, floor),
}


def _in_window(
    node: Node, context: EvaluationContext, scope: EvaluationScope, window: Window
) -> Value:
    return evaluate(node, replace(context, window=window), scope)


def _begun(context: EvaluationContext, scope: EvaluationScope) -> list[Window]:
    """Give the months of the window that have begun by the day counted up to."""
    return [month for month in context.window.months() if scope.begun(month)]


def _whole(node: Node) -> int:
    """Give a whole number as written."""
    assert isinstance(node, Number)  # noqa: S101 - the checker has seen to it
    return int(node.value)


def _cases(node: Call, context: EvaluationContext, scope: EvaluationScope) -> Value:
    kind = case_named(context.names, node.arguments)
    if kind is None:  # a figure of a pack that is being checked
        raise UnknownName("".join(_texts(node.arguments[:1])))
    detail = "".join(_texts(node.arguments[1:]))
    return scope.cases(node.function, kind.key, context.window, detail)


def share(
    node: Call, context: EvaluationContext, scope: EvaluationScope
) -> tuple[Value, Value, Value]:
    """Give numerator, denominator and per cent of one of the :data:`SHARES`."""
    if node.function == "share_of_units":
        kinds, own = _texts(node.arguments[1:]), replace(context, group=None)
        above, below = scope.share_of_units(node.arguments[0], kinds, own)
    else:
        above, below = _report(node, context, scope)
    return above, below, arithmetic.times(arithmetic.over(above, below), exactly(100))


def _per_thing(node: Call, context: EvaluationContext, scope: EvaluationScope) -> Value:
    norm = node.arguments[0]
    assert isinstance(norm, Call)  # noqa: S101 - the checker has seen to it
    key = context.names.norm(_key(norm.arguments[0])).key
    dataset, *having = _texts(node.arguments[1:])
    return scope.per_thing(key, dataset, context.window, context.group, *having)


def _report(node: Call, context: EvaluationContext, scope: EvaluationScope) -> tuple[Value, Value]:
    """Ask for the closings of the packs named, else the own one, else all."""
    names = context.names
    installed = names.programmes.by_key
    own = (names.home,) if names.home in installed else tuple(installed)
    return scope.reports(node.function, _texts(node.arguments) or own, context.window)


def _aggregate(node: Call, context: EvaluationContext, scope: EvaluationScope) -> Value:
    name = node.arguments[0]
    assert isinstance(name, Name)  # noqa: S101 - the checker has seen to it
    measure = context.names.find(name.key)
    assert isinstance(measure, Measure)  # noqa: S101 - the checker has seen to it
    how = AGGREGATES[node.function]
    if how in OF_KNOWN_MEMBERS and context.group is None:  # as a division: sum by number
        inside = pooled(node, context)
        if inside is None:
            return arithmetic.missing(ReasonCode.WAITING, "none_due")
        context = inside
    return scope.total(_leaf(measure, how, name.filters, context), context.group)


def _key(node: Node) -> str:
    assert isinstance(node, Name)  # noqa: S101 - the checker has seen to it
    return node.key


def _texts(nodes: Sequence[Node]) -> tuple[str, ...]:
    return tuple(node.value for node in nodes if isinstance(node, Text))


@dataclass
class Needs:
    """A scope that only writes down what a formula looks at."""

    leaves: dict[tuple[Leaf, Group], None] = field(default_factory=dict)
    norms: dict[str, None] = field(default_factory=dict)
    targets: dict[str, None] = field(default_factory=dict)
    surveys: list[tuple[Node, tuple[str, ...], EvaluationContext]] = field(default_factory=list)
    datasets: dict[str, None] = field(default_factory=dict)
    counts: dict[tuple[str, ...], None] = field(default_factory=dict)
    owing: dict[Owing, None] = field(default_factory=dict)
    reports_asked: dict[tuple[tuple[str, ...], Window], None] = field(default_factory=dict)
    over: list[tuple[Node, EvaluationContext]] = field(default_factory=list)

    def total(self, leaf: Leaf, group: Group) -> Value:
        """Note an aggregate."""
        self.leaves[leaf, group] = None
        return exactly(1)

    def norm(self, key: str, window: Window, group: Group) -> Value:
        """Note a norm."""
        self.norms[key] = None
        return exactly(1)

    def target(self, key: str, window: Window, group: Group) -> Value:
        """Note a target."""
        self.targets[key] = None
        return exactly(1)

    def begun(self, window: Window) -> bool:
        """Look at every window, whatever the day is."""
        return True

    def units(self, kinds: tuple[str, ...]) -> Value:
        """Note that units are counted."""
        self.counts[kinds] = None
        return exactly(1)

    def units_where(
        self, condition: Node, kinds: tuple[str, ...], context: EvaluationContext
    ) -> Value:
        """Note a condition that other units are asked about."""
        self.surveys.append((condition, kinds, context))
        return exactly(1)

    def bound(self, owing: Owing, window: Window) -> Sequence[tuple[str, EvaluationScope]]:
        """Note that the units that owe are asked, too."""
        self.owing[owing] = None
        return ()

    def share_of_units(
        self, condition: Node, kinds: tuple[str, ...], context: EvaluationContext
    ) -> tuple[Value, Value]:
        """Note a condition that other units are asked about."""
        self.surveys.append((condition, kinds, context))
        return exactly(1), exactly(1)

    def reports(self, function: str, packs: tuple[str, ...], window: Window) -> tuple[Value, Value]:
        """Note closings."""
        self.reports_asked[packs, window] = None
        return exactly(1), exactly(1)

    def above(self, node: Node, context: EvaluationContext) -> Value:
        """Note what the unit above is asked about."""
        self.over.append((node, context))
        return exactly(1)

    def per_thing(
        self, norm: str, dataset: str, window: Window, group: Group, *having: str
    ) -> Value:
        """Note a norm and a dataset."""
        self.norms[norm] = None
        self.datasets[dataset] = None
        return exactly(1)

    def overdue(self, dataset: str, window: Window, *having: str) -> Value:
        """Note a dataset."""
        self.datasets[dataset] = None
        return exactly(1)

    def entities(self, dataset: str, window: Window, *having: str) -> Value:
        """Note a dataset."""
        self.datasets[dataset] = None
        return exactly(1)

    def cases(self, function: str, kind: str, window: Window, detail: str) -> Value:
        """Note a kind of case, which is kept as a list is."""
        self.datasets[kind] = None
        return exactly(1)

    def things(self, kind: str, window: Window, what: str) -> Value:
        """Note a kind of thing."""
        self.datasets[kind] = None
        return exactly(1)


def needs(node: Node, context: EvaluationContext) -> Needs:
    """Find all that evaluating a formula will look at."""
    noted = Needs()
    evaluate(node, context, noted)
    return noted


def leaves(node: Node, context: EvaluationContext) -> frozenset[Leaf]:
    """Give the aggregates in a part of a formula, conditions about units or months left aside."""
    memo = context.names.memo
    key = ("leaves", node, context.window)
    if key not in memo:
        noted = Needs()
        evaluate(node, replace(context, group=EVERYONE), noted)
        memo[key] = frozenset(leaf for leaf, group in noted.leaves if group == EVERYONE)
    known = memo[key]
    assert isinstance(known, frozenset)  # noqa: S101 - stored three lines above
    return known
