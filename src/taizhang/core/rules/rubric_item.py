"""Rules on single items of a rubric: their parameters, points, steps and figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise

from taizhang.core.formula import Context as Standing
from taizhang.core.formula import Definition, Scope, Window, check, define_formula, parse_in
from taizhang.core.formula.evaluate import Needs, needs
from taizhang.core.formula.type import BOOL, UNKNOWN, Type, joined, numeric, type_of
from taizhang.core.issue import Issue, Marked, Place, Refused, gettext_noop
from taizhang.core.period import year_of
from taizhang.core.rubric import Item
from taizhang.core.rubric import Rule as ItemRule
from taizhang.core.rules.context import Context, Rule, bare, doubtful, wrong
from taizhang.core.rules.rubric_code import RubricCode
from taizhang.core.scoring.parameter import Operand
from taizhang.core.scoring.rule import (
    OPERATORS,
    AllOf,
    Bonus,
    Comparison,
    Completeness,
    Discretionary,
    Params,
    PercentStep,
    PerEvent,
    Proportional,
    RatePoints,
    SampleError,
    Threshold,
    Tiers,
    ZeroTrigger,
    formulas,
    nested,
    read_rule,
)
from taizhang.core.text.number import number_text, points_text
from taizhang.core.text.unit_sign import WHOLE

#: Conditions in one all-or-nothing above which losing all for one failure is doubtful.
MANY = 3
#: Words by which a measure is about petitions.
PETITIONS = ("信访", "上访", "来访", "petition")
CONDITIONS = frozenset(("when", "rule.when"))


@dataclass(frozen=True)
class Line:
    """One rule of one item with its parameters read: the item's own, a variant, or an inner one."""

    item: Item
    rule: ItemRule
    params: Params
    scope: Scope
    kinds: tuple[str, ...]

    @property
    def place(self) -> Place:
        """Give the place of the rule, or of its item."""
        return self.rule.place if self.rule.place.file else self.item.place

    @property
    def name(self) -> str:
        """Give the item's key, by which messages name it."""
        return self.item.key

    def issue(self, code: RubricCode, **facts: object) -> Issue:
        """Make an issue that refuses the pack."""
        return wrong(code, self.place, item=self.name, **facts)

    def doubt(self, code: RubricCode, **facts: object) -> Issue:
        """Make an issue that only warns."""
        return doubtful(code, self.place, item=self.name, **facts)


def _rules(context: Context) -> Iterator[tuple[Item, ItemRule]]:
    rubric = context.pack.rubric
    if rubric is None:
        return
    for item in (*(item for section in rubric.sections for item in section.items), *rubric.bonus):
        for rule in (item.rule, *item.variants.values()):
            yield item, rule


def _lines(context: Context) -> Iterator[Line]:
    """Walk every rule whose parameters can be read, inner ones after the rule around them."""
    kinds = context.pack.rubric.unit_kinds if context.pack.rubric else ()
    scope = Scope(context.programmes, context.pack.key)
    for item, rule in _rules(context):
        params, _ = read_rule(rule)
        if params is None:
            continue
        yield Line(item, rule, params, scope, kinds)
        if isinstance(params, (ZeroTrigger, Bonus)) and params.rule is not None:
            inner = nested(params.rule, rule)
            inside, _ = read_rule(inner)
            if inside is not None:
                yield Line(item, inner, inside, scope, kinds)


def parameters_read(context: Context) -> Iterator[Issue]:
    """Find parameters that are missing, unknown or cannot be read."""
    codes = {
        "missing": RubricCode.RUBRIC_001,
        "unknown": RubricCode.RUBRIC_002,
        "wrong": RubricCode.RUBRIC_003,
    }
    for item, rule in _rules(context):
        place = rule.place if rule.place.file else item.place
        for fault in read_rule(rule)[1]:
            facts = {
                "item": item.key,
                "kind": rule.kind.value,
                "parameter": fault.parameter,
                "found": fault.found,
                "wanted": Marked(fault.wanted),
            }
            yield wrong(codes[fault.problem], place, **facts)


def most_points(rule: ItemRule, most: Fraction) -> Fraction | None:
    """Give the most points that a rule can earn in an item of ``most``; ``None``: unreadable."""
    params, _ = read_rule(rule)
    return None if params is None else _most(params, rule, most)


def _most(params: Params, rule: ItemRule, most: Fraction) -> Fraction:
    full = most if params.full is None else params.full
    match params:
        case Tiers():
            steps = [row[-1] for row in (*params.tiers, *params.bands)]
            return max([*steps, params.below])
        case PerEvent():
            return full if params.start is None else params.start
        case Discretionary():
            low, high = params.range
            return high if params.mode == "award" else full - low
        case Proportional():
            return full if params.at_most is None else min(full, params.at_most)
        case AllOf() if params.split == "points":
            return sum((one.points or Fraction(0) for one in params.conditions), Fraction(0))
        case Bonus():
            return most if params.cap is None else params.cap
        case ZeroTrigger() if params.rule is not None:
            inner = nested(params.rule, rule)
            return most_points(inner, most) or full
        case _:
            return full


def points_agree(context: Context) -> Iterator[Issue]:
    """Find items whose heading and clause name different points, and rules above the maximum."""
    for item, rule in _rules(context):
        found = most_points(rule, item.max)
        if found is None or found == item.max:
            continue
        code = RubricCode.RUBRIC_008 if found > item.max else RubricCode.RUBRIC_007
        place = rule.place if rule.place.file else item.place
        facts = {"item": item.key, "max": points_text(item.max), "found": points_text(found)}
        yield wrong(code, place, **facts)


def stretches_defined(context: Context) -> Iterator[Issue]:
    """Find stretches of a figure for which the rubric names no points."""
    for line in _lines(context):
        params = line.params
        if not isinstance(params, Threshold) or params.zero_at is None:
            continue
        bound = params.comparison.bound
        if params.otherwise is None and bound != params.zero_at:
            low, high = number_text(params.zero_at), _shown(bound)
            if isinstance(bound, Fraction) and bound < params.zero_at:
                low, high = high, low
            facts = {"figure": params.figure, "low": low, "high": high}
            yield line.issue(RubricCode.RUBRIC_009, **facts)


def bands_touch(context: Context) -> Iterator[Issue]:
    """Find bands that overlap or leave a hole between them."""
    for line in _lines(context):
        params = line.params
        if not isinstance(params, Tiers) or not params.bands:
            continue
        for (low, high, points), (low2, high2, points2) in pairwise(sorted(params.bands)):
            one = f"{number_text(low)}–{number_text(high)}"
            other = f"{number_text(low2)}–{number_text(high2)}"
            if low2 <= high and points != points2:
                facts = {"value": number_text(low2), "one": one, "other": other}
                yield line.issue(RubricCode.RUBRIC_010, **facts)
            elif low2 > high:
                facts = {"low": number_text(high), "high": number_text(low2)}
                yield line.issue(RubricCode.RUBRIC_011, **facts)


def steps_fall(context: Context) -> Iterator[Issue]:
    """Find steps in which a worse figure earns more."""
    for line in _lines(context):
        params = line.params
        if not isinstance(params, Tiers):
            continue
        rising = params.compare == "at_least"
        steps = [(row[0], row[-1]) for row in (*params.tiers, *params.bands)]
        steps.sort(key=lambda step: step[0], reverse=rising)
        for (better, less), (worse, more) in pairwise(steps):
            if more > less:
                facts = {
                    "better": number_text(better),
                    "less": points_text(less),
                    "worse": number_text(worse),
                    "more": points_text(more),
                }
                yield line.issue(RubricCode.RUBRIC_012, **facts)


def deductions_deduct(context: Context) -> Iterator[Issue]:
    """Find deductions below 0, which would add points, and of 0, which do nothing."""
    for line in _lines(context):
        for name in ("deduct", "deduct_each"):
            found = getattr(line.params, name, None)
            if found is None:
                continue
            if found < 0:
                facts = {"parameter": name, "found": points_text(found)}
                yield line.issue(RubricCode.RUBRIC_013, **facts)
            elif found == 0:
                points = points_text(_most(line.params, line.rule, line.item.max))
                yield line.doubt(RubricCode.RUBRIC_029, points=points)


def points_vary(context: Context) -> Iterator[Issue]:
    """Find rules that give the same points whatever happens."""
    for line in _lines(context):
        params = line.params
        full = _most(params, line.rule, line.item.max)
        same = False
        if isinstance(params, Tiers):
            same = {row[-1] for row in (*params.tiers, *params.bands)} == {params.below}
        elif isinstance(params, Threshold):
            same = params.otherwise == full
        elif isinstance(params, (PerEvent, PercentStep, Completeness)):
            same = params.floor >= full
        elif isinstance(params, Discretionary):
            same = params.range[0] == params.range[1]
        if same:
            yield line.doubt(RubricCode.RUBRIC_029, points=points_text(full))


def samples_converted(context: Context) -> Iterator[Issue]:
    """Find samples whose errors do not become points."""
    for line in _lines(context):
        params = line.params
        if isinstance(params, SampleError) and (params.zero_at is None or params.zero_at <= 0):
            yield line.issue(RubricCode.RUBRIC_015, max=points_text(line.item.max))


def conditions_few(context: Context) -> Iterator[Issue]:
    """Find many conditions that are lost together."""
    for line in _lines(context):
        params = line.params
        if isinstance(params, AllOf) and params.split == "none" and len(params.conditions) > MANY:
            yield line.doubt(RubricCode.RUBRIC_020, count=len(params.conditions))


def divisors_above_zero(context: Context) -> Iterator[Issue]:
    """Find items that divide by 0."""
    for line in _lines(context):
        of = line.params.of if isinstance(line.params, Proportional) else None
        if isinstance(of, Fraction) and of <= 0:
            yield line.issue(RubricCode.RUBRIC_021, of=number_text(of))


def _shown(bound: Operand) -> str:
    return number_text(bound) if isinstance(bound, Fraction) else bound


# what the figures are


def formulas_right(context: Context) -> Iterator[Issue]:
    """Find formulas that cannot be read, name nothing, or give the wrong type."""
    for line in _lines(context):
        inner = isinstance(line.params, (ZeroTrigger, Bonus))
        for name, text in formulas(line.params):
            if inner and name.startswith("rule."):
                continue  # comes as a line of its own
            yield from _formula(line, name, text)
    rubric = context.pack.rubric
    scope = Scope(context.programmes, context.pack.key)
    for item, rule in _rules(context):
        if rubric is not None and item.applies is not None and rule is item.rule:
            line = Line(item, ItemRule(kind=rule.kind, place=item.place), Params(), scope, ())
            yield from _formula(line, "applies", item.applies)


def _formula(line: Line, name: str, text: str) -> Iterator[Issue]:
    try:
        node = parse_in(text, line.scope, line.place)
    except Refused as refused:
        yield from refused.issues
        return
    found, issues = check(node, line.scope, text, line.place)
    yield from issues
    if issues or found == UNKNOWN:
        return
    wants_truth = name == "applies" or (
        name in CONDITIONS and not isinstance(line.params, ZeroTrigger)
    )
    fits = found == BOOL if wants_truth else numeric(found) or name in CONDITIONS
    if isinstance(line.params, RatePoints) and name == "figure":
        definition = _defined(line, text)
        fits = definition is not None and definition.unit in (*WHOLE, "ratio")
        wants = gettext_noop("rate")
    else:
        wants = gettext_noop("condition") if wants_truth else gettext_noop("number")
    if not fits:
        facts = {"parameter": name, "formula": text, "wanted": Marked(wants), "found": found}
        yield line.issue(RubricCode.RUBRIC_028, **facts)


def _defined(line: Line, text: str) -> Definition | None:
    """Read a formula; ``None`` when it is wrong, which another rule says."""
    try:
        return define_formula(text, line.scope)
    except Refused:
        return None


def _needed(line: Line, text: str) -> tuple[Definition, Needs] | None:
    definition = _defined(line, text)
    if definition is None:
        return None
    standing = Standing(definition.scope, Window(year_of(2026)))
    try:
        return definition, needs(definition.node, standing)
    except Refused:
        return None


def figures_made(context: Context) -> Iterator[Issue]:
    """Find items on measures that no counting rule makes: they can never be decided."""
    made = {
        measure
        for rules in context.programmes.counting.values()
        for rule in rules
        for measure in rule.facts
    }
    for line in _lines(context):
        for _, text in formulas(line.params):
            found = _needed(line, text)
            for leaf, _group in found[1].leaves if found else ():
                if leaf.measure not in made:
                    yield line.issue(RubricCode.RUBRIC_016, name=leaf.measure)


def norms_bind(context: Context) -> Iterator[Issue]:
    """Find norms that bind none of the kinds that the rubric scores."""
    for line in _lines(context):
        looked_up = {*line.kinds, *(context.pack.mirrors.get(kind) for kind in line.kinds)}
        for _, text in formulas(line.params):
            found = _needed(line, text)
            for key in found[1].norms if found else ():
                norm = context.programmes.norms[key]
                bound = {kind for version in norm.versions for kind in version.values}
                if not bound & looked_up:
                    facts = {"norm": norm.key, "kinds": "、".join(line.kinds)}
                    yield line.issue(RubricCode.RUBRIC_022, **facts)


def petitions_not_counted(context: Context) -> Iterator[Issue]:
    """Find items scored by how many petitions there are; how timely they are handled may count."""
    for line in _lines(context):
        for _, text in formulas(line.params):
            found = _needed(line, text)
            if found is None:
                continue
            definition, needed = found
            about = [_about_petitions(line.scope, leaf.measure) for leaf, _ in needed.leaves]
            if any(about) and not (all(about) and definition.unit in WHOLE):
                yield line.issue(RubricCode.RUBRIC_019, name=definition.label)


def _about_petitions(scope: Scope, key: str) -> bool:
    # The bare key: a pack about petitions and agreements has measures about agreements too.
    measure = scope.programmes.measures[key]
    said = f"{bare(measure.key)} {measure.label}".lower()
    return any(word in said for word in PETITIONS)


def comparisons(line: Line) -> Iterator[Comparison]:
    """Walk the figures that a rule holds against a bound."""
    params = line.params
    match params:
        case Threshold():
            yield params.comparison
        case AllOf():
            yield from params.conditions
        case PercentStep():
            operator = "at_least" if params.side == "below" else "at_most"
            yield Comparison(figure=params.figure, operator=operator, bound=params.target)
        case Tiers():
            for row in params.tiers:
                yield Comparison(figure=params.figure, operator=params.compare, bound=row[0])
        case Proportional():
            yield Comparison(figure=params.figure, operator=OPERATORS[0], bound=params.of)


def bounds_alike(context: Context) -> Iterator[Issue]:
    """Find figures compared with a formula in another unit."""
    for line in _lines(context):
        for one in comparisons(line):
            if not isinstance(one.bound, str):
                continue
            left, right = _defined(line, one.figure), _defined(line, one.bound)
            if left is None or right is None:
                continue
            types: tuple[Type, Type] = type_of(left.unit), type_of(right.unit)
            if joined(*types) is None:
                facts = {
                    "figure": one.figure,
                    "left": left.unit,
                    "bound": one.bound,
                    "right": right.unit,
                }
                yield line.issue(RubricCode.RUBRIC_027, **facts)


def bounds_reachable(context: Context) -> Iterator[Issue]:
    """Find rates that must exceed the whole."""
    for line in _lines(context):
        for one in comparisons(line):
            definition = _defined(line, one.figure)
            whole = WHOLE.get(definition.unit) if definition else None
            if definition is None or whole is None or not isinstance(one.bound, Fraction):
                continue
            if one.operator in ("at_least", "above") and one.bound > whole:
                facts = {
                    "figure": definition.label,
                    "bound": number_text(one.bound),
                    "whole": whole,
                }
                impossible = definition.cap is not None and definition.cap < one.bound
                tell: Callable[..., Issue] = line.issue if impossible else line.doubt
                yield tell(RubricCode.RUBRIC_017, **facts)


def targets_agree(context: Context) -> Iterator[Issue]:
    """Find one figure with two targets in two items."""
    found: list[tuple[Line, Comparison]] = [
        (line, one)
        for line in _lines(context)
        if isinstance(line.params, (Threshold, AllOf, PercentStep))
        for one in comparisons(line)
    ]
    for (line, one), (other_line, other) in combinations(found, 2):
        same = one.figure == other.figure and one.operator == other.operator
        apart = line.item is not other_line.item and one.bound != other.bound
        if same and apart:
            facts = {
                "figure": one.figure,
                "one": _shown(other.bound),
                "other": _shown(one.bound),
                "by": line.name,
            }
            yield other_line.doubt(RubricCode.RUBRIC_018, **facts)


RULES: tuple[Rule, ...] = (
    parameters_read,
    points_agree,
    stretches_defined,
    bands_touch,
    steps_fall,
    deductions_deduct,
    points_vary,
    samples_converted,
    conditions_few,
    divisors_above_zero,
    formulas_right,
    figures_made,
    norms_bind,
    petitions_not_counted,
    bounds_alike,
    bounds_reachable,
    targets_agree,
)
